"""581 real patterns: all parse or fail with a reason, and their relations stay what was settled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.patterns import PatternSyntaxError, match, parse, relate
from auditor.verdict import Relation

DATA = Path(__file__).parent / "data"
WILD = json.loads((DATA / "wild.json").read_text("utf-8"))
FIELD = json.loads((DATA / "field.json").read_text("utf-8"))
PATTERNS = WILD["patterns"]


def numbered(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[str(PATTERNS.index(case)) for case in cases])


def test_the_collection_is_whole() -> None:
    assert len(PATTERNS) == 581
    assert sum("relation" in case for case in PATTERNS) == 405
    assert sum("column" in case for case in PATTERNS) == 44


@numbered([case for case in PATTERNS if "column" in case])
def test_broken(case: dict[str, Any]) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(case["pattern"])
    error = caught.value
    assert (error.column, error.expected, error.advice) == (case["column"], case["expected"], case["advice"])
    reference = next(iter(WILD["reference"].values()))
    comparison = relate(case["pattern"], reference)
    assert comparison.relation is Relation.UNPARSABLE
    assert comparison.error.startswith("left pattern: ")
    assert relate(reference, case["pattern"]).error.startswith("right pattern: ")


@numbered([case for case in PATTERNS if "relation" in case])
def test_relation(case: dict[str, Any]) -> None:
    left, right = case["pattern"], WILD["reference"][case["control"]]
    comparison = relate(left, right)
    assert comparison.relation == case["relation"]
    assert comparison.missed == tuple(case.get("missed", ()))
    assert comparison.added == tuple(case.get("added", ()))
    assert comparison.assumptions == tuple(case.get("assumptions", ()))
    for event, sides in (
        (comparison.left_only, (True, False)),
        (comparison.right_only, (False, True)),
        (comparison.both, (True, True)),
    ):
        if event is not None:
            assert (match(left, event), match(right, event)) == sides


@pytest.mark.parametrize("pattern", [case["pattern"] for case in PATTERNS if "column" not in case])
def test_print(pattern: str) -> None:
    assert parse(str(parse(pattern))) == parse(pattern)
    assert relate(str(parse(pattern)), pattern).relation is Relation.EQUAL


@pytest.mark.parametrize("case", FIELD, ids=lambda case: case["id"])
def test_field_case(case: dict[str, Any]) -> None:
    comparison = relate(case["left"], case["right"])
    assert comparison.relation == case["expected"]["relation"]
    for side, sides in (("left_only", (True, False)), ("right_only", (False, True))):
        for event in (getattr(comparison, side), case["expected"].get(f"example_{side}")):
            if event is not None:
                assert (match(case["left"], event), match(case["right"], event)) == sides
