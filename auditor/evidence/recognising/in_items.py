"""Answers that a script put into those of other calls, as ``trail["Status"] = get_trail_status(…)`` does (rule X8).

They stand in the items of a listing, or beside its list, in whatever objects, lists and texts the script put around
them. Each is the answer of its call about what the object around it is: the call's data file says into which listings
scripts put it, and by which members such an item names the thing (``put_into``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.evidence.call_ids import LIST_ACCOUNTS
from auditor.evidence.item import Item, Page
from auditor.evidence.operations import Call, calls, is_place, known_members
from auditor.evidence.reading import Decoded
from auditor.evidence.recognising.answers import Answer
from auditor.evidence.recognising.envelope import Level, named_within, text_of_json
from auditor.evidence.recognising.item_names import known_of_items, named_by, named_by_key
from auditor.evidence.recognising.recognise import follows, recognise, recognise_alike, value_at
from auditor.evidence.recognising.spelling import in_aws_words, spelt_calls
from auditor.evidence.recognising.without_envelope import (
    BARE_LIST,
    IN_AN_ITEM,
    NAMELESS,
    NO_ENVELOPE,
    OTHERWISE_SPELT,
    WITHOUT_ENVELOPE,
    told_member,
)
from auditor.resources import schema
from auditor.text import pointer, position

PIECES = "members of this call's answer stand in an item of a listing, and not all that it always has"

_MOST_LEVELS = 6  # of objects and lists between an item and the answer that a script put into it


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a value: by call the ARN of what an answer would be about, the members above, what these tell
    of the call; ``in_item``: whether an item of a listing does.
    """

    about: Mapping[str, str]
    within: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    in_item: bool = False
    outside: int = 0  # of the members above, those that an answer itself stands under


