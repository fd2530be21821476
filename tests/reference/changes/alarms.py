"""Changes to alarms (section 4)."""

from __future__ import annotations

import copy
import random
from typing import Any

from tests import textbook
from tests.reference.changes.filters import publisher
from tests.reference.recipes import BY_TOPIC, Case, change, pick, rename


@change(6)
def alarm_settings(rng: random.Random, case: Case) -> None:
    alarm = pick(rng, [a for a in case.alarms if "MetricName" in a])
    if alarm is None:
        return
    for _ in range(rng.choice([1, 1, 2])):
        kind = rng.randrange(10)
        if kind < 2:
            alarm["Threshold"] = rng.choice([1.0, 0.0, 0.5, 2.0, -1.0, 3.0])
            alarm["ComparisonOperator"] = rng.choice(
                ["GreaterThanOrEqualToThreshold"] * 4 + ["GreaterThanThreshold"] * 3 + ["LessThanThreshold"]
            )
        elif kind == 2:
            statistic(rng, alarm)
        elif kind in {3, 4}:
            alarm["TreatMissingData"] = rng.choice(["missing", "ignore", "breaching", "notBreaching"])
            if rng.random() < 0.2:
                del alarm["TreatMissingData"]
        elif kind == 5:
            alarm["Period"] = rng.choice([60, 60, 120, 300, 3600, 86400, 10])
        elif kind in {6, 7}:
            alarm["EvaluationPeriods"] = rng.choice([1, 2, 3, 5])
            alarm.pop("DatapointsToAlarm", None)
            if rng.random() < 0.6:
                alarm["DatapointsToAlarm"] = rng.choice([1, 1, alarm["EvaluationPeriods"]])
        elif kind == 8:
            alarm["StateValue"] = rng.choice(["OK", "ALARM", "INSUFFICIENT_DATA"])
        else:
            alarm["Unit"] = rng.choice(["Count", "None"])
    if alarm["Period"] == 86400:
        alarm["EvaluationPeriods"] = 1
        alarm.pop("DatapointsToAlarm", None)


def statistic(rng: random.Random, alarm: dict[str, Any]) -> None:
    """Another statistic, plain or extended (A10, A11)."""
    stat = rng.choice(["Sum", "SampleCount", "Maximum", "Minimum", "Average", "p99", "p50", "tm90"])
    alarm.pop("Statistic", None)
    alarm.pop("ExtendedStatistic", None)
    alarm.pop("EvaluateLowSampleCountPercentile", None)
    alarm["ExtendedStatistic" if stat[0] in "pt" else "Statistic"] = stat
    if stat[0] == "p" and rng.random() < 0.4:
        alarm["EvaluateLowSampleCountPercentile"] = rng.choice(["evaluate", "ignore"])


@change(3)
def alarm_default(rng: random.Random, case: Case) -> None:
    """A statistic and a default value together: where A1, A6 and A10 meet."""
    alarm, item = pick(rng, [a for a in case.alarms if "MetricName" in a]), pick(rng, case.filters)
    if alarm is None or item is None:
        return
    statistic(rng, alarm)
    item["metricTransformations"][0].pop("dimensions", None)
    item["metricTransformations"][0]["defaultValue"] = rng.choice([0.0, 0.0, 1.0, -1.0])
    alarm["Period"] = rng.choice([60, 300])
    alarm["TreatMissingData"] = rng.choice(["missing", "ignore", "breaching", "notBreaching"])


