"""One question about several patterns: is there an event that some of them count and others do not?

Every event found is run through ``match`` before it is believed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from auditor.patterns.atoms import Fits, Words
from auditor.patterns.budget import Budget, UndecidableError
from auditor.patterns.errors import NumberTooLongError
from auditor.patterns.formula import EVENT_NAME, EVENT_SOURCE, MESSAGE, Formulas, Node
from auditor.patterns.lower import lower
from auditor.patterns.match import Event, matches
from auditor.patterns.solve import Search
from auditor.patterns.syntax import Name, Pattern, Selector
from auditor.patterns.witness import containing, event_of, shrunk

Readings = frozenset[str]


class Question:
    """Several patterns lowered together, so that what they share is one object."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        readings: Readings = frozenset(),
        free_text: bool = False,
        objects_only: bool = False,
    ) -> None:
        """``free_text``: the text of a JSON event may be any JSON text of it, not only the compact one.

        ``objects_only``: the question is about JSON objects, whatever the kinds of the patterns.
        """
        self.patterns = tuple(patterns)
        self.formulas = Formulas()
        self._readings = readings
        self._nodes = tuple(lower(pattern, self.formulas, readings) for pattern in patterns)
        kinds = {pattern.kind for pattern in patterns}
        self._objects = objects_only or "json" in kinds or kinds == {"all"}
        self._messages = not objects_only
        self._has_text = bool(kinds & {"terms", "delimited"})
        self._free_text = free_text

    def node(self, place: int) -> Node:
        """The formula of the pattern at ``place``."""
        return self._nodes[place]

    def same(self, left: int, right: int) -> bool:
        """Whether two patterns came out as one formula."""
        return self._nodes[left] is self._nodes[right] and self.patterns[left].kind == self.patterns[right].kind

    def exists(self, wanted: Sequence[bool | None], where: Node | None = None) -> bool:
        """Whether ``find`` finds one, without making it short."""
        return self._found(wanted, where) is not None

    def find(
        self,
        wanted: Sequence[bool | None],
        where: Node | None = None,
        kept: frozenset[str] = frozenset(),
    ) -> Event | None:
        """A small event that each pattern counts (True), does not count (False) or may count (None).

        ``where`` must hold of it as well, and does as long as its members ``kept`` are. Raises UndecidableError.
        """
        event = self._found(wanted, where)
        if not isinstance(event, dict):
            return event
        needed = kept & event.keys()
        return shrunk(event, lambda smaller: needed <= smaller.keys() and self.confirmed(smaller, wanted))

    def _found(self, wanted: Sequence[bool | None], where: Node | None) -> Event | None:
        try:
            return self._searched(wanted, where)
        except RecursionError:
            raise UndecidableError("the patterns are nested too deeply") from None

    def _searched(self, wanted: Sequence[bool | None], where: Node | None) -> Event | None:
        error: UndecidableError | None = None
        if self._objects or where is not None:
            try:
                event = self._object(wanted, where)
            except UndecidableError as undecided:
                event, error = None, undecided
            if event is not None:
                return event
        jsons = [want for pattern, want in zip(self.patterns, wanted, strict=True) if pattern.kind == "json"]
        # A condition on fields, like a JSON pattern that counts, holds of JSON objects only.
        message = None
        if self._messages and where is None and True not in jsons:
            message = self._message(wanted)
        if message is None and error is not None:
            raise error
        return message

    def _formula(self, wanted: Sequence[bool | None], nodes: Sequence[Node], where: Node | None) -> Node:
        parts = [] if where is None else [where]
        for node, want in zip(nodes, wanted, strict=True):
            if want is not None:
                parts.append(node if want else self.formulas.negate(node))
        return self.formulas.all_of(parts)

    def _object(self, wanted: Sequence[bool | None], where: Node | None) -> Event | None:
        """An event that is a JSON object."""
        formula = self._formula(wanted, self._nodes, where)
        if self._has_text and not self._free_text:
            formula = self.formulas.all_of([formula, *_implied(formula, self.formulas)])
        model = Search(self.formulas, Budget(), message_is_object=True).model(formula)
        if model is None:
            return None
        event = event_of(model)
        texts = model.get(MESSAGE, [])
        taken = frozenset(place[0].key for place in formula.places if place != MESSAGE and isinstance(place[0], Name))
        if not self._has_text:
            candidates: Iterator[dict[str, Any]] = iter([event])
        else:
            candidates = containing(event, texts, taken)  # type: ignore[arg-type]
        for candidate in candidates:
            if self._free_text or self.confirmed(candidate, wanted):
                return candidate
        raise UndecidableError("no event could be built that shows it")

    def _message(self, wanted: Sequence[bool | None]) -> Event | None:
        """A message that is no JSON object, or, without JSON patterns, any message."""
        nodes = [
            self.formulas.false if pattern.kind == "json" else node
            for pattern, node in zip(self.patterns, self._nodes, strict=True)
        ]
        model = Search(self.formulas, Budget()).model(self._formula(wanted, nodes, None))
        if model is None:
            return None
        text = model.get(MESSAGE, "Other")
        assert isinstance(text, str)
        if self.confirmed(text, wanted):
            return text
        raise UndecidableError("no message could be built that shows it")

    def confirmed(self, event: Event, wanted: Sequence[bool | None]) -> bool:
        """Whether each pattern does with the event what is wanted, by ``match``."""
        try:
            return all(
                want is None or matches(pattern, event, self._readings) == want
                for pattern, want in zip(self.patterns, wanted, strict=True)
            )
        except NumberTooLongError as error:
            raise UndecidableError(error.problem.problem) from None

    def named(self, name: str, source: str | None = None) -> Node:
        """The condition that the event has this name (and source)."""
        parts = [self.formulas.test(EVENT_NAME, Words(frozenset([name]), frozenset()))]
        if source is not None:
            parts.append(self.formulas.test(EVENT_SOURCE, Words(frozenset([source]), frozenset())))
        return self.formulas.all_of(parts)


