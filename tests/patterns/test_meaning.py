"""`match` against the table of docs/patterns.md, row by row, and the clause that it shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.patterns import PatternSyntaxError, match, matching_clause
from auditor.patterns.errors import NumberTooLongError

CASES = json.loads((Path(__file__).parent / "data" / "meaning.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case['why']}" for n, case in enumerate(CASES)])
def test_row(case: dict[str, Any]) -> None:
    assert match(case["pattern"], case["event"]) is case["matches"]


@pytest.mark.parametrize("case", [c for c in CASES if isinstance(c["event"], dict)], ids=lambda c: c["why"])
def test_an_event_and_its_text_are_one(case: dict[str, Any]) -> None:
    text = json.dumps(case["event"], separators=(",", ":"), ensure_ascii=False)
    assert match(case["pattern"], text) is case["matches"]


@pytest.mark.parametrize(
    ("pattern", "event", "clause"),
    [
        ("{ ($.a = 1) || ($.b = 2 && $.c = 3) }", {"b": 2, "c": 3}, "$.b = 2 && $.c = 3"),
        ("{ ($.a = 1) || ($.b = 2) }", {"a": 1, "b": 2}, "$.a = 1"),
        ("{ $.a = 1 && $.b = 2 }", {"a": 1, "b": 2}, "$.a = 1 && $.b = 2"),
        ("{ $.a = 1 }", {"a": 2}, None),
        ("ERROR -x", "ERROR", "ERROR -x"),
        ("", "anything", ""),
    ],
)
def test_clause(pattern: str, event: Any, clause: str | None) -> None:
    assert matching_clause(pattern, event) == clause


def test_a_bad_pattern_is_one_error() -> None:
    with pytest.raises(PatternSyntaxError):
        match("{ $.a == 1 }", {})


def test_a_number_too_long_to_write_out_is_one_clear_error() -> None:
    event = '{"a": 1e999999999}'
    assert match("{ $.a = 1e999999999 && $.a > 1e999999998 && $.a = * && $.a != 5 }", event)
    with pytest.raises(NumberTooLongError, match="too many digits"):
        match("{ $.a = 1* }", event)


def test_hostile_messages_are_not_json() -> None:
    for message in ("[" * 100_000, '{"a":' * 100_000, '{"a": 1e' + "9" * 5000 + "}"):
        assert not match("{ $.a NOT EXISTS }", message)
    assert match("{ $.a > 1 }", '{"a": ' + "9" * 10_000 + "}")


def test_regular_expressions_do_not_backtrack() -> None:
    assert not match("{ $.a = %" + "a*" * 400 + "b% }", {"a": "a" * 200})
