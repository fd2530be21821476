"""Exact numbers against fractions, and number texts as languages against their slow definition."""

from __future__ import annotations

import copy
import itertools
import operator
import pickle
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.patterns.engine.budget import UndecidableError
from auditor.patterns.engine.decimals import PLAIN_NUMBERS, ordered
from auditor.patterns.engine.machines import accepts
from auditor.patterns.numbers import Number, WrittenNumber, between

OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
TEXTS = ["".join(signs) for length in range(1, 5) for signs in itertools.product("+-.0195", repeat=length)]
numbers = st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@given(numbers, numbers)
def test_order_and_equality(left: str, right: str) -> None:
    first, second = Number.parse(left), Number.parse(right)
    exact, other = Fraction(left), Fraction(right)
    assert (first < second, first == second, first > second) == (exact < other, exact == other, exact > other)
    assert (hash(first) == hash(second)) or exact != other


@given(numbers)
def test_plain_text_keeps_the_value_and_is_one_per_number(text: str) -> None:
    number = Number.parse(text)
    plain = number.plain()
    assert plain is not None
    assert Fraction(plain) == Fraction(text)
    assert Number.parse(plain) == number
    assert accepts(PLAIN_NUMBERS, plain)
    assert Number.of(number.json()) == number


@given(numbers, numbers)
def test_between_lies_between(left: str, right: str) -> None:
    low, high = sorted([Number.parse(left), Number.parse(right)])
    if low < high:
        assert low < between(low, high) < high
    assert between(None, low) < low < between(low, None)


def test_huge_numbers() -> None:
    huge, larger = Number.parse("1e999999999999"), Number.parse("2e999999999999")
    assert huge < between(huge, larger) < larger
    assert huge.plain() is None
    assert Number.of(huge.json()) == huge
    assert Number.parse("-1e999999999999") < Number.parse("-1e-999999999999") < Number.parse("0")


@pytest.mark.parametrize("text", ["", "1.", ".5", "1e", "0x1", "--1", "1 "])
def test_not_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        Number.parse(text)


def test_not_finite() -> None:
    assert Number.of(float("nan")) is None
    assert Number.of(float("inf")) is None


def test_written_numbers_survive_copies() -> None:
    number = WrittenNumber("0.10000000000000000000001")
    assert copy.deepcopy(number).text == number.text == pickle.loads(pickle.dumps(number)).text
    assert float(number) == 0.1


@pytest.mark.parametrize(
    "bound", ["0", "-0", "1", "10", "-1", "0.5", "-0.05", "1.05", "99", "-99.9", "20", "-2", "100"]
)
@pytest.mark.parametrize("name", OPERATORS)
def test_order_as_a_language(name: str, bound: str) -> None:
    language = ordered(name, Number.parse(bound))
    for text in TEXTS:
        expected = bool(re.fullmatch(r"[+-]?\d+(\.\d+)?", text)) and OPERATORS[name](Fraction(text), Fraction(bound))
        assert accepts(language, text) == expected, text


def test_plain_numbers_as_a_language() -> None:
    for text in TEXTS:
        expected = bool(re.fullmatch(r"[+-]?\d+(\.\d+)?", text)) and Number.parse(text).plain() == text
        assert accepts(PLAIN_NUMBERS, text) == expected, text


def test_a_bound_with_too_many_digits_is_undecidable() -> None:
    with pytest.raises(UndecidableError):
        ordered("<", Number.parse("1e400"))
