"""Section 1 of the law: which events a trail delivers to its log group."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.reference import arns
from tests.reference.reading import Answer, Evidence, was_cut
from tests.reference.states import BROKEN, NOT_BROKEN, NOT_OK, OK, UNKNOWN, State, all_of, any_of

ON_BY_DEFAULT = {
    "aws": [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    ],
    "aws-cn": ["cn-north-1", "cn-northwest-1"],
    "aws-us-gov": ["us-gov-east-1", "us-gov-west-1"],
}
EXCLUDED = "ExcludeManagementEventSources"
LEADING = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


@dataclass(frozen=True)
class Call:
    """A management event as trails see it. ``everywhere``: of a global service (T11)."""

    source: str
    name: str
    read_only: bool
    region: str
    everywhere: bool = False


def shown(evidence: Evidence, account: str) -> list[dict[str, Any]]:
    """Trails that log ``account``: its own, and the organisation trails of its organisation (T2, T3, T6, T8)."""
    found: dict[str, dict[str, Any]] = {}
    for place, _, _, answer in evidence.of_call("cloudtrail-describe-trails"):
        for trail in answer.lists.get("trailList", []):
            arn = arns.split(str(trail["TrailARN"]))
            assert arn is not None
            served = members(evidence, arn.account)
            served |= {arn.account} if asked(evidence, arn.account) else set()  # T8: by what it answers itself
            organisation = trail.get("IsOrganizationTrail") and account in served
            if place == account or organisation:
                found[str(trail["TrailARN"])] = trail
    return list(found.values())


def members(evidence: Evidence, management: str) -> set[str]:
    """Active accounts of the organisation whose management account is ``management`` (T8)."""
    return {
        str(item["Id"])
        for place, _, _, answer in evidence.of_call("organizations-list-accounts")
        for item in answer.lists.get("Accounts", [])
        if place == management and item.get("State", item.get("Status", "ACTIVE")) == "ACTIVE"
    }


def asked(evidence: Evidence, account: str) -> set[str]:
    """Regions in which a whole answer of describe-trails was captured for ``account``."""
    answers = evidence.of_call("cloudtrail-describe-trails")
    return {region for place, region, _, answer in answers if place == account and answer.complete}


def member(evidence: Evidence, trail: dict[str, Any], account: str, strict: bool) -> State:
    """T2, T3, T8: how surely a trail serves an account that its own captures, or its owner's, may not show it to."""
    arn = arns.split(str(trail["TrailARN"]))
    assert arn is not None
    if left(evidence, trail, account):
        return UNKNOWN
    states = []
    for speaker in dict.fromkeys((account, arn.account)):
        listings = {
            region: answer
            for place, region, _, answer in evidence.of_call("cloudtrail-describe-trails")
            if place == speaker
        }
        shown = [item["TrailARN"] for answer in listings.values() for item in answer.lists.get("trailList", [])]
        asked_in = {*listings, *evidence.doubtful("cloudtrail-describe-trails", speaker)}
        anywhere = speaker == account or trail.get("IsMultiRegionTrail")
        lacks = trail["TrailARN"] not in shown and bool(asked_in if anywhere else {trail["HomeRegion"]} & asked_in)
        states.append(UNKNOWN if strict and lacks else OK)
    return all_of(states)


def left(evidence: Evidence, trail: dict[str, Any], account: str) -> bool:
    """T6: whether an account, or the owner of an organisation trail that may serve it, sees another organisation's."""
    owner = str(trail["TrailARN"]).split(":")[4]
    others = managements(evidence, account) | managements(evidence, owner)
    others |= {
        place
        for place, _, _, _ in evidence.of_call("organizations-list-accounts")
        if account in members(evidence, place)
    }
    return bool(trail.get("IsOrganizationTrail")) and account != owner and bool(others - {owner})


def managements(evidence: Evidence, account: str) -> set[str]:
    """T6, T7: the owners of the organisation trails that an account sees, each the manager of its organisation."""
    return {
        str(trail["TrailARN"]).split(":")[4]
        for place, _, _, answer in evidence.of_call("cloudtrail-describe-trails")
        for whole in answer.wholes
        for trail in whole.get("trailList", [])
        if place == account and trail.get("IsOrganizationTrail")
    }


