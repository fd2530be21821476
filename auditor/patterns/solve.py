"""The search for an event that makes a formula true, or the certainty that there is none.

The formula is decided place by place. What one place can be falls into few cases: absent, null, a boolean,
a container, one of the constants named there, or another string or number, for which the language tests are
assigned one by one and the automata asked only for assignments under which the formula can still hold.
Places that depend on one another (a field and what lies below it, elements of one array, wildcard
selectors) form a group and are settled together. A formula that was searched in vain is never searched
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from auditor.patterns.atoms import Fits, Ordered, Scalar, Shape, Words
from auditor.patterns.budget import Budget
from auditor.patterns.formula import MESSAGE, Formulas, Node
from auditor.patterns.languages import EVERY_TEXT, FILLER, samples
from auditor.patterns.nodes import Demand, Direct, Nodes, Tree
from auditor.patterns.numbers import Number
from auditor.patterns.syntax import Name, Selector

Model = Mapping[Selector, Tree]
"""What stands at the root of each group that matters; all else is absent."""

_SHAPES = (Shape.NULL, Shape.TRUE, Shape.FALSE, Shape.CONTAINER)


class Search:
    """Searches for events within one budget. Raises UndecidableError where it is used up."""

    def __init__(self, formulas: Formulas, budget: Budget, message_is_object: bool = False) -> None:
        """``message_is_object``: the message is the text of the event, so tests of it are left open.

        Each truth of them is then taken as possible, and the model has under ``MESSAGE`` texts to contain.
        """
        self._message_is_object = message_is_object
        self._formulas = formulas
        self._budget = budget
        self._nodes = Nodes(budget)
        self._root_of: dict[Selector, Selector] = {}
        self._vain: set[int] = set()

    def model(self, formula: Node) -> Model | None:
        """An event that makes the formula true, or None if no event does."""
        self._root_of = groups(formula.places)
        return self._search(formula)

    def _search(self, node: Node) -> dict[Selector, Tree] | None:
        if node is self._formulas.true:
            return {}
        if node is self._formulas.false or node.number in self._vain:
            return None
        self._budget.spend(1 + len(node.parts))
        root = self._root_of[_next_place(node)]
        members = frozenset(place for place in node.places if self._root_of[place] == root)
        if root == MESSAGE and self._message_is_object:
            cases = self._cases_of_text(node)
        elif members == {root}:
            cases = self._cases_of_one(root, node)
        else:
            cases = self._cases_of_group(root, members, node)
        for value, rest in cases:
            model = self._search(rest)
            if model is not None:
                return {root: value, **model}
        self._vain.add(node.number)
        return None

    # ---- a place that depends on no other

    def _cases_of_one(self, place: Selector, node: Node) -> Iterator[tuple[Tree, Node]]:
        """Each value of the place that makes a difference, with the formula that it leaves."""
        tests = [part for part in node.tests() if part.place == place]
        constants = Words(
            frozenset().union(*(part.test.strings for part in tests if isinstance(part.test, Words))),
            frozenset().union(*(part.test.numbers for part in tests if isinstance(part.test, Words))),
        )
        left: set[int] = set()
        results: set[tuple[bool, ...]] = set()
        for value in _values(place, tests, constants):
            result = tuple([part.test.accepts(value) for part in tests if part.test is not None])
            if result in results:
                continue
            results.add(result)
            rest = self._assign(node, place, lambda part, value=value: part.test.accepts(value))  # type: ignore[misc]
            if rest.number not in left:
                left.add(rest.number)
                yield value, rest
        for find, sort in ((self._nodes.text, _string_test), (self._nodes.number, _number_test)):
            if place == MESSAGE and find != self._nodes.text:
                return
            for rest, direct in self._languages(self._assign(node, place, sort), place, ()):
                if rest is self._formulas.false or rest.number in left or rest.number in self._vain:
                    continue
                found = find([*direct, (constants, False)])
                if found is not None:
                    left.add(rest.number)
                    yield found, rest

    def _languages(
        self, node: Node, place: Selector, direct: tuple[Direct, ...]
    ) -> Iterator[tuple[Node, tuple[Direct, ...]]]:
        """The assignments of the tests left at ``place``, as far as the formula can still hold."""
        self._budget.spend()
        if node is self._formulas.false:
            return
        part = next((part for part in node.tests() if part.place == place), None)
        if part is None or part.test is None:
            yield node, direct
            return
        for wanted in (False, True):
            rest = self._assign(node, place, lambda other, wanted=wanted: wanted if other.test == part.test else None)  # type: ignore[misc]
            yield from self._languages(rest, place, (*direct, (part.test, wanted)))

    def _cases_of_text(self, node: Node) -> Iterator[tuple[Tree, Node]]:
        """Each truth of the tests of the message's text, with texts that it should contain."""
        for rest, direct in self._languages(node, MESSAGE, ()):
            languages = [test.language for test, wanted in direct if wanted and isinstance(test, Fits)]
            yield [text for language in languages for text in samples(language)[:1]], rest

    def _assign(self, node: Node, place: Selector, decide: Callable[[Node], bool | None]) -> Node:
        return self._formulas.assign(node, frozenset([place]), decide)

    # ---- places that depend on one another

    def _cases_of_group(
        self, root: Selector, members: frozenset[Selector], node: Node, demands: tuple[Demand, ...] = ()
    ) -> Iterator[tuple[Tree, Node]]:
        """Each assignment of the group's tests that some value of its root has, with the formula left."""
        self._budget.spend()
        if node is self._formulas.false:
            return
        value = self._nodes.find(demands) if root else self._nodes.members(demands)
        if value is None:
            return
        part = next((part for part in node.tests() if part.place in members), None)
        if part is None or part.test is None:
            yield value, node
            return
        for wanted in (False, True):
            rest = self._formulas.assign(
                node,
                frozenset([part.place]),
                lambda other, wanted=wanted: wanted if other.test == part.test else None,  # type: ignore[misc]
            )
            demand = (part.place[len(root) :], part.test, wanted)
            yield from self._cases_of_group(root, members, rest, (*demands, demand))


