"""The schemas of calls held against botocore's service models: members, types, limits, required, values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from auditor.evidence.operations.registry import Call, calls
from auditor.resources import schema

# Where a schema differs from the model on purpose: call → difference → reason.
DEVIATIONS: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "deviations.json").read_text(encoding="utf-8")
)
TYPES = {
    "string": {"string"},
    "boolean": {"boolean"},
    "integer": {"integer"},
    "long": {"integer"},
    "double": {"number"},
    "timestamp": {"number", "string"},
    "list": {"array"},
    "map": {"object"},
    "structure": {"object"},
}
LIMITS = {
    "string": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "map": ("minProperties", "maxProperties"),
    "integer": ("minimum", "maximum"),
    "long": ("minimum", "maximum"),
    "double": ("minimum", "maximum"),
}
LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999
WIDEST = {"integer": (2**31 - 1,), "long": (2**63 - 1, LAST_MILLISECOND), "double": (2.0**360, -(2.0**360))}
TOKEN = {"$ref": "#/$defs/token"}  # a string; some services write null where nothing is left
ANYTHING = (".*", ".+", "[\\s\\S]*")
UNREAD = ("/transformerConfig/*/",)  # what processors of a transformer hold is kept and not read


@pytest.fixture(scope="module")
def session() -> botocore.session.Session:
    return botocore.session.get_session()


@pytest.mark.parametrize("call", calls().values(), ids=lambda call: call.name)
def test_schema_agrees_with_service_model(call: Call, session: botocore.session.Session) -> None:
    operation = session.get_service_model(call.service).operation_model(call.operation)
    root = schema(call.schema)
    found = set(differences(operation.output_shape, root, root, "")) - set(identifying(call))
    allowed = DEVIATIONS.get(call.name, {}).keys()
    new, gone = sorted(found - allowed), sorted(allowed - found)
    assert not new, "botocore and the schema differ:\n" + "\n".join(new)
    assert not gone, "no longer a difference, strike it from deviations.json:\n" + "\n".join(gone)


@pytest.mark.parametrize("call", calls().values(), ids=lambda call: call.name)
def test_token_is_that_of_the_paginator(call: Call, session: botocore.session.Session) -> None:
    members = session.get_service_model(call.service).operation_model(call.operation).output_shape.members
    assert {call.token} - {None} == {name for name in members if name.lower() == "nexttoken"}


def test_every_deviation_names_a_call_and_a_reason() -> None:
    assert DEVIATIONS.keys() <= {call.name for call in calls().values()}
    assert all(reason for reasons in DEVIATIONS.values() for reason in reasons.values())


def test_a_member_that_botocore_gains_is_named(session: botocore.session.Session) -> None:
    root = json.loads(json.dumps(schema("sns-list-topics")))
    del root["$defs"]["topic"]["properties"]["TopicArn"]
    shape = session.get_service_model("sns").operation_model("ListTopics").output_shape
    assert "/Topics/*/TopicArn is not known to the schema" in set(differences(shape, root, root, ""))


def differences(shape: Shape, node: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[str]:
    """Every difference between a model's shape and a schema's node, in words that begin with the place."""
    node = resolved(node, root)
    name = shape.type_name
    types = node.get("type", [])
    types = {types} if isinstance(types, str) else set(types)
    # Times of CloudWatch Logs are whole milliseconds in the model; rewritten exports hold text (rule X4).
    if types != TYPES[name] and not (name == "long" and place.endswith("Time") and types == TYPES["timestamp"]):
        yield f"{place} is {name} and the schema says {' or '.join(sorted(types))}"
    for limit, keyword in zip(("min", "max"), LIMITS.get(name, ()), strict=False):
        ours, theirs = node.get(keyword) or None, shape.metadata.get(limit) or None
        # A kind of value that a title names (an ARN, an account id) may go beyond a silent model, and so may what
        # the type of a number can hold at all, or a time.
        widest = ours in WIDEST.get(name, ())
        if ours != theirs and (theirs is not None or not ("title" in node or widest)):
            yield f"{place} has {keyword} {theirs} and the schema {ours}"
    pattern = shape.metadata.get("pattern", ANYTHING[0])
    if pattern not in ANYTHING and "pattern" not in node:
        yield f"{place} has the pattern {pattern}"
    values, known = set(shape.metadata.get("enum", ())), set(node.get("enum", node.get("examples", ())))
    if values:
        yield from (f"{place} may be {value}" for value in sorted(values - known))
        yield from (f"{place} is never {value}" for value in sorted(known - values))
    if isinstance(shape, StructureShape) and not place.startswith(UNREAD):
        yield from _members(shape, node, root, place)
    elif isinstance(shape, ListShape):
        yield from differences(shape.member, node.get("items", {}), root, f"{place}/*")
    elif isinstance(shape, MapShape):
        yield from differences(shape.value, node.get("additionalProperties", {}), root, f"{place}/*")


def _members(shape: StructureShape, node: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[str]:
    properties = node.get("properties", {})
    for member, inner in shape.members.items():
        if member not in properties:
            yield f"{place}/{member} is not known to the schema"
        elif properties[member] != TOKEN:
            yield from differences(inner, properties[member], root, f"{place}/{member}")
    for member in properties.keys() - shape.members.keys():
        yield f"{place}/{member} is not in the model"
    for member in set(shape.required_members) - set(node.get("required", ())):
        yield f"{place}/{member} is always there"
    for member in set(node.get("required", ())) - set(shape.required_members):
        yield f"{place}/{member} is required by the schema alone"


def identifying(call: Call) -> Iterator[str]:
    """What a schema may require beyond the model: members by which an answer or an item is known."""
    for member in call.keys_all | call.keys_any:
        yield f"/{member} is required by the schema alone"
    for entry in call.lists:
        for member in entry.identity:
            yield f"/{entry.member}/*/{member} is required by the schema alone"
    if call.token == "nextToken":  # the CLI leaves its own token under this name in every service (rule X1)
        yield "/NextToken is not in the model"


def resolved(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """The node with what its reference within the same schema adds."""
    if "$ref" not in node:
        return node
    return root["$defs"][node["$ref"].removeprefix("#/$defs/")] | node