def hears(evidence: Evidence, trail: dict[str, Any], call: Call, strict: bool) -> State:
    """Whether ``trail`` takes ``call`` while it is on: its regions and its selectors (T9 to T17)."""
    if told_differently(evidence, trail):
        return UNKNOWN  # T3
    return all_of([_place(trail, call), _selectors(evidence, trail, call, strict)])


def _place(trail: dict[str, Any], call: Call) -> State:
    """T10 and T11."""
    home, multi = str(trail["HomeRegion"]), bool(trail.get("IsMultiRegionTrail"))
    if arns.partition_of(home) != arns.partition_of(call.region):
        return BROKEN
    if call.everywhere:
        heard = multi or home == LEADING.get(arns.partition_of(home), call.region)
        return OK if heard and trail.get("IncludeGlobalServiceEvents", True) else BROKEN
    return OK if multi or home == call.region else BROKEN


def _selectors(evidence: Evidence, trail: dict[str, Any], call: Call, strict: bool) -> State:
    arn = arns.split(str(trail["TrailARN"]))
    assert arn is not None
    for _, _, _, answer in evidence.of_call("cloudtrail-get-event-selectors"):
        if answer.object.get("TrailARN") == trail["TrailARN"]:
            if answer.object.get("AdvancedEventSelectors"):
                return any_of(_advanced(s["FieldSelectors"], call) for s in answer.object["AdvancedEventSelectors"])
            basic = [s for s in answer.object.get("EventSelectors", []) if s.get("IncludeManagementEvents", True)]
            taken = any_of(_basic(s, call) for s in basic)
            everything = any(s.get("ReadWriteType") == "All" and not s.get(EXCLUDED) for s in basic)
            cut = any(was_cut(s, "EventSelectors") for s in basic) and not everything
            return all_of([any_of([taken, UNKNOWN]), UNKNOWN]) if cut else taken  # X6
    return UNKNOWN if trail.get("HasCustomEventSelectors") and strict else OK  # T9


def _basic(selector: dict[str, Any], call: Call) -> State:
    """T14: an event is logged if any selector takes it."""
    kind = selector.get("ReadWriteType", "All")
    heard = kind == "All" or (kind == "ReadOnly") == call.read_only
    left_out = call.source in selector.get(EXCLUDED, [])
    return OK if selector.get("IncludeManagementEvents", True) and heard and not left_out else BROKEN


def _advanced(fields: list[dict[str, Any]], call: Call) -> State:
    """T15: AND over the fields of a selector, OR over values, none of the values for Not…"""
    values = {
        "eventCategory": "Management",
        "readOnly": str(call.read_only).lower(),
        "eventSource": call.source,
        "eventName": call.name,
    }
    if not any(field["Field"] == "eventCategory" and "Management" in field.get("Equals", []) for field in fields):
        return BROKEN
    states = []
    for field in fields:
        if field["Field"] not in values:
            states.append(UNKNOWN)
            continue
        value = values[field["Field"]]
        tests = {
            "Equals": value.__eq__,
            "StartsWith": value.startswith,
            "EndsWith": value.endswith,
        }
        for operator, wanted in field.items():
            test = tests.get(operator.removeprefix("Not"))
            if operator == "Field" or test is None:
                continue
            found = any(test(w) for w in wanted)
            states.append(OK if found != operator.startswith("Not") else BROKEN)
    return all_of(states)


def _plain(name: str) -> str:
    """A file name without what T12 lets vary: case, endings, copy marks."""
    name = re.sub(r"\.(json|txt)$", "", name.lower())
    return re.sub(r"\s*\(\d+\)$", "", name)


def _statuses(evidence: Evidence, trail: dict[str, Any]) -> Iterator[tuple[bool, Answer]]:
    """Status answers of the trail's own account and home region: whether they name the trail, and what they say."""
    arn = arns.split(str(trail["TrailARN"]))
    assert arn is not None
    home = str(trail["HomeRegion"])
    names = [
        str(t["Name"])
        for a, r, _, answer in evidence.of_call("cloudtrail-describe-trails")
        for t in answer.lists.get("trailList", [])
        if t["TrailARN"].split(":")[3:5] == [home, arn.account]
    ]
    for account, region, resource, answer in evidence.of_call("cloudtrail-get-trail-status"):
        if (account, region) != (arn.account, home):
            continue
        fitting = {n for n in names if n == resource} or {n for n in names if _plain(n) == _plain(resource)}
        if fitting == {str(trail["Name"])}:
            yield True, answer
        elif len(fitting) != 1:
            yield False, answer


