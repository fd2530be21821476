"""Boolean formulas over tests of places, kept small: flat, without duplicates, equal parts are one object.

A *place* is a selector (or ``MESSAGE``, the raw text). The constants of one place are merged into one set
test, so a list of forty event names is one part, and two lists are compared as sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from auditor.patterns.engine.atoms import Test, Words
from auditor.patterns.engine.budget import Budget
from auditor.patterns.syntax import AnyElement, AnyMember, Index, Name, Selector

MESSAGE: Selector = (Index(-1),)
"""The place of tests on the text of the whole message: no selector is like it."""

EVENT_NAME: Selector = (Name("eventName"),)
EVENT_SOURCE: Selector = (Name("eventSource"),)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of a formula; compared by identity, since equal parts are one object."""

    kind: Literal["true", "false", "test", "all", "any"]
    number: int
    parts: tuple[Node, ...]
    places: frozenset[Selector]
    place: Selector = MESSAGE
    test: Test | None = None
    positive: bool = True
    size: int = 1  # parts in it, itself included

    def tests(self) -> Iterable[Node]:
        """The tests in the formula, each once."""
        visited: set[int] = set()
        stack = [self]
        while stack:
            node = stack.pop()
            if node.number not in visited:
                visited.add(node.number)
                if node.kind == "test":
                    yield node
                stack.extend(reversed(node.parts))


class Formulas:
    """Makes formulas; those of one question come from one maker and share its budget."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._nodes: dict[tuple[object, ...], Node] = {}
        self.true = self._make("true")
        self.false = self._make("false")

    def _make(
        self,
        kind: Literal["true", "false", "test", "all", "any"],
        parts: tuple[Node, ...] = (),
        place: Selector = MESSAGE,
        test: Test | None = None,
        positive: bool = True,
    ) -> Node:
        key = (kind, tuple(part.number for part in parts), place, test, positive)
        node = self._nodes.get(key)
        if node is None:
            places = frozenset([place]) if test is not None else frozenset().union(*(p.places for p in parts))
            size = 1 + sum(part.size for part in parts)
            node = Node(kind, len(self._nodes), parts, places, place, test, positive, size)
            self._nodes[key] = node
        return node

    def test(self, place: Selector, test: Test, positive: bool = True) -> Node:
        """Some node at ``place`` passes ``test`` (or none does)."""
        if isinstance(test, Words) and not test.strings and not test.numbers:
            return self.false if positive else self.true
        return self._make("test", (), place, test, positive)

    def all_of(self, nodes: Iterable[Node]) -> Node:
        """The conjunction."""
        return self._join("all", nodes)

    def any_of(self, nodes: Iterable[Node]) -> Node:
        """The disjunction."""
        return self._join("any", nodes)

    def _join(self, kind: Literal["all", "any"], nodes: Iterable[Node]) -> Node:
        neutral, absorbing = (self.true, self.false) if kind == "all" else (self.false, self.true)
        kept: dict[int, Node] = {}
        words: dict[tuple[Selector, bool], Words] = {}
        for node in nodes:
            for part in node.parts if node.kind == kind else (node,):
                if part is absorbing:
                    return absorbing
                if part is neutral:
                    continue
                if isinstance(part.test, Words) and _merges(kind, part):
                    key = (part.place, part.positive)
                    words[key] = _merged(kind, words.get(key), part)
                else:
                    kept[part.number] = part
        for (place, positive), test in words.items():
            part = self.test(place, test, positive)
            if part is absorbing:
                return absorbing
            if part is not neutral:
                kept[part.number] = part
        for part in kept.values():
            if part.kind == "test" and self._opposite(part) in kept:
                return absorbing
        if not kept:
            return neutral
        if len(kept) == 1:
            return next(iter(kept.values()))
        # One order for one set of parts, so that equal formulas are one object.
        return self._make(kind, tuple(kept[number] for number in sorted(kept)))

    def _opposite(self, part: Node) -> int:
        assert part.test is not None
        key = ("test", (), part.place, part.test, not part.positive)
        node = self._nodes.get(key)
        return -1 if node is None else node.number

    def negate(self, node: Node) -> Node:
        """The denial."""
        if node.kind == "true":
            return self.false
        if node.kind == "false":
            return self.true
        if node.test is not None:
            return self.test(node.place, node.test, not node.positive)
        parts = [self.negate(part) for part in node.parts]
        return self.any_of(parts) if node.kind == "all" else self.all_of(parts)

    def assign(self, node: Node, places: frozenset[Selector], decide: Callable[[Node], bool | None]) -> Node:
        """The formula with the tests at ``places`` replaced by what ``decide`` says of the test (None: kept).

        ``decide`` is asked about the test itself; denials are taken care of here.
        """
        done: dict[int, Node] = {}

        def replaced(part: Node) -> Node:
            if part.places.isdisjoint(places):
                return part
            result = done.get(part.number)
            if result is None:
                self.budget.spend(2 + 2 * len(part.parts))
                if part.test is not None:
                    truth = decide(part)
                    result = part if truth is None else self.true if truth == part.positive else self.false
                elif part.kind == "all":
                    result = self.all_of(map(replaced, part.parts))
                else:
                    result = self.any_of(map(replaced, part.parts))
                done[part.number] = result
            return result

        return replaced(node)


def single(place: Selector) -> bool:
    """Whether the place has one node at most."""
    return not any(isinstance(step, AnyElement | AnyMember) for step in place)


def _merges(kind: Literal["all", "any"], part: Node) -> bool:
    """Unions of sets hold at every place, intersections only where one node is meant."""
    return part.positive == (kind == "any") or single(part.place)


def _merged(kind: Literal["all", "any"], sofar: Words | None, part: Node) -> Words:
    test = part.test
    assert isinstance(test, Words)
    if sofar is None:
        return test
    if part.positive == (kind == "any"):
        return Words(sofar.strings | test.strings, sofar.numbers | test.numbers)
    return Words(sofar.strings & test.strings, sofar.numbers & test.numbers)
