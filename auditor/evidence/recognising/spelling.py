"""AWS's names of members in the spelling of a script: ``is_logging``, ``isLogging``, ``Status.IsLogging`` (rule X8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from auditor.evidence.item import letters_of
from auditor.evidence.operations import Call, calls, known_members
from auditor.resources import schema

_ABOVE = re.compile(
    r"[.:/]|(?<=[a-z])_(?=[A-Z])"
)  # behind which a table of one level has the name of the member itself
_LONGEST_NAME = 100


def in_aws_words(item: Mapping[str, object], call: Call) -> dict[str, object]:
    """The members of an object that are those of ``call`` in another spelling, by AWS's names, with what they hold."""
    names = _names(call)
    own = {letters_of(name): name for name in (*schema(call.schema)["properties"], *_attributes(call))}
    spelt = {name: own.get(_letters(name), "") for name in item if len(name) < _LONGEST_NAME}
    return {
        aws_name: _renamed(item[name], names)
        for name, aws_name in spelt.items()
        if aws_name and aws_name != name and aws_name not in item
    }


def spelt_calls(item: Mapping[str, object]) -> Iterator[Call]:
    """The calls of whose answers an object has members that tell them, in another spelling than AWS's."""
    letters = {_letters(name): name for name in item if len(name) < _LONGEST_NAME}
    if letters.keys().isdisjoint(_telling()):
        return
    for call in calls().values():
        own = {letters_of(name): name for name in call.keys_all | call.keys_any}
        present = {own[written] for written in own.keys() & letters.keys()}
        as_aws_has_it = {own[written] for written in own.keys() & letters.keys()} <= item.keys()
        if present and not as_aws_has_it and call.keys_all <= present:
            yield call


def _letters(name: str) -> str:
    return letters_of(_ABOVE.split(name)[-1])


def _renamed(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, Mapping):
        return {names.get(letters_of(name), name): _renamed(below, names) for name, below in value.items()}
    return [_renamed(element, names) for element in value] if isinstance(value, list) else value


@cache
def _telling() -> frozenset[str]:
    return frozenset(letters_of(name) for call in calls().values() for name in call.keys_all | call.keys_any)


@lru_cache(maxsize=256)
def _attributes(call: Call) -> frozenset[str]:
    """The attributes that an answer holds in one object."""
    if call.lists:
        return frozenset()
    return frozenset[str]().union(
        *(known_members(call, member) for member, _ in call.told_by if member == "Attributes")
    )


@lru_cache(maxsize=256)
def _names(call: Call) -> Mapping[str, str]:
    """All names of members in an answer, by their letters."""
    return {letters_of(name): name for name in _all_names(schema(call.schema))}


def _all_names(described: object) -> Iterator[str]:
    if isinstance(described, dict):
        properties = described.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for below in described.values():
            yield from _all_names(below)
    elif isinstance(described, list):
        for below in described:
            yield from _all_names(below)
