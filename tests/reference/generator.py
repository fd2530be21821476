"""Random bundles over sections 1 to 8 of the law: a whole textbook chain, and up to four random changes to it.

A ``Recipe`` is plain data (base, changes with a seed each, arguments), so that a disagreement shrinks by leaving
changes out and is reproduced by its text. ``build`` makes the files of a recipe for given account ids.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests import textbook
from tests.reference import composites, judge

OTHER = "eu-west-1"
TRAILS, FILTERS, ALARMS = "cloudtrail-describe-trails", "logs-describe-metric-filters", "cloudwatch-describe-alarms"
BY_TOPIC, GROUPS, ATTRIBUTES = "sns-list-subscriptions-by-topic", "logs-describe-log-groups", "sns-get-topic-attributes"
RARE = '{ $.eventName = "Unrelated" }'
ALL = ("", " ", "{ $.eventName = * }", '{ $.eventVersion = "*" }')
WINDOW = ("2026-07-01", "2026-11-14")  # the third quarter of 2026 and 45 days


@dataclass(frozen=True)
class Recipe:
    """What a bundle is made from."""

    base: str
    seed: int
    changes: tuple[tuple[str, int], ...]
    strict: bool = False
    covers: bool = False
    scoped: bool = False
    period: bool = False

    @property
    def control(self) -> str:
        return random.Random(self.seed).choices(CONTROLS, (6, 2, 1, 1))[0]

    @property
    def region(self) -> str:
        if self.base == "regions":
            return random.Random(self.seed + 1).choice(["cn-north-1", "us-gov-west-1"])
        return "us-east-1"

    @property
    def other_region(self) -> str:
        return {"cn-north-1": "cn-northwest-1", "us-gov-west-1": "us-gov-east-1"}.get(self.region, OTHER)

    @property
    def arguments(self) -> judge.Arguments:
        """The reference's arguments."""
        return judge.Arguments(
            self.strict, (self.region,) if self.scoped else (), WINDOW if self.period else None, None
        )

    @property
    def alone(self) -> bool:
        """Whether the bundle says something of other accounts, so that it cannot share a bundle with strangers."""
        return self.base == "organisation"


CONTROLS = ("ssm-actions", "root-usage", "cmk-disable-or-delete", "iam-policy-changes")


@dataclass
class Case:
    """A bundle in the making."""

    recipe: Recipe
    accounts: Sequence[str]
    files: dict[str, Any] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    asked: bool = False

    def __post_init__(self) -> None:
        self.home = self.accounts[0]
        self.region = self.recipe.region
        self.required = judge.control(self.recipe.control)["variants"]["default"]["patterns"][0]["pattern"]

    def path(self, call: str, resource: str = "", account: str = "", region: str = "") -> str:
        tail = f"/{resource}.json" if resource else ".json"
        return f"{account or self.home}/{region or self.region}/{call}{tail}"

    def items(self, call: str, key: str, account: str = "", region: str = "") -> list[dict[str, Any]]:
        content = self.files.get(self.path(call, "", account, region))
        return content[key] if isinstance(content, dict) and key in content else []

    def put(self, call: str, content: Any, resource: str = "", account: str = "", region: str = "") -> None:
        self.files[self.path(call, resource, account, region)] = content

    @property
    def trails(self) -> list[dict[str, Any]]:
        return self.items(TRAILS, "trailList")

    @property
    def filters(self) -> list[dict[str, Any]]:
        return self.items(FILTERS, "metricFilters")

    @property
    def alarms(self) -> list[dict[str, Any]]:
        return self.items(ALARMS, "MetricAlarms")

    @property
    def composites(self) -> list[dict[str, Any]]:
        return self.items(ALARMS, "CompositeAlarms")

    def topic(self) -> str:
        """The ARN of the topic that the first alarm's action names, or of the usual one."""
        for item in [*self.alarms, *self.composites]:
            for action in item.get("AlarmActions", []):
                if ":sns:" in action:
                    return str(action)
        return f"arn:aws:sns:{self.region}:{self.home}:alerts"

    def attributes(self) -> dict[str, Any]:
        arn = self.topic()
        parts = arn.split(":")
        path = self.path(ATTRIBUTES, parts[5], parts[4], parts[3])
        content = self.files.setdefault(path, {"Attributes": {"TopicArn": arn, "SubscriptionsConfirmed": "1"}})
        return dict.__getitem__(content, "Attributes")  # type: ignore[no-any-return]


Change = Callable[[random.Random, Case], None]
CHANGES: dict[str, Change] = {}
WEIGHTS: dict[str, int] = {}


def change(weight: int = 1) -> Callable[[Change], Change]:
    """Register a random change under its function's name."""

    def register(function: Change) -> Change:
        CHANGES[function.__name__] = function
        WEIGHTS[function.__name__] = weight
        return function

    return register


def pick(rng: random.Random, items: Sequence[Any]) -> Any:
    return rng.choice(items) if items else None


