"""The syntax tree of a rule and its canonical print: ``parse(str(rule)) == rule``.

Trees compare by structure; blanks, redundant parentheses, a doubled ``not`` and the noise word ``have`` are gone.
``offset`` is the place in the text, for messages, and takes no part in comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Path:
    """A field, ``a.b.c``, looked up from the current context."""

    text: str
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Item:
    """``$``: the current item of the innermost bracket."""

    offset: int = field(compare=False)

    def __str__(self) -> str:
        return "$"


@dataclass(frozen=True, slots=True)
class Text:
    """A string in single quotes."""

    value: str
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return "'" + self.value.replace("'", "\\'") + "'"


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    value: int
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Boolean:
    """``true`` or ``false`` without quotes."""

    value: bool
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True)
class Call:
    """``name(arguments)`` after its object."""

    name: str
    arguments: tuple[Value, ...]
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class ListStep:
    """``name [condition]``: a test of, or selection from, the items of a list."""

    name: str
    condition: Expression
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return f"{self.name} [{self.condition}]"


@dataclass(frozen=True, slots=True)
class GroupBy:
    """``groupBy [path]``: groups of items, each with its items under ``values``."""

    path: Path
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return f"groupBy [{self.path}]"


Literals = Text | Number | Boolean
Operand = Path | Item | Call | Literals
Step = Call | ListStep | GroupBy


@dataclass(frozen=True, slots=True)
class Value:
    """An operand and the steps applied to it, from left to right."""

    operand: Operand
    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, (self.operand, *self.steps)))


@dataclass(frozen=True, slots=True)
class Holds:
    """A value without a comparison: it is there and says yes."""

    value: Value

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right``."""

    left: Value
    operator: Operator
    right: Value

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True, slots=True)
class Like:
    """``value like 'pattern'``."""

    value: Value
    pattern: Text

    def __str__(self) -> str:
        return f"{self.value} like {self.pattern}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """``value in (a, b)``."""

    value: Value
    choices: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.value} in ({', '.join(map(str, self.choices))})"


@dataclass(frozen=True, slots=True)
class RegexMatch:
    """``value regexMatch /source/flags``."""

    value: Value
    source: str
    flags: str

    def __str__(self) -> str:
        return f"{self.value} regexMatch /{self.source}/{self.flags}"


@dataclass(frozen=True, slots=True)
class Unestablished:
    """A comparison that is known by name only: ``unlike``, ``~``."""

    value: Value
    name: str
    right: Value
    offset: int = field(compare=False)

    def __str__(self) -> str:
        return f"{self.value} {self.name} {self.right}"


@dataclass(frozen=True, slots=True)
class Not:
    """``not part``."""

    part: Expression

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, AllOf | AnyOf) else f"not {self.part}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """``and`` of two or more."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``or`` of two or more."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " or ".join(map(str, self.parts))


Test = Holds | Compare | Like | OneOf | RegexMatch | Unestablished
Expression = Test | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Rule:
    """A posture rule, or the placeholder of a requirement that is checked by hand (then ``condition`` is None).

    ``negated``: ``should not have``; it covers the whole condition. ``offset`` is where the entity stands.
    """

    kind: Literal["posture", "placeholder"]
    entity: str
    is_list: bool
    where: Expression | None
    negated: bool
    condition: Expression | None
    exclude: Expression | None
    text: str = field(compare=False)
    offset: int = field(compare=False, default=0)

    def __str__(self) -> str:
        if self.kind == "placeholder":
            return "true"
        return (
            (f"List<{self.entity}>" if self.is_list else self.entity)
            + (f" where {self.where}" if self.where else "")
            + (" should not have " if self.negated else " should have ")
            + str(self.condition)
            + (f" exclude {self.exclude}" if self.exclude else "")
        )


def values_of(test: Test) -> tuple[Value, ...]:
    """The values that a test speaks of."""
    match test:
        case Compare(left, _, right) | Unestablished(left, _, right):
            return (left, right)
        case OneOf(value, choices):
            return (value, *choices)
        case _:
            return (test.value,)


def tests_of(expression: Expression) -> Iterator[Test]:
    """The tests that an expression joins, those inside brackets not among them."""
    match expression:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part):
            yield from tests_of(part)
        case _:
            yield expression


def calls_of(expression: Expression) -> Iterator[Call]:
    """The functions that an expression calls, those inside brackets among them."""
    for test in tests_of(expression):
        for value in values_of(test):
            for part in (value.operand, *value.steps):
                if isinstance(part, Call):
                    yield part
                elif isinstance(part, ListStep):
                    yield from calls_of(part.condition)
