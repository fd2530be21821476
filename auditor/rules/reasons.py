"""Reason codes: data in ``reasons.json``, one entry a code (title, link, rule, sentence)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.resources import PACKAGE
from auditor.text import listing, one_line

LISTED = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a link is broken or unknown, or what a finding remarks on.

    ``title`` is a heading, ``link`` the link that the reason is about (``""``: none), ``rule`` the rule that decides,
    ``sentence`` what happened, with the facts of the evidence as ``{name}``; ``several`` the same of several findings
    (``""``: as ``sentence``). ``like`` is the code of the reason that stands for this one where both have one cause.
    ``members`` are those of the captured objects that decide; of two, they should agree.
    """

    code: str
    title: str
    link: str
    rule: str
    sentence: str
    several: str = ""
    like: str = ""
    members: tuple[str, ...] = ()


@cache
def reasons() -> dict[str, Reason]:
    """All reasons by code."""
    entries = json.loads((PACKAGE / "rules" / "reasons.json").read_text(encoding="utf-8"))
    return {
        code: Reason(code, **{**entry, "members": tuple(entry.get("members", ()))}) for code, entry in entries.items()
    }


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"(no {key})"


def sentence(code: str, facts: Mapping[str, str]) -> str:
    """The reason as one sentence, with the facts of the evidence filled in and made safe for one line."""
    return _filled(reasons()[code].sentence, facts)


def sentence_for_all(code: str, facts: Sequence[Mapping[str, str]]) -> str:
    """One sentence for several findings of a reason; facts that differ among them are listed, at most three of each."""
    alike = dict.fromkeys(sentence(code, fact_set) for fact_set in facts)
    if len(alike) == 1:
        return next(iter(alike))
    reason = reasons()[code]
    names = dict.fromkeys(name for fact_set in facts for name in fact_set)
    listed = {
        name: listing(dict.fromkeys(fact_set[name] for fact_set in facts if name in fact_set), limit=LISTED)
        for name in names
    }
    return _filled(reason.several or reason.sentence, listed | {"number": str(len(facts))})


def _filled(template: str, facts: Mapping[str, str]) -> str:
    safe = _Facts({name: one_line(value, 300) for name, value in facts.items()})
    text = template.format_map(safe)
    return text.replace(": .", ".").replace("..", ".").replace(" :", ":")


def reason_title(code: str) -> str:
    """The title of a reason code; of one that has none (a result of another version) its words.

    >>> reason_title("subscription-pending"), reason_title("a-later-code")
    ('The subscription has not been confirmed', 'A later code')
    """
    reason = reasons().get(code)
    return reason.title if reason else code.replace("-", " ").capitalize()
