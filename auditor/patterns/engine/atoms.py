"""Tests of one value: what the conditions of patterns come down to.

A node of an event is absent or has one of the types null, true, false, number, string, container. Every
test is false of an absent node; a condition is "some node that the selector finds passes the test" or the
denial of it, so ``NOT EXISTS`` is the denial of ``Exists``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from auditor.patterns.engine.budget import UndecidableError
from auditor.patterns.engine.languages import EVERY_TEXT, Language
from auditor.patterns.engine.machines import accepts, compiled
from auditor.patterns.numbers import Number


class Shape(Enum):
    """The values that are neither text nor number."""

    ABSENT = "absent"
    NULL = "null"
    TRUE = "true"
    FALSE = "false"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Written:
    """A number that is not written as its plain text; told apart only by tests of numbers as they are written."""

    text: str

    @property
    def number(self) -> Number:
        """Its value."""
        return Number.parse(self.text)


Scalar = str | Number | Written | Shape


@dataclass(frozen=True, slots=True)
class Words:
    """Equal to one of these strings or numbers."""

    strings: frozenset[str]
    numbers: frozenset[Number]

    def accepts(self, value: Scalar) -> bool:
        """Whether the value is one of them; numbers by their value."""
        if isinstance(value, Written):
            value = value.number
        return value in (self.strings if isinstance(value, str) else self.numbers)


@dataclass(frozen=True, slots=True)
class Fits:
    """A string (if ``strings``) or a number's plain text (if ``numbers``) of the language.

    ``written``: a number's text as it is written, instead of the plain one.
    """

    language: Language
    strings: bool = True
    numbers: bool = True
    written: bool = False

    def accepts(self, value: Scalar) -> bool:
        """Whether the text of the value is of the language.

        Raises:
            UndecidableError: a number whose text is too long to be compared.
        """
        if isinstance(value, Shape):
            return False
        if not (self.strings if isinstance(value, str) else self.numbers):
            return False
        if self.language is EVERY_TEXT:
            return True
        if isinstance(value, Written):
            value = value.text if self.written else value.number
        text = value.plain() if isinstance(value, Number) else value
        if text is None:
            raise UndecidableError("a number is too long to be compared as text")
        return accepts(self.language, text)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A number that stands in ``operator`` to ``bound``."""

    operator: str
    bound: Number

    def accepts(self, value: Scalar) -> bool:
        """Whether the value is a number on the right side of the bound."""
        if isinstance(value, Written):
            value = value.number
        if not isinstance(value, Number):
            return False
        if self.operator in ("<", "<="):
            return value < self.bound or (self.operator == "<=" and value == self.bound)
        return value > self.bound or (self.operator == ">=" and value == self.bound)


@dataclass(frozen=True, slots=True)
class Same:
    """JSON null, true or false."""

    shape: Shape

    def accepts(self, value: Scalar) -> bool:
        """Whether it is that very value."""
        return value is self.shape


@dataclass(frozen=True, slots=True)
class Exists:
    """Anything at all."""

    def accepts(self, value: Scalar) -> bool:
        """Whether there is a value."""
        return value is not Shape.ABSENT


@dataclass(frozen=True, slots=True)
class Differs:
    """A string or number that ``test`` does not accept, or one of ``shapes`` (for wildcard selectors only:
    elsewhere ``!=`` is split into tests that ``=`` shares)."""

    test: Words | Fits
    shapes: frozenset[Shape]

    def accepts(self, value: Scalar) -> bool:
        """Whether the value is one of ``shapes``, or a string or number that ``test`` does not accept."""
        if isinstance(value, Shape):
            return value in self.shapes
        return not self.test.accepts(value)


Test = Words | Fits | Ordered | Same | Exists | Differs


def cost(test: Test, value: Scalar) -> int:
    """What it costs to ask whether ``test`` accepts ``value``, in steps of a budget."""
    if isinstance(test, Differs):
        return cost(test.test, value)
    if not isinstance(test, Fits) or not isinstance(value, str) or test.language is EVERY_TEXT:
        return 1
    machine = compiled(test.language)
    return 1 + len(value) * machine.cost(machine.start)


SCALAR = Fits(EVERY_TEXT)
"""Any string or number."""
