"""The search for a text that belongs to some languages and not to others, or the certainty that there is none.

Three walks through the automata take turns, each as far as its share of the budget goes, since each of them is short
where another one is endless: from the start of the text; from its end (the sixteenth character from the end is the
sixteenth one there); and from the start with one place of each language at a time, where a state that leaves the
languages outside fewer places than another one makes that one needless (the antichains of De Wulf, Doyen, Henzinger
and Raskin). Each prefers what has least left to read and drops what cannot be finished: the text needs certain letters,
and no more of them than the shortest language has room for.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations, count, islice, product
from math import inf

from auditor.patterns.engine.budget import Budget
from auditor.patterns.engine.languages import Language, legibility, legible
from auditor.patterns.engine.machines import Outlook, compiled
from auditor.patterns.syntax import Characters

_FIRST_SHARE = 4_000
"""Steps of the first walk before another one is begun."""

_LOOK = 400
"""Steps of a short look."""

_NOT_YET = "\0not yet"

_HASTE = 4
"""How much what is left to read counts where any text is good enough."""

_OVERHEAD, _OUTLOOK = 8, 3
"""Steps that a state costs beside those of its machines, and that looking ahead costs for each."""

_TESTS_OF_A_STEP = 16  # characters looked for in sets

Walk = Generator[int, None, str | None]
"""Gives what each of its steps cost; returns the text that it found, or None if there is none."""


def member(
    within: Sequence[Language],
    outside: Sequence[Language],
    excluded: frozenset[str],
    budget: Budget,
    shortest: bool = True,
) -> str | None:
    """A text in all of ``within``, in none of ``outside`` and not ``excluded``; None if there is none.

    It is a ``shortest`` one, unless any is good enough: that is found sooner.
    Raises UndecidableError when the budget is used up.
    """
    haste = _HASTE * (not shortest)
    if (text := _advanced(_forwards(within, outside, excluded, haste), _FIRST_SHARE, budget)) is not _NOT_YET:
        return text
    if _settled_by_pairs(within, outside, budget):
        return None
    if len(outside) > 1:  # those that have nothing in common with the languages within say nothing
        outside = [language for language in outside if not _surely_none([*within, language], [], budget)]
    share = _FIRST_SHARE
    running: list[Walk] = []
    beginning = _walks(within, outside, excluded, haste)
    while True:
        share *= 2
        running += islice(beginning, 1)
        for walk in running:
            if (text := _advanced(walk, share, budget)) is not _NOT_YET:
                return text


def _advanced(walk: Walk, share: int, budget: Budget) -> str | None:
    """What the walk returns within a share of steps, or _NOT_YET."""
    while share > 0:
        try:
            cost = next(walk)
        except StopIteration as end:
            text: str | None = end.value
            return text
        share -= cost
        budget.spend(cost)
    return _NOT_YET


def _settled_by_pairs(within: Sequence[Language], outside: Sequence[Language], budget: Budget) -> bool:
    """Whether two of the languages alone have no such text, or one of those outside holds all that are left."""
    for excluding in outside:
        for language in within:
            if _surely_none([language], [excluding], budget):
                return True
        if len(outside) > 1 and _surely_none(within, [excluding], budget):
            return True
    return len(within) + len(outside) > 2 and any(
        _surely_none(list(pair), [], budget) for pair in combinations(within, 2)
    )


def _surely_none(within: Sequence[Language], outside: Sequence[Language], budget: Budget) -> bool:
    """Whether a short look finds that there is no such text."""
    return _advanced(_forwards(within, outside, frozenset(), 0), _LOOK, budget) is None


def _walks(
    within: Sequence[Language], outside: Sequence[Language], excluded: frozenset[str], haste: int
) -> Iterator[Walk]:
    yield _forwards(within, outside, excluded, haste)
    backwards = [language.backwards() for language in (*within, *outside)]
    turned = [language for language in backwards if language is not None]
    if len(turned) == len(backwards):
        yield _backwards(turned[: len(within)], turned[len(within) :], excluded)
    if within:
        yield _Product(within, outside, excluded, haste).walk(one_place=True)


def _forwards(within: Sequence[Language], outside: Sequence[Language], excluded: frozenset[str], haste: int) -> Walk:
    return _Product(within, outside, excluded, haste).walk(one_place=False)


def _backwards(within: Sequence[Language], outside: Sequence[Language], excluded: frozenset[str]) -> Walk:
    turned = frozenset(text[::-1] for text in excluded)
    text = yield from _Product(within, outside, turned, 0).walk(one_place=False)
    return None if text is None else text[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A state of all machines that was reached, and how."""

    within: tuple[object, ...]
    outside: tuple[object, ...]
    prefix: str | None  # what was read, while an excluded text starts with it
    length: int
    before: _Step | None
    character: str

    def text(self) -> str:
        letters = []
        step: _Step | None = self
        while step is not None:
            letters.append(step.character)
            step = step.before
        return "".join(reversed(letters))


