"""Rule X6: what lacks a member that AWS always prints was cut, so that what it does not say is not evidenced."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.chains.chain import PLACE, TOPIC, Audit, outcome
from tests.chains.corroborating import LISTED_RULE, SUBSCRIBED, log_group, mute, subscribed
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, trail

HOLDS = ("PASS", None, "holds")
ALARMS, TRAILS, FILTERS = (
    f"{PLACE}/{name}.json"
    for name in ("cloudwatch-describe-alarms", "cloudtrail-describe-trails", "logs-describe-metric-filters")
)
SELECTORS = f"{PLACE}/cloudtrail-get-event-selectors/main.json"
ALL: dict[str, Any] = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
DELIVERED = {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": "2026-09-01T10:11:12+00:00"}
PRINTED = {
    "AlarmConfigurationUpdatedTimestamp": "2026-09-01T10:11:12+00:00",
    "StateReason": "x",
    "StateUpdatedTimestamp": "2026-09-01T10:11:12+00:00",
}


def recorded(path: str, call: str, *arguments: str) -> Files:
    entry = {"file": path, "call": call, "account_id": ACCOUNT, "region": REGION, "arguments": list(arguments)}
    return {"captures.json": [entry]}


def queried(listed: dict[str, Any]) -> Files:
    files = textbook(alarms=[listed])
    return files | recorded(ALARMS, "cloudwatch:DescribeAlarms", "--query", "x") | {ALARMS: [listed]}


def composite(**changes: Any) -> Files:
    above = alarm(name="page", AlarmRule="ALARM(ssm-actions)", **dict.fromkeys(MEASURED)) | changes
    return textbook(alarms=[alarm(AlarmActions=[])], composites=[{k: v for k, v in above.items() if v is not None}])


MEASURED = (
    "MetricName", "Namespace", "Statistic", "Dimensions", "Period", "EvaluationPeriods", "Threshold",
    "ComparisonOperator", "TreatMissingData",
)  # fmt: skip


def selected(*selectors: dict[str, Any], **members: Any) -> Files:
    return textbook() | {SELECTORS: {"TrailARN": trail()["TrailARN"], "EventSelectors": list(selectors)} | members}


def trails(**changes: Any) -> Files:
    listed = [trail(S3BucketName=None, **changes)]
    record = recorded(TRAILS, "cloudtrail:DescribeTrails", "--query", "{trailList: trailList[].{Name: Name}}")
    return textbook(trails=listed) | record


def an_alarm(code: str = "alarm-members-left-out") -> tuple[str, str, str]:
    return ("INCONCLUSIVE", "alarm", code)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(textbook(alarms=[alarm(ActionsEnabled=None)]), an_alarm(), id="X6 actions"),
        pytest.param(textbook(alarms=[alarm(Dimensions=None)]), an_alarm(), id="X6 dimensions"),
        pytest.param(textbook(alarms=[alarm(AlarmActions=None)]), an_alarm(), id="X6 a list of actions"),
        pytest.param(textbook(alarms=[alarm(StateValue=None)]), an_alarm(), id="X6 a state"),
        pytest.param(composite(), HOLDS, id="X6 a whole composite"),
        pytest.param(composite(ActionsEnabled=None), an_alarm(), id="X6 a composite"),
        pytest.param(queried(alarm()), an_alarm(), id="X6 --query"),
        pytest.param(queried(alarm(**PRINTED)), HOLDS, id="X6 whole alarms that --query chose"),
        pytest.param(
            textbook(alarms=[alarm(ActionsEnabled=None, Threshold=9.0)]), ("FAIL", "alarm", "alarm-threshold"),
            id="X6 broken by what it says",
        ),
        pytest.param(
            textbook(filters=[metric_filter(creationTime=None)]),
            ("INCONCLUSIVE", "metric_filter", "filter-members-left-out"), id="X6 a filter",
        ),
        pytest.param(selected({}), ("INCONCLUSIVE", "trail", "selector-members-left-out"), id="X6 T14 a selector"),
        pytest.param(selected(ALL, {}), HOLDS, id="X6 T14 a selector beside one that takes everything"),
        pytest.param(
            selected(ALL) | recorded(SELECTORS, "cloudtrail:GetEventSelectors", "--query", "x"),
            ("INCONCLUSIVE", "trail", "selector-members-left-out"), id="X6 T14 a selector without exclusions, --query",
        ),
        pytest.param(
            selected(ALL | {"ExcludeManagementEventSources": []})
            | recorded(SELECTORS, "cloudtrail:GetEventSelectors", "--query", "x"),
            HOLDS, id="X6 T14 a whole selector, --query",
        ),
        pytest.param(trails(), ("INCONCLUSIVE", "trail", "trail-members-left-out"), id="X6 a trail"),
        pytest.param(textbook(trails=[trail(S3BucketName=None)]), HOLDS, id="X6 a trail of another tool's export"),
    ],
)  # fmt: skip
def test_x6_what_was_cut(audit: Audit, files: Files, expected: tuple[str, str | None, str]) -> None:
    assert outcome(audit(files)) == expected


def other(**changes: Any) -> dict[str, Any]:
    """A second alarm beside one that watches nothing of the chain's."""
    return alarm(name="other", MetricName="Other", **changes)


