"""Regions that are on by default and cannot be switched off, per partition (data with its source: regions.json)."""

from __future__ import annotations

import json
from functools import cache

from auditor.resources import PACKAGE


@cache
def _table() -> dict[str, tuple[str, ...]]:
    document = json.loads((PACKAGE / "catalogue" / "regions.json").read_text(encoding="utf-8"))
    return {partition: tuple(sorted(regions)) for partition, regions in document["default"].items()}


def default_regions(partition: str) -> tuple[str, ...]:
    """The regions of a partition (``aws``, ``aws-cn``, ``aws-us-gov``) that every account can use, sorted.

    Empty for a partition whose defaults are not public.
    """
    return _table().get(partition, ())
