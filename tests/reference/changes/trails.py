"""Changes to trails, their selectors and status (section 1)."""

from __future__ import annotations

import copy
import random
from typing import Any

from tests.reference.recipes import TRAILS, Case, change, pick


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
    kind = rng.randrange(7)
    if kind == 6:  # nothing for months
        status["LatestDeliveryTime"] = status["LatestCloudWatchLogsDeliveryTime"] = "2026-03-01T10:00:00+00:00"
        status["StartLoggingTime"] = rng.choice(["2026-02-28T10:00:00+00:00", "2026-09-30T08:00:00+00:00"])
    elif kind > 0:
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


@change(2)
def another_listing(rng: random.Random, case: Case) -> None:
    """A listing of trails that lacks what others show, or cannot be read, or shows another organisation's (T2, T6)."""
    account = rng.choice(case.accounts[:2]) if case.recipe.base == "organisation" else case.home
    region = rng.choice([case.region, case.region, case.recipe.other_region])
    kind = rng.randrange(4)
    path = case.path(TRAILS, "", account, region)
    if kind == 0:
        case.files[path] = {"trailList": []}
    elif kind == 1:
        case.files[path.replace(".json", " (1).json")] = {"trailList": []}
    elif kind == 2:
        case.files[path] = "| Name | main |"
    elif case.trails:
        owner = f"{case.accounts[-1][:-1]}9"
        other = copy.deepcopy(case.trails[0]) | {"IsOrganizationTrail": True, "Name": "theirs"}
        other["TrailARN"] = f"arn:aws:cloudtrail:{other['HomeRegion']}:{owner}:trail/theirs"
        listed = case.items(TRAILS, "trailList", account, region)
        case.put(TRAILS, {"trailList": [*listed, other]}, "", account, region)
