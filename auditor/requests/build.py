"""Requests from what the findings want and what the bundle lacks: one complete set per account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from auditor.result import Request, RequestSet, requests_by_set, sets_of


@dataclass(frozen=True, slots=True)
class Requested:
    """What the client is asked for: the exports and questions, and the set per account to which they belong."""

    requests: Sequence[Request]
    sets: list[RequestSet]


def requests(wants: Sequence[Want], behind: Behind, exports: Exports) -> Requested:
    """Everything that findings wait for, everything required that is missing behind it, and the cheap optional
    captures beside it; by account.
    """
    wanted = _Wanted(wants, behind)
    sets: list[RequestSet] = []
    return Requested(requests_by_set(_sets(wanted, exports, sets)), sets)


class _Wanted:
    """What findings wait for, and what is missing behind it, by the account that is asked."""

    def __init__(self, wants: Sequence[Want], behind: Behind) -> None:
        self._behind = behind
        self._of_finding: dict[str, set[Need | None]] = defaultdict(set)
        self.waiting: dict[str, dict[Need, list[Want]]] = defaultdict(dict)
        self.questions: dict[str, dict[str, list[Want]]] = defaultdict(lambda: defaultdict(list))
        for want in wants:
            self._of_finding[want.finding].add(want.need)
            if want.need is None:
                self.questions[want.account_id][want.reason].append(want)
            else:
                self.waiting[want.need.account_id].setdefault(want.need, []).append(want)
        # What lies behind in the account itself is found again when its turn comes: it is most of it.
        self._elsewhere: dict[Need, list[Need]] = {}
        self._from_elsewhere: dict[str, list[Need]] = defaultdict(list)
        for of_account in self.waiting.values():
            for need in of_account:
                if others := [part for part in behind.following(need) if part.account_id != need.account_id]:
                    self._elsewhere[need] = others
                    for part in others:
                        self._from_elsewhere[part.account_id].append(part)

    def accounts(self) -> list[str]:
        """The accounts of which something is asked, in order."""
        return sorted({*self.waiting, *self.questions, *self._from_elsewhere})

    def following(self, account_id: str) -> Iterator[Need]:
        """What of an account is missing behind what findings wait for, in whichever account that is."""
        for need in self.waiting.get(account_id, ()):
            yield from (part for part in self._behind.following(need) if part.account_id == account_id)
        yield from self._from_elsewhere.get(account_id, ())

    def beside(self, needs: Iterable[Need]) -> list[Need]:
        """The optional captures beside these, all of one account."""
        return self._behind.beside(needs)

    def alone(self, need: Need, findings: Iterable[str]) -> list[str]:
        """Those of the findings that an answer settles, if it is the usual one."""
        settled = [finding for finding in findings if len(self._of_finding[finding]) == 1]
        return settled if settled and self._behind.settles(need) else []

    def within(self, account_id: str, finding: str) -> bool:
        """Whether all that a finding waits for, and all that is missing behind it, is asked of this account."""
        return all(
            need is not None and need.account_id == account_id and need not in self._elsewhere
            for need in self._of_finding[finding]
        )


def _sets(wanted: _Wanted, exports: Exports, sets: list[RequestSet]) -> Iterator[list[Request]]:
    """The requests of each account; what is to be said of them together is added to ``sets``."""
    for number, account_id in enumerate(wanted.accounts(), start=1):
        name, own_requests = f"R-{number:03d}", _of_account(account_id, wanted, exports)
        settled = sorted({finding for request in own_requests for finding in request["settles"]})
        sets.append(
            {
                "number": name,
                "account_id": account_id,
                "exports": sum(bool(request["command"]) for request in own_requests),
                "settles": settled,
                "settles_alone": [finding for finding in settled if wanted.within(account_id, finding)],
            }
        )
        yield numbered(name, own_requests)


def _of_account(account_id: str, wanted: _Wanted, exports: Exports) -> list[Request]:
    """What one account is asked for: who makes the exports, what is needed, what is optional; last, questions."""
    entries: dict[Need, Request] = {}
    for need, group in wanted.waiting.get(account_id, {}).items():
        settled = sorted({want.finding for want in group})
        entries[need] = {
            **exports.request(need, "missing", group[0].reason),
            "settles": settled,
            "settles_alone": wanted.alone(need, settled),
        }
    for need in wanted.following(account_id):
        if need not in entries:
            entries[need] = exports.request(need, "following")
    for need in wanted.beside(entries):
        if need not in entries:
            entries[need] = exports.request(need, "optional")
    own_requests = [entries[need] for need in sorted(entries, key=_order)]
    own_requests.sort(key=lambda entry: (entry["call"] != GET_CALLER_IDENTITY, entry["purpose"] == "optional"))
    for reason, group in sorted(wanted.questions.get(account_id, {}).items()):
        own_requests.append({**question(account_id, reason), "settles": sorted({want.finding for want in group})})
    return own_requests


def strengthening(doubts: Sequence[Doubt], requests: Sequence[Request], exports: Exports) -> list[Request]:
    """The captures that would close open points and are not asked for already, by account.

    What is material comes first, the accounts of which something is and in each the captures.
    """
    accounts_of_doubts = {need.account_id for doubt in doubts for need in doubt.point.needs}
    asked_for = {
        (request["call"], request["account_id"], request["region"], request.get("resource", ""))
        for of_set in sets_of(requests, accounts_of_doubts)
        for request in of_set
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


# Who makes the exports comes first, then what a chain runs through.
_ALONG = {call_id: rank for rank, call_id in enumerate((
    GET_CALLER_IDENTITY, LIST_REGIONS, DESCRIBE_TRAILS, GET_TRAIL_STATUS, GET_EVENT_SELECTORS, DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS, GET_TRANSFORMER, DESCRIBE_ACCOUNT_POLICIES, DESCRIBE_ALARMS, DESCRIBE_ALARM_HISTORY,
    LIST_ALARM_MUTE_RULES, GET_ALARM_MUTE_RULE, LIST_TOPICS, GET_TOPIC_ATTRIBUTES, GET_KEY_POLICY, LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC, GET_SUBSCRIPTION_ATTRIBUTES,
))}  # fmt: skip


def _order(need: Need) -> tuple[str, str, int, str, str]:
    """By account and region, along the chain; what is about the whole account comes first."""
    return need.account_id, need.region, _ALONG.get(need.call_id, len(_ALONG)), need.call_id, need.resource
