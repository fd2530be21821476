"""Captures that go on where another one stopped: pages asked for with the token that it left (rules X1, X3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.evidence.operations import starting_token
from auditor.evidence.placing import Capture

_Place = tuple[str, str, str, str]
_Token = tuple[_Place, str]
_PIECE = "--starting-token"


def continued(captures: Sequence[Capture]) -> list[Capture]:
    """The captures, those marked as narrowed that begin with a token which no captured page of their answer left.

    What continues a narrowed answer, or a piece, is one itself.
    """
    left: dict[_Token, list[Capture]] = defaultdict(list)
    for capture in captures:
        if capture.token:
            left[(_place(capture), capture.token)].append(capture)
    narrowed_from: dict[_Token, str] = {}
    return [_continued(capture, left, narrowed_from) for capture in captures]


def _continued(capture: Capture, left: Mapping[_Token, list[Capture]], narrowed_from: dict[_Token, str]) -> Capture:
    """The capture, marked if what it begins with leads to no first page.

    ``narrowed_from`` gains what is so of each token on the way, which thousands of pages may have in common.
    """
    narrowed, at = capture.narrowed, capture
    way: dict[_Token, None] = {}
    while not narrowed and (token := _begins_with(at)) is not None:
        if token in narrowed_from:
            narrowed = narrowed_from[token]
            break
        way[token] = None
        before = [earlier for earlier in left.get(token, ()) if _begins_with(earlier) not in way]  # no way leads back
        if not before:
            narrowed = _PIECE
            break
        at = min(before, key=lambda earlier: (bool(earlier.narrowed), earlier.number))
        narrowed = at.narrowed
    narrowed_from.update(dict.fromkeys(way, narrowed))
    return capture if narrowed == capture.narrowed else replace(capture, narrowed=narrowed)


def _begins_with(capture: Capture) -> _Token | None:
    """The token with which a capture asked for its page; None if it asked for the first one."""
    token = starting_token(capture.arguments)
    return (_place(capture), token) if token else None


def _place(capture: Capture) -> _Place:
    return capture.call.id, capture.place.account_id, capture.place.region, capture.place.resource
