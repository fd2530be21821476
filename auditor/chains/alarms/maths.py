"""Alarms on metric maths: which entry is watched, and what one event of one series makes of it (A13, A14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.chains.alarms.maths_syntax import Node, parse_expression
from auditor.chains.alarms.maths_values import Evaluation, UndecidedError, Value
from auditor.chains.alarms.points import ANY_VALUE
from auditor.evidence.item import Item
from auditor.rules.steering import ALARM_MATHS_RATE

_DEEPEST = 100  # expressions upon expressions; an alarm has at most a few
# Functions that CloudWatch does not evaluate on another account's data (A14).
_OWN_ACCOUNT_ONLY = ("ANOMALY_DETECTION_BAND", "INSIGHT_RULE", "SERVICE_QUOTA")


@dataclass(frozen=True, slots=True)
class Maths:
    """The expressions of an alarm by id, each after those it names; ``watched`` is what the alarm compares.

    ``series`` are the ids of the metrics that they read. A plain alarm is one series without expressions.
    """

    text: str
    steps: tuple[tuple[str, Node], ...]
    series: tuple[str, ...]
    watched: str


PLAIN = Maths("", (), ("",), "")


def entries_of(item: Item) -> dict[str, Item]:
    """The entries of an alarm's ``Metrics`` by id."""
    return {str(entry.get("Id")): entry for entry in item.get("Metrics") or ()}


def returned_of(item: Item) -> str | None:
    """The id of the entry that is watched: the one that returns data, besides an anomaly band."""
    band = item.get("ThresholdMetricId")
    returned = [
        name for name, entry in entries_of(item).items() if entry.get("ReturnData") is not False and name != band
    ]
    return returned[0] if len(returned) == 1 else None


def reached(item: Item) -> list[str]:
    """The ids of the entries that the watched one is made from, itself included; all where that cannot be told."""
    entries = entries_of(item)
    returned = returned_of(item)
    if returned is None or item.get("ThresholdMetricId"):
        return list(entries)
    names: dict[str, None] = {}
    waiting = [returned]
    while waiting:
        name = waiting.pop()
        if name in names or name not in entries:
            continue
        names[name] = None
        expression = entries[name].get("Expression")
        if expression is None:
            continue
        node = parse_expression(str(expression))
        if node is None or any(part.name == "METRICS" for part in node.walk() if part.kind == "call"):
            return list(entries)
        waiting += [part.name for part in node.walk() if part.kind == "series"]
    return list(names)


def read_maths(item: Item) -> Maths | str:
    """What an alarm's ``Metrics`` make of the metrics they read, or the reason code why it is not evaluated."""
    entries = entries_of(item)
    across = any(entries[name].get("AccountId") for name in reached(item))
    texts = [str(entry["Expression"]) for entry in entries.values() if entry.get("Expression")]
    if across and any(f"{name}(" in text for text in texts for name in _OWN_ACCOUNT_ONLY):
        return "alarm-maths-across-accounts"
    if item.get("ThresholdMetricId"):
        below = item.get("ComparisonOperator") == "LessThanLowerThreshold"
        return "alarm-anomaly-below" if below else "alarm-anomaly"
    if any(is_query(text) for text in texts):
        return "alarm-metrics-insights"
    returned = returned_of(item)
    if returned is None:
        return "alarm-settings-unclear"
    try:
        steps: dict[str, Node] = {}
        series: dict[str, None] = {}
        _order(returned, entries, (), steps, series)
        maths = Maths(_text(returned, entries), tuple(steps.items()), tuple(series), returned)
        _refuse_undecided(maths)
    except UndecidedError as reason:
        rate = str(reason) == ALARM_MATHS_RATE
        return "alarm-maths-not-decided" if rate and not _is_rate(returned, entries) else str(reason)
    periods = {(entries[name].get("MetricStat") or {}).get("Period") for name in series}
    return maths if len(periods) == 1 else "alarm-maths-not-decided"


def _is_rate(name: str, entries: Mapping[str, Item]) -> bool:
    """Whether an expression is the rate of one metric and nothing else, which has no point for a lone event."""
    for _ in entries:  # by way of at most as many names
        node = parse_expression(str(entries[name]["Expression"]))
        assert node is not None  # it has been put in order
        if node.kind == "call" and node.name == "RATE" and len(node.parts) == 1:
            inner = node.parts[0]
            return inner.kind == "series" and "MetricStat" in entries[inner.name]
        if node.kind != "series" or "Expression" not in entries[node.name]:
            return False
        name = node.name
    return False


def _refuse_undecided(maths: Maths) -> None:
    """Evaluate once on any values, so that a function which is not evaluated is known."""
    names = {name: Value((0.0, 0.0), {number: 1.0}) for number, name in enumerate(maths.series)}
    evaluation = Evaluation(names, [ANY_VALUE] * len(maths.series))
    for name, node in maths.steps:
        evaluation.add(name, node)


def is_query(expression: str) -> bool:
    """Whether an expression is a Metrics Insights query."""
    return expression.lstrip().upper().startswith("SELECT")


def _text(name: str, entries: Mapping[str, Item]) -> str:
    return str(entries[name].get("Expression") or name)


def _order(
    name: str,
    entries: Mapping[str, Item],
    above: tuple[str, ...],
    steps: dict[str, Node],
    series: dict[str, None],
) -> None:
    """Put an entry's expression into ``steps`` after those that it names, and its metrics into ``series``."""
    entry = entries.get(name)
    if entry is None or name in above:
        raise UndecidedError("alarm-settings-unclear")
    if entry.get("Expression") is None:
        series[name] = None
        return
    node = parse_expression(str(entry["Expression"]))
    if node is None or len(above) > _DEEPEST:
        raise UndecidedError("alarm-maths-not-decided")
    for part in node.walk():
        if part.kind == "series" and part.name not in steps:
            _order(part.name, entries, (*above, name), steps, series)
    steps[name] = node
