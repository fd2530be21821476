"""The last guard of reading: a file with which a stage fails is a problem of that file, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from auditor.errors import AuditorError, Problem

Product = TypeVar("Product")
Instead = TypeVar("Instead")


def guarded(file: str, make: Callable[[], Product], otherwise: Callable[[Problem], Instead]) -> Product | Instead:
    """What a stage makes of a file; where it fails with whatever it was not made for, ``otherwise`` and the problem."""
    try:
        return make()
    except AuditorError:
        raise
    except Exception as fault:
        says = f"holds what this program cannot compute with ({type(fault).__name__}); it was set aside."
        return otherwise(Problem(file, "", says, "Check what it holds, or capture again.", "not-computable"))
