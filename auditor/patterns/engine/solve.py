"""The search for an event that makes a formula true, or the certainty that there is none.

The formula is decided place by place. What one place can be falls into few cases: absent, null, a boolean,
a container, one of the constants named there, or another string or number, for which the language tests are
assigned one by one and the automata asked only for assignments under which the formula can still hold.
Places that depend on one another (a field and what lies below it, elements of one array, wildcard
selectors) form a group and are settled together. A formula that was searched in vain is never searched
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from auditor.patterns.engine.atoms import Fits, Ordered, Scalar, Shape, Test, Words, cost
from auditor.patterns.engine.budget import ExhaustedError, UndecidableError
from auditor.patterns.engine.formula import MESSAGE, Formulas, Node
from auditor.patterns.engine.languages import EVERY_TEXT, FILLER, samples
from auditor.patterns.engine.nodes import Demand, Direct, Nodes, Tree
from auditor.patterns.numbers import Number
from auditor.patterns.syntax import Name, Selector

Model = Mapping[Selector, Tree]
"""What stands at the root of each group that matters; all else is absent."""

Case = tuple[Tree, Node, tuple[Demand, ...]]
"""A value of a place, the formula that it leaves, and what was asked of the place."""


class Judge(Protocol):
    """Knows which demands on the fields of an event and on its text go together."""

    def possible(self, example: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Whether they may; False only if that is sure. ``example``: values that meet the demands."""

    def shows(self, model: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Whether an event of the model's form meets them."""


_STRING, _NUMBER = Fits(EVERY_TEXT, numbers=False), Fits(EVERY_TEXT, strings=False)
_SHAPES = (Shape.NULL, Shape.TRUE, Shape.FALSE, Shape.CONTAINER)


class Search:
    """Searches for events within one budget. Raises UndecidableError where it is used up."""

    def __init__(self, formulas: Formulas, nodes: Nodes, judge: Judge | None = None) -> None:
        """``judge``: the message is the text of the event, and this says which demands on both go together."""
        self._formulas = formulas
        self._budget = nodes.budget
        self._nodes = nodes
        self._judge = judge
        self._root_of: dict[Selector, Selector] = {}
        self._vain: set[int] = set()
        self._refused = 0  # cases left out by the judge or undecided: a vain search says nothing of the formula alone
        self._undecided: UndecidableError | None = None

    def model(self, formula: Node) -> Model | None:
        """An event that makes the formula true, or None if no event does.

        Raises UndecidableError where some case was not decided and no other one shows an event.
        """
        self._root_of = groups(formula.places)
        model = self._search(formula, {}, (), ())
        if model is None and self._undecided is not None:
            raise self._undecided
        return model

    def _search(
        self, node: Node, model: Model, demands: tuple[Demand, ...], about_text: tuple[Direct, ...]
    ) -> Model | None:
        if node is self._formulas.true:
            if self._judge is None or self._judge.shows(model, demands, about_text):
                return model
            self._refused += 1
            return None
        if node is self._formulas.false or node.number in self._vain:
            return None
        self._budget.spend(1 + node.size)
        refused = self._refused
        if self._judge is not None and MESSAGE in node.places:
            for rest, direct in self._languages(node, MESSAGE, ()):
                if self._allowed({}, (), direct):
                    solution = self._search(rest, model, demands, direct)
                    if solution is not None:
                        return solution
            return None
        root = self._root_of[_next_place(node)]
        members = frozenset(place for place in node.places if self._root_of[place] == root)
        cases = self._cases_of_one(root, node) if members == {root} else self._cases_of_group(root, members, node)
        for value, rest, new_demands in cases:
            example = {root: value}
            if (
                self._judge is not None
                and rest is not self._formulas.false
                and not self._allowed(example, new_demands, about_text)
            ):
                continue
            solution = self._search(rest, {**model, **example}, (*demands, *new_demands), about_text)
            if solution is not None:
                return solution
        if refused == self._refused:
            self._vain.add(node.number)
        return None

    def _allowed(self, example: Model, demands: tuple[Demand, ...], about_text: tuple[Direct, ...]) -> bool:
        assert self._judge is not None
        if self._judge.possible(example, demands, about_text):
            return True
        self._refused += 1
        return False

    # ---- a place that depends on no other

    def _cases_of_one(self, place: Selector, node: Node) -> Iterator[Case]:
        """Each value of the place that makes a difference, with the formula that it leaves."""
        tests = [part for part in node.tests() if part.place == place]
        constants = Words(
            frozenset().union(*(part.test.strings for part in tests if isinstance(part.test, Words))),
            frozenset().union(*(part.test.numbers for part in tests if isinstance(part.test, Words))),
        )
        left: set[tuple[int, tuple[Demand, ...]]] = set()
        results: set[tuple[bool, ...]] = set()
        for value in _values(place, tests, constants):
            result = self._result(tests, value)
            if result is None or result in results:
                continue
            results.add(result)
            truths = {part.number: truth for part, truth in zip(tests, result, strict=True)}
            rest = self._assign(node, place, lambda part, truths=truths: truths[part.number])  # type: ignore[misc]
            new_demands = self._demands(place, [(part.test, truth) for part, truth in zip(tests, result, strict=True)])
            if (case := (rest.number, new_demands)) not in left:
                left.add(case)
                yield value, rest, new_demands
        # A number that is one of the constants can be written in other ways than its plain text.
        written = any(isinstance(part.test, Fits) and part.test.written for part in tests)
        for find, sort, kind in (
            (self._nodes.text, _string_test, _STRING),
            (self._nodes.number, _written_number_test if written else _number_test, _NUMBER),
        ):
            if place == MESSAGE and kind is _NUMBER:
                return
            not_constant = [] if sort is _written_number_test else [(constants, False)]
            for rest, direct in self._languages(self._assign(node, place, sort), place, ()):
                new_demands = self._demands(place, [(kind, True), *direct])
                case = rest.number, new_demands
                if rest is self._formulas.false or case in left or rest.number in self._vain:
                    continue
                try:
                    example = find([*direct, *not_constant])
                except UndecidableError as error:
                    self._left_open(error)
                    continue
                if example is not None:
                    left.add(case)
                    yield example, rest, new_demands

    def _result(self, tests: list[Node], value: Scalar) -> tuple[bool, ...] | None:
        """What the tests say of a value; None where that is not decided."""
        try:
            self._budget.spend(sum([cost(part.test, value) for part in tests if part.test is not None]))
            return tuple([part.test.accepts(value) for part in tests if part.test is not None])
        except UndecidableError as error:
            self._left_open(error)
            return None

    def _left_open(self, error: UndecidableError) -> None:
        """Goes on with other cases, unless the budget is used up."""
        if isinstance(error, ExhaustedError):
            raise error
        self._undecided = error
        self._refused += 1

    def _languages(
        self, node: Node, place: Selector, direct: tuple[Direct, ...]
    ) -> Iterator[tuple[Node, tuple[Direct, ...]]]:
        """The assignments of the tests left at ``place``, as far as the formula can still hold."""
        self._budget.spend(1 + node.size // 4)
        if node is self._formulas.false:
            return
        part = next((part for part in node.tests() if part.place == place), None)
        if part is None or part.test is None:
            yield node, direct
            return
        for wanted in (False, True):
            rest = self._assign(node, place, lambda other, wanted=wanted: wanted if other.test == part.test else None)  # type: ignore[misc]
            yield from self._languages(rest, place, (*direct, (part.test, wanted)))

    def _demands(self, place: Selector, direct: Sequence[tuple[Test | None, bool]]) -> tuple[Demand, ...]:
        """What a case asks of its place; only a judge wants to know."""
        if self._judge is None:
            return ()
        return tuple([(place, test, wanted) for test, wanted in direct if test is not None])

    def _assign(self, node: Node, place: Selector, decide: Callable[[Node], bool | None]) -> Node:
        return self._formulas.assign(node, frozenset([place]), decide)

    # ---- places that depend on one another

    def _cases_of_group(
        self, root: Selector, members: frozenset[Selector], node: Node, demands: tuple[Demand, ...] = ()
    ) -> Iterator[Case]:
        """Each assignment of the group's tests that some value of its root has, with the formula left."""
        self._budget.spend(1 + node.size // 4)
        if node is self._formulas.false:
            return
        try:
            value = self._nodes.find(demands) if root else self._nodes.members(demands)
        except UndecidableError as error:
            self._left_open(error)
            return
        if value is None:
            return
        part = next((part for part in node.tests() if part.place in members), None)
        if part is None or part.test is None:
            absolute = [((*root, *rest), test, wanted) for rest, test, wanted in demands] if self._judge else []
            yield value, node, tuple(absolute)
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
    root_of: dict[Selector, Selector] = {}

    def walk(prefix: Selector, members: list[Selector]) -> None:
        branches: dict[Name, list[Selector]] = {}
        for place in members:
            step = place[len(prefix)] if len(place) > len(prefix) else None
            if not isinstance(step, Name):
                root_of.update(dict.fromkeys(members, prefix))
                return
            branches.setdefault(step, []).append(place)
        for step, below in branches.items():
            walk((*prefix, step), below)

    root_of[MESSAGE] = MESSAGE
    walk((), [place for place in places if place != MESSAGE])
    return root_of


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


def _written_number_test(part: Node) -> bool | None:
    """The same where some test asks how the number is written: the constants are not set apart."""
    return None if isinstance(part.test, Words) and part.test.numbers else _number_test(part)
