"""What answers are made of, as they were parsed; the schema of a call says which members they have and of what kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]
"""An object of an answer, with AWS's names for its members: a trail, an alarm, or what stands in one."""

Page = dict[str, Any]
"""The object that one call printed."""

# AWS's names of tokens, and those that scripts and other services give them, by their letters.
_AWS_TOKENS = ("NextToken", "nextToken", "NextMarker")
_TOKENS = frozenset(
    {
        "nexttoken", "nextmarker", "marker", "nextpagetoken", "pagetoken", "continuationtoken",
        "nextcontinuationtoken", "paginationtoken", "resumetoken", "nextpage", "nextcursor", "lastevaluatedkey",
        "next", "nextlink", "odatanextlink", "cursor", "continuation", "token",
    }
)  # fmt: skip
_NO_TOKEN = frozenset({"", "none", "null", "nil", "undefined", "false", "n/a", "-"})


def letters_of(name: str) -> str:
    """The name of a member by its letters: case and what separates words are each script's own.

    >>> letters_of("HTTP-Status_Code")
    'httpstatuscode'
    """
    return re.sub(r"[^a-z]", "", name.lower())


def token_member(page: Item) -> str:
    """The member that holds a token, so that further pages exist (rule X1); ``""`` if there is none.

    >>> token_member({"metricFilters": [], "next_token": "eyJ0"})
    'next_token'
    """
    own = next((name for name in _AWS_TOKENS if page.get(name)), "")
    return own or next((name for name, value in page.items() if value and _is_token(name, value)), "")


def further_token(page: Item) -> str:
    """The member with a token of a script's own that is another than the one which AWS left beside it; ``""`` if none.

    >>> further_token({"metricFilters": [], "nextToken": "eyJ0", "next_token": "eyJ1"})
    'next_token'
    """
    left = {str(page[name]) for name in _AWS_TOKENS if page.get(name)}
    return next(
        (
            name
            for name, value in page.items()
            if left and name not in _AWS_TOKENS and value and _is_token(name, value) and str(value) not in left
        ),
        "",
    )


def _is_token(name: str, value: object) -> bool:
    return len(name) < 40 and letters_of(name) in _TOKENS and str(value).lower() not in _NO_TOKEN
