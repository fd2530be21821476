"""What the captures of a call about one thing say together: an answer, nothing, or what cannot be relied on.

Corroborating captures that contradict each other, their schema or their place are no evidence, and neither are they
as good as absent: they may be all that shows a link to be broken. Every rule that reads such a call asks here, so
that the link it may harm is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from auditor.chains.model import LinkState, Need, Source, unknown
from auditor.evidence import Capture, without_pieces
from auditor.evidence.item import Item

Answer = tuple[Capture, Item]
Subject = TypeVar("Subject", bound=Hashable)
Says = Callable[[Answer], object]
Identity = Callable[[Capture, Item], Subject | None]


@dataclass(frozen=True, slots=True)
class Testimony:
    """``answer`` is what the captures say; ``dispute`` why they cannot be relied on, in words (then no answer).

    ``gone``: AWS said that there is no such thing. ``sources`` are the captures that were set aside.
    """

    answer: Answer | None = None
    dispute: str = ""
    gone: bool = False
    sources: tuple[Source, ...] = ()

    def doubt(self, code: str, *needs: Need, **facts: str) -> LinkState | None:
        """The unknown state of a link that disputed captures leave, None if they are not disputed."""
        if not self.dispute:
            return None
        return unknown(code, *self.sources, detail=self.dispute, **facts).needing(*needs)

    def beside(self, unnamed: Testimony, says: Says | None = None) -> Testimony:
        """This together with captures that name nothing, and may speak of it; ``says`` as in :func:`testimonies`.

        They stand in for it, they may throw doubt on a good answer, be it as what cannot be relied on, and they mend no
        bad one (``IsLogging`` false).
        """
        if self == NO_TESTIMONY:
            return unnamed
        says = says or _whole_answer
        if self.answer is None or self.answer[1].get("IsLogging") is False:
            return self
        if unnamed.dispute:
            own = Source(self.answer[0].number, "")
            words = f"what names no trail cannot be relied on ({unnamed.dispute})"
            return Testimony(dispute=words, sources=(own, *unnamed.sources))
        if unnamed.answer is None or says(self.answer) == says(unnamed.answer):
            return self
        sources = tuple(Source(capture.number, "") for capture, _ in (self.answer, unnamed.answer))
        return Testimony(dispute="two captures differ, one of which names no trail", sources=sources)

    def against(self, captures: Sequence[Capture], says: str) -> Testimony:
        """This beside captures that are nobody's and may be its own: what they say against it is not dropped (T12)."""
        if not captures:
            return self
        sources = [*((self.answer[0],) if self.answer is not None else ()), *captures]
        return Testimony(dispute=self.dispute or says, sources=tuple(Source(capture.number, "") for capture in sources))


NO_TESTIMONY = Testimony()


def testimonies(
    captures: Sequence[Capture], identity: Identity[Subject], says: Says | None
) -> dict[Subject, Testimony]:
    """The captures of one call without lists, by the identity of what they speak of.

    ``identity`` names it from the capture and its answer (an empty one where there is none); None: of nothing.
    ``says`` is what an answer comes to where two that differ need not contradict each other, such as its times.
    """
    answers: dict[Subject, list[Answer]] = defaultdict(list)
    disputed: dict[Subject, list[Capture]] = defaultdict(list)
    gone: dict[Subject, list[Capture]] = defaultdict(list)
    for capture in captures:
        pages = [page for page in capture.pages if isinstance(page, Mapping)] or [{}]
        for place, page in product(capture.possible_places, pages):
            subject = identity(capture if place is capture.place else replace(capture, place=place), page)
            if subject is None:
                continue
            if capture.usable:
                answers[subject].append((capture, page))
            elif capture.spoiled:
                disputed[subject].append(capture)
            elif capture.says_gone:
                gone[subject].append(capture)
    subjects = {**answers, **disputed, **gone}
    return {
        subject: _together(answers[subject], disputed[subject], gone[subject], says or _whole_answer)
        for subject in subjects
    }


def _together(answers: list[Answer], disputed: list[Capture], gone: list[Capture], says: Says) -> Testimony:
    answers = without_pieces(answers)
    dispute = disputed[0].detail if disputed else ""
    if any(says(answer) != says(answers[0]) for answer in answers):
        dispute = "two captures differ"
    elif answers and gone:
        dispute = dispute or "in one capture AWS knows no such thing, and another holds it"
    sources = [*(capture for capture, _ in answers), *disputed, *gone] if dispute else gone
    return Testimony(
        answer=answers[0] if answers and not dispute else None,
        dispute=dispute,
        gone=bool(gone) and not dispute,
        sources=tuple(dict.fromkeys(Source(capture.number, "") for capture in sources)),
    )


def _whole_answer(answer: Answer) -> list[object]:
    capture, page = answer
    return [page.get(member) for member in capture.call.members_used]
