"""Reasons, calls and code hold together: what is asked for is in the registry, has a schema, and is read."""

from __future__ import annotations

import ast
import re

import pytest

from auditor.chains import Need, command_for
from auditor.evidence import calls
from auditor.resources import schema
from auditor.rules import reasons
from tests.chains.needs import CALL_ID, askable, called, chain_trees, text_of, texts, trees

CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
MAKERS = {"broken", "unknown", "OpenPoint", "Trip"}
GAPS = ("trails", "filters", "alarms", "subscriptions")


def read(call_id: str) -> bool:
    """Whether code reads the call's answer: its id stands elsewhere than as what a ``Need`` asks for."""
    for tree in [*chain_trees(), trees()["evidence/tables.py"]]:
        needs = {id(one) for node in called(tree, {"Need", "needs_of"}) for one in ast.walk(node)}
        for node in ast.walk(tree):
            if text_of(node) == call_id and id(node) not in needs:
                return True
    return False


def test_the_code_asks_for_something() -> None:
    assert {"cloudwatch:DescribeAlarmHistory", "kms:GetKeyPolicy", "cloudtrail:GetTrailStatus"} <= askable()


@pytest.mark.parametrize("call_id", sorted(askable()))
def test_settling_call(call_id: str) -> None:
    assert call_id in calls(), "not in the registry of calls"
    assert schema(calls()[call_id].schema), "no schema"
    assert read(call_id), "no rule reads its answer"
    command = command_for(Need(call_id, "111122223333", "us-east-1", "thing"))
    assert command.startswith("aws ")
    assert "{" not in command


def test_call_ids_in_the_code_are_calls() -> None:
    found = {text for tree in chain_trees() for text in texts(tree) if CALL_ID.fullmatch(text)}
    done_by_cloudwatch = {"sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"}
    assert found - set(calls()) - done_by_cloudwatch == set()


def test_codes_in_the_code_are_reasons() -> None:
    found = {
        text
        for tree in chain_trees()
        for node in called(tree, MAKERS)
        for argument in node.args[:2]
        for text in texts(argument)
        if CODE.fullmatch(text)
    }
    assert found
    assert found - set(reasons()) == set()


def test_no_reason_is_left_over() -> None:
    used = {text for tree in trees().values() for text in texts(tree)}
    gaps = {code for code in reasons() if code.partition("-")[0] in GAPS}
    # The code of a relation is made from its name.
    made = {code for code in reasons() if code.startswith("filter-")}
    assert set(reasons()) - used - gaps - made == set()


def test_sentences_ask_for_facts_by_simple_names() -> None:
    fields = [name for reason in reasons().values() for name in re.findall(r"\{([^}]*)\}", reason.sentence)]
    assert all(re.fullmatch(r"[a-z_]+", name) for name in fields)
