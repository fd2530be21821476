"""Rules A13, A14: alarms on metric maths, and on metrics of other accounts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.chains.alarms.maths_syntax import parse_expression
from auditor.chains.alarms.maths_values import Evaluation, Value
from auditor.verdict import Link
from tests.chains.chain import GROUP, PLACE, Join, faults, first_fault, needed
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, write

MONITOR = "999988887777"
OK = ("", "", "")


def series(name: str = "m1", metric: str = "SsmActions", **changes: Any) -> dict[str, Any]:
    stat = {"Metric": {"Namespace": "Audit", "MetricName": metric}, "Period": 300, "Stat": "Sum"}
    stat |= changes.pop("stat", {})
    return {"Id": name, "MetricStat": stat, "ReturnData": False} | changes


def expression(text: str, name: str = "e1", **changes: Any) -> dict[str, Any]:
    return {"Id": name, "Expression": text, "ReturnData": True} | changes


def on_maths(*entries: dict[str, Any], account: str = ACCOUNT, **changes: Any) -> dict[str, Any]:
    """The textbook alarm on metric maths."""
    plain = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Dimensions", "Period"))
    return alarm(account, **(plain | {"Metrics": list(entries)} | changes))


OTHER = series("m2", "Other")


def on_other(pattern: str = "{ $.eventName = X }", **transformation: Any) -> dict[str, Any]:
    """A filter that publishes into the metric of ``OTHER``."""
    return metric_filter(pattern, filterName="other", transformation={"metricName": "Other"} | transformation)


# rule and case, the alarm's expression, changed settings, code at the alarm link
CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("A13 one series", "m1", {}, ""),
    ("A13 times one", "m1*1", {}, ""),
    ("A13 times nothing", "m1*0", {}, "alarm-threshold"),
    ("A13 half of it", "m1/2", {}, "alarm-threshold"),
    ("A13 half of it, low threshold", "m1/2", {"Threshold": 0.5}, ""),
    ("A13 sum of two", "m1+m2", {}, ""),
    ("A13 sum of two needs two", "m1+m2", {"Threshold": 2}, "alarm-threshold"),
    ("A13 difference", "m1-m2", {}, "alarm-maths-not-decided"),
    ("A13 SUM of an array", "SUM([m1,m2])", {}, ""),
    ("A13 MAX of an array", "MAX([m1, m2])", {}, ""),
    ("A13 IF", "IF(m1>0,1,0)", {}, ""),
    ("A13 IF with the branches changed", "IF(m1>0,0,1)", {}, "alarm-threshold"),
    ("A13 IF for one event and not for two", "IF(m1==1,1,0)", {}, "alarm-threshold"),
    ("A13 IF not for some numbers of events", "IF(m1==5,0,1)", {}, "alarm-maths-not-decided"),
    ("A13 IF on both", "IF(m1>0 AND m2>0,1,0)", {}, "alarm-threshold"),
    ("A13 IF on either", "IF(m1>0 OR m2>0,1,0)", {}, ""),
    ("A13 IF that only a point makes true", "IF(m1>0 OR m2>=0,1,0)", {}, ""),
    ("A13 at least zero of two without default values", "m1+m2", {"Threshold": 0}, ""),
    ("A13 ignore with another series", "m1+m2", {"TreatMissingData": "ignore"}, "alarm-stuck"),
    ("A13 one series twice", "m1*2 - m1", {}, ""),
    ("A13 one series against itself", "m1 - m1", {}, "alarm-threshold"),
    ("A13 two of two datapoints", "m1+m2", {"EvaluationPeriods": 2}, "alarm-datapoints"),
    ("A13 ignore alone", "m1*1", {"TreatMissingData": "ignore"}, "alarm-stuck"),
    ("A13 SUM of one series", "SUM(m1)", {}, "alarm-maths-whole-range"),
    ("A13 running sum", "RUNNING_SUM(m1)", {}, "alarm-maths-whole-range"),
    ("A13 count of datapoints", "DATAPOINT_COUNT(m1)", {}, "alarm-maths-whole-range"),
    ("A13 rate", "RATE(m1)", {}, "alarm-maths-rate"),
    ("A13 rate beside the metric itself", "m1 + RATE(m1)", {}, "alarm-maths-not-decided"),
    ("A13 fill", "FILL(m1,0)", {}, "alarm-maths-fill"),
    ("A13 ratio", "m1/m2", {}, "alarm-maths-ratio"),
    ("A13 search", "SEARCH('{Audit} SsmActions', 'Sum', 300)", {}, "alarm-maths-search"),
    ("A13 all metrics", "SUM(METRICS())", {}, "alarm-maths-whole-range"),
    ("A13 function that is not evaluated", "MIN([m1,m2])", {}, "alarm-maths-not-decided"),
    ("A13 not an expression", "m1 +", {}, "alarm-maths-not-decided"),
]


@pytest.mark.parametrize(("text", "changes", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_expression(join: Join, text: str, changes: dict[str, Any], code: str) -> None:
    entries = [series(), expression(text)] + ([OTHER] if "m2" in text else [])
    chains = join(textbook(filters=[metric_filter(), on_other()], alarms=[on_maths(*entries, **changes)]))
    found = {tail.filter_name: first_fault(tail) for tail in chains.tails(GROUP)}["ssm-actions"]
    if code == "alarm-maths-search":  # nothing in the alarm names the metric
        assert found == ("alarm", "broken", "no-alarm")
        return
    link, _, found_code = found
    assert (link, found_code) == (("alarm", code) if code else ("", ""))


# rule and case, the alarm's expression, the other filter's transformation, the stat of both, changed settings, code
TOGETHER: list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ("A13 default 0 of another series", "m1+m2", {"defaultValue": 0}, {}, {}, ""),
    ("A13 A6 default 1 of another series", "m1+m2", {"defaultValue": 1}, {}, {}, "alarm-always-in-alarm"),
    ("A13 A6 default 0 where zero breaches", "m1+m2", {"defaultValue": 0}, {}, {"Threshold": 0},
     "alarm-always-in-alarm"),
    ("A13 A6 samples of another's default", "m1+m2", {"defaultValue": 0}, {"Stat": "SampleCount"}, {},
     "alarm-always-in-alarm"),
    ("A13 samples without default", "m1+m2", {}, {"Stat": "SampleCount"}, {}, ""),
    ("A13 breaches with another's default added", "m1+m2", {"defaultValue": 1}, {"Period": 60}, {"Threshold": 2},
     "alarm-maths-not-decided"),
    ("A13 ignore with another's default", "m1+m2", {"defaultValue": 0}, {}, {"TreatMissingData": "ignore"}, ""),
    ("A13 zeros of another series", "m1+m2", {"metricValue": "0"}, {}, {}, ""),
    ("A13 value from a field", "m1+m2", {"metricValue": "$.x"}, {}, {}, "alarm-maths-not-decided"),
    ("A13 another series does not matter", "m1+m2*0", {"metricValue": "$.x"}, {}, {}, ""),
    ("A13 the difference to a default", "m1-m2", {"defaultValue": 1}, {}, {}, "alarm-other-publisher"),
    ("A13 averages", "m1+m2", {}, {"Stat": "Average"}, {}, ""),
    ("A13 dimensions make it another metric", "m1+m2", {"dimensions": {"e": "$.eventName"}}, {}, {},
     "alarm-series-not-shown"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "transformation", "stat", "changes", "code"), [c[1:] for c in TOGETHER], ids=[c[0] for c in TOGETHER]
)
def test_series_of_two_filters(
    join: Join, text: str, transformation: dict[str, Any], stat: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    entries = [series(stat=stat), series("m2", "Other", stat=stat), expression(text)]
    files = textbook(filters=[metric_filter(), on_other(**transformation)], alarms=[on_maths(*entries, **changes)])
    faulty = {tail.filter_name: first_fault(tail) for tail in join(files).tails(GROUP)}
    assert faulty["ssm-actions"][2] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("m1+m2", "alarm-series-not-shown", id="A13 adds up"),
        pytest.param("IF(m2>0,m1,0)", "alarm-series-not-shown", id="A13 condition"),
        pytest.param("MAX([m1,m2])", "alarm-series-not-shown", id="A13 the greater"),
        pytest.param("IF(m1>0,1,0)+m2*0", "", id="A13 does not matter"),
        pytest.param("(m1+m2)*0", "alarm-threshold", id="A13 nothing matters"),
    ],
)
@pytest.mark.parametrize("account", [ACCOUNT, MONITOR])
def test_a13_data_that_nobody_shows(join: Join, text: str, code: str, account: str) -> None:
    invocations = {"Namespace": "AWS/Lambda", "MetricName": "Invocations"}
    entries = [series(), series("m2", stat={"Metric": invocations}, AccountId=account), expression(text)]
    ((_, _, found),) = faults(join(textbook(alarms=[on_maths(*entries)])))
    assert found == code


def test_v3_the_other_series_may_get_data_from_a_page_that_is_missing(join: Join) -> None:
    entries = [series(), OTHER, expression("m1+m2")]
    files = textbook(filters=[metric_filter(), on_other()], alarms=[on_maths(*entries)])
    files[f"{PLACE}/logs-describe-metric-filters.json"]["nextToken"] = "t"
    tail = next(tail for tail in join(files).tails(GROUP) if tail.filter_name == "ssm-actions")
    assert first_fault(tail) == ("alarm", "unknown", "alarm-series-not-shown")
    assert needed(tail, Link.ALARM)[:1] == ["logs:DescribeMetricFilters"]


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        pytest.param([series(ReturnData=True)], OK, id="A13 lone metric"),
        pytest.param(
            [series(ReturnData=False)],
            ("alarm", "unknown", "alarm-settings-unclear"),
            id="A13 lone metric returns nothing",
        ),
        pytest.param([{"Id": "m1", "MetricStat": series()["MetricStat"]}], OK, id="A13 absent ReturnData is true"),
        pytest.param([series(ReturnData=True), OTHER], OK, id="A13 other entries return nothing"),
        pytest.param(
            [series(), series("m2", "Other", ReturnData=True)],
            ("alarm", "broken", "no-alarm"),
            id="A13 another entry is watched",
        ),
        pytest.param(
            [series(ReturnData=True), series("m2", "Other", ReturnData=True)],
            ("alarm", "unknown", "alarm-settings-unclear"),
            id="A13 two entries return data",
        ),
        pytest.param(
            [series(), expression("m1*1", "e1", ReturnData=False), expression("e1+0", "e2")],
            OK,
            id="A13 expression of an expression",
        ),
        pytest.param(
            [series(), expression("e2+m1", "e1", ReturnData=False), expression("e1", "e2")],
            ("alarm", "unknown", "alarm-settings-unclear"),
            id="A13 expressions in a circle",
        ),
        pytest.param(
            [series(), series("m2"), expression("m1-m2+m1")],
            OK,
            id="A13 the same metric twice",
        ),
        pytest.param(
            [series(), series("m2", stat={"Stat": "Maximum"}), expression("m1+m2")],
            OK,
            id="A13 two statistics of one metric",
        ),
        pytest.param(
            [series(), series("m2", "Other", stat={"Period": 60}), expression("m1+m2")],
            ("alarm", "unknown", "alarm-maths-not-decided"),
            id="A13 periods differ",
        ),
        pytest.param(
            [
                series(
                    stat={
                        "Metric": {
                            "Namespace": "Audit",
                            "MetricName": "SsmActions",
                            "Dimensions": [{"Name": "a", "Value": "b"}],
                        }
                    }
                ),
                expression("m1*1"),
            ],
            ("metric", "broken", "alarm-has-dimensions"),
            id="A13 dimensions of the entry count",
        ),
        pytest.param(
            [series(stat={"Unit": "Count"}), expression("m1*1")],
            ("metric", "broken", "unit-differs"),
            id="A13 unit of the entry counts",
        ),
        pytest.param(
            [expression('SELECT SUM(SsmActions) FROM "Audit"', Period=300)],
            ("alarm", "unknown", "alarm-metrics-insights"),
            id="A13 Metrics Insights",
        ),
        pytest.param(
            [expression('SELECT SUM(SsmActions) FROM SCHEMA("Audit")', Period=300)],
            ("alarm", "unknown", "alarm-metrics-insights"),
            id="A13 Metrics Insights by schema",
        ),
        pytest.param(
            [expression('SELECT SUM(Other) FROM "Audit"', Period=300)],
            ("alarm", "broken", "no-alarm"),
            id="A13 Metrics Insights on another metric",
        ),
    ],
)
def test_entries(join: Join, entries: list[dict[str, Any]], fault: tuple[str, str, str]) -> None:
    assert set(faults(join(textbook(alarms=[on_maths(*entries)])))) == {fault}


@pytest.mark.parametrize(
    ("comparison", "fault"),
    [
        pytest.param("GreaterThanUpperThreshold", ("alarm", "unknown", "alarm-anomaly"), id="A13 above the band"),
        pytest.param(
            "LessThanLowerOrGreaterThanUpperThreshold", ("alarm", "unknown", "alarm-anomaly"), id="A13 beside the band"
        ),
        pytest.param("LessThanLowerThreshold", ("alarm", "broken", "alarm-anomaly-below"), id="A13 below the band"),
    ],
)
def test_anomaly_band(join: Join, comparison: str, fault: tuple[str, str, str]) -> None:
    band = expression("ANOMALY_DETECTION_BAND(m1, 2)", "ad1")
    changes: dict[str, Any] = {"Threshold": None, "ThresholdMetricId": "ad1", "ComparisonOperator": comparison}
    assert faults(join(textbook(alarms=[on_maths(series(ReturnData=True), band, **changes)]))) == [fault]


@pytest.mark.parametrize(
    ("threshold", "code"),
    [
        pytest.param(1.0, "alarm-maths-rate", id="A13 rate"),
        pytest.param(0.01, "alarm-maths-not-decided", id="A13 rate, threshold in reach"),
    ],
)
def test_rate_with_a_default_value(join: Join, threshold: float, code: str) -> None:
    files = textbook(
        filters=[metric_filter(transformation={"defaultValue": 0})],
        alarms=[on_maths(series(), expression("RATE(m1)"), Threshold=threshold)],
    )
    assert [fault[2] for fault in faults(join(files))] == [code]


def test_v2_a_near_miss_of_an_alarm_on_maths_names_its_namespace(join: Join) -> None:
    entry = series(ReturnData=True, stat={"Metric": {"Namespace": "audit", "MetricName": "SsmActions"}})
    (tail,) = join(textbook(alarms=[on_maths(entry)])).tails(GROUP)
    assert tail.links[Link.METRIC].facts["alarm_namespace"] == "audit"


def test_a13_further_series_are_told(join: Join) -> None:
    files = textbook(filters=[metric_filter(), on_other()], alarms=[on_maths(series(), OTHER, expression("m1+m2"))])
    tail = next(tail for tail in join(files).tails(GROUP) if tail.filter_name == "ssm-actions")
    assert [code for code, _ in tail.links[Link.ALARM].remarks] == ["remark-other-series"]


def link_to_monitor(kinds: list[str], region: str = REGION) -> dict[str, Any]:
    return {
        f"{PLACE}/oam-list-links.json": {
            "Items": [
                {
                    "Arn": f"arn:aws:oam:{region}:{ACCOUNT}:link/1",
                    "SinkArn": f"arn:aws:oam:{region}:{MONITOR}:sink/1",
                    "ResourceTypes": kinds,
                }
            ]
        }
    }


def monitored(join: Join, *entries: dict[str, Any], **changes: Any) -> list[tuple[str, str, str]]:
    """The textbook account without alarms, watched by an alarm in a monitoring account."""
    files = textbook(alarms=[]) | link_to_monitor(["AWS::CloudWatch::Metric"])
    watching = on_maths(*entries, account=MONITOR, **changes)
    subscriptions = textbook(MONITOR)
    files[f"{MONITOR}/{REGION}/cloudwatch-describe-alarms.json"] = {"MetricAlarms": [watching], "CompositeAlarms": []}
    name = f"{MONITOR}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"
    files[name] = subscriptions[name]
    return faults(join(files))


def test_a14_alarm_of_a_monitoring_account(join: Join) -> None:
    assert monitored(join, series(ReturnData=True, AccountId=ACCOUNT)) == [OK]


def without_kinds(links: Files) -> Files:
    """A listing of links of which the kinds of data that they share were cut away (X6)."""
    ((path, answer),) = links.items()
    kept = [{key: value for key, value in link.items() if key != "ResourceTypes"} for link in answer["Items"]]
    return {path: {"Items": kept}}


SUBSCRIBERS_OF_MONITOR = f"{MONITOR}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"
METRICS_SHARED = link_to_monitor(["AWS::CloudWatch::Metric"])
WATCHED: Files = textbook(alarms=[]) | {
    f"{MONITOR}/{REGION}/cloudwatch-describe-alarms.json": {
        "MetricAlarms": [on_maths(series(ReturnData=True, AccountId=ACCOUNT), account=MONITOR)],
        "CompositeAlarms": [],
    },
    SUBSCRIBERS_OF_MONITOR: textbook(MONITOR)[SUBSCRIBERS_OF_MONITOR],
}
NO_LINKS: Files = {f"{PLACE}/oam-list-links.json": {"Items": []}}
NO_SINKS: Files = {f"{MONITOR}/{REGION}/oam-list-sinks.json": {"Items": []}}


def moved(*values: float | None) -> Files:
    """The history of the monitoring account's alarm, which changed its state on these datapoints."""
    state = {"stateValue": "OK", "stateReasonData": {"recentDatapoints": list(values)}}
    entry = {
        "AlarmName": "ssm-actions", "Timestamp": "2026-09-28T08:00:00Z", "HistoryItemType": "StateUpdate",
        "HistorySummary": "Alarm updated", "HistoryData": json.dumps({"newState": state}),
    }  # fmt: skip
    return {f"{MONITOR}/{REGION}/cloudwatch-describe-alarm-history.json": {"AlarmHistoryItems": [entry]}}


