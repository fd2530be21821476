"""Rules V3, A1, A4, A13, C4, T18: one event that several filters count, or of which several trails deliver copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import ACCOUNT, NAMES, PATTERN, REGION, alarm, metric_filter, textbook, trail, write

STATUS, SELECTORS = "cloudtrail-get-trail-status", "cloudtrail-get-event-selectors"
HALVES = ["{" + "||".join(f"($.eventName={name})" for name in part) + "}" for part in (NAMES[:5], NAMES[5:])]
BROADER = PATTERN[:-1] + "||($.eventName=CancelCommand)}"
APART = "{ $.eventName = DeleteTrail }"
TWICE = ("INCONCLUSIVE", "alarm-counted-again")
ONCE = ("FAIL", "alarm-threshold")
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"


def again(pattern: str = PATTERN, value: str = "1", name: str = "again", **changes: Any) -> dict[str, Any]:
    """A further filter on the textbook's metric."""
    return metric_filter(pattern, filterName=name, transformation={"metricValue": value}, **changes)


def judged(folder: Path, files: dict[str, Any]) -> tuple[str, str]:
    (finding,) = audit(write(files, folder), controls=["ssm-actions"]).document["findings"]
    return finding["verdict"], finding["reason_code"]


@pytest.mark.parametrize(
    ("further", "settings", "expected"),
    [
        pytest.param([again()], {"Threshold": 2}, TWICE, id="V3 counted by an equal filter"),
        pytest.param([again()], {"Threshold": 3}, ONCE, id="V3 twice is not three times"),
        pytest.param([again()], {"Threshold": 2, "Statistic": "SampleCount"}, TWICE, id="V3 two samples"),
        pytest.param([again()], {"Threshold": 2, "Statistic": "Maximum"}, ONCE, id="V3 a maximum does not add"),
        pytest.param([again(value="0.5")], {"Threshold": 1.5}, TWICE, id="V3 of different values"),
        pytest.param([again(value="0.5")], {"Threshold": 2}, ONCE, id="V3 of values that are too small together"),
        pytest.param([again(BROADER)], {"Threshold": 2}, TWICE, id="V3 by a broader filter"),
        pytest.param([again(HALVES[0])], {"Threshold": 2}, TWICE, id="V3 some of them: cautious"),
        pytest.param(
            [again(half, name=f"half {n}") for n, half in enumerate(HALVES)], {"Threshold": 2}, TWICE,
            id="V3 by halves together",
        ),
        pytest.param([again(APART)], {"Threshold": 2}, ONCE, id="V3 a filter for other events"),
        pytest.param([again(logGroupName="elsewhere")], {"Threshold": 2}, ONCE, id="V3 a group without a trail"),
        pytest.param(
            [again(value="$.bytes")], {"Threshold": 2}, ONCE, id="M3 a field is no number that would do"
        ),
        pytest.param([again()], {"Threshold": 1}, ("PASS", "holds"), id="A1 once is enough"),
        pytest.param(
            [again()], {"EvaluationPeriods": 3, "DatapointsToAlarm": 2}, ("FAIL", "alarm-datapoints"),
            id="A4 two filters of one group count at the same time",
        ),
    ],
)  # fmt: skip
def test_v3_an_event_that_several_filters_count(
    tmp_path: Path, further: list[dict[str, Any]], settings: dict[str, Any], expected: tuple[str, str]
) -> None:
    files = textbook(filters=[metric_filter(), *further], alarms=[alarm(**settings)])
    assert judged(tmp_path, files) == expected


def test_v3_values_that_are_too_small_one_by_one(tmp_path: Path) -> None:
    """No filter's value counts by itself, as M3 and A1 have it; together they do."""
    half = {"metricValue": "0.5"}
    alone = [metric_filter(transformation=half)]
    assert judged(tmp_path / "alone", textbook(filters=alone)) == ("FAIL", "value-too-small")
    assert judged(tmp_path / "both", textbook(filters=[*alone, again(value="0.5")])) == TWICE


def of_trails(*trails: dict[str, Any], selectors: dict[str, str], off: str = "") -> dict[str, Any]:
    """Trails with what their selectors take by name, and that of which the status says that it is off."""
    files = textbook(trails=trails, alarms=[alarm(Threshold=2)])
    for name, kind in selectors.items():
        arn = next(shown["TrailARN"] for shown in trails if shown["Name"] == name)
        answer = {"TrailARN": arn, "EventSelectors": [{"ReadWriteType": kind, "IncludeManagementEvents": True}]}
        files[f"{ACCOUNT}/{REGION}/{SELECTORS}/{name}.json"] = answer
        files[f"{ACCOUNT}/{REGION}/{STATUS}/{name}.json"] = {"IsLogging": name != off}
    return files


