"""Rules A1–A12: does one event, from rest, take the alarm to ALARM? Each case names its rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from auditor.chains.alarms.reading import AlarmReading, Series
from auditor.chains.alarms.settings import read_settings
from auditor.chains.alarms.tripping import rest_of, trips
from auditor.chains.model import Metric, Publisher
from tests.textbook import alarm

OTHER = Publisher("other", 1.0)
OTHER_WITH_DEFAULT = replace(OTHER, default=0.0)
NEGATIVE = replace(OTHER, value=-1.0)
ZEROS = replace(OTHER, value=0.0)
FIELD = replace(OTHER, value=None)
DISPUTED = replace(OTHER, disputed=True)

# rule and case, changed alarm settings, metric value, default value, other publishers, expected (holds, code)
CASES: list[tuple[str, dict[str, Any], float, float | None, list[Publisher], bool | None, str]] = [
    ("A1 textbook", {}, 1, None, [], True, ""),
    ("A1 sum counts two", {}, 2, None, [], True, ""),
    ("A1 sum default zero", {}, 1, 0, [], True, ""),
    ("A1 sum negative default eats the event", {}, 1, -1, [], False, "alarm-default-pulls-down"),
    ("A1 sum default of one minute undoes", {"Period": 60}, 1, -1, [], None, "alarm-default-same-minute"),
    ("A1 sum default of one minute does not undo", {"Period": 60}, 2, -1, [], True, ""),
    ("A1 value never reaches", {}, 0.5, None, [], False, "alarm-threshold"),
    (
        "A1 value reaches with the defaults of a busy group alone",
        {"Threshold": 3},
        2,
        0.25,
        [],
        False,
        "alarm-threshold",
    ),
    ("A1 value zero", {}, 0, None, [], False, "alarm-threshold"),
    ("A1 value negative", {}, -1, None, [], False, "alarm-threshold"),
    ("A1 sample count whatever the value", {"Statistic": "SampleCount"}, 0, None, [], True, ""),
    ("A1 sample count with default", {"Statistic": "SampleCount"}, 1, 0, [], False, "alarm-always-in-alarm"),
    ("A1 maximum", {"Statistic": "Maximum"}, 1, 0, [], True, ""),
    ("A1 minimum without default", {"Statistic": "Minimum"}, 1, None, [], True, ""),
    ("A1 minimum with default", {"Statistic": "Minimum"}, 1, 0, [], False, "alarm-default-pulls-down"),
    ("A1 minimum in one minute", {"Statistic": "Minimum", "Period": 60}, 1, 0, [], None, "alarm-default-same-minute"),
    ("A1 average without default", {"Statistic": "Average"}, 1, None, [], True, ""),
    ("A1 average with default", {"Statistic": "Average"}, 1, 0, [], False, "alarm-default-pulls-down"),
    ("A1 average low enough", {"Statistic": "Average", "Threshold": 0.2}, 1, 0, [], True, ""),
    ("A1 average in one minute", {"Statistic": "Average", "Period": 60}, 1, 0, [], None, "alarm-default-same-minute"),
    ("A2 greater than zero", {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 0}, 1, None, [], True, ""),
    ("A2 at least one half", {"Threshold": 0.5}, 1, None, [], True, ""),
    ("A2 greater than one", {"ComparisonOperator": "GreaterThanThreshold"}, 1, None, [], False, "alarm-threshold"),
    ("A2 at least five", {"Threshold": 5}, 1, None, [], False, "alarm-threshold"),
    ("A2 at least zero without default", {"Threshold": 0}, 1, None, [], True, ""),
    ("A2 at least zero with default", {"Threshold": 0}, 1, 0, [], False, "alarm-always-in-alarm"),
    ("A2 at most one", {"ComparisonOperator": "LessThanOrEqualToThreshold"}, 1, None, [], False, "alarm-threshold"),
    ("A2 less than one", {"ComparisonOperator": "LessThanThreshold"}, 1, None, [], False, "alarm-threshold"),
    ("A3 one of five", {"EvaluationPeriods": 5, "DatapointsToAlarm": 1}, 1, None, [], True, ""),
    ("A4 two of two", {"EvaluationPeriods": 2}, 1, None, [], False, "alarm-datapoints"),
    (
        "A4 two of two with default",
        {"EvaluationPeriods": 2, "TreatMissingData": "missing"},
        1,
        0,
        [],
        False,
        "alarm-datapoints",
    ),
    (
        "A4 two of two ignore",
        {"EvaluationPeriods": 2, "TreatMissingData": "ignore"},
        1,
        None,
        [],
        False,
        "alarm-datapoints",
    ),
    (
        "A5 three of three missing",
        {"EvaluationPeriods": 3, "TreatMissingData": "missing"},
        1,
        None,
        [],
        None,
        "alarm-late",
    ),
    ("A6 default one", {}, 1, 1, [], False, "alarm-always-in-alarm"),
    ("A6 defaults add up", {"Threshold": 1}, 1, 0.25, [], False, "alarm-always-in-alarm"),
    ("A7 breaching without default", {"TreatMissingData": "breaching"}, 1, None, [], False, "alarm-breaching"),
    ("A7 breaching with default", {"TreatMissingData": "breaching"}, 1, 0, [], None, "alarm-breaching-flips"),
    ("A8 ignore without default", {"TreatMissingData": "ignore"}, 1, None, [], False, "alarm-stuck"),
    ("A8 ignore with default", {"TreatMissingData": "ignore"}, 1, 0, [], True, ""),
    ("A8 missing", {"TreatMissingData": "missing"}, 1, None, [], True, ""),
    ("A8 absent is missing", {"TreatMissingData": None}, 1, None, [], True, ""),
    ("A9 a day", {"Period": 86400}, 1, None, [], True, ""),
    ("A9 ten seconds", {"Period": 10}, 1, None, [], None, "alarm-period-short"),
    ("A10 percentile without default", {"Statistic": None, "ExtendedStatistic": "p99"}, 1, None, [], True, ""),
    (
        "A10 percentile with default",
        {"Statistic": None, "ExtendedStatistic": "p50"},
        1,
        0,
        [],
        False,
        "alarm-default-pulls-down",
    ),
    (
        "A10 few samples ignored",
        {"Statistic": None, "ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "ignore"},
        1,
        None,
        [],
        False,
        "alarm-low-samples-ignored",
    ),
    (
        "A10 few samples evaluated",
        {"Statistic": None, "ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "evaluate"},
        1,
        None,
        [],
        True,
        "",
    ),
    ("M6 sum with another publisher", {}, 1, None, [OTHER], True, ""),
    ("M6 sum with a negative publisher", {}, 1, None, [NEGATIVE], None, "alarm-other-publisher"),
    ("M6 average with another publisher that breaches", {"Statistic": "Average"}, 1, None, [OTHER], True, ""),
    ("M6 average with another's default", {"Statistic": "Average"}, 1, None, [OTHER_WITH_DEFAULT], False,
     "alarm-other-publisher"),
    ("M6 average with zeros", {"Statistic": "Average"}, 1, None, [ZEROS], False, "alarm-other-publisher"),
    ("M6 minimum with zeros", {"Statistic": "Minimum"}, 1, None, [ZEROS], False, "alarm-other-publisher"),
    ("M6 average with a field", {"Statistic": "Average"}, 1, None, [FIELD], None, "alarm-other-publisher"),
    ("M6 sum with a field", {}, 1, None, [FIELD], None, "alarm-other-publisher"),
    ("M3 M6 a negative value beside a field", {}, -1, None, [replace(FIELD, busy=True)], False, "alarm-threshold"),
    ("A1 M6 a small value beside a field", {}, 0.5, None, [replace(FIELD, busy=True)], False, "alarm-threshold"),
    ("M6 sum with a disputed filter", {}, 1, None, [DISPUTED], None, "alarm-other-publisher"),
    ("M6 maximum with a field", {"Statistic": "Maximum"}, 1, None, [FIELD], True, ""),
    ("M6 maximum with a negative publisher", {"Statistic": "Maximum"}, 1, None, [NEGATIVE], True, ""),
    ("M6 sum with zeros for everything", {}, 1, None, [replace(ZEROS, busy=True)], True, ""),
    ("M6 sample count with zeros for everything", {"Statistic": "SampleCount"}, 1, None, [replace(ZEROS, busy=True)],
     False, "publisher-counts-everything"),
    ("A6 another counts everything", {}, 1, None, [replace(OTHER, busy=True)], False, "publisher-counts-everything"),
    ("A6 another may count everything", {}, 1, None, [replace(OTHER, busy=None)], None, "alarm-other-publisher"),
    ("A6 another's default", {}, 1, None, [replace(OTHER, default=1.0)], False, "alarm-always-in-alarm"),
    ("A8 ignore with zeros for everything", {"TreatMissingData": "ignore"}, 1, None, [replace(ZEROS, busy=True)], True,
     ""),
    ("A8 ignore with zeros", {"TreatMissingData": "ignore"}, 1, None, [ZEROS], None, "alarm-other-publisher"),
    ("A10 percentile of a negative value", {"Statistic": None, "ExtendedStatistic": "p50", "Threshold": -2}, -1, None,
     [], False, "alarm-threshold"),
    ("A10 M6 percentile with negative values", {"Statistic": None, "ExtendedStatistic": "p50", "Threshold": -2}, 1,
     None, [NEGATIVE], False, "alarm-other-publisher"),
    ("A4 broken whatever the default of a minute does",
     {"Statistic": "Average", "Period": 60, "EvaluationPeriods": 3}, 1, 0, [], False, "alarm-datapoints"),
    ("A4 broken whatever the period does", {"Period": 10, "EvaluationPeriods": 2}, 1, None, [], False,
     "alarm-datapoints"),
    ("M6 another publisher's default", {"TreatMissingData": "ignore"}, 1, None, [OTHER_WITH_DEFAULT], True, ""),
]  # fmt: skip


def reading(
    changes: dict[str, Any], value: float | None = None, default: float | None = None, others: Iterable[Publisher] = ()
) -> AlarmReading:
    """The textbook alarm on a metric, of a filter of these values and of others; without a value only of others."""
    settings = read_settings(alarm(**changes))
    assert not isinstance(settings, str)
    own = None if value is None else Publisher("own", value, default)
    metric = Metric("111122223333", "us-east-1", "Audit", "SsmActions")
    return AlarmReading(
        settings, (Series(metric, (), None, settings.statistic, settings.percentile, own, tuple(others)),)
    )


@pytest.mark.parametrize(
    ("changes", "value", "default", "others", "holds", "code"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_one_event(
    changes: dict[str, Any], value: float, default: float | None, others: list[Publisher], holds: bool | None, code: str
) -> None:
    outcome = trips(reading(changes, value, default, others))
    assert (outcome.holds, outcome.code) == (holds, code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"Statistic": None, "ExtendedStatistic": "tm90"}, "alarm-statistic-unknown", id="A10 trimmed mean"
        ),
        pytest.param({"Statistic": None, "ExtendedStatistic": "IQM"}, "alarm-statistic-unknown", id="A10 IQM"),
        pytest.param({"Statistic": None}, "alarm-settings-unclear", id="A11 neither statistic"),
        pytest.param({"ExtendedStatistic": "p90"}, "alarm-settings-unclear", id="A11 both statistics"),
        pytest.param({"EvaluationCriteria": {"PromQLCriteria": {}}}, "alarm-promql", id="A11 PromQL"),
        pytest.param({"Metrics": [{"Id": "m1"}, {"Id": "m2"}]}, "alarm-metric-maths", id="A13 maths"),
        pytest.param(
            {"ComparisonOperator": "GreaterThanUpperThreshold", "ThresholdMetricId": "ad1"},
            "alarm-anomaly",
            id="A13 band",
        ),
        pytest.param({"DatapointsToAlarm": 2}, "alarm-settings-unclear", id="A11 more datapoints than periods"),
        pytest.param({"Period": 90}, "alarm-settings-unclear", id="A9 no multiple of a minute"),
        pytest.param(
            {"Period": 3600, "EvaluationPeriods": 169, "DatapointsToAlarm": 1},
            "alarm-settings-unclear",
            id="A9 more than a week of hours",
        ),
    ],
)
def test_settings_that_are_not_decided(changes: dict[str, Any], code: str) -> None:
    assert read_settings(alarm(**changes)) == code


def test_a1_value_below_one_blames_the_metric() -> None:
    assert trips(reading({}, 0.5)).metric
    assert not trips(reading({}, 1, None, [NEGATIVE])).metric


@pytest.mark.parametrize(
    ("changes", "default", "states"),
    [
        pytest.param({}, None, {"OK"}, id="C4 notBreaching"),
        pytest.param({"TreatMissingData": "missing"}, None, {"INSUFFICIENT_DATA"}, id="C4 missing"),
        pytest.param({"TreatMissingData": "missing"}, 0.0, {"OK", "INSUFFICIENT_DATA"}, id="C4 missing with default"),
        pytest.param({"TreatMissingData": "breaching"}, None, {"ALARM"}, id="C4 breaching"),
        pytest.param({"TreatMissingData": "breaching"}, 0.0, {"OK", "ALARM"}, id="C4 breaching with default"),
        pytest.param({"TreatMissingData": "ignore"}, None, {"ALARM"}, id="C4 ignore"),
        pytest.param({"TreatMissingData": "ignore"}, 0.0, {"OK"}, id="C4 ignore with default"),
        pytest.param({}, 1.0, {"ALARM"}, id="C4 default breaches"),
    ],
)
def test_rest(changes: dict[str, Any], default: float | None, states: set[str]) -> None:
    assert rest_of(reading(changes, others=[Publisher("own", 1.0, default)])) == states