def beside(**changes: Any) -> Files:
    """The textbook's filter and a second one of its group, the alarm on an average."""
    further = metric_filter("{ $.x = 1 }", filterName="z", **changes)
    return textbook(filters=[metric_filter(), further], alarms=[alarm(Statistic="Average")])


def maths(metric: dict[str, Any], **changes: Any) -> dict[str, Any]:
    stat = {"Metric": metric, "Period": 300, "Stat": "Sum"}
    metrics = [{"Id": "m1", "MetricStat": stat, "ReturnData": False}, {"Id": "e1", "Expression": "m1 * 1"}]
    return alarm(**dict.fromkeys(("MetricName", "Namespace", "Statistic", "Dimensions", "Period")), Metrics=metrics)


NAMES: dict[str, Any] = {"MetricName": None, "Namespace": None}
A_FILTER = ("INCONCLUSIVE", "metric_filter", "filter-members-left-out")
FURTHER = ("INCONCLUSIVE", "alarm", "further-publishers-not-shown")
UNSUPPRESSED = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(textbook(alarms=[alarm(**NAMES)]), an_alarm(), id="X6 A11 a metric"),
        pytest.param(textbook(alarms=[alarm(MetricName=None)]), an_alarm(), id="X6 A11 its name"),
        pytest.param(textbook(alarms=[alarm(Namespace=None)]), an_alarm(), id="X6 A11 its namespace"),
        pytest.param(textbook(alarms=[alarm(**dict.fromkeys(MEASURED))]), an_alarm(), id="X6 A11 all settings"),
        pytest.param(textbook(alarms=[alarm(**dict.fromkeys(MEASURED), Metrics=[])]), an_alarm(), id="X6 A11 no maths"),
        pytest.param(
            textbook(alarms=[maths({"Namespace": "Audit", "MetricName": "SsmActions"})]), HOLDS, id="A13 whole maths",
        ),
        pytest.param(textbook(alarms=[maths({"MetricName": "SsmActions"})]), an_alarm(), id="X6 A13 a namespace"),
        pytest.param(textbook(alarms=[maths({"Namespace": "Audit"})]), an_alarm(), id="X6 A13 a name"),
        pytest.param(
            textbook(alarms=[maths({"MetricName": "Other"})]), ("FAIL", "alarm", "no-alarm"),
            id="X6 A13 a namespace of another metric",
        ),
        pytest.param(textbook(alarms=[alarm(**NAMES), alarm(name="good")]), HOLDS, id="X6 A11 a metric beside a chain"),
        pytest.param(
            textbook(alarms=[other(), alarm(name="cut", **NAMES)]), an_alarm(), id="X6 A11 a metric beside another",
        ),
        pytest.param(
            textbook(alarms=[other(Namespace=None)]), ("FAIL", "alarm", "no-alarm"), id="X6 A11 a namespace elsewhere",
        ),
        pytest.param(
            textbook(alarms=[alarm(MetricName=None, Namespace="Elsewhere")]), ("FAIL", "alarm", "no-alarm"),
            id="X6 A11 a name elsewhere",
        ),
        pytest.param(
            textbook(alarms=[alarm(**NAMES, Threshold=9.0)]), ("FAIL", "alarm", "alarm-threshold"),
            id="X6 A11 a metric, broken by what it says",
        ),
        pytest.param(
            textbook(alarms=[alarm(**NAMES, AlarmActions=[])]), ("FAIL", "topic", "no-action"),
            id="X6 A11 a metric, no action",
        ),
        pytest.param(textbook(filters=[metric_filter(filterPattern=None)]), A_FILTER, id="X6 L10 a pattern"),
        pytest.param(
            textbook(filters=[metric_filter("")]), ("FAIL", "metric_filter", "filter-broader"), id="L10 no pattern",
        ),
        pytest.param(textbook(filters=[metric_filter(metricTransformations=None)]), A_FILTER, id="X6 L9 a metric"),
        pytest.param(
            textbook(filters=[metric_filter(metricTransformations=None)], alarms=[]),
            ("FAIL", "alarm", "no-alarm-at-all"), id="X6 L9 a metric, no alarm",
        ),
        pytest.param(
            textbook(filters=[metric_filter("{ $.eventName = SendCommand }", metricTransformations=None)]),
            ("FAIL", "metric_filter", "filter-narrower"), id="X6 L9 a metric, broken by the pattern",
        ),
        pytest.param(composite(AlarmRule=None), an_alarm(), id="X6 C3 a rule"),
        pytest.param(composite(), HOLDS, id="C3 a whole rule"),
        pytest.param(beside(), HOLDS, id="M6 a further filter of the same metric and value"),
        pytest.param(beside(metricTransformations=None), FURTHER, id="X6 M6 a further filter"),
        pytest.param(
            beside(filterPattern=None), ("INCONCLUSIVE", "alarm", "alarm-other-publisher"),
            id="X6 M6 a further pattern",
        ),
        pytest.param(composite(**UNSUPPRESSED), an_alarm(), id="X6 C5 a suppressor"),
        pytest.param(composite(ActionsSuppressedReason="x"), an_alarm(), id="X6 C5 what suppressed it"),
    ],
)  # fmt: skip
def test_x6_what_was_cut_may_be_the_one(audit: Audit, files: Files, expected: tuple[str, str | None, str]) -> None:
    assert outcome(audit(files)) == expected


