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

    def __reduce__(self) -> tuple[type[WrittenNumber], tuple[str]]:
        return WrittenNumber, (self.text,)


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

    def _negated(self) -> Number:
        return Number(not self.negative, self.digits, self.exponent) if self.digits else self

    def _below(self) -> Number:
        """A number below: at most ten times as far from zero, or -1."""
        if not self.digits:
            return Number(True, "1", 1)
        if self.negative:
            return Number(True, "1", self.exponent + 1)
        return Number(False, "", 0)

    def json(self) -> int | float:
        """The number as a JSON value that keeps its exact value."""
        text = self.plain()
        if text is not None and "." not in text and len(text) <= LONG:
            return int(text)
        written = text if text is not None else f"{'-' * self.negative}0.{self.digits}e{self.exponent}"
        short = float(written)
        return short if isfinite(short) and Number.parse(repr(short)) == self else WrittenNumber(written)

    def plain(self) -> str | None:
        """The text of the number (docs/patterns.md, row 14): plain decimal, ``0`` for zero; None past PLAIN_LIMIT.

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


def between(low: Number | None, high: Number | None) -> Number:
    """A number strictly between two (None: without bound on that side)."""
    if low is None and high is None:
        return Number.parse("1")
    if low is None:
        assert high is not None
        return high._below()
    if high is None:
        return low._negated()._below()._negated()
    if low._sign() < 0 < high._sign():
        return Number(False, "", 0)
    if low._sign() < 0:
        return between(high._negated(), low._negated())._negated()
    if not low.digits:
        return Number(False, high.digits, high.exponent - 1)
    if low.exponent < high.exponent:
        # 0.A < 0.A5 < 1 ≤ a number of a higher exponent, all at the scale of the lower one
        return Number(False, low.digits + "5", low.exponent)
    size = max(len(low.digits), len(high.digits)) + 1
    middle = (int(low.digits.ljust(size, "0")) + int(high.digits.ljust(size, "0"))) // 2
    return Number(False, str(middle).rjust(size, "0").rstrip("0"), low.exponent)
