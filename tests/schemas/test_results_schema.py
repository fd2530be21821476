"""The schema of results.json and the types of the result document say the same."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from auditor import result
from auditor.resources import schema, validator
from auditor.verdict import LINKS, Relation, State, Verdict

ROOT = schema("results")
DEFS = ROOT["$defs"]
DECLARED = {
    name[0].lower() + name[1:]: kind
    for name, kind in vars(result).items()
    if is_typeddict(kind) and kind is not result.ResultDocument
}
JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_definition_has_the_members_of_its_type(name: str) -> None:
    assert_same(DECLARED[name], DEFS[name])


def test_document_has_the_members_of_its_type() -> None:
    assert_same(result.ResultDocument, ROOT)


def test_words_of_verdicts_links_and_states() -> None:
    decided = [word for word in Verdict if word is not Verdict.NOT_ASSESSED]
    assert DEFS["verdict"]["enum"] == decided
    assert DEFS["verdictOrNull"]["enum"] == [*decided, None]
    assert DEFS["anyVerdict"]["enum"] == list(Verdict)
    assert DEFS["link"]["enum"] == DEFS["links"]["propertyNames"]["enum"] == list(LINKS)
    assert DEFS["linkOrNull"]["enum"] == [*LINKS, None]
    assert DEFS["linkFacts"]["properties"]["state"]["enum"] == list(State)
    assert DEFS["chainFacts"]["properties"]["pattern_relation"]["enum"] == [*Relation, None]


@pytest.mark.parametrize(
    ("verdict", "valid"), [("PASS", True), ("FAIL", True), ("pass", False), ("NOT_ASSESSED", False), (None, False)]
)
def test_finding_takes_the_three_verdicts_only(verdict: Any, valid: bool) -> None:
    errors = [
        list(error.instance_path) for error in validator("results").iter_errors({"findings": [{"verdict": verdict}]})
    ]
    assert (["findings", 0, "verdict"] not in errors) is valid


def assert_same(kind: Any, node: dict[str, Any]) -> None:
    hints = get_type_hints(kind)
    extras = get_type_hints(kind, include_extras=True)
    optional = {member for member, hint in extras.items() if get_origin(hint) is NotRequired}
    assert set(node["properties"]) == set(hints)
    assert set(node["required"]) == set(hints) - optional
    for member, hint in hints.items():
        inner = node["properties"][member]
        assert allowed(inner) == described(hint), f"{kind.__name__}.{member}"
        if (kind, member) == (result.Cause, "link"):  # the rows of what holds, which no result has among its causes
            assert words(hint) == {*enumerated(inner), ""}
        else:
            assert words(hint) == enumerated(inner), f"{kind.__name__}.{member}"


def words(hint: Any) -> set[Any]:
    """The words of a closed set, None among them where the member may be null; empty for any other type."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    parts = [part for part in get_args(hint) if part is not type(None)]
    found = set().union(*(words(part) for part in parts)) if parts else set()
    return found | {None} if found and len(parts) < len(get_args(hint)) else found


def enumerated(node: dict[str, Any]) -> set[Any]:
    """The words that the schema lets through; of a list or a map, those of what it holds."""
    if "$ref" in node:
        return enumerated(DEFS[node["$ref"].removeprefix("#/$defs/")])
    inner = node.get("items") or node.get("additionalProperties")
    return set(node["enum"]) if "enum" in node else enumerated(inner) if isinstance(inner, dict) else set()


def described(hint: Any) -> set[str]:
    """JSON types that a type hint stands for."""
    if hint in (Any, object):
        return {"anything"}
    if get_origin(hint) in (Union, types.UnionType):
        return set().union(*(described(part) for part in get_args(hint)))
    if get_origin(hint) is Literal:
        return {JSON_TYPES[type(value)] for value in get_args(hint)}
    if is_typeddict(hint) or get_origin(hint) is dict:
        return {"object"}
    if get_origin(hint) in (list, Sequence):
        return {"array"}
    return {JSON_TYPES[hint]}


def allowed(node: dict[str, Any]) -> set[str]:
    """JSON types that a node of the schema lets through."""
    if "$ref" in node:
        return allowed(DEFS[node["$ref"].removeprefix("#/$defs/")])
    if "anyOf" in node:
        return set().union(*(allowed(part) for part in node["anyOf"]))
    values = [node["const"]] if "const" in node else node.get("enum")
    if values:
        return {JSON_TYPES[type(value)] for value in values}
    declared = node.get("type", "anything")
    return {declared} if isinstance(declared, str) else set(declared)
