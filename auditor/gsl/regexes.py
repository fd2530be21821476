"""``regexMatch`` without backtracking: the expression as Python reads it, walked with the set of all places at once.

Python's own engine tries one way after the other, so that ``^(a+)+$`` on forty letters never ends. Here each character
is read once, whatever the expression; and what one evaluation may spend is counted.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # the tree has no public name
from typing import Any

STEPS = 3_000_000
"""Steps of all expressions of one evaluation, each a place and a character; some seconds."""

STATE_LIMIT = 5_000
"""States of one expression; only large counts of repetition pass it."""

_BACKTRACKING_LIMIT = 5_000
"""Characters of a text on which an expression with one repetition may backtrack: that is quadratic at most."""

_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_REFUSED = {
    _constants.GROUPREF: "without back-references",
    _constants.GROUPREF_EXISTS: "without conditions on groups",
    _constants.ATOMIC_GROUP: "without atomic groups",
    _constants.POSSESSIVE_REPEAT: "without possessive quantifiers",
}

_ANCHORS = {
    _constants.AT_BEGINNING: "^",
    _constants.AT_BEGINNING_STRING: r"\A",
    _constants.AT_BOUNDARY: r"\b",
    _constants.AT_NON_BOUNDARY: r"\B",
    _constants.AT_END: "$",
    _constants.AT_END_STRING: r"\Z",
}

_SINGLE = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN, _constants.CATEGORY)


class RegexError(ValueError):
    """Not a regular expression that can be evaluated; ``offset`` into the source."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected


class Allowance:
    """The steps that are left for one evaluation, and what was found in it."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps
        self._known: dict[tuple[str, str, str], bool | None] = {}

    def finds(self, source: str, flags: str, text: str) -> bool | None:
        """Whether the expression is found somewhere in the text; None once the steps are used up."""
        key = source, flags, text
        if key not in self._known:
            self._known[key] = compiled(source, flags).search(text, self)
        return self._known[key]


@dataclass(slots=True)
class _State:
    """A place in an expression: it reads a character (``reads``), asks something of the place, or only leads on."""

    reads: re.Pattern[str] | None = None
    asks: tuple[object, ...] | None = None
    after: list[int] = field(default_factory=list)
    answers: dict[str, bool] = field(default_factory=dict)

    def takes(self, character: str) -> bool:
        """Whether it reads this character."""
        answer = self.answers.get(character)
        if answer is None:
            assert self.reads is not None
            answer = self.answers[character] = self.reads.match(character) is not None
        return answer


@lru_cache(maxsize=1024)
def compiled(source: str, flags: str) -> Expression:
    """The expression. Raises RegexError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # "[[" is a plain bracket here, as it was meant
        try:
            python = re.compile(source, re.IGNORECASE if flags else 0)
            tree = _parser.parse(source, re.IGNORECASE if flags else 0)
        except (re.error, OverflowError, RecursionError) as error:
            reason = getattr(error, "msg", "too large")
            raise RegexError(getattr(error, "pos", 0) or 0, f"a regular expression ({reason})") from None
    return Expression(python, tree)


