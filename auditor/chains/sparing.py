"""The last guard: a capture that makes a room fail becomes a problem, and what depends on it INCONCLUSIVE.

What is impossible in an answer is refused by its schema. Should something be left that a room cannot compute with, it
must not cost another account its finding: the captures that make it fail are sought and set aside as unusable.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from auditor.chains.join import Chains
from auditor.errors import AuditorError, Problem
from auditor.evidence import Capture, Evidence, assemble
from auditor.evidence.item import Item
from auditor.text import pointer

Product = TypeVar("Product")
Joining = Callable[[Evidence], Chains]
Making = Callable[[Evidence, Chains], Product]
Whole = Callable[[Evidence], Product]

MOST_CULPRITS = 20  # beyond them the fault is the program's own
_DETAIL = "this program cannot compute with what it holds"


def spared(evidence: Evidence, join: Joining, make: Making[Product]) -> Product:
    """What ``make`` makes of the evidence and its chains, without the items of captures that make it fail.

    Raises whatever ``join`` and ``make`` raise where no capture is the reason.
    """

    def whole(evidence: Evidence) -> Product:
        return make(evidence, join(evidence))

    for _ in range(MOST_CULPRITS):
        try:
            return whole(evidence)
        except AuditorError:
            raise
        except Exception as fault:
            culprit = _culprit(evidence, whole)
            if culprit is None:
                raise
            evidence = _without(evidence, culprit, fault, whole)
    return whole(evidence)


def _fails(evidence: Evidence, make: Whole[Product]) -> bool:
    try:
        make(evidence)
    except AuditorError:
        return False
    except Exception:
        return True
    return False


def _culprit(evidence: Evidence, make: Whole[Product]) -> Capture | None:
    """The last capture of the shortest beginning of the bundle that fails, None if nothing of it need be there."""
    captures = [capture for capture in evidence.captures if capture.usable]
    first = _first(len(captures) + 1, lambda number: _fails(_kept(evidence, captures[:number]), make))
    return captures[first - 1] if first is not None and first > 0 else None


def _first(end: int, holds: Callable[[int], bool]) -> int | None:
    """The first number below ``end`` from which on it holds, None if it does not hold at the end."""
    if not holds(end - 1):
        return None
    low, high = -1, end - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _kept(evidence: Evidence, kept: Sequence[Capture]) -> Evidence:
    """The evidence with all other captures unusable."""
    numbers = {capture.number for capture in kept}
    return _changed(
        evidence, [capture if capture.number in numbers else _unusable(capture) for capture in evidence.captures]
    )


def _unusable(capture: Capture) -> Capture:
    return replace(capture, status="invalid", detail=_DETAIL) if capture.usable else capture


def _changed(evidence: Evidence, captures: Sequence[Capture], *problems: Problem) -> Evidence:
    responses, _ = assemble(captures)
    ordered = sorted((*evidence.problems, *problems), key=lambda problem: (problem.file, problem.pointer))
    return replace(evidence, captures=tuple(captures), responses=responses, problems=tuple(ordered))


def _without(evidence: Evidence, culprit: Capture, fault: Exception, make: Whole[Product]) -> Evidence:
    """The evidence without the item of a capture that makes it fail, or the whole capture, and the problem of it."""

    def with_this(capture: Capture, *problems: Problem) -> Evidence:
        captures = [capture if other.number == capture.number else other for other in evidence.captures]
        return _changed(evidence, captures, *problems)

    items = [(page, entry.member, at) for entry in culprit.call.lists for page, at, _ in culprit.items(entry)]
    first = _first(len(items) + 1, lambda number: _fails(with_this(_skipping(culprit, items[number:])), make))
    item = items[first - 1] if first else None
    place = (item[0], item[1], item[2]) if item is not None else (0,)
    member = next(
        (name for name in _members(culprit, place) if not _fails(with_this(_less(culprit, place, name)), make)), None
    )
    problem = Problem(
        culprit.file,
        "".join([*culprit.page_pointers[place[0] : place[0] + 1], pointer(*place[1:], *filter(None, [member]))]),
        f"holds what this program cannot compute with ({type(fault).__name__}); it was set aside.",
        f"Check the numbers in it, or capture again: {culprit.call.request()} --output json",
        "not-computable",
    )
    return with_this(_unusable(culprit) if item is None else _skipping(culprit, [item]), problem)


_At = tuple[int] | tuple[int, str, int]  # of a page, or of an item: page, list, position


def _skipping(capture: Capture, items: Sequence[tuple[int, str, int]]) -> Capture:
    return replace(capture, skipped=capture.skipped | frozenset(items))


def _item(page: Item, place: _At) -> Any:
    return page[place[1]][place[2]] if len(place) > 1 else page


def _members(capture: Capture, place: _At) -> list[str]:
    item = _item(capture.pages[place[0]], place) if capture.pages else None
    return sorted(item) if isinstance(item, dict) else []


def _less(capture: Capture, place: _At, member: str) -> Capture:
    """The capture without a member of one item, or of one answer."""
    pages = list(capture.pages)
    pages[place[0]] = page = copy.deepcopy(pages[place[0]])
    del _item(page, place)[member]
    return replace(capture, pages=tuple(pages))
