"""Section 0 of the law, and the rule that decides: verdict and objective of a control in every account of a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.reference import arns, filters, patterns, trails, watching
from tests.reference.reading import Evidence, read, was_cut
from tests.reference.states import BROKEN, NOT_OK, OK, UNKNOWN, State, all_of, any_of, verdicts, wherever

CONTROLS = Path(__file__).parents[2] / "auditor" / "catalogue" / "controls"
# Services that stand for any other: global, excludable by selectors, and one that is neither (T11, T14).
SOURCES = ("iam.amazonaws.com", "kms.amazonaws.com", "rdsdata.amazonaws.com", "ec2.amazonaws.com")
GLOBAL = ("iam.amazonaws.com", "signin.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com")


@dataclass(frozen=True)
class Judgement:
    """What the law allows as answers for one account and control."""

    verdict: frozenset[str]
    objective: frozenset[str]


@dataclass(frozen=True)
class Arguments:
    """How the audit was called. ``regions``: those of the scope file; ``window``: dates of captures that count."""

    strict: bool = False
    regions: tuple[str, ...] = ()
    window: tuple[str, str] | None = None
    captured_on: str | None = None


@cache
def control(name: str) -> dict[str, Any]:
    """A control's data file: accepted patterns and events."""
    return dict(json.loads((CONTROLS / f"{name}.json").read_text(encoding="utf-8")))


def judge(files: Mapping[str, Any], control_id: str, arguments: Arguments) -> dict[str, Judgement]:
    """Verdict and objective for every account that was handed in or is listed (T8, X9)."""
    evidence = read(files, arguments.window, arguments.captured_on)
    everything = read(files)
    listed = {
        str(item["Id"])
        for _, _, _, answer in evidence.of_call("organizations-list-accounts")
        for item in answer.lists.get("Accounts", [])
    }
    return {a: Bench(evidence, a, control_id, arguments).judgement() for a in sorted(everything.accounts | listed)}


@cache
def told_apart(
    source: str, name: str, read_only: bool, region: str, found: tuple[str, ...], required: tuple[str, ...]
) -> frozenset[frozenset[str]]:
    """For every form of an event that a required pattern takes, which of the patterns ``found`` count it."""
    domains = {key: list(values) for key, values in patterns.domain([*found, *required]).items()}
    domains["eventSource"] = [source]
    if region:
        domains["awsRegion"] = [region]
    domains["readOnly"] = [read_only]
    if name != "*":
        domains["eventName"] = [name]
    else:
        domains["eventName"] = [v for v in domains.get("eventName", ["Zz9"]) if isinstance(v, str)]
    return frozenset(
        frozenset(pattern for pattern in found if patterns.matches(pattern, message))
        for message in patterns.product(domains)
        if any(patterns.matches(pattern, message) for pattern in required)
    )


