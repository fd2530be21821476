"""Metric maths: its grammar (A13). Source: CloudWatch user guide, using-metric-math."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark

_DEEPEST = 60  # parts within parts: deeper than people write, and shallower than can be walked
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

    class Build(Transformer[Token, Node]):
        def number(self, children: list[Token]) -> Node:
            return Node("number", value=float(children[0]))

        def series(self, children: list[Token]) -> Node:
            return Node("series", name=str(children[0]))

        def text(self, children: list[Token]) -> Node:
            return Node("text", name=str(children[0]))

        def call(self, children: list[Token | Node | None]) -> Node:
            return Node("call", tuple(part for part in children[1:] if isinstance(part, Node)), str(children[0]))

    def build(kind: str) -> Callable[[object, list[Token | Node]], Node]:
        def node(_: object, children: list[Token | Node]) -> Node:
            names = tuple(str(child) for child in children if isinstance(child, Token))
            parts = tuple(child for child in children if isinstance(child, Node))
            return Node(kind, parts, names[0] if names else "", names)

        return node

    for kind in ("array", "negative", "power", "product", "sum_", "compared", "both", "either"):
        setattr(Build, kind, build(kind))
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=Build())


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Node | None:
    """The expression, or None if it is none of this grammar."""
    from lark.exceptions import LarkError  # noqa: PLC0415

    if len(text) > _LONGEST:
        return None
    try:
        node = _parser().parse(text)
        assert isinstance(node, Node)
    except (LarkError, RecursionError):
        return None
    return node if _nested(node) <= _DEEPEST else None


def _nested(node: Node) -> int:
    """How deep a node is nested."""
    levels, depth = [node], 0
    while levels:
        levels = [part for above in levels for part in above.parts]
        depth += 1
    return depth