def answers_put_into(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers of further calls in and beside those of a document, each with its pointer and what it is about."""
    inner: dict[tuple[str, tuple[str, ...]], Answer] = {}
    known = {(answer.call.id, answer.pointers) for answer in answers}
    beside: dict[str, set[Call]] = defaultdict(set)
    for answer in answers:
        for place in answer.pointers:
            beside[place].add(answer.call)
    for answer in answers:
        around = _Around({}, answer.within, answer.levels, outside=len(answer.within))
        for further in _in_answer(answer, around, beside):
            key = (further.call.id, further.pointers)
            if key not in known:
                inner.setdefault(key, further)
    return tuple(inner.values())


def answers_beside_items(decoded: Decoded) -> tuple[Answer, ...]:
    """The answers in a document that holds none as the CLI prints it, which stand in or beside what names the thing.

    Rows with an attribute among others are scanners', too.
    """
    inner: dict[tuple[str, tuple[str, ...]], Answer] = {}
    for place, value in zip(decoded.page_pointers, decoded.pages, strict=True):
        if not _holds_items(value, _MOST_LEVELS):
            continue
        for further in _walk(value, place, _Around({}), _MOST_LEVELS):
            if further.about and further.detail != NO_ENVELOPE:
                inner.setdefault((further.call.id, further.pointers), further)
    return tuple(inner.values())


def _holds_items(value: object, levels: int) -> bool:
    """Whether some object in a value names what an answer may be about, as items of listings do."""
    children: Iterable[object] = value if isinstance(value, list) else ()
    if isinstance(value, dict):
        if named_by(value):
            return True
        children = value.values()
    return levels > 0 and any(_holds_items(child, levels - 1) for child in children if isinstance(child, dict | list))


def about_its_item(answer: Answer, decoded: Decoded) -> Answer:
    """An answer of a whole region's call that is an item of a listing at the same time, or stands in one, as one about
    what that is.
    """
    if not answer.call.put_into or answer.call.place == "resource" or answer.detail in WITHOUT_ENVELOPE:
        return answer
    named = {_named_around(answer.call, place, decoded) for place in answer.pointers}
    return replace(answer, about=named.pop()) if len(named) == 1 else answer


def _named_around(call: Call, place: str, decoded: Decoded) -> str:
    """The ARN of what the innermost item around an answer names, itself included; ``""`` if there is none."""
    named = ""
    for root, value in zip(decoded.page_pointers, decoded.pages, strict=True):
        if place == root or place.startswith(f"{root}/"):
            around = value
            for part in ("", *place[len(root) :].split("/")[1:]):
                around = _below(around, part) if part else around
                named = named_by(around).get(call.id, named) if isinstance(around, dict) else named
    return named


def _below(value: object, part: str) -> object:
    if isinstance(value, dict):
        return next((child for name, child in value.items() if pointer(name) == f"/{part}"), None)
    number = position(part)
    return value[number] if isinstance(value, list) and number is not None and number < len(value) else None


def _in_answer(answer: Answer, around: _Around, beside: Mapping[str, Set[Call]]) -> Iterator[Answer]:
    """The answers in one; ``beside`` are the calls whose answers are one object with it, by its pointer."""
    for number, page in enumerate(answer.pages):
        if not isinstance(page, dict):
            continue
        if answer.detail not in WITHOUT_ENVELOPE:
            merged = beside.get(answer.pointers[number], set())
            own = _members_of_all(frozenset({answer.call.id, *(call.id for call in merged)}))
            if not page.keys() <= own:
                named = replace(around, about={**around.about, **named_by(page)})
                yield from _strange(page, page.keys() - own, answer.pointers[number], named, _MOST_LEVELS)
        for entry in answer.call.lists:
            items = page.get(entry.member)
            known = known_members(answer.call, entry.member)
            for index, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, dict) and not item.keys() <= known:
                    where = _where(answer, number, pointer(entry.member, index), pointer(index))
                    yield from _in_item(item, known, where, _around_item(answer.call, item, around))


@lru_cache(maxsize=256)
def _members_of_all(call_ids: frozenset[str]) -> frozenset[str]:
    """The members of the answers of calls that are one object."""
    return frozenset[str]().union(*(_members(calls()[call_id]) for call_id in call_ids), {"ResponseMetadata"})


def _around_item(listing: Call, item: Item, around: _Around) -> _Around:
    """What stands around the members of an item. What stands in an account is all of it."""
    if listing.id == LIST_ACCOUNTS:
        return replace(around, within=(*around.within, str(item.get("Id"))))
    return replace(around, in_item=True)


def _where(answer: Answer, page: int, in_page: str, in_list: str) -> str:
    """JSON pointer of an item, whose listing may lack its envelope."""
    place = answer.pointers[page]
    if answer.detail == NO_ENVELOPE:
        return place
    return place + (in_list if answer.detail in WITHOUT_ENVELOPE else in_page)


def _in_item(item: Item, known: Set[str], where: str, around: _Around) -> Iterator[Answer]:
    """The answers in an object that names what they are about: their members in itself, or below."""
    strange = item.keys() - known
    named = named_by(item)
    around = replace(around, about={**around.about, **named})
    taken: set[str] = set()
    for call_id, arn in named.items():
        call = calls()[call_id]
        spelt = in_aws_words({name: item[name] for name in strange}, call)
        for answer, names in _flat(call, {**item, **spelt}, strange | spelt.keys(), where, around):
            inner = replace(_about(answer, around), about=arn)
            taken |= names
            yield from _with_inner(_otherwise_spelt(inner) if spelt.keys() & names else inner, around)
    yield from _strange(item, strange - taken, where, around, _MOST_LEVELS)


def _flat(call: Call, item: Item, strange: Set[str], where: str, around: _Around) -> Iterator[tuple[Answer, Set[str]]]:
    """The answer whose members stand in the item itself, or the attributes that it would hold, and their names."""
    own = _members(call)
    flat = {name: text_of_json(item[name]) for name in item if name in own and item[name] is not None}
    flat = {name: value for name, value in flat.items() if name not in strange or _can_be(call, name, value)}
    if not strange.isdisjoint(flat):
        recognised = recognise(flat)
        if call in (_of_alike(other, flat, around) for other in recognised):
            yield Answer(call, (flat,), (where,)), flat.keys()
        elif not recognised and not strange.isdisjoint({*flat} & {*call.members_used}):
            yield Answer(call, (), (where,), status="unreadable", detail=PIECES), flat.keys()
        return
    naming = (call.resource_member or "").rpartition("/")[2]  # an alarm that has a policy says nothing of its topic's
    for envelope, ways in call.told_by if not call.lists and naming in item else ():
        known = known_members(call, envelope)
        telling = frozenset[str]().union(*ways) - frozenset.intersection(*ways)
        if not strange.isdisjoint(known & telling) and _best_of(call, item.keys() & strange):
            attributes = {name: item[name] for name in item if name in known and item[name] is not None}
            page = {envelope: attributes}
            yield Answer(call, (page,), (where,), (), "presence_only", NO_ENVELOPE), attributes.keys()


def _can_be(call: Call, name: str, value: object) -> bool:
    """Whether a value may be what an answer has in a member: a count is no list, and what holds the member holds it."""
    kind = schema(call.schema)["properties"][name].get("type")
    if kind == "array":
        inside = value if isinstance(value, list) else []
        wrapped = any(isinstance(element, dict) and name in element for element in inside)
        return not wrapped and not isinstance(value, dict | bool | int | float)
    if isinstance(value, dict) and kind == "object":
        nested = any(isinstance(inside, dict | list) for inside in value.values())
        return not nested or not value.keys().isdisjoint(known_members(call, name))
    return not isinstance(value, dict | list)


def _best_of(call: Call, names: Set[str]) -> bool:
    """Whether no other call whose answer has the same members knows more of these attributes."""
    alike = [other for other in calls().values() if other.keys_all == call.keys_all and not other.lists]
    return max(alike, key=lambda other: len(_attributes(other) & names)) is call or (
        len(_attributes(call) & names) == max(len(_attributes(other) & names) for other in alike)
    )


def _strange(value: Item, names: Set[str], where: str, around: _Around, levels: int) -> Iterator[Answer]:
    """The answers in members of an object that are none of AWS's there."""
    for name in value:
        if name in names:
            within = (*around.within, name)
            about = {**around.about, **named_by_key(name)}
            inside = replace(around, within=within, about=about)
            yield from _walk(value[name], where + pointer(name), inside, levels - 1)


def _walk(value: object, place: str, around: _Around, levels: int) -> Iterator[Answer]:
    """The answers in a value, which a script named and wrapped as it liked."""
    content = text_of_json(value)
    if isinstance(content, list) and content:
        bare = _bare_list(content, around)
        if bare is not None:
            listed = {bare.lists[0].member: content} if bare.lists else {next(iter(bare.told_by))[0]: content}
            yield from _with_inner(_answer(bare, listed, place, around, BARE_LIST), around)
        elif levels:
            for index, element in enumerate(content):
                if isinstance(element, dict | list | str):
                    yield from _walk(element, place + pointer(index), around, levels - 1)
    elif isinstance(content, dict) and content:
        yield from _in_object(content, place, around, levels)


def _in_object(value: Page, place: str, around: _Around, levels: int) -> Iterator[Answer]:
    recognised = [_of_alike(call, value, around) for call in recognise(value)]
    recognised = [call for call in recognised if not _holds_objects(call, value)]
    recognised = [call for call in recognised if call.id in around.about or follows(call, value)]
    if recognised:
        for call in recognised:
            yield from _with_inner(_answer(call, value, place, around), around, recognised)
        return
    for call in (_of_alike(call, value, around) for call in spelt_calls(value)):
        spelt = in_aws_words(value, call)
        page = {**{name: value[name] for name in value if name in _members(call)}, **spelt}
        if call.id in around.about and not _holds_objects(call, page):
            yield _otherwise_spelt(_answer(call, page, place, around))
            return
    member = told_member(value)
    if member is not None:
        call, name, is_list = member
        call = _of_alike(call, {name: [value] if is_list else value}, around)
        page = {name: [value] if is_list else value}
        yield from _with_inner(_answer(call, page, place, around, NO_ENVELOPE), around)
        return
    named = named_by(value)
    if named:
        yield from _in_item(value, known_of_items(frozenset(named)), place, around)
        return
    for call_id in around.about:
        call = calls()[call_id]
        answers = [answer for answer, _ in _flat(call, value, value.keys(), place, around) if answer.pages]
        if answers and call.told_by and not call.lists:
            yield from (_about(answer, around) for answer in answers)
            return
    if levels:
        beside = around.about
        for child in value.values():
            if isinstance(child, dict):
                beside = {**named_by(child), **beside}
        yield from _strange(value, value.keys(), place, replace(around, about=beside), levels)


def _answer(call: Call, page: Page, place: str, around: _Around, detail: str = "") -> Answer:
    answer = _about(Answer(call, (page,), (place,)), around)
    if detail:
        return replace(answer, status="presence_only", detail=detail)
    if call.place != "resource" and not answer.about and around.in_item:
        return replace(answer, status="presence_only", detail=IN_AN_ITEM)
    return answer


def _about(answer: Answer, around: _Around) -> Answer:
    about = around.about.get(answer.call.id, "")
    within = around.within
    if about:  # so that no name that a script gave it tells what it is
        within = (*within[: around.outside], *filter(is_place, within[around.outside :]))
    return replace(answer, about=about, within=named_within(within, answer.call), levels=around.levels)


def _with_inner(answer: Answer, around: _Around, merged: Sequence[Call] = ()) -> Iterator[Answer]:
    """An answer with the attributes that name nothing named, and what stands in it."""
    yield _named(answer) if answer.about else answer
    yield from _in_answer(answer, around, {place: set(merged) for place in answer.pointers})


def _otherwise_spelt(answer: Answer) -> Answer:
    """An answer in whose members names may have been lost; an empty list has none to lose."""
    items = [page.get(entry.member) for page in answer.pages for entry in answer.call.lists]
    if not answer.pages:
        return answer
    empty = bool(items) and not any(items)
    return replace(answer, status="captured" if empty else "presence_only", detail=OTHERWISE_SPELT)


def _of_alike(call: Call, value: Page, around: _Around) -> Call:
    """Of the calls whose answers have the same members the one that these, or what stands around, tell."""
    if call.lists:
        return next((other for other in recognise_alike(call) if other.id in around.about), call)
    if call.telling is not None and value_at(value, call.telling) is not None:
        return call
    alike = [other for other in calls().values() if other.keys_all == call.keys_all and other.id in around.about]
    names = {name for member in call.keys_all if isinstance(inside := value.get(member), dict) for name in inside}
    return max(alike, key=lambda other: len(_attributes(other) & names), default=call)


def _bare_list(value: Sequence[object], around: _Around) -> Call | None:
    """The call of which a list holds the items, and nothing else."""
    objects = [element for element in value if isinstance(element, dict)]
    if len(objects) < len(value):
        return None
    for call_id in around.about:
        call = calls()[call_id]
        if len(call.lists) == 1 and all({*call.lists[0].identity} <= element.keys() for element in objects):
            return call
    members = {told_member(element) for element in objects}
    member = members.pop() if len(members) == 1 else None
    return _of_alike(member[0], {member[1]: list(value)}, around) if member is not None and member[2] else None


def _holds_objects(call: Call, value: Page) -> bool:
    """Whether objects stand where a call's answer has lists, or whole answers where it has a part."""
    return any(
        isinstance(value.get(name), dict | list) and not _can_be(call, name, value[name])
        for name in call.keys_all | call.keys_any
        if name in value
    )


def _named(answer: Answer) -> Answer:
    """An answer that names what it is about, as the item does; attributes that do not were cut."""
    above, _, member = (answer.call.resource_member or "").rpartition("/")
    if member and not above:
        return replace(answer, pages=tuple({member: answer.about, **page} for page in answer.pages))
    lacking = [
        isinstance(attributes := page.get(above), dict) and not any(name.endswith("Arn") for name in attributes)
        for page in answer.pages
    ]
    if not above or not any(lacking):
        return answer
    pages = tuple(
        {**page, above: {member: answer.about, **page[above]}} if cut else page
        for page, cut in zip(answer.pages, lacking, strict=True)
    )
    return replace(answer, pages=pages, status="presence_only", detail=answer.detail or NAMELESS)


@lru_cache(maxsize=256)
def _members(call: Call) -> frozenset[str]:
    return frozenset(schema(call.schema)["properties"])


@lru_cache(maxsize=256)
def _attributes(call: Call) -> frozenset[str]:
    return frozenset[str]().union(*(known_members(call, envelope) for envelope, _ in call.told_by))
