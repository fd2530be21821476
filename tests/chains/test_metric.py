"""Rules M1–M7, V2: an alarm watches the very metric that the filter publishes, and its value can count."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.chains.metric import number
from tests.chains.chain import Join, faults
from tests.textbook import alarm, metric_filter, textbook

OK = ("", "", "")
DIMENSION = [{"Name": "a", "Value": "b"}]

# rule and case, the filter's transformation, the alarm's settings, first fault
CASES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, str, str]]] = [
    ("M1 the same metric", {}, {}, OK),
    ("M1 another name", {}, {"MetricName": "Other"}, ("alarm", "broken", "no-alarm")),
    ("M1 another case", {}, {"MetricName": "ssmactions"}, ("alarm", "broken", "no-alarm")),
    ("M1 V2 another namespace is a near miss", {}, {"Namespace": "audit"}, ("metric", "broken", "namespace-differs")),
    ("M1 V2 dimensions are a near miss", {}, {"Dimensions": DIMENSION}, ("metric", "broken", "alarm-has-dimensions")),
    ("M2 dimensions of the filter, alarm without", {"dimensions": {"a": "$.eventName"}}, {},
     ("metric", "broken", "filter-has-dimensions")),
    ("M2 dimensions of both", {"dimensions": {"a": "$.eventName"}}, {"Dimensions": DIMENSION},
     ("metric", "broken", "filter-has-dimensions")),
    ("M2 no dimensions", {"dimensions": {}}, {}, OK),
    ("M3 constant", {"metricValue": "1.0"}, {}, OK),
    ("M3 constant with exponent", {"metricValue": "1e0"}, {}, OK),
    ("M3 field", {"metricValue": "$.count"}, {}, ("metric", "broken", "value-not-constant")),
    ("M3 A1 value too small", {"metricValue": "0"}, {}, ("metric", "broken", "value-too-small")),
    ("M4 no default value", {}, {"TreatMissingData": "ignore"}, ("alarm", "broken", "alarm-stuck")),
    ("M4 a default value ends the gaps", {"defaultValue": 0}, {"TreatMissingData": "ignore"}, OK),
    ("M5 no unit", {}, {}, OK),
    ("M5 unit of the filter, alarm without", {"unit": "Count"}, {}, OK),
    ("M5 the same unit", {"unit": "Count"}, {"Unit": "Count"}, OK),
    ("M5 absent is None", {}, {"Unit": "None"}, OK),
    ("M5 another unit", {}, {"Unit": "Count"}, ("metric", "broken", "unit-differs")),
    ("M7 a period of a minute", {}, {"Period": 60}, OK),
    ("M7 A9 a period of ten seconds", {}, {"Period": 10}, ("alarm", "unknown", "alarm-period-short")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("transformation", "settings", "fault"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_metric(
    join: Join, transformation: dict[str, Any], settings: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    files = textbook(filters=[metric_filter(transformation=transformation)], alarms=[alarm(**settings)])
    assert faults(join(files)) == [fault]


@pytest.mark.parametrize(
    ("group", "unit", "code"),
    [
        pytest.param("ct", "None", "", id="M6 another filter of the group"),
        pytest.param("other", "None", "", id="M6 a filter of another group"),
        pytest.param("other", "Count", "units-mixed", id="M5 M6 units differ"),
    ],
)
def test_other_publisher(join: Join, group: str, unit: str, code: str) -> None:
    other = metric_filter("{ $.a = b }", filterName="other", logGroupName=group, transformation={"unit": unit})
    (first, *_) = faults(join(textbook(filters=[metric_filter(), other])))
    assert first[2] == code


def test_v2_near_misses_give_way_to_an_alarm_that_watches(join: Join) -> None:
    files = textbook(alarms=[alarm(), alarm(name="b", Namespace="Other")])
    assert faults(join(files)) == [OK]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1", 1.0, id="M3 whole"),
        pytest.param("1.0", 1.0, id="M3 decimal"),
        pytest.param("1e0", 1.0, id="M3 exponent"),
        pytest.param("$.x", None, id="M3 field"),
        pytest.param(None, None, id="M3 absent"),
        pytest.param("1_0", None, id="M3 no digit separators"),
        pytest.param("\u0661", None, id="M3 digits of another script"),
        pytest.param(2, 2.0, id="M3 a number"),
        pytest.param("nan", None, id="M3 not a number"),
        pytest.param("inf", None, id="M3 infinite"),
    ],
)
def test_number(text: str | None, expected: float | None) -> None:
    assert number(text) == expected
