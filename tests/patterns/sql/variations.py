"""Events made from a pattern's own values: what it counts, and each member changed to what lies just beside."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from auditor.patterns import Pattern, witness
from auditor.patterns.readings import conditions
from auditor.patterns.syntax import (
    AllOf,
    AnyElement,
    AnyMember,
    AnyOf,
    Compare,
    Glob,
    Index,
    Is,
    Name,
    NotExists,
    Numeral,
    Regex,
    Selector,
    Value,
)

ABSENT = object()
KINDS: tuple[Any, ...] = (
    ABSENT,
    None,
    True,
    False,
    "",
    "x",
    "true",
    "5",
    5,
    0,
    1.5,
    -2,
    1e3,
    [],
    {},
    ["x"],
    {"x": "y"},
)


def values(value: Value) -> Iterator[Any]:
    """What fits a value, and what nearly does."""
    match value:
        case Numeral(text):
            number = float(text)
            yield from (text, number, number + 1, number - 0.5, f"{text}.0", f" {text}")
            if number.is_integer():
                yield from (int(number), str(int(number)))
        case Glob(pieces):
            for between in ("", "Z", "a\nb", "*", "%", "_"):
                yield between.join(pieces)
            text = "".join(pieces)
            yield from (text + "x", "x" + text, text[:-1], text.swapcase(), text.replace("_", "-"), text + "\0")
        case Regex(source):
            plain = "".join(character for character in source if character not in "^$.*+?[]{}|\\")
            yield from (plain, f"a {plain}", f"{plain}\n", plain.swapcase(), plain[:-1], plain * 2)


def events_of(pattern: Pattern, most: int = 400) -> list[dict[str, Any]]:
    """Events for a JSON pattern: its witness, an object without members, and both with one member changed at a time."""
    root = pattern.root
    assert isinstance(root, AllOf | AnyOf | Compare | Is | NotExists)
    found = witness(pattern.text)
    bases = [{}, *([found] if isinstance(found, dict) else [])]
    changes: list[tuple[Selector, Any]] = []
    for single in conditions(root):
        own = tuple(values(single.value)) if isinstance(single, Compare) else ()
        changes += [(single.selector, value) for value in own]
    for selector in sorted(pattern.selectors(), key=str):
        changes += [(selector, value) for value in KINDS]
    step = max(1, len(changes) * len(bases) // most)
    made = [*bases, *(changed(base, *change) for change in changes[::step] for base in bases)]
    return [event for event in made if event is not None]


def changed(event: dict[str, Any], selector: Selector, value: Any) -> dict[str, Any] | None:
    """The event with one member set (or taken away); None where the way there is barred."""
    copied = copy.deepcopy(event)
    node: Any = copied
    for place, step in enumerate(selector):
        last = place == len(selector) - 1
        below: Any = value if last else [] if isinstance(selector[place + 1], Index | AnyElement) else {}
        match step, node:
            case Name(key), dict():
                pass
            case AnyMember(), dict():
                key = "any"
            case (Index() | AnyElement(), list()):
                position = step.position if isinstance(step, Index) else 0
                if position > 50:
                    return None
                node.extend(["-"] * (position + 1 - len(node)))
                key = position  # type: ignore[assignment]
            case _:
                return None
        if last and value is ABSENT:
            if isinstance(node, dict):
                node.pop(key, None)
            else:
                node.clear()
        elif last or not isinstance(node[key] if isinstance(node, list) else node.get(key), type(below)):
            node[key] = below
        node = None if last else node[key]
    return copied
