"""Looking up fields, and comparing values: absent, unevidenced, quoted booleans, numbers, times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from auditor.gsl.logic import Interval, Items, More, Truth, Unevidenced, has_unevidenced, known_value, negate
from auditor.gsl.readings import (
    ABSENT_NOT_EQUAL,
    BARE_EMPTY,
    BARE_FALSE_TEXT,
    LETTER_CASE,
    LIKE_DOT,
    NUMBER_TEXT,
    Choice,
)
from auditor.gsl.syntax import Operator
from auditor.gsl.times import moment

_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?")


def lookup(context: object, path: str) -> object:
    """The value at ``path``; None where absent, UNEVIDENCED where no capture says.

    A key of the JSON may itself hold dots: at each object the longest key that fits is tried first, and where that
    leads nowhere the next one. Where a longer key leads to what no capture shows, so does the path.
    """
    value = known_value(context)
    if type(value) is dict and value.get(path) is not None:  # the longest key there can be
        return known_value(value[path])
    return _below(value, path.split("."))


def _below(value: object, rest: list[str]) -> object:
    if not rest or isinstance(value, Unevidenced):
        return value
    if not isinstance(value, Mapping):
        return None
    for length in range(len(rest), 0, -1):
        key = ".".join(rest[:length])
        if key in value:
            value_below = _below(known_value(value[key]), rest[length:])
            if value_below is not None:
                return value_below
    return None


def says_yes(value: object, choice: Choice) -> Truth:
    """The truth of a value that stands alone."""
    match value:
        case Unevidenced():
            return None
        case bool():
            return value
        case None | []:
            return False
        case list() as listed if all(isinstance(item, More) for item in listed):
            return None
        case Items() as items:
            return items.some()
        case Interval(low, high):
            if low > 0:
                return True
            return None if high > 0 else not choice.taken(BARE_EMPTY)
        case "false":
            return not choice.taken(BARE_FALSE_TEXT)
        case 0 | "":
            return not choice.taken(BARE_EMPTY)
        case Mapping() if not value:
            return not choice.taken(BARE_EMPTY)
    return True


def equal(left: object, right: object, choice: Choice) -> Truth:
    """``left = right``; false if one of them is absent."""
    if isinstance(left, Unevidenced) or isinstance(right, Unevidenced):
        return None
    if left is None or right is None:
        return False
    if isinstance(left, Interval) or isinstance(right, Interval):
        return _equal_counts(left, right, choice)
    if isinstance(left, list | Mapping | Items) or isinstance(right, list | Mapping | Items):
        if has_unevidenced(left) or has_unevidenced(right) or isinstance(left, Items) or isinstance(right, Items):
            return None if type(left) is type(right) else False
        return bool(left == right)
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(_word(left) == _word(right))
    if isinstance(left, str) and isinstance(right, str):
        if left == right or left.lower() != right.lower():
            return left == right
        return not choice.taken(LETTER_CASE)
    if isinstance(left, str) != isinstance(right, str):
        same = _number(left) is not None and _number(left) == _number(right)
        return same and choice.taken(NUMBER_TEXT)
    return bool(left == right)


def unequal(left: object, right: object, choice: Choice) -> Truth:
    """``left != right``."""
    if (left is None or right is None) and not (isinstance(left, Unevidenced) or isinstance(right, Unevidenced)):
        return choice.taken(ABSENT_NOT_EQUAL)
    return negate(equal(left, right, choice))


def ordered(left: object, operator: Operator, right: object) -> Truth:
    """``left < right`` and its kin: numbers or times; false for anything else."""
    if isinstance(left, Unevidenced) or isinstance(right, Unevidenced):
        return None
    if operator in (">", ">="):
        return ordered(right, "<" if operator == ">" else "<=", left)
    low, high = _bounds(left), _bounds(right)
    if low is not None and high is not None:
        if operator == "<":
            return True if low.high < high.low else False if low.low >= high.high else None
        return True if low.high <= high.low else False if low.low > high.high else None
    earlier, later = moment(left), moment(right)
    if earlier is None or later is None:
        return False
    return earlier < later if operator == "<" else earlier <= later


def like(value: object, pattern: str, choice: Choice) -> Truth:
    """Whether the whole of a plain value fits ``pattern``; ``%`` is any run of characters, letter case is ignored."""
    if is_open(value):
        return None
    text = plain(value)
    if text is None:
        return False
    fits = like_regex(pattern).fullmatch(text) is not None
    if not fits and "." in pattern and like_regex(pattern, dot_is_any=True).fullmatch(text):
        return not choice.taken(LIKE_DOT)
    return fits


@lru_cache(maxsize=1024)
def like_regex(pattern: str, dot_is_any: bool = False) -> re.Pattern[str]:
    """The regular expression of a ``like`` pattern."""
    first, *others = (_piece(piece, dot_is_any) for piece in pattern.split("%"))
    if not others:
        return re.compile(first, re.IGNORECASE | re.DOTALL)
    *middle, last = others
    # The first place where a middle piece fits is as good as any later one, so nothing is tried twice.
    source = first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last
    return re.compile(source, re.IGNORECASE | re.DOTALL)


def _piece(text: str, dot_is_any: bool) -> str:
    return ".".join(map(re.escape, text.split("."))) if dot_is_any else re.escape(text)


def is_open(value: object) -> bool:
    """Whether ``value`` is not one known value: unevidenced, or a count of which only bounds are known."""
    return isinstance(value, Unevidenced) or (isinstance(value, Interval) and value.low < value.high)


def plain(value: object) -> str | None:
    """A string, number or boolean as text; None for anything else."""
    if isinstance(value, Interval):
        return str(value.low)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _word(value: object) -> object:
    return plain(value) if isinstance(value, bool) else value


def _number(value: object) -> int | float | None:
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value.strip()):
            return None
        return float(value) if "." in value else int(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _bounds(value: object) -> Interval | None:
    if isinstance(value, Interval):
        return value
    number = _number(value)
    return None if number is None else Interval(number, number)


def _equal_counts(left: object, right: object, choice: Choice) -> Truth:
    low, high = _bounds(left), _bounds(right)
    if low is None or high is None:
        return False
    if low.high < high.low or high.high < low.low:
        return False
    if (isinstance(left, str) or isinstance(right, str)) and not choice.taken(NUMBER_TEXT):
        return False
    return True if low.low == low.high == high.low == high.high else None
