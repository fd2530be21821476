"""The texts of JSON events as languages: what every such text has, and what a field's value puts into it.

The text of an event is compact JSON that escapes only what JSON requires (the assumption ``json-text``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from auditor.patterns.engine.languages import Language
from auditor.patterns.engine.machines import UNKNOWN, Automaton, Outlook, compiled
from auditor.patterns.syntax import AnyElement, AnyMember, Characters, Index, Name, Selector

_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LONG = {f"{code:04x}": chr(code) for code in range(32) if chr(code) not in _SHORT.values()}
_CONTROLS = frozenset(map(chr, range(32)))
_LETTERS = "bfnrt"  # of short escapes
_HEXADECIMAL = frozenset("0123456789abcdef")
DIGITS = frozenset("0123456789")
_BARE = frozenset("0123456789+-.abcdefghijklmnopqrstuvwxyzE")
WORDS = ("true", "false", "null")

_DONE = ("done", 0, "")
_COMPLETE = frozenset([_DONE])


class Places:
    """What automata whose states are sets of places have in common."""

    def dead(self, state: frozenset[Any]) -> bool:
        """Whether no place is left."""
        return not state

    def full(self, state: frozenset[object]) -> bool:
        """Not found out: that only costs time."""
        return False

    def outlook(self, state: frozenset[Any]) -> Outlook:
        """Not found out: that only costs time."""
        return UNKNOWN

    def places(self, state: frozenset[Any]) -> Iterator[frozenset[object]]:
        """Each place alone."""
        return (frozenset([place]) for place in state)

    def within(self, small: frozenset[Any], large: frozenset[Any]) -> bool:
        """Whether the places of one state are all among those of the other."""
        return small <= large

    def cost(self, state: frozenset[object]) -> int:
        """By the number of places."""
        return 4 + len(state)


def escaped(escape: str, character: str, exact: bool, long: bool = True) -> tuple[str, str] | None:
    """One more character of a string of JSON: what is held of an escape, and the character that it ended (``""``: none
    yet); None if it is not one.

    Unless ``exact``, all control characters are taken for one. ``long``: with the escapes of four digits.
    """
    if not escape:
        if character == "\\":
            return "\\", ""
        return ("", character) if character >= " " and character != '"' else None
    if escape == "\\":
        if character == "u" and long:
            return "\\u", ""
        read = _SHORT.get(character)
        return None if read is None else ("", read if exact or character in '"\\' else "\x01")
    if not exact:  # four digits, whichever
        if character not in _HEXADECIMAL:
            return None
        return (escape + "0", "") if len(escape) < len("\\u000") else ("", "\x01")
    escape += character
    if escape[2:] in _LONG:
        return "", _LONG[escape[2:]]
    return (escape, "") if any(digits.startswith(escape[2:]) for digits in _LONG) else None


def marks(exact: bool) -> set[Characters]:
    """The characters of strings of JSON that tell escapes apart."""
    singly = '"\\' + (_LETTERS + "u0123456789abcdef" if exact else "u")
    groups = [_CONTROLS] if exact else [_CONTROLS, frozenset(_LETTERS), _HEXADECIMAL]
    return {Characters(frozenset(character)) for character in singly} | set(map(Characters, groups))


class _Objects(Places):
    """What every text of a JSON object has, however its brackets fit together: more texts than there are.

    A place is what may follow, or what is held of an escape.
    """

    start: frozenset[Any] = frozenset(["start"])

    def step(self, state: frozenset[Any], character: str) -> frozenset[Any]:
        """The places after ``character``."""
        return frozenset(after for place in state for after in self._after(place, character))

    def accepts(self, state: frozenset[Any]) -> bool:
        """Whether a brace was closed last."""
        return "closed" in state

    def outlook(self, state: frozenset[object]) -> Outlook:
        """A closing brace at least."""
        return Outlook(0 if "closed" in state else 1, inf, {})

    def characters(self) -> set[Characters]:
        """Those that JSON tells apart outside of strings and within."""
        return {*(Characters(frozenset(character)) for character in "{}[]:,"), Characters(_BARE)} | marks(exact=False)

    def _after(self, place: str, character: str) -> Iterator[str]:
        if place.startswith("string"):
            escape = place.removeprefix("string")
            if character == '"' and not escape:
                yield "after string"
            elif (read := escaped(escape, character, exact=False)) is not None:
                yield "string" + read[0]
        elif place == "start":
            if character == "{":
                yield "first"
        elif character == '"':
            if place in ("first", "open", "comma", "value"):
                yield "string"
        elif character in "}]":
            if place in ("open", "after string", "closed", "square", "bare") or (place == "first" and character == "}"):
                yield "closed" if character == "}" else "square"
        elif character in "{[":
            if place in ("open", "comma", "value"):
                yield "open"
        elif character == ",":
            if place in ("after string", "closed", "square", "bare"):
                yield "comma"
        elif character == ":":
            if place == "after string":
                yield "value"
        elif character in _BARE and place in ("open", "comma", "value", "bare"):
            yield "bare"


OBJECTS = Language("texts of JSON objects", (), automaton=_Objects())
"""More texts than compact JSON objects have, and all of those."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a node can be: a string of these and not of those languages, a number, one of some words, a container."""

    within: tuple[Language, ...] = ()
    outside: tuple[Language, ...] = ()
    string: bool = True
    number: bool = True
    words: tuple[str, ...] = WORDS
    container: bool = True


