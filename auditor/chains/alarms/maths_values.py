"""The possible values of a metric maths expression, for the possible values of the series it reads (A13).

Source: CloudWatch user guide, using-metric-math. Only what is made point by point is evaluated; any other function
raises :class:`UndecidedError` with its reason code. Values are kept as sums of multiples of the series as far as that
goes, so that a series which stands in an expression twice is one value (``m1*2 - m1`` is ``m1``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from auditor.chains.alarms.maths_syntax import Node
from auditor.chains.alarms.points import Range
from auditor.rules.steering import ALARM_MATHS_RATE

# Functions that read the whole evaluation range, or more than one point of it, and what follows for one event.
_CODES: Mapping[str, str] = {
    "FILL": "alarm-maths-fill",
    "RUNNING_SUM": "alarm-maths-whole-range",
    "DATAPOINT_COUNT": "alarm-maths-whole-range",
    "RATE": ALARM_MATHS_RATE,
    "SEARCH": "alarm-maths-search",
    "ANOMALY_DETECTION_BAND": "alarm-anomaly",
}


class UndecidedError(Exception):
    """An expression is not evaluated; the argument is the reason code."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that lies in ``rest`` plus the sum of ``terms``, multiples of series by number.

    ``present``: whether there is a point at all, None if that is not decided; a ``scalar`` is no series: it has a
    value wherever a series beside it has one.
    """

    rest: Range
    terms: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    present: bool | None = True
    scalar: bool = False

    def range(self, series: Sequence[Range]) -> Range:
        """The least and the greatest value where each series lies in its range."""
        low, high = self.rest
        for number, factor in self.terms.items():
            ends = sorted(_times(factor, end) for end in series[number])
            low, high = low + ends[0], high + ends[1]
        return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)

    def times(self, factor: float) -> Value:
        """This value, multiplied by a number."""
        if factor == 0:
            return Value((0.0, 0.0), present=self.present, scalar=self.scalar)
        low, high = sorted(_times(factor, end) for end in self.rest)
        terms = {number: by * factor for number, by in self.terms.items()}
        return Value((low, high), terms, self.present, self.scalar)


def absent() -> Value:
    """A series without a point: beside another that has one it counts as 0."""
    return Value((0.0, 0.0), present=False)


class Evaluation:
    """Evaluates the expressions of one alarm for given ranges of the series that have a point."""

    def __init__(self, names: Mapping[str, Value], ranges: Sequence[Range]) -> None:
        self._names = dict(names)
        self._ranges = ranges

    def add(self, name: str, node: Node) -> None:
        """Evaluate an expression and let others name it.

        Raises:
            UndecidedError: it holds something that is not evaluated point by point.
        """
        self._names[name] = self._value(node)

    def result(self, name: str) -> tuple[bool | None, Range]:
        """Whether an expression or series has a point (None: not decided), and the range of its value."""
        value = self._names[name]
        # An expression without any series is no time series that an alarm could watch.
        return (None if value.scalar else value.present), value.range(self._ranges)

    def _value(self, node: Node) -> Value:
        if node.kind == "number":
            return Value((node.value, node.value), scalar=True)
        if node.kind == "series" and node.name in self._names:
            return self._names[node.name]
        if node.kind == "call":
            return self._call(node)
        if node.kind in ("array", "text", "series", "power"):
            raise UndecidedError("alarm-maths-not-decided")
        values = [self._value(part) for part in node.parts]
        if node.kind == "negative":
            return values[0].times(-1)
        if node.kind == "sum_":
            return self._sum(values, node.names)
        if node.kind == "product":
            return self._product(node, values)
        if node.kind == "compared":
            return self._compared(node.name, *values)
        truths = [_truth(value.range(self._ranges)) for value in values]
        decisive = node.kind == "either"
        decided = decisive if decisive in truths else None if None in truths else not decisive
        return _decided(decided, values)

    def _call(self, node: Node) -> Value:
        if node.name in ("SUM", "MAX") and len(node.parts) == 1:
            array = node.parts[0]
            if array.kind != "array":  # one series: read over the whole evaluation range
                raise UndecidedError("alarm-maths-whole-range")
            values = [self._value(part) for part in array.parts]
            if node.name == "SUM":
                return self._sum(values, ("+",) * (len(values) - 1))
            return self._greatest(values)
        if node.name == "IF" and len(node.parts) == 3:
            return self._if(*(self._value(part) for part in node.parts))
        raise UndecidedError(_CODES.get(node.name, "alarm-maths-not-decided"))

    def _sum(self, values: Sequence[Value], signs: Sequence[str]) -> Value:
        low, high = values[0].rest
        terms = dict(values[0].terms)
        for sign, value in zip(signs, values[1:], strict=True):
            other = value if sign == "+" else value.times(-1)
            low, high = low + other.rest[0], high + other.rest[1]
            for number, factor in other.terms.items():
                terms[number] = terms.get(number, 0.0) + factor
        rest = (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)
        terms = {number: factor for number, factor in terms.items() if factor != 0}
        return Value(rest, terms, *_together(values))

    def _product(self, node: Node, values: Sequence[Value]) -> Value:
        product = values[0]
        for sign, value in zip(node.names, values[1:], strict=True):
            present, scalar = _together((product, value))
            low, high = value.range(self._ranges)
            if sign == "/":
                if not value.scalar or low != high or low == 0:
                    raise UndecidedError("alarm-maths-ratio")
                low = high = 1 / low
            first = product.range(self._ranges)
            if low == high:
                product = product.times(low)
            elif first[0] == first[1]:
                product = value.times(first[0])
            else:
                ends = [_times(left, right) for left in first for right in (low, high)]
                product = Value((min(ends), max(ends)))
            product = Value(product.rest, product.terms, present, scalar)
        return product

    def _greatest(self, values: Sequence[Value]) -> Value:
        present, scalar = _together(values)
        if all(value.terms == values[0].terms and value.rest == values[0].rest for value in values):
            return Value(values[0].rest, values[0].terms, present, scalar)
        ranges = [value.range(self._ranges) for value in values]
        low, high = max(low for low, _ in ranges), max(high for _, high in ranges)
        return Value((low, high), present=present, scalar=scalar)

    def _if(self, condition: Value, yes: Value, no: Value) -> Value:
        if condition.present is False:
            return absent()
        truth = _truth(condition.range(self._ranges))
        branches = [yes, no] if truth is None else [yes if truth else no]
        scalar = condition.scalar and all(branch.scalar for branch in branches)
        # What a chosen series gives where it has no point of its own is not documented: 0, or nothing.
        present = True if all(branch.scalar or branch.present for branch in branches) else None
        if condition.scalar and all(branch.present is False for branch in branches):
            present = False
        present = present if condition.present else None if present else present
        if len(branches) == 1:
            return Value(branches[0].rest, branches[0].terms, present, scalar)
        ranges = [branch.range(self._ranges) for branch in branches]
        return Value((min(low for low, _ in ranges), max(high for _, high in ranges)), present=present, scalar=scalar)

    def _compared(self, operator: str, left: Value, right: Value) -> Value:
        low, high = self._sum((left, right), "-").range(self._ranges)
        if operator in ("<", "<="):
            low, high = -high, -low
        truth: bool | None
        if operator in (">", "<"):
            truth = True if low > 0 else False if high <= 0 else None
        elif operator in (">=", "<="):
            truth = True if low >= 0 else False if high < 0 else None
        else:
            same = True if low == high == 0 else False if low > 0 or high < 0 else None
            truth = same if operator == "==" or same is None else not same
        return _decided(truth, (left, right))


def _times(left: float, right: float) -> float:
    # A series has no infinite points: nothing times anything is nothing.
    return 0.0 if 0 in (left, right) else left * right


def _together(values: Sequence[Value]) -> tuple[bool | None, bool]:
    """Whether what is made of several values has a point, and whether it is no series."""
    series = [value.present for value in values if not value.scalar]
    if not series:
        return True, True
    return (True if True in series else None if None in series else False), False


def _decided(truth: bool | None, values: Sequence[Value]) -> Value:
    present, scalar = _together(values)
    rest = (0.0, 1.0) if truth is None else (float(truth), float(truth))
    return Value(rest, present=present, scalar=scalar)


def _truth(range_: Range) -> bool | None:
    return False if range_ == (0, 0) else None if range_[0] <= 0 <= range_[1] else True
