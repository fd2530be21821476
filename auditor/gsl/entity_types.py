"""Entity types and their fields, from ``entities.json``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from auditor.resources import data_files


@cache
def _document() -> dict[str, Any]:
    (path,) = data_files("gsl")
    document: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return document


def known_fields() -> dict[str, frozenset[str]]:
    """The fields of each entity type whose table is known: ``metricFilters[].filterPattern``; ``[]`` is a list.

    A field that ends in ``.*`` has members whose names are not known.
    """
    return {entity: frozenset(fields) for entity, fields in _document()["fields"].items()}


@cache
def known_types() -> frozenset[str]:
    """The names of entity types in published rules, of every platform."""
    return frozenset(name for names in _document()["types"].values() for name in names)
