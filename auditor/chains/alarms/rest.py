"""The alarms of one account and region: their states at rest and in the capture, what composites read (C4–C6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from auditor.chains.alarms.assignments import Search
from auditor.chains.alarms.composite_rule import STATES, Rule, parse_rule
from auditor.chains.alarms.reading import AlarmReading, read_alarm
from auditor.chains.alarms.tripping import rest_of
from auditor.chains.alarms.watched_metrics import watched_by
from auditor.chains.model import Metric, Need
from auditor.chains.publishing import Publishing
from auditor.chains.repeats import Repeats
from auditor.evidence.call_ids import DESCRIBE_ALARMS, DESCRIBE_METRIC_FILTERS
from auditor.evidence.item import Item
from auditor.evidence.tables import Row

OK = frozenset({"OK"})


class CycleError(Exception):
    """A composite alarm depends on itself (C6)."""


class Alarms:
    """The alarms of one account and region by name. One that no capture lists, or of which members were cut away that
    AWS always prints (X6), may be in any state.
    """

    def __init__(
        self, account_id: str, region: str, rows: list[Row], publishing: Publishing, repeats: Repeats,
        *, whole: bool = True,
    ) -> None:  # fmt: skip
        """``whole``: the alarms of that place are all captured."""
        self.account_id = account_id
        self.region = region
        self._publishing = publishing
        self._repeats = repeats
        self._whole = whole
        self._items: dict[str, Item] = {str(row["alarm_name"]): row["item"] for row in rows}
        self._stood: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            self._stood[str(row["alarm_name"])].add(str(row["item"].get("StateValue") or ""))
        self._composites = frozenset(str(row["alarm_name"]) for row in rows if row["member"] == "CompositeAlarms")
        self._cut = frozenset(str(row["alarm_name"]) for row in rows if row.get("left_out"))
        self._rest: dict[tuple[str, bool], frozenset[str]] = {}
        self._named: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, tuple[str, ...]] = {}
        self.search = Search()
        # What the composites are where each other alarm may be in all of its states: by question, and by composite.
        self.evaluated: dict[tuple[str, str, bool], dict[str, frozenset[str]]] = defaultdict(dict)

    def __contains__(self, name: str) -> bool:
        return name in self._items

    def name_of(self, reference: str) -> str:
        """The name of an alarm of this account and region by name or ARN; the ARN for one of elsewhere."""
        if not reference.startswith("arn:"):
            return reference
        place, separator, name = reference.partition(":alarm:")
        return name if separator and place.split(":")[3:] == [self.region, self.account_id] else reference

    def rule_of(self, name: str) -> Rule | None:
        """The rule of a composite alarm; None if the alarm is none, or its rule cannot be read."""
        return parse_rule(str(self._items[name].get("AlarmRule") or "")) if name in self._composites else None

    def unread_rule(self, name: str) -> str:
        """The rule of a composite alarm if it cannot be read; ``""`` for every other alarm."""
        return str(self._items[name].get("AlarmRule")) if name in self._composites and not self.rule_of(name) else ""

    def lacks_rule(self, name: str) -> bool:
        """Whether the rule of a composite alarm was cut away, as AWS always prints it (X6)."""
        return name in self._composites and "AlarmRule" not in self._items[name]

    def named_by(self, composite: str) -> tuple[str, ...]:
        """The alarms that a composite's rule names, each once, by name."""
        if composite not in self._named:
            rule = self.rule_of(composite)
            self._named[composite] = tuple(dict.fromkeys(map(self.name_of, rule.names()))) if rule else ()
        return self._named[composite]

    def below(self, composite: str) -> tuple[str, ...]:
        """A composite alarm and those on which it depends that have a rule, each after the ones it names.

        Raises:
            CycleError: one of them depends on itself.
        """
        if composite not in self._below:
            self._below[composite] = tuple(self._ordered(composite))
        return self._below[composite]

    def _ordered(self, composite: str) -> Iterator[str]:
        done: set[str] = set()
        above: dict[str, Iterator[str]] = {composite: iter(self.named_by(composite))}
        while above:
            current = next(reversed(above))
            fresh = next((name for name in above[current] if name not in done and self.rule_of(name) is not None), None)
            if fresh is None:
                del above[current]
                done.add(current)
                yield current
            elif fresh in above:
                raise CycleError(fresh)
            else:
                above[fresh] = iter(self.named_by(fresh))

    def reached(self, composite: str) -> set[str]:
        """Every alarm on which a composite depends, though it depends on itself."""
        names: set[str] = set()
        waiting = [composite]
        while waiting:
            fresh = set(self.named_by(waiting.pop())) - names
            names |= fresh
            waiting += fresh
        return names

    def stood(self, name: str) -> str:
        """The state of an alarm in the captures; ``""`` if none lists it, or they tell it differently."""
        return next(iter(states)) if len(states := self._stood.get(name, set())) == 1 else ""

    def captured(self, name: str) -> frozenset[str]:
        """The states in which an alarm stood when it was captured (C5); any if no capture lists it.

        An alarm that was OK says nothing against the state in which it rests (A12).
        """
        return frozenset().union(*(self._stood_in(name, state) for state in self._stood.get(name, {""})))

    def _stood_in(self, name: str, state: str) -> frozenset[str]:
        if name in self._items and state in ("", "OK"):
            return self.rest(name, busy=True)
        return frozenset({state}) & STATES or STATES

    def rest(self, name: str, *, busy: bool = False) -> frozenset[str]:
        """The states in which an alarm that has no rule may rest (C4); ``busy``: in log groups that are never quiet."""
        key = name, busy
        if key not in self._rest:
            unknown = name not in self._items or name in self._composites or name in self._cut
            self._rest[key] = STATES if unknown else self._find_rest(self._items[name], busy=busy)
        return self._rest[key]

    def before(self, name: str, *, busy: bool = False) -> frozenset[str]:
        """The states in which an alarm may rest that an event trips.

        Its own link says whether a filter on it counts nearly every event (L10) and whether one is missing (V3). Of a
        ``busy`` group all are given then: what is missing may be what lets it rest.
        """
        item = self._items.get(name)
        reading = None if item is None else self._read(item)
        if (
            name in self._cut
            or not isinstance(reading, AlarmReading)
            or (busy and not all(series.shown for series in reading.series))
        ):
            return STATES
        # What a filter that counts nearly every event publishes may let it rest elsewhere than in ALARM.
        return rest_of(reading.as_judged, busy=busy) | (rest_of(reading.as_captured, busy=busy) - {"ALARM"})

    def needs(self, name: str) -> list[Need]:
        """The captures that would show how an alarm rests: of the alarms, or of the filters on its metrics (V3)."""
        if name not in self._items:
            return [] if self._whole else [Need(DESCRIBE_ALARMS, self.account_id, self.region)]
        metrics = [metric for metric in self._metrics(name) if not self._publishing.arriving(metric).shown]
        return [Need(DESCRIBE_METRIC_FILTERS, metric.account_id, metric.region) for metric in metrics]

    def _find_rest(self, item: Item, *, busy: bool) -> frozenset[str]:
        arrivals = [
            self._publishing.arriving(watched_metric.metric(self.region))
            for watched_metric in watched_by(item, self.account_id)
        ]
        if not any(watched_metric.publishers for watched_metric in arrivals):
            return OK if all(watched_metric.shown for watched_metric in arrivals) else STATES
        reading = self._read(item)
        if isinstance(reading, str):
            return STATES
        rest = rest_of(reading, busy=busy)
        # Where no filter's data have the unit that it names, data that nobody shows may (M5, C4).
        return rest if any(series.publishers for series in reading.series) else rest | OK

    def _read(self, item: Item) -> AlarmReading | str:
        return read_alarm(item, self.account_id, self.region, self._publishing.arriving)

    def same_metric(self, name: str, other: str) -> bool:
        """Whether two alarms read one metric, so that an event which trips the one may trip the other."""
        return not set(self._metrics(name)).isdisjoint(self._metrics(other))

    def counted_along(self, name: str, other: str) -> bool:
        """Whether a filter on a metric of one alarm may count an event of one on a metric of the other."""
        return self._repeats.together(self._metrics(other), self._metrics(name))

    def _metrics(self, name: str) -> list[Metric]:
        item = self._items.get(name, {})
        return [watched_metric.metric(self.region) for watched_metric in watched_by(item, self.account_id)]
