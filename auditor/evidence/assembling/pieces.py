"""Answers of which only some attributes were kept, beside a whole one of the same thing (rule X6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.evidence.item import Item
from auditor.evidence.placing import Capture


def without_pieces(answers: Sequence[tuple[Capture, Item]]) -> list[tuple[Capture, Item]]:
    """The answers about one thing, but for those of some attributes that a whole one has alike.

    Of the other attributes they say nothing; those that a whole answer has otherwise, or has not, contradict it.
    """
    whole = [page for capture, page in answers if capture.status == "captured" and not capture.cut]
    return [
        (capture, page)
        for capture, page in answers
        if not (capture.cut and any(_holds(other, page, capture.call.members_used) for other in whole))
    ]


def _holds(whole: Item, piece: Item, members: Sequence[str]) -> bool:
    """Whether a piece has nothing in some members but what an answer has there, too."""
    return all(
        isinstance(part := piece.get(member), Mapping)
        and isinstance(attributes := whole.get(member), Mapping)
        and part.items() <= attributes.items()
        for member in members
    )
