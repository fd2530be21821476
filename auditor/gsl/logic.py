"""Three-valued logic and the values that exist only because evidence can be missing.

A truth value is ``True``, ``False`` or ``None`` (unknown). False wins over unknown in *and*, true wins in *or*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Final

Truth = bool | None

MARKER = "$unevidenced"


class Unevidenced:
    """The one value of which no capture says anything; differs from absent. In JSON ``{"$unevidenced": true}``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNEVIDENCED"


UNEVIDENCED: Final = Unevidenced()


@dataclass(frozen=True, slots=True)
class More:
    """Stands in a list for any number of further items, perhaps none, that no capture shows.

    An unevidenced item is one that is there; of these not even that is known. ``label`` says for people what they are.
    """

    label: str = ""


_PLAIN = frozenset((str, int, float, bool, type(None), list))


def known_value(value: object) -> Any:
    """``value``, or UNEVIDENCED where it is the marker of JSON data or stands for items that no capture shows."""
    if type(value) in _PLAIN:  # nearly all are, and asking an abstract type of each is what takes the time
        return value
    if isinstance(value, More):
        return UNEVIDENCED
    if isinstance(value, Mapping) and value.get(MARKER) is True:
        return UNEVIDENCED
    return value


def has_unevidenced(value: object) -> bool:
    """Whether ``value`` or anything inside it is unevidenced."""
    value = known_value(value)
    if isinstance(value, Unevidenced):
        return True
    if isinstance(value, Mapping):
        return any(has_unevidenced(member) for member in value.values())
    return isinstance(value, list) and any(has_unevidenced(item) for item in value)


def negate(truth: Truth) -> Truth:
    """Kleene's *not*."""
    return None if truth is None else not truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's *and*; true for none."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's *or*; false for none."""
    return negate(all_of(negate(truth) for truth in truths))


@dataclass(frozen=True, slots=True)
class Interval:
    """A whole number of which only the bounds are known, both included."""

    low: int | float
    high: int | float


@dataclass(frozen=True, slots=True)
class Items:
    """A list whose items belong to it for certain (true) or perhaps (unknown; so does what ``More`` stands for)."""

    members: tuple[tuple[object, Truth], ...]

    def count(self) -> Interval:
        """The number of items: from the certain ones to those plus the uncertain, which may be without end."""
        certain = sum(membership is True for _, membership in self.members)
        if any(isinstance(item, More) for item, _ in self.members):
            return Interval(certain, inf)
        return Interval(certain, certain + sum(membership is None for _, membership in self.members))

    def some(self) -> Truth:
        """Whether there is an item."""
        return any_of(membership for _, membership in self.members)