@change(3)
def alarm_actions(rng: random.Random, case: Case) -> None:
    alarm = pick(rng, case.alarms + case.composites)
    if alarm is None:
        return
    kind = rng.randrange(7)
    if kind == 0:
        alarm["ActionsEnabled"] = False
    elif kind == 1:
        alarm["OKActions"], alarm["AlarmActions"] = alarm.get("AlarmActions", []), []
    elif kind == 2:
        alarm["AlarmActions"] = [f"arn:aws:lambda:{case.region}:{case.home}:function:f"]
    elif kind == 3:
        alarm["AlarmActions"] = [*alarm.get("AlarmActions", []), f"arn:aws:ssm:{case.region}:{case.home}:opsitem:1"]
    elif kind == 4:
        alarm["AlarmActions"] = [
            a.replace(f":{case.region}:", f":{case.recipe.other_region}:") for a in alarm["AlarmActions"]
        ]
    elif kind == 5:
        alarm["AlarmActions"] = [a + "2" for a in alarm["AlarmActions"]]
    else:
        alarm["AlarmActions"] = [*alarm["AlarmActions"], f"arn:aws:sns:{case.region}:{case.home}:second"]
        extra = textbook.subscription(case.home, case.region)
        extra["TopicArn"] = f"arn:aws:sns:{case.region}:{case.home}:second"
        extra["SubscriptionArn"] = extra["TopicArn"] + ":6e3f90f7-c680-4c42-ce87-d36a7cc7df80"
        if rng.random() < 0.5:
            extra["SubscriptionArn"] = "PendingConfirmation"
        case.put(BY_TOPIC, {"Subscriptions": [extra]}, "second")


@change()
def alarm_oddity(rng: random.Random, case: Case) -> None:
    alarm = pick(rng, [a for a in case.alarms if "MetricName" in a])
    if alarm is None:
        return
    kind = rng.randrange(6)
    if kind == 0:
        alarm["Dimensions"] = [{"Name": "event", "Value": "StartSession"}]
    elif kind == 1:
        alarm["Dimensions"] = [{"Name": "@aws.account", "Value": case.home}]
    elif kind == 2:
        alarm["Namespace"] = alarm["Namespace"].lower()
    elif kind == 3:
        alarm["EvaluationState"] = rng.choice(["PARTIAL_DATA", "EVALUATION_ERROR", "EVALUATION_FAILURE"])
    elif kind == 4:
        case.alarms.remove(alarm)
    else:
        twin = copy.deepcopy(alarm)
        rename(case, twin, case.unused(alarm["AlarmName"]))
        twin["Threshold"] = rng.choice([1.0, 5.0])
        case.alarms.append(twin)


EXPRESSIONS = [
    "m1",
    "m1+m2",
    "SUM([m1,m2])",
    "MAX([m1,m2])",
    "m1*1",
    "IF(m1>0,1,0)",
    "m1*2-m1",
    "IF(m2>0,m1,0)",
    "m1+m2*2",
] * 3 + ["SUM(m1)", "RATE(m1)", "FILL(m1,0)", "m1/m2", "RUNNING_SUM(m1)", "IF(m1>0,m1,m2)", "MAX([m1,m1])"]


@change(3)
def alarm_maths(rng: random.Random, case: Case) -> None:
    """A13: the alarm watches an expression over its metric and another."""
    alarm = pick(rng, [a for a in case.alarms if "MetricName" in a])
    if alarm is None:
        return
    expression = rng.choice(EXPRESSIONS)
    period, stat = alarm.pop("Period"), alarm.pop("Statistic", "Sum")
    metric = {
        "Namespace": alarm.pop("Namespace"),
        "MetricName": alarm.pop("MetricName"),
        "Dimensions": alarm.pop("Dimensions"),
    }
    for key in ("ExtendedStatistic", "EvaluateLowSampleCountPercentile", "Unit"):
        alarm.pop(key, None)
    other: dict[str, Any] = {"Namespace": "Audit", "MetricName": "Other", "Dimensions": []}
    foreign = rng.random() < 0.2
    if foreign:
        other = {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": []}
    elif case.filters:
        publisher(rng, case, "Other")
    entries = [
        {"Id": "m1", "ReturnData": False, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}},
        {"Id": "m2", "ReturnData": False, "MetricStat": {"Metric": other, "Period": period, "Stat": stat}},
    ]
    if expression == "m1":
        del entries[0]["ReturnData"]
        entries = entries[:1]
    else:
        entries = [e for e in entries if str(e["Id"]) in expression]
        entries.insert(0, {"Id": "e1", "Expression": expression, "ReturnData": True})
    alarm["Metrics"] = entries
    if rng.random() < 0.5:
        alarm["Threshold"] = rng.choice([1.0, 0.0, 2.0])
        alarm["ComparisonOperator"] = rng.choice(["GreaterThanOrEqualToThreshold", "GreaterThanThreshold"])
