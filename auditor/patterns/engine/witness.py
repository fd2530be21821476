"""From what the search found to an event: a JSON object with only the fields that matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.patterns.engine.atoms import Shape, Written
from auditor.patterns.engine.formula import MESSAGE
from auditor.patterns.engine.nodes import Tree
from auditor.patterns.engine.solve import Model
from auditor.patterns.numbers import Number, WrittenNumber
from auditor.patterns.syntax import Name

_SHAPES: dict[Shape, Any] = {Shape.NULL: None, Shape.TRUE: True, Shape.FALSE: False}


def event_of(model: Model) -> dict[str, Any]:
    """The event of a model; members in CloudTrail's usual order."""
    event: dict[str, Any] = {}
    for root, tree in model.items():
        if tree is Shape.ABSENT or root == MESSAGE:
            continue
        if not root:
            event.update(_json(tree))
            continue
        place = event
        for step in root[:-1]:
            assert isinstance(step, Name)
            place = place.setdefault(step.key, {})
        last = root[-1]
        assert isinstance(last, Name)
        place[last.key] = _json(tree)
    return _in_order(event)


def _json(tree: Tree) -> Any:
    if isinstance(tree, dict):
        return {key: _json(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_json(value) for value in tree]
    if isinstance(tree, Number):
        return tree.json()
    if isinstance(tree, Written):
        return WrittenNumber(tree.text)
    return tree if isinstance(tree, str) else {} if tree is Shape.CONTAINER else _SHAPES[tree]


_ORDER = (
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "readOnly",
    "eventType",
)


def _in_order(event: dict[str, object]) -> dict[str, object]:
    rank = {key: place for place, key in enumerate(_ORDER)}
    return {key: event[key] for key in sorted(event, key=lambda key: (rank.get(key, len(rank)), key))}


def shrunk(event: dict[str, object], still: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """The event without any member that it can lose one by one and ``still`` be a witness."""
    smaller = True
    while smaller:
        smaller = False
        for path in _paths(event):
            candidate = _without(event, path)
            if still(candidate):
                event, smaller = candidate, True
                break
    return event


def _paths(event: dict[str, object]) -> list[tuple[str, ...]]:
    """The members of nested objects, outer ones first."""
    paths: list[tuple[str, ...]] = []
    level: list[tuple[tuple[str, ...], object]] = [((), event)]
    while level:
        level = [((*path, key), value) for path, node in level if isinstance(node, dict) for key, value in node.items()]
        paths += [path for path, _ in level]
    return paths


def _without(event: dict[str, Any], path: tuple[str, ...]) -> dict[str, object]:
    """A copy of the event that lacks one member; what is not on the way to it is shared."""
    copied = holder = dict(event)
    for key in path[:-1]:
        holder[key] = holder = dict(holder[key])
    del holder[path[-1]]
    return copied
