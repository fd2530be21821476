"""A counted budget for everything exponential: past it the answer is *undecidable*, never a hang."""

from __future__ import annotations

STEPS = 1_000_000
"""Elementary steps of one question ; docs/patterns.md says how many real patterns take."""


class UndecidableError(Exception):
    """The budget of a question is used up, or a number is too large to be written out."""


class Budget:
    """Steps that are left for one question."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Takes steps off. Raises UndecidableError when none are left."""
        self.left -= steps
        if self.left < 0:
            raise UndecidableError("the budget of this question is used up")
