"""Files in which nothing looks like an event of a pattern: what to say of them instead of "0 matched"."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.patterns.match import Event, message_object
from auditor.patterns.syntax import Name, Pattern
from auditor.text import count, listing, one_line

_OF_CLOUDTRAIL = ("eventName", "eventSource", "eventVersion")
_SHOWN = 4  # members of an object that a message names


@dataclass(slots=True)
class Strangers:
    """The events that a pattern did not match: how many are JSON objects, have what the pattern looks at, or hold
    others.
    """

    pattern: Pattern
    events: int = 0
    objects: int = 0
    familiar: int = 0
    envelopes: int = 0
    first: str = ""

    def add(self, event: Event) -> None:
        """Look at one event that was not matched."""
        self.events += 1
        record = message_object(event)
        if record is None:
            return
        self.objects += 1
        if self._familiar(record):
            self.familiar += 1
        elif not self.first:
            self.first = listing((one_line(name, 40) for name in record), limit=_SHOWN) or "none"
        self.envelopes += any(_holds_objects(value) for value in record.values())

    @property
    def form(self) -> str:
        """What the file is if it is no file of events but holds some in a form that is not read; else ``""``."""
        if not self.events or self.familiar or self.envelopes < self.events:
            return ""
        return f"{count(self.objects, 'object')} with the members {self.first}, of which none is an event"

    @property
    def remark(self) -> str:
        """Why nothing could match, where that is not what the events say; ``""`` if they do."""
        if not self.events:
            return "The file holds no event."
        if self.pattern.kind != "json" or self.familiar:
            return ""
        if not self.objects:
            return f"Nothing in the file is a JSON object: it was read as {count(self.events, 'raw message')}."
        looked_at = listing(sorted(f"$.{name}" for name in self._names()), "or")
        return f"No event has {looked_at}; the first one's members: {self.first}."

    def _familiar(self, record: dict[str, object]) -> bool:
        names = self._names()
        anything = self.pattern.kind == "json" and not names
        return anything or any(name in record for name in (*_OF_CLOUDTRAIL, *names))

    def _names(self) -> set[str]:
        """The members of an event at which the pattern looks, none if it looks at any."""
        first = [selector[0] for selector in self.pattern.selectors()] if self.pattern.kind == "json" else []
        names = {step.key for step in first if isinstance(step, Name)}
        return names if len(first) == sum(isinstance(step, Name) for step in first) else set()


def _holds_objects(value: object) -> bool:
    """Whether a member of an envelope may hold events: a list of objects or lists, or JSON in a string."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict | list) for item in value)
    return isinstance(value, str) and value.lstrip().startswith(('{"', '[{"'))
