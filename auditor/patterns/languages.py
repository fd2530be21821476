"""Sets of texts as lazy automata: wildcards, regular expressions, number texts, and a search for a member.

A language is a union of branches, each a plain sequence of repeated character sets that must fit the whole
text. Its machine is the usual position automaton with the set of positions as the bits of an integer; it is
never made deterministic as a whole: the search walks only the states that it meets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from auditor.patterns.budget import Budget, UndecidableError
from auditor.patterns.regex import ANY
from auditor.patterns.syntax import Characters, Glob, Regex, Repeat

POSITION_LIMIT = 20_000
"""Positions of one machine; a pattern's 1,024 characters pass it only with huge counts of repetition."""

FILLER = "Other"
"""What a witness text has where anything would do."""

Sequence_ = tuple[Repeat, ...]


class Automaton(Protocol):
    """A deterministic automaton that is made as it is walked; states are hashable."""

    @property
    def start(self) -> Any:
        """The state before the first character."""

    def step(self, state: Any, character: str) -> Any:
        """The state after ``character``."""

    def accepts(self, state: Any) -> bool:
        """Whether a text that ends here belongs to the language."""

    def dead(self, state: Any) -> bool:
        """Whether no continuation belongs to it (True only if that is sure)."""

    def full(self, state: Any) -> bool:
        """Whether every continuation belongs to it (True only if that is sure)."""

    def characters(self) -> set[Characters]:
        """The character sets that the automaton tells apart."""


_ANYTHING = Repeat(ANY, 0, None)


@dataclass(frozen=True, slots=True)
class Language:
    """A set of texts; two with the same ``name`` are the same set.

    ``needle``: the set is that of all texts that contain it. ``automaton``: recognises the set where it is
    not one of branches.
    """

    name: str
    branches: tuple[Sequence_, ...] = field(compare=False, repr=False)
    needle: str | None = field(default=None, compare=False)
    automaton: Automaton | None = field(default=None, compare=False, repr=False)

    def accepts(self, text: str) -> bool:
        """Whether the whole text belongs to the language."""
        machine = compiled(self)
        state = machine.start
        for character in text:
            state = machine.step(state, character)
        return machine.accepts(state)

    @property
    def ends(self) -> tuple[bool, bool]:
        """Whether the texts have a fixed start, and a fixed end."""
        return (
            any(not branch or branch[0] != _ANYTHING for branch in self.branches),
            any(not branch or branch[-1] != _ANYTHING for branch in self.branches),
        )

    def pieces(self) -> list[str]:
        """For each branch the literal runs that every text of it has in this order, joined by line feeds."""
        return ["".join(map(_only, branch)) for branch in self.branches]


def _only(item: Repeat) -> str:
    characters = item.characters
    if item.least == item.most == 1 and not characters.negated and len(characters.members) == 1:
        return next(iter(characters.members))
    return "\n"


EVERY_TEXT = Language("*", ((_ANYTHING,),))


def literal(text: str) -> Sequence_:
    """The sequence that is exactly ``text``."""
    return tuple(Repeat(Characters(frozenset(character)), 1, 1) for character in text)


@lru_cache(maxsize=4096)
def of_glob(glob: Glob) -> Language:
    """The texts that fit a value with wildcards."""
    items: list[Repeat] = list(literal(glob.pieces[0]))
    for piece in glob.pieces[1:]:
        items += [_ANYTHING, *literal(piece)]
    language = Language("glob " + "*".join(glob.pieces) + f" {len(glob.pieces)}", (tuple(items),))
    return EVERY_TEXT if glob.pieces == ("", "") else language


@lru_cache(maxsize=4096)
def of_regex(regex: Regex) -> Language:
    """The texts in which a regular expression is found."""
    return Language(
        "regex " + regex.source,
        tuple(
            (*([] if branch.at_start else [_ANYTHING]), *branch.items, *([] if branch.at_end else [_ANYTHING]))
            for branch in regex.branches
        ),
    )


@lru_cache(maxsize=4096)
def containing(text: str) -> Language:
    """The texts that contain ``text``."""
    return Language("containing " + text, ((_ANYTHING, *literal(text), _ANYTHING),), text)


def samples(language: Language) -> list[str]:
    """A few short, legible texts of the language (none is promised)."""
    found = []
    for filler in ("", FILLER):
        for branch in language.branches:
            parts = []
            for item in branch:
                if item == _ANYTHING:
                    parts.append(filler)
                else:
                    parts.append(_readable(item.characters) * min(item.least, POSITION_LIMIT))
            found.append("".join(parts))
    return found


_LEGIBLE = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz0123456789-_./:= "


def _readable(characters: Characters) -> str:
    if not characters.negated:
        return min(characters.members, key=lambda c: (c not in _LEGIBLE, c), default="")
    return next(character for character in _candidates() if character not in characters.members)


def _candidates() -> Iterable[str]:
    yield from _LEGIBLE
    yield from (chr(code) for code in range(0xA1, 0xD800))


