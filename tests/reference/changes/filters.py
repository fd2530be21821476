"""Changes to log groups, metric filters and what they publish (sections 2 and 3)."""

from __future__ import annotations

import copy
import random
from typing import Any

from tests import textbook
from tests.reference.recipes import ALL, FILTERS, GROUPS, NEVER, RARE, Case, change, pick, rename


@change(2)
def log_groups(rng: random.Random, case: Case) -> None:
    names = sorted({str(item["logGroupName"]) for item in case.filters} | {"ct"})
    listed = []
    for name in names:
        group: dict[str, Any] = {
            "logGroupName": name,
            "creationTime": 1_709_543_512_345,
            "arn": f"arn:aws:logs:{case.region}:{case.home}:log-group:{name}:*",
            "storedBytes": rng.choice([0, 9]),
        }
        if rng.random() < 0.5:
            group["metricFilterCount"] = sum(item["logGroupName"] == name for item in case.filters)
        if rng.random() < 0.15:
            group["metricFilterCount"] = rng.choice([0, 9])
        if rng.random() < 0.6:
            group["logGroupClass"] = rng.choice(["STANDARD"] * 4 + ["INFREQUENT_ACCESS", "DELIVERY", "NEWCLASS"])
        listed.append(group)
    if rng.random() < 0.15:
        gone = rng.choice(names)
        listed = [group for group in listed if group["logGroupName"] != gone]
        case.filters[:] = [item for item in case.filters if item["logGroupName"] != gone]
    case.put(GROUPS, {"logGroups": listed})


def spellings(rng: random.Random, required: str, control: str) -> str:
    """A pattern near the required one: equal in other words, narrower, broader, or one that counts everything."""
    kind = rng.randrange(12)
    if control == "ssm-actions":
        names = list(textbook.NAMES)
        if kind == 0:
            rng.shuffle(names)
        elif kind == 1:
            names.remove(rng.choice(names))
        elif kind == 2:
            names.append("CancelCommand")
        elif kind == 3:
            names[rng.randrange(10)] = "startSession"
        elif kind == 4:
            return (
                "{ ($.eventSource = ssm.amazonaws.com) && ("
                + " || ".join(f"($.eventName = {n})" for n in names)
                + ") }"
            )
        elif kind == 5:
            return "{ $.eventSource = ssm.amazonaws.com }"
        elif kind == 6:
            return rng.choice(ALL)
        elif kind == 7:
            names = [*names[2:], "ListCommand*"]
        elif kind == 8:
            return "{ (" + " || ".join(f'$.eventName = "{n}"' for n in names) + ") && ($.errorCode NOT EXISTS) }"
        elif kind == 9:
            return "{ " + " || ".join(f'($.eventName = "{n}")' for n in [*names, "SendCommand"]) + " }"
        return "{ " + " || ".join(f"$.eventName = {n}" for n in names) + " }"
    if kind < 4:
        return "{ (" + required.strip()[1:-1].strip() + ") }"
    if kind == 4:
        return "{ (" + required.strip()[1:-1].strip() + ') && ($.awsRegion = "us-east-1") }'
    if kind == 5:
        return "{ (" + required.strip()[1:-1].strip() + ') || ($.eventName = "CancelCommand") }'
    if kind == 6:
        return "{ (" + required.strip()[1:-1].strip() + ") && ($.errorCode NOT EXISTS) }"
    if kind == 7:
        return rng.choice(ALL)
    if kind == 8:
        return "{ (" + required.strip()[1:-1].strip() + ') && ($.eventSource != "iam.amazonaws.com") }'
    return required


@change(4)
def filter_pattern(rng: random.Random, case: Case) -> None:
    item = pick(rng, case.filters)
    if item is not None:
        item["filterPattern"] = spellings(rng, case.required, case.recipe.control)


@change(3)
def filter_publishes(rng: random.Random, case: Case) -> None:
    item = pick(rng, case.filters)
    if item is None:
        return
    shape = item["metricTransformations"][0]
    kind = rng.randrange(10)
    if kind < 3:
        shape["metricValue"] = rng.choice(["1.0", "1e0", "2", "0.5", "0", "-1", "10", "$.bytes"])
    elif kind < 6:
        shape["defaultValue"] = rng.choice([0.0, 0.0, 1.0, -1.0, 0.5])
        shape.pop("dimensions", None)
    elif kind == 6:
        shape["dimensions"] = {"event": "$.eventName"}
        shape.pop("defaultValue", None)
    elif kind == 7:
        shape["unit"] = rng.choice(["Count", "None", "Seconds"])
    elif kind == 8:
        item["emitSystemFieldDimensions"] = ["@aws.account"]
    elif rng.random() < 0.5:
        item["applyOnTransformedLogs"] = True
    else:
        item["fieldSelectionCriteria"] = '@aws.account IN ["999999999999"]'


@change(4)
def further_publisher(rng: random.Random, case: Case) -> None:
    """Another filter that publishes into the chain's metric, or nearly (M1, M6)."""
    item = pick(rng, case.filters)
    if item is None:
        return
    other = copy.deepcopy(item)
    other["filterName"] = case.unused("further")
    other["filterPattern"] = rng.choice([RARE, RARE, NEVER, *ALL])
    shape = other["metricTransformations"][0]
    shape["metricValue"] = rng.choice(["0", "1", "1", "2", "0.5", "$.bytes"])
    shape.pop("dimensions", None)
    shape.pop("defaultValue", None)
    if rng.random() < 0.4:
        shape["defaultValue"] = rng.choice([0.0, 0.0, 1.0])
    elif rng.random() < 0.25:
        shape["dimensions"] = {"event": "$.eventName"}
    if rng.random() < 0.15:
        shape["unit"] = rng.choice(["Count", "None"])
    if rng.random() < 0.2:
        shape["metricName"] = shape["metricName"].lower()
    case.filters.append(other)


