"""The days that the name of a file or folder, or a time as people write it, names: a day, a month or a quarter."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_YEAR, _MONTH, _DAY = r"(?P<y{0}>20[0-9]{{2}})", r"(?P<m{0}>0[1-9]|1[0-2])", r"(?P<d{0}>0[1-9]|[12][0-9]|3[01])"
_MONTHS = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
_WORD = rf"(?P<word{{0}}>{'|'.join(_MONTHS)})"
# Whole numbers only, so that no part of an account id or of a longer time stamp is one; of times of a day the day.
_FORMS = (
    rf"{_YEAR}(?P<between{{0}}>[-_./]?){_MONTH}(?P=between{{0}}){_DAY}(?![0-9])",
    r"(?P<a{0}>[0-3]?[0-9])(?P<part{0}>[-_./])(?P<b{0}>[0-3]?[0-9])(?P=part{0})(?P<y{0}>20[0-9]{{2}})(?![0-9])",
    rf"(?P<d{{0}}>[0-3]?[0-9])[-_./ ]?{_WORD}[-_./ ]?{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./ ]?{_WORD}[-_./ ]?(?P<d{{0}}>[0-3]?[0-9])?(?![0-9a-z])",
    rf"(?<![a-z]){_WORD}[-_./ ]?{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./ ]?q(?P<quarter{{0}}>[1-4])(?![0-9a-z])",
    rf"(?<![a-z])q(?P<quarter{{0}}>[1-4])[-_./ ]?{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./]{_MONTH}(?![-_.]?[0-9])",
)
_ANY = re.compile(
    rf"(?<![0-9])(?:{'|'.join(form.format(number) for number, form in enumerate(_FORMS))})", re.IGNORECASE
)
_LONGEST = 1_000


class Days(NamedTuple):
    """The first and the last day of what was named, ISO dates; the same one for a day."""

    first: str
    last: str


def days_named(text: str) -> Days | None:
    """What a text names last, None if it names no days.

    Of a day and a month that may stand in either order both count.

    >>> days_named("2026Q3/111122223333/trails_20260930.json"), days_named("Q2-2026"), days_named("05.06.2026")
    (Days(first='2026-09-30', last='2026-09-30'), Days(first='2026-04-01', last='2026-06-30'), \
Days(first='2026-05-06', last='2026-06-05'))
    """
    named = [days for match in _ANY.finditer(text[-_LONGEST:]) for days in _days(match)]
    return named[-1] if named else None


def _days(match: re.Match[str]) -> Iterator[Days]:
    """The days of one match; none where there is no such day, as of 30 February."""
    groups = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value is not None}
    year = int(groups["y"])
    if quarter := int(groups.get("quarter", 0)):
        yield Days(_first(year, 3 * quarter - 2), _last(year, 3 * quarter))
        return
    if "a" in groups:
        first, second = int(groups["a"]), int(groups["b"])
        days = sorted({day for day in (_day(year, second, first), _day(year, first, second)) if day})
    else:
        month = int(groups["m"]) if "m" in groups else _month(groups["word"])
        if "d" not in groups:
            yield Days(_first(year, month), _last(year, month))
            return
        days = [day for day in [_day(year, month, int(groups["d"]))] if day]
    if days:
        yield Days(days[0], days[-1])


def _month(word: str) -> int:
    return 1 + next(number for number, name in enumerate(_MONTHS) if re.fullmatch(name, word, re.IGNORECASE))


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _first(year: int, month: int) -> str:
    return date(year, month, 1).isoformat()


def _last(year: int, month: int) -> str:
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()
