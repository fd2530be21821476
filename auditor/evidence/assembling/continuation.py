"""Captures that go on where another one stopped: pages asked for with the token that it left (rules X1, X3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from auditor.evidence.operations import starting_token
from auditor.evidence.placing import Capture

_Place = tuple[str, str, str, str]
_PIECE = "--starting-token"


def continued(captures: Sequence[Capture]) -> list[Capture]:
    """The captures, those marked as narrowed that begin with a token which no captured page of their answer left.

    What continues a narrowed answer, or a piece, is one itself.
    """
    left: dict[tuple[_Place, str], list[Capture]] = defaultdict(list)
    for capture in captures:
        if capture.token:
            left[(_place(capture), capture.token)].append(capture)
    return [_continued(capture, left) for capture in captures]


def _continued(capture: Capture, left: dict[tuple[_Place, str], list[Capture]]) -> Capture:
    narrowed, at, numbers = capture.narrowed, capture, {capture.number}
    while not narrowed and (token := starting_token(at.arguments)):
        before = [earlier for earlier in left.get((_place(capture), token), ()) if earlier.number not in numbers]
        if not before:
            narrowed = _PIECE
            break
        at = min(before, key=lambda earlier: (bool(earlier.narrowed), earlier.number))
        numbers.add(at.number)
        narrowed = at.narrowed
    return capture if narrowed == capture.narrowed else replace(capture, narrowed=narrowed)


def _place(capture: Capture) -> _Place:
    return capture.call.id, capture.place.account_id, capture.place.region, capture.place.resource
