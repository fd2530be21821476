"""The names that stand after a value: functions, list steps, comparisons; which have an established meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Parameter = Literal["number", "text", "unit"]

UNITS = ("minutes", "hours", "days", "months")


@dataclass(frozen=True, slots=True)
class Function:
    """``parameters``: what the arguments must be (None: unknown). ``gap``: what is not established, or ``""``."""

    parameters: tuple[Parameter, ...] | None
    gap: str = ""


_NO_TEXT = "no published rule uses it and its documentation could not be consulted"

FUNCTIONS: dict[str, Function] = {
    "length": Function(()),
    "isEmpty": Function(()),
    "before": Function(("number", "unit")),
    "after": Function(("number", "unit")),
    "isPublic": Function(()),
    "isPrivate": Function(()),
    "numberOfHosts": Function(()),
    "isFilterPatternEqual": Function(("text",)),
    "allowedHostsForPort": Function(
        ("number",), "the fields by which an ordered rule list says allow or deny, and in which order, are not known"
    ),
    **dict.fromkeys(
        ("countByValue", "split", "join", "unique", "inside", "numberOfHostsUpTo", "date"), Function(None, _NO_TEXT)
    ),
    **dict.fromkeys(
        ("getResource", "getResources"), Function(None, "a family for Terraform plans whose arguments are not known")
    ),
}

LIST_STEPS: dict[str, str] = {
    **dict.fromkeys(("with", "contain", "contain-any", "contain-all", "contain-none", "groupBy"), ""),
    **dict.fromkeys(("contain-only", "countByValue"), _NO_TEXT),
}
"""Steps that take brackets, each with what is not established about it."""

COMPARISONS: dict[str, str] = {"unlike": _NO_TEXT, "~": _NO_TEXT}
"""Comparisons that are known by name only."""


def nearest(name: str, names: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name that ``name`` was probably meant to be; letter case does not count.

    ``cutoff`` says how alike it must be, from 0 to 1 (``difflib``).
    """
    lower = name.lower()
    by_lower = {candidate.lower(): candidate for candidate in names}
    matches = get_close_matches(lower, by_lower, n=1, cutoff=cutoff)
    # arn for trailArn: a short end of a long name is not close to it as texts go.
    matches = matches or sorted(
        (candidate for candidate in by_lower if len(lower) > 2 and candidate.endswith(lower)), key=len
    )
    return by_lower[matches[0]] if matches else None
