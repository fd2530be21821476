"""A simulator of alarms on metric maths, minute by minute: filters, traffic, gaps and expressions.

Its own code, from the rules' text and the user guide (using-metric-math: gaps count as 0 where another series has a
point, a point exists only where some series has one, ``IF`` only where its condition has one). It imports nothing of
the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chains.simulator import Alarm, changed, states_over, statistic_of

Expression = tuple[Any, ...]  # ("number", 1.0), ("series", "m1"), ("+", a, b), ("IF", c, a, b), ("SUM", a, b) …


@dataclass(frozen=True)
class Filter:
    """A metric filter: what it publishes into which metric, and whether it counts every event of its log group.

    ``value`` None: it comes from a field of the event.
    """

    metric: str
    value: float | None
    default: float | None
    group: str
    busy: bool = False


@dataclass(frozen=True)
class Happening:
    """What happens: an event now and again before, and what nobody shows.

    ``every``: other events of each log group, one in so many minutes; ``count`` events in the minute in question and
    ``noise`` matches of each other filter with them; ``field`` the number in a field; ``unseen`` what a metric that no
    filter publishes into gets in a minute, None: nothing; ``branch`` what a series without a point gives in ``IF``.
    """

    every: Mapping[str, int]
    count: int
    noise: int
    field: float
    unseen: Callable[[int], float | None]
    branch: float | None


@dataclass(frozen=True)
class Read:
    """A series that the alarm reads."""

    metric: str
    statistic: str
    percentile: float | None


def notifies(
    alarm: Alarm, reads: Mapping[str, Read], watched: Expression, filters: Sequence[Filter], happening: Happening
) -> bool:
    """Whether events that the first filter counts, long after an earlier one, change the alarm to ALARM."""
    span = (alarm.periods + 3) * alarm.period
    first, second = span, 3 * span
    length = second + alarm.period + 1
    minutes: dict[str, list[list[float]]] = {}
    for metric in {read.metric for read in reads.values()}:
        own = [number for number, one in enumerate(filters) if one.metric == metric]
        minutes[metric] = [
            [
                sample
                for number in own
                for sample in _samples(filters[number], number == 0, minute, first, second, filters[0].group, happening)
            ]
            for minute in range(length)
        ]
        if not own:
            values = [happening.unseen(minute) for minute in range(length)]
            minutes[metric] = [[] if value is None else [value] for value in values]

    def point(start: int, end: int) -> float | None:
        series = {}
        for name, read in reads.items():
            window = [sample for minute in minutes[read.metric][start:end] for sample in minute]
            series[name] = statistic_of(read.statistic, read.percentile, window)
        value, scalar = evaluate(watched, series, happening.branch)
        return None if scalar else value

    return changed(alarm, states_over(alarm, length, point), second)


def _samples(
    one: Filter, own: bool, minute: int, first: int, second: int, group: str, happening: Happening
) -> list[float]:
    """What a filter publishes in a minute (M3, M4)."""
    value = happening.field if one.value is None else one.value
    event = {first: 1, second: happening.count}.get(minute, 0)
    traffic = minute % happening.every[one.group] == 0
    arrived = traffic or (bool(event) and one.group == group)
    matches = event if own else happening.noise if minute == second else 0
    if one.busy:
        matches += int(traffic) + (event if one.group == group else 0)
    if matches:
        return [value] * matches
    return [one.default] if one.default is not None and arrived else []


def evaluate(
    expression: Expression, series: Mapping[str, float | None], branch: float | None
) -> tuple[float | None, bool]:
    """The value of an expression at one time, None without a point, and whether it is a number and no series."""
    kind, *parts = expression
    if kind == "number":
        return float(parts[0]), True
    if kind == "series":
        return series[parts[0]], False
    values = [evaluate(part, series, branch) for part in parts]
    if kind == "IF":
        return _if(*values, branch=branch)
    if not all(scalar for _, scalar in values) and all(value is None for value, scalar in values if not scalar):
        return None, False
    numbers = [0.0 if value is None else value for value, _ in values]
    return _OPERATIONS[kind](numbers), all(scalar for _, scalar in values)


def _if(
    condition: tuple[float | None, bool],
    yes: tuple[float | None, bool],
    no: tuple[float | None, bool],
    *,
    branch: float | None,
) -> tuple[float | None, bool]:
    truth, constant = condition
    if truth is None:
        return None, False
    value, scalar = yes if truth else no
    if constant:
        return value, scalar
    return branch if value is None else value, False


_OPERATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "+": lambda numbers: numbers[0] + numbers[1],
    "-": lambda numbers: numbers[0] - numbers[1],
    "*": lambda numbers: numbers[0] * numbers[1],
    ">": lambda numbers: float(numbers[0] > numbers[1]),
    ">=": lambda numbers: float(numbers[0] >= numbers[1]),
    "==": lambda numbers: float(numbers[0] == numbers[1]),
    "AND": lambda numbers: float(all(numbers)),
    "OR": lambda numbers: float(any(numbers)),
    "SUM": sum,
    "MAX": max,
}
