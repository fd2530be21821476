"""A found pattern beside the required one: their events as sets, or the difference of their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from auditor.result import ChainFacts, ControlFacts

_NAME = re.compile(r"[A-Za-z0-9]+")
_WORDS = re.compile(r"\|\||&&|[(){}!=<>]+|\"[^\"]*\"|[^\s(){}!=<>|&]+|\S")


@dataclass(frozen=True, slots=True)
class EventSets:
    """Names of events: which both patterns count, which the found one misses, which it counts besides."""

    both: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def event_sets(chain: ChainFacts, control: ControlFacts | None) -> EventSets | None:
    """The sets, if all that the patterns differ in are names of events; else None."""
    missed, added = chain["missed"], chain["added"]
    if not (missed or added) or not all(map(_NAME.fullmatch, [*missed, *added])):
        return None
    names = dict.fromkeys(event.rpartition(":")[2] for event in (control["events"] if control else ()))
    return EventSets(tuple(name for name in names if name not in missed and name != "*"), tuple(missed), tuple(added))


Piece = tuple[str, bool]  # text, whether it stands in one of the two only


def marked_difference(required: str, actual: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those that the other has not marked; white space makes no difference."""
    left, right = _WORDS.findall(required), _WORDS.findall(actual)
    same = SequenceMatcher(None, left, right, autojunk=False)
    return (
        list(_pieces(left, ((i1, i2, tag) for tag, i1, i2, _, _ in same.get_opcodes()))),
        list(_pieces(right, ((j1, j2, tag) for tag, _, _, j1, j2 in same.get_opcodes()))),
    )


def _pieces(words: list[str], spans: Iterator[tuple[int, int, str]]) -> Iterator[Piece]:
    for start, end, tag in spans:
        if end > start:
            yield " ".join(words[start:end]), tag != "equal"