# --- 1 CloudTrail -----------------------------------------------------------------------------------------------------
@change(2)
def trail_settings(rng: random.Random, case: Case) -> None:
    trail = pick(rng, case.trails)
    if trail is None:
        return
    kind = rng.randrange(7)
    if kind == 0:
        trail.pop("CloudWatchLogsLogGroupArn", None)
    elif kind == 1:
        trail["IsMultiRegionTrail"] = False
        trail["IncludeGlobalServiceEvents"] = rng.random() < 0.5
    elif kind == 2:
        trail["HasCustomEventSelectors"] = True
    elif kind == 3 and "CloudWatchLogsLogGroupArn" in trail:
        trail["CloudWatchLogsLogGroupArn"] = trail["CloudWatchLogsLogGroupArn"].removesuffix(":*")
    elif kind == 4 and "CloudWatchLogsLogGroupArn" in trail:
        trail["CloudWatchLogsLogGroupArn"] = trail["CloudWatchLogsLogGroupArn"].replace(":ct", ":ct2")
    elif kind == 5 and "CloudWatchLogsLogGroupArn" in trail:
        trail["CloudWatchLogsLogGroupArn"] = trail["CloudWatchLogsLogGroupArn"].replace(
            f":{case.region}:", f":{case.recipe.other_region}:"
        )
    elif kind == 6:
        case.trails.remove(trail)


SELECTORS: list[list[dict[str, Any]]] = [
    [{"ReadWriteType": "All", "IncludeManagementEvents": True}],
    [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
    [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}],
    [{"ReadWriteType": "All", "IncludeManagementEvents": False}],
    [
        {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True},
        {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True},
    ],
    [{"ReadWriteType": "All", "IncludeManagementEvents": True, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}],
    [
        {
            "ReadWriteType": "All",
            "IncludeManagementEvents": True,
            "ExcludeManagementEventSources": ["rdsdata.amazonaws.com"],
        }
    ],
]
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
ADVANCED: list[list[list[dict[str, Any]]]] = [
    [[MANAGEMENT]],
    [[MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}]],
    [[MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}]],
    [
        [MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}],
        [MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}],
    ],
    [[MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}]],
    [[MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}]],
    [[{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]],
    [[MANAGEMENT], [{"Field": "eventCategory", "Equals": ["Data"]}]],
    [[MANAGEMENT, {"Field": "eventName", "StartsWith": ["Send", "List"]}]],
    [[MANAGEMENT, {"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:iam::1"]}]],
]


@change(3)
def trail_selectors(rng: random.Random, case: Case) -> None:
    trail = pick(rng, case.trails)
    if trail is None or trail["TrailARN"].split(":")[4] != case.home:
        return
    trail["HasCustomEventSelectors"] = True
    answer: dict[str, Any] = {"TrailARN": trail["TrailARN"]}
    if rng.random() < 0.5:
        answer["EventSelectors"] = copy.deepcopy(rng.choice(SELECTORS))
    else:
        answer["AdvancedEventSelectors"] = [
            {"Name": f"s{n}", "FieldSelectors": fields} for n, fields in enumerate(copy.deepcopy(rng.choice(ADVANCED)))
        ]
    case.put("cloudtrail-get-event-selectors", answer, trail["Name"])


@change(2)
def trail_status(rng: random.Random, case: Case) -> None:
    trail = pick(rng, case.trails)
    if trail is None or trail["TrailARN"].split(":")[4] != case.home:
        return
    status: dict[str, Any] = {"IsLogging": rng.random() < 0.7}
    kind = rng.randrange(6)
    if kind > 0:
        status["LatestDeliveryTime"] = "2026-09-29T10:00:00+00:00"
    if kind in {2, 3}:
        status["LatestCloudWatchLogsDeliveryTime"] = "2026-09-29T10:01:00+00:00"
    if kind in {4, 5}:
        status["LatestCloudWatchLogsDeliveryTime"] = "2026-09-20T10:01:00+00:00"
    if kind in {3, 5} or (kind == 1 and rng.random() < 0.5):
        status["LatestCloudWatchLogsDeliveryError"] = "AccessDenied"
    name = trail["Name"]
    spelling = rng.choice([name, name, name, name.upper(), f"{name} (1)", f"status-{name}"])
    case.put("cloudtrail-get-trail-status", status, spelling)


@change(3)
def second_trail(rng: random.Random, case: Case) -> None:
    if not case.trails or any(known["Name"] == "second" for known in case.trails):
        return
    trail = copy.deepcopy(case.trails[0])
    trail["Name"] = "second"
    trail["TrailARN"] = f"arn:aws:cloudtrail:{case.region}:{case.home}:trail/second"
    trail["IsOrganizationTrail"] = False
    trail["HasCustomEventSelectors"] = False
    if trail["HomeRegion"] != case.region:
        trail["HomeRegion"] = case.region
    kind = rng.randrange(4)
    if kind == 0:
        trail["IsMultiRegionTrail"] = False
    elif kind == 1:
        trail.pop("CloudWatchLogsLogGroupArn", None)
    elif kind == 2 and "CloudWatchLogsLogGroupArn" in trail:
        trail["CloudWatchLogsLogGroupArn"] = f"arn:aws:logs:{case.region}:{case.home}:log-group:ct2:*"
        for item in copy.deepcopy(case.filters):
            item["logGroupName"] = "ct2"
            case.filters.append(item)
    case.trails.append(trail)