@dataclass(frozen=True, slots=True)
class Machine:
    """The position automaton of a language; a state is a set of positions as bits.

    A position may consume a character and advance, consume one and stay, or be skipped.
    """

    start: int
    final: int
    free: int  # positions from which every text is accepted
    skip: int
    advance: tuple[tuple[Characters, int], ...]
    stay: tuple[tuple[Characters, int], ...]
    steps: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False)

    def step(self, state: int, character: str) -> int:
        """The state after ``character``; 0 accepts nothing any more."""
        masks = self.steps.get(character)
        if masks is None:
            masks = self.steps[character] = (
                _bits(self.advance, character),
                _bits(self.stay, character),
            )
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


def _bits(edges: tuple[tuple[Characters, int], ...], character: str) -> int:
    found = 0
    for characters, positions in edges:
        if character in characters:
            found |= positions
    return found


def _closed(state: int, skip: int) -> int:
    """The positions of ``state`` and those reached from them by skipping.

    In a run of ones of ``skip``, adding the lowest position of the run that is in ``state`` turns all ones from
    there on into zeros and the zero after the run into a one: the bits that change are those reached.
    """
    return state | (skip ^ (skip + (state & skip)))


@lru_cache(maxsize=1024)
def compiled(language: Language) -> Automaton:
    """The machine of a language. Raises UndecidableError past POSITION_LIMIT."""
    if language.automaton is not None:
        return language.automaton
    start = final = free = skip = position = 0
    advance: dict[Characters, int] = {}
    stay: dict[Characters, int] = {}
    for branch in language.branches:
        start |= 1 << position
        for item in branch:
            copies = item.least if item.most is None else item.most
            if position + copies > POSITION_LIMIT:
                raise UndecidableError(f"{language.name}: too many repetitions")
            for copy in range(copies):
                advance[item.characters] = advance.get(item.characters, 0) | 1 << position
                if copy >= item.least:
                    skip |= 1 << position
                position += 1
            if item.most is None:
                stay[item.characters] = stay.get(item.characters, 0) | 1 << position
                skip |= 1 << position
                position += 1
        if branch and branch[-1] == _ANYTHING:
            free |= 1 << (position - 1)
        final |= 1 << position
        position += 1
    return Machine(_closed(start, skip), final, free, skip, tuple(advance.items()), tuple(stay.items()))


def member(
    within: Sequence[Language], outside: Sequence[Language], excluded: frozenset[str], budget: Budget
) -> str | None:
    """A shortest text in all of ``within``, in none of ``outside`` and not ``excluded``; None if there is none.

    Raises UndecidableError when the budget is used up.
    """
    if len(outside) > 1:
        # One language that holds everything settles it without the product of all.
        for language in outside:
            if _search(within, [language], frozenset(), budget) is None:
                return None
        outside = [
            language for language in outside if _search([*within, language], [], frozenset(), budget) is not None
        ]
    return _search(within, outside, excluded, budget)


def _search(
    within: Sequence[Language], outside: Sequence[Language], excluded: frozenset[str], budget: Budget
) -> str | None:
    """Breadth first over the states of all machines at once, from the empty text on."""
    machines = [compiled(language) for language in (*within, *outside)]
    positive = len(within)
    alphabet = _alphabet(machines, excluded)
    prefixes = {text[:length] for text in excluded for length in range(len(text) + 1)}
    start = (tuple(machine.start for machine in machines), "" if excluded else None)
    seen = {start}
    queue = deque([(start, "")])
    while queue:
        (states, prefix), text = queue.popleft()
        accepted = all(
            machine.accepts(state) == (place < positive)
            for place, (state, machine) in enumerate(zip(states, machines, strict=True))
        )
        if accepted and prefix not in excluded:
            return text
        for character in alphabet:
            budget.spend(len(machines))
            following = tuple([machine.step(state, character) for state, machine in zip(states, machines, strict=True)])
            if any(
                machine.dead(state) if place < positive else machine.full(state)
                for place, (state, machine) in enumerate(zip(following, machines, strict=True))
            ):
                continue
            longer = None
            if prefix is not None and prefix + character in prefixes:
                longer = prefix + character
            if (following, longer) not in seen:
                seen.add((following, longer))
                queue.append(((following, longer), text + character))
    return None


def _alphabet(machines: Sequence[Automaton], excluded: frozenset[str]) -> list[str]:
    """One character of each class that the machines and the excluded texts tell apart, legible ones first."""
    sets = set().union(*(machine.characters() for machine in machines))
    named = set().union(*(characters.members for characters in sets), *excluded)
    other = next((character for character in _candidates() if character not in named), None)
    classes: dict[tuple[bool, ...], str] = {}
    lettered = set().union(*excluded)
    ordered = sorted(named, key=lambda c: (c not in _LEGIBLE, c))
    chosen = []
    for character in [other, *ordered] if other else ordered:
        if character in lettered:
            chosen.append(character)
            continue
        chosen.append(classes.setdefault(tuple(character in characters for characters in sets), character))
    return list(dict.fromkeys(chosen))
