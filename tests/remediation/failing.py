"""Bundles that fail for each reason: the textbook with that broken, and with what else a remedy meets on its way."""

from __future__ import annotations

import json
from typing import Any

from auditor.catalogue import load_controls
from tests.textbook import ACCOUNT, NAMES, REGION, Files, alarm, metric_filter, textbook, trail

PLACE = f"{ACCOUNT}/{REGION}"
ALARMS = f"{PLACE}/cloudwatch-describe-alarms.json"
FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
TRAILS = f"{PLACE}/cloudtrail-describe-trails.json"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
ALARM_ARN = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:"
MONITOR = "999900001111"


def pattern_of(control: str) -> str:
    return load_controls()[control].variants["default"].patterns[0].pattern


def names(some: list[str]) -> str:
    return "||".join(f"($.eventName={name})" for name in some)


def on(**changes: Any) -> Files:
    """The textbook with its alarm changed."""
    return textbook(alarms=[alarm(**changes)])


def publishing(**transformation: Any) -> Files:
    """The textbook with what its filter publishes changed."""
    return textbook(filters=[metric_filter(transformation=transformation)])


def with_status(**members: Any) -> Files:
    status = {"IsLogging": True, "LatestDeliveryTime": 1_795_560_385} | members
    return textbook() | {f"{PLACE}/cloudtrail-get-trail-status/main.json": status}


def with_selectors(*selectors: dict[str, Any]) -> Files:
    answer = {"TrailARN": trail()["TrailARN"], "EventSelectors": list(selectors)}
    return textbook() | {f"{PLACE}/cloudtrail-get-event-selectors/main.json": answer}


def beside(pattern: str = "{ $.a = b }", **transformation: Any) -> list[dict[str, Any]]:
    """The textbook's filter and another one that publishes into its metric."""
    return [metric_filter(), metric_filter(pattern, filterName="other", transformation=transformation)]


def composite(rule: str = "ALARM(ssm-actions)", name: str = "page", **changes: Any) -> dict[str, Any]:
    base = {"AlarmName": name, "AlarmArn": ALARM_ARN + name, "AlarmRule": rule, "ActionsEnabled": True,
            "AlarmActions": [TOPIC], "OKActions": [], "InsufficientDataActions": [], "StateValue": "OK"}  # fmt: skip
    return base | changes


def below(*composites: dict[str, Any], others: tuple[dict[str, Any], ...] = (), **changes: Any) -> Files:
    """The textbook's alarm without an action of its own, below composite alarms."""
    return textbook(alarms=[alarm(**({"AlarmActions": []} | changes)), *others], composites=composites)


def maths(*texts: str, **more: Any) -> Files:
    """An alarm on maths over the textbook's metric."""
    metric = {"Namespace": "Audit", "MetricName": "SsmActions"}
    series = {"Id": "m1", "ReturnData": False, "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"}}
    expressions = [{"Id": f"e{n}", "Expression": text, "ReturnData": n == 0} for n, text in enumerate(texts)]
    plain = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Dimensions", "Period"))
    return textbook(alarms=[alarm(**plain, Metrics=[series, *expressions], **more)])