class Bench:
    """One account and control on trial."""

    def __init__(self, evidence: Evidence, account: str, control_id: str, arguments: Arguments) -> None:
        self.evidence, self.account, self.arguments = evidence, account, arguments
        self.strict = arguments.strict
        data = control(control_id)
        self.required = [item["pattern"] for item in data["variants"]["default"]["patterns"]]
        self.events = data["events"]
        self.trails = trails.shown(evidence, account)
        self.posts = [
            (
                t,
                self._target(t),
                all_of(
                    [
                        trails.logs(evidence, t),
                        trails.delivers(evidence, t, self.strict),
                        trails.member(evidence, t, account, self.strict),
                    ]
                ),
            )
            for t in self.trails
        ]
        self.regions = self._regions()
        self.partition = arns.partition_of(self.regions[0])

    def _regions(self) -> list[str]:
        """T10: the scope file's, else those on by default and any other that the bundle shows in use."""
        if self.arguments.regions:
            return list(self.arguments.regions)
        used = {region for account, region, _, _ in self.evidence.answers if account == self.account}
        used |= {str(trail["HomeRegion"]) for trail in self.trails}
        partition = arns.partition_of(sorted(used)[0]) if used else "aws"
        return sorted({*trails.ON_BY_DEFAULT.get(partition, ()), *used})

    def _leading(self) -> list[str]:
        """T4, T11: the region where calls of global services are recorded; those that may be it where nobody knows."""
        if self.partition in trails.LEADING:
            return [trails.LEADING[self.partition]]
        listings = [
            answer.lists["Regions"]
            for account, _, _, answer in self.evidence.of_call("account-list-regions")
            if account == self.account and answer.complete
        ]
        return [str(item["RegionName"]) for items in listings for item in items] or [
            *self.regions,
            self._other_region(),
        ]

    # --- what must be noticed -----------------------------------------------------------------------------------------
    def calls(self) -> Iterator[trails.Call]:
        """The control's own events (name and source) in every region where they can happen (V1)."""
        for event in self.events:
            sources = (*SOURCES, *self.named) if event["source"] == "*" else (event["source"],)
            names = event["name"] if isinstance(event["name"], list) else [event["name"]]
            for source in sources:
                everywhere = bool(event.get("global_service")) or source in GLOBAL
                places = self._leading() if everywhere else self.regions
                for name in names:
                    for region in places:
                        yield trails.Call(source, name, event["read_only"], region, everywhere)

    # --- who notices it -----------------------------------------------------------------------------------------------
    def judgement(self) -> Judgement:
        """V1 and V3 over all events: each is noticed by some chain whose links are all ok."""
        groups = {group: self._group(group) for group in {self._target(trail) for trail in self.trails} if group}
        texts = sorted(
            {f["filterPattern"] for found in groups.values() for f, _ in found if f and "filterPattern" in f}
        )
        # Services that a filter names need not be among those that stand for any other.
        self.named = sorted({v for text in texts for v in patterns.literals(text).get("eventSource", ())} - {*SOURCES})
        found: dict[object, list[tuple[State, State]]] = {}
        memory: dict[tuple[Any, ...], tuple[State, State]] = {}
        for call in self.calls():
            routes = tuple(self._routes(call, groups))
            hidden = self._hidden_trail(call, groups)
            key = (
                routes,
                hidden,
                call.source,
                call.name,
                call.read_only,
                call.region if "awsRegion" in str(texts) else "",
            )
            if key not in memory:
                memory[key] = self._noticed(call, routes, hidden, groups, texts)
            # Of regions of which any may be the leading one nobody knows which counts (V3).
            duty = replace(call, region="") if call.everywhere else call
            found.setdefault(duty, []).append(memory[key])
        verdict, objective = (
            [wherever(states[place] for states in duty) for duty in found.values()] for place in (0, 1)
        )
        unseen = self._unseen_regions(groups, texts)
        return Judgement(verdicts(all_of([*verdict, unseen[0]])), verdicts(all_of([*objective, unseen[1]])))

    def _target(self, trail: dict[str, Any]) -> filters.Group | None:
        return arns.log_group(str(trail.get("CloudWatchLogsLogGroupArn", "")))

    def _routes(self, call: trails.Call, groups: Mapping[filters.Group, Any]) -> Iterator[tuple[filters.Group, State]]:
        """How well ``call`` arrives in each group: the union of the trails that deliver there (T18)."""
        for group in sorted(groups):
            yield (
                group,
                any_of(
                    all_of([trails.hears(self.evidence, trail, call, self.strict), condition])
                    for trail, target, condition in self.posts
                    if target == group
                ),
            )

    def _noticed(
        self,
        call: trails.Call,
        routes: tuple[tuple[filters.Group, State], ...],
        hidden: State,
        groups: Mapping[filters.Group, list[tuple[dict[str, Any] | None, State]]],
        texts: list[str],
    ) -> tuple[State, State]:
        equal, counting = [hidden], []
        for group, arrives in routes:
            for metric_filter, chain in groups[group]:
                route = all_of([arrives, chain])
                if metric_filter is None:
                    equal.append(route)
                    counting.append(("", route))
                    continue
                equal.append(all_of([route, filters.says_equal(metric_filter, self.required)]))
                pattern = metric_filter.get("filterPattern", "")
                if "filterPattern" not in metric_filter:
                    counting.append(("", route))  # X6
                    continue
                if metric_filter.get("applyOnTransformedLogs"):
                    counting.append(("", all_of([route, (0, 1)])))  # L6
                    counting.append((pattern, route))
                elif "metricTransformations" not in metric_filter and patterns.everything(pattern):
                    counting.append(("", all_of([route, NOT_OK])))  # X6: nobody knows which alarm it would hold
                elif not patterns.everything(pattern):
                    counting.append((pattern, route))  # L10, A6: one that counts everything holds its alarm in ALARM
        if any_of(equal) == OK:
            return OK, OK  # a filter that is equal counts every event that the required pattern takes
        # Whether a filter may rely on awsRegion being the event's region the law leaves open: both are allowed.
        readings = []
        for region in ("", call.region) if "awsRegion" in str(texts) else ("",):
            forms = told_apart(call.source, call.name, call.read_only, region, tuple(texts), tuple(self.required))
            readings.append(
                all_of(
                    any_of([hidden, *(route for pattern, route in counting if pattern in counted or not pattern)])
                    for counted in forms
                )
            )
        return any_of(equal), (min(low for low, _ in readings), max(high for _, high in readings))

    def _group(self, group: filters.Group) -> list[tuple[dict[str, Any] | None, State]]:
        """Filters of a group, each with the state of its chain from the group on; None: one that a gap could hold."""
        state = filters.log_group(self.evidence, group)
        found: list[tuple[dict[str, Any] | None, State]] = [
            (f, all_of([state, filters.own(f), self._behind(f, group), UNKNOWN if was_cut(f, "metricFilters") else OK]))
            for f in filters.listed(self.evidence, group[0], group[1])
            if f["logGroupName"] == group[2]
        ]
        if filters.more(self.evidence, group):
            found.append((None, all_of([state, self._behind_hidden(group)])))
        return found

    # --- gaps among the trails ----------------------------------------------------------------------------------------
    def _hidden_trail(self, call: trails.Call, groups: Mapping[filters.Group, Any]) -> State:
        """T2, T10, V3: a trail that no capture shows, where none of the captures excludes it."""
        asked = trails.asked(self.evidence, self.account)
        if not asked:
            return UNKNOWN  # T2: nor where no listing is whole
        doubtful = (
            trails.left(self.evidence, t, self.account) or trails.told_differently(self.evidence, t)
            for t in self.trails
        )
        if any(doubtful):
            return NOT_OK  # T3, T6: captures that contradict each other may lack another trail
        if self.evidence.doubtful("cloudtrail-describe-trails", self.account):
            return NOT_OK  # X9: no rule says whether one that cannot be relied on may show what whole ones lack (T2)
        if call.region in asked:
            return BROKEN
        return NOT_OK if filters.listed(self.evidence, self.account, call.region) else UNKNOWN

    def _unseen_regions(self, groups: Mapping[filters.Group, Any], texts: list[str]) -> tuple[State, State]:
        """T10: where single-region trails alone serve, a further region may be in use unseen: material."""
        known = self.arguments.regions or any(
            self.evidence.of_call(call) for call in ("account-list-regions", "ec2-describe-regions")
        )
        regional = any(not call.everywhere for call in self.calls())
        if known or not regional or not self.strict:
            return OK, OK
        verdict, objective = [], []
        for call in self.calls():
            if not call.everywhere and call.region == self.regions[0]:
                elsewhere = trails.Call(call.source, call.name, call.read_only, self._other_region())
                routes = tuple(self._routes(elsewhere, groups))
                states = self._noticed(elsewhere, routes, UNKNOWN, groups, texts)
                verdict.append(states[0])
                objective.append(states[1])
        return all_of(verdict), all_of(objective)

    def _other_region(self) -> str:
        known = {"aws": "xx-none-1", "aws-cn": "cn-none-1", "aws-us-gov": "us-gov-none-1"}
        return known.get(self.partition, f"xx-{self.partition.removeprefix('aws-')}-none-1")

    # --- from the metric on -------------------------------------------------------------------------------------------
    def _behind(self, metric_filter: dict[str, Any], group: filters.Group) -> State:
        """Metric, alarm, topic and subscription: the best of the alarms that could watch the filter's metric."""
        account, region, _ = group
        if "metricTransformations" not in metric_filter:
            return self._behind_hidden(group)  # X6
        name = filters.metric(metric_filter)
        states = [
            alarm.state(metric_filter, account, region, name, self.evidence, self.strict)
            for alarm in watching.could_watch(self.evidence, account, region)
        ]
        others = [f for f in filters.captured(self.evidence, account, region) if f is not metric_filter]
        states.append(all_of([watching.hidden(self.evidence, account, region), watching.usable(metric_filter, others)]))
        elsewhere = self._elsewhere(account, region, states)
        states.append(all_of([elsewhere, watching.usable(metric_filter, others)]))
        return any_of(states)

    def _behind_hidden(self, group: filters.Group) -> State:
        account, region, _ = group
        states = [
            alarm.state(None, account, region, None, self.evidence, self.strict)
            for alarm in watching.could_watch(self.evidence, account, region)
        ]
        states.append(watching.hidden(self.evidence, account, region))
        states.append(self._elsewhere(account, region, states))
        return min(any_of(states)[0], 1), min(any_of(states)[1], 1)

    def _elsewhere(self, account: str, region: str, states: list[State]) -> State:
        """V3: an alarm of an account that an ARN on the chain names or a link shows, and whose alarms are not there."""
        linked = {
            str(item["SinkArn"]).split(":")[4]
            for _, _, _, answer in self.evidence.of_call("oam-list-links")
            for item in answer.lists.get("Items", [])
        }
        named = {self.account}
        for trail in self.trails:
            named.add(str(trail["TrailARN"]).split(":")[4])
        for alarm in watching.could_watch(self.evidence, account, region):
            named |= {action.split(":")[4] for action in alarm.actions if action.count(":") >= 5}
        absent = [a for a in linked - {account} if not self.evidence.complete(a, region, watching.ALARMS)]
        if absent:
            return UNKNOWN
        absent = [a for a in named - {account} if not self.evidence.complete(a, region, watching.ALARMS)]
        return NOT_OK if absent else BROKEN