def test_x6_a_rule_cut_away_between(audit: Audit) -> None:
    """A composite without its rule may stand between the metric alarm and one above it."""
    files = composite(name="between", AlarmName="between", AlarmRule=None, AlarmActions=[])
    above = composite(AlarmRule="ALARM(between)")
    files[ALARMS]["CompositeAlarms"] += above[ALARMS]["CompositeAlarms"]
    assert audit(files)["verdict"] == "INCONCLUSIVE"


def test_x6_a_further_filter_of_a_sum_is_an_open_point(audit: Audit) -> None:
    further = metric_filter("{ $.x = 1 }", filterName="z", metricTransformations=None)
    whole, cut = (audit(textbook(filters=filters)) for filters in ([metric_filter()], [metric_filter(), further]))
    codes = [{point["code"] for point in finding["open_points"]} for finding in (whole, cut)]
    assert ["further-publishers-not-shown" in each for each in codes] == [False, True]


def test_x6_a_trail_without_log_group_that_was_cut_may_have_one(audit: Audit) -> None:
    finding = audit(trails(CloudWatchLogsLogGroupArn=None))
    codes = {chain["links"]["log_group"]["code"] for chain in finding["chains"]}
    assert (finding["verdict"], codes) == ("INCONCLUSIVE", {"log-group-left-out"})


