"""Languages of number texts: the plain text of every JSON number, and the decimals below or above a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor.patterns.engine.budget import UndecidableError
from auditor.patterns.engine.languages import Language, Sequence_, literal
from auditor.patterns.numbers import Number
from auditor.patterns.syntax import Characters, Repeat

DIGIT_LIMIT = 300
"""Digits of a bound that is turned into a language; longer ones are undecidable beside text conditions."""

_DIGITS = "0123456789"


def _some(characters: str, least: int = 1, most: int | None = 1) -> Repeat:
    return Repeat(Characters(frozenset(characters)), least, most)


_NONZERO = _some("123456789")
_DIGIT, _MANY, _MORE = _some(_DIGITS), _some(_DIGITS, 0, None), _some(_DIGITS, 1, None)
_ZEROS = _some("0", 0, None)
_MINUS, _POINT = _some("-"), _some(".")
_FRACTION = (_POINT, _MORE)

PLAIN_NUMBERS = Language(
    "plain text of a number",
    (
        literal("0"),
        (_some("-", 0), _NONZERO, _MANY),
        (_some("-", 0), *literal("0."), _MANY, _NONZERO),
        (_some("-", 0), _NONZERO, _MANY, _POINT, _MANY, _NONZERO),
    ),
)
"""The texts that ``Number.plain`` gives, one for each number."""

_WHOLES = ((_some("-", 0), *literal("0")), (_some("-", 0), _NONZERO, _MANY))
_FRACTIONS = tuple((*whole, _POINT, _MORE) for whole in _WHOLES)
_POWER = (_some("eE"), _some("+-", 0), _MORE)

DECIMALS = Language("a number of JSON without exponent", (*_WHOLES, *_FRACTIONS))
POWERS = Language("a number of JSON with exponent", tuple((*digits, *_POWER) for digits in (*_WHOLES, *_FRACTIONS)))
WRITTEN_NUMBERS = Language("a number of JSON", (*DECIMALS.branches, *POWERS.branches))

JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@lru_cache(maxsize=512)
def ordered(operator: str, bound: Number) -> Language:
    """The plain decimals (``[+-]?digits[.digits]``) that stand in ``operator`` to ``bound``.

    Raises UndecidableError for a bound of more than DIGIT_LIMIT digits.
    """
    plain = bound.plain()
    if plain is None or len(plain) > DIGIT_LIMIT:
        raise UndecidableError(f"{DIGIT_LIMIT} digits are too many to compare as text")
    whole, _, fraction = plain.lstrip("-").partition(".")
    whole = "" if whole == "0" else whole
    up = operator in (">", ">=")
    branches: list[Sequence_] = []
    for negative in (False, True):
        if negative != bound.negative and bound.digits:
            # All numbers of the other sign lie on one side; zero has both signs.
            if negative == up:
                continue
            sizes: list[Iterator[Sequence_]] = [_anything()]
        else:
            larger = up != negative
            sizes = [_larger(whole, fraction) if larger else _smaller(whole, fraction)]
            if operator in (">=", "<="):
                sizes.append(_equal(whole, fraction))
        sign = _MINUS if negative else _some("+", 0)
        branches += [(sign, *size) for branch in sizes for size in branch]
    return Language(f"{operator} {plain}", tuple(branches))


@lru_cache(maxsize=512)
def equal_to(number: Number) -> Language:
    """The plain decimals that write ``number``. Raises UndecidableError for one of more than DIGIT_LIMIT digits."""
    plain = number.plain()
    if plain is None or len(plain) > DIGIT_LIMIT:
        raise UndecidableError(f"{DIGIT_LIMIT} digits are too many to compare as text")
    whole, _, fraction = plain.lstrip("-").partition(".")
    signs = [_MINUS] if number.negative else [_some("+", 0)] if number.digits else [_some("+-", 0)]
    sizes = _equal("" if whole == "0" else whole, fraction)
    return Language(f"= {plain}", tuple((sign, *size) for size in sizes for sign in signs))


def _anything() -> Iterator[Sequence_]:
    yield (_MORE,)
    yield (_MORE, *_FRACTION)


def _whole(whole: str) -> Sequence_:
    """Exactly this whole part, with any leading zeros."""
    return (_ZEROS, *literal(whole or "0"))


def _equal(whole: str, fraction: str) -> Iterator[Sequence_]:
    if not fraction:
        yield _whole(whole)
        yield (*_whole(whole), _POINT, _some("0", 1, None))
    else:
        yield (*_whole(whole), _POINT, *literal(fraction), _ZEROS)


def _larger(whole: str, fraction: str) -> Iterator[Sequence_]:
    """Sizes above ``whole.fraction``: a longer whole part, or a larger digit at the first difference."""
    size = len(whole)
    for tail in ((), _FRACTION):
        yield (_ZEROS, _NONZERO, _some(_DIGITS, size, None), *tail)
        for place, digit in enumerate(whole):
            if digit != "9":
                higher = _some(_DIGITS[int(digit) + 1 :])
                left = size - place - 1
                yield (_ZEROS, *literal(whole[:place]), higher, _some(_DIGITS, left, left), *tail)
    for place, digit in enumerate(fraction):
        if digit != "9":
            higher = _some(_DIGITS[int(digit) + 1 :])
            yield (*_whole(whole), _POINT, *literal(fraction[:place]), higher, _MANY)
    yield (*_whole(whole), _POINT, *literal(fraction), _ZEROS, _NONZERO, _MANY)


def _smaller(whole: str, fraction: str) -> Iterator[Sequence_]:
    """Sizes below ``whole.fraction``."""
    size = len(whole)
    if size:
        for tail in ((), _FRACTION):
            yield (_some("0", 1, None), *tail)
            if size > 1:
                yield (_ZEROS, _some(_DIGITS, 1, size - 1), *tail)
            for place, digit in enumerate(whole):
                if digit != "0":
                    lower = _some(_DIGITS[: int(digit)])
                    left = size - place - 1
                    yield (_ZEROS, *literal(whole[:place]), lower, _some(_DIGITS, left, left), *tail)
    for place, digit in enumerate(fraction):
        if digit != "0":
            lower = _some(_DIGITS[: int(digit)])
            yield (*_whole(whole), _POINT, *literal(fraction[:place]), lower, _MANY)
    if fraction:
        # The fraction ends early: what is missing counts as zeros, and the bound does not end with one.
        yield _whole(whole)
        for place in range(1, len(fraction)):
            yield (*_whole(whole), _POINT, *literal(fraction[:place]), _ZEROS)
