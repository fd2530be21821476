"""What deciding a relation costs, as a multiple of parsing both patterns; `pytest -s` shows the figures.

Goals: the median real pair under 2, none over 50. Each time is the best of several, of the processor and not of the
clock. Beside other work both times grow, and not alike (1.4 alone, 2.1 on a crowded machine), so that twice the goal is
what fails.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.patterns import relate
from auditor.patterns.parse import parse
from auditor.patterns.relation import decided
from auditor.verdict import Relation
from tests.processor import Watch

WILD = json.loads((Path(__file__).parents[1] / "patterns" / "data" / "wild.json").read_text("utf-8"))
ROUNDS = 5
GOAL = 2
LETTERS = "abcdefghijklmnopqrstuvwxyz"

pytestmark = pytest.mark.benchmark


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        with Watch() as watch:
            work()
        times.append(watch.seconds)
    return min(times)


def ratio(left: str, right: str) -> float:
    """The time of deciding, in times of parsing both; neither from a cache."""
    parsing = best(lambda: (parse.__wrapped__(left), parse.__wrapped__(right)))
    first, second = parse(left), parse(right)
    return best(lambda: decided.__wrapped__(first, second)) / parsing


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_real_pairs(step: int) -> None:
    parse("{ $.a = 1 }")  # builds the parser
    related = [case for case in WILD["patterns"] if "relation" in case][::step]
    ratios = sorted(ratio(case["pattern"], WILD["reference"][case["control"]]) for case in related)
    median, ninth = statistics.median(ratios), statistics.quantiles(ratios, n=10)[-1]
    print(f"\n{len(ratios)} real pairs: median {median:.1f}, nine in ten {ninth:.1f}, worst {ratios[-1]:.1f}")
    assert median < 2 * GOAL
    assert ratios[-1] < 50


@pytest.mark.parametrize("number", [8, 16, 32, 64, 128])
def test_lists_of_alternatives(number: int) -> None:
    """Two lists that share all but one name each; 128 fill AWS's 1,024 characters."""
    names = [f"{LETTERS[place // 26]}{LETTERS[place % 26]}" for place in range(number + 1)]
    left, right = ("{" + "||".join(f"$.a={name}" for name in part) + "}" for part in (names[:-1], names[1:]))
    assert relate(left, right).relation is Relation.OVERLAPPING
    found = ratio(left, right)
    print(f"\n{number} alternatives: {found:.1f}")
    assert found < 10


def nested(depth: int, turned: bool) -> str:
    text = "$.a0=x"
    for place in range(1, depth):
        outer = "&&" if place % 2 else "||"
        text = f"$.a{place}=x{outer}({text})" if turned else f"({text}){outer}$.a{place}=x"
    return "{" + text + "}"


@pytest.mark.parametrize("depth", [4, 16, 64])
def test_nesting(depth: int) -> None:
    """The same alternation of && and || to the given depth, written left and right about."""
    left, right = nested(depth, False), nested(depth, True)
    assert relate(left, right).relation is Relation.EQUAL
    found = ratio(left, right)
    print(f"\nnested {depth} deep: {found:.1f}")
    assert found < 50


def products(number: int) -> tuple[str, str]:
    left = "&&".join(f"($.a{place}=x||$.b{place}=x)" for place in range(number))
    right = "||".join(f"($.a{place}=x&&$.b{place}=x)" for place in range(number))
    return "{" + left + "}", "{" + right + "}"


@pytest.mark.parametrize("number", [4, 8, 16])
def test_products_of_sums(number: int) -> None:
    """A conjunction of alternatives against an alternative of conjunctions: no normal form is small."""
    found = ratio(*products(number))
    print(f"\n{number} clauses: {found:.1f}")
    assert found < 50


@pytest.mark.parametrize("number", [4, 8, 12])
def test_wildcards(number: int) -> None:
    """Wildcards that cut the values of one field into 2^n classes."""
    left = "{" + "||".join(f"$.a=*{LETTERS[place]}*{LETTERS[-1 - place]}" for place in range(number)) + "}"
    right = "{" + "||".join(f"$.a=*{LETTERS[place]}*{LETTERS[place + 5]}*" for place in range(number)) + "}"
    found = ratio(left, right)
    print(f"\n{number} wildcards a side: {found:.1f}")
    assert found < 200