@change(2)
def parted_trails(rng: random.Random, case: Case) -> None:
    """Two trails, each of which takes a part (T18)."""
    second_trail(rng, case)
    halves: list[tuple[Any, Any]] = [
        (SELECTORS[1], SELECTORS[2]),
        (SELECTORS[5], SELECTORS[6]),
        (SELECTORS[1], SELECTORS[5]),
    ]
    half = list(rng.choice(halves))
    rng.shuffle(half)
    for trail, selectors in zip(case.trails[:2], half, strict=False):
        if trail["TrailARN"].split(":")[4] == case.home:
            trail["HasCustomEventSelectors"] = True
            answer = {"TrailARN": trail["TrailARN"], "EventSelectors": copy.deepcopy(selectors)}
            case.put("cloudtrail-get-event-selectors", answer, trail["Name"])


@change()
def other_region_trails(rng: random.Random, case: Case) -> None:
    shadow = [copy.deepcopy(trail) for trail in case.trails if trail.get("IsMultiRegionTrail")]
    case.put(TRAILS, {"trailList": shadow if rng.random() < 0.6 else []}, region=case.recipe.other_region)


# --- 2, 3 Log group, filter, metric -----------------------------------------------------------------------------------
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
    other["filterName"] = f"further-{len(case.filters)}"
    other["filterPattern"] = rng.choice([RARE, RARE, RARE, *ALL])
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
        other["filterName"] += f"-{len(case.filters)}"
        other["filterPattern"] = text
        case.filters.append(other)
        if rng.random() < 0.5:
            other["metricTransformations"][0]["metricName"] += "B"
            for alarm in copy.deepcopy(case.alarms):
                if alarm.get("MetricName") == item["metricTransformations"][0]["metricName"]:
                    alarm["MetricName"] += "B"
                    rename(case, alarm, f"{alarm['AlarmName']}-{len(case.alarms)}")
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
        noise["filterName"], noise["filterPattern"] = f"app-{len(case.filters)}", '{ $.level = "ERROR" }'
        noise["metricTransformations"][0]["metricName"] = "App"
        noise["logGroupName"] = "app"
        case.filters.append(noise)


# --- 4 Alarms ---------------------------------------------------------------------------------------------------------
def rename(case: Case, alarm: dict[str, Any], name: str) -> None:
    """Give ``alarm`` a name of its own."""
    alarm["AlarmName"] = name
    alarm["AlarmArn"] = alarm["AlarmArn"].rpartition(":")[0] + ":" + name


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
        rename(case, twin, f"{alarm['AlarmName']}-{len(case.alarms)}")
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


def publisher(rng: random.Random, case: Case, metric: str) -> None:
    """A captured filter on another metric, which may count everything or have a default value."""
    shape: dict[str, Any] = {"metricName": metric, "metricNamespace": "Audit", "metricValue": "1"}
    if rng.random() < 0.4:
        shape["defaultValue"] = rng.choice([0.0, 0.0, 1.0])
    case.filters.append(
        {
            "filterName": f"of-{metric}-{len(case.filters)}",
            "filterPattern": rng.choice([RARE, RARE, RARE, rng.choice(ALL)]),
            "metricTransformations": [shape],
            "creationTime": 1_751_328_000_000,
            "logGroupName": "ct",
        }
    )


# --- 5 Composites -----------------------------------------------------------------------------------------------------
def other_alarm(rng: random.Random, case: Case, name: str) -> None:
    """Another alarm, on a filter's metric or on a service's own."""
    if any(alarm["AlarmName"] == name for alarm in case.alarms + case.composites):
        return
    alarm = textbook.alarm(case.home, case.region, name)
    alarm["AlarmActions"] = []
    alarm["MetricName"] = f"Q-{name}"
    alarm["TreatMissingData"] = rng.choice(["notBreaching", "notBreaching", "missing", "breaching", "ignore"])
    alarm["StateValue"] = rng.choice(["OK", "OK", "OK", "ALARM", "INSUFFICIENT_DATA"])
    if rng.random() < 0.5:
        publisher(rng, case, f"Q-{name}")
    case.alarms.append(alarm)


