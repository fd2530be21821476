"""Rule A17: mute rules, which silence the actions of an alarm in some hours."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.verdict import Link, State
from tests.chains.chain import ALARM_ARN, GROUP, PLACE, TOPIC, Join, first_fault, needed
from tests.textbook import ACCOUNT, REGION, Files, alarm, textbook

RULE = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:nights"
LIST_CALL, GET_CALL = "cloudwatch:ListAlarmMuteRules", "cloudwatch:GetAlarmMuteRule"


def listed(*summaries: dict[str, Any], **more: Any) -> Files:
    return {f"{PLACE}/cloudwatch-list-alarm-mute-rules.json": {"AlarmMuteRuleSummaries": list(summaries)} | more}


def summary(**changes: Any) -> dict[str, Any]:
    return {"AlarmMuteRuleArn": RULE, "Status": "SCHEDULED"} | changes


def rule(*alarms: str, **changes: Any) -> Files:
    answer = {"AlarmMuteRuleArn": RULE, "Status": "SCHEDULED", "MuteTargets": {"AlarmNames": list(alarms)}}
    return {f"{PLACE}/cloudwatch-get-alarm-mute-rule/nights.json": answer | changes}


@pytest.mark.parametrize(
    ("more", "state", "points"),
    [
        pytest.param({}, "ok", ["mute-rules-not-captured"], id="A17 not captured"),
        pytest.param(listed(), "ok", [], id="A17 none"),
        pytest.param(listed(NextToken="x"), "ok", ["mute-rules-not-captured"], id="A17 a page is missing"),
        pytest.param(listed(summary()), "ok", ["mute-rule-targets-not-captured"], id="A17 targets not captured"),
        pytest.param(listed(summary(Status="EXPIRED")), "ok", [], id="A17 expired in the listing"),
        pytest.param(listed(summary()) | rule("another"), "ok", [], id="A17 another alarm"),
        pytest.param(listed(summary()) | rule("ssm-actions"), "unknown", [], id="A17 this alarm"),
        pytest.param(rule(ALARM_ARN + "ssm-actions"), "unknown", [], id="A17 this alarm by its ARN"),
        pytest.param(
            listed() | rule(ALARM_ARN.replace("us-east-1", "eu-west-1") + "ssm-actions"),
            "ok",
            [],
            id="A17 one of its name elsewhere, by ARN",
        ),
        pytest.param(
            listed(summary(Status="EXPIRED")) | rule("ssm-actions", Status="EXPIRED"),
            "ok",
            [],
            id="A17 expired",
        ),
        pytest.param(rule("ssm-actions"), "unknown", [], id="A17 this alarm, listing not captured"),
    ],
)
def test_mute_rule(join: Join, more: Files, state: str, points: list[str]) -> None:
    (tail,) = join(textbook() | more).tails(GROUP)
    link = tail.links[Link.ALARM]
    assert first_fault(tail)[2] == ("alarm-muted" if state == "unknown" else "")
    assert link.state.value == state
    assert [point.code for point in link.open_points] == points


def test_a17_a_rule_that_expired_by_its_answer_alone(join: Join) -> None:
    (tail,) = join(textbook() | listed(summary()) | rule("ssm-actions", Status="EXPIRED")).tails(GROUP)
    assert first_fault(tail)[1:] == ("unknown", "mute-rules-contradictory")
    assert needed(tail, Link.ALARM) == [GET_CALL, LIST_CALL]


def test_a17_a_rule_with_unknown_targets_is_material(join: Join) -> None:
    (tail,) = join(textbook() | listed(summary())).tails(GROUP)
    strict = tail.links[Link.ALARM].strict()
    assert (strict.state, strict.code) == (State.UNKNOWN, "mute-rule-targets-not-captured")
    assert needed(tail, Link.ALARM) == [GET_CALL]


def test_a17_a_missing_listing_is_not_material(join: Join) -> None:
    (tail,) = join(textbook()).tails(GROUP)
    assert tail.links[Link.ALARM].strict().state is State.OK
    assert needed(tail, Link.ALARM) == [LIST_CALL]


def test_a17_a_muted_child_still_changes_its_state(join: Join) -> None:
    composite = {
        "AlarmName": "page",
        "AlarmArn": ALARM_ARN + "page",
        "AlarmRule": "ALARM(ssm-actions)",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [],
        "InsufficientDataActions": [],
        "StateValue": "OK",
    }
    files = textbook(alarms=[alarm(AlarmActions=[])], composites=[composite])
    (tail,) = join(files | listed(summary()) | rule("ssm-actions")).tails(GROUP)
    assert first_fault(tail) == ("", "", "")


def test_a17_a_muted_composite(join: Join) -> None:
    composite = {
        "AlarmName": "page",
        "AlarmArn": ALARM_ARN + "page",
        "AlarmRule": "ALARM(ssm-actions)",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [],
        "InsufficientDataActions": [],
        "StateValue": "OK",
    }
    files = textbook(alarms=[alarm(AlarmActions=[])], composites=[composite])
    (tail,) = join(files | listed(summary()) | rule("page")).tails(GROUP)
    assert first_fault(tail) == ("alarm", "unknown", "alarm-muted")