def groups(*listed: dict[str, Any]) -> Files:
    return {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": list(listed)}}


def without_filters(**more: Any) -> Files:
    return {name: content for name, content in textbook(**more).items() if name != FILTERS}


SINGLE = {"IsMultiRegionTrail": False}
LATE = {"LatestCloudWatchLogsDeliveryTime": 1_795_000_000, "LatestCloudWatchLogsDeliveryError": "denied"}
SOURCED = "{($.eventSource=ssm.amazonaws.com)&&(" + names(NAMES) + ")}"
BUSY = "{ $.eventName = * }"
ARN_ELSEWHERE = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:ct:*"
OTHER_REGION = {f"{ACCOUNT}/eu-west-1/cloudtrail-describe-trails.json": {"trailList": []}}
MONITORED: Files = {
    f"{MONITOR}/{REGION}/oam-list-sinks.json": {
        "Items": [{"Arn": f"arn:aws:oam:{REGION}:{MONITOR}:sink/1", "Id": "1", "Name": "s"}]
    },
    f"{ACCOUNT}/{REGION}/oam-list-links.json": {
        "Items": [
            {"Arn": f"arn:aws:oam:{REGION}:{ACCOUNT}:link/1", "Id": "1", "Label": "a",
             "ResourceTypes": ["AWS::CloudWatch::Metric"], "SinkArn": f"arn:aws:oam:{REGION}:{MONITOR}:sink/1"}
        ]
    },
    f"{MONITOR}/{REGION}/cloudwatch-describe-alarms.json": {"MetricAlarms": [alarm(MONITOR)], "CompositeAlarms": []},
}  # fmt: skip
PLAIN = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Dimensions", "Period", "Threshold"))
BAND = alarm(MONITOR, **PLAIN) | {
    "ThresholdMetricId": "ad1",
    "ComparisonOperator": "GreaterThanUpperThreshold",
    "Metrics": [
        {"Id": "m1", "ReturnData": True, "AccountId": ACCOUNT, "MetricStat": {
            "Metric": {"Namespace": "Audit", "MetricName": "SsmActions"}, "Period": 300, "Stat": "Sum"}},
        {"Id": "ad1", "ReturnData": True, "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"},
    ],
}  # fmt: skip
DROPPING = {
    f"{PLACE}/sns-get-subscription-attributes/one.json": {
        "Attributes": {
            "SubscriptionArn": f"{TOPIC}:5d2e89e6-b579-4b31-bd76-c25f6bb6ce7f", "TopicArn": TOPIC,
            "FilterPolicy": json.dumps({"severity": ["high"]}), "PendingConfirmation": "false",
        }
    }
}  # fmt: skip
UNFED = "no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching]"
FLIPPED = {
    f"{PLACE}/cloudwatch-describe-alarm-history/ssm-actions.json": {
        "AlarmHistoryItems": [
            {"AlarmName": "ssm-actions", "Timestamp": "2026-09-01T10:11:12+00:00", "HistoryItemType": "StateUpdate",
             "HistorySummary": "Alarm updated from OK to ALARM",
             "HistoryData": json.dumps({
                 "version": "1.0",
                 "oldState": {"stateValue": "OK", "stateReason": "r"},
                 "newState": {"stateValue": "ALARM", "stateReason": UNFED,
                              "stateReasonData": {"recentDatapoints": [], "threshold": 1.0}},
             })}
        ]
    }
}  # fmt: skip

# The reason code, the bundle, and the control that is asked (of a framework) or what sets the case apart.
CASES: list[Any] = [
    ("no-trail", textbook(trails=[])),
    ("no-trail-in-region", textbook(trails=[trail(**SINGLE)]) | OTHER_REGION),
    ("no-trail-in-region", textbook(trails=[trail(**SINGLE)], filters=[], alarms=[]) | OTHER_REGION, "nothing behind"),
    ("trail-not-logging", textbook() | {f"{PLACE}/cloudtrail-get-trail-status/main.json": {"IsLogging": False}}),
    (
        "trail-not-logging",
        with_selectors({"ReadWriteType": "WriteOnly"})
        | {f"{PLACE}/cloudtrail-get-trail-status/main.json": {"IsLogging": False}},
        "and of writes alone",
    ),
    ("selectors-miss-events", with_selectors({"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True})),
    ("no-log-group", textbook(trails=[trail(CloudWatchLogsLogGroupArn=None)])),
    ("log-group-arn-unusable", textbook(trails=[trail(CloudWatchLogsLogGroupArn=ARN_ELSEWHERE)])),
    ("delivery-never", with_status(LatestCloudWatchLogsDeliveryError="denied")),
    ("delivery-stopped", with_status(**LATE)),
    ("log-group-missing", textbook(filters=[]) | groups()),
    ("log-group-class", textbook() | groups({"logGroupName": "ct", "logGroupClass": "INFREQUENT_ACCESS"})),
    ("no-metric-filter", textbook(filters=[])),
    ("no-metric-filter", textbook(filters=[], alarms=[], subscriptions=[]), "nothing behind"),
    ("no-metric-filter-counted", without_filters() | groups({"logGroupName": "ct", "metricFilterCount": 0})),
    (
        "no-metric-filter-twin",
        textbook(filters=[])
        | {f"{ACCOUNT}/eu-west-1/logs-describe-metric-filters.json": {"metricFilters": [metric_filter()]}},
    ),
    ("no-matching-filter", textbook(filters=[metric_filter("{ $.eventName = CreateVpc }")])),
    ("filter-narrower", textbook(filters=[metric_filter("{" + names(NAMES[:9]) + "}")])),
    (
        "filter-narrower",
        textbook(
            filters=[metric_filter("{" + names(NAMES[:9]) + "}", transformation={"unit": "Count"})],
            alarms=[alarm(Unit="Count")],
        ),
        "in the alarm's unit",
    ),
    (
        "filter-narrower",
        textbook(
            filters=[metric_filter("{" + names(NAMES[:9]) + "}", transformation={"metricValue": "5"})],
            alarms=[alarm(Threshold=5.0)],
        ),
        "by fives",
    ),
    (
        "filter-narrower",
        textbook(
            filters=[metric_filter("{" + names(NAMES[:9]) + "}")], alarms=[alarm(Threshold=5.0)], subscriptions=[]
        ),
        "too high and unheard",
    ),
    ("filter-broader", textbook(filters=[metric_filter("")])),
    ("filter-overlapping", textbook(filters=[metric_filter("{" + names([*NAMES[:9], "CancelCommand"]) + "}")])),
    ("filter-asks-for-source", textbook(filters=[metric_filter(SOURCED)])),
    ("filter-broader-objective-met", textbook(filters=[metric_filter("{" + names([*NAMES, "CancelCommand"]) + "}")])),
    (
        "filter-narrower-objective-met",
        textbook(filters=[metric_filter("{($.eventSource=ssm*)&&(" + names(NAMES) + ")}")]),
    ),
    (
        "filter-overlapping-objective-met",
        textbook(filters=[metric_filter("{($.eventSource=ssm*)&&(" + names([*NAMES, "CancelCommand"]) + ")}")]),
    ),
    (
        "filters-meet-objective",
        textbook(
            filters=[
                metric_filter("{" + names(NAMES[at]) + "}", filterName=f"f{n}")
                for n, at in enumerate((slice(5), slice(5, 10)))
            ]
        ),
    ),
    (
        "filter-disjoint",
        textbook(filters=[metric_filter("{ $.eventName = ModifySecurityGroupRules }")]),
        "security-group-changes@cis-aws-1.2.0",
    ),
    (
        "filters-for-other-events",
        textbook(filters=[metric_filter(), metric_filter("{ $.eventName = X }", filterName="x")]),
        "root-usage",
    ),
    (
        "global-events-lost",
        textbook(
            trails=[trail(IncludeGlobalServiceEvents=False, **SINGLE)],
            filters=[metric_filter(pattern_of("iam-policy-changes"))],
        ),
        "iam-policy-changes",
    ),
    ("filter-unparsable", textbook(filters=[metric_filter("{ broken")])),
    ("filter-misses-event", textbook(filters=[metric_filter("{" + names(NAMES[:9]) + "}")]), "covers"),
    ("namespace-differs", on(Namespace="Elsewhere")),
    ("namespace-differs", textbook(alarms=[alarm(Namespace="Elsewhere")], subscriptions=[]), "and unheard"),
    ("filter-has-dimensions", publishing(dimensions={"e": "$.eventName"})),
    ("system-dimensions", textbook(filters=[metric_filter(emitSystemFieldDimensions=["@aws.account"])])),
    ("alarm-has-dimensions", on(Dimensions=[{"Name": "e", "Value": "x"}])),
    ("value-not-constant", publishing(metricValue="$.x")),
    (
        "value-not-constant",
        textbook(filters=[metric_filter(transformation={"metricValue": "$.x"})], alarms=[alarm(Threshold=5.0)]),
        "and too high",
    ),
    ("unit-differs", on(Unit="Count")),
    ("value-too-small", publishing(metricValue="0.5")),
    (
        "value-too-small",
        textbook(
            filters=[metric_filter(transformation={"metricValue": "-1"})],
            alarms=[alarm(Statistic=None, ExtendedStatistic="p90", Threshold=5.0)],
        ),
        "and too high",
    ),
    (
        "value-too-small",
        textbook(filters=[metric_filter(transformation={"metricValue": "0.5"})], alarms=[alarm(ActionsEnabled=False)]),
        "and disabled",
    ),
    (
        "value-too-small",
        textbook(filters=[metric_filter(transformation={"metricValue": "0.5"})], alarms=[alarm(AlarmActions=[])]),
        "and without action",
    ),
    ("alarm-threshold", below(composite(), Threshold=5.0), "below a composite alarm"),
    ("no-alarm", textbook(alarms=[])),
    (
        "no-alarm",
        textbook(filters=[metric_filter(transformation={"defaultValue": 1})], alarms=[]),
        "default that breaches",
    ),
    ("no-alarm", textbook(filters=beside(BUSY), alarms=[]), "a busy metric"),
    ("no-alarm-at-all", without_filters(alarms=[])),
    ("alarm-own-account-only", textbook(alarms=[]) | MONITORED),
    ("alarm-threshold", on(Threshold=5.0)),
    (
        "alarm-threshold",
        textbook(filters=[metric_filter(transformation={"defaultValue": 1})], alarms=[alarm(Threshold=10.0)]),
        "default that breaches",
    ),
    ("alarm-threshold", textbook(filters=beside(defaultValue=1), alarms=[alarm(Threshold=10.0)]), "another's default"),
    ("alarm-threshold", textbook(alarms=[alarm(Threshold=5.0)], subscriptions=[]), "and unheard"),
    (
        "alarm-default-pulls-down",
        textbook(filters=[metric_filter(transformation={"defaultValue": 0})], alarms=[alarm(Statistic="Average")]),
    ),
    ("alarm-default-pulls-down", publishing(defaultValue=-1), "negative"),
    ("alarm-other-publisher", textbook(filters=beside(metricValue="0"), alarms=[alarm(Statistic="Average")])),
    ("alarm-other-publisher", textbook(filters=beside(defaultValue=-1)), "negative default"),
    ("alarm-always-in-alarm", publishing(defaultValue=1)),
    ("alarm-always-in-alarm", textbook(filters=beside(defaultValue=1)), "another's default"),
    (
        "alarm-low-samples-ignored",
        on(Statistic=None, ExtendedStatistic="p99", EvaluateLowSampleCountPercentile="ignore"),
    ),
    ("alarm-breaching", on(TreatMissingData="breaching")),
    (
        "alarm-breaching-flipped",
        textbook(
            filters=[metric_filter(transformation={"defaultValue": 0})], alarms=[alarm(TreatMissingData="breaching")]
        )
        | FLIPPED,
    ),
    ("alarm-datapoints", on(EvaluationPeriods=3)),
    ("alarm-stuck", on(TreatMissingData="ignore")),
    ("alarm-maths-rate", maths("RATE(m1)")),
    ("alarm-maths-search", maths("m1 + SEARCH('{Audit} SsmActions', 'Sum', 300)")),
    (
        "alarm-maths-across-accounts",
        textbook(alarms=[])
        | MONITORED
        | {f"{MONITOR}/{REGION}/cloudwatch-describe-alarms.json": {"MetricAlarms": [BAND], "CompositeAlarms": []}},
    ),
    (
        "alarm-anomaly-below",
        maths(
            "ANOMALY_DETECTION_BAND(m1, 2)",
            ComparisonOperator="LessThanLowerThreshold",
            Threshold=None,
            ThresholdMetricId="e0",
        ),
    ),
    ("actions-disabled", on(ActionsEnabled=False)),
    ("actions-disabled", textbook(alarms=[alarm(ActionsEnabled=False)], subscriptions=[]), "and unheard"),
    ("actions-disabled", on(ActionsEnabled=False, AlarmActions=[]), "and none to run"),
    ("actions-disabled", below(composite(ActionsEnabled=False)), "of a composite alarm"),
    ("actions-disabled", below(composite(ActionsEnabled=False), ActionsEnabled=False), "of both"),
    ("actions-disabled", below(composite(ActionsEnabled=False, AlarmActions=[])), "of a composite alarm without any"),
    ("composite-true-at-rest", below(composite("ALARM(ssm-actions) OR TRUE"))),
    (
        "composite-needs-more",
        below(composite("ALARM(ssm-actions) AND ALARM(b)"), others=(alarm(name="b", MetricName="b"),)),
    ),
    (
        "composite-silenced",
        below(
            composite("ALARM(ssm-actions) AND NOT ALARM(b)"),
            others=(alarm(name="b", MetricName="b", StateValue="ALARM"),),
        ),
    ),
    (
        "composite-suppressed",
        below(composite(ActionsSuppressor="b", ActionsSuppressedBy="Alarm"), others=(alarm(name="b", MetricName="b"),)),
    ),
    ("composite-cycle", below(composite("ALARM(ssm-actions) OR ALARM(page2)"), composite("ALARM(page)", "page2"))),
    ("filter-counts-everything", textbook(filters=[metric_filter(BUSY)]), "covers"),
    ("publisher-counts-everything", textbook(filters=beside(BUSY))),
    ("no-action", on(AlarmActions=[])),
    ("no-action", below(composite(AlarmActions=[])), "of a composite alarm"),
    ("only-ok-actions", on(AlarmActions=[], OKActions=[TOPIC])),
    ("only-other-actions", on(AlarmActions=[f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"])),
    (
        "topic-policy-refuses",
        textbook(subscriptions=[])
        | {
            f"{PLACE}/sns-get-topic-attributes/alerts.json": {
                "Attributes": {
                    "TopicArn": TOPIC,
                    "Policy": json.dumps(
                        {
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Principal": {"AWS": ACCOUNT},
                                    "Action": "sns:Publish",
                                    "Resource": TOPIC,
                                }
                            ]
                        }
                    ),
                }
            }
        },
        "and unheard",
    ),
    ("no-subscription", textbook(subscriptions=[])),
    (
        "subscription-pending",
        textbook(
            subscriptions=[
                {
                    "SubscriptionArn": "PendingConfirmation",
                    "Protocol": "email",
                    "Endpoint": "soc@example.com",
                    "TopicArn": TOPIC,
                    "Owner": ACCOUNT,
                }
            ]
        ),
    ),
    ("filter-policy-drops", textbook() | DROPPING),
]
