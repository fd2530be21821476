"""Regions: on by default, or where global services record their calls (data with its sources: regions.json)."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any

from auditor.resources import PACKAGE


@cache
def _data() -> dict[str, Any]:
    document: dict[str, object] = json.loads((PACKAGE / "catalogue" / "regions.json").read_text(encoding="utf-8"))
    return document


@lru_cache(maxsize=16)
def default_regions(partition: str) -> tuple[str, ...]:
    """The regions of a partition (``aws``, ``aws-cn``, ``aws-us-gov``) that every account can use, sorted.

    Empty for a partition whose defaults are not public.
    """
    return tuple(sorted(_data()["default"].get(partition, ())))


@lru_cache(maxsize=4096)
def leading_regions(partition: str, source: str = "") -> tuple[str, ...]:
    """Where a global service records its calls (rule T11); without ``source`` all such regions of the partition.

    Empty for a partition of which it is not known.
    """
    region_of_source = _data()["leading"].get(partition, {})
    if not source:
        return tuple(sorted(set(region_of_source.values())))
    return tuple(filter(None, [region_of_source.get(source) or region_of_source.get("")]))


def is_global(source: str) -> bool:
    """Whether a service (by event source) records calls as those of a global service (rule T11)."""
    return source in _data()["global_services"]


def is_regional(source: str) -> bool:
    """Whether a service (by event source) records calls in the region where they are made (rules T10, T11)."""
    return bool(_data()["global_services"].get(source, {"regional": True})["regional"])
