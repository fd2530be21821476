"""What may stand in a cell: strings that no spreadsheet program takes for something else, times as dates."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import UTC, date, datetime

from auditor.text import count
from auditor.workpaper import NOTHING, Kind, visible

# The limit of the file format (ECMA-376, 18.3.1.4; Excel's specifications and limits).
MAX_CELL = 32_767
_CUT = " … [cut here: {} more; the whole text is in results.json]"
# Programs that read the format decode _x0041_ in a string to A (ECMA-376, 22.9.2.19): the underscore is escaped.
_CODE, _UNDERSCORE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)"), "_x005F_"
_FIRST_DAY = date(1900, 3, 1)  # earlier days are off by one in spreadsheets

Value = str | int | float | datetime | date | None


def cell_text(text: str) -> str:
    """``text`` as it is written into the file: visible, within the limit of a cell, the cut marked.

    >>> cell_text("_x003D_1+1")
    '_x005F_x003D_1+1'
    """
    shown = visible(text)
    if "_x" not in shown and len(shown) <= MAX_CELL:
        return shown
    codes = [match.start() for match in _CODE.finditer(shown)]
    if _written(len(shown), codes) <= MAX_CELL:
        return _CODE.sub(_UNDERSCORE, shown)
    kept = MAX_CELL - len(_CUT) - 20  # the number in the note has fewer digits
    while (surplus := _written(kept, codes) - MAX_CELL + len(_CUT) + 20) > 0:
        kept -= -(-surplus // len(_UNDERSCORE))
    return _CODE.sub(_UNDERSCORE, shown[:kept]) + _CUT.format(count(len(shown) - kept, "character"))


def _written(length: int, codes: list[int]) -> int:
    """How many characters the first ``length`` ones take when those at ``codes`` are escaped."""
    return length + (len(_UNDERSCORE) - 1) * bisect_left(codes, length)


def cell_value(value: object, kind: Kind) -> Value:
    """``value`` as a cell of ``kind`` holds it; the dash where there is nothing to say."""
    if kind is Kind.INPUT:
        return cell_text(str(value)) if value else None
    if value is None or value == "":
        return NOTHING
    if kind is Kind.FLAG:
        return "Yes" if value else "No"
    if kind in (Kind.COUNT, Kind.SHARE) and isinstance(value, int | float):
        return value
    if kind in (Kind.TIME, Kind.DATE):
        moment = _moment(str(value), kind)
        if moment is not None:
            return moment
    return cell_text(str(value))


def _moment(text: str, kind: Kind) -> datetime | date | None:
    """The instant in UTC without a zone, as the format wants it; None for what is no time with a zone."""
    try:
        if kind is Kind.DATE:
            day = date.fromisoformat(text)
            return day if day >= _FIRST_DAY else None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or moment.year < 1901 or moment.year > 9998:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
