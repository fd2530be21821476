"""Matching the same few calls over and over: a pattern's answer is remembered by the members it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.patterns import Pattern, match
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Is, Name, NotExists

REMEMBERED = 4096  # answers of one pattern; an account calls some hundred different operations

_Key = tuple[str | None, ...]


class Recall:
    """The answers of :func:`auditor.patterns.match` for one pattern, in bounded memory.

    They are remembered where the pattern looks at members of the event itself only (``$.eventName``), and those are
    texts or absent; otherwise the pattern is matched each time.
    """

    __slots__ = ("_answers", "_members", "_pattern")

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._members = _members(pattern)
        self._answers: dict[_Key, bool] = {}

    def matches(self, event: dict[str, Any]) -> bool:
        """Whether the pattern matches the event."""
        key = self._key(event)
        if key is None:
            return match(self._pattern, event)
        answer = self._answers.get(key)
        if answer is None:
            answer = match(self._pattern, event)
            if len(self._answers) >= REMEMBERED:
                self._answers.clear()
            self._answers[key] = answer
        return answer

    def _key(self, event: dict[str, Any]) -> _Key | None:
        if not self._members:
            return None
        key = []
        for member in self._members:
            value = event.get(member)
            if not isinstance(value, str) and member in event:
                return None
            key.append(value)
        return tuple(key)


def _members(pattern: Pattern) -> tuple[str, ...]:
    """The event's own members that a pattern looks at, ``()`` if it looks at anything else."""
    if not isinstance(pattern.root, Compare | Is | NotExists | AllOf | AnyOf):
        return ()
    selectors = set(_selectors(pattern.root))
    names = [selector[0].key for selector in selectors if len(selector) == 1 and isinstance(selector[0], Name)]
    return tuple(sorted(names)) if len(names) == len(selectors) else ()


def _selectors(condition: Condition) -> Iterator[tuple[object, ...]]:
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _selectors(part)
    else:
        yield condition.selector
