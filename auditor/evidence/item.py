"""What answers are made of, as they were parsed; the schema of a call says which members they have and of what kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]
"""An object of an answer, with AWS's names for its members: a trail, an alarm, or what stands in one."""

Page = dict[str, Any]
"""The object that one call printed."""


def token_member(page: Item) -> str:
    """The member that holds a token, so that further pages exist (rule X1); ``""`` if there is none."""
    return next((name for name in ("NextToken", "nextToken", "NextMarker") if page.get(name)), "")
