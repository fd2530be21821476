"""`regexMatch` against Python's own engine, and the expressions on which that one never ends."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.gsl import decide, evaluate, parse
from auditor.gsl.errors import GslSyntaxError
from auditor.gsl.regexes import Allowance, Expression, compiled
from tests.examples import examples
from tests.processor import Watch

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TEXTS = ["".join(signs) for length in range(5) for signs in itertools.product("aB1 \n", repeat=length)]

atoms = st.sampled_from(
    ["a", "b", "1", ".", r"\d", r"\s", r"\w", "[ab]", "[^a]", "[a-c1]", r"\b", r"\B", "^", "$", r"\Z"]
)
quantifiers = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "*?", "+?"])


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.tuples(st.sampled_from(["(", "(?:", "(?=", "(?!", "(?i:"]), inner).map(
        lambda both: f"{both[0]}{both[1]})"
    )
    pieces = st.tuples(atoms | groups, quantifiers).map("".join)
    sequences = st.lists(pieces, max_size=3).map("".join)
    return st.lists(sequences, min_size=1, max_size=2).map("|".join)


sources = st.recursive(atoms, joined, max_leaves=5)


def walked(source: str, flags: str, text: str) -> bool | None:
    """The answer of the walk, also where Python's engine would be asked."""
    expression: Expression = compiled(source, flags)
    return expression._walk(expression.start, expression.end, text, 0, Allowance(), anywhere=True)


@examples(300)
@given(sources, st.sampled_from(["", "i"]))
def test_it_finds_what_python_finds(source: str, flags: str) -> None:
    try:
        python = re.compile(source, re.IGNORECASE if flags else 0)
    except re.error:
        return
    for text in TEXTS[::3]:
        assert walked(source, flags, text) == (python.search(text) is not None), text


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("^(a+)+$", "a" * 40 + "!", False),
        ("^(a+)+$", "a" * 40, True),
        ("(a|aa)+$", "a" * 60 + "!", False),
        ("(a|a)*b", "a" * 60, False),
        ("(.*)*,(.*)*,(.*)*x", "," * 200, False),
        ("a*" * 30 + "b", "a" * 100, False),
        ("(a?){30}a{30}", "a" * 30, True),
        ("(x+x+)+y", "x" * 100, False),
        (r"^(\w+\s?)*$", "word " * 30 + "!", False),
        ("(?=(a+)+$)a+!", "a" * 40 + "!", False),
        ("(?<=ab)c", "abc", True),
        ("(?<!ab)c", "abc", False),
        ("^(?!arn:).*s3", "arn:aws:s3", False),
        ("ſ", "S", False),
    ],
)
def test_what_never_ends_elsewhere(source: str, text: str, found: bool) -> None:
    with Watch() as watch:
        assert Allowance().finds(source, "", text) is found
    assert watch.seconds < 5


def test_letter_case_is_python_s() -> None:
    assert walked("ſ", "i", "S") == (re.search("ſ", "S", re.IGNORECASE) is not None)


def test_what_takes_more_than_a_rule_may_spend_is_unknown() -> None:
    rule = parse("CloudTrail should have name regexMatch /(a{1,40}b?){1,40}c/")
    entities = [{"name": "ab" * 50_000}, {"name": "c"}]
    with Watch() as watch:
        assert decide(rule, entities, now=NOW, pattern_equal=lambda *_: None) == "unknown"
    assert watch.seconds < 10
    outcome = evaluate(rule, entities[:1], now=NOW, pattern_equal=lambda *_: None)
    assert "Unknown is what a regular expression finds" in " ".join(outcome.explanation)


@pytest.mark.parametrize(
    "source", [r"(a)\1", "(?>a)b", "a++b", "(a)?(?(1)b|c)", "(?i:a(?-i:b))", "(a{1,99}){1,99}", "(", "[b-a]"]
)
def test_what_is_not_evaluated_is_refused_with_its_place(source: str) -> None:
    with pytest.raises(GslSyntaxError, match="expected a regular expression"):
        parse(f"CloudTrail should have name regexMatch /{source}/")
