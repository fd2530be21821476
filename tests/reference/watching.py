"""Alarms as captured: which of them watch a metric, and whom they tell (A13 to A16, C1, C2, V3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.reference import alarms, composites, filters, maths, patterns, simulation, topics
from tests.reference.reading import Evidence, was_cut
from tests.reference.simulation import Publisher, Series, Watch
from tests.reference.states import ANYTHING, BROKEN, NOT_BROKEN, NOT_OK, OK, UNKNOWN, State, all_of, any_of

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
        if "MetricName" not in self.item or "Namespace" not in self.item:
            return []
        stat = self.item.get("Statistic") or self.item.get("ExtendedStatistic")
        metric = {"Namespace": self.item["Namespace"], "MetricName": self.item["MetricName"]}
        metric["Dimensions"] = self.item.get("Dimensions", [])
        shape = {"Metric": metric, "Stat": stat, "Period": self.item["Period"], "Unit": self.item.get("Unit")}
        return [{"Id": "m1", "MetricStat": shape}]

    def _blind(self) -> bool:
        """Whether the metric of a plain alarm was cut away, in part or in whole (X6, A11)."""
        named = "MetricName" in self.item and "Namespace" in self.item
        return not (named or self.item.get("Metrics") or self.item.get("EvaluationCriteria"))

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
            states.append(state)
            if mine:
                here.append(str(entry["Id"]))
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
            1 if own is None else filters.delivering(evidence, *place, own["logGroupName"]),
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
            elsewhere = own is not None and other["logGroupName"] != own["logGroupName"]
            found = filters.publisher(other, is_own=is_own, elsewhere=elsewhere)
            if is_own:
                states.append(filters.fits_dimensions(other, dimensions))
                states.append(BROKEN if unit not in {None, found.unit} else OK)  # M5
            elif dimensions or unit not in {None, found.unit}:
                continue
            if (other.get("applyOnTransformedLogs") or "filterPattern" not in other) and not is_own:
                states.append(NOT_BROKEN)  # L6, X6: what it counts nobody sees; it may be nearly everything
            if "filterPattern" not in other and not is_own and found.default is not None:
                found = replace(found, default=None)
                states.append(ANYTHING)  # X6, M4: nor whether it ever publishes its default
            if own is not None and not is_own and filters.counts_along(own, other):
                surely = not elsewhere and "filterPattern" in other and not other.get("applyOnTransformedLogs")
                alike = surely and patterns.equal(own.get("filterPattern", ""), other.get("filterPattern", ""))
                found = replace(found, along=True, surely=alike)
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
        if self._blind():
            if own is None or metric is None:
                return NOT_OK  # X6: it may watch it
            names = {"Namespace": metric[0], "MetricName": metric[1]}
            if account != self.account or {**names, **self.item} | names != {**names, **self.item}:
                return BROKEN
            if not {"Period", "Threshold", "Statistic"} <= {*self.item}:
                return NOT_OK
            whole = Alarm({"Dimensions": [], **self.item, **names}, self.account, self.region)
            return all_of([whole.state(own, account, region, metric, evidence, strict), UNKNOWN])
        found = self.watch(evidence, own, (account, region), metric)
        if found is None:
            return BROKEN
        watch, link, here = found
        trips = alarms.best_hidden(watch, here, strict) if own is None else alarms.trips(watch, strict)
        if own is not None and link != OK:
            # M5: where units differ nobody knows whether the others are seen; they can then break nothing for certain.
            alone = alarms.trips(alarms.without_other_units(watch), strict)
            trips = trips[0], max(trips[1], min(1, alone[1]))
        shown = NOT_OK if was_cut(self.item, "MetricAlarms") else OK  # X6
        return all_of(
            [link, trips, self._sees(evidence, account) if strict else OK, self._told(evidence, watch, strict), shown]
        )

    def _sees(self, evidence: Evidence, account: str) -> State:
        """A14, V5: that another account's metric is seen, without a link to show it, is a material open point."""
        linked = {
            str(item["SinkArn"]).split(":")[4]
            for place, _, _, answer in evidence.of_call("oam-list-links")
            for item in answer.lists.get("Items", [])
            if place == account and "ResourceTypes" in item  # else it does not say what it shares (X6)
        }
        return OK if account == self.account or self.account in linked else UNKNOWN

    def _told(self, evidence: Evidence, watch: Watch, strict: bool) -> State:
        """A15, A16, C1, C2: over the alarm's own topics, or those of composites above it."""
        arn = str(self.item["AlarmArn"])
        routes = []
        own_topics = (
            [action for action in self.actions if ":sns:" in action] if self.item.get("ActionsEnabled", True) else []
        )
        routes += [topics.topic(evidence, action, arn, strict) for action in own_topics]
        routes += [NOT_OK] if "AlarmActions" not in self.item else []  # X6
        shown = {str(c["AlarmName"]): c for c in evidence.items(self.account, self.region, ALARMS, "CompositeAlarms")}
        siblings = {str(a["AlarmName"]): a for a in evidence.items(self.account, self.region, ALARMS, "MetricAlarms")}
        for composite in shown.values():
            complete = evidence.complete(self.account, self.region, ALARMS)
            rests, quiet = (self._rests(evidence, siblings, watch, quiet) for quiet in (False, True))
            state = composites.carries(composite, self.name, shown, siblings, rests, quiet, complete)
            if state is None:
                continue
            if state == BROKEN and any(series.hidden for _, series in watch.series):
                # V3: a publisher that no capture shows might change how our own alarm rests.
                anyhow = self._rests(evidence, siblings, None, False)
                if composites.carries(composite, self.name, shown, siblings, anyhow, anyhow, complete) != BROKEN:
                    state = NOT_OK
            if state == BROKEN and self._counted_along(evidence, siblings):
                state = NOT_OK  # V3: the event may trip another alarm as well
            if was_cut(composite, "CompositeAlarms"):
                routes.append(NOT_OK)  # X6
            enabled = composite.get("ActionsEnabled", True)
            actions = [action for action in composite.get("AlarmActions", []) if ":sns:" in action] if enabled else []
            if isinstance(state, tuple) and simulation.stands_once_tripped(watch):
                state = all_of([state, (0, 2)])
            whole = UNKNOWN if was_cut(composite, "CompositeAlarms") else OK
            routes += [
                all_of([state, topics.topic(evidence, action, str(composite["AlarmArn"]), strict), whole])
                for action in actions
            ]
        answer = evidence.get(self.account, self.region, ALARMS)
        asked = bool(shown) or (answer is not None and "CompositeAlarm" in answer.arguments)
        if not own_topics and not asked and strict:
            routes.append(UNKNOWN)  # C2
        return any_of(routes)

    def _publishing(self, evidence: Evidence) -> list[dict[str, Any]]:
        """The captured filters on the metrics that this alarm watches."""
        places = [
            (str(entry.get("AccountId", self.account)), entry["MetricStat"]["Metric"])
            for entry in self.entries()
            if "MetricStat" in entry
        ]
        return [
            f
            for account, metric in places
            for f in filters.captured(evidence, account, self.region)
            if filters.metric(f) == (metric["Namespace"], metric["MetricName"])
        ]

    def _counted_along(self, evidence: Evidence, siblings: Mapping[str, dict[str, Any]]) -> bool:
        """Whether a filter on this alarm's metrics and one on another's, which rests, may count one event."""
        own = self._publishing(evidence)
        others = [
            f
            for name, item in siblings.items()
            for alarm in [Alarm(item, self.account, self.region)]
            if name != self.name and alarm.at_rest(evidence, False) != {"ALARM"}
            for f in alarm._publishing(evidence)
        ]
        return any(filters.counts_along(one, other) for one in own for other in others)

    def _rests(
        self, evidence: Evidence, siblings: Mapping[str, dict[str, Any]], watch: Watch | None, quiet: bool
    ) -> Callable[[str], frozenset[str]]:
        """C4: how the captured metric alarms of this account and region rest."""

        def rests(name: str) -> frozenset[str]:
            if name == self.name:
                if watch is None or was_cut(self.item, "MetricAlarms"):
                    return frozenset(["OK", "INSUFFICIENT_DATA"])
                own = simulation.rests(simulation.as_shown(watch), quiet)
                return frozenset(own - {"ALARM"}) or frozenset(["OK"])
            other = Alarm(siblings[name], self.account, self.region)
            return other.at_rest(evidence, quiet)

        return rests

    def at_rest(self, evidence: Evidence, quiet: bool) -> frozenset[str]:
        """States in which this alarm may rest, as one of the others (C4); any where it was cut (X6)."""
        if was_cut(self.item, "MetricAlarms"):
            return frozenset(["OK", "ALARM", "INSUFFICIENT_DATA"])
        series, known = [], []
        for entry in self.entries():
            if "MetricStat" in entry:
                found, _, _ = self._series(evidence, entry, None, ("", ""), None)
                account = str(entry.get("AccountId", self.account))
                hidden = filters.missing(evidence, account, self.region)
                series.append((str(entry["Id"]), Series(found.publishers, found.stat, False, hidden)))
                known.append(bool(found.publishers) or hidden)
        returned = [entry for entry in self.entries() if entry.get("ReturnData", True)]
        if not any(known):
            return frozenset(["OK"])
        if not all(known):
            return frozenset(["OK", "ALARM", "INSUFFICIENT_DATA"])
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
        plain = not maths.functions(watch.expression)
        if plain and simulation.stands_once_tripped(watch) and not any(s.hidden for _, s in series):
            return frozenset(["ALARM"])  # A8
        return simulation.rests(watch, quiet)


def could_watch(evidence: Evidence, account: str, region: str) -> list[Alarm]:
    """Captured metric alarms that could watch a metric of ``account`` and ``region`` (A14)."""
    return [
        Alarm(item, place, where)
        for place, where, _, answer in evidence.of_call(ALARMS)
        for item in answer.lists.get("MetricAlarms", [])
        if where == region and (place == account or any(e.get("AccountId") == account for e in item.get("Metrics", [])))
    ]


def hidden(evidence: Evidence, account: str, region: str) -> State:
    """V3: an alarm that no capture shows."""
    if not evidence.complete(account, region, ALARMS):
        return UNKNOWN
    shown = {key: evidence.items(account, region, ALARMS, key) for key in ("MetricAlarms", "CompositeAlarms")}
    # Composites without any alarm that they could name: whether that is all the law does not say.
    return NOT_OK if shown["CompositeAlarms"] and not shown["MetricAlarms"] else BROKEN


def usable(metric_filter: dict[str, Any], others: list[dict[str, Any]]) -> State:
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
