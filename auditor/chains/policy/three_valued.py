"""Three-valued logic: None stands for what the captures leave open."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether one of them holds; False for none."""
    found = set(truths)
    return True if True in found else None if None in found else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether each of them holds; True for none."""
    found = set(truths)
    return False if False in found else None if None in found else True


def negation(truth: Truth) -> Truth:
    """The opposite of what is known."""
    return None if truth is None else not truth


def agreed(truths: Iterable[Truth]) -> Truth:
    """What all of them say, None if they differ."""
    found = set(truths)
    return found.pop() if len(found) == 1 else None
