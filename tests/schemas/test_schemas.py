"""Every schema of the product: valid itself, identified, described, in words that people can be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from auditor.evidence.operations.registry import Call, calls
from auditor.resources import schema

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "schemas").glob("*.schema.json"))
NAMES = [path.name.removesuffix(".schema.json") for path in FILES]
CALLS = [call.schema for call in calls().values()]
# Keywords that auditor.evidence.validate can put into words, and those that cannot fail.
WORDED = {
    "type", "enum", "required", "anyOf", "pattern", "minLength", "maxLength", "minItems", "maxItems",
    "maxProperties", "minimum", "maximum",
}  # fmt: skip
SILENT = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "examples", "properties",
    "additionalProperties", "items",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_is_a_valid_schema_with_an_identity(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    jsonschema_rs.meta.validate(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["title"]
    assert document["description"]


def test_identities_differ() -> None:
    identities = [json.loads(path.read_text(encoding="utf-8"))["$id"] for path in FILES]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("name", NAMES)
def test_references_resolve_and_every_definition_is_used(name: str) -> None:
    document = schema(name)
    named = {node["$ref"].removeprefix("#/$defs/") for _, node in nodes(document) if "$ref" in node}
    assert named == set(document.get("$defs", {}))


@pytest.mark.parametrize("name", [*CALLS, "captures"])
def test_keywords_can_be_told_in_words(name: str) -> None:
    for place, node in nodes(schema(name)):
        assert node.keys() <= WORDED | SILENT, place
        if "pattern" in node:
            assert node.get("title"), f"{place}: a pattern is told by the title beside it"
        if "anyOf" in node:
            assert all(way.keys() == {"required"} for way in node["anyOf"]), place


@pytest.mark.parametrize("name", [*CALLS, "captures", "engagement", "results"])
def test_unknown_members_are_accepted(name: str) -> None:
    for place, node in nodes(schema(name)):
        assert node.get("additionalProperties") is not False, place
        assert "unevaluatedProperties" not in node, place


@pytest.mark.parametrize("name", CALLS)
def test_members_of_answers_are_described(name: str) -> None:
    root = schema(name)
    for place, node in nodes(root):
        for member, inner in node.get("properties", {}).items():
            told = root["$defs"][inner["$ref"].removeprefix("#/$defs/")] | inner if "$ref" in inner else inner
            assert told.get("description") or "/processor" in place, f"{place}/{member}"


def nodes(node: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema of a schema, with its place."""
    yield place, node
    for keyword in ("properties", "$defs"):
        for name, inner in node.get(keyword, {}).items():
            yield from nodes(inner, f"{place}/{keyword}/{name}")
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if isinstance(node.get(keyword), dict):
            yield from nodes(node[keyword], f"{place}/{keyword}")
    for number, inner in enumerate(node.get("anyOf", ())):
        yield from nodes(inner, f"{place}/anyOf/{number}")


@pytest.mark.parametrize("call", calls().values(), ids=lambda call: call.name)
def test_every_number_of_an_answer_has_bounds(call: Call) -> None:
    """An impossible number, of hundreds of digits or below nothing, is a violation before any room computes with it."""
    unbounded = [
        place
        for place, node in placed(schema(call.schema), "")
        if {"integer", "number"} & set(types_of(node)) and not {"minimum", "maximum"} <= set(node)
    ]
    assert [place for place in unbounded if not place.endswith("/Threshold")] == []  # any double is one


def placed(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield place, node
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from placed(child, f"{place}/{key}")


def types_of(node: dict[str, Any]) -> list[str]:
    types = node.get("type", [])
    return [types] if isinstance(types, str) else types if isinstance(types, list) else []
