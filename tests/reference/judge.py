"""Section 0 of the law, and the rule that decides: verdict and objective of a control in every account of a bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.reference import alarms, arns, composites, filters, maths, patterns, topics, trails
from tests.reference.alarms import Publisher, Series, Watch
from tests.reference.reading import Evidence, read
from tests.reference.states import BROKEN, NOT_OK, OK, UNKNOWN, State, all_of, any_of, verdicts

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
            (t, self._target(t), all_of([trails.logs(evidence, t), trails.delivers(evidence, t)])) for t in self.trails
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
        return sorted({*trails.ON_BY_DEFAULT[partition], *used})

    # --- what must be noticed -----------------------------------------------------------------------------------------
    def calls(self) -> Iterator[trails.Call]:
        """The control's own events (name and source) in every region where they can happen (V1)."""
        for event in self.events:
            sources = SOURCES if event["source"] == "*" else (event["source"],)
            names = event["name"] if isinstance(event["name"], list) else [event["name"]]
            for source in sources:
                everywhere = bool(event.get("global_service")) or source in GLOBAL
                places = [trails.LEADING[self.partition]] if everywhere else self.regions
                for name in names:
                    for region in places:
                        yield trails.Call(source, name, event["read_only"], region, everywhere)

    # --- who notices it -----------------------------------------------------------------------------------------------
    def judgement(self) -> Judgement:
        """V1 and V3 over all events: each is noticed by some chain whose links are all ok."""
        groups = {group: self._group(group) for group in {self._target(trail) for trail in self.trails} if group}
        texts = sorted({f.get("filterPattern", "") for found in groups.values() for f, _ in found if f is not None})
        verdict, objective = [], []
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
            verdict.append(memory[key][0])
            objective.append(memory[key][1])
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
                if metric_filter.get("applyOnTransformedLogs"):
                    counting.append(("", all_of([route, (0, 1)])))  # L6
                    counting.append((pattern, route))
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
            (f, all_of([state, filters.own(f), self._behind(f, group)]))
            for f in filters.captured(self.evidence, group[0], group[1])
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
            return UNKNOWN
        if call.region in asked:
            return BROKEN
        seen = [f for f in filters.captured(self.evidence, self.account, call.region)]
        return NOT_OK if seen else UNKNOWN

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
        return {"aws": "xx-none-1", "aws-cn": "cn-none-1", "aws-us-gov": "us-gov-none-1"}[self.partition]

    # --- from the metric on -------------------------------------------------------------------------------------------
    def _behind(self, metric_filter: dict[str, Any], group: filters.Group) -> State:
        """Metric, alarm, topic and subscription: the best of the alarms that could watch the filter's metric."""
        account, region, _ = group
        name = filters.metric(metric_filter)
        states = [
            alarm.state(metric_filter, account, region, name, self.evidence, self.strict)
            for alarm in _alarms(self.evidence, account, region)
        ]
        others = [f for f in filters.captured(self.evidence, account, region) if f is not metric_filter]
        states.append(all_of([_hidden_alarm(self.evidence, account, region), _usable(metric_filter, others)]))
        states.append(self._elsewhere(account, region, states))
        return any_of(states)

    def _behind_hidden(self, group: filters.Group) -> State:
        account, region, _ = group
        states = [
            alarm.state(None, account, region, None, self.evidence, self.strict)
            for alarm in _alarms(self.evidence, account, region)
        ]
        states.append(_hidden_alarm(self.evidence, account, region))
        states.append(self._elsewhere(account, region, states))
        return min(any_of(states)[0], 1), min(any_of(states)[1], 1)

    def _elsewhere(self, account: str, region: str, states: list[State]) -> State:
        """V3: an alarm of an account that an ARN on the chain names, or a link shows, and whose alarms are not there."""
        linked = {
            str(item["SinkArn"]).split(":")[4]
            for _, _, _, answer in self.evidence.of_call("oam-list-links")
            for item in answer.lists.get("Items", [])
        }
        named = {self.account}
        for trail in self.trails:
            named.add(str(trail["TrailARN"]).split(":")[4])
        for alarm in _alarms(self.evidence, account, region):
            named |= {action.split(":")[4] for action in alarm.actions if action.count(":") >= 5}
        absent = [a for a in linked - {account} if not self.evidence.complete(a, region, ALARMS)]
        if absent:
            return UNKNOWN
        absent = [a for a in named - {account} if not self.evidence.complete(a, region, ALARMS)]
        return NOT_OK if absent else BROKEN


ALARMS = "cloudwatch-describe-alarms"


