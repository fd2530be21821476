"""Languages as automata that are made as they are walked; none is ever made deterministic as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from math import inf
from typing import Any, NamedTuple, Protocol

from auditor.patterns.engine.budget import UndecidableError
from auditor.patterns.engine.languages import ANYTHING, Language, Sequence_
from auditor.patterns.syntax import Characters

POSITION_LIMIT = 20_000
"""Positions of one machine; a pattern's 1,024 characters pass it only with huge counts of repetition."""

_BITS_OF_A_STEP = 1 << 10  # integers of up to so many bits cost much the same


class Outlook(NamedTuple):
    """What an accepted continuation must be: its least and its greatest length, and characters it surely holds."""

    least: int
    most: float
    letters: Mapping[str, int]


UNKNOWN = Outlook(0, inf, {})


class Automaton(Protocol):
    """An automaton that is made as it is walked; states are hashable, and are sets of places to stand at."""

    @property
    def start(self) -> object:
        """The state before the first character."""

    def step(self, state: Any, character: str) -> object:
        """The state after ``character``."""

    def accepts(self, state: Any) -> bool:
        """Whether a text that ends here belongs to the language."""

    def dead(self, state: Any) -> bool:
        """Whether no continuation belongs to it (True only if that is sure)."""

    def full(self, state: Any) -> bool:
        """Whether every continuation belongs to it (True only if that is sure)."""

    def characters(self) -> set[Characters]:
        """The character sets that the automaton tells apart."""

    def outlook(self, state: Any) -> Outlook:
        """What every accepted continuation has (``UNKNOWN`` where that is not found out)."""

    def places(self, state: Any) -> Iterator[object]:
        """The state as states of one place each: a text is accepted from it if from one of these."""

    def within(self, small: Any, large: Any) -> bool:
        """Whether the places of one state are all among those of the other."""

    def cost(self, state: Any) -> int:
        """What a step from the state costs, in steps of a small machine."""


class _Branch:
    """The positions of one branch, and what is left from each of them to its end."""

    def __init__(self, first: int, items: Sequence_) -> None:
        sizes = [(item.least if item.most is None else item.most) + (item.most is None) for item in items]
        self.items = items
        self.starts = [*accumulate(sizes, initial=first)]
        self.mask = (1 << (self.starts[-1] + 1)) - (1 << first)
        self.least = [*accumulate((item.least for item in reversed(items)), initial=0)][::-1]
        most = (inf if item.most is None else item.most for item in reversed(items))
        self.most: list[float] = [*accumulate(most, initial=0)][::-1]
        self.letters: list[dict[str, int]] = [{}]
        for item in reversed(items):
            letters = self.letters[-1]
            if item.least and (letter := single(item.characters)) is not None:
                letters = {**letters, letter: letters.get(letter, 0) + item.least}
            self.letters.append(letters)
        self.letters.reverse()

    def outlook(self, low: int, high: int) -> Outlook:
        """What is left from the furthest of some positions at least, and from the nearest at most."""
        place = bisect_right(self.starts, high) - 1
        least, letters = self.least[place], self.letters[place]
        if place < len(self.items) and (done := min(high - self.starts[place], self.items[place].least)):
            least -= done
            if (letter := single(self.items[place].characters)) is not None:
                letters = {**letters, letter: letters[letter] - done}
        place = bisect_right(self.starts, low) - 1
        most = self.most[place]
        if place < len(self.items) and self.items[place].most is not None:
            most -= low - self.starts[place]
        return Outlook(least, most, letters)


def single(characters: Characters) -> str | None:
    """The only character of a set; None if it has several."""
    if characters.negated or len(characters.members) != 1:
        return None
    return next(iter(characters.members))


@dataclass(frozen=True, slots=True)
class Machine:
    """The position automaton of a language; a state is a set of positions as the bits of an integer.

    A position may consume a character and advance, consume one and stay, or be skipped.
    """

    start: int
    final: int
    free: int  # positions from which every text is accepted
    skip: int
    advance: tuple[tuple[Characters, int], ...]
    stay: tuple[tuple[Characters, int], ...]
    branches: tuple[_Branch, ...] = field(compare=False)
    steps: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False)

    def step(self, state: int, character: str) -> int:
        """The state after ``character``; 0 accepts nothing any more."""
        masks = self.steps.get(character)
        if masks is None:
            masks = self.steps[character] = (_bits(self.advance, character), _bits(self.stay, character))
        return _closed(((state & masks[0]) << 1) | (state & masks[1]), self.skip)

    def accepts(self, state: int) -> bool:
        """Whether a last position is among them."""
        return bool(state & self.final)

    def dead(self, state: int) -> bool:
        """Whether no position is left."""
        return not state

    def full(self, state: int) -> bool:
        """Whether a position is among them from which every text is accepted."""
        return bool(state & self.free)

    def characters(self) -> set[Characters]:
        """The character sets that the machine tells apart."""
        return {characters for characters, _ in self.advance} | {characters for characters, _ in self.stay}

    def outlook(self, state: int) -> Outlook:
        """Of each branch the furthest position has least left to read, and the nearest most."""
        outlook: Outlook | None = None
        for branch in self.branches:
            positions = state & branch.mask
            if positions:
                of_branch = branch.outlook((positions & -positions).bit_length() - 1, positions.bit_length() - 1)
                outlook = of_branch if outlook is None else _either(outlook, of_branch)
        return outlook or UNKNOWN

    def places(self, state: int) -> Iterator[int]:
        """The positions one by one."""
        while state:
            lowest = state & -state
            yield lowest
            state ^= lowest

    def within(self, small: int, large: int) -> bool:
        """Whether the positions of one state are all among those of the other."""
        return not small & ~large

    def cost(self, state: int) -> int:
        """By the length of the integers."""
        return 1 + self.final.bit_length() // _BITS_OF_A_STEP


