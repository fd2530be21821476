"""Responses: pages, tokens, duplicates and contradictions (rules X1–X5), and what proves an absence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import CaptureContext, Evidence, Response, load
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, subscription, write

PLACE = f"{ACCOUNT}/{REGION}"
ALARMS = "cloudwatch:DescribeAlarms"


def evidence(folder: Path, files: dict[str, Any], **options: Any) -> Evidence:
    return load(open_bundle([write(files, folder)]), CaptureContext(**options))


def alarms(*found: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"MetricAlarms": list(found), "CompositeAlarms": []} | members


def response(found: Evidence, call: str = ALARMS) -> Response:
    return found.responses.get(call, ACCOUNT, REGION)


def names(found: Evidence) -> list[str]:
    call = found.captures[0].call
    return sorted(
        item["AlarmName"] for capture in found.captures for entry in call.lists for _, _, item in capture.items(entry)
    )


def test_x1_one_whole_answer(tmp_path: Path) -> None:
    found = response(evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm())}))
    assert (found.complete, found.code) == (True, "")


@pytest.mark.parametrize("token", ["NextToken", "nextToken"])
def test_x1_left_over_token(tmp_path: Path, token: str) -> None:
    page = alarms(alarm(), **{token: "abc"})
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": page})
    assert (response(found).complete, response(found).code) == (False, "truncated")
    assert [problem.pointer for problem in found.problems] == [f"/{token}"]


@pytest.mark.parametrize("token", [None, ""])
def test_x1_empty_token_is_none(tmp_path: Path, token: str | None) -> None:
    page = alarms(alarm(), NextToken=token)
    assert response(evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": page})).complete


def test_x1_pages_in_several_files(tmp_path: Path) -> None:
    files = {
        f"{PLACE}/cloudwatch-describe-alarms-1.json": alarms(alarm(name="a"), NextToken="abc"),
        f"{PLACE}/cloudwatch-describe-alarms-2.json": alarms(alarm(name="b")),
    }
    found = evidence(tmp_path, files)
    assert response(found).complete
    assert names(found) == ["a", "b"]


def test_x1_pages_one_after_the_other(tmp_path: Path) -> None:
    text = json.dumps(alarms(alarm(name="a"), NextToken="abc")) + "\n" + json.dumps(alarms(alarm(name="b")))
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": text})
    assert response(found).complete
    assert names(found) == ["a", "b"]


def test_x1_an_array_of_pages(tmp_path: Path) -> None:
    pages = [alarms(alarm(name="a"), NextToken="abc"), alarms(alarm(name="b"))]
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": pages})
    assert response(found).complete
    assert names(found) == ["a", "b"]
    (capture,) = found.captures
    assert capture.pointer_to("MetricAlarms", 0, 1) == "/1/MetricAlarms/0"


def test_the_same_export_twice_is_one(tmp_path: Path) -> None:
    files = {
        f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm(StateValue="OK")),
        f"{PLACE}/copy/cloudwatch-describe-alarms.json": alarms(alarm(StateValue="ALARM")),
    }
    found = evidence(tmp_path, files)
    assert response(found).complete  # the state differs from minute to minute and is no setting
    assert not found.problems


@pytest.mark.parametrize(
    "second", [alarms(alarm(Threshold=5.0)), alarms()], ids=["another threshold", "the alarm is missing"]
)
def test_v3_captures_that_contradict_each_other(tmp_path: Path, second: dict[str, Any]) -> None:
    files = {
        f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm()),
        f"{PLACE}/later/cloudwatch-describe-alarms.json": second,
    }
    found = evidence(tmp_path, files)
    assert (response(found).complete, response(found).code) == (False, "contradictory")
    assert [problem.code for problem in found.problems] == ["contradictory"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("", "empty", id="X5 zero bytes"),
        pytest.param("{}", "empty", id="X5 empty object"),
        pytest.param("MetricAlarms:\n- AlarmName: a\n", "unreadable", id="X5 YAML"),
        pytest.param(
            "\nAn error occurred (AccessDenied) when calling the DescribeAlarms operation: no\n",
            "refused",
            id="X5 refusal",
        ),
        pytest.param('{"MetricAlarms": "none"}', "invalid", id="X5 wrong type"),
    ],
)
def test_what_is_no_answer_proves_nothing(tmp_path: Path, content: str, code: str) -> None:
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": content})
    assert (response(found).complete, response(found).code) == (False, code)
    assert any(problem.file.endswith("describe-alarms.json") for problem in found.problems)


def test_a_broken_item_spoils_itself_alone(tmp_path: Path) -> None:
    page = alarms(alarm(name="good"), alarm(name="bad", Period="five minutes"))
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": page})
    assert (response(found).complete, response(found).code) == (False, "invalid")
    assert names(found) == ["good"]
    (problem,) = found.problems
    assert problem.pointer == "/MetricAlarms/1/Period"


def test_a_broken_place_that_no_rule_reads_harms_nothing(tmp_path: Path) -> None:
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm(AlarmDescription=5))})
    assert response(found).complete
    assert [problem.pointer for problem in found.problems] == ["/MetricAlarms/0/AlarmDescription"]


def test_x3_narrowing_arguments_prove_no_absence(tmp_path: Path) -> None:
    record = [
        {"file": "f.json", "call": "logs:DescribeMetricFilters", "account_id": ACCOUNT, "region": REGION,
         "arguments": ["logs", "describe-metric-filters", "--filter-name-prefix", "x"]}
    ]  # fmt: skip
    found = evidence(tmp_path, {"captures.json": record, "f.json": {"metricFilters": [metric_filter()]}})
    filters = found.responses.get("logs:DescribeMetricFilters", ACCOUNT, REGION)
    assert (filters.complete, filters.code, filters.captured) == (False, "narrowed", True)


def test_x3_a_bare_list_proves_presence_only(tmp_path: Path) -> None:
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": [alarm()]})
    assert (response(found).complete, response(found).code) == (False, "presence_only")
    assert names(found) == ["ssm-actions"]
    assert "--query" in found.problems[0].remedy


def test_captures_outside_the_period_prove_nothing(tmp_path: Path) -> None:
    files = {f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm())}
    inside = evidence(tmp_path, files, captured_on="2026-11-10", period=("2026-07-01", "2026-09-30"))
    outside = evidence(tmp_path, files, captured_on="2026-11-20", period=("2026-07-01", "2026-09-30"))
    assert response(inside).complete
    assert (response(outside).complete, response(outside).code) == (False, "out_of_period")


def test_x1_a_page_outside_the_period_leaves_its_gap(tmp_path: Path) -> None:
    first, last = (f"{PLACE}/cloudwatch-describe-alarms.page{number}.json" for number in (1, 2))
    told = {"file": first, "call": ALARMS, "account_id": ACCOUNT, "region": REGION, "ended_at": "2026-01-01T00:00:00Z"}
    files = {first: alarms(alarm(), NextToken="t"), last: alarms(), "captures.json": {"captures": [told]}}
    found = response(evidence(tmp_path, files, captured_on="2026-09-01", period=("2026-07-01", "2026-09-30")))
    assert (found.complete, found.code) == (False, "out_of_period")


def test_x2_an_empty_last_page_of_a_topic_is_named_by_its_file(tmp_path: Path) -> None:
    folder = f"{PLACE}/sns-list-subscriptions-by-topic"
    entries = [subscription(SubscriptionArn="PendingConfirmation")]
    pages = {
        f"{folder}/alerts.page1.json": {"Subscriptions": entries, "NextToken": "t"},
        f"{folder}/alerts.page2.json": {"Subscriptions": []},
    }
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
    found = evidence(tmp_path, pages).responses.get("sns:ListSubscriptionsByTopic", ACCOUNT, REGION, topic)
    assert (found.complete, found.captures) == (True, (0, 1))


def test_what_is_not_there_is_not_captured(tmp_path: Path) -> None:
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": alarms()})
    missing = found.responses.get("logs:DescribeMetricFilters", ACCOUNT, REGION)
    assert (missing.complete, missing.captured, missing.code) == (False, False, "not_captured")


def test_x8_json_of_another_kind_is_listed_as_such(tmp_path: Path) -> None:
    files = {f"{PLACE}/cloudwatch-describe-alarms.json": alarms(), "README.md": "# hello", "notes.json": {"a": 1}}
    found = evidence(tmp_path, files)
    assert [other.file for other in found.others] == ["README.md", "notes.json"]
    assert not found.problems


def test_x8_a_file_named_as_a_call_that_cannot_be_used_is_a_problem(tmp_path: Path) -> None:
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": {"a": 1}})
    assert [problem.file for problem in found.problems] == [f"{PLACE}/cloudwatch-describe-alarms.json"]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        pytest.param(alarm(), "", id="V3 twice the same"),
        pytest.param(alarm(StateValue="ALARM"), "", id="V3 another state"),
        pytest.param(alarm(Threshold=5.0), "contradictory", id="V3 another threshold"),
    ],
)
def test_one_thing_twice_in_one_file(tmp_path: Path, second: dict[str, Any], code: str) -> None:
    found = evidence(tmp_path, {f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm(), second)})
    assert response(found).code == code
    assert [problem.code for problem in found.problems] == [code] * bool(code)


COMPOSITE = {
    "AlarmName": "c", "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:c", "AlarmRule": "ALARM(ssm-actions)",
    "ActionsEnabled": True, "AlarmActions": [], "OKActions": [], "InsufficientDataActions": [], "StateValue": "OK",
}  # fmt: skip
ALL_TYPES = ["--alarm-types", "MetricAlarm", "CompositeAlarm"]


def recorded(path: str, *arguments: str) -> dict[str, Any]:
    entry = {"file": path, "call": ALARMS, "account_id": ACCOUNT, "region": REGION, "arguments": list(arguments)}
    return {"captures.json": [entry]}


@pytest.mark.parametrize(
    ("answer", "arguments", "code"),
    [
        pytest.param(alarms(), None, "", id="C1 none of either"),
        pytest.param(alarms(alarm(), CompositeAlarms=[COMPOSITE]), None, "", id="C1 some of both"),
        pytest.param(
            alarms(CompositeAlarms=[COMPOSITE]), None, "narrowed", id="C1 composites, and none they could name"
        ),
        pytest.param(alarms(CompositeAlarms=[COMPOSITE]), ALL_TYPES, "", id="C1 all types were asked for"),
        pytest.param(alarms(), ALL_TYPES[:1] + ALL_TYPES[2:], "narrowed", id="C1 composites were asked for"),
        pytest.param({"CompositeAlarms": []}, None, "narrowed", id="X3 a member that is always printed was cut out"),
        pytest.param({"LogAlarms": []}, ALL_TYPES, "narrowed", id="X3 cut out, whatever was asked"),
    ],
)
def test_alarms_that_were_not_asked_for(
    tmp_path: Path, answer: dict[str, Any], arguments: list[str] | None, code: str
) -> None:
    path = f"{PLACE}/cloudwatch-describe-alarms.json"
    files = {path: answer} | (recorded(path, *arguments) if arguments else {})
    assert response(evidence(tmp_path, files)).code == code


def test_c1_a_capture_for_each_type_is_no_contradiction(tmp_path: Path) -> None:
    files = {
        f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm()),
        f"{PLACE}/composite/cloudwatch-describe-alarms.json": alarms(CompositeAlarms=[COMPOSITE]),
    }
    found = evidence(tmp_path, files)
    assert (response(found).complete, names(found)) == (True, ["c", "ssm-actions"])


def test_c1_two_captures_of_the_same_type_are_one(tmp_path: Path) -> None:
    files = {
        f"{PLACE}/cloudwatch-describe-alarms.json": alarms(alarm()),
        f"{PLACE}/again/cloudwatch-describe-alarms.json": alarms(),
    }
    assert response(evidence(tmp_path, files)).code == "contradictory"


def test_x1_a_page_that_is_no_evidence_leaves_a_gap_before_the_last(tmp_path: Path) -> None:
    elsewhere = alarm(AlarmArn=f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:ssm-actions")
    files = {
        f"{PLACE}/cloudwatch-describe-alarms.1.json": alarms(elsewhere, NextToken="t"),
        f"{PLACE}/cloudwatch-describe-alarms.2.json": alarms(alarm(name="b")),
    }
    assert response(evidence(tmp_path, files)).code == "misplaced"


def test_the_reason_for_a_broken_item_is_the_same_whatever_the_files_are_called(tmp_path: Path) -> None:
    wrong = alarm(Threshold="1")
    one = evidence(tmp_path / "one", {f"{PLACE}/cloudwatch-describe-alarms.json": alarms(wrong)})
    other = evidence(tmp_path / "other", {f"q3/{PLACE}/alarms.json": alarms(wrong)})
    assert response(one).detail == response(other).detail
    assert response(one).detail == (
        '1 item of MetricAlarms is not as AWS writes it (Threshold: expected a number, found "1")'
    )


OTHER = "999988887777"
CALLER = "arn:aws:iam::{}:user/audit"


@pytest.mark.parametrize(
    ("path", "entry", "account", "complete"),
    [
        ("filters.json", {}, ACCOUNT, False),
        ("filters.json", {}, OTHER, False),
        (f"{ACCOUNT}/{OTHER}/{REGION}/filters.json", {}, ACCOUNT, False),
        (f"{OTHER}/{REGION}/filters.json", {}, ACCOUNT, True),
        (f"{PLACE}/filters.json", {"arguments": ["--region", "eu-west-1"], "region": REGION}, ACCOUNT, False),
        (f"{PLACE}/filters.json", {"caller_arn": CALLER.format(OTHER), "account_id": ACCOUNT}, ACCOUNT, False),
        (f"{PLACE}/filters.json", {"caller_arn": CALLER.format(OTHER), "account_id": ACCOUNT}, OTHER, False),
    ],
)
def test_v3_what_may_be_of_a_place_leaves_it_open(
    tmp_path: Path, path: str, entry: dict[str, Any], account: str, complete: bool
) -> None:
    files = {f"{one}/{REGION}/logs-describe-metric-filters.json": {"metricFilters": []} for one in (ACCOUNT, OTHER)}
    if account == ACCOUNT and complete:
        del files[f"{OTHER}/{REGION}/logs-describe-metric-filters.json"]
    record = [{"file": path, "call": "logs:DescribeMetricFilters", **entry}] if entry else []
    files |= {path: {"metricFilters": [metric_filter()]}, "captures.json": record}
    found = evidence(tmp_path, files)
    assert found.responses.get("logs:DescribeMetricFilters", account, REGION).complete is complete


TABLE = "----------------\n|DescribeAlarms|\n+--------------+\n"


@pytest.mark.parametrize(
    ("name", "text", "of_none", "of_some"),
    [
        pytest.param("alarms.json", '{"MetricAlarms": [', False, False, id="cut"),
        pytest.param("alarms.txt", "as of Tuesday", False, False, id="prose"),
        pytest.param("alarms.json", '{"MetricAlarms": 5}', False, False, id="no list"),
        pytest.param("alarms.txt", TABLE, True, False, id="an empty table"),
        pytest.param("alarms.txt", TABLE + "||MetricAlarms||\n", False, True, id="a table"),
        pytest.param("alarms.yaml", "CompositeAlarms: []\nMetricAlarms: []\n", True, False, id="empty YAML"),
        pytest.param("alarms.yml", "MetricAlarms:\n- AlarmName: x\n", False, True, id="YAML"),
        pytest.param("alarms.csv", "AlarmName,StateValue\nx,OK\n", False, True, id="a list of them"),
        pytest.param("alarms.json", "", True, True, id="zero bytes"),
        pytest.param(
            "alarms.json", "An error occurred (AccessDenied) when calling the DescribeAlarms operation: no", True, True,
            id="a refusal",
        ),
    ],
)  # fmt: skip
def test_x5_what_cannot_be_read_beside_a_whole_listing(
    tmp_path: Path, name: str, text: str, of_none: bool, of_some: bool
) -> None:
    for folder, listed, complete in (("none", alarms(), of_none), ("some", alarms(alarm()), of_some)):
        files = {f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json": listed}
        path = tmp_path / folder / ACCOUNT / REGION / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        assert response(evidence(tmp_path / folder, files)).complete is complete
