"""Answers without the member that the CLI prints around them: a bare list, one item, or the attributes alone (rule X3).

``--query``, ``jq`` and PowerShell leave them. Nothing need name the call: each call's ``told_by`` says which members
tell its items from all else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.evidence.item import Item, Page
from auditor.evidence.operations import Call, calls, is_place, known_members, operation_called
from auditor.evidence.recognising.recognise import follows, recognise
from auditor.resources import schema
from auditor.text import pointer

BARE_LIST = "it is a list, as --query leaves it"
TOP_LIST = "the top level is a list, as --query leaves it"
NO_ENVELOPE = "it stands without the member that the CLI prints around it, as --query leaves it"
WITHOUT_ENVELOPE = (BARE_LIST, TOP_LIST, NO_ENVELOPE)
NAMELESS = "its attributes do not name what they are of, as the CLI prints them"
OTHERWISE_SPELT = "its members have other names than AWS's"
IN_AN_ITEM = "it stands in an item of another listing, and nothing says of which part it is"
PERHAPS_CUT = (*WITHOUT_ENVELOPE, NAMELESS, OTHERWISE_SPELT, IN_AN_ITEM)

_MOST_LEVELS = 5  # of lists and objects around an item


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The answer of a call as it would be with its envelope; ``follows``: whether some record follows the schema."""

    call: Call
    pages: tuple[Page, ...]
    pointers: tuple[str, ...]
    within: tuple[str, ...]
    detail: str
    follows: bool


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of a call's answer that may be left out around what it holds, and what tells that."""

    call: Call
    name: str
    told_by: tuple[frozenset[str], ...]
    known: frozenset[str]
    is_list: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands, the list around it, or itself, and the accounts and regions that members above name."""

    pointer: str
    around: str
    within: tuple[str, ...]

    @property
    def in_list(self) -> bool:
        return self.around != self.pointer


def unwrapped(parts: Iterable[tuple[str, object]], named: Call | None) -> tuple[Unwrapped, ...]:
    """The answers without their envelopes of which ``parts`` (with their pointers) consist; none if they hold others.

    Every item must be told by its members. ``named``: the call whose answer the record or the path calls it.
    """
    items: dict[tuple[str, tuple[str, ...]], dict[str, Page]] = defaultdict(dict)
    in_lists: dict[tuple[str, tuple[str, ...]], bool] = {}
    for where, item in _all_items(parts):
        member = _member_of(item) if item is not None else None
        if member is None or item is None:
            return ()
        key = (member.call.id, where.within)
        in_lists[key] = in_lists.get(key, False) or where.in_list
        if member.is_list:
            items[key].setdefault(where.around, {}).setdefault(member.name, []).append(item)
        else:
            items[key][where.pointer] = {member.name: item}
    return tuple(
        _unwrapped(calls()[call_id], named, within, pages, in_list=in_lists[call_id, within])
        for (call_id, within), pages in items.items()
    )


def _unwrapped(
    call: Call, named: Call | None, within: tuple[str, ...], pages: dict[str, Page], *, in_list: bool
) -> Unwrapped:
    contents = tuple(pages.values())
    if named is not None and named in recognise(contents[0], named):
        call = named
    detail = NO_ENVELOPE if not in_list else TOP_LIST if set(pages) == {""} else BARE_LIST
    return Unwrapped(call, contents, tuple(pages), within, detail, any(follows(call, page) for page in contents))


def item_of(call: Call, value: object) -> Page | None:
    """The answer of ``call`` of which a value is one item, or the only member, by its content; None if it is not."""
    member = _member_of(value) if isinstance(value, dict) else None
    if member is None:
        return None
    page: Page = {member.name: [value] if member.is_list else value}
    return page if call in recognise(page, call) else None


def told_member(item: Item) -> tuple[Call, str, bool] | None:
    """The call and the member of its answer that an object stands in, and whether that is a list; None if unknown."""
    member = _member_of(item)
    return (member.call, member.name, member.is_list) if member is not None else None


def _all_items(parts: Iterable[tuple[str, object]]) -> Iterator[tuple[_Place, Item | None]]:
    for place, value in parts:
        yield from _items(value, _Place(place, place, ()), 0)


def _items(value: object, where: _Place, level: int) -> Iterator[tuple[_Place, Item | None]]:
    """The objects in a value that are items, or None in their place where something else is."""
    if isinstance(value, list) and level < _MOST_LEVELS:
        for index, element in enumerate(value):
            place = where.pointer + pointer(index)
            if isinstance(element, dict):
                yield _Place(place, where.pointer, where.within), element if _member_of(element) else None
            elif element != []:
                yield from _items(element, _Place(place, place, where.within), level + 1)
    elif isinstance(value, dict) and _member_of(value) is not None:
        yield where, value
    elif isinstance(value, dict) and level < _MOST_LEVELS and any(isinstance(c, dict | list) for c in value.values()):
        described = any(isinstance(child, str) for child in value.values())  # as the items of AWS Config are
        for name, child in value.items():
            if name == "ResponseMetadata" or not isinstance(child, dict | list):
                continue
            if not child or operation_called(name).other or (described and isinstance(child, dict)):
                yield where, None
            place = where.pointer + pointer(name)
            within = (*where.within, name) if is_place(name) else where.within
            yield from _items(child, _Place(place, place, within), level + 1)
    else:
        yield where, None


def _member_of(item: Item) -> _Member | None:
    return _with_members(frozenset(item)) if item else None


@lru_cache(maxsize=4096)
def _with_members(names: frozenset[str]) -> _Member | None:
    """The member that holds objects of these members: of those told by them the one that knows most, and most of them.

    >>> _with_members(frozenset({"AlarmArn", "AlarmName", "AlarmRule", "StateValue"})).name
    'CompositeAlarms'
    """
    candidates = [member for member in _members() if any(members <= names for members in member.told_by)]
    best = max(candidates, key=lambda member: len(member.known & names), default=None)
    return best if best is not None and 2 * len(best.known & names) > len(names) else None


@cache
def _members() -> Sequence[_Member]:
    members = []
    for call in calls().values():
        for name, told_by in call.told_by:
            is_list = schema(call.schema)["properties"][name]["type"] == "array"
            members.append(_Member(call, name, told_by, known_members(call, name), is_list))
    return members
