"""Skeletons: texts of JSON objects with holes, from which an event is read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Any

from auditor.patterns.engine.languages import Language
from auditor.patterns.engine.machines import Outlook
from auditor.patterns.engine.texts import DIGITS, WORDS, Places, StringText, escaped, marks
from auditor.patterns.syntax import Characters

DEPTH = 2
"""Objects and arrays within one another in the member that a witness gets beside those that the patterns name."""


class _Values(Places):
    """Texts of JSON values, ``DEPTH`` within one another at most, with whole numbers.

    A place is (what is expected, what is held of a string or word, the brackets that are open).
    """

    start = ("value", "", "")

    def ends(self, place: Any) -> bool:
        """Whether the value may end at this place."""
        return not place[2] and place[0] in ("after", "zero", "number")

    def characters(self) -> set[Characters]:
        """Those that JSON tells apart."""
        singly = {Characters(frozenset(character)) for character in "{}[]:,0truefalsn"}
        return singly | {Characters(DIGITS)} | marks(exact=False)

    def after(self, place: Any, character: str) -> Iterator[Any]:
        """Where a value can stand after one more character."""
        kind, read_so_far, stack = place
        if kind in ("string", "key"):
            if character == '"' and not read_so_far:
                yield ("after" if kind == "string" else "colon", "", stack)
            elif (read := escaped(read_so_far, character, exact=False, long=False)) is not None:
                yield kind, read[0], stack
        elif kind == "word":
            read_so_far += character
            if read_so_far in WORDS:
                yield "after", "", stack
            elif any(word.startswith(read_so_far) for word in WORDS):
                yield kind, read_so_far, stack
        elif kind == "colon":
            if character == ":":
                yield "value", "", stack
        elif kind == "open" and character == ("}" if stack[-1] == "{" else "]"):
            yield "after", "", stack[:-1]
        elif kind in ("open", "comma") and stack[-1] == "{":
            if character == '"':
                yield "key", "", stack
        elif kind in ("open", "comma", "value"):
            yield from self._begun(stack, character)
        else:
            yield from self._ended(kind, stack, character)

    def _begun(self, stack: str, character: str) -> Iterator[Any]:
        if character in "{[":
            if len(stack) < DEPTH:
                yield "open", "", stack + character
        elif character == '"':
            yield "string", "", stack
        elif character in DIGITS:
            yield "zero" if character == "0" else "number", "", stack
        elif character in "tfn":
            yield "word", character, stack

    def _ended(self, kind: str, stack: str, character: str) -> Iterator[Any]:
        """After a value: within an array or object it goes on."""
        if kind == "number" and character in DIGITS:
            yield kind, "", stack
        elif stack and character == ",":
            yield "comma", "", stack
        elif stack and character == ("}" if stack[-1] == "{" else "]"):
            yield "after", "", stack[:-1]


Part = str | tuple[tuple[Language, ...], tuple[Language, ...]] | None
"""A part of a skeleton: a text, a string's content (in these languages, in none of those), or any JSON value."""


class _Skeleton(Places):
    """The texts that are these parts in a row. A place is (part, what is held of it)."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = [part for part in parts if part != ""]
        self._values = _Values()
        self._texts = [StringText(*part) if isinstance(part, tuple) else None for part in self._parts]
        lengths = [len(part) if isinstance(part, str) else 1 if part is None else 0 for part in self._parts]
        self._lengths = [sum(lengths[number:]) for number in range(len(lengths) + 1)]
        self.start: frozenset[Any] = frozenset([self._at(0)])

    def _at(self, number: int) -> tuple[int, Any]:
        if number == len(self._parts) or isinstance(self._parts[number], str):
            return number, 0
        text = self._texts[number]
        return number, ((text.start, "") if text is not None else self._values.start)

    def step(self, state: frozenset[Any], character: str) -> frozenset[Any]:
        """The places after ``character``."""
        return frozenset(after for place in state for after in self._after(place, character))

    def accepts(self, state: frozenset[Any]) -> bool:
        """Whether all parts are there."""
        return any(number == len(self._parts) for number, _ in state)

    def outlook(self, state: frozenset[Any]) -> Outlook:
        """The parts that are still to come."""
        return Outlook(
            min(self._lengths[number] - (progress if isinstance(progress, int) else 0) for number, progress in state),
            inf,
            {},
        )

    def characters(self) -> set[Characters]:
        """Those of the parts, and of JSON."""
        letters = {character for part in self._parts if isinstance(part, str) for character in part}
        texts = [text for text in self._texts if text is not None]
        characters = {Characters(frozenset(letter)) for letter in letters}.union(*(text.characters() for text in texts))
        characters |= marks(any(text.exact for text in texts))
        return characters | self._values.characters() if None in self._parts else characters

    def _after(self, place: Any, character: str) -> Iterator[Any]:
        number, progress = place
        if number == len(self._parts):
            return
        part, text = self._parts[number], self._texts[number]
        if isinstance(part, str):
            if part[progress] == character:
                yield (number, progress + 1) if progress + 1 < len(part) else self._at(number + 1)
        elif text is not None:
            states, escape = progress
            if character == '"' and not escape and text.accepts(states):
                yield from self._after(self._at(number + 1), character)
            elif (read := escaped(escape, character, text.exact, long=text.exact)) is not None:
                after = text.step(states, read[1]) if read[1] else states
                if after is not None:
                    yield number, (after, read[0])
        else:
            if self._values.ends(progress):
                yield from self._after(self._at(number + 1), character)
            for after in self._values.after(progress, character):
                yield number, after


def skeleton(parts: Sequence[Part]) -> Language:
    """The texts that are these parts in a row; a string's content is followed by its closing quotation mark."""
    return Language(f"skeleton {parts}", (), automaton=_Skeleton(parts))