@dataclass(frozen=True)
class Alarm:
    """A captured metric alarm."""

    item: dict[str, Any]
    account: str
    region: str

    @property
    def actions(self) -> list[str]:
        return list(self.item.get("AlarmActions", []))

    @property
    def name(self) -> str:
        return str(self.item["AlarmName"])

    def entries(self) -> list[dict[str, Any]]:
        """``Metrics``, or the plain settings in that form (A13)."""
        if self.item.get("Metrics"):
            return list(self.item["Metrics"])
        if "MetricName" not in self.item:
            return []
        stat = self.item.get("Statistic") or self.item.get("ExtendedStatistic")
        metric = {"Namespace": self.item["Namespace"], "MetricName": self.item["MetricName"]}
        metric["Dimensions"] = self.item.get("Dimensions", [])
        shape = {"Metric": metric, "Stat": stat, "Period": self.item["Period"], "Unit": self.item.get("Unit")}
        return [{"Id": "m1", "MetricStat": shape}]

    def watch(
        self, evidence: Evidence, own: dict[str, Any] | None, place: tuple[str, str], metric: tuple[str, str] | None
    ) -> tuple[Watch, State, list[str]] | None:
        """The alarm as section 4 sees it, the state of the metric link, and the ids of series in ``place``.

        ``own``: the filter of the chain, None for one that a gap could hold. None where the alarm does not watch
        ``metric`` (any metric of ``place``, where that is None).
        """
        states, series, here = [], [], []
        returned = [entry for entry in self.entries() if entry.get("ReturnData", True)]
        for entry in self.entries():
            if "MetricStat" not in entry:
                continue
            found, state, mine = self._series(evidence, entry, own, place, metric)
            series.append((str(entry["Id"]), found))
            if mine:
                here.append(str(entry["Id"]))
                states.append(state)
        if not here and not (metric is None and not self.entries()):
            return None
        expression, other = (str(returned[0].get("Expression") or returned[0]["Id"]) if returned else ""), ""
        if self.item.get("EvaluationCriteria"):
            other = "PromQL"
        band = any("ANOMALY_DETECTION_BAND" in str(entry.get("Expression")) for entry in self.entries())
        if band:
            other = "lower band" if self.item["ComparisonOperator"] == "LessThanLowerThreshold" else "band"
        if not other and not set(here) & maths.names(expression):
            return None
        period = min((int(e["MetricStat"]["Period"]) for e in self.entries() if "MetricStat" in e), default=60)
        count = int(self.item.get("EvaluationPeriods", 1))
        watch = Watch(
            tuple(series),
            expression,
            period,
            count,
            int(self.item.get("DatapointsToAlarm", count)),
            str(self.item.get("ComparisonOperator", "")),
            float(self.item.get("Threshold", 0)),
            str(self.item.get("TreatMissingData", "missing")),
            str(self.item.get("EvaluateLowSampleCountPercentile", "evaluate")),
            str(self.item.get("EvaluationState", "")),
            bool(self.item.get("Metrics")) and expression not in here,
            other,
        )
        return watch, all_of(states), here

    def _series(
        self,
        evidence: Evidence,
        entry: dict[str, Any],
        own: dict[str, Any] | None,
        place: tuple[str, str],
        metric: tuple[str, str] | None,
    ) -> tuple[Series, State, bool]:
        """A series, the state of the metric link for ``own``, and whether the series is of the chain's metric."""
        shape = entry["MetricStat"]
        account = str(entry.get("AccountId", self.account))  # A14
        name = shape["Metric"]["Namespace"], shape["Metric"]["MetricName"]
        dimensions, unit = shape["Metric"].get("Dimensions", []), shape.get("Unit")
        chain = (account, self.region) == place and (metric is None or name == metric)
        publishers, states = [], [OK]
        for other in filters.captured(evidence, account, self.region):
            is_own = other is own
            if filters.metric(other) != name or (filters.dimensioned(other) and not is_own):
                continue
            found = filters.publisher(other, is_own=is_own)
            if is_own:
                states.append(filters.fits_dimensions(other, dimensions))
                states.append(BROKEN if unit not in {None, found.unit} else OK)  # M5
            elif dimensions or unit not in {None, found.unit}:
                continue
            publishers.append(found)
        if chain:
            states.append(filters.units(publishers, unit))
            if own is None and dimensions:
                states.append(NOT_OK)
        hidden = filters.missing(evidence, account, self.region)
        foreign = not publishers and not chain
        return Series(tuple(publishers), str(shape["Stat"]), foreign, hidden and not foreign), all_of(states), chain

    def state(
        self,
        own: dict[str, Any] | None,
        account: str,
        region: str,
        metric: tuple[str, str] | None,
        evidence: Evidence,
        strict: bool,
    ) -> State:
        """The chain from the filter's metric over this alarm to a subscriber."""
        found = self.watch(evidence, own, (account, region), metric)
        if found is None:
            return BROKEN
        watch, link, here = found
        trips = alarms.best_hidden(watch, here, strict) if own is None else alarms.trips(watch, strict)
        if own is not None and link != OK:
            # M5: where units differ nobody knows whether the others are seen; they can then break nothing for certain.
            alone = alarms.trips(alarms.without_other_units(watch), strict)
            trips = trips[0], max(trips[1], min(1, alone[1]))
        return all_of([link, trips, self._told(evidence, watch, strict)])

    def _told(self, evidence: Evidence, watch: Watch, strict: bool) -> State:
        """A15, A16, C1, C2: over the alarm's own topics, or those of composites above it."""
        arn = str(self.item["AlarmArn"])
        routes = []
        own_topics = (
            [action for action in self.actions if ":sns:" in action] if self.item.get("ActionsEnabled", True) else []
        )
        routes += [topics.topic(evidence, action, arn, strict) for action in own_topics]
        shown = {str(c["AlarmName"]): c for c in evidence.items(self.account, self.region, ALARMS, "CompositeAlarms")}
        siblings = {str(a["AlarmName"]): a for a in evidence.items(self.account, self.region, ALARMS, "MetricAlarms")}
        for composite in shown.values():
            complete = evidence.complete(self.account, self.region, ALARMS)
            rests, quiet = (self._rests(evidence, siblings, watch, quiet) for quiet in (False, True))
            state = composites.carries(composite, self.name, shown, siblings, rests, quiet, complete)
            if state is None:
                continue
            enabled = composite.get("ActionsEnabled", True)
            actions = [action for action in composite.get("AlarmActions", []) if ":sns:" in action] if enabled else []
            if isinstance(state, tuple) and alarms.stands_once_tripped(watch):
                state = all_of([state, (0, 2)])
            routes += [
                all_of([state, topics.topic(evidence, action, str(composite["AlarmArn"]), strict)])
                for action in actions
            ]
        answer = evidence.get(self.account, self.region, ALARMS)
        asked = bool(shown) or (answer is not None and "CompositeAlarm" in answer.arguments)
        if not own_topics and not asked and strict:
            routes.append(UNKNOWN)  # C2
        return any_of(routes)

    def _rests(
        self, evidence: Evidence, siblings: Mapping[str, dict[str, Any]], watch: Watch, quiet: bool
    ) -> Callable[[str], frozenset[str]]:
        """C4: how the captured metric alarms of this account and region rest."""

        def rests(name: str) -> frozenset[str]:
            if name == self.name:
                own = alarms.rests(watch, quiet)
                return frozenset(own - {"ALARM"}) or frozenset(["OK"])
            other = Alarm(siblings[name], self.account, self.region)
            return other.at_rest(evidence, quiet)

        return rests

    def at_rest(self, evidence: Evidence, quiet: bool) -> frozenset[str]:
        """States in which this alarm may rest, as one of the others (C4)."""
        series, every = [], True
        for entry in self.entries():
            if "MetricStat" in entry:
                found, _, _ = self._series(evidence, entry, None, ("", ""), None)
                account = str(entry.get("AccountId", self.account))
                hidden = filters.missing(evidence, account, self.region)
                series.append((str(entry["Id"]), Series(found.publishers, found.stat, False, hidden)))
                every &= bool(found.publishers) or hidden
        returned = [entry for entry in self.entries() if entry.get("ReturnData", True)]
        if not series or not every:
            return frozenset(["OK"])
        watch = Watch(
            tuple(series),
            str(returned[0].get("Expression") or returned[0]["Id"]),
            min(int(e["MetricStat"]["Period"]) for e in self.entries() if "MetricStat" in e),
            int(self.item["EvaluationPeriods"]),
            int(self.item.get("DatapointsToAlarm", self.item["EvaluationPeriods"])),
            str(self.item["ComparisonOperator"]),
            float(self.item["Threshold"]),
            str(self.item.get("TreatMissingData", "missing")),
        )
        if alarms.stands_once_tripped(watch) and not any(s.hidden for _, s in series):
            return frozenset(["ALARM"])  # A8
        return alarms.rests(watch, quiet)


