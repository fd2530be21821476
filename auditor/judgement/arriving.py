"""Which calls the trails of a log group let through: of these are its ordinary events (L10, T14, T15)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from auditor.chains import Selector, takes
from auditor.chains.selectors import SOURCE_ENDING, told_apart

_MOST = 200  # services and beginnings of names that are asked about one by one
_ORDINARY = "ordinary"  # for what no selector names, in words that no pattern names


@dataclass(frozen=True, slots=True)
class OfService:
    """Calls of one service, or of names that begin or end alike: ``names`` are examples, none if they are all calls."""

    source: str
    names: tuple[str, ...]
    read_only: bool


@dataclass(frozen=True, slots=True)
class Arriving:
    """What arrives: ``kinds``: calls of every service that read (True), that write (False), or both; ``services``: what
    arrives where calls of every service of their kind do not. Calls that selectors name one by one come too seldom.
    ``data``: data events arrive, too, which may be most of all.
    """

    kinds: tuple[bool, ...] = (True, False)
    services: tuple[OfService, ...] = ()
    data: bool = False


@lru_cache(maxsize=4096)
def arriving(selectors: tuple[tuple[Selector, ...], ...]) -> Arriving:
    """What arrives by the selectors of each trail; without any, every management event does."""
    if not selectors:
        return Arriving()
    conditions = [selector for per_trail in selectors for selector in per_trail]
    sources, names = told_apart(conditions, "eventSource", SOURCE_ENDING), told_apart(conditions, "eventName")

    def taken(source: str, name: str, read_only: bool) -> bool:
        return any(takes(per_trail, source, name, read_only) for per_trail in selectors)

    def services() -> Iterator[OfService]:
        for read_only in (True, False):
            for source, name in itertools.product((*sources.named, *sources.others), names.others):
                if read_only not in kinds and taken(source, name, read_only):
                    called = () if name == names.any_other else (name.replace(names.sign, _ORDINARY),)
                    yield OfService(source.replace(sources.sign, _ORDINARY), called, read_only)

    kinds = tuple(read_only for read_only in (True, False) if taken(sources.any_other, names.any_other, read_only))
    of_data = any(selector.of_others for selector in conditions)
    return Arriving(kinds, tuple(itertools.islice(services(), _MOST)), of_data)
