"""Questions over all assignments of states to alarms: is there one for which something holds (C4, C5)?

A question answers True, False or None for alarms of which each may be in several states: it holds for all of them, for
none, or that depends. The search narrows the states until it is answered, and counts its steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

States = Mapping[str, frozenset[str]]
Question = Callable[[States], bool | None]
_STEPS = 1_000  # answers of a question; a rule names at most 100 alarms, of which few decide


class BudgetError(Exception):
    """There are more assignments than are tried."""


def find(states: States, question: Question) -> States | None:
    """States, of those given for each alarm, for which a question holds; None if there are none.

    Raises:
        BudgetError: the search takes too many steps.
    """
    waiting = [dict(states)]
    for _ in range(_STEPS):
        if not waiting:
            return None
        tried = waiting.pop()
        answer = question(tried)
        if answer:
            return tried
        if answer is None:
            chosen = next(name for name, possible in tried.items() if len(possible) > 1)
            waiting += [tried | {chosen: frozenset({state})} for state in sorted(tried[chosen])]
    raise BudgetError


def negated(question: Question) -> Question:
    """The question whether the other does not hold."""

    def answer(states: States) -> bool | None:
        found = question(states)
        return None if found is None else not found

    return answer
