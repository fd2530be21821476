"""Row heights: spreadsheet programs do not fit rows of a file that states none once text wraps."""

from __future__ import annotations

import math
from collections.abc import Iterable

LINE = 12.0  # points, 9-point type
LOWEST, HIGHEST = 15.0, 300.0
# Characters of 9-point type per unit of column width, measured on rendered pages.
SANS_PER_WIDTH, MONO_PER_WIDTH = 1.12, 0.93


def lines_of(text: str, width: float, mono: bool = False) -> int:
    """How many lines ``text`` takes in a column of ``width``."""
    per_line = max(1, int(width * (MONO_PER_WIDTH if mono else SANS_PER_WIDTH)))
    return sum(max(1, math.ceil(len(line) / per_line)) for line in text.split("\n"))


def height(cells: Iterable[tuple[str, float, bool]]) -> float:
    """The height of a row in points; each cell is (text, width, monospaced)."""
    lines = max((lines_of(text, width, mono) for text, width, mono in cells), default=1)
    return min(HIGHEST, max(LOWEST, lines * LINE + 3))
