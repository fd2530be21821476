"""One question about several patterns: is there an event that some of them count and others do not?

Every event found is run through ``match`` before it is believed.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.patterns.engine.atoms import Words
from auditor.patterns.engine.budget import Budget, UndecidableError
from auditor.patterns.engine.event_text import EventText, FreeText
from auditor.patterns.engine.formula import EVENT_NAME, EVENT_SOURCE, MESSAGE, Formulas, Node
from auditor.patterns.engine.lower import lower
from auditor.patterns.engine.nodes import Nodes
from auditor.patterns.engine.solve import Search
from auditor.patterns.engine.witness import event_of, shrunk
from auditor.patterns.errors import NumberTooLongError
from auditor.patterns.match import Event, matches
from auditor.patterns.syntax import Name, Pattern

Readings = frozenset[str]

_LOOK = 100_000
"""Steps in which an object is looked for before other messages are."""

_TRIES = 20
"""Texts that turn out to be JSON objects, before a message that is none is given up."""


class Question:
    """Several patterns lowered together, so that what they share is one object."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        readings: Readings = frozenset(),
        free_text: bool = False,
        budget: Budget | None = None,
    ) -> None:
        """``free_text``: the text of a JSON event may be any JSON text of it, not only the compact one."""
        self.patterns = tuple(patterns)
        self.budget = budget or Budget()
        self.formulas = Formulas(self.budget)
        self._readings = readings
        self._nodes = tuple(lower(pattern, self.formulas, readings) for pattern in patterns)
        kinds = {pattern.kind for pattern in patterns}
        self._objects = "json" in kinds or kinds == {"all"}
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
        return self._event(wanted, where) is not None

    def find(
        self,
        wanted: Sequence[bool | None],
        where: Node | None = None,
        kept: frozenset[str] = frozenset(),
    ) -> Event | None:
        """A small event that each pattern counts (True), does not count (False) or may count (None).

        ``where`` must hold of it as well, and does as long as its members ``kept`` are. Raises UndecidableError.
        """
        event = self._event(wanted, where)
        if not isinstance(event, dict):
            return event
        needed = kept & event.keys()
        return shrunk(event, lambda smaller: needed <= smaller.keys() and self.confirmed(smaller, wanted))

    def _event(self, wanted: Sequence[bool | None], where: Node | None) -> Event | None:
        try:
            return self._searched(wanted, where)
        except RecursionError:
            raise UndecidableError("the patterns are nested too deeply") from None

    def _searched(self, wanted: Sequence[bool | None], where: Node | None) -> Event | None:
        jsons = [want for pattern, want in zip(self.patterns, wanted, strict=True) if pattern.kind == "json"]
        # A condition on fields, like a JSON pattern that counts, holds of JSON objects only.
        messages = where is None and True not in jsons
        if not (self._objects or where is not None):
            return self._message(wanted) if messages else None
        if not (messages and self._has_text):
            event = self._object(wanted, where, self.budget)
            return event if event is not None or not messages else self._message(wanted)
        part = self.budget.part(_LOOK)  # an object is better to read, any other message sooner found
        try:
            event = self._object(wanted, where, part)
        except UndecidableError:
            event = self._message(wanted)
            return event if event is not None else self._object(wanted, where, self.budget)
        return event if event is not None else self._message(wanted)

    def _formula(self, wanted: Sequence[bool | None], nodes: Sequence[Node], where: Node | None) -> Node:
        parts = [] if where is None else [where]
        for node, want in zip(nodes, wanted, strict=True):
            if want is not None:
                parts.append(node if want else self.formulas.negate(node))
        return self.formulas.all_of(parts)

    def _object(self, wanted: Sequence[bool | None], where: Node | None, budget: Budget) -> Event | None:
        """An event that is a JSON object."""
        formula = self._formula(wanted, self._nodes, where)
        nodes = Nodes(budget)
        if not self._has_text:
            model = Search(self.formulas, nodes).model(formula)
            if model is None:
                return None
            event = event_of(model)
            if self._free_text or self.confirmed(event, wanted):
                return event
            raise UndecidableError("no event could be built that shows it")
        taken = frozenset(place[0].key for place in formula.places if isinstance(place[0], Name))
        judge: FreeText | EventText
        if self._free_text:
            judge = FreeText(budget)
        else:
            judge = EventText(budget, nodes, lambda event: self.confirmed(event, wanted), taken)
        if Search(self.formulas, nodes, judge).model(formula) is not None:
            return judge.event
        if judge.open:
            raise UndecidableError("no event was found whose text shows it, nor a proof that there is none")
        return None

    def _message(self, wanted: Sequence[bool | None]) -> Event | None:
        """A message that is no JSON object, or, without JSON patterns, any message."""
        nodes = [
            self.formulas.false if pattern.kind == "json" else node
            for pattern, node in zip(self.patterns, self._nodes, strict=True)
        ]
        formula = self._formula(wanted, nodes, None)
        tried: frozenset[str] = frozenset()
        while len(tried) < _TRIES:
            others = self.formulas.test(MESSAGE, Words(tried, frozenset()), positive=False)
            model = Search(self.formulas, Nodes(self.budget)).model(self.formulas.all_of([formula, others]))
            if model is None:
                return None
            text = model.get(MESSAGE, "Other")
            assert isinstance(text, str)
            if self.confirmed(text, wanted):
                return text
            tried |= {text}  # a JSON object, which the JSON pattern counts
        raise UndecidableError("no message was found that shows it, nor a proof that there is none")

    def confirmed(self, event: Event, wanted: Sequence[bool | None]) -> bool:
        """Whether each pattern does with the event what is wanted, by ``match``.

        Raises:
            UndecidableError: a number of the event is too long for ``match``.
        """
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
