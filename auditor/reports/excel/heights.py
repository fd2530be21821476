"""Row heights: spreadsheet programs do not fit rows of a file that states none once text wraps."""

from __future__ import annotations

import math
from collections.abc import Iterable

LINE = 11.7  # points, 9-point type
LOWEST, HIGHEST = 15.0, 400.0  # Excel has no row above 409
# Characters of 9-point type per unit of column width, and those that a break between words leaves empty: Arial
# averages 5.2 pixels, Courier New 7.2, a unit is 7.
SANS_PER_WIDTH, MONO_PER_WIDTH = 1.34, 0.97
SANS_BREAK, MONO_BREAK = 2.5, 1.0
UPRIGHT = 6.2  # points per character of a turned bold header


def per_line(width: float, mono: bool = False) -> int:
    """How many characters a line of a column of ``width`` takes."""
    return max(1, int(width * MONO_PER_WIDTH - MONO_BREAK if mono else width * SANS_PER_WIDTH - SANS_BREAK))


def lines_of(text: str, room: int) -> int:
    """How many lines of ``room`` characters ``text`` takes."""
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(len(line) / room)) for line in text.split("\n"))


def height(texts: Iterable[tuple[str, int]]) -> float:
    """The height in points of a row of texts, each with its characters per line."""
    lines = max((lines_of(text, room) for text, room in texts), default=1)
    return min(HIGHEST, max(LOWEST, round(lines * LINE + 3, 1)))
