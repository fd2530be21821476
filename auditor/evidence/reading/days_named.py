"""The days that the name of a file or folder, or a time as people write it, names: a day, a week, a month, a quarter or
a half of a year.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from unicodedata import normalize

_MONTH_DIGITS, _DAY_DIGITS = "0[1-9]|1[0-2]", "0[1-9]|[12][0-9]|3[01]"
_YEAR, _MONTH, _DAY = r"(?P<y{0}>20[0-9]{{2}})", rf"(?P<m{{0}}>{_MONTH_DIGITS})", rf"(?P<d{{0}}>{_DAY_DIGITS})"
# In English, German, French, Spanish, Portuguese, Italian and Dutch, accents aside
_MONTHS = (
    "jan(?:uary?|uari|vier|eiro)?|enero|gennaio", "feb(?:ruary?|ruari|rero|braio)?|fevrier|fevereiro",
    "mar(?:ch|s|zo|co)?|ma?erz|marz|maart", "apr(?:il|ile)?|avril|abril", "may|mai|mayo|maio|maggio|mei",
    "june?|juni|juin|junio|junho|giugno", "july?|juli|juillet|julio|julho|luglio", "aug(?:ust|ustus)?|aout|agosto",
    "sept?(?:ember|embre|iembre)?|set(?:embro|tembre)", "o[ck]t(?:ober|obre|ubre)?|outubro|ottobre",
    "nov(?:ember|embre|iembre|embro)?", "de[cz](?:ember|embre|embro)?|diciembre|dicembre",
)  # fmt: skip
_WORD = rf"(?P<word{{0}}>{'|'.join(_MONTHS)})"
_AROUND = r"(?:[-_./ ]{{0,2}}|[-_ ]de[-_ ])"  # 30. Juni 2026, 30 de junio de 2026
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
_WEEK = "(?:w|kw|cw)(?P<week{0}>[0-5][0-9])"
# Whole numbers only, so that no part of an account id or of a longer time stamp is one; of times of a day the day.
_FORMS = (
    rf"{_YEAR}(?P<between{{0}}>[-_./ ]?){_MONTH}(?P=between{{0}}){_DAY}(?:{_TIME})?(?![0-9])",
    rf"{_YEAR}(?P<part{{0}}>[-_/])(?P<m{{0}}>[1-9]|{_MONTH_DIGITS})(?P=part{{0}})(?P<d{{0}}>[1-9]|{_DAY_DIGITS})(?![0-9])",
    r"(?P<a{0}>[0-3]?[0-9])(?P<part{0}>[-_./])(?P<b{0}>[0-3]?[0-9])(?P=part{0})(?P<y{0}>20[0-9]{{2}})(?![0-9])",
    rf"(?P<d{{0}}>[0-3]?[0-9]){_AROUND}{_WORD}{_AROUND}{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./ ]?{_WORD}[-_./ ]?(?P<d{{0}}>[0-3]?[0-9])?(?![0-9a-z])",
    rf"(?<![a-z]){_WORD}[-_./ ]?(?P<d{{0}}>[0-3]?[0-9])[-_./, ] ?{_YEAR}(?![0-9])",
    rf"(?<![a-z]){_WORD}{_AROUND}{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./ ]?q(?P<quarter{{0}}>[1-4])(?![0-9a-z])",
    rf"(?<![a-z])q(?P<quarter{{0}}>[1-4])[-_./ ]?{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./ ]?h(?P<half{{0}}>[12])(?![0-9a-z])",
    rf"(?<![a-z])h(?P<half{{0}}>[12])[-_./ ]?{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./ ]?{_WEEK}(?![0-9a-z])",
    rf"(?<![a-z]){_WEEK}[-_./ ]?{_YEAR}(?![0-9])",
    rf"{_YEAR}[-_./]{_MONTH}(?![-_.]?[0-9])",
)
_ANY = re.compile(
    rf"(?<![0-9])(?:{'|'.join(form.format(number) for number, form in enumerate(_FORMS))})", re.IGNORECASE
)
_ACCENTS = re.compile("[\u0300-\u036f]")
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
    letters = _ACCENTS.sub("", normalize("NFKD", text[-_LONGEST:]))
    named = [days for match in _ANY.finditer(letters) for days in _days(match)]
    return named[-1] if named else None


def _days(match: re.Match[str]) -> Iterator[Days]:
    """The days of one match; none where there is no such day, as of 30 February."""
    groups = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value is not None}
    year = int(groups["y"])
    if quarter := int(groups.get("quarter", 0)):
        yield Days(_first(year, 3 * quarter - 2), _last(year, 3 * quarter))
        return
    if half := int(groups.get("half", 0)):
        yield Days(_first(year, 6 * half - 5), _last(year, 6 * half))
        return
    if "week" in groups:
        yield from _week(year, int(groups["week"]))
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


def _week(year: int, week: int) -> Iterator[Days]:
    """The days of a week by ISO 8601; none where the year has no such week."""
    try:
        yield Days(*(date.fromisocalendar(year, week, day).isoformat() for day in (1, 7)))
    except ValueError:
        return


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _first(year: int, month: int) -> str:
    return date(year, month, 1).isoformat()


def _last(year: int, month: int) -> str:
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()