def _alarms(evidence: Evidence, account: str, region: str) -> list[Alarm]:
    """Captured metric alarms that could watch a metric of ``account`` and ``region`` (A14)."""
    return [
        Alarm(item, place, where)
        for place, where, _, answer in evidence.of_call(ALARMS)
        for item in answer.lists.get("MetricAlarms", [])
        if where == region and (place == account or any(e.get("AccountId") == account for e in item.get("Metrics", [])))
    ]


def _hidden_alarm(evidence: Evidence, account: str, region: str) -> State:
    """V3: an alarm that no capture shows."""
    if not evidence.complete(account, region, ALARMS):
        return UNKNOWN
    shown = {key: evidence.items(account, region, ALARMS, key) for key in ("MetricAlarms", "CompositeAlarms")}
    # Composites without any alarm that they could name: whether that is all the law does not say.
    return NOT_OK if shown["CompositeAlarms"] and not shown["MetricAlarms"] else BROKEN


def _usable(metric_filter: dict[str, Any], others: list[dict[str, Any]]) -> State:
    """M2, M3, L8: whether some alarm could make use of what the filter publishes."""
    own: Publisher = filters.publisher(metric_filter, is_own=True)
    if own.value is None:
        return BROKEN
    drowned = any(
        filters.metric(other) == filters.metric(metric_filter) and filters.publisher(other, is_own=False).broad
        for other in others
        if not filters.dimensioned(other)
    )
    useless = own.value <= 0 or (own.default is not None and own.default >= own.value)
    if drowned or useless or filters.transformation(metric_filter).get("dimensions"):
        return NOT_OK
    return UNKNOWN
