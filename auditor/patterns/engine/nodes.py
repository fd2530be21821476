"""Whether one node of an event can have a value that passes and fails given tests, here and below.

A *demand* is (rest of the selector, test, wanted): some node found passes the test, or none does. Demands
that want something need a node of their own; those that want nothing bind every node that they reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.patterns.engine.atoms import Differs, Exists, Fits, Ordered, Scalar, Shape, Test, Words, Written, cost
from auditor.patterns.engine.budget import Budget, UndecidableError
from auditor.patterns.engine.decimals import DECIMALS, PLAIN_NUMBERS, POWERS, WRITTEN_NUMBERS, equal_to, ordered
from auditor.patterns.engine.languages import EVERY_TEXT, FILLER, SAMPLE_LIMIT, Language, samples
from auditor.patterns.engine.members import member
from auditor.patterns.numbers import Number, between
from auditor.patterns.syntax import AnyElement, AnyMember, Index, Name, Selector

ARRAY_LIMIT = 10_000
"""Elements of an array that a witness is built with at most."""

Tree = Scalar | dict[str, "Tree"] | list["Tree"]
Demand = tuple[Selector, Test, bool]
Direct = tuple[Test, bool]

_FILLERS = (FILLER, "", "other", FILLER + "2")
_SMALL = tuple(Number.parse(text) for text in ("1", "0", "2", "10", "100", "-1", "0.5", "404"))


class Nodes:
    """Finds values within one budget."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._known: dict[tuple[frozenset[Demand], bool], Tree | None] = {}

    def find(self, demands: Sequence[Demand], present: bool = False) -> Tree | None:
        """A value for the node (``Shape.ABSENT`` for none, unless ``present``), or None if there is no such."""
        wanting = any(wanted for _, _, wanted in demands)
        if not wanting and not present:
            return Shape.ABSENT
        self.budget.spend(1 + len(demands))
        key = (frozenset(demands), present)
        if key not in self._known:
            self._known[key] = self._tree(demands, wanting)
        return self._known[key]

    def _tree(self, demands: Sequence[Demand], wanting: bool) -> Tree | None:
        direct = [(test, wanted) for rest, test, wanted in demands if not rest]
        deep = [demand for demand in demands if demand[0]]
        if not any(wanted for _, _, wanted in deep):
            value = self._scalar(direct, wanting)
            if value is not None:
                return value
        if any(test.accepts(Shape.CONTAINER) != wanted for test, wanted in direct):
            return None
        members = self.members(deep)
        return members if members is not None else self._elements(deep)

    # ---- null, booleans, strings and numbers

    def _scalar(self, direct: Sequence[Direct], wanting: bool) -> Scalar | None:
        shapes = [shape for shape in (Shape.NULL, Shape.TRUE, Shape.FALSE) if self._passes(shape, direct)]
        if shapes and not wanting:
            return shapes[0]
        text = self.text(direct)
        if text is not None:
            return text
        number = self.number(direct)
        return number if number is not None else next(iter(shapes), None)

    def text(self, direct: Sequence[Direct]) -> str | None:
        """A string that passes the tests as wanted, legible where one is at hand."""
        within: list[Language] = []
        outside: list[Language] = []
        allowed: frozenset[str] | None = None
        excluded: set[str] = set()
        for test, wanted in map(core, direct):
            match test:
                case Words(strings) if wanted:
                    allowed = strings if allowed is None else allowed & strings
                case Words(strings):
                    excluded |= strings
                case Fits(language, True):
                    (within if wanted else outside).append(language)
                case _:
                    if isinstance(test, Exists) != wanted:
                        return None
        if allowed is not None:
            return next((text for text in sorted(allowed) if self._passes(text, direct)), None)
        for text in [*_joined(within), *_FILLERS]:
            if len(text) <= SAMPLE_LIMIT and self._passes(text, direct):
                return text
        return member(within, outside, frozenset(excluded), self.budget)

    def number(self, direct: Sequence[Direct]) -> Number | Written | None:
        """A number that passes the tests as wanted, None if there is none.

        Raises:
            UndecidableError: past the budget, or a number is too long to be compared.
        """
        within: list[Language] = []
        outside: list[Language] = []
        allowed: frozenset[Number] | None = None
        points: set[Number] = set()
        bounds: list[tuple[Ordered, bool]] = []
        written = False
        for test, wanted in map(core, direct):
            match test:
                case Words(_, numbers) if wanted:
                    allowed = numbers if allowed is None else allowed & numbers
                case Words(_, numbers):
                    points |= numbers
                case Ordered(_, bound):
                    points.add(bound)
                    bounds.append((test, wanted))
                case Fits(language, _, True):
                    written = written or test.written
                    if language is not EVERY_TEXT:
                        (within if wanted else outside).append(language)
                    elif not wanted:
                        return None
                case _:
                    if isinstance(test, Exists) != wanted:
                        return None
        if written:
            return self._written(direct, allowed, points, bounds, within, outside)
        if allowed is not None:
            return next((number for number in sorted(allowed) if self._passes(number, direct)), None)
        for number in [*_SMALL, *_one_of_each_gap(points)]:
            if self._passes(number, direct):
                return number
        if not within and not outside:
            return None  # between two neighbouring points all tests stay as they are
        for test, wanted in bounds:
            (within if wanted else outside).append(ordered(test.operator, test.bound))
        texts = [number.plain() for number in points]
        if None in texts:
            raise UndecidableError("a number is too long to be compared as text")
        text = member(
            [PLAIN_NUMBERS, *within], outside, frozenset(text for text in texts if text is not None), self.budget
        )
        return None if text is None else Number.parse(text)

    def _written(
        self,
        direct: Sequence[Direct],
        allowed: frozenset[Number] | None,
        points: set[Number],
        bounds: Sequence[tuple[Ordered, bool]],
        within: Sequence[Language],
        outside: Sequence[Language],
    ) -> Number | Written | None:
        """A number whose text as it is written passes, and whose value is one of ``allowed``."""
        numbers: list[Number] = [*(_SMALL if allowed is None else sorted(allowed)), *_one_of_each_gap(points)]
        for number in numbers:
            if self._passes(number, direct):
                return number
        if allowed is None and not points:
            text = member([WRITTEN_NUMBERS, *within], outside, frozenset(), self.budget)
            return None if text is None else Written(text)
        sides = [(ordered(test.operator, test.bound), wanted) for test, wanted in bounds]
        holding = [*within, *(language for language, wanted in sides if wanted)]
        failing = [*outside, *(language for language, wanted in sides if not wanted)]
        unequal = frozenset().union(
            *(t.numbers for t, wanted in map(core, direct) if isinstance(t, Words) and not wanted)
        )
        failing += [equal_to(number) for number in sorted(unequal)]
        for exact in [[]] if allowed is None else [[equal_to(number)] for number in sorted(allowed)]:
            text = member([DECIMALS, *holding, *exact], failing, frozenset(), self.budget)
            if text is not None:
                return Written(text)
        if member([POWERS, *within], outside, frozenset(), self.budget) is not None:
            raise UndecidableError("a number written with an exponent is compared both by value and as text")
        return None

    def _passes(self, value: Scalar, direct: Iterable[Direct]) -> bool:
        for test, wanted in direct:
            self.budget.spend(cost(test, value))
            if test.accepts(value) != wanted:
                return False
        return True

    # ---- objects and arrays

    def members(self, deep: Sequence[Demand]) -> dict[str, Tree] | None:
        """An object that meets the demands below it.

        A demand with ``.*`` that wants something gets a fresh member: if a named one could serve, a copy of
        that member under another name serves as well.
        """
        named: dict[str, list[Demand]] = {}
        every: list[Demand] = []
        some: list[Demand] = []
        for (step, *rest), test, wanted in deep:
            demand = (tuple(rest), test, wanted)
            match step:
                case Name(key):
                    named.setdefault(key, []).append(demand)
                case AnyMember():
                    (some if wanted else every).append(demand)
                case _ if wanted:
                    return None
        members: dict[str, Tree] = {}
        for key, demands in named.items():
            value = self.find([*demands, *every])
            if value is None:
                return None
            if value is not Shape.ABSENT:
                members[key] = value
        names = (name for name in _fresh_names() if name not in named)
        for demand in some:
            value = self.find([demand, *every])
            if value is None:
                return None
            members[next(names)] = value
        return members

    def _elements(self, deep: Sequence[Demand]) -> list[Tree] | None:
        """An array that meets the demands below it; its elements have no gaps."""
        indexed: dict[int, list[Demand]] = {}
        every: list[Demand] = []
        some: list[Demand] = []
        for (step, *rest), test, wanted in deep:
            demand = (tuple(rest), test, wanted)
            match step:
                case Index(position):
                    indexed.setdefault(position, []).append(demand)
                case AnyElement():
                    (some if wanted else every).append(demand)
                case _ if wanted:
                    return None
        least = max((position + 1 for position, demands in indexed.items() if _wanting(demands)), default=0)
        # Past the last index all elements are alike, and each demand needs one of them at most.
        most = max(indexed, default=-1) + 1 + len(some)
        for length in range(least, most + 1):
            if length > ARRAY_LIMIT:
                raise UndecidableError("an array of that many elements is not built")
            self.budget.spend(1 + length)
            elements = [[*indexed.get(position, []), *every] for position in range(length)]
            trees = self._placed(elements, some)
            if trees is not None:
                return trees
        return None

    def _placed(self, elements: list[list[Demand]], some: Sequence[Demand]) -> list[Tree] | None:
        """The elements with each demand of ``some`` given to one of them."""
        if not some:
            trees = []
            for demands in elements:
                value = self.find(demands, present=True)
                if value is None:
                    return None
                trees.append(value)
            return trees
        tried: set[frozenset[Demand]] = set()
        for position, demands in enumerate(elements):
            if frozenset(demands) in tried:
                continue  # what an element must be is all that tells it from another
            tried.add(frozenset(demands))
            together = [*demands, some[0]]
            if self.find(together, present=True) is not None:
                placed = self._placed([*elements[:position], together, *elements[position + 1 :]], some[1:])
                if placed is not None:
                    return placed
        return None


def _joined(within: Sequence[Language]) -> Iterable[str]:
    """Texts that may well belong to all languages: a sample of one, and the samples of all in a row.

    Languages that fix the start of a text come first there, those that fix its end last.
    """
    if len(within) > 1:
        ends = [(language.ends, samples(language)) for language in within]
        ends.sort(key=lambda item: (not item[0][0], item[0][1]))
        yield "".join(texts[0] for _, texts in ends if texts)
    for language in within:
        yield from samples(language)


def core(item: Direct) -> Direct:
    """Of a string or number ``Differs`` is the denial of its test."""
    test, wanted = item
    return (test.test, not wanted) if isinstance(test, Differs) else item


def _wanting(demands: Iterable[Demand]) -> bool:
    return any(wanted for _, _, wanted in demands)


def _one_of_each_gap(points: set[Number]) -> list[Number]:
    """The points and one number of each open gap that they leave on the line."""
    line = sorted(points)
    gaps = [between(low, high) for low, high in zip([None, *line], [*line, None], strict=True)]
    return [*line, *gaps]


def _fresh_names() -> Iterable[str]:
    yield "any"
    number = 2
    while True:
        yield f"any{number}"
        number += 1
