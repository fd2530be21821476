"""One impossible value, in whatever member of whatever answer, costs no other account its finding."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.api import audit
from tests.examples import examples
from tests.laws.wide import places, wide
from tests.textbook import ACCOUNT, REGION, Files, textbook, write

NEIGHBOUR = "444455556666"
LARGE = [10**310, -(10**310), 2**63, 2**64 - 1, -(2**63), 10**30, 1e300, -1e300]
NUMBERS = [*LARGE, -1, 0, 5e-324, 0.1, 253_402_300_800]
TEXTS = [
    "", "\x00", "x" * 5_000, "1" * 4_301, "1e999", "nan", "-inf", "٣", "²", "[[[[", "{" * 300, "%[%", "$.a", "arn:::::",
    "arn:aws:sns:::", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", '{"a":' + "9" * 5_000 + "}",
]  # fmt: skip
OTHERS: list[Any] = [None, True, [], {}]
WIDE = wide()


def verdicts(files: Files) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The verdict of each account, and the problems, of a result that can be written."""
    with tempfile.TemporaryDirectory() as folder:
        result = audit(write(files, Path(folder)), controls=["ssm-actions"], frameworks=["iso27001-2022"])
    document = json.loads(result.to_json())
    return {one["account_id"]: one["verdict"] for one in document["findings"]}, document["problems"]


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, tuple[str | int, ...], Any]:
    file, path, value = draw(st.sampled_from(places(WIDE)))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return file, path, draw(st.sampled_from([*(NUMBERS if number else [*TEXTS, *LARGE]), *OTHERS]))


@examples(60)
@given(changes())
def test_law_the_neighbour_keeps_its_finding(change: tuple[str, tuple[str | int, ...], Any]) -> None:
    file, path, value = change
    files = copy.deepcopy(WIDE)
    place: Any = files[file]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    found, problems = verdicts(files | textbook(NEIGHBOUR))
    assert found[NEIGHBOUR] == "PASS"
    assert ACCOUNT in found
    assert not [one for one in problems if one["code"] == "not-computable"], "the schema refuses it"


@pytest.mark.parametrize("item", [86_400, "text", True, []])
@pytest.mark.parametrize(
    ("file", "member"),
    [(file, member) for file, answer in WIDE.items() for member, value in answer.items() if isinstance(value, list)],
)
def test_an_item_of_another_type_is_shown_as_it_is(file: str, member: str, item: object) -> None:
    found, problems = verdicts(textbook(NEIGHBOUR) | textbook() | {file: {member: [item]}})
    assert (found[NEIGHBOUR], ACCOUNT in found) == ("PASS", True)
    assert not [one for one in problems if one["code"] == "not-computable"]


STATUS = f"{ACCOUNT}/{REGION}/cloudtrail-get-trail-status/main.json"
GROUPS = f"{ACCOUNT}/{REGION}/logs-describe-log-groups.json"
ALARMS = f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"


@pytest.mark.parametrize("value", LARGE)
@pytest.mark.parametrize(
    ("file", "answer", "pointer"),
    [
        (STATUS, {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": 0}, "/LatestCloudWatchLogsDeliveryTime"),
        (GROUPS, {"logGroups": [{"logGroupName": "ct", "metricFilterCount": 0}]}, "/logGroups/0/metricFilterCount"),
        (ALARMS, None, "/MetricAlarms/0/Period"),
    ],
)
def test_an_impossible_number_is_a_problem_with_its_place(file: str, answer: Any, pointer: str, value: Any) -> None:
    files = textbook() | textbook(NEIGHBOUR)
    files[file] = copy.deepcopy(answer or files[file])
    *above, member = pointer.split("/")[1:]
    place: Any = files[file]
    for step in above:
        place = place[int(step) if step.isdigit() else step]
    place[member] = value
    found, problems = verdicts(files)
    assert found == {ACCOUNT: "INCONCLUSIVE", NEIGHBOUR: "PASS"}
    assert {(one["file"], one["pointer"]) for one in problems} == {(file, pointer)}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("ActionsEnabled", [True]),
        ("AlarmName", ["a"]),
        ("ScheduledQueryConfiguration", True),
        ("ScheduledQueryConfiguration", [{}]),
        ("ScheduledQueryConfiguration", {"LogGroupIdentifiers": 5}),
    ],
)
def test_a_member_of_a_wrong_type_that_no_verdict_needs_sets_nothing_aside(member: str, value: Any) -> None:
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:beside"
    files = textbook()
    files[ALARMS]["LogAlarms"] = [{"AlarmName": "beside", "AlarmArn": arn, member: value}]
    found, problems = verdicts(files)
    assert found == {ACCOUNT: "PASS"}
    assert {one["code"] for one in problems} <= {"schema", "contradictory-place"}


@pytest.mark.parametrize("value", [5, {}, "x", None])
@pytest.mark.parametrize("member", ["CompositeAlarms", "LogAlarms"])
def test_a_list_that_is_none_sets_its_answer_aside_alone(member: str, value: Any) -> None:
    files = textbook() | textbook(NEIGHBOUR)
    files[ALARMS] |= {"MetricAlarms": [{"AlarmName": "a"}, *files[ALARMS]["MetricAlarms"]], member: value}
    found, problems = verdicts(files)
    assert found == {ACCOUNT: "INCONCLUSIVE", NEIGHBOUR: "PASS"}
    assert {one["file"] for one in problems} == {ALARMS}
    assert not [one for one in problems if one["code"] == "not-computable"]
