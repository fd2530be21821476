"""Lost, cut, paged and recorded captures, and links to other accounts (section 8, V3)."""

from __future__ import annotations

import copy
import random

from tests.reference.recipes import ALARMS, BY_TOPIC, FILTERS, GROUPS, TRAILS, Case, change, pick


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
    shared = {} if rng.random() < 0.2 else {"ResourceTypes": ["AWS::CloudWatch::Metric"]}
    case.put("oam-list-links", {"Items": [item | shared]})


@change(2)
def wrong_place(rng: random.Random, case: Case) -> None:
    """A further capture in a wrong folder, or in none, that tells a thing as it is, or otherwise (V3, N3)."""
    call, key, member, values = rng.choice(
        [
            (ALARMS, "MetricAlarms", "ActionsEnabled", (True, False)),
            (GROUPS, "logGroups", "logGroupClass", ("STANDARD", "DELIVERY")),
            (TRAILS, "trailList", "IsMultiRegionTrail", (False, False)),
            ("sns-list-subscriptions", "Subscriptions", "SubscriptionArn", (None, "PendingConfirmation")),
        ]
    )
    if call == "sns-list-subscriptions":
        arn = case.topic().split(":")
        answer = case.files.get(case.path(BY_TOPIC, arn[5], arn[4], arn[3]))
        items = answer.get(key, []) if isinstance(answer, dict) else []
    else:
        items = case.items(call, key)
    item = copy.deepcopy(pick(rng, items))
    if item is None:
        return
    value = rng.choice(values)
    if value is not None:
        item[member] = value
    stray = {key: [item], "CompositeAlarms": []} if call == ALARMS else {key: [item]}
    if call == "sns-list-subscriptions":
        case.files["".join("abcdefghij"[int(digit)] for digit in case.home) + ".json"] = stray
    elif case.path(call, "", "", case.recipe.other_region) not in case.files:
        case.put(call, stray, "", "", case.recipe.other_region)
