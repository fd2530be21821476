"""Patterns in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.patterns import PatternSyntaxError, explain

WILD = json.loads((Path(__file__).parent / "data" / "wild.json").read_text("utf-8"))["patterns"]


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ("", ["The empty pattern: counts every event."]),
        (
            "{ $.eventName = A || $.eventName = B }",
            ["A JSON pattern: counts a JSON event if", '- eventName is "A" or "B"'],
        ),
        (
            "{ $.a != A && $.a != B && ($.b IS NULL || $.c NOT EXISTS || $.d >= 3) }",
            [
                "A JSON pattern: counts a JSON event if",
                "- all of these hold:",
                '  - a is there as a text or number, and is neither "A" nor "B"',
                "  - one of these holds:",
                "    - b is the JSON constant null",
                "    - c is absent",
                "    - d is a number at least 3",
            ],
        ),
        (
            "{ $.a[*].b = x* || $.a = *x || $.b = *x* || $.c = x*y || $.d = * || $.e = %^x% }",
            [
                "- one of these holds:",
                '  - some a[*].b is a text that starts with "x"',
                '  - a is a text that ends with "x"',
                '  - b is a text that contains "x"',
                '  - c is a text of the form "x*y"',
                "  - d is any text or number",
                "  - e is a text in which the regular expression ^x is found",
                "Read so: * stands for any characters that let the whole value fit (leftmost-wildcard).",
            ],
        ),
        ("{ $.a = 1 && $.a = 2 }", ["No event can match it."]),
        ("{ $.a = * && $.a != * }", ["No event can match it."]),
        ("{ $.a NOT EXISTS || $.a IS NULL || $.a = * }", ["  - a is any text or number"]),
        (
            "ERROR -x %a.b%",
            ['- contains "ERROR"', '- does not contain "x"', "- contains the regular expression a.b"],
        ),
        ("?a ?b", ['- contains "a" or "b"']),
        (
            "[a, ..., b = 1 || b = 2*]",
            [
                "- 1: any word (a)",
                "- 2: any number of words",
                '- 3: a word for which (b is 1 or b is a text that starts with "2")',
            ],
        ),
    ],
)
def test_words(pattern: str, lines: list[str]) -> None:
    words = explain(pattern).split("\n")
    assert [line for line in lines if line not in words] == []


@pytest.mark.parametrize("pattern", [case["pattern"] for case in WILD if "column" not in case][::7])
def test_every_real_pattern_is_explained_in_plain_lines(pattern: str) -> None:
    assert all(line.isprintable() and line for line in explain(pattern).split("\n"))


def test_a_bad_pattern_raises() -> None:
    with pytest.raises(PatternSyntaxError):
        explain("{ $.a }")
