"""Requests from what the findings want and what the bundle lacks: one complete set per account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.chains import Need
from auditor.evidence.call_ids import (
    DESCRIBE_ACCOUNT_POLICIES,
    DESCRIBE_ALARM_HISTORY,
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    GET_ALARM_MUTE_RULE,
    GET_CALLER_IDENTITY,
    GET_EVENT_SELECTORS,
    GET_KEY_POLICY,
    GET_SUBSCRIPTION_ATTRIBUTES,
    GET_TOPIC_ATTRIBUTES,
    GET_TRAIL_STATUS,
    GET_TRANSFORMER,
    LIST_ALARM_MUTE_RULES,
    LIST_REGIONS,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    LIST_TOPICS,
)
from auditor.requests.behind import Behind
from auditor.requests.export import Exports, question
from auditor.requests.want import Doubt, Want
from auditor.result import Request, RequestSet


@dataclass(frozen=True, slots=True)
class Requested:
    """What the client is asked for: the exports and questions, and the set per account to which they belong."""

    requests: list[Request]
    sets: list[RequestSet]


def requests(wants: Sequence[Want], behind: Behind, exports: Exports) -> Requested:
    """Everything that findings wait for, everything required that is missing behind it, and the cheap optional
    captures beside it; by account.
    """
    waiting: dict[Need, list[Want]] = defaultdict(list)
    questions: dict[tuple[str, str], list[Want]] = defaultdict(list)
    wanted: dict[str, set[Need | None]] = defaultdict(set)
    for want in wants:
        wanted[want.finding].add(want.need)
        if want.need is None:
            questions[(want.account_id, want.reason)].append(want)
        else:
            waiting[want.need].append(want)
    behind_each = {need: behind.following(need) for need in waiting}
    entries: dict[Need, Request] = {}
    for need, group in waiting.items():
        settled = sorted({want.finding for want in group})
        alone = [finding for finding in settled if len(wanted[finding]) == 1] if behind.settles(need) else []
        entries[need] = {
            **exports.request(need, "missing", group[0].reason),
            "settles": settled,
            "settles_alone": alone,
        }
    for need in (needed for following in behind_each.values() for needed in following):
        if need not in entries:
            entries[need] = exports.request(need, "following")
    for need in behind.beside(entries):
        if need not in entries:
            entries[need] = exports.request(need, "optional")
    accounts: dict[str, list[Request]] = defaultdict(list)
    for need in sorted(entries, key=_order):
        accounts[need.account_id].append(entries[need])
    for own_requests in accounts.values():  # a stable sort: who makes the exports, what is needed, what is optional
        own_requests.sort(key=lambda entry: (entry["call"] != GET_CALLER_IDENTITY, entry["purpose"] == "optional"))
    for (account_id, reason), group in sorted(questions.items()):
        accounts[account_id].append(
            {**question(account_id, reason), "settles": sorted({want.finding for want in group})}
        )
    requested = Requested([], [])
    for number, account_id in enumerate(sorted(accounts), start=1):
        name, own_requests = f"R-{number:03d}", accounts[account_id]
        requested.requests.extend(numbered(name, own_requests))
        settled = sorted({finding for request in own_requests for finding in request["settles"]})
        requested.sets.append(
            {
                "number": name,
                "account_id": account_id,
                "exports": sum(bool(request["command"]) for request in own_requests),
                "settles": settled,
                "settles_alone": [finding for finding in settled if _within(account_id, wanted[finding], behind_each)],
            }
        )
    return requested


def strengthening(doubts: Iterable[Doubt], requests: Iterable[Request], exports: Exports) -> list[Request]:
    """The captures that would close open points and are not asked for already, by account.

    What is material comes first, the accounts of which something is and in each the captures.
    """
    asked_for = {
        (request["call"], request["account_id"], request["region"], request.get("resource", "")) for request in requests
    }
    points: dict[Need, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        for need in doubt.point.needs:
            if (need.call_id, need.account_id, need.region, need.resource) not in asked_for:
                points[need].append(doubt)
    accounts: dict[str, list[Request]] = defaultdict(list)
    for need in sorted(points, key=_order):
        doubts_of_need = sorted(points[need], key=lambda doubt: (not doubt.point.material, doubt.reason))
        entry = exports.request(need, "open_point", doubts_of_need[0].reason)
        entry["material"] = doubts_of_need[0].point.material
        entry["findings"] = len({doubt.finding for doubt in doubts_of_need})
        accounts[need.account_id].append(entry)
    strengthened: list[Request] = []
    for of_account in accounts.values():
        of_account.sort(key=lambda entry: not entry["material"])
    for number, ordered in enumerate(sorted(accounts.values(), key=_material_first), start=1):
        strengthened += numbered(f"S-{number:03d}", ordered)
    return strengthened


def _material_first(entries: Sequence[Request]) -> tuple[bool, str]:
    return not entries[0]["material"], entries[0]["account_id"]


def numbered(name: str, entries: Sequence[Request]) -> list[Request]:
    """The requests of one set with their numbers: R-001.1, or R-001.01 where there are ten and more."""
    width = len(str(len(entries)))
    return [
        {**entry, "number": f"{name}.{number:0{width}d}", "set": name} for number, entry in enumerate(entries, start=1)
    ]


def _within(account_id: str, needs: Iterable[Need | None], behind_each: dict[Need, list[Need]]) -> bool:
    """Whether all that a finding waits for, and all that is missing behind it, is asked of this account."""
    return all(
        need is not None and all(part.account_id == account_id for part in (need, *behind_each[need])) for need in needs
    )


# Who makes the exports comes first, then what a chain runs through.
_ALONG = (
    GET_CALLER_IDENTITY, LIST_REGIONS, DESCRIBE_TRAILS, GET_TRAIL_STATUS, GET_EVENT_SELECTORS, DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS, GET_TRANSFORMER, DESCRIBE_ACCOUNT_POLICIES, DESCRIBE_ALARMS, DESCRIBE_ALARM_HISTORY,
    LIST_ALARM_MUTE_RULES, GET_ALARM_MUTE_RULE, LIST_TOPICS, GET_TOPIC_ATTRIBUTES, GET_KEY_POLICY, LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC, GET_SUBSCRIPTION_ATTRIBUTES,
)  # fmt: skip


def _order(need: Need) -> tuple[str, str, int, str, str]:
    """By account and region, along the chain; what is about the whole account comes first."""
    rank = _ALONG.index(need.call_id) if need.call_id in _ALONG else len(_ALONG)
    return need.account_id, need.region, rank, need.call_id, need.resource
