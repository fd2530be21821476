"""Pattern cases from the field: the relation, witnesses that prove it, and the case's own example events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.field_cases import Case, parameters

WITNESSES = {
    "equal": [],
    "narrower": ["right_only"],
    "broader": ["left_only"],
    "overlapping": ["left_only", "right_only"],
    "unparsable": [],
}


def matches(run: Run, pattern: str, event: Any, folder: Path) -> bool:
    file = folder / "event.json"
    file.write_text(json.dumps(event), "utf-8")
    answer = run("pattern", "match", pattern, file, "--json")
    assert answer.exit_code in (0, 1), answer.stderr
    counted: int = json.loads(answer.stdout)["matched"]
    return counted == 1


@pytest.mark.parametrize("case", parameters("pattern"))
def test_case(case: Case, run: Run, tmp_path: Path) -> None:
    """The relation is the case's, and every witness lies where it claims to, by the evaluator's word."""
    relation = case["expected"]["relation"]
    answer = run("pattern", "compare", case["left"], case["right"], "--json")
    if relation == "unparsable":
        assert answer.exit_code == 2 or json.loads(answer.stdout)["relation"] == "unparsable"
        return
    assert answer.exit_code == (0 if relation == "equal" else 1), answer.stderr
    document = json.loads(answer.stdout)
    assert document["relation"] == relation
    for side in ("left_only", "right_only"):
        shown = side in WITNESSES[relation]
        assert (document[side] is not None) == shown
        for event in [document[side], case["expected"].get(f"example_{side}")] if shown else []:
            if event is not None:
                assert matches(run, case["left"], event, tmp_path) == (side == "left_only")
                assert matches(run, case["right"], event, tmp_path) == (side == "right_only")