class StringText:
    """The machines of a string's content."""

    def __init__(self, within: Sequence[Language], outside: Sequence[Language]) -> None:
        self._machines: list[Automaton] = [compiled(language) for language in (*within, *outside)]
        self._positive = len(within)
        self.start = tuple(machine.start for machine in self._machines)

    def step(self, states: tuple[Any, ...], character: str) -> tuple[object, ...] | None:
        """The states after ``character``; None if no continuation fits."""
        after = tuple([m.step(state, character) for m, state in zip(self._machines, states, strict=True)])
        for place, (machine, state) in enumerate(zip(self._machines, after, strict=True)):
            if machine.dead(state) if place < self._positive else machine.full(state):
                return None
        return after

    def accepts(self, states: tuple[object, ...]) -> bool:
        """Whether the string may end here."""
        return all(
            machine.accepts(state) == (place < self._positive)
            for place, (machine, state) in enumerate(zip(self._machines, states, strict=True))
        )

    def characters(self) -> set[Characters]:
        """Those that the machines tell apart."""
        return set().union(*(machine.characters() for machine in self._machines))

    @property
    def exact(self) -> bool:
        """Whether the machines tell one control character from another."""
        return any(not _CONTROLS.isdisjoint(characters.members) for characters in self.characters())


class _Holding(Places):
    """The texts in which the keys of a path stand one after the other, and after the last one its value."""

    def __init__(self, place: Selector, value: Value) -> None:
        self._chain = list(_chain(place))
        self._value = value
        self._named = isinstance(place[-1], Name | AnyMember)
        self._text = StringText(value.within, value.outside)
        self._exact = self._text.exact
        self.start: frozenset[Any] = frozenset([("seek", 0, "")])

    def step(self, state: frozenset[Any], character: str) -> frozenset[object]:
        """The places after ``character``."""
        if _DONE in state:
            return state
        places = frozenset(after for place in state for after in self._after(place, character))
        return _COMPLETE if _DONE in places else places

    def accepts(self, state: frozenset[Any]) -> bool:
        """Whether the value was found."""
        return _DONE in state

    def full(self, state: frozenset[Any]) -> bool:
        """Whether the value was found."""
        return _DONE in state

    def characters(self) -> set[Characters]:
        """Those of the keys, of JSON and of the value's languages."""
        value = self._value
        letters = {character for piece in self._chain for character in piece}.union(*value.words)
        sets = {Characters(frozenset(letter)) for letter in letters}
        if value.number:
            sets.add(Characters(DIGITS | {"-"}))
        if value.container:
            sets.add(Characters(frozenset("{[")))
        return sets | self._text.characters() | marks(self._exact)

    def outlook(self, state: frozenset[Any]) -> Outlook:
        """The pieces that are still to come."""
        return Outlook(min(self._left(*place) for place in state), inf, {})

    def _left(self, kind: str, number: int, progress: Any) -> int:
        if kind not in ("seek", "literal"):
            return 0
        return sum(map(len, self._chain[number:])) - (len(progress) if kind == "literal" else 0)

    def _after(self, place: Any, character: str) -> Iterator[object]:
        kind, number, progress = place
        if kind == "seek":
            yield place
            if number == len(self._chain):
                yield from self._begun(character)
            else:
                yield from self._literal(number, character)
        elif kind == "literal":
            yield from self._literal(number, progress + character)
        elif kind == "begin":
            yield from self._begun(character)
        elif kind == "word":
            progress += character
            if progress in self._value.words:
                yield _DONE
            elif any(word.startswith(progress) for word in self._value.words):
                yield "word", number, progress
        elif kind == "string":
            states, escape = progress
            if character == '"' and not escape:
                if self._text.accepts(states):
                    yield _DONE
                return
            read = escaped(escape, character, self._exact)
            if read is not None:
                after = self._text.step(states, read[1]) if read[1] else states
                if after is not None:
                    yield "string", number, (after, read[0])

    def _literal(self, number: int, progress: str) -> Iterator[object]:
        piece = self._chain[number]
        if progress == piece:
            last = number + 1 == len(self._chain) and self._named
            yield ("begin", number, "") if last else ("seek", number + 1, "")
        elif piece.startswith(progress):
            yield "literal", number, progress

    def _begun(self, character: str) -> Iterator[object]:
        value = self._value
        if character == '"' and value.string:
            yield "string", 0, (self._text.start, "")
        elif (character in "-0123456789" and value.number) or (character in "{[" and value.container):
            yield _DONE
        elif any(word.startswith(character) for word in value.words):
            yield "word", 0, character


def _chain(place: Selector) -> Iterator[str]:
    """The literal pieces that stand before a value in its event's text: keys, with the bracket after each."""
    for step, below in zip(place, (*place[1:], None), strict=True):
        bracket = "[" if isinstance(below, Index | AnyElement) else "" if below is None else "{"
        if isinstance(step, Name):
            yield json.dumps(step.key, ensure_ascii=False) + ":" + bracket
        elif bracket:
            yield bracket
    if isinstance(place[-1], AnyMember):
        yield '":'


def holding(place: Selector, value: Value) -> Language:
    """More texts than those of the events that have such a value at ``place``, and all of those."""
    return Language(f"holding {place} {value}", (), automaton=_Holding(place, value))
