"""Bars as shares of a hundred, so that a template only draws rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.workpaper.reach import ControlTotals, Reach


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar; ``start`` and ``width`` in percent of the whole."""

    kind: str  # fail | letter | inconclusive | pass | every | some
    label: str
    number: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label; ``words`` say its numbers."""

    label: str
    title: str
    words: str
    segments: list[Segment]


def _segments(parts: Sequence[tuple[str, str, int]], whole: int) -> list[Segment]:
    segments: list[Segment] = []
    start = 0.0
    for kind, label, number in parts:
        width = 100 * number / whole if whole else 0.0
        if number:
            segments.append(Segment(kind, label, number, round(start, 3), round(width, 3)))
        start += width
    return segments


def failing_bars(controls: Sequence[ControlTotals]) -> list[Bar]:
    """Per control the accounts in which it fails, by the letter alone apart, and those that are inconclusive."""
    bars = []
    for control in controls:
        parts = [
            ("fail", "F", control.failed),
            ("letter", "F b", control.letter),
            ("inconclusive", "I", control.inconclusive),
        ]
        numbers = [f"{number:,} {letter}" for _, letter, number in parts if number]
        words = f"{' · '.join(numbers) or '0'} of {control.accounts:,}"
        bars.append(Bar(control.id, control.title, words, _segments(parts, control.accounts)))
    return bars


def reach_bars(links: Sequence[Reach], accounts: int, controls: int) -> list[Bar]:
    """Per link the accounts whose chain gets through it, with each control and with some of them only."""
    bars = []
    for link in links:
        parts = [("every", "with every control", link.every), ("some", "with some controls only", link.some)]
        some = f" + {link.some:,}" if controls > 1 and link.some else ""
        words = f"{link.every:,}{some} of {accounts:,}"
        bars.append(Bar(f"{link.letter} {link.link}", link.link, words, _segments(parts, accounts)))
    return bars