@pytest.mark.parametrize(
    ("links", "code"),
    [
        pytest.param({}, "", id="not captured"),
        pytest.param(link_to_monitor(["AWS::CloudWatch::Metric"]), "", id="a link that shares metrics"),
        pytest.param(link_to_monitor(["AWS::Logs::LogGroup"]), "alarm-not-linked", id="a link that shares logs alone"),
        pytest.param(NO_LINKS, "alarm-not-linked", id="no link"),
        pytest.param(
            {f"{PLACE}/oam-list-links.json": {"Items": [], "NextToken": "more"}},
            "",
            id="a page is missing",
        ),
        pytest.param(NO_SINKS, "alarm-not-linked", id="no sink to link to"),
        pytest.param(
            link_to_monitor(["AWS::CloudWatch::Metric"]) | NO_SINKS,
            "alarm-not-linked",
            id="a link to a sink that is gone",
        ),
        pytest.param(link_to_monitor([]), "alarm-not-linked", id="a link that shares nothing"),
        pytest.param(
            link_to_monitor(["AWS::CloudWatch::Metric"], "eu-west-1"), "alarm-not-linked", id="a link of another region"
        ),
        pytest.param(NO_LINKS | moved(1.0), "", id="no link, but the alarm had data"),
        pytest.param(NO_LINKS | moved(), "alarm-not-linked", id="no link, and the alarm moved without data"),
    ],
)
def test_a14_v3_an_alarm_sees_another_accounts_metric_by_a_link(join: Join, links: Files, code: str) -> None:
    codes = [first_fault(tail)[2] for tail in join(WATCHED | links).tails(GROUP) if tail.alarm_arn]
    assert codes == [code]


