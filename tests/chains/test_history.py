"""Rules A5, A7, A12: what an alarm's own reports settle."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.verdict import Link
from tests.chains.chain import GROUP, PLACE, Join, first_fault, needed
from tests.textbook import Files, alarm, metric_filter, textbook

CALL = "cloudwatch:DescribeAlarmHistory"
DAY = "2026-08-02T10:00:00+00:00"


def history(*entries: dict[str, Any], name: str = "ssm-actions") -> Files:
    items = [{"AlarmName": name, "Timestamp": DAY, "HistoryItemType": "StateUpdate"} | entry for entry in entries]
    return {f"{PLACE}/cloudwatch-describe-alarm-history/{name}.json": {"AlarmHistoryItems": items}}


def change(to: str, points: list[float] | None, **more: Any) -> dict[str, Any]:
    """A change of state; ``more`` are members of its reason, or of the entry (in capitals)."""
    entry = {name: value for name, value in more.items() if name[0].isupper()}
    reason: dict[str, Any] = {} if points is None else {"recentDatapoints": points}
    reason |= {name: value for name, value in more.items() if name not in entry}
    state = {"stateValue": to, "stateReasonData": reason}
    return {"HistoryData": json.dumps({"version": "1.0", "newState": state})} | entry


def updated(day: str) -> dict[str, Any]:
    return {"HistoryItemType": "ConfigurationUpdate", "Timestamp": f"2026-08-{day}T10:00:00Z"}


LATE: dict[str, Any] = {"EvaluationPeriods": 3, "TreatMissingData": "missing"}

LATE_CASES = [
    pytest.param({}, "unknown", [CALL], id="A5 not captured"),
    pytest.param(history(change("ALARM", [1.0])), "ok", [], id="A5 tripped on one datapoint"),
    pytest.param(history(change("ALARM", [1.0, 1.0, 1.0])), "unknown", [], id="A5 tripped on three"),
    pytest.param(history(change("OK", [0.0])), "unknown", [], id="A5 another state"),
    pytest.param(history(change("ALARM", [1.0]), name="another"), "unknown", [CALL], id="A5 another alarm"),
    pytest.param(
        history(change("ALARM", [1.0], Timestamp="2026-06-01T10:00:00Z")), "unknown", [], id="A5 with older settings"
    ),
    pytest.param(history({"HistoryData": "{"}), "unknown", [], id="A5 no JSON"),
    pytest.param(
        history(change("ALARM", [1.0]), updated("03")),
        "unknown", [], id="A5 settings changed after it",
    ),
    pytest.param(
        history(updated("01"), change("ALARM", [1.0])),
        "ok", [], id="A5 settings changed before it",
    ),
    pytest.param(history(change("ALARM", [1.0], threshold=5.0)), "unknown", [], id="A5 by another threshold"),
    pytest.param(history(change("ALARM", [1.0], period=300, threshold=1.0)), "ok", [], id="A5 by the same settings"),
    pytest.param(history(change("ALARM", [0.0])), "unknown", [], id="A5 on a datapoint that does not breach"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "state", "calls"), LATE_CASES)
def test_late_alarm(join: Join, more: Files, state: str, calls: list[str]) -> None:
    late = alarm(**LATE, AlarmConfigurationUpdatedTimestamp="2026-07-01T08:00:00+00:00")
    (tail,) = join(textbook(alarms=[late]) | more).tails(GROUP)
    link = tail.links[Link.ALARM]
    assert link.state.value == state
    assert [call for call in needed(tail, Link.ALARM) if call == CALL] == calls
    assert [code for code, _ in link.remarks] == (["remark-late"] if state == "ok" else [])


FLIP_CASES = [
    pytest.param({}, "alarm-breaching-flips", [CALL], id="A7 not captured"),
    pytest.param(history(change("ALARM", [])), "alarm-breaching-flipped", [], id="A7 flipped in a quiet stretch"),
    pytest.param(history(change("ALARM", [1.0])), "alarm-breaching-flips", [], id="A7 only tripped by events"),
    pytest.param(history(change("ALARM", None)), "alarm-breaching-flips", [], id="A7 no datapoints told"),
    pytest.param(history(change("OK", [])), "alarm-breaching-flips", [], id="A7 another state"),
]


@pytest.mark.parametrize(("more", "code", "calls"), FLIP_CASES)
def test_flipping_alarm(join: Join, more: Files, code: str, calls: list[str]) -> None:
    files = textbook(
        filters=[metric_filter(transformation={"defaultValue": 0})], alarms=[alarm(TreatMissingData="breaching")]
    )
    (tail,) = join(files | more).tails(GROUP)
    assert first_fault(tail)[2] == code
    assert [need.call_id for need in tail.links[Link.ALARM].needs] == calls


@pytest.mark.parametrize(
    ("changes", "fault", "remarks"),
    [
        pytest.param({"StateValue": "ALARM"}, "", [], id="A12 state ALARM decides nothing"),
        pytest.param({"StateValue": "INSUFFICIENT_DATA"}, "", [], id="A12 no data decides nothing"),
        pytest.param({"EvaluationState": "PARTIAL_DATA"}, "alarm-evaluation-error", [], id="A12 partial data"),
        pytest.param({"EvaluationState": "EVALUATION_ERROR"}, "alarm-evaluation-error", [], id="A12 error"),
        pytest.param(
            {"EvaluationState": "EVALUATION_FAILURE"}, "", ["remark-evaluation-failure"], id="A12 a passing failure"
        ),
    ],
)
def test_reported_state(join: Join, changes: dict[str, Any], fault: str, remarks: list[str]) -> None:
    (tail,) = join(textbook(alarms=[alarm(**changes)])).tails(GROUP)
    assert first_fault(tail)[2] == fault
    assert [code for code, _ in tail.links[Link.ALARM].remarks] == remarks


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        pytest.param({}, [], id="A9 sliding window"),
        pytest.param(
            {"EvaluationWindow": {"WallClockWindow": {}}},
            ["remark-wall-clock"],
            id="A9 calendar periods",
        ),
        pytest.param(
            {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 5}}, ["remark-warm-up"], id="A9 warm-up"
        ),
        pytest.param({"Period": 86_400}, ["remark-long-period"], id="A9 a day"),
    ],
)
def test_remarks_of_an_alarm_that_trips(join: Join, changes: dict[str, Any], remarks: list[str]) -> None:
    (tail,) = join(textbook(alarms=[alarm(**changes)])).tails(GROUP)
    assert first_fault(tail)[2] == ""
    assert [code for code, _ in tail.links[Link.ALARM].remarks] == remarks