def groups(places: Iterable[Selector]) -> dict[Selector, Selector]:
    """The root of each place's group: the shortest prefix below which places depend on one another."""
    found: dict[Selector, Selector] = {}

    def walk(prefix: Selector, members: list[Selector]) -> None:
        branches: dict[Name, list[Selector]] = {}
        for place in members:
            step = place[len(prefix)] if len(place) > len(prefix) else None
            if not isinstance(step, Name):
                found.update(dict.fromkeys(members, prefix))
                return
            branches.setdefault(step, []).append(place)
        for step, below in branches.items():
            walk((*prefix, step), below)

    found[MESSAGE] = MESSAGE
    walk((), [place for place in places if place != MESSAGE])
    return found


def _next_place(node: Node) -> Selector:
    """A place of the narrowest part: what is nearly settled is settled first, and then searched only once."""
    while node.parts:
        node = min(node.parts, key=lambda part: len(part.places))
    return node.place


def _values(place: Selector, tests: list[Node], constants: Words) -> Iterator[Scalar]:
    """Values worth trying: all constants and shapes, and texts and numbers that need no search."""
    if place != MESSAGE:
        yield Shape.ABSENT
    languages = [part.test.language for part in tests if isinstance(part.test, Fits)]
    yield from sorted(constants.strings)
    yield FILLER
    for language in languages:
        if language is not EVERY_TEXT:
            yield from samples(language)
    if place == MESSAGE:
        return
    yield from sorted(constants.numbers)
    yield from _SHAPES


def _string_test(part: Node) -> bool | None:
    """What a test says of a string that is none of the constants; None: that depends on the string."""
    test = part.test
    if isinstance(test, Fits) and test.strings:
        return True if test.language is EVERY_TEXT else None
    return bool(test and not isinstance(test, Words) and test.accepts(FILLER))


def _number_test(part: Node) -> bool | None:
    """The same of a number."""
    test = part.test
    if isinstance(test, Ordered) or (isinstance(test, Fits) and test.numbers and test.language is not EVERY_TEXT):
        return None
    return bool(test and not isinstance(test, Words) and test.accepts(Number.parse("1")))