@pytest.mark.parametrize(
    ("links", "points"),
    [
        pytest.param({}, ["alarm-link-not-captured"], id="not captured"),
        pytest.param(METRICS_SHARED, [], id="a link that shares metrics"),
        pytest.param(
            without_kinds(METRICS_SHARED), ["alarm-link-not-captured"], id="a link that does not say what it shares"
        ),
    ],
)
def test_a14_x6_a_link_that_does_not_say_what_it_shares_shows_nothing(
    join: Join, links: Files, points: list[str]
) -> None:
    (tail,) = (tail for tail in join(WATCHED | links).tails(GROUP) if tail.alarm_arn)
    shown = [(point.code, point.material) for point in tail.links[Link.ALARM].open_points]
    assert [point for point in shown if point[1]] == [(code, True) for code in points]


def test_a14_alarm_without_account_id_watches_its_own_account(join: Join) -> None:
    assert monitored(join, series(ReturnData=True)) == [("alarm", "broken", "alarm-own-account-only")]


def test_a14_bands_do_not_work_across_accounts(join: Join) -> None:
    band = expression("ANOMALY_DETECTION_BAND(m1, 2)", "ad1")
    changes = {"ThresholdMetricId": "ad1", "ComparisonOperator": "GreaterThanUpperThreshold"}
    found = monitored(join, series(ReturnData=True, AccountId=ACCOUNT), band, **changes)
    assert found == [("alarm", "broken", "alarm-maths-across-accounts")]