@pytest.mark.parametrize(
    ("path", "call", "answer", "code"),
    [
        (
            f"{PLACE}/sns-get-topic-attributes/alerts.json", "sns:GetTopicAttributes",
            {"Attributes": {"TopicArn": TOPIC, "Policy": "{}"}}, "topic-attributes-not-captured",
        ),
        (
            f"{PLACE}/sns-get-subscription-attributes/0.json", "sns:GetSubscriptionAttributes", subscribed(),
            "filter-policy-not-captured",
        ),
        (
            f"{PLACE}/cloudtrail-get-trail-status/main.json", "cloudtrail:GetTrailStatus", DELIVERED,
            "deliveries-not-shown",
        ),
        (
            f"{PLACE}/logs-describe-log-groups.json", "logs:DescribeLogGroups", log_group(),
            "log-group-class-not-shown",
        ),
    ],
)  # fmt: skip
def test_x6_an_answer_that_was_cut_leaves_open_what_it_would_show(
    audit: Audit, path: str, call: str, answer: Any, code: str
) -> None:
    if "Attributes" in answer and "Policy" in answer["Attributes"]:
        statement = '{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}'
        answer = {"Attributes": answer["Attributes"] | {"Policy": f'{{"Statement": [{statement}]}}'}}
    whole, cut = (
        {point["code"] for point in audit(textbook() | {path: answer} | record)["open_points"]}
        for record in (recorded(path, call, "--region", REGION), recorded(path, call, "--query", "x"))
    )
    assert code not in whole
    assert code in cut


OPEN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
GROUPS, ATTRIBUTES = f"{PLACE}/logs-describe-log-groups.json", f"{PLACE}/sns-get-topic-attributes/alerts.json"


def topic_with(**members: str) -> dict[str, Any]:
    return {"Attributes": {"TopicArn": TOPIC, "Policy": json.dumps(OPEN), **members}}


@pytest.mark.parametrize(
    ("path", "whole", "cut", "code"),
    [
        pytest.param(
            f"{PLACE}/sns-get-subscription-attributes/0.json", subscribed(),
            {"Attributes": {"SubscriptionArn": SUBSCRIBED}}, "filter-policy-not-captured", id="N6 a subscription",
        ),
        pytest.param(GROUPS, log_group(), log_group(storedBytes=None), "log-group-class-not-shown", id="L2 by pattern"),
        pytest.param(GROUPS, log_group(), log_group(arn=None), "log-group-class-not-shown", id="L2 cut"),
        pytest.param(
            ATTRIBUTES, topic_with(Owner=ACCOUNT, SubscriptionsConfirmed="1"), topic_with(), "topic-key-not-shown",
            id="S4 a key",
        ),
        pytest.param(
            ATTRIBUTES, topic_with(Owner=ACCOUNT, SubscriptionsConfirmed="1"), topic_with(Owner=ACCOUNT),
            "topic-key-not-shown", id="S4 a key beside the owner",
        ),
    ],
)  # fmt: skip
def test_x6_what_lacks_what_aws_always_prints(audit: Audit, path: str, whole: Any, cut: Any, code: str) -> None:
    answers = ({path: whole}, {path: json.loads(json.dumps(cut), object_hook=without_null)})
    shown = [{point["code"] for point in audit(textbook() | files)["open_points"]} for files in answers]
    assert [code in points for points in shown] == [False, True]


def without_null(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def test_x6_a17_targets_that_were_cut(audit: Audit) -> None:
    path = f"{PLACE}/cloudwatch-get-alarm-mute-rule/weekend.json"
    record = recorded(path, "cloudwatch:GetAlarmMuteRule", "--query", "x")
    files = textbook() | LISTED_RULE | {path: mute("other")}
    shown = [{point["code"] for point in audit(more)["open_points"]} for more in (files, files | record)]
    assert ["mute-rule-targets-not-captured" in points for points in shown] == [False, True]
