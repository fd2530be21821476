"""Whether an event that meets demands on its fields can have a text that meets demands as well.

Two answers are sure. *No*: the demands on the text leave no text that has what the fields put into the text of every
such event. *Yes*: an event was read back from such a text and both patterns did with it what is wanted. What lies
between is open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, count

from auditor.patterns.engine.atoms import Exists, Fits, Shape, Words
from auditor.patterns.engine.budget import Budget, UndecidableError
from auditor.patterns.engine.formula import single
from auditor.patterns.engine.languages import ANYTHING, EVERY_TEXT, Language, exactly, literal, samples
from auditor.patterns.engine.machines import accepts
from auditor.patterns.engine.members import member
from auditor.patterns.engine.nodes import Demand, Direct, Nodes, core
from auditor.patterns.engine.skeletons import Part, skeleton
from auditor.patterns.engine.solve import Model
from auditor.patterns.engine.texts import OBJECTS, Value, holding
from auditor.patterns.engine.witness import event_of
from auditor.patterns.syntax import AnyMember, Characters, Name, Repeat, Selector

_SHAPES = ((Shape.NULL, "null"), (Shape.TRUE, "true"), (Shape.FALSE, "false"))
_SHARE = 0.7
"""How much of what is left one search for a text may use: there may be further cases."""

_STEPS_OF_A_MATCH = 50

_OBJECT_START = Language(
    "starts like a JSON object", ((Repeat(Characters(frozenset(" \t\n\r")), 0, None), *literal("{"), ANYTHING),)
)

Confirm = Callable[[dict[str, object]], bool]


class EventText:
    """Judges the cases of one question.

    ``event`` is the witness found; ``open`` says that some case was neither shown nor ruled out.
    """

    def __init__(self, budget: Budget, nodes: Nodes, confirm: Confirm, taken: frozenset[str]) -> None:
        """``confirm`` tells a witness; ``taken`` are the members that the patterns name."""
        self._budget = budget
        self._nodes = nodes
        self._confirm = confirm
        self._taken = taken
        self._known: dict[tuple[frozenset[Demand], frozenset[Direct]], bool] = {}
        self._within: dict[tuple[Language, tuple[Language, ...]], bool] = {}
        self.event: dict[str, object] | None = None
        self.open = False

    def possible(self, example: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Whether some text is left for events that meet the demands; False only if that is sure."""
        key = frozenset(demands), frozenset(about_text)
        if key not in self._known:
            self._known[key] = self._exemplified(example, demands, about_text) or self._possible(demands, about_text)
        return self._known[key]

    def _exemplified(self, example: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Whether the text of an event made of the example is such a text: mostly so, and seen without a search."""
        within, outside = _languages(about_text)
        for event in self._simple(example, demands, within):
            text = "".join([part for part in _parts(event, (), {}) if isinstance(part, str)])
            self._budget.spend(1 + len(text) * (len(within) + len(outside)))
            if all(accepts(language, text) for language in within) and not any(
                accepts(language, text) for language in outside
            ):
                return True
        return False

    def _simple(
        self, example: Model, demands: Sequence[Demand], within: Sequence[Language]
    ) -> Iterator[dict[str, object]]:
        """Events that are easily made of the example, with and without a further member that holds what is wanted."""
        legible = " ".join(text for language in within for text in samples(language)[:1])
        plain = event_of(example)
        names = chain(["message"], (f"message{number}" for number in count(2)))
        further = next(name for name in names if name not in self._taken | plain.keys())
        free = all(isinstance(place[0], Name) for place, _, _ in demands)  # none is about every member
        for event in (plain, *map(event_of, _others(example, demands))):
            yield event
            if free:
                yield {**event, further: legible}
                yield {further: legible, **event}

    def _possible(self, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        within, outside = _languages(about_text)
        contents = list(self._contents(demands))
        for (
            content
        ) in contents:  # what a field puts into the text is often all that a demand on the text wants, or forbids
            if outside and self._within_others(content, tuple(outside)):
                return False
        return self._member([OBJECTS, *contents, *within], outside) is not False

    def _within_others(self, content: Language, outside: tuple[Language, ...]) -> bool:
        """Whether every text of the first belongs to one of the others."""
        if (content, outside) not in self._within:
            self._within[content, outside] = self._member([content], outside) is False
        return self._within[content, outside]

    def shows(self, model: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Whether an event of the model's form is a witness; False with ``open`` set where that is not sure."""
        self.event = self._witness(model, demands, about_text)
        return self.event is not None

    def _witness(
        self, model: Model, demands: Sequence[Demand], about_text: Sequence[Direct]
    ) -> dict[str, object] | None:
        plain = event_of(model)
        within, outside = _languages(about_text)
        for simple in self._simple(model, demands, within):
            self._budget.spend(_STEPS_OF_A_MATCH)
            if self._confirm(simple):
                return simple
        if not self.possible(model, demands, about_text):
            return None
        for parts in self._skeletons(plain, demands):
            text = self._member([skeleton(parts), *within], outside)
            if isinstance(text, str) and (event := _read(text)) is not None and self._confirm(event):
                return event
        self.open = True
        return None

    def _member(self, within: Sequence[Language], outside: Sequence[Language]) -> str | bool:
        """A text, or False if there is none, or True if that was not found out."""
        part = self._budget.part(int(self._budget.left * _SHARE))
        try:
            return member(within, outside, frozenset(), part, shortest=False) or False
        except UndecidableError:
            return True
        finally:
            self._budget.settle(part)

    # ---- what fields put into every text

    def _contents(self, demands: Sequence[Demand]) -> Iterator[Language]:
        of_place: dict[Selector, list[Direct]] = {}
        for place, test, wanted in demands:
            if single(place):
                of_place.setdefault(place, []).append((test, wanted))
            elif (place, test, wanted) == ((AnyMember(),), Exists(), False):
                yield exactly("{}")
            elif wanted:
                yield from self._contents_at(place, [(test, wanted)])
        for place, direct in of_place.items():
            yield from self._contents_at(place, direct)

    def _contents_at(self, place: Selector, direct: Sequence[Direct]) -> Iterator[Language]:
        if all(test.accepts(Shape.ABSENT) == wanted for test, wanted in direct):
            return  # the field may be absent
        yield holding(place, self._value(direct))

    def _value(self, direct: Sequence[Direct]) -> Value:
        def passes(shape: Shape) -> bool:
            return all(test.accepts(shape) == wanted for test, wanted in direct)

        strings = _strings(direct)
        return Value(
            *(strings or ((), ())),
            string=strings is not None,
            number=self._number(direct),
            words=tuple(word for shape, word in _SHAPES if passes(shape)),
            container=passes(Shape.CONTAINER),
        )

    def _number(self, direct: Sequence[Direct]) -> bool:
        try:
            return self._nodes.number(direct) is not None
        except UndecidableError:
            return True

    # ---- skeletons of a witness

    def _skeletons(self, plain: dict[str, object], demands: Sequence[Demand]) -> Iterator[list[Part]]:
        """The event with its strings as holes, alone and with a further member last or first."""
        holes = {
            place: strings
            for place in {place for place, _, _ in demands}
            if all(isinstance(step, Name) for step in place)
            and (strings := _strings([(test, wanted) for other, test, wanted in demands if other == place]))
        }
        other = tuple(exactly(key) for key in sorted(self._taken | plain.keys()))
        further: list[Part] = ['"', ((), other), '":', None]
        comma: list[Part] = [","] if plain else []
        for event in (plain, dict(reversed(plain.items()))):
            opening, *parts, closing = _parts(event, (), holes)
            yield [opening, *parts, closing]
            yield [opening, *parts, *comma, *further, closing]
            yield [opening, *further, *comma, *parts, closing]
            if len(plain) < 2:
                return


class FreeText:
    """Judges cases where the text of an event may be any JSON text of it: only what every such text has is asked."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._known: dict[frozenset[Direct], bool] = {}
        self.event: dict[str, object] | None = None
        self.open = False

    def possible(self, example: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Whether some text that starts like an object meets the demands on it."""
        key = frozenset(about_text)
        if key not in self._known:
            within, outside = _languages(about_text)
            self._known[key] = member([_OBJECT_START, *within], outside, frozenset(), self._budget) is not None
        return self._known[key]

    def shows(self, model: Model, demands: Sequence[Demand], about_text: Sequence[Direct]) -> bool:
        """Always, as far as this is asked."""
        self.event = event_of(model)
        return self.possible(model, demands, about_text)


def _others(example: Model, demands: Sequence[Demand]) -> Iterator[Model]:
    """The example with the other strings that a place may be."""
    for place in example:
        direct = [(test, wanted) for other, test, wanted in demands if other == place]
        listed = [test.strings for test, wanted in direct if wanted and isinstance(test, Words)]
        for text in sorted(frozenset.intersection(*listed)) if listed else ():
            if text != example[place] and all(test.accepts(text) == wanted for test, wanted in direct):
                yield {**example, place: text}


def _parts(
    tree: object, place: Selector, holes: dict[Selector, tuple[tuple[Language, ...], tuple[Language, ...]]]
) -> Iterator[Part]:
    """The text of an event in parts, with holes for the strings at some places."""
    if not isinstance(tree, dict):
        if isinstance(tree, str) and place in holes:
            yield from ('"', holes[place], '"')
        else:
            yield json.dumps(tree, separators=(",", ":"), ensure_ascii=False)
        return
    yield "{"
    for number, (key, value) in enumerate(tree.items()):
        yield ("," if number else "") + json.dumps(key, ensure_ascii=False) + ":"
        yield from _parts(value, (*place, Name(key)), holes)
    yield "}"


def _strings(direct: Sequence[Direct]) -> tuple[tuple[Language, ...], tuple[Language, ...]] | None:
    """The languages that a string must and must not belong to; None if no string passes. A list of constants is left
    as the union of its texts."""
    within: list[Language] = []
    outside: list[Language] = []
    for test, wanted in map(core, direct):
        match test:
            case Words(strings):
                if wanted and not strings:
                    return None
                (within if wanted else outside).append(_one_of(strings))
            case Fits(language, True):
                if language is not EVERY_TEXT:
                    (within if wanted else outside).append(language)
                elif not wanted:
                    return None
            case _:
                if isinstance(test, Exists) != wanted:
                    return None
    return tuple(within), tuple(outside)


def _one_of(strings: frozenset[str]) -> Language:
    texts = sorted(strings)
    return Language(f"one of {texts}", tuple(branch for text in texts for branch in exactly(text).branches))


def _languages(about_text: Sequence[Direct]) -> tuple[list[Language], list[Language]]:
    within: list[Language] = []
    outside: list[Language] = []
    for test, wanted in about_text:
        assert isinstance(test, Fits)
        (within if wanted else outside).append(test.language)
    return within, outside


def _read(text: str) -> dict[str, object] | None:
    try:
        event = json.loads(text)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
