"""The registry of calls: each entry is whole, agrees with its schema and can be captured as it says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from auditor.evidence import call_ids
from auditor.evidence.operations.registry import Call, calls
from auditor.resources import PACKAGE, schema

REQUIRED = {
    "cloudtrail:DescribeTrails", "logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms",
    "sns:ListSubscriptionsByTopic",
}  # fmt: skip
EVERY_CALL = pytest.mark.parametrize("call", calls().values(), ids=lambda call: call.name)


@pytest.fixture(scope="module")
def session() -> botocore.session.Session:
    return botocore.session.get_session()


def test_the_four_required_calls() -> None:
    assert {call.id for call in calls().values() if call.required} == REQUIRED


def test_every_file_is_a_call_with_a_schema() -> None:
    files = {path.stem for path in (PACKAGE / "evidence" / "calls").glob("*.json")}
    assert files == {call.name for call in calls().values()}
    assert all(schema(name) for name in files)


def test_each_call_has_a_name_made_from_its_operation() -> None:
    names = {name: call_id for name, call_id in vars(call_ids).items() if name.isupper()}
    assert names == {xform_name(call.operation).upper(): call.id for call in calls().values()}


def test_the_code_speaks_of_calls_by_name() -> None:
    written = [
        f"{path.relative_to(PACKAGE)}: {node.value}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "call_ids.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in calls()
    ]
    assert written == []


@EVERY_CALL
def test_command_is_the_cli_command_of_the_operation(call: Call, session: botocore.session.Session) -> None:
    model = session.get_service_model(call.service).operation_model(call.operation)
    command = xform_name(call.operation, "-")
    assert call.name == f"{call.service}-{command}"
    assert call.words == f"{call.service} {command}"
    members = model.input_shape.members if model.input_shape else ()
    options = set(re.findall(r"--([a-z-]+)", call.command)) - {"region"}
    assert options <= {xform_name(member, "-") for member in members}


@EVERY_CALL
def test_permission_is_an_action_of_the_service(call: Call) -> None:
    assert call.permission == call.id


@EVERY_CALL
def test_place_and_command_fit(call: Call) -> None:
    assert ("{resource}" in call.command) is (call.place == "resource") is (call.resource is not None)
    assert ("{region}" in call.command) is (call.place != "account")


@EVERY_CALL
def test_members_named_are_those_of_the_schema(call: Call) -> None:
    root = schema(call.schema)
    top = root["properties"]
    assert call.keys_all | call.keys_any <= top.keys()
    assert call.keys_all | call.keys_any
    assert set(call.members_used) <= top.keys()
    assert bool(call.lists) is not bool(call.members_used)
    assert call.token in {None, *top}
    for entry in call.lists:
        members = of_reference(root, top[entry.member]["items"])["properties"].keys()
        assert {*entry.identity, *entry.used, *entry.volatile, entry.arn} - {None} <= members
        assert set(entry.identity) <= set(entry.used)


@EVERY_CALL
def test_what_tells_items_stands_in_the_schema(call: Call) -> None:
    root = schema(call.schema)
    for member, ways in call.told_by:
        described = root["properties"][member]
        assert frozenset().union(*ways) <= of_reference(root, described.get("items", described))["properties"].keys()


@EVERY_CALL
def test_resource_is_named_inside_or_by_the_file(call: Call) -> None:
    if call.resource_member is None:
        return
    assert call.place == "resource"
    node = schema(call.schema)
    for member in call.resource_member.split("/"):
        node = of_reference(schema(call.schema), node)["properties"][member]
    assert of_reference(schema(call.schema), node)["type"] == "string"


def test_status_of_a_trail_does_not_name_it() -> None:
    """Rule T12."""
    status = calls()["cloudtrail:GetTrailStatus"]
    assert status.place == "resource"
    assert status.resource_member is None


def test_answers_that_look_alike() -> None:
    """Only file name or capture record tell these apart when their content does not (rule N3)."""
    keys = Counter((call.keys_all, call.keys_any) for call in calls().values())
    assert {sorted(all_)[0] for (all_, _), number in keys.items() if number > 1} == {
        "Attributes",
        "Items",
        "Regions",
        "Subscriptions",
    }


def of_reference(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = root["$defs"][node["$ref"].removeprefix("#/$defs/")] if "$ref" in node else node
    return found
