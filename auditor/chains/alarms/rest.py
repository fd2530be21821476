"""The states of the alarms of one account and region at rest and after an event, for composite alarms (C4–C6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.chains.alarms.composite_rule import STATES, Rule, parse_rule
from auditor.chains.alarms.settings import read_settings
from auditor.chains.alarms.tripping import rest_of
from auditor.chains.alarms.watched_metrics import watched_by
from auditor.chains.lookups import Row
from auditor.chains.publishing import Publishing

_OK = frozenset({"OK"})
_ALARM = frozenset({"ALARM"})


class CycleError(Exception):
    """A composite alarm depends on itself (C6)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """``tripped`` the alarm that the event trips, ``""`` at rest; ``forced`` an alarm's state for the question."""

    tripped: str = ""
    forced: Mapping[str, frozenset[str]] = field(default_factory=dict)


class AlarmStates:
    """The alarms of one account and region by name."""

    def __init__(self, account_id: str, region: str, rows: list[Row], publishing: Publishing) -> None:
        self._account_id = account_id
        self._region = region
        self._publishing = publishing
        self.rows = {str(row["alarm_name"]): row for row in rows}
        self._rest: dict[str, frozenset[str]] = {}
        # Each composite is evaluated once per moment, however many others name it.
        self._values: dict[tuple[str, str, tuple[Any, ...]], bool | None] = {}
        self._leaves: dict[str, frozenset[str]] = {}

    def name_of(self, reference: str) -> str:
        """The name of an alarm of this account and region by name or ARN; ``""`` for one of elsewhere."""
        if not reference.startswith("arn:"):
            return reference
        place, found, name = reference.partition(":alarm:")
        return name if found and place.split(":")[3:] == [self._region, self._account_id] else ""

    def captured(self, name: str) -> str:
        """The StateValue in the capture, ``""`` if the alarm is not listed."""
        row = self.rows.get(name)
        return str(row["item"].get("StateValue") or "") if row else ""

    def rule_of(self, name: str) -> Rule | None:
        """The rule of a composite alarm; None if the alarm is none, or its rule cannot be read."""
        row = self.rows.get(name)
        return parse_rule(str(row["item"].get("AlarmRule") or "")) if row and _composite(row) else None

    def states(self, reference: str, moment: Moment, above: tuple[str, ...] = ()) -> frozenset[str]:
        """The states an alarm may be in at a moment.

        Raises:
            CycleError: the alarm depends on one of the composite alarms ``above`` it.
        """
        name = self.name_of(reference)
        if name in moment.forced:
            return moment.forced[name]
        row = self.rows.get(name)
        if row is None:
            return STATES
        if _composite(row):
            value = self.value(name, moment, above)
            return STATES if value is None else _ALARM if value else _OK
        if not moment.tripped:
            return self.rest(name)
        if name == moment.tripped:
            return _ALARM
        # An alarm on the very metric of the event may trip with it or not: its settings are not asked here.
        return self.rest(name) | _ALARM if self._same_metric(name, moment.tripped) else self.rest(name)

    def value(self, composite: str, moment: Moment, above: tuple[str, ...] = ()) -> bool | None:
        """Whether a composite alarm's rule is true at a moment; None if that is not decided.

        Raises:
            CycleError: the composite depends on itself.
        """
        if composite in above:
            raise CycleError(composite)
        key = (composite, moment.tripped, tuple(moment.forced.items()))
        if key not in self._values:
            rule = self.rule_of(composite)
            below = (*above, composite)
            self._values[key] = rule.holds(lambda alarm: self.states(alarm, moment, below)) if rule else None
        return self._values[key]

    def leaves(self, composite: str, above: tuple[str, ...] = ()) -> frozenset[str]:
        """The names of the alarms, other than composites, on which a composite alarm depends.

        Raises:
            CycleError: the composite depends on itself.
        """
        if composite in above:
            raise CycleError(composite)
        if composite not in self._leaves:
            rule = self.rule_of(composite)
            found: set[str] = set()
            for name in {self.name_of(reference) for reference in rule.names()} if rule else ():
                row = self.rows.get(name)
                below = row is not None and _composite(row)
                found |= self.leaves(name, (*above, composite)) if below else {name}
            self._leaves[composite] = frozenset(found)
        return self._leaves[composite]

    def rest(self, name: str) -> frozenset[str]:
        """The states in which an alarm that is no composite may rest (C4)."""
        if name not in self._rest:
            self._rest[name] = self._find_rest(self.rows[name]["item"])
        return self._rest[name]

    def _find_rest(self, item: Mapping[str, Any]) -> frozenset[str]:
        metrics = self._metrics(item)
        publishers = [
            one
            for account, namespace, name in metrics
            for one in self._publishing.into(account, self._region, namespace, name)
        ]
        plain = next((one for one in metrics.values() if not one.get("Metrics")), item)
        if not publishers or plain.get("Dimensions"):
            return _OK
        settings = read_settings(plain)
        if isinstance(settings, str) or any(one.disputed for one in publishers):
            return STATES
        return rest_of(settings, publishers)

    def _same_metric(self, name: str, other: str) -> bool:
        one, two = (self._metrics(self.rows[alarm]["item"]) if alarm in self.rows else {} for alarm in (name, other))
        return not one.keys().isdisjoint(two)

    def _metrics(self, item: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        """Account (A14), namespace and name of each metric that an alarm reads, with the alarm as one on it."""
        if item.get("MetricName"):
            return {(self._account_id, str(item.get("Namespace")), str(item["MetricName"])): item}
        return {
            (str(one["watched_account"]), str(one["namespace"]), str(one["metric_name"])): one["watched_item"]
            for one in watched_by(item, self._account_id)
        }


def _composite(row: Row) -> bool:
    return bool(row["member"] == "CompositeAlarms")
