"""How far a thing is proven (V3): a closed interval of 0 broken, 1 unknown, 2 ok.

An interval wider than a point says that the law leaves it open: the product may answer anything inside it. Links of
a chain are joined by ``all_of`` (the weakest), chains for one event by ``any_of`` (the strongest): the monotone
function of "The rule that decides".
"""

from __future__ import annotations

from collections.abc import Iterable

State = tuple[int, int]

BROKEN: State = (0, 0)
UNKNOWN: State = (1, 1)
OK: State = (2, 2)
NOT_OK: State = (0, 1)  # the law says that it is not ok, and not which of the two
NOT_BROKEN: State = (1, 2)
ANYTHING: State = (0, 2)

NAMES = ("FAIL", "INCONCLUSIVE", "PASS")


def all_of(states: Iterable[State]) -> State:
    """The weakest of the links; of none: ok."""
    low = high = 2
    for state in states:
        low, high = min(low, state[0]), min(high, state[1])
    return low, high


def any_of(states: Iterable[State]) -> State:
    """The strongest of the chains; of none: broken."""
    low = high = 0
    for state in states:
        low, high = max(low, state[0]), max(high, state[1])
    return low, high


def wherever(states: Iterable[State]) -> State:
    """One of these, and nobody knows which: ok if all are, broken if all are, else unknown."""
    lows, highs = zip(*states, strict=True)
    return tuple(ends[0] if len({*ends}) == 1 else 1 for ends in (lows, highs))  # type: ignore[return-value]


def verdicts(state: State) -> frozenset[str]:
    """The verdicts that the law allows for ``state``."""
    return frozenset(NAMES[state[0] : state[1] + 1])
