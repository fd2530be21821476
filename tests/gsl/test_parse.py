"""Published rules parse, broken ones are refused with column and repair, and printing a rule loses nothing."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.gsl import GslSyntaxError, parse
from auditor.gsl.grammar import RESERVED
from auditor.gsl.parse import DEPTH_LIMIT, LENGTH_LIMIT
from tests.gsl.conftest import cases

PUBLISHED = cases("published.json")["rules"]
BROKEN = cases("broken.json")


def test_every_published_rule_parses_or_is_noted_as_odd() -> None:
    refused = set()
    for rule in PUBLISHED:
        try:
            parse(rule["logic"])
        except GslSyntaxError:
            refused.add(rule["logic"])
    assert refused == {rule["logic"] for rule in PUBLISHED if "note" in rule}


def test_printing_loses_nothing() -> None:
    for text in [rule["logic"] for rule in PUBLISHED if "note" not in rule]:
        rule = parse(text)
        assert parse(str(rule)) == rule
        assert str(parse(str(rule))) == str(rule)


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["rule"][:60])
def test_broken_rules(case: dict[str, Any]) -> None:
    with pytest.raises(GslSyntaxError) as caught:
        parse(case["rule"])
    error = caught.value
    assert isinstance(error, AuditorError)
    assert (error.line, error.column) == (case.get("line", 1), case["column"]), str(error)
    assert (error.expected, error.advice) == (case["expected"], case["advice"])
    assert "\n" not in str(error)


def test_each_odd_published_rule_is_among_the_broken() -> None:
    assert {rule["logic"] for rule in PUBLISHED if "note" in rule} <= {case["rule"] for case in BROKEN}


def test_caret_stands_under_the_place() -> None:
    with pytest.raises(GslSyntaxError) as caught:
        parse("CloudTrail\nshould have a == 1")
    shown, caret = caught.value.caret.split("\n")
    assert (caught.value.line, caught.value.column) == (2, 15)
    assert shown[caret.index("^") :] == "= 1"
    assert "line 2, column 15 (counted from 0)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("X should fail", "X should have fail"),
        ("X\n should\tnot  have ( a )", "X should not have a"),
        ("X should not a", "X should not have a"),
        ("List < X > should have items", "List<X> should have items"),
        ("X where(a)should have b", "X where a should have b"),
        ("X should have not not a and (b and c)", "X should have a and b and c"),
        ("X should have (a or b) and not(c or d)", "X should have (a or b) and not (c or d)"),
        ("X should have xs contain[$='*']and port<=22", "X should have xs contain [$ = '*'] and port <= 22"),
        ("X should have a in('b',-1 ,true)", "X should have a in ('b', -1, true)"),
        ("X should have t after (-1,'days')", "X should have t after(-1, 'days')"),
        (r"X should have a regexMatch/^\/[a-z']/i", r"X should have a regexMatch /^\/[a-z']/i"),
        ("X should have a='[(and $ \"should\"' exclude b", "X should have a = '[(and $ \"should\"' exclude b"),
        (r"X should have a='it\'s \d'", r"X should have a = 'it\'s \d'"),
        ("X should have xs groupBy[a.b] contain [values]", "X should have xs groupBy [a.b] contain [values]"),
        ("X should have index.in and orders", "X should have index.in and orders"),
        ("X should have a unlike 'b' and c ~ 'd'", "X should have a unlike 'b' and c ~ 'd'"),
        ("X should have getResource('a') = b", "X should have getResource('a') = b"),
        (" TRUE ", "true"),
    ],
)
def test_canonical_print(text: str, printed: str) -> None:
    rule = parse(text)
    assert str(rule) == printed
    assert parse(printed) == rule


def test_parts_of_a_rule() -> None:
    rule = parse("List<CloudTrail> where a should not have b exclude c")
    assert (rule.kind, rule.entity, rule.is_list, rule.negated) == ("posture", "CloudTrail", True, True)
    assert (str(rule.where), str(rule.condition), str(rule.exclude)) == ("a", "b", "c")
    assert parse("true").kind == "placeholder"


@pytest.mark.parametrize("word", RESERVED)
def test_keywords_are_no_fields(word: str) -> None:
    with pytest.raises(GslSyntaxError):
        parse(f"X should have a and {word}")
    assert str(parse(f"X should have a and a.{word}")).endswith(f"a.{word}")


def test_limits() -> None:
    deep = "X should have " + "(" * DEPTH_LIMIT + "a" + ")" * DEPTH_LIMIT
    assert str(parse(deep)) == "X should have a"
    with pytest.raises(GslSyntaxError, match="nested brackets"):
        parse(deep.replace("(a)", "((a))"))
    with pytest.raises(GslSyntaxError, match="the end of the rule"):
        parse("X should have a" + " " * LENGTH_LIMIT)
