"""Answers that a script put into the items of a listing, as ``trail["Status"] = get_trail_status(…)`` does (rule X8).

Each is the answer of its call about what the item is: the call's data file says into which listings scripts put it, and
by which member such an item names the thing (``put_into``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache

from auditor.arn import parse_arn
from auditor.evidence.item import Item, Page
from auditor.evidence.operations import Call, calls, known_members
from auditor.evidence.recognising.answers import Answer
from auditor.evidence.recognising.recognise import recognise
from auditor.evidence.recognising.without_envelope import BARE_LIST, NO_ENVELOPE, WITHOUT_ENVELOPE, item_of
from auditor.resources import schema
from auditor.text import pointer

PIECES = "members of this call's answer stand in an item of a listing, and not all that it always has"


def answers_in_items(answer: Answer) -> Iterator[Answer]:
    """The answers of further calls in the items of a listing, each with its pointer and what it is about."""
    followers = _followers(answer.call)
    if not followers:
        return
    for number, page in enumerate(answer.pages):
        for entry in answer.call.lists:
            items = page.get(entry.member)
            known = known_members(answer.call, entry.member)
            for index, item in enumerate(items if isinstance(items, list) else ()):
                if not isinstance(item, dict) or item.keys() <= known:
                    continue
                where = _where(answer, number, pointer(entry.member, index), pointer(index))
                for inner in _in_item(item, item.keys() - known, where, followers):
                    yield replace(inner, within=answer.within)
                    yield from answers_in_items(replace(inner, within=answer.within))


@lru_cache(maxsize=256)
def _followers(listing: Call) -> Sequence[tuple[Call, tuple[str, ...]]]:
    """The calls whose answers scripts put into items of a listing, and the members of these that name the thing."""
    return [(call, members) for call in calls().values() for into, members in call.put_into if into == listing.id]


def _where(answer: Answer, page: int, in_page: str, in_list: str) -> str:
    """JSON pointer of an item, whose listing may lack its envelope."""
    place = answer.pointers[page]
    if answer.detail == NO_ENVELOPE:
        return place
    return place + (in_list if answer.detail in WITHOUT_ENVELOPE else in_page)


def _in_item(
    item: Item, strange: Set[str], where: str, followers: Sequence[tuple[Call, tuple[str, ...]]]
) -> Iterator[Answer]:
    for call, naming in followers:
        arn = next((arn for member in naming if isinstance(arn := item.get(member), str) and parse_arn(arn)), "")
        if arn:
            answers = (*_flat(call, item, strange, where), *_below(call, item, strange, where))
            yield from (replace(answer, pages=tuple(_named(call, arn, answer)), about=arn) for answer in answers)


def _flat(call: Call, item: Item, strange: Set[str], where: str) -> Iterator[Answer]:
    """The answer whose members stand in the item itself, or the attributes that it would hold."""
    own = _members(call)
    flat = {name: item[name] for name in item if name in own and item[name] is not None}
    if not strange.isdisjoint(flat):
        if call in recognise(flat, call):
            yield Answer(call, (flat,), (where,))
        elif not strange.isdisjoint({*flat} & {*call.members_used}):
            yield Answer(call, (), (where,), status="unreadable", detail=PIECES)
        return
    for envelope, ways in call.told_by:
        known = known_members(call, envelope)
        telling = frozenset[str]().union(*ways)
        if not call.lists and not strange.isdisjoint(known & telling):
            attributes = {name: item[name] for name in item if name in known and item[name] is not None}
            yield Answer(call, ({envelope: attributes},), (where,), status="presence_only", detail=NO_ENVELOPE)


def _below(call: Call, item: Item, strange: Set[str], where: str) -> Iterator[Answer]:
    """The answer, or what it would hold, in a member that the script named as it liked."""
    for name, value in item.items():
        if name not in strange or name in _members(call):
            continue
        place = where + pointer(name)
        if isinstance(value, dict) and call in recognise(value, call):
            yield Answer(call, (value,), (place,))
        elif isinstance(value, dict) and (page := item_of(call, value)) is not None:
            yield Answer(call, (page,), (place,), status="presence_only", detail=NO_ENVELOPE)
        elif isinstance(value, list) and value and all(_is_item(call, element) for element in value):
            listed = {call.lists[0].member: value}
            yield Answer(call, (listed,), (place,), status="presence_only", detail=BARE_LIST)


def _is_item(call: Call, value: object) -> bool:
    """Whether a value has all that tells an item of the call's only list."""
    if len(call.lists) != 1 or not isinstance(value, dict):
        return False
    return {*call.lists[0].identity} <= value.keys()


def _named(call: Call, arn: str, answer: Answer) -> Iterator[Page]:
    """The pages of an answer; attributes that name nothing are those of the item."""
    above, _, member = (call.resource_member or "").rpartition("/")
    for page in answer.pages:
        attributes = page.get(above) if above else None
        if isinstance(attributes, Mapping) and not any(name.endswith("Arn") for name in attributes):
            yield {**page, above: {member: arn, **attributes}}
        else:
            yield page


@lru_cache(maxsize=256)
def _members(call: Call) -> frozenset[str]:
    return frozenset(schema(call.schema)["properties"])
