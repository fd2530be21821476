"""The fast engine that decides and the reference engine that explains agree on every schema of a call."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence.operations.registry import calls
from auditor.resources import schema, validator

ANSWERS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "answers").glob("*.json"))
}
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e9, 1e9)
    # Python's $ also holds before a final line break, ECMA's does not (tests/evidence/test_validate.py).
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=20)
)  # fmt: skip
VALUES = SCALARS | st.just([]) | st.just({}) | st.lists(SCALARS, max_size=2)


def test_every_call_has_answers() -> None:
    assert ANSWERS.keys() == {call.name for call in calls().values()}


@pytest.mark.parametrize(
    ("name", "answer"),
    [(name, answer) for name, answers in ANSWERS.items() for answer in answers.values()],
    ids=[f"{name}-{kind}" for name, answers in ANSWERS.items() for kind in answers],
)
def test_both_accept_a_valid_answer(name: str, answer: Any) -> None:
    assert validator(name).is_valid(answer)
    assert jsonschema.Draft202012Validator(schema(name)).is_valid(answer)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_complete_answer_has_every_member(name: str) -> None:
    """What the schema knows is in the complete answer, so that mutations reach it."""
    root = schema(name)

    def unmet(node: dict[str, Any], value: Any, place: str) -> list[str]:
        if "$ref" in node:
            node = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
        if isinstance(value, list):
            return unmet(node["items"], value[0], f"{place}/0")
        missing = []
        for member, inner in node.get("properties", {}).items():
            if member in value:
                missing += unmet(inner, value[member], f"{place}/{member}")
            elif member.lower() != "nexttoken":
                missing.append(f"{place}/{member}")
        return missing

    assert unmet(root, ANSWERS[name]["complete"], "") == []


@given(data=st.data())
def test_both_agree_on_mutated_answers(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ANSWERS)))
    answer = copy.deepcopy(data.draw(st.sampled_from(list(ANSWERS[name].values()))))
    for _ in range(data.draw(st.integers(1, 3))):
        answer = mutated(answer, data)
    slow = {tuple(error.absolute_path) for error in jsonschema.Draft202012Validator(schema(name)).iter_errors(answer)}
    fast = {tuple(error.instance_path) for error in validator(name).iter_errors(answer)}
    assert fast == slow


def mutated(value: Any, data: st.DataObject) -> Any:
    """The value with one place, at any depth, replaced or left out."""
    if not isinstance(value, dict | list) or not value or data.draw(st.integers(0, 5)) == 0:
        return data.draw(VALUES)
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = data.draw(st.sampled_from(keys))
    if isinstance(value, dict) and data.draw(st.integers(0, 9)) == 0:
        del value[key]
    else:
        value[key] = mutated(value[key], data)
    return value
