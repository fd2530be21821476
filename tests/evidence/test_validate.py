"""What is told of an answer that does not follow its schema."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from auditor.evidence.operations import portions, validate
from auditor.evidence.operations.registry import Call, calls
from auditor.evidence.operations.validate import MAX_VIOLATIONS, record_violations, violations
from auditor.resources import validator
from tests.processor import Watch

CASES = json.loads((Path(__file__).parent / "validate_cases.json").read_text(encoding="utf-8"))
ALARMS = calls()["cloudwatch:DescribeAlarms"]


def alarms(count: int, **members: Any) -> dict[str, Any]:
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:alarm-"
    return {"MetricAlarms": [{"AlarmArn": f"{arn}{number}"} | members for number in range(count)]}


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_told_in_plain_words(case: dict[str, Any]) -> None:
    told = violations(calls()[case["call"]], case["answer"])
    assert [[one.pointer, one.expected, one.actual] for one in told] == case["told"]


def test_remedy_names_the_command_to_run_again() -> None:
    (told,) = violations(calls()["sns:GetTopicAttributes"], {"Attributes": []})
    assert told.remedy == (
        "Capture again and leave the file as it is: "
        "aws sns get-topic-attributes --topic-arn TOPIC --region REGION --output json"
    )


@pytest.mark.parametrize("call", calls().values(), ids=lambda call: call.name)
def test_remedy_has_no_gap_left(call: Call) -> None:
    (told,) = violations(call, 0)
    assert "{" not in told.remedy
    assert told.pointer == ""


def test_items_are_told_in_their_order() -> None:
    told = violations(ALARMS, alarms(12, Period="60"))
    assert [one.pointer for one in told] == [f"/MetricAlarms/{number}/Period" for number in range(12)]


def test_many_places_on_which_verdicts_depend_are_summed_up_at_their_list() -> None:
    told = violations(ALARMS, alarms(MAX_VIOLATIONS + 3, Period="60"))
    assert len(told) == MAX_VIOLATIONS + 1
    assert (told[-1].pointer, told[-1].actual) == ("/MetricAlarms", "3 more violations there")


def test_many_places_that_no_rule_reads_leave_their_list_usable() -> None:
    told = violations(ALARMS, alarms(MAX_VIOLATIONS + 1, StateReason=None))
    assert len(told) == MAX_VIOLATIONS + 1
    assert (told[-1].pointer, told[-1].actual) == (
        f"/MetricAlarms/{MAX_VIOLATIONS}/StateReason",
        "1 more violation there",
    )


def test_both_kinds_are_summed_up_apart() -> None:
    told = violations(ALARMS, alarms(MAX_VIOLATIONS, Period="60", StateReason=None))
    assert [one.pointer for one in told[MAX_VIOLATIONS:]] == ["/MetricAlarms", "/MetricAlarms/25/StateReason"]
    assert [one.actual for one in told[MAX_VIOLATIONS:]] == ["25 more violations there"] * 2


def test_answer_without_lists_is_summed_up_at_its_members() -> None:
    attributes: dict[str, Any] = {f"a{number:02}": number for number in range(MAX_VIOLATIONS)}
    topic = {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:a"}
    told = violations(calls()["sns:GetTopicAttributes"], {"Attributes": attributes | topic | {"z": 1}})
    assert (told[-1].pointer, told[-1].actual) == ("/Attributes", "1 more violation there")


def test_of_alternatives_the_closest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import jsonschema_rs

    either = {"properties": {"a": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "integer"}}]}}}
    monkeypatch.setattr(validate, "schema", lambda _: either)
    for room in (validate, portions):
        monkeypatch.setattr(room, "validator", lambda _: jsonschema_rs.validator_for(either))
    (told,) = violations(ALARMS, {"a": [1, "x"]})
    assert (told.pointer, told.expected, told.actual) == ("/a/1", "a whole number", '"x"')


def test_capture_record_is_told_where_it_is_wrong() -> None:
    record = {"captures": [{"file": "a.json", "call": "sns:ListTopics", "account_id": 111122223333}]}
    (told,) = record_violations(record)
    assert (told.pointer, told.expected) == ("/captures/0/account_id", "a string of 12 digits, or empty")
    assert record_violations({"captures": []}) == ()


def test_valid_pages_never_wake_the_explaining_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """30,000 alarms take milliseconds only while nothing but the compiled check runs."""
    compiled = validator(ALARMS.schema)
    asked = []

    class Counted:
        def is_valid(self, page: Any) -> bool:
            asked.append(page)
            return bool(compiled.is_valid(page))

    monkeypatch.setattr(validate, "validator", lambda _: Counted())
    monkeypatch.setattr(validate, "schema", None)
    page = alarms(3)
    assert violations(ALARMS, page) == ()
    assert asked == [page]


FILTER = {"filterName": "a", "logGroupName": "b"}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("call", "answer", "pointer"),
    [
        ("logs:DescribeMetricFilters", {"metricFilters": [{"a": 1} for _ in range(25_000)]}, "/metricFilters"),
        ("logs:DescribeMetricFilters", {"metricFilters": [1] * 25_000}, "/metricFilters"),
        (
            "logs:DescribeMetricFilters",
            {"metricFilters": [FILTER, FILTER | {"metricTransformations": [{}] * 25_000}]},
            "/metricFilters/1",
        ),
        ("sns:GetTopicAttributes", {"Attributes": {str(number): number for number in range(25_000)}}, "/Attributes"),
        ("logs:GetTransformer", {"transformerConfig": [{"copyValue": {}}] * 25_000}, ""),
    ],
)
def test_a_flood_of_violations_takes_little_time_and_memory(
    call: str, answer: Any, pointer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "MOST", 5_000)
    with Watch() as watch:
        tracemalloc.start()
        try:
            told = violations(calls()[call], answer)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert pointer in {one.pointer for one in told}
        assert len(told) <= MAX_VIOLATIONS + 2
    assert watch.seconds < 10
    assert peak < 50_000_000


def test_law_portions_tell_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = alarms(300) | {"CompositeAlarms": [{"AlarmArn": number} for number in range(300)], "NextToken": 5}
    for number in range(0, 300, 7):
        answer["MetricAlarms"][number] |= {"Period": "60", "Dimensions": [{}]}
    whole = [path for path, _ in portions.errors_of(ALARMS.schema, answer)]
    monkeypatch.setattr(portions, "PORTION", 40)
    assert sorted(map(str, whole)) == sorted(str(path) for path, _ in portions.errors_of(ALARMS.schema, answer))
    assert len(set(whole)) > 300