def rule(rng: random.Random, names: Sequence[str], depth: int) -> str:
    """A rule over ``names``."""
    if depth == 0 or rng.random() < 0.4:
        state = rng.choice(["ALARM", "ALARM", "OK", "INSUFFICIENT_DATA"])
        name = rng.choice(names)
        return f"{'NOT ' if rng.random() < 0.3 else ''}{state}({rng.choice([name, chr(34) + name + chr(34)])})"
    if rng.random() < 0.15 and len(names) > 1:
        children = rng.sample(list(names), min(len(names), 3))
        return f"AT_LEAST({rng.choice(['1', '2', '50%'])}, {rng.choice(['ALARM', 'NOT OK'])}, ({', '.join(children)}))"
    joint = rng.choice([" AND ", " OR "])
    return "(" + joint.join(rule(rng, names, depth - 1) for _ in range(2)) + ")"


@change(5)
def composite(rng: random.Random, case: Case) -> None:
    """Composites up to three deep carry the action in place of the metric alarm."""
    alarm = pick(rng, case.alarms)
    if alarm is None or case.composites:
        return
    own = alarm["AlarmName"]
    others = ["b", "d"][: rng.choice([0, 1, 1, 2])]
    for name in others:
        other_alarm(rng, case, name)
    made: list[str] = []
    actions = list(alarm.get("AlarmActions", []))
    if rng.random() < 0.85:
        alarm["AlarmActions"] = []
    depth = rng.choice([1, 1, 2, 3])
    for level in range(depth):
        below = made[-1] if made else own
        form = rng.randrange(7)
        pool = [*others, *made[:-1]] or [below]
        if form == 0:
            text = f"ALARM({below})"
        elif form == 1:
            text = f'ALARM("{below}") OR {rule(rng, pool, 1)}'
        elif form == 2:
            text = f"ALARM({below}) AND NOT {rule(rng, pool, 0).removeprefix('NOT ')}"
        elif form == 3:
            text = f"ALARM({below}) AND ({rule(rng, pool, 1)})"
        elif form == 4:
            text = f"NOT OK({below})"
        elif form == 5:
            text = rule(rng, [below, *others], 2)
        else:
            text = f"ALARM(arn:aws:cloudwatch:{case.region}:{case.home}:alarm:{below})"
        name = f"c{level}"
        made.append(name)
        case.composites.append(
            {
                "AlarmName": name,
                "AlarmArn": f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:{name}",
                "AlarmRule": text,
                "ActionsEnabled": True,
                "AlarmActions": actions if level == depth - 1 else [],
                "OKActions": [],
                "InsufficientDataActions": [],
                "StateValue": "OK",
            }
        )
    last = case.composites[-1]
    if rng.random() < 0.15 and others:
        last["ActionsSuppressor"] = rng.choice(
            [*others, f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:{others[0]}"]
        )
        last["ActionsSuppressorWaitPeriod"] = last["ActionsSuppressorExtensionPeriod"] = 60
        if rng.random() < 0.3:
            last["ActionsSuppressedBy"] = "Alarm"
    if rng.random() < 0.06:
        case.composites[0]["AlarmRule"] += f" OR ALARM({made[-1]})"
    if rng.random() < 0.1:
        gone = pick(rng, [a for a in case.alarms if a["AlarmName"] in others])
        if gone is not None:
            case.alarms.remove(gone)


@change(2)
def silencer(rng: random.Random, case: Case) -> None:
    """A maintenance alarm or composite that silences (C5)."""
    if not case.composites:
        composite(rng, case)
    target = pick(rng, case.composites)
    if target is None or any(c["AlarmName"] == "m" for c in case.composites):
        return
    other_alarm(rng, case, "b")
    other_alarm(rng, case, "d")
    deep = rng.random() < 0.5
    if deep:
        silent = copy.deepcopy(target)
        rename(case, silent, "m")
        silent["AlarmActions"] = []
        silent.pop("ActionsSuppressor", None)
        silent["AlarmRule"] = rule(rng, ["b", "d"], 1)
        case.composites.append(silent)
    name = "m" if deep else "b"
    if rng.random() < 0.3:
        target["ActionsSuppressor"] = name
    else:
        target["AlarmRule"] = f"({target['AlarmRule']}) AND NOT ALARM({name})"


@change()
def composites_asked(rng: random.Random, case: Case) -> None:
    """A composite of somebody else shows that composites were asked for (C1)."""
    if not any(c["AlarmName"] == "unrelated" for c in case.composites) and case.alarms:
        other_alarm(rng, case, "b")
        case.composites.append(
            {
                "AlarmName": "unrelated",
                "AlarmArn": f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:unrelated",
                "AlarmRule": "ALARM(b)",
                "ActionsEnabled": True,
                "AlarmActions": [],
                "OKActions": [],
                "InsufficientDataActions": [],
                "StateValue": "OK",
            }
        )


# --- 6 Topics ---------------------------------------------------------------------------------------------------------
def condition(rng: random.Random, case: Case, topic: str) -> dict[str, Any]:
    """Conditions of a statement, good and bad."""
    alarm = f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:"
    name = pick(rng, [str(a["AlarmName"]) for a in case.alarms + case.composites if a.get("AlarmActions")]) or "x"
    other = case.accounts[-1] if len(case.accounts) > 1 else "999999999999"
    choices: list[dict[str, Any]] = [
        {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}},
        {"StringEquals": {"aws:SourceAccount": case.home}},
        {"StringEquals": {"aws:SourceAccount": [case.home, other]}},
        {"StringEquals": {"aws:SourceAccount": other}},
        {"StringEquals": {"aws:SourceAccount": f"arn:aws:iam::{case.home}:root"}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{case.home}:alarm:*"}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{case.home}:*"}},
        {"ArnEquals": {"aws:SourceArn": alarm + name}},
        {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{name}"}},
        {"StringEquals": {"aws:SourceArn": alarm + "*"}},
        {"StringLike": {"aws:SourceArn": alarm + "*"}},
        {"StringEqualsIgnoreCase": {"aws:SourceArn": (alarm + name).upper()}},
        {"Bool": {"aws:SecureTransport": rng.choice(["true", "false"])}},
        {"Bool": {"aws:PrincipalIsAWSService": rng.choice(["true", "false"])}},
        {"BoolIfExists": {"aws:PrincipalIsAWSService": rng.choice(["true", "false"])}},
        {"Bool": {"aws:ViaAWSService": rng.choice(["true", "false"])}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "sec"}},
        {"StringEqualsIfExists": {"aws:PrincipalTag/team": "sec"}},
        {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}},
        {
            "StringEquals": {
                "aws:PrincipalServiceName": rng.choice(["cloudwatch.amazonaws.com", "events.amazonaws.com"])
            }
        },
        {"StringNotEquals": {"aws:PrincipalServiceName": "cloudwatch.amazonaws.com"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "cloudwatch.amazonaws.com"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "events.amazonaws.com"}},
        {"StringEquals": {"aws:PrincipalAccount": case.home}},
        {"StringNotEquals": {"aws:PrincipalAccount": case.home}},
        {"StringEqualsIfExists": {"aws:PrincipalAccount": case.home}},
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
        {"Null": {"aws:PrincipalOrgID": rng.choice(["true", "false"])}},
        {"Null": {"aws:SourceArn": rng.choice(["true", "false"])}},
        {"Null": {"aws:PrincipalArn": "true"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}},
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    ]
    found: dict[str, Any] = {}
    for _ in range(rng.choice([1, 1, 1, 2])):
        for operator, keys in rng.choice(choices).items():
            found[operator] = {**found.get(operator, {}), **keys}
    return found


