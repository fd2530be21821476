"""What is seen of two patterns at a glance, without asking what they count in common: an organisation has thousands of
filters that plainly have nothing to do with a required pattern.

Each answer is shown by two events, one that only the left pattern counts and one that only the right one counts, or
by texts of one member that no event can have both; where neither is at hand there is none, and ``relate`` is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, reduce
from typing import Any

from auditor.patterns.coverage import uncounted
from auditor.patterns.errors import NumberTooLongError, PatternSyntaxError
from auditor.patterns.match import Event, match
from auditor.patterns.parse import parse
from auditor.patterns.readings import fits
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Glob, Name, Pattern, Selector
from auditor.verdict import Relation

Needs = Mapping[Selector, frozenset[tuple[str, ...]]]
"""Of members that every counted event has: the texts with wildcards, cut at them, of which its value fits one."""

_FURTHER = "message"


@lru_cache(maxsize=16384)
def at_a_glance(left: str, right: str) -> Relation | None:
    """*overlapping* or *disjoint* where that is seen without a search, else None; the same as ``relate`` says then."""
    left_pattern, right_pattern = _parsed(left), _parsed(right)
    if left_pattern is None or right_pattern is None:
        return None
    if apart(left, right):
        return None if witness(right) is None else Relation.DISJOINT
    only_left, only_right = witness(left), witness(right)
    if only_left is None or only_right is None:
        return None
    try:
        if match(left_pattern, only_right) or match(right_pattern, only_left):
            return None
        shared = any(
            match(left_pattern, event) and match(right_pattern, event) for event in _joined(only_left, only_right)
        )
    except NumberTooLongError:
        return None
    return Relation.OVERLAPPING if shared else None


@lru_cache(maxsize=16384)
def apart(left: str, right: str) -> bool:
    """Whether both patterns need a member to have texts of which none fits both; False where that is not plain."""
    left_needs, right_needs = _needs_of(left), _needs_of(right)
    if len(left_needs) > len(right_needs):
        left_needs, right_needs = right_needs, left_needs
    return any(
        not any(_meet(text, other_text) for text in texts for other_text in right_needs[selector])
        for selector, texts in left_needs.items()
        if selector in right_needs
    )


def may_count(pattern: str, **texts: str) -> bool:
    """Whether the pattern may count an event whose members have these texts; True where that is not plain."""
    needs = _needs_of(pattern)
    return all(
        any(_meet(needed, (text,)) for needed in needs[(Name(key),)])
        for key, text in texts.items()
        if (Name(key),) in needs
    )


@lru_cache(maxsize=16384)
def witness(pattern: str) -> Event | None:
    """A small event that the pattern counts; None if none is found, or if the text is no pattern."""
    parsed = _parsed(pattern)
    return None if parsed is None else uncounted((), parsed)[1]


def _parsed(text: str) -> Pattern | None:
    try:
        return parse(text)
    except PatternSyntaxError:
        return None


@lru_cache(maxsize=16384)
def _needs_of(pattern: str) -> Needs:
    parsed = _parsed(pattern)
    return _needs(parsed.root) if parsed is not None and parsed.kind == "json" else {}  # type: ignore[arg-type]


def _needs(condition: Condition) -> Needs:
    match condition:
        case Compare(selector, "=", Glob(pieces)) if all(isinstance(step, Name) for step in selector):
            return {selector: frozenset([pieces])}
        case AllOf(parts):
            return reduce(_narrower, map(_needs, parts))
        case AnyOf(parts):
            return reduce(_wider, map(_needs, parts))
    return {}


def _narrower(left: Needs, right: Needs) -> Needs:
    """Of two sets of texts that both hold, the smaller one will do."""
    return {**left, **{key: min(left[key], texts, key=len) if key in left else texts for key, texts in right.items()}}


def _wider(left: Needs, right: Needs) -> Needs:
    return {selector: texts | right[selector] for selector, texts in left.items() if selector in right}


def _meet(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether a text may fit both; only their ends are looked at where both have wildcards."""
    if len(left) == 1:
        return fits(Glob(right), left[0])
    if len(right) == 1:
        return fits(Glob(left), right[0])
    starts, ends = sorted((left[0], right[0]), key=len), sorted((left[-1], right[-1]), key=len)
    return starts[1].startswith(starts[0]) and ends[1].endswith(ends[0])


def _joined(left: Event, right: Event) -> list[dict[str, object]]:
    """Events with what both have; a text becomes a further member."""
    objects = [event if isinstance(event, dict) else {_FURTHER: event} for event in (left, right)]
    return [_merged(*objects), _merged(*reversed(objects))]


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, object]:
    """Both; where they differ, the second one."""
    merged = dict(first)
    for key, value in second.items():
        first_value = merged.get(key)
        merged[key] = (
            _merged(first_value, value) if isinstance(first_value, dict) and isinstance(value, dict) else value
        )
    return merged