def _implied(formula: Node, formulas: Formulas) -> Iterator[Node]:
    """What the fields of an event say about its text: a value or key that stands in it, stands in the text."""
    tests = [part for part in formula.tests() if part.test is not None]
    needles = [
        (part.test, part.test.language.needle)
        for part in tests
        if part.place == MESSAGE and isinstance(part.test, Fits) and part.test.language.needle is not None
    ]
    for test, needle in needles:
        contained = formulas.test(MESSAGE, test)
        for part in tests:
            if part.place == MESSAGE or part.test is None:
                continue
            if any(needle in text for text in _key_texts(part.place)):
                yield formulas.any_of([formulas.test(part.place, part.test, positive=False), contained])
            elif isinstance(part.test, Words):
                texts = frozenset(text for text in part.test.strings if needle in _value_text(part.place, text))
                narrow = formulas.test(part.place, Words(texts, frozenset()), positive=False)
                if texts:
                    yield formulas.any_of([narrow, contained])
            elif isinstance(part.test, Fits):
                yield from _implied_by_language(part, needle, contained, formulas)


def _implied_by_language(part: Node, needle: str, contained: Node, formulas: Formulas) -> Iterator[Node]:
    """A value whose every text contains the needle brings it into the event's text."""
    test = part.test
    assert isinstance(test, Fits)
    plain = json.dumps(needle, ensure_ascii=False)[1:-1] == needle and not set(needle) <= set("0123456789.-")
    if plain and all(needle in piece for piece in test.language.pieces()):
        yield formulas.any_of([formulas.test(part.place, test, positive=False), contained])


def _key_texts(place: Selector) -> list[str]:
    return [json.dumps(step.key, ensure_ascii=False) + ":" for step in place if isinstance(step, Name)]


def _value_text(place: Selector, text: str) -> str:
    value = json.dumps(text, ensure_ascii=False)
    return _key_texts(place[-1:])[0] + value if isinstance(place[-1], Name) else value