@change(2)
def counted_twice(rng: random.Random, case: Case) -> None:
    """Another filter that counts the same events, all or some of them, and an alarm that needs both (V3, T18)."""
    item, alarm = pick(rng, case.filters), pick(rng, [a for a in case.alarms if "MetricName" in a])
    if item is None or alarm is None:
        return
    other = copy.deepcopy(item)
    other["filterName"] = case.unused("again")
    other["filterPattern"] = rng.choice(
        [item.get("filterPattern", ""), spellings(rng, case.required, case.recipe.control)]
    )
    if rng.random() < 0.2:
        other["logGroupName"] = "ct-other"
    other["metricTransformations"][0]["metricValue"] = rng.choice(["1", "1", "0.5", "2"])
    case.filters.append(other)
    if rng.random() < 0.2:
        alarm |= {"EvaluationPeriods": 3, "DatapointsToAlarm": 2}
    else:
        alarm["Threshold"] = rng.choice([2.0, 2.0, 1.5, 3.0])
    if "metricName" in other["metricTransformations"][0] and rng.random() < 0.25:
        other["metricTransformations"][0]["metricName"] = "Again"
        twin = copy.deepcopy(alarm)
        rename(case, twin, case.unused("again"))
        twin["MetricName"], twin["AlarmActions"] = "Again", []
        twin["Threshold"] = alarm["Threshold"] = 1.0
        rule = rng.choice(["ALARM({}) AND ALARM({})", "AT_LEAST(2, ALARM, ({}, {}))", "ALARM({}) AND NOT OK({})"])
        both = {
            "AlarmName": "both",
            "AlarmArn": f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:both",
            "AlarmRule": rule.format(alarm["AlarmName"], twin["AlarmName"]),
            "ActionsEnabled": True,
            "AlarmActions": alarm.get("AlarmActions", []),
            "OKActions": [],
            "InsufficientDataActions": [],
            "StateValue": "OK",
        }
        alarm["AlarmActions"] = []
        case.alarms.append(twin)
        case.composites.append(both)


@change(3)
def split_filter(rng: random.Random, case: Case) -> None:
    """Two filters that count the events together (V1)."""
    item = pick(rng, case.filters)
    if item is None:
        return
    if case.recipe.control == "ssm-actions":
        names = list(textbook.NAMES)
        rng.shuffle(names)
        cut = rng.randrange(1, 9)
        parts = [names[:cut], names[cut:]]
        if rng.random() < 0.25:
            parts[1] = parts[1][1:]
        texts = ["{ " + " || ".join(f"($.eventName = {n})" for n in part) + " }" for part in parts if part]
    else:
        body = case.required.strip()[1:-1].strip()
        source = rng.choice(["iam.amazonaws.com", "kms.amazonaws.com", "Zz.amazonaws.com"])
        texts = [
            "{ (" + body + f') && ($.eventSource = "{source}") }}',
            "{ (" + body + f') && ($.eventSource != "{source}") }}',
        ]
    item["filterPattern"] = texts[0]
    for text in texts[1:]:
        other = copy.deepcopy(item)
        other["filterName"] = case.unused(item["filterName"])
        other["filterPattern"] = text
        case.filters.append(other)
        if rng.random() < 0.5:
            other["metricTransformations"][0]["metricName"] += "B"
            for alarm in copy.deepcopy(case.alarms):
                if alarm.get("MetricName") == item["metricTransformations"][0]["metricName"]:
                    alarm["MetricName"] += "B"
                    rename(case, alarm, case.unused(alarm["AlarmName"]))
                    case.alarms.append(alarm)


@change()
def filter_place(rng: random.Random, case: Case) -> None:
    item = pick(rng, case.filters)
    if item is None:
        return
    kind = rng.randrange(4)
    if kind == 0:
        item["logGroupName"] = rng.choice(["ct-other", "CT", "c"])
    elif kind == 1:
        case.filters.remove(item)
    elif kind == 2:
        case.filters.remove(item)
        case.put(FILTERS, {"metricFilters": [item]}, region=case.recipe.other_region)
    else:
        noise = copy.deepcopy(item)
        noise["filterName"], noise["filterPattern"] = case.unused("app"), '{ $.level = "ERROR" }'
        noise["metricTransformations"][0]["metricName"] = "App"
        noise["logGroupName"] = "app"
        case.filters.append(noise)


def publisher(rng: random.Random, case: Case, metric: str) -> None:
    """A captured filter on another metric, which may count everything or have a default value."""
    shape: dict[str, Any] = {"metricName": metric, "metricNamespace": "Audit", "metricValue": "1"}
    if rng.random() < 0.4:
        shape["defaultValue"] = rng.choice([0.0, 0.0, 1.0])
    case.filters.append(
        {
            "filterName": case.unused(f"of-{metric}"),
            "filterPattern": rng.choice([RARE, RARE, RARE, rng.choice(ALL)]),
            "metricTransformations": [shape],
            "creationTime": 1_751_328_000_000,
            "logGroupName": "ct",
        }
    )
