"""Exact numbers: JSON numbers and the numbers of patterns, however large or fine, without rounding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from math import isfinite

PLAIN_LIMIT = 10_000
"""Characters of a number's plain text past which it is not written out."""

LONG = 4000
"""Digits of an integer that int() surely accepts."""

_PARTS = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")


class WrittenNumber(float):
    """A JSON number that keeps its text, so that its exact value survives being a float."""

    text: str

    def __new__(cls, text: str) -> WrittenNumber:
        if len(text) > LONG:
            Number.parse(text)  # refuses exponents that int() refuses, as ValueError
        self = super().__new__(cls, text)
        self.text = text
        return self


@total_ordering
@dataclass(frozen=True, slots=True)
class Number:
    """``0.digits × 10^exponent``, negated if ``negative``; digits neither start nor end with 0, ``""`` is zero.

    >>> Number.parse("4e2") == Number.parse("400.0"), Number.parse("-0.5") < Number.parse("1e-9")
    (True, True)
    """

    negative: bool
    digits: str
    exponent: int

    @classmethod
    def parse(cls, text: str) -> Number:
        """The number that ``text`` writes, in JSON's or the patterns' form. Raises ValueError."""
        parts = _PARTS.fullmatch(text)
        if parts is None:
            raise ValueError(f"not a number: {text!r}")
        sign, whole, fraction, power = parts.groups(default="")
        digits = (whole + fraction).lstrip("0")
        if not digits:
            return cls(False, "", 0)
        exponent = len(whole) - (len(whole + fraction) - len(digits)) + int(power or "0")
        return cls(sign == "-", digits.rstrip("0"), exponent)

    @classmethod
    def of(cls, value: float) -> Number | None:
        """The number that a JSON value is; None for NaN and infinities, which JSON does not have."""
        if isinstance(value, WrittenNumber):
            return cls.parse(value.text)
        return cls.parse(repr(value)) if isinstance(value, int) or isfinite(value) else None

    def __lt__(self, other: Number) -> bool:
        if self._sign() != other._sign():
            return self._sign() < other._sign()
        smaller = (self.exponent, self.digits) < (other.exponent, other.digits)
        return smaller if not self.negative else (self.exponent, self.digits) > (other.exponent, other.digits)

    def _sign(self) -> int:
        return 0 if not self.digits else -1 if self.negative else 1

    def plain(self) -> str | None:
        """The text of the number (semantics page, row 14): plain decimal, ``0`` for zero; None past PLAIN_LIMIT.

        >>> [Number.parse(text).plain() for text in ("1e3", "1.50", "-0", "5e-3")]
        ['1000', '1.5', '0', '0.005']
        """
        if not self.digits:
            return "0"
        if abs(self.exponent) + len(self.digits) > PLAIN_LIMIT:
            return None
        sign = "-" if self.negative else ""
        if self.exponent <= 0:
            return f"{sign}0.{'0' * -self.exponent}{self.digits}"
        whole = self.digits[: self.exponent].ljust(self.exponent, "0")
        fraction = self.digits[self.exponent :]
        return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
