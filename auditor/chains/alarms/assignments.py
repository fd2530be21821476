"""Questions over all assignments of states to alarms: is there one for which something holds (C4, C5)?

A question answers True, False or None for alarms of which each may be in several states: it holds for all of them, for
none, or that depends. The search narrows the states until it is answered, and counts its steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

States = Mapping[str, frozenset[str]]
Question = Callable[[States], bool | None]
_OF_ONE = 5_000  # evaluations of a rule for one question; a rule names at most 100 alarms, of which few decide
_OF_ALL = 300_000  # and for all questions about the alarms of one account and region


class BudgetError(Exception):
    """There are more assignments than are tried."""


class Search:
    """Searches with a budget that all share; a question costs as many evaluations as rules hang on it."""

    def __init__(self) -> None:
        self._left = _OF_ALL

    def find(self, states: States, question: Question, cost: int) -> States | None:
        """States, of those given for each alarm, for which a question holds; None if there are none.

        Raises:
            BudgetError: the search takes too many steps.
        """
        waiting = [states]
        left = min(_OF_ONE, self._left)
        while waiting:
            tried = waiting.pop()
            answer = question(tried)
            if answer:
                return tried
            if answer is None:
                left -= cost
                self._left -= cost
                if left < 0:
                    raise BudgetError
                chosen = next((name for name, possible in tried.items() if len(possible) > 1), None)
                if chosen is None:  # what it asks hangs on something else
                    raise BudgetError
                waiting += [{**tried, chosen: frozenset({state})} for state in sorted(tried[chosen])]
        return None


def negated(question: Question) -> Question:
    """The question whether the other does not hold."""

    def answer(states: States) -> bool | None:
        value = question(states)
        return None if value is None else not value

    return answer
