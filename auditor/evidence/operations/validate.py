"""Whether an answer follows its call's JSON Schema, and if not, where and how in plain words.

``jsonschema_rs`` decides and names the places (30,000 alarms in milliseconds); ``jsonschema`` explains
only the places that are told, so that a bad file costs little more than a good one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.evidence.operations.portions import Path, errors_of
from auditor.evidence.operations.registry import Call
from auditor.resources import schema, validator
from auditor.text import count, listing, one_line, pointer

# A page that is wrong throughout is told by its first places; the rest is counted.
MAX_VIOLATIONS = 50
_ACTUAL_LENGTH = 60

_WHOLE = "an answer that follows its schema"


@dataclass(frozen=True, slots=True)
class Violation:
    """One place of an answer that does not follow the schema.

    ``pointer`` is an RFC 6901 JSON pointer within the answer, ``expected`` and ``actual`` are noun phrases.
    """

    pointer: str
    expected: str
    actual: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Fault:
    """A keyword that does not hold: where, its value, the title beside it, what stands there."""

    path: Path
    keyword: str
    value: Any
    title: str
    instance: Any


def violations(call: Call, page: object) -> tuple[Violation, ...]:
    """The places where ``page`` does not follow the schema of ``call``; () if it does.

    At most :data:`MAX_VIOLATIONS` places are told one by one. Of the others those on which verdicts depend
    are summed up at the top-level member that holds them, the rest at the first of them: what is broken and
    matters is always at or under a pointer told.
    """
    if validator(call.schema).is_valid(page):
        return ()
    remedy = f"Capture again and leave the file as it is: {call.request()} --output json"
    listed, untold = _violations(call.schema, page, remedy)
    return (*listed, *_summed_up(call, untold, remedy))


def record_violations(record: Any) -> tuple[Violation, ...]:
    """The first places where a capture record does not follow its schema; () if it does."""
    if validator("captures").is_valid(record):
        return ()
    listed, _ = _violations("captures", record, "Correct the entry, or leave the capture record out.")
    return tuple(listed)


def _violations(name: str, document: Any, remedy: str) -> tuple[list[Violation], list[Path]]:
    """The first violations of the schema ``name``, ordered by place, and the places of the others."""
    places: set[Path] = set()
    first: dict[Path, Any] = {}  # the error of each place that may be shown
    for path, error in errors_of(name, document):
        if path not in places:
            places.add(path)
            first[path] = error
            if len(first) > 20 * MAX_VIOLATIONS:
                first = {path: first[path] for path in sorted(first, key=_in_order)[:MAX_VIOLATIONS]}
    paths = sorted(places, key=_in_order)
    shown = []
    for path in paths[:MAX_VIOLATIONS]:
        if first[path] is None:
            shown.append(Violation(pointer(*path), _WHOLE, "more violations than are told one by one", remedy))
            continue
        fault = _fault(schema(name), first[path], path)
        shown.append(Violation(pointer(*fault.path), _expected(fault), _in_words(fault), remedy))
    return shown, paths[MAX_VIOLATIONS:]


def _in_order(path: Path) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in path)


def _fault(root: dict[str, Any], error: Any, path: Path) -> _Fault:
    """The fault behind an error of ``jsonschema_rs`` at a place; among alternatives the one that comes closest."""
    import jsonschema  # noqa: PLC0415 (60 ms that only a failure needs)

    *place, keyword = error.schema_path
    node: Any = root
    for step in place:
        node = node[step]
    rule = {keyword: node[keyword]}
    title = node.get("title", "") if place else ""
    closest = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(root).evolve(schema=rule).iter_errors(error.instance)
    )
    # Python's $ also holds before a final line break, ECMA's does not: there jsonschema sees nothing wrong.
    if closest is None or closest.schema == rule:
        return _Fault(path, keyword, node[keyword], title, error.instance)
    return _Fault(
        path + tuple(closest.absolute_path),
        closest.validator,
        closest.validator_value,
        closest.schema.get("title", ""),
        closest.instance,
    )


_TYPES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_LIMITS = {
    "minLength": ("a string of {} or more", "character"),
    "maxLength": ("a string of at most {}", "character"),
    "minItems": ("a list of {} or more", "item"),
    "maxItems": ("a list of at most {}", "item"),
    "maxProperties": ("an object of at most {}", "member"),
    "minimum": ("a number of {} or more", ""),
    "maximum": ("a number of at most {}", ""),
}


def _expected(fault: _Fault) -> str:
    """What the schema asks for: the kind of value that its title names, else its keyword in words."""
    keyword, value = fault.keyword, fault.value
    if fault.title:
        return fault.title[0].lower() + fault.title[1:]
    if keyword == "type":
        return listing((_TYPES[name] for name in ([value] if isinstance(value, str) else value)), "or")
    if keyword == "enum":
        return listing(map(str, value), "or")
    if keyword == "required":
        missing = [name for name in value if name not in fault.instance]
        return f"the {'member' if len(missing) == 1 else 'members'} {listing(missing)}"
    if keyword == "anyOf":
        return f"one of the members {listing((name for way in value for name in way['required']), 'or')}"
    words, unit = _LIMITS[keyword]
    return words.format(count(value, unit) if unit else value)


def _in_words(fault: _Fault) -> str:
    """What stands there: strings quoted and cut, other scalars as JSON has them, containers by their size."""
    value = fault.instance
    if isinstance(value, str):
        length = f" ({count(len(value), 'character')})" if fault.keyword.endswith("Length") else ""
        return f'"{one_line(value, _ACTUAL_LENGTH)}"{length}'
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list):
        return f"a list of {count(len(value), 'item')}"
    if isinstance(value, dict):
        if fault.keyword in ("required", "anyOf") and value:
            return f"the members {listing(map(one_line, value), limit=6)}"
        return f"an object of {count(len(value), 'member')}"
    return f"the number {one_line(repr(value), _ACTUAL_LENGTH)}"


def _summed_up(call: Call, paths: Sequence[Path], remedy: str) -> Iterator[Violation]:
    used = {entry.member: frozenset((*entry.used, *entry.identity)) for entry in call.lists}

    def matters(path: Path) -> bool:
        """Whether a verdict depends on it: all but the members of list items that no rule reads."""
        return path[0] not in used or len(path) < len(("list", 0, "member")) or path[2] in used[str(path[0])]

    numbers = Counter(pointer(path[0]) for path in paths if matters(path))
    others = [path for path in paths if not matters(path)]
    if others:
        numbers[pointer(*others[0])] = len(others)
    for place, number in numbers.items():
        yield Violation(place, _WHOLE, f"{count(number, 'more violation')} there", remedy)
