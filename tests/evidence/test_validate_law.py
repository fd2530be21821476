"""Law: one broken place is told at that place, or at what holds it, and a harmless change is not told."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence.operations.registry import calls
from auditor.evidence.operations.validate import violations
from auditor.resources import schema
from auditor.text import pointer

ANSWERS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["complete"]
    for path in sorted((Path(__file__).parents[1] / "schemas" / "answers").glob("*.json"))
}
WRONG: tuple[Any, ...] = (None, True, 7, -1, 2.5, "", "text", [], [None], {}, {"another": 1})
NAMES = {call.name: call for call in calls().values()}


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside a value, itself included."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


def replaced(value: Any, path: tuple[str | int, ...], by: Any) -> Any:
    if not path:
        return by
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], by)
    return value


@given(data=st.data())
def test_one_wrong_value_is_told_where_it_stands(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ANSWERS)))
    path = data.draw(st.sampled_from(list(places(ANSWERS[name]))))
    answer = replaced(ANSWERS[name], path, data.draw(st.sampled_from(WRONG)))
    told = violations(NAMES[name], answer)
    right = jsonschema.Draft202012Validator(schema(name)).is_valid(answer)
    assert (told == ()) is right
    here = pointer(*path)
    # Inside a value that was put in, what it lacks or holds too much is told there.
    assert all(f"{here}/".startswith(f"{one.pointer}/") or one.pointer.startswith(f"{here}/") for one in told)


@given(data=st.data())
def test_a_scalar_of_a_wrong_type_is_told_exactly_there(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ANSWERS)))
    answer = ANSWERS[name]
    scalars = [path for path in places(answer) if path and not isinstance(at(answer, path), dict | list)]
    path = data.draw(st.sampled_from(scalars))
    told = violations(NAMES[name], replaced(answer, path, [{}]))
    assert [one.pointer for one in told] == [pointer(*path)]


@given(data=st.data())
def test_members_that_are_not_known_are_accepted(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ANSWERS)))
    objects = [path for path in places(ANSWERS[name]) if isinstance(at(ANSWERS[name], path), dict)]
    path = data.draw(st.sampled_from(objects))
    grown = replaced(ANSWERS[name], path, at(ANSWERS[name], path) | {"addedByAwsNextYear": "text"})
    assert violations(NAMES[name], grown) == ()


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value