class _Product:
    """The automata of all languages side by side."""

    def __init__(
        self, within: Sequence[Language], outside: Sequence[Language], excluded: frozenset[str], haste: int
    ) -> None:
        """``haste``: how much more what is left to read counts than what was read."""
        self._haste = haste
        self._within = [compiled(language) for language in within]
        self._outside = [compiled(language) for language in outside]
        self._excluded = excluded
        self._prefixes = {text[:length] for text in excluded for length in range(len(text) + 1)}
        machines = [*self._within, *self._outside]
        sets = list(dict.fromkeys(characters for machine in machines for characters in machine.characters()))
        self._classes = list(_classes(sets, excluded))
        self._width = _OVERHEAD + _OUTLOOK * len(within) + len(outside)
        self._size = len(sets) * sum(map(len, self._classes))
        self._outlooks: list[dict[object, Outlook]] = [{} for _ in self._within]

    def walk(self, one_place: bool) -> Walk:
        """The states from the empty text on, those with least to read first."""
        order = count()
        start = _Step(
            tuple(machine.start for machine in self._within),
            tuple(machine.start for machine in self._outside),
            "" if self._excluded else None,
            0,
            None,
            "",
        )
        yield 1 + self._size // _TESTS_OF_A_STEP
        queue: list[tuple[float, int, int, _Step]] = []  # by what is read and left, then by what is left
        visited: set[object] = set()
        kept: dict[object, list[tuple[object, ...]]] = {}
        for state in self._split(start, one_place):
            yield self._width
            heappush(queue, (0, 0, next(order), state))
        while queue:
            state = heappop(queue)[-1]
            if one_place and state.outside not in kept.get((state.within, state.prefix), [state.outside]):
                continue  # another one came to leave less outside
            if self._accepts(state):
                return state.text()
            cost = self._cost(state)
            for character in self._characters(state.prefix):
                yield cost
                after = self._after(state, character)
                if after is None:
                    continue
                for place in self._split(after, one_place):
                    if one_place:
                        others = kept.setdefault((place.within, place.prefix), [])
                        yield self._width + len(others)
                        if not self._keeps(others, place.outside):
                            continue
                    else:
                        key = (place.within, place.outside, place.prefix)
                        if key in visited:
                            continue
                        visited.add(key)
                    left = self._left(place)
                    if left < inf:
                        depth = 0 if one_place else -place.length  # antichains need the near states first
                        heappush(queue, (place.length + left, depth, next(order), place))
        return None

    def _cost(self, state: _Step) -> int:
        return (
            _OVERHEAD
            + sum([_OUTLOOK + machine.cost(place) for machine, place in zip(self._within, state.within, strict=True)])
            + sum([machine.cost(place) for machine, place in zip(self._outside, state.outside, strict=True)])
        )

    def _accepts(self, state: _Step) -> bool:
        return (
            all(machine.accepts(place) for machine, place in zip(self._within, state.within, strict=True))
            and not any(machine.accepts(place) for machine, place in zip(self._outside, state.outside, strict=True))
            and (state.prefix is None or state.prefix not in self._excluded)
        )

    def _after(self, state: _Step, character: str) -> _Step | None:
        within = []
        for machine, place in zip(self._within, state.within, strict=True):
            after = machine.step(place, character)
            if machine.dead(after):
                return None
            within.append(after)
        outside = []
        for machine, place in zip(self._outside, state.outside, strict=True):
            after = machine.step(place, character)
            if machine.full(after):
                return None
            outside.append(after)
        prefix = None
        if state.prefix is not None and state.prefix + character in self._prefixes:
            prefix = state.prefix + character
        return _Step(tuple(within), tuple(outside), prefix, state.length + 1, state, character)

    def _split(self, state: _Step, one_place: bool) -> Iterator[_Step]:
        if not one_place:
            yield state
            return
        places = [machine.places(place) for machine, place in zip(self._within, state.within, strict=True)]
        for within in product(*places):
            yield _Step(within, state.outside, state.prefix, state.length, state.before, state.character)

    def _keeps(self, others: list[tuple[object, ...]], outside: tuple[object, ...]) -> bool:
        """Whether none of ``others`` leaves the languages outside fewer places; those that leave more are dropped."""
        if any(self._fewer(other, outside) for other in others):
            return False
        others[:] = [other for other in others if not self._fewer(outside, other)]
        others.append(outside)
        return True

    def _fewer(self, small: tuple[object, ...], large: tuple[object, ...]) -> bool:
        return all(
            machine.within(smaller, larger)
            for machine, smaller, larger in zip(self._outside, small, large, strict=True)
        )

    def _left(self, state: _Step) -> float:
        """How many characters are left to read at least; infinitely many where they have no room."""
        least, most, total = 0, inf, 0
        letters: dict[str, int] = {}
        for machine, outlooks, place in zip(self._within, self._outlooks, state.within, strict=True):
            outlook = outlooks.get(place)
            if outlook is None:
                outlook = outlooks[place] = machine.outlook(place)
            least, most, total = max(least, outlook.least), min(most, outlook.most), total + outlook.least
            if len(self._within) > 1:
                for letter, times in outlook.letters.items():
                    if times > letters.get(letter, 0):
                        letters[letter] = times
        least = max(least, sum(letters.values()))
        if least > most:
            return inf
        return self._haste * total if self._haste else least

    def _characters(self, prefix: str | None) -> Iterator[str]:
        """One character of each class; one that leads away from the excluded texts where there is one."""
        for members in self._classes:
            if prefix is None:
                yield members[0]
                continue
            away = next((character for character in members if prefix + character not in self._prefixes), None)
            if away is not None:
                yield away
            else:
                yield from members


def _classes(sets: Sequence[Characters], excluded: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The characters that no set tells apart, legible ones first; of those that nothing names, enough."""
    named = frozenset().union(*(characters.members for characters in sets))
    lettered = frozenset().union(*excluded) if excluded else frozenset()
    unnamed = (character for character in legible() if character not in named)
    others = [character for character, _ in zip(unnamed, range(len(lettered) + 1), strict=False)]
    classes: dict[tuple[bool, ...], list[str]] = {}
    for character in sorted(named, key=legibility):
        classes.setdefault(tuple([character in characters for characters in sets]), []).append(character)
    if others:
        classes = {(): others, **classes}
    for members in classes.values():
        yield tuple(members)
