"""The errors of a document against its schema, met in portions.

``jsonschema_rs`` makes all errors of a document at once, some kilobytes each: gigabytes of a list of 300,000 wrong
items. So long lists are checked piece by piece, what is too large for a piece is one error, and so is the rest of a
list past :data:`MOST`. No export is near these sizes where its schema does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.resources import validator

Path = tuple[str | int, ...]

PORTION = 20_000
"""Values in what is checked at once; an alarm has fifty."""
MOST = 50_000
"""Errors that are told apart."""


def errors_of(name: str, document: object) -> Iterator[tuple[Path, Any]]:
    """Each error of a document that does not follow the schema ``name``, with its place, and at least one; None in the
    place of all further ones at or below a place.
    """
    empty = True
    for error in _of_document(name, document):
        empty = False
        yield error
    if empty:
        yield (), None


def _of_document(name: str, document: object) -> Iterator[tuple[Path, Any]]:
    if isinstance(document, list):
        yield from _of_list(name, document, ())
        return
    members = document if isinstance(document, dict) else {}
    large = {member: value for member, value in members.items() if _size(value, PORTION) >= PORTION}
    emptied: dict[str, object] = {member: [] if isinstance(value, list) else {} for member, value in large.items()}
    for path, error in _plain(name, {**members, **emptied} if large else document):
        if not path or path[0] not in large:
            yield path, error
    for member, value in large.items():
        if isinstance(value, list):
            yield from _of_list(name, value, (member,))
        else:
            yield (member,), None


def _plain(name: str, document: object) -> Iterator[tuple[Path, Any]]:
    return ((tuple(error.instance_path), error) for error in validator(name).iter_errors(document))


def _of_list(name: str, items: list[object], place: Path) -> Iterator[tuple[Path, Any]]:
    """The errors of a list that is the document, or a member of it, below ``place``."""
    listed = 0
    for start, piece in _pieces(items):
        if listed > MOST:
            yield place, None
            return
        if len(piece) == 1 and _size(piece[0], PORTION) >= PORTION:
            yield (*place, start), None
            continue
        for path, error in _plain(name, {place[0]: piece} if place else piece):
            depth = len(place)
            if path[:depth] == place and len(path) > depth:
                index = path[depth]
                yield (*place, start + int(index), *path[depth + 1 :]), error
                listed += 1
            elif start == 0 and not place:
                yield path, error


def _pieces(items: list[object]) -> Iterator[tuple[int, list[object]]]:
    """Runs of the items that together hold no more than a portion, each with the position of its first."""
    start, values = 0, 0
    for number, item in enumerate(items):
        size = _size(item, PORTION)
        if values and values + size > PORTION:
            yield start, items[start:number]
            start, values = number, 0
        values += size
    yield start, items[start:]


def _size(value: object, most: int) -> int:
    """How many values stand in a value, itself included; ``most`` if they are at least so many."""
    waiting, number = [value], 0
    while waiting and number < most:
        container = waiting.pop()
        number += 1
        if isinstance(container, dict):
            waiting.extend(container.values())
        elif isinstance(container, list):
            waiting.extend(container)
    return number
