"""Three-valued logic: None stands for what the captures leave open."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether one of them holds; False for none."""
    values = set(truths)
    return True if True in values else None if None in values else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether each of them holds; True for none."""
    values = set(truths)
    return False if False in values else None if None in values else True


def negation(truth: Truth) -> Truth:
    """The opposite of what is known."""
    return None if truth is None else not truth


def agreed(truths: Iterable[Truth]) -> Truth:
    """What all of them say, None if they differ."""
    values = set(truths)
    return values.pop() if len(values) == 1 else None