def _either(left: Outlook, right: Outlook) -> Outlook:
    letters = {letter: min(count, right.letters.get(letter, 0)) for letter, count in left.letters.items()}
    return Outlook(min(left.least, right.least), max(left.most, right.most), letters)


def _bits(edges: tuple[tuple[Characters, int], ...], character: str) -> int:
    positions_after = 0
    for characters, positions in edges:
        if character in characters:
            positions_after |= positions
    return positions_after


def _closed(state: int, skip: int) -> int:
    """The positions of ``state`` and those reached from them by skipping.

    In a run of ones of ``skip``, adding the lowest position of the run that is in ``state`` turns all ones from
    there on into zeros and the zero after the run into a one: the bits that change are those reached.
    """
    return state | (skip ^ (skip + (state & skip)))


class Leftmost:
    """The texts that fit a value if each piece after a wildcard is taken at its first place, without a second try.

    A state is the number of the piece that is looked for and how much of it stands here; None: no text fits any more.
    """

    def __init__(self, pieces: tuple[str, ...]) -> None:
        self._pieces = pieces
        self.start = self._done(0, 0)

    def _done(self, piece: int, length: int) -> tuple[int, int]:
        while piece < len(self._pieces) - 1 and length == len(self._pieces[piece]):
            piece, length = piece + 1, 0
        return piece, length

    def step(self, state: tuple[int, int] | None, character: str) -> tuple[int, int] | None:
        """The first piece starts the text; of a later one the longest start that stands here."""
        if state is None or self.full(state):
            return state
        number, length = state
        piece = self._pieces[number]
        if length == len(piece):
            return None  # the last piece stood here, and the text goes on
        if not number:
            return self._done(number, length + 1) if piece[length] == character else None
        start = piece[:length] + character
        while not piece.startswith(start):
            start = start[1:]
        return self._done(number, len(start))

    def accepts(self, state: tuple[int, int] | None) -> bool:
        """Whether all pieces were found, the last one at the end."""
        return state is not None and state[0] == len(self._pieces) - 1 and state[1] == len(self._pieces[-1])

    def dead(self, state: tuple[int, int] | None) -> bool:
        """Whether no text fits any more."""
        return state is None

    def full(self, state: tuple[int, int] | None) -> bool:
        """Whether only the last wildcard is left."""
        return state is not None and state[0] == len(self._pieces) - 1 > 0 and not self._pieces[-1]

    def characters(self) -> set[Characters]:
        """Those of the pieces."""
        return {Characters(frozenset(character)) for piece in self._pieces for character in piece}

    def outlook(self, state: tuple[int, int] | None) -> Outlook:
        """The rest of the piece at hand, and the pieces after it."""
        if state is None:
            return UNKNOWN
        return Outlook(sum(map(len, self._pieces[state[0] :])) - state[1], inf, {})

    def places(self, state: tuple[int, int] | None) -> Iterator[tuple[int, int] | None]:
        """The one place."""
        yield state

    def within(self, small: tuple[int, int] | None, large: tuple[int, int] | None) -> bool:
        """Whether they are one place, or no text fits from the first."""
        return small is None or small == large

    def cost(self, state: tuple[int, int] | None) -> int:
        """One step."""
        return 1


@lru_cache(maxsize=1024)
def compiled(language: Language) -> Automaton:
    """The machine of a language. Raises UndecidableError past POSITION_LIMIT."""
    if language.automaton is not None:
        automaton: Automaton = language.automaton
        return automaton
    start = final = free = skip = position = 0
    advance: dict[Characters, int] = {}
    stay: dict[Characters, int] = {}
    branches = []
    for items in language.branches:
        start |= 1 << position
        branches.append((position, items))
        for item in items:
            copies = item.least if item.most is None else item.most
            if position + copies > POSITION_LIMIT:
                raise UndecidableError("a regular expression has too many repetitions")
            advance[item.characters] = advance.get(item.characters, 0) | _run(position, copies)
            skip |= _run(position + item.least, copies - item.least)
            position += copies
            if item.most is None:
                stay[item.characters] = stay.get(item.characters, 0) | 1 << position
                skip |= 1 << position
                position += 1
        if items and items[-1] == ANYTHING:
            free |= 1 << (position - 1)
        final |= 1 << position
        position += 1
    return Machine(
        _closed(start, skip),
        final,
        free,
        skip,
        tuple(advance.items()),
        tuple(stay.items()),
        tuple(_Branch(first, items) for first, items in branches),
    )


def _run(first: int, length: int) -> int:
    """``length`` ones from the bit ``first`` on."""
    return ((1 << length) - 1) << first


def accepts(language: Language, text: str) -> bool:
    """Whether the whole text belongs to the language."""
    machine = compiled(language)
    state = machine.start
    for character in text:
        state = machine.step(state, character)
    return machine.accepts(state)
