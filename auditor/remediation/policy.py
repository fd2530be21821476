"""The resource and key policies that steps install (data: policies.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from string import Template
from typing import Any

from auditor.resources import PACKAGE


def policy(name: str, values: Mapping[str, str]) -> object:
    """The policy document ``name``; ``${…}`` in its strings is replaced by the value of that name."""
    return _filled(_policies()[name], values)


@cache
def _policies() -> dict[str, object]:
    document: dict[str, object] = json.loads((PACKAGE / "remediation" / "policies.json").read_text(encoding="utf-8"))
    return document


def _filled(part: Any, values: Mapping[str, str]) -> object:
    if isinstance(part, dict):
        return {name: _filled(member, values) for name, member in part.items()}
    if isinstance(part, list):
        return [_filled(member, values) for member in part]
    return Template(part).substitute(values)
