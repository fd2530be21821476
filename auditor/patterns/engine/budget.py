"""A counted budget for everything exponential: past it the answer is *undecidable*, never a hang.

A step is about a microsecond of a usual machine: what costs more is counted as more steps, so that a budget is a time.
"""

from __future__ import annotations

STEPS = 4_000_000
"""Steps of one comparison of patterns, whatever it asks; docs/patterns.md says how many real patterns take."""


class UndecidableError(Exception):
    """The budget of a question is used up, or a number is too large to be written out."""


class ExhaustedError(UndecidableError):
    """The budget is used up: nothing more can be found out."""


class Budget:
    """Steps that are left for one question."""

    def __init__(self, steps: int = STEPS) -> None:
        self._steps = self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Takes steps off. Raises UndecidableError when none are left."""
        self.left -= steps
        if self.left < 0:
            raise ExhaustedError("it takes more steps than are spent on one comparison")

    def renew(self, steps: int = STEPS) -> None:
        """Begins anew, for the next question about the same patterns."""
        self._steps = self.left = steps

    @property
    def used(self) -> int:
        """The steps that were taken."""
        return self._steps - max(self.left, 0)

    def part(self, steps: int) -> Budget:
        """A budget of its own for a part of the question, of what is left at most; ``settle`` takes it off."""
        return Budget(max(0, min(steps, self.left)))

    def settle(self, part: Budget) -> None:
        """Takes off what a part has used."""
        self.left -= part.used


class Shares:
    """Divides the steps of one comparison among its questions; what one leaves goes to those after it."""

    def __init__(self, budget: Budget, questions: int, steps: int = STEPS) -> None:
        self._budget = budget
        self._questions = questions
        self._left = steps
        budget.renew(0)

    def begin(self) -> None:
        """Gives the budget the share of the next question."""
        self._left -= self._budget.used
        self._budget.renew(self._left // max(1, self._questions))
        self._questions -= 1
