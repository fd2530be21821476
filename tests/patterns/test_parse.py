"""Parsing: kinds, canonical print, errors with column, expectation, caret and advice."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import AuditorError
from auditor.patterns import PatternSyntaxError, parse
from auditor.patterns.syntax import LENGTH_LIMIT, print_selector
from tests.patterns.sampling import delimited, json_pattern, terms

DATA = Path(__file__).parent / "data"
INVALID = json.loads((DATA / "invalid.json").read_text("utf-8"))


def error_of(text: str) -> PatternSyntaxError:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize("case", INVALID, ids=[f"{n}" for n in range(len(INVALID))])
def test_invalid(case: dict[str, Any]) -> None:
    error = error_of(case["pattern"])
    assert (error.column, error.expected, error.advice) == (case["column"], case["expected"], case["advice"])
    assert error.advice
    assert isinstance(error, AuditorError)
    assert "\n" not in str(error)
    text, caret = error.caret.split("\n")
    assert caret.strip() == "^"
    place = len(caret) - 1
    if error.column <= len(case["pattern"]):
        assert text[place].strip() == case["pattern"][error.column - 1].strip()
    else:
        assert place == len(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("{ $.a IS NOT NULL }", "no IS NOT"),
        ("{ $.a is maybe }", "IS takes"),
        ("{ !($.a = 1) }", "no NOT"),
        ("{ NOT $.a = 1 }", "no NOT"),
        ("{ $.a = 1 or $.b = 2 }", "not with words"),
        ("{ $.a =~ x }", "regex"),
        ("{ $.a <> x }", "no <>"),
        ("{ $.a < x }", "compare numbers only"),
        ("{ $.a = }", "compared with nothing"),
        ("{ ($.a >= ) }", "compared with nothing"),
        ("{ $.a[x] = 1 }", "index such as 0"),
        ("{ $.a = %x }", "percent sign"),
        ('{ $.a = "x }', "quotation mark"),
        ("{ $.a = x } y", "Nothing may follow"),
        ("{ $.a\u00a0= x }", "no-break space"),
        ("{ $.a | $.b }", ""),
        ("{}", "No condition stands between the braces"),
        ("{ $.a }", "Nothing is said of the field"),
        ("{ $.a = 1 && }", "missing after the last && or ||"),
        ("{ ($.a = 1) || ) }", "missing after the last && or ||"),
        ("{ $.a = 1 || && $.b = 2 }", "Two joints"),
        ("{ ($.a = 1) && () }", "Nothing stands in the parenthesis"),
        ("{ ($.a = 1)) }", "one parenthesis too many"),
        ("{ ($.a = 1) }}", "Nothing may follow"),
        ("{ ($.a = 1 && $.b = 2 }", "parenthesis at column 3 is open"),
        ("{ ($.a = 1) && (($.b = 2) }", "parenthesis at column 16 is open"),
        ('{ ($.a = "(x") || ($.c = 1 }', "parenthesis at column 19 is open"),
        (
            "{ $.a = 1 && ($.b = 2",
            "parenthesis at column 14 is open: write ) where it ends. A JSON pattern ends with }",
        ),
        ("{ $.a = 1", "A JSON pattern ends with }"),
        ("{ $.a = (x || y) }", "($.name = A) || ($.name = B)"),
        ("{ $.a.* = %a% || $.b = %b% || $.c = %c% }", "quota"),
        ("{ $.a = %a(b)% }", "Groups"),
        ("{ $.a = %a\\q% }", ""),
        ("{ $.a = %a{3,2}% }", ""),
        ("{ $.a = %[z-a]% }", ""),
        ("{ $.a = %*a% }", ""),
        ("{ $.a = %a**% }", ""),
        ("{ $.a = %[% }", ""),
        ("{ $.a = %[]% }", ""),
        ("{ $.a = %^*% }", ""),
        ("$.a = x", "stands in braces"),
        ("`{ $.a = x }", "stray character"),
        ("s3.amazonaws.com", "double quotes"),
        ("[a, b = 1", "ends with ]"),
        ("[..., a, ...]", ""),
        ("[a = 1 && b = 2]", "another field"),
        ("[a b]", "blank"),
        ("[a < x]", "compare numbers only"),
        ("x" * (LENGTH_LIMIT + 1), "wildcards"),
    ],
)
def test_more_mistakes(text: str, advice: str) -> None:
    error = error_of(text)
    assert advice in error.advice
    assert error.expected
    assert 1 <= error.column <= len(text) + 1
    assert error.caret.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "kind", "printed"),
    [
        ("{$.a=1}", "json", "{ $.a = 1 }"),
        (' {($.a = "x")} ', "json", "{ $.a = x }"),
        ("{$.a=1&&($.b=2||$.c=3)}", "json", "{ $.a = 1 && ($.b = 2 || $.c = 3) }"),
        ("{($.a=1||$.b=2)||$.c=3}", "json", "{ $.a = 1 || $.b = 2 || $.c = 3 }"),
        ('{$.a="404"}', "json", '{ $.a = "404" }'),
        ("{$.a=**x**}", "json", "{ $.a = *x* }"),
        ("{$['a'] is null}", "json", "{ $.a IS NULL }"),
        ('{$.["a.b"][0].* not  exists}', "json", "{ $['a.b'][0].* NOT EXISTS }"),
        ('{$.a="\\"\\\\"}', "json", '{ $.a = "\\"\\\\" }'),
        ("{$.a=%x y%}", "json", "{ $.a = %x y% }"),
        ('foo  "bar" -"a b" ?%x%', "terms", 'foo bar -"a b" ?%x%'),
        ("[a,...,b=1||b=2]", "delimited", "[a, ..., b = 1 || b = 2]"),
        ("[a,...,b=1,]", "delimited", "[a, ..., b = 1, ]"),
        (' " " ', "all", ""),
        ("[]", "delimited", "[]"),
        (" \n", "all", ""),
    ],
)
def test_print(text: str, kind: str, printed: str) -> None:
    pattern = parse(text)
    assert (pattern.kind, str(pattern), pattern.text) == (kind, printed, text)
    assert parse(str(pattern)) == pattern


@given(st.randoms(use_true_random=False), st.sampled_from([json_pattern, terms, delimited]))
def test_parse_after_print_is_identity(random: Random, kind: Any) -> None:
    try:
        pattern = parse(kind(random))
    except PatternSyntaxError:  # quotas
        return
    assert parse(str(pattern)) == pattern
    assert str(parse(str(pattern))) == str(pattern)


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_one_clear_error(text: str) -> None:
    read(text)


@given(st.text(alphabet="{}[]()$.*=!<>&|\"'%\\ \n-?,ab1eISNOTXUL", max_size=40))
def test_any_text_of_signs_is_a_pattern_or_one_clear_error(text: str) -> None:
    read("{ $.a = " + text)
    read(text)


@given(st.text(alphabet="\\\"*a' ", max_size=12))
def test_any_value_survives_quoting(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    pattern = parse(f'{{ $.a = "{quoted}" }}')
    assert parse(str(pattern)) == pattern
    assert len(str(pattern)) <= max(len(pattern.text), len("{ $.a = ** }"))


def read(text: str) -> None:
    caught: PatternSyntaxError | None = None
    try:
        pattern = parse(text)
    except PatternSyntaxError as error:
        caught = error
    if caught is None:
        assert parse(str(pattern)) == pattern
    else:
        assert 1 <= caught.column <= len(text) + 1
        assert "\n" not in str(caught)


def test_the_print_stays_within_the_limit() -> None:
    text = "{" + "||".join(f"$.a={n:02}" for n in range(100)) + "||" + "||".join(["$.b=xx"] * 28) + "}"
    assert len(text) == LENGTH_LIMIT
    assert len(str(parse(text))) == LENGTH_LIMIT
    assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("{ ($.a = 1) || ($.b.c NOT EXISTS) && ($.a IS NULL) }", {"$.a", "$.b.c"}),
        ("{ $.a[*].b = x && $.* = y }", {"$.a[*].b", "$.*"}),
        ("ERROR", set()),
        ("[ip, code = 404]", set()),
        ("", set()),
    ],
)
def test_the_members_that_a_pattern_reads(text: str, read: set[str]) -> None:
    assert {print_selector(selector) for selector in parse(text).selectors()} == read