class Expression:
    """A regular expression as states."""

    def __init__(self, python: re.Pattern[str], tree: Any) -> None:
        self._python = python
        self._tree = tree
        self._states: list[_State] = []
        self._repeats = sum(_varying(item) for item in _items(tree))
        self.end = self._state()
        self.start = self._sequence(tree, python.flags, self.end)

    def search(self, text: str, allowance: Allowance) -> bool | None:
        """Whether it is found somewhere in the text; None if that takes more steps than are left."""
        if self._repeats <= 1 and len(text) <= _BACKTRACKING_LIMIT:
            return self._python.search(text) is not None
        return self._walk(self.start, self.end, text, 0, allowance, anywhere=True)

    def _walk(self, start: int, end: int, text: str, first: int, allowance: Allowance, anywhere: bool) -> bool | None:
        places: set[int] = set()
        for position in range(first, len(text) + 1):
            begun = [*places, start] if anywhere or position == first else [*places]
            reached = self._reached(begun, text, position, allowance)
            if reached is None or allowance.left < 0:
                return None
            if end in reached:
                return True
            if position == len(text) or not (reached or anywhere):
                return False
            character = text[position]
            states = self._states
            taking = [states[place] for place in reached if states[place].reads and states[place].takes(character)]
            places = {after for state in taking for after in state.after}
        return False

    def _reached(self, places: list[int], text: str, position: int, allowance: Allowance) -> set[int] | None:
        """The places that are reached without reading."""
        reached: set[int] = set()
        while places:
            place = places.pop()
            if place in reached:
                continue
            reached.add(place)
            allowance.left -= 1
            state = self._states[place]
            if state.reads is not None:
                continue
            if state.asks is not None:
                answer = self._holds(state.asks, text, position, allowance)
                if answer is None or allowance.left < 0:
                    return None
                if not answer:
                    continue
            places += state.after
        return reached

    def _holds(self, asks: tuple[Any, ...], text: str, position: int, allowance: Allowance) -> bool | None:
        kind = asks[0]
        if kind == "at":
            return asks[1].match(text, position) is not None
        _, wanted, start, end, width = asks  # what is looked for behind has one width, so it ends here
        if position < width:
            return not wanted
        reads = self._walk(start, end, text, position - width, allowance, anywhere=False)
        return None if reads is None else reads == wanted

    # ---- from the tree to states, from the end to the start

    def _state(self, **what: Any) -> int:
        if len(self._states) >= STATE_LIMIT:
            raise RegexError(0, "a regular expression with fewer repetitions")
        self._states.append(_State(**what))
        return len(self._states) - 1

    def _sequence(self, tree: Any, flags: int, after: int) -> int:
        for item in reversed(list(tree)):
            after = self._item(item, flags, after)
        return after

    def _item(self, item: Any, flags: int, after: int) -> int:
        kind, argument = item
        if kind in _REFUSED:
            raise RegexError(0, f"a regular expression {_REFUSED[kind]}")
        if kind is _constants.SUBPATTERN:
            _, added, removed, tree = argument
            if removed:
                raise RegexError(0, "a regular expression without flags that are taken back")
            return self._sequence(tree, flags | added, after)
        if kind is _constants.BRANCH:
            return self._state(after=[self._sequence(tree, flags, after) for tree in argument[1]])
        if kind in _REPEATS:
            least, most, tree = argument
            return self._repeat(least, most, tree, flags, after)
        if kind is _constants.AT:
            anchor = re.compile(_ANCHORS[argument], flags & (re.MULTILINE | re.ASCII))
            return self._state(asks=("at", anchor), after=[after])
        if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            direction, tree = argument
            end = self._state()
            start = self._sequence(tree, flags, end)
            width = tree.getwidth()[0] if direction < 0 else 0
            return self._state(asks=("look", kind is _constants.ASSERT, start, end, width), after=[after])
        if kind is _constants.FAILURE:
            return self._state()
        single = _parser.SubPattern(self._tree.state, [item])
        return self._state(reads=_compiler.compile(single, flags), after=[after])

    def _repeat(self, least: int, most: int, tree: object, flags: int, after: int) -> int:
        if most is _constants.MAXREPEAT:
            repeating = self._state()
            self._states[repeating].after = [self._sequence(tree, flags, repeating), after]
            start = repeating
        else:
            start = after
            for _ in range(most - least):
                start = self._state(after=[self._sequence(tree, flags, start), after])
        for _ in range(least):
            start = self._sequence(tree, flags, start)
        return start


def _items(tree: Any) -> Iterator[object]:
    """All items of a tree."""
    for kind, argument in tree:
        yield kind, argument
        if kind is _constants.SUBPATTERN:
            yield from _items(argument[3])
        elif kind is _constants.BRANCH:
            for branch in argument[1]:
                yield from _items(branch)
        elif kind in _REPEATS:
            yield from _items(argument[2])
        elif kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from _items(argument[1])


def _varying(item: Any) -> int:
    """How much an item adds to the ways of reading a text: nothing, 1, or 2 for one that multiplies others."""
    kind, argument = item
    if kind is _constants.BRANCH:
        return 1
    if kind not in _REPEATS:
        return 0
    inner = [kind for kind, _ in argument[2]]
    if len(inner) != 1 or inner[0] not in _SINGLE:
        return 2
    return int(argument[0] != argument[1])
