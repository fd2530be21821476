"""What the join asks of the patterns of filters, which it does not read: the answers are given to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.chains.model import Counting, Origin


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers about filter patterns and the events of a log group, as its origin says; None: no trail delivers there.

    ``nearly_everything``: whether a filter counts nearly every event (L10). ``nothing``: whether it surely counts none
    that arrives. ``along``: which of several patterns may count each event that another one counts.
    """

    nearly_everything: Callable[[str, Origin | None], Counting]
    nothing: Callable[[str, Origin | None], bool]
    along: Callable[[str, tuple[str, ...]], frozenset[str]]
