"""Matching the same few calls over and over: the answers of patterns are remembered by the members they look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.patterns import Message, Pattern, match
from auditor.patterns.syntax import Name

REMEMBERED = 4096  # answers of one group of patterns; an account calls some hundred different operations

Readable = dict[str, object] | Message
"""An event that is a JSON object, with or without the text that it was written as."""

_Key = tuple[object, ...]
_ABSENT = object()
_NESTED = object()  # an object or array: conditions on it never ask what it holds


class Recall:
    """The answers of :func:`auditor.patterns.match` for patterns that look at the same members, in bounded memory.

    They are remembered where each member stands under names only (``$.userIdentity.type``); otherwise, and for events
    that have a number there, the patterns are matched each time.
    """

    __slots__ = ("_answers", "_paths", "_patterns")

    def __init__(self, patterns: Mapping[int, Pattern], paths: tuple[tuple[str, ...], ...]) -> None:
        self._patterns = patterns
        self._paths = paths
        self._answers: dict[_Key, int] = {}

    def counted(self, event: Readable) -> int:
        """The patterns that match the event: a bit for each, at its number."""
        key = self._key(event.record if isinstance(event, Message) else event)
        if key is None:
            return self._matched(event)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._matched(event)
            if len(self._answers) >= REMEMBERED:
                self._answers.clear()
            self._answers[key] = answer
        return answer

    def _matched(self, event: Readable) -> int:
        return sum(1 << number for number, pattern in self._patterns.items() if match(pattern, event))

    def _key(self, event: object) -> _Key | None:
        if not self._paths:
            return None
        key: list[object] = []
        for path in self._paths:
            value = event
            for name in path:
                value = value.get(name, _ABSENT) if isinstance(value, dict) else _ABSENT
            if isinstance(value, int | float) and not isinstance(value, bool):
                return None
            key.append(_NESTED if isinstance(value, dict | list) else value)
        return tuple(key)


def recalls(patterns: Iterable[Pattern]) -> Iterator[tuple[Recall, tuple[int, ...]]]:
    """Groups of patterns that look at the same members, with the numbers (from 0) of the patterns in each."""
    groups: dict[object, dict[int, Pattern]] = {}
    for number, pattern in enumerate(patterns):
        paths = _paths(pattern)
        groups.setdefault(paths or number, {})[number] = pattern
    for key, group in groups.items():
        yield Recall(group, key if isinstance(key, tuple) else ()), tuple(group)


def _paths(pattern: Pattern) -> tuple[tuple[str, ...], ...]:
    """The members that a pattern looks at, as the names that lead to them; ``()`` if there are others."""
    paths = []
    for selector in pattern.selectors():
        names = [step.key for step in selector if isinstance(step, Name)]
        if len(names) < len(selector):
            return ()
        paths.append(tuple(names))
    return tuple(sorted(paths))