def told_differently(evidence: Evidence, trail: dict[str, Any]) -> bool:
    """Whether copies of a trail, from whatever account, contradict each other: no rule says which is right (T3, T6)."""
    shown = [
        *(
            copy
            for _, _, _, answer in evidence.of_call("cloudtrail-describe-trails")
            for whole in (answer.lists, *answer.wholes)
            for copy in whole.get("trailList", [])
            if copy["TrailARN"] == trail["TrailARN"]
        ),
        *evidence.speakers.items.get(str(trail["TrailARN"]), ()),
    ]
    copies = [
        [copy.get(member) for member in ("IsMultiRegionTrail", "IsOrganizationTrail", "CloudWatchLogsLogGroupArn")]
        for copy in shown
    ]
    return any(copy != copies[0] for copy in copies)


def _off_elsewhere(evidence: Evidence, trail: dict[str, Any]) -> bool:
    """Whether a status of another region of its account says that the trail is off (T12)."""
    arn = arns.split(str(trail["TrailARN"]))
    return any(
        arn is not None
        and account == arn.account
        and region != trail["HomeRegion"]
        and _plain(resource) == _plain(str(trail["Name"]))
        and answer.object.get("IsLogging") is False
        for account, region, resource, answer in evidence.of_call("cloudtrail-get-trail-status")
    )


def logs(evidence: Evidence, trail: dict[str, Any]) -> State:
    """T12: whether ``trail`` is on."""
    own = [status for named, status in _statuses(evidence, trail) if named]
    if told_differently(evidence, trail) or (not own and _off_elsewhere(evidence, trail)):
        return UNKNOWN
    if own:
        said = {bool(status.object.get("IsLogging")) for status in own}
        if said != {True}:
            return BROKEN if len(own) == 1 else NOT_OK
    doubt = any(status.object.get("IsLogging") is False for named, status in _statuses(evidence, trail) if not named)
    return OK if not doubt else NOT_BROKEN if own else UNKNOWN


def delivers(evidence: Evidence, trail: dict[str, Any], strict: bool) -> State:
    """T13: whether anything arrives in the log group."""
    own = [_delivery(status) for named, status in _statuses(evidence, trail) if named]
    if strict and any(_silent(status) for named, status in _statuses(evidence, trail) if named):
        own = [state if state != OK else UNKNOWN for state in own]
    if own and set(own) != {OK}:
        return own[0] if len(own) == 1 else NOT_OK
    doubt = any(_delivery(status) != OK for named, status in _statuses(evidence, trail) if not named)
    return OK if not doubt else NOT_BROKEN if own else UNKNOWN


def _delivery(answer: Answer) -> State:
    status = answer.object
    error = bool(status.get("LatestCloudWatchLogsDeliveryError"))
    arrived, stored = status.get("LatestCloudWatchLogsDeliveryTime"), status.get("LatestDeliveryTime")
    if arrived is None:
        if error or (stored is not None and status.get("IsLogging")):
            return BROKEN if error else UNKNOWN
    elif stored is not None and _time(stored) - _time(arrived) > datetime.timedelta(days=1):
        return BROKEN if error else UNKNOWN
    return OK


def _silent(answer: Answer) -> bool:
    """V5: nothing for a day before the day of the capture, nor switched on since."""
    status = answer.object
    arrived, stored = status.get("LatestCloudWatchLogsDeliveryTime"), status.get("LatestDeliveryTime")
    signs = [_time(time) for time in (arrived, stored, status.get("StartLoggingTime")) if time is not None]
    asked = datetime.datetime.fromisoformat(f"{answer.asked}T00:00:00+00:00") if answer.asked else None
    return bool(asked and signs and asked - max(signs) > datetime.timedelta(days=1))


def _time(value: str | float) -> datetime.datetime:
    """X4: ISO 8601, or seconds since 1970."""
    if isinstance(value, str):
        return datetime.datetime.fromisoformat(value)
    return datetime.datetime.fromtimestamp(value, datetime.UTC)