def statement(rng: random.Random, case: Case, topic: str, effect: str) -> dict[str, Any]:
    """One statement of a topic policy."""
    principal: Any = rng.choice(
        [{"Service": "cloudwatch.amazonaws.com"}] * 3
        + [{"AWS": "*"}, "*", {"Service": "events.amazonaws.com"}, {"AWS": f"arn:aws:iam::{case.home}:root"}]
        + [{"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}]
    )
    if effect == "Deny":
        principal = rng.choice(["*", "*", {"AWS": "*"}, {"Service": "cloudwatch.amazonaws.com"}])
    found: dict[str, Any] = {"Sid": f"s{rng.randrange(99)}", "Effect": effect}
    found["NotPrincipal" if rng.random() < 0.05 else "Principal"] = principal
    action = rng.choice(
        ["sns:Publish", "sns:Publish", "SNS:Publish", "sns:*", "*", ["sns:GetTopicAttributes", "sns:Publish"]]
    )
    action = rng.choice(["sns:Subscribe", "sns:Pub*"]) if rng.random() < 0.12 else action
    found["NotAction" if rng.random() < 0.05 else "Action"] = action
    resource = topic if rng.random() < 0.9 else rng.choice(["*", topic + "2", topic[:-2] + "*"])
    found["NotResource" if rng.random() < 0.05 else "Resource"] = resource
    if effect == "Deny" or rng.random() < 0.6:
        found["Condition"] = condition(rng, case, topic)
    return found


@change(5)
def topic_policy(rng: random.Random, case: Case) -> None:
    topic = case.topic()
    statements = [statement(rng, case, topic, "Allow") for _ in range(rng.choice([1, 1, 2]))]
    if rng.random() < 0.35:
        statements.append(statement(rng, case, topic, "Deny"))
    case.attributes()["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": statements})


@change(2)
def topic_key(rng: random.Random, case: Case) -> None:
    attributes = case.attributes()
    kind = rng.randrange(5)
    key = "0b1c2d3e-1111-2222-3333-444455556666"
    parts = attributes["TopicArn"].split(":")
    if kind == 0:
        attributes["KmsMasterKeyId"] = "alias/aws/sns"
        return
    attributes["KmsMasterKeyId"] = rng.choice([key, f"arn:aws:kms:{parts[3]}:{parts[4]}:key/{key}"])
    if kind == 1:
        return
    allow: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": rng.choice(["cloudwatch.amazonaws.com"] * 3 + ["events.amazonaws.com"])},
        "Action": rng.choice(
            [["kms:Decrypt", "kms:GenerateDataKey"], ["kms:Decrypt", "kms:GenerateDataKey*"], "kms:*", ["kms:Decrypt"]]
        ),
        "Resource": "*",
    }
    if rng.random() < 0.4:
        allow["Condition"] = rng.choice(
            [
                {"StringEquals": {"aws:SourceAccount": case.home}},
                {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{case.home}:alarm:*"}},
                {"StringEquals": {"aws:SourceAccount": "999999999999"}},
                {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": attributes["TopicArn"]}},
            ]
        )
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{parts[4]}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    statements = [root] if kind == 2 else [root, allow]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    case.put("kms-get-key-policy", {"Policy": policy, "PolicyName": "default"}, key, parts[4], parts[3])


@change()
def topic_place(rng: random.Random, case: Case) -> None:
    arn = case.topic()
    parts = arn.split(":")
    kind = rng.randrange(4)
    if kind == 0:
        case.put("sns-list-topics", {"Topics": [{"TopicArn": arn}]}, "", parts[4], parts[3])
    elif kind == 1:
        case.put("sns-list-topics", {"Topics": [{"TopicArn": arn + "-v2"}]}, "", parts[4], parts[3])
    elif kind == 2:
        case.attributes()["SubscriptionsConfirmed"] = rng.choice(["0", "1"])
    else:
        case.attributes()["FifoTopic"] = rng.choice(["true", "false"])


@change()
def foreign_topic(rng: random.Random, case: Case) -> None:
    """The topic stands in another account, captured or not (S5)."""
    if len(case.accounts) < 2:
        return
    other = case.accounts[1]
    for alarm in case.alarms + case.composites:
        alarm["AlarmActions"] = [
            a.replace(f":{case.home}:", f":{other}:") if ":sns:" in a else a for a in alarm["AlarmActions"]
        ]
    subscription = textbook.subscription(other, case.region)
    case.put(BY_TOPIC, {"Subscriptions": [subscription]}, "alerts", other)
    if rng.random() < 0.4:
        topic_policy(rng, case)


# --- 7 Subscriptions --------------------------------------------------------------------------------------------------
@change(3)
def subscriptions(rng: random.Random, case: Case) -> None:
    arn = case.topic()
    parts = arn.split(":")
    path = case.path(BY_TOPIC, parts[5], parts[4], parts[3])
    content = case.files.get(path)
    if not isinstance(content, dict) or "Subscriptions" not in content:
        return
    items = content["Subscriptions"]
    kind = rng.randrange(6)
    if kind == 0 and items:
        items[0]["SubscriptionArn"] = rng.choice(["PendingConfirmation", "Deleted", "Something"])
    elif kind == 1:
        content["Subscriptions"] = []
    elif kind == 2:
        del case.files[path]
        case.put("sns-list-subscriptions", {"Subscriptions": items}, "", parts[4], parts[3])
    elif kind == 3 and items and items[0]["SubscriptionArn"].startswith("arn:"):
        policy = rng.choice(
            [
                ({"NewStateValue": ["OK"]}, "MessageBody"),
                ({"NewStateValue": ["ALARM"]}, "MessageBody"),
                ({"kind": ["x"]}, "MessageAttributes"),
                ({"kind": [{"exists": False}]}, "MessageAttributes"),
                ({"kind": ["x"]}, None),
            ]
        )
        attributes = dict(items[0]) | {"PendingConfirmation": "false", "FilterPolicy": json.dumps(policy[0])}
        if policy[1]:
            attributes["FilterPolicyScope"] = policy[1]
        case.put(
            "sns-get-subscription-attributes",
            {"Attributes": attributes},
            items[0]["SubscriptionArn"].rpartition(":")[2],
            parts[4],
            parts[3],
        )
    elif kind == 4 and items:
        items.append(dict(items[0]) | {"SubscriptionArn": "PendingConfirmation", "Endpoint": "b@example.com"})
    elif kind == 5 and items:
        items[0]["Protocol"] = rng.choice(["sqs", "lambda", "https"])


# --- 8 Files ----------------------------------------------------------------------------------------------------------
@change(4)
def lost_capture(rng: random.Random, case: Case) -> None:
    path = pick(rng, sorted(case.files))
    if path is None:
        return
    kind = rng.randrange(4)
    if kind < 2:
        del case.files[path]
    else:
        case.files[path] = "" if kind == 2 else {}


@change(4)
def cut_capture(rng: random.Random, case: Case) -> None:
    """A token is left over, and with luck the missing items were none of ours (X1)."""
    paths = [
        p for p in sorted(case.files) if any(c in p for c in (FILTERS, ALARMS, BY_TOPIC, GROUPS)) and case.files[p]
    ]
    path = pick(rng, paths)
    if path is None or not isinstance(case.files[path], dict):
        return
    content = case.files[path]
    for value in content.values():
        if isinstance(value, list) and value and rng.random() < 0.6:
            value.pop(rng.randrange(len(value)))
    content["nextToken" if FILTERS in path or GROUPS in path else "NextToken"] = "abc"


@change(2)
def pages(rng: random.Random, case: Case) -> None:
    """An answer in two files, the first with a token; sometimes the second is lost."""
    call, key = rng.choice([(FILTERS, "metricFilters"), (ALARMS, "MetricAlarms")])
    path = case.path(call)
    content = case.files.get(path)
    if not isinstance(content, dict) or len(content.get(key, [])) < 1 or {"nextToken", "NextToken"} & set(content):
        return
    cut = rng.randrange(0, len(content[key]) + 1)
    first, second = copy.deepcopy(content), copy.deepcopy(content)
    first[key], second[key] = content[key][:cut], content[key][cut:]
    if call == ALARMS:
        second["CompositeAlarms"] = []
    first["nextToken" if call == FILTERS else "NextToken"] = "abc"
    del case.files[path]
    case.files[path.replace(".json", "-1.json")] = first
    if rng.random() < 0.6:
        case.files[path.replace(".json", "-2.json")] = second


@change()
def recorded(rng: random.Random, case: Case) -> None:
    """A capture record with times and arguments (X3, C1, DESIGN "Capture time")."""
    case.asked = rng.random() < 0.6
    for path in case.files:
        case.times[path] = "2026-09-30"
    if case.recipe.period and case.files:
        for _ in range(rng.choice([0, 1, 2])):
            case.times[rng.choice(sorted(case.files))] = rng.choice(["2026-01-15", "2027-01-15", "2026-10-15"])


@change()
def linked_account(rng: random.Random, case: Case) -> None:
    """A link to a monitoring account, whose alarms are not there (V3)."""
    sink = f"arn:aws:oam:{case.region}:{case.accounts[-1]}:sink/def"
    item = {"Arn": f"arn:aws:oam:{case.region}:{case.home}:link/abc", "Id": "abc", "Label": case.home, "SinkArn": sink}
    case.put("oam-list-links", {"Items": [item | {"ResourceTypes": ["AWS::CloudWatch::Metric"]}]})


# --- bases ------------------------------------------------------------------------------------------------------------
def _plain(rng: random.Random, case: Case) -> None:
    """One multi-region trail, filter, alarm and topic; in two partitions a single-region trail in each region."""
    single = case.recipe.base == "regions"
    for region in [case.region, case.recipe.other_region] if single else [case.region]:
        files = textbook.textbook(
            case.home,
            region,
            trails=[textbook.trail(case.home, region, IsMultiRegionTrail=not single)],
            filters=[textbook.metric_filter(case.required)],
        )
        case.files |= files
    case.alarms[0]["TreatMissingData"] = rng.choice(["notBreaching", "notBreaching", "missing"])


def _organisation(rng: random.Random, case: Case) -> None:
    """A management account with an organisation trail, and members with and without captures (T6 to T8)."""
    _plain(rng, case)
    case.trails[0]["IsOrganizationTrail"] = True
    if rng.random() < 0.1:
        case.trails[0]["IsMultiRegionTrail"] = False
    ids = list(case.accounts[: rng.choice([2, 3])])
    listed = [
        {
            "Id": account,
            "Arn": f"arn:aws:organizations::{case.home}:account/o-abcdefghij/{account}",
            "Email": f"{account}@example.com",
            "Name": f"n{account}",
            **rng.choice([{"Status": "ACTIVE"}, {"State": "ACTIVE"}, {"Status": "ACTIVE", "State": "ACTIVE"}]),
        }
        for account in ids
    ]
    if rng.random() < 0.8:
        case.put("organizations-list-accounts", {"Accounts": listed})
    if rng.random() < 0.7:
        case.put(TRAILS, {"trailList": [copy.deepcopy(case.trails[0])]}, account=case.accounts[1])
    if rng.random() < 0.3:
        case.put(FILTERS, {"metricFilters": []}, account=case.accounts[1])
        case.put(ALARMS, {"MetricAlarms": [], "CompositeAlarms": []}, account=case.accounts[1])


def _monitoring(rng: random.Random, case: Case) -> None:
    """The alarm stands in a monitoring account and names the source account (A14), or forgets to."""
    _plain(rng, case)
    other = case.accounts[1]
    alarm = textbook.alarm(other, case.region)
    alarm["TreatMissingData"] = case.alarms[0]["TreatMissingData"]
    metric = {key: alarm.pop(key) for key in ("Namespace", "MetricName", "Dimensions")}
    entry = {
        "Id": "m1",
        "MetricStat": {"Metric": metric, "Period": alarm.pop("Period"), "Stat": alarm.pop("Statistic")},
    }
    if rng.random() < 0.85:
        entry["AccountId"] = case.home
    alarm["Metrics"] = [entry]
    case.alarms.clear()
    case.put(ALARMS, {"MetricAlarms": [alarm], "CompositeAlarms": []}, account=other)
    del case.files[case.path(BY_TOPIC, "alerts")]
    case.put(BY_TOPIC, {"Subscriptions": [textbook.subscription(other, case.region)]}, "alerts", other)
    if rng.random() < 0.6:
        linked_account(rng, case)


BASES = {"plain": _plain, "regions": _plain, "organisation": _organisation, "monitoring": _monitoring}


# --- putting it together ----------------------------------------------------------------------------------------------
def build(recipe: Recipe, accounts: Sequence[str]) -> dict[str, Any]:
    """The files of ``recipe`` for ``accounts`` (three ids, of which it uses the first or more)."""
    case = Case(recipe, accounts[:2] if recipe.base == "monitoring" else accounts)
    BASES[recipe.base](random.Random(recipe.seed), case)
    for name, seed in recipe.changes:
        CHANGES[name](random.Random(seed), case)
    _states(case)
    _copies(case)
    files = case.files
    if recipe.region != "us-east-1":
        partition = "aws-cn" if recipe.region.startswith("cn-") else "aws-us-gov"
        files = json.loads(json.dumps(files).replace("arn:aws:", f"arn:{partition}:"))
    if case.times:
        files = dict(files) | {"captures.json": {"captures": _record(case)}}
    return files


def _copies(case: Case) -> None:
    """A trail says the same of itself wherever it is met."""
    own = {str(trail["TrailARN"]): trail for trail in case.trails}
    for path, content in case.files.items():
        if TRAILS in path and isinstance(content, dict) and "trailList" in content:
            content["trailList"] = [copy.deepcopy(own.get(str(t["TrailARN"]), t)) for t in content["trailList"]]


def _states(case: Case) -> None:
    """Composites say in a capture what follows from the alarms below."""
    items = {str(a["AlarmName"]): a for a in case.alarms + case.composites}

    def state(name: str, above: tuple[str, ...] = ()) -> str:
        item = items.get(name)
        if item is None or name in above:
            return "OK"
        if "AlarmRule" not in item:
            return str(item.get("StateValue", "OK"))
        tree = composites.parse(str(item["AlarmRule"]))
        if tree is None:
            return "OK"
        return "ALARM" if tree.holds({child: state(child, (*above, name)) for child in tree.names}) else "OK"

    for item in case.composites:
        item["StateValue"] = state(str(item["AlarmName"]))


def _record(case: Case) -> list[dict[str, Any]]:
    entries = []
    for path in sorted(case.files):
        if path not in case.times:
            continue
        account, region, call, *_ = path.removesuffix(".json").split("/")
        service, _, operation = call.partition("-")
        name = "".join(part.capitalize() for part in operation.split("-") if not part.isdigit())
        arguments = ["--alarm-types", "MetricAlarm", "CompositeAlarm"] if call.startswith(ALARMS) and case.asked else []
        entry = {
            "file": path,
            "call": f"{service}:{name}",
            "account_id": account,
            "region": region,
            "arguments": arguments,
            "started_at": f"{case.times[path]}T00:00:00Z",
            "ended_at": f"{case.times[path]}T00:00:01Z",
        }
        if "/" in path.removeprefix(f"{account}/{region}/") and all(
            c not in path for c in ("subscription-attributes", "trail-status")
        ):
            entry["resource"] = path.rpartition("/")[2].removesuffix(".json")
        entries.append(entry)
    return entries


def random_recipe(rng: random.Random) -> Recipe:
    """A recipe for bulk runs."""
    base = rng.choices(["plain", "regions", "organisation", "monitoring"], (80, 6, 7, 7))[0]
    count = rng.choices(range(5), (8, 30, 32, 20, 10))[0]
    names = rng.choices(list(CHANGES), list(WEIGHTS.values()), k=count)
    changes = [(name, rng.randrange(1 << 30)) for name in names]
    period = rng.random() < 0.06
    if period:
        changes.append(("recorded", rng.randrange(1 << 30)))
    return Recipe(
        base,
        rng.randrange(1 << 30),
        tuple(changes),
        strict=rng.random() < 0.3,
        covers=rng.random() < 0.1,
        scoped=rng.random() < 0.1,
        period=period,
    )


def recipes() -> st.SearchStrategy[Recipe]:
    """The same for hypothesis, which shrinks by leaving changes out."""
    seeds = st.integers(0, (1 << 30) - 1)
    weighted = [name for name, weight in WEIGHTS.items() for _ in range(weight)]
    return st.builds(
        Recipe,
        st.sampled_from(["plain"] * 10 + ["regions", "organisation", "monitoring"]),
        seeds,
        st.lists(st.tuples(st.sampled_from(weighted), seeds), max_size=4).map(tuple),
        strict=st.booleans(),
        covers=st.sampled_from([False, False, False, True]),
        scoped=st.sampled_from([False, False, False, True]),
        period=st.sampled_from([False, False, False, False, True]),
    )