@pytest.mark.parametrize(
    ("kinds", "fault"),
    [
        pytest.param(["AWS::CloudWatch::Metric"], ("alarm", "unknown", "alarms-not-captured"), id="A14 metrics shared"),
        pytest.param(["AWS::Logs::LogGroup"], ("alarm", "broken", "no-alarm"), id="A14 only logs shared"),
        pytest.param(None, ("alarm", "unknown", "alarms-not-captured"), id="X6 what is shared was cut away"),
    ],
)
def test_monitoring_account_without_captures(join: Join, kinds: list[str] | None, fault: tuple[str, str, str]) -> None:
    links = without_kinds(METRICS_SHARED) if kinds is None else link_to_monitor(kinds)
    assert faults(join(textbook(alarms=[]) | links)) == [fault]


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        pytest.param("m1 + m2 - 1", 1, 3, (0, 5), id="A13 sums"),
        pytest.param("-m1 * 2", 1, 3, (-6, -2), id="A13 products"),
        pytest.param("(m1 >= 1) + (m1 < 1)", 1, 3, (1, 1), id="A13 comparisons that are decided"),
        pytest.param("m1 != 2 || m1 == 2", 1, 3, (0, 1), id="A13 comparisons that are not"),
        pytest.param("IF(m1 > 2, 5, m2 / 2)", 1, 3, (0, 5), id="A13 both branches"),
        pytest.param("m1 <= 0 && m2 > 9", 1, 3, (0, 0), id="A13 both conditions"),
    ],
)
def test_ranges(text: str, low: float, high: float, expected: tuple[float, float]) -> None:
    node = parse_expression(text)
    assert node is not None
    evaluation = Evaluation({"m1": Value((0, 0), {0: 1.0}), "m2": Value((0, 0), {1: 1.0})}, [(low, high), (0.0, 3.0)])
    evaluation.add("e1", node)
    assert evaluation.result("e1") == (True, expected)


