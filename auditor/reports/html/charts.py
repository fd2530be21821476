"""Bars of counts as shares of a hundred, so that a template only draws rectangles."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.result import Counts


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar; ``start`` and ``width`` in percent of the whole."""

    kind: str  # fail | inconclusive | open | pass
    label: str
    number: int
    start: float
    width: float


def segments(counts: Counts) -> list[Segment]:
    """The parts of a bar: what is wrong first; PASS with open points stands apart from plain PASS."""
    parts = [
        ("fail", "FAIL", counts["failed"]),
        ("inconclusive", "INCONCLUSIVE", counts["inconclusive"]),
        ("open", "PASS with open points", counts["open"]),
        ("pass", "PASS without open points", counts["passed"] - counts["open"]),
    ]
    total = sum(number for _, _, number in parts)
    found: list[Segment] = []
    start = 0.0
    for kind, label, number in parts:
        width = 100 * number / total if total else 0.0
        found.append(Segment(kind, label, number, round(start, 3), round(width, 3)))
        start += width
    return found


def in_words(counts: Counts) -> str:
    """``3 FAIL, 2 INCONCLUSIVE, 12 PASS (4 with open points, 1 of them material)``."""
    words = f"{counts['failed']:,} FAIL, {counts['inconclusive']:,} INCONCLUSIVE, {counts['passed']:,} PASS"
    if counts["open"]:
        words += f" ({counts['open']:,} with open points, {counts['material']:,} of them material)"
    return words
