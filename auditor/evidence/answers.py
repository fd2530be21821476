"""The answers that a document holds: one, several that were put into one file, pages of one, or none of ours.

Answers stand one after the other, in an array, in one object that was merged of them, or as members of an object by
the name of their call (rule X8); each is taken apart with its own JSON pointer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.evidence.capture import Status
from auditor.evidence.decode import Decoded
from auditor.evidence.operation_names import NamedOperation, operation_named
from auditor.evidence.recognise import follows, recognise, resource_in
from auditor.evidence.registry import Call
from auditor.evidence.validate import violations
from auditor.text import pointer

_MOST_LEVELS = 5  # of objects around an answer: account, region, service, call, resource

NOT_ALONE = "the file holds something else besides the answer"
SEVERAL_CALLS = "the file mixes answers of different calls"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one call: its pages and their pointers. ``within`` are the members above it, which name it."""

    call: Call
    pages: tuple[dict[str, Any], ...] = ()
    pointers: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    status: Status = "captured"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a document holds. ``strange`` are pointers of what is no answer beside some; ``doubted`` calls whose members
    it has and whose records it has not (rule X8).
    """

    answers: tuple[Answer, ...] = ()
    strange: tuple[str, ...] = ()
    doubted: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of an answer, and what names it: members above it, or the file (``sure``) or its content alone."""

    call: Call
    page: dict[str, Any]
    pointer: str
    within: tuple[str, ...]
    sure: bool


def answers(decoded: Decoded, path: str, named: NamedOperation) -> Held:
    """The answers in a document that is JSON. ``named``: what the capture record or the path calls it."""
    parts = list(_parts(decoded))
    found: list[_Page] = []
    strange: list[str] = []
    for place, value in parts:
        pages = _pages(value, place, path, (), named.call)
        found += pages
        if not pages:
            strange.append(place)
    if _projected(decoded, named.call, found):
        found = []
    kept: list[_Page] = []
    doubted: dict[Call, None] = {}
    for page in found:
        if page.sure or follows(page.call, page.page):
            kept.append(page)
        else:
            doubted[page.call] = None
    if not kept:
        return Held((_unusable(named.call, decoded),) if named.call is not None else (), doubted=tuple(doubted))
    made = tuple(_grouped(kept))
    if strange:
        made = tuple(replace(one, status="presence_only", detail=NOT_ALONE) for one in made)
    return Held(made, tuple(strange), tuple(doubted))


def _parts(decoded: Decoded) -> Iterator[tuple[str, Any]]:
    """The documents of a file, of an array its elements, with their pointers."""
    for place, value in zip(decoded.page_pointers, decoded.pages, strict=True):
        if len(decoded.pages) > 1 and isinstance(value, list) and value:
            yield from ((place + pointer(index), element) for index, element in enumerate(value))
        else:
            yield place, value


def _projected(decoded: Decoded, named: Call | None, found: Sequence[_Page]) -> bool:
    """Whether an array is what ``--query`` left: its items can have the members of another call's answer."""
    return decoded.shape == "array" and named is not None and all(page.call is not named for page in found)


def _pages(value: Any, place: str, path: str, within: tuple[str, ...], named: Call | None) -> list[_Page]:
    """The pages of answers in a value: itself, or those among its members."""
    if not isinstance(value, dict):
        return []
    calls = recognise(value, named)
    if calls:
        return [_Page(call, value, place, within, named is call) for call in calls]
    if len(within) >= _MOST_LEVELS:
        return []
    found: list[_Page] = []
    for key, child in value.items():
        if isinstance(child, dict | list):
            found += _under(key, child, place + pointer(key), path, (*within, key))
    # Members that only look like answers count where another one is named as such.
    return found if any(page.sure for page in found) else []


def _under(key: str, child: Any, place: str, path: str, within: tuple[str, ...]) -> list[_Page]:
    """The pages in a member of an object, which its name and those above it may name."""
    named = operation_named("/".join((path, *within)))
    if named.other:
        return []
    children = enumerate(child) if isinstance(child, list) else [("", child)]
    found: list[_Page] = []
    for index, one in children:
        at = place if index == "" else place + pointer(index)
        found += _pages(one, at, path, within, named.call)
    if not found and named.call is not None and operation_named(key).call is named.call:
        empty = child if isinstance(child, dict) else {}
        found.append(_Page(named.call, empty, place, within, True))
    return found


def _grouped(pages: Sequence[_Page]) -> Iterator[Answer]:
    """The pages by call, by the members above them and, of calls about one resource, by the resource."""
    groups: dict[tuple[str, tuple[str, ...], str], list[_Page]] = defaultdict(list)
    before: dict[tuple[str, tuple[str, ...]], tuple[str, bool]] = {}
    for page in pages:
        key = (page.call.id, page.within)
        resource = _resource_of(page)
        if not resource and before.get(key, ("", False))[1]:
            resource = before[key][0]  # it follows a page that left a token
        before[key] = (resource, bool((page.call.token and page.page.get("NextToken")) or page.page.get("nextToken")))
        groups[(*key, resource)].append(page)
    for (_, within, _), alike in groups.items():
        yield Answer(alike[0].call, tuple(page.page for page in alike), tuple(page.pointer for page in alike), within)


def _resource_of(page: _Page) -> str:
    """What tells an answer about one resource from another's: its own member, or the ARN of its first item."""
    call = page.call
    if call.place != "resource":
        return ""
    for entry in call.lists:
        items = page.page.get(entry.member)
        if entry.arn and isinstance(items, list) and items and isinstance(items[0], dict):
            return str(items[0].get(entry.arn) or "")
    return resource_in(page.page, call)


def _unusable(call: Call, decoded: Decoded) -> Answer:
    """What a file that is named as a call's, and holds no answer of it, is instead."""
    objects = [page for page in decoded.pages if isinstance(page, dict)]
    if decoded.shape == "object":
        if not objects[0]:
            return Answer(call, status="empty", detail="the answer is an empty object")
        return Answer(call, status="unreadable", detail="the members of this call's answer are missing")
    if decoded.shape == "concatenated":
        return Answer(call, status="unreadable", detail=SEVERAL_CALLS)
    detail = "the top level is a list, as --query leaves it"
    if len(call.lists) == 1 or call.id == "cloudwatch:DescribeAlarms":
        wrapped = {call.lists[0].member: list(decoded.pages)}
        if objects and len(objects) == len(decoded.pages) and not violations(call, wrapped):
            return Answer(call, (wrapped,), ("",), (), "presence_only", detail)
    return Answer(call, status="unreadable", detail=detail)