SECOND = trail(name="second")
ELSEWHERE = trail(name="second", CloudWatchLogsLogGroupArn=f"{GROUP}elsewhere:*")
BOTH = {"main": "All", "second": "All"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(of_trails(trail(), SECOND, selectors=BOTH), TWICE, id="T18 two trails of all events"),
        pytest.param(
            of_trails(trail(), SECOND, selectors={"main": "ReadOnly", "second": "WriteOnly"}), ONCE,
            id="T18 reads of one, writes of the other",
        ),
        pytest.param(of_trails(trail(), SECOND, selectors=BOTH, off="second"), ONCE, id="T12 one of them is off"),
        pytest.param(of_trails(trail(), ELSEWHERE, selectors=BOTH), ONCE, id="T18 into a group without filters"),
    ],
)  # fmt: skip
def test_t18_an_event_that_several_trails_deliver(
    tmp_path: Path, files: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert judged(tmp_path, files) == expected


def test_t18_two_groups_whose_filters_share_a_metric(tmp_path: Path) -> None:
    files = of_trails(trail(), ELSEWHERE, selectors=BOTH)
    listing = f"{ACCOUNT}/{REGION}/logs-describe-metric-filters.json"
    files[listing] = {"metricFilters": [metric_filter(), again(logGroupName="elsewhere")]}
    assert judged(tmp_path, files) == TWICE


@pytest.mark.parametrize(
    ("needed", "expected"),
    [
        pytest.param(2, TWICE, id="A4 as many minutes as copies"),
        pytest.param(3, ("FAIL", "alarm-datapoints"), id="A4 more than there are copies"),
    ],
)
def test_a4_copies_come_at_different_times(tmp_path: Path, needed: int, expected: tuple[str, str]) -> None:
    files = of_trails(trail(), SECOND, selectors=BOTH)
    watching = alarm(Threshold=1, EvaluationPeriods=3, DatapointsToAlarm=needed)
    files[f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"]["MetricAlarms"] = [watching]
    assert judged(tmp_path, files) == expected


def on_maths(expression: str, threshold: float) -> dict[str, Any]:
    """An alarm on the textbook's metric (m1) and another one (m2)."""
    shapes = {"m1": "SsmActions", "m2": "Other"}
    entries: list[dict[str, Any]] = [
        {
            "Id": entry,
            "ReturnData": False,
            "MetricStat": {
                "Metric": {"Namespace": "Audit", "MetricName": name, "Dimensions": []}, "Period": 300, "Stat": "Sum",
            },
        }
        for entry, name in shapes.items()
    ]  # fmt: skip
    entries.append({"Id": "e1", "Expression": expression, "ReturnData": True})
    plainly = dict.fromkeys(("Statistic", "MetricName", "Namespace", "Dimensions", "Period"))
    return alarm(**plainly, Metrics=entries, Threshold=threshold)


@pytest.mark.parametrize(
    ("expression", "threshold", "pattern", "expected"),
    [
        pytest.param("m1+m2", 2, PATTERN, TWICE, id="A13 a sum of both"),
        pytest.param("m1*m2", 1, PATTERN, TWICE, id="A13 a product of both"),
        pytest.param("m1+m2", 3, PATTERN, ONCE, id="A13 a sum that both do not reach"),
        pytest.param("m1+m2", 2, APART, ONCE, id="A13 a series of other events"),
    ],
)
def test_a13_series_that_count_the_same_event(
    tmp_path: Path, expression: str, threshold: float, pattern: str, expected: tuple[str, str]
) -> None:
    other = metric_filter(pattern, filterName="other", transformation={"metricName": "Other"})
    files = textbook(filters=[metric_filter(), other], alarms=[on_maths(expression, threshold)])
    assert judged(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("rule", "pattern", "expected"),
    [
        pytest.param("ALARM(ssm-actions) AND ALARM(b)", PATTERN, "composite-undecided", id="C4 and"),
        pytest.param("AT_LEAST(2, ALARM, (ssm-actions, b))", PATTERN, "composite-undecided", id="C4 at least two"),
        pytest.param("ALARM(ssm-actions) AND ALARM(b)", APART, "composite-needs-more", id="C4 of other events"),
        pytest.param("ALARM(ssm-actions) AND FALSE", PATTERN, "composite-needs-more", id="C3 never"),
        pytest.param("ALARM(ssm-actions) AND ALARM(c)", PATTERN, "composite-needs-more", id="C4 with a third one"),
    ],
)
def test_c4_alarms_whose_filters_count_the_same_event(tmp_path: Path, rule: str, pattern: str, expected: str) -> None:
    own = alarm(AlarmActions=[])
    b = alarm(name="b", MetricName="Other", AlarmActions=[])
    c = alarm(name="c", MetricName="Third", AlarmActions=[])
    filters = [
        metric_filter(),
        metric_filter(pattern, filterName="other", transformation={"metricName": "Other"}),
        metric_filter(APART, filterName="third", transformation={"metricName": "Third"}),
    ]
    composite = {
        "AlarmName": "both", "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:both", "AlarmRule": rule,
        "ActionsEnabled": True, "AlarmActions": alarm()["AlarmActions"], "OKActions": [],
        "InsufficientDataActions": [], "StateValue": "OK",
    }  # fmt: skip
    files = textbook(filters=filters, alarms=[own, b, c], composites=[composite])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    codes = {chain["links"]["alarm"]["code"] for chain in finding["chains"]}
    assert expected in codes
    assert finding["verdict"] == ("INCONCLUSIVE" if expected == "composite-undecided" else "FAIL")