def test_a13_expressions_that_share_others_are_evaluated_once_each(join: Join) -> None:
    doubled = [expression("m1*1", "e0", ReturnData=False)]
    for number in range(1, 60):  # written out this would be 2 to the 60th terms
        text = f"MAX([e{number - 1}, e{number - 1}])"
        doubled.append(expression(text, f"e{number}", ReturnData=number == 59))
    assert faults(join(textbook(alarms=[on_maths(series(), *doubled)]))) == [OK]


def test_a13_a_tower_of_expressions_costs_only_itself(join: Join) -> None:
    tower = [expression("m1*1", "e0", ReturnData=False)]
    tower += [expression(f"e{number - 1}*1", f"e{number}", ReturnData=number == 299) for number in range(1, 300)]
    assert faults(join(textbook(alarms=[on_maths(series(), *tower)]))) == [
        ("alarm", "unknown", "alarm-maths-not-decided")
    ]


def test_a13_a_long_chain_costs_only_itself() -> None:
    assert parse_expression("(" * 1500 + "m1") is None
    assert parse_expression("m1+" * 1000 + "m1") is None


@pytest.mark.parametrize(
    ("pattern", "transformation", "verdict"),
    [
        pytest.param("{ $.eventName = X }", {}, "PASS", id="A13 counts of its own"),
        pytest.param("{ $.eventName = X }", {"defaultValue": 0}, "PASS", id="A13 default 0"),
        pytest.param("{ $.eventName = X }", {"defaultValue": 1}, "FAIL", id="A6 A13 default 1"),
        pytest.param("{ $.eventName = X }", {"metricValue": "-1"}, "INCONCLUSIVE", id="A13 negative counts"),
        pytest.param("", {}, "FAIL", id="A6 A13 counts everything"),
    ],
)
def test_filters_on_the_other_series_of_a_sum(
    tmp_path: Path, pattern: str, transformation: dict[str, Any], verdict: str
) -> None:
    def stat(name: str, metric: str) -> dict[str, Any]:
        told = {"Namespace": "Audit", "MetricName": metric, "Dimensions": []}
        return {"Id": name, "MetricStat": {"Metric": told, "Period": 300, "Stat": "Sum"}, "ReturnData": False}

    entries = [stat("m1", "SsmActions"), stat("m2", "Other"), {"Id": "s", "Expression": "SUM([m1,m2])"}]
    left_out: dict[str, Any] = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions"))
    other = metric_filter(pattern, filterName="other", transformation={"metricName": "Other"} | transformation)
    files = textbook(alarms=[alarm(Metrics=entries, **left_out)], filters=[metric_filter(), other])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert finding["verdict"] == verdict
