"""Metric maths: its grammar, and the range of an expression's value for given ranges of the series it reads (A13).

Source: CloudWatch user guide, using-metric-math. Only what can be evaluated point by point is evaluated; any
other function raises :class:`UndecidedError` with its reason code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

Range = tuple[float, float]
_LONGEST = 2048  # characters of an expression [MetricDataQuery]
_GRAMMAR = r"""
?start: either
?either: both (("OR" | "||") both)*
?both: compared (("AND" | "&&") compared)*
?compared: sum_ (COMPARE sum_)?
?sum_: product (PLUS product)*
?product: power (TIMES power)*
?power: unary ("^" unary)?
?unary: "-" unary -> negative
      | atom
?atom: NUMBER -> number
     | ID -> series
     | FUNCTION "(" [either ("," either)*] ")" -> call
     | "[" either ("," either)* "]" -> array
     | STRING -> text
     | "(" either ")"
COMPARE: ">=" | "<=" | "==" | "!=" | ">" | "<"
PLUS: "+" | "-"
TIMES: "*" | "/"
NUMBER: /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/
ID: /[a-z][A-Za-z0-9_]*/
FUNCTION: /[A-Z][A-Z_0-9]*(?=\s*\()/
STRING: /'[^']*'|"[^"]*"/
%ignore /[ \t\r\n]+/
"""
# Functions that read the whole evaluation range, or more than one point of it, and what follows for one event.
_CODES: Mapping[str, str] = {
    "FILL": "alarm-maths-fill",
    "RUNNING_SUM": "alarm-maths-whole-range",
    "DATAPOINT_COUNT": "alarm-maths-whole-range",
    "RATE": "alarm-maths-rate",
    "SEARCH": "alarm-maths-search",
    "ANOMALY_DETECTION_BAND": "alarm-anomaly",
}


class UndecidedError(Exception):
    """An expression is not evaluated; the argument is the reason code."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: ``kind`` is number, series, text, call, array, negative, sum_, product, power, compared, both, either.

    ``name`` holds the series, function or comparison, ``names`` the signs between the parts of a sum or product.
    """

    kind: str
    parts: tuple[Node, ...] = ()
    name: str = ""
    names: tuple[str, ...] = ()
    value: float = 0

    def walk(self) -> Iterator[Node]:
        """The node and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@cache
def _parser() -> Lark:
    from lark import Lark, Token, Transformer  # noqa: PLC0415 (only alarms on metric maths need it)

    class Build(Transformer[Any, Node]):
        def number(self, found: list[Any]) -> Node:
            return Node("number", value=float(found[0]))

        def series(self, found: list[Any]) -> Node:
            return Node("series", name=str(found[0]))

        def text(self, found: list[Any]) -> Node:
            return Node("text", name=str(found[0]))

        def call(self, found: list[Any]) -> Node:
            return Node("call", tuple(part for part in found[1:] if part is not None), str(found[0]))

    def build(kind: str) -> Callable[[Any, list[Any]], Node]:
        def node(_: Any, found: list[Any]) -> Node:
            names = tuple(str(one) for one in found if isinstance(one, Token))
            parts = tuple(one for one in found if isinstance(one, Node))
            return Node(kind, parts, names[0] if names else "", names)

        return node

    for kind in ("array", "negative", "power", "product", "sum_", "compared", "both", "either"):
        setattr(Build, kind, build(kind))
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=Build())


@cache
def parse_expression(text: str) -> Node | None:
    """The expression, or None if it is none of this grammar."""
    from lark.exceptions import LarkError  # noqa: PLC0415

    if len(text) > _LONGEST:
        return None
    try:
        node = _parser().parse(text)
        assert isinstance(node, Node)
        list(node.walk())  # one nested too deeply to walk is refused here
    except (LarkError, RecursionError):
        return None
    return node


def value(node: Node, series: Mapping[str, Range]) -> Range:
    """The least and the greatest value of an expression where each series lies in its range.

    Raises:
        UndecidedError: it holds something that is not evaluated point by point.
    """
    if node.kind == "number":
        return node.value, node.value
    if node.kind == "series" and node.name in series:
        return series[node.name]
    if node.kind == "call":
        return _call(node, series)
    if node.kind in ("array", "text", "series", "power"):
        raise UndecidedError("alarm-maths-not-decided")
    ranges = [value(part, series) for part in node.parts]
    if node.kind == "negative":
        return -ranges[0][1], -ranges[0][0]
    if node.kind == "sum_":
        return _sum(ranges, node.names)
    if node.kind == "product":
        return _product(node, ranges)
    if node.kind == "compared":
        return _compared(node.name, *ranges)
    truths = [_truth(one) for one in ranges]
    decisive = node.kind == "either"
    known = decisive if decisive in truths else None if None in truths else not decisive
    return _range_of(known)


def _call(node: Node, series: Mapping[str, Range]) -> Range:
    if node.name in ("SUM", "MAX") and len(node.parts) == 1:
        array = node.parts[0]
        if array.kind != "array":  # one series: read over the whole evaluation range
            raise UndecidedError("alarm-maths-whole-range")
        ranges = [value(part, series) for part in array.parts]
        if node.name == "SUM":
            return _sum(ranges, ("+",) * (len(ranges) - 1))
        return max(low for low, _ in ranges), max(high for _, high in ranges)
    if node.name == "IF" and len(node.parts) == 3:
        condition = _truth(value(node.parts[0], series))
        branches = [value(part, series) for part in node.parts[1:]]
        if condition is not None:
            return branches[0] if condition else branches[1]
        return min(low for low, _ in branches), max(high for _, high in branches)
    raise UndecidedError(_CODES.get(node.name, "alarm-maths-not-decided"))


def _sum(ranges: list[Range], signs: tuple[str, ...]) -> Range:
    low, high = ranges[0]
    for sign, (least, most) in zip(signs, ranges[1:], strict=True):
        low, high = (low + least, high + most) if sign == "+" else (low - most, high - least)
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _product(node: Node, ranges: list[Range]) -> Range:
    found = ranges[0]
    for sign, part, one in zip(node.names, node.parts[1:], ranges[1:], strict=True):
        if sign == "/":
            constant = all(below.kind != "series" for below in part.walk())
            if not constant or one[0] == 0:
                raise UndecidedError("alarm-maths-ratio")
            found = _times(found, (1 / one[0], 1 / one[0]))
        else:
            found = _times(found, one)
    return found


def _times(one: Range, two: Range) -> Range:
    # A series has no infinite points: nothing times anything is nothing.
    products = [0.0 if 0 in (a, b) else a * b for a in one for b in two]
    return min(products), max(products)


def _compared(operator: str, one: Range, two: Range) -> Range:
    if operator in ("<", "<="):
        return _compared(">" if operator == "<" else ">=", two, one)
    if operator in (">", ">="):
        strictly = operator == ">"
        always = one[0] > two[1] or (not strictly and one[0] == two[1])
        never = one[1] < two[0] or (strictly and one[1] == two[0])
        return _range_of(True if always else False if never else None)
    same = True if one == two and one[0] == one[1] else False if one[1] < two[0] or two[1] < one[0] else None
    return _range_of(same if operator == "==" or same is None else not same)


def _truth(one: Range) -> bool | None:
    return False if one == (0, 0) else None if one[0] <= 0 <= one[1] else True


def _range_of(known: bool | None) -> Range:
    return (0.0, 1.0) if known is None else (float(known), float(known))
