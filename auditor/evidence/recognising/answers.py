"""The answers that a document holds: one, several that were put into one file, pages of one, or none of ours.

Answers stand one after the other, in an array, in one object that was merged of them, or as members of an object by
the name of their call (rule X8); each is taken apart with its own JSON pointer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.evidence.item import Page, token_member
from auditor.evidence.operations import (
    Call,
    NamedOperation,
    is_place,
    operation_called,
)
from auditor.evidence.reading import Decoded
from auditor.evidence.recognising.content_place import content_place
from auditor.evidence.recognising.envelope import (
    Level,
    is_arn_of,
    is_flat,
    level,
    name_beside,
    named_within,
    record_beside,
    tells_of_call,
)
from auditor.evidence.recognising.pages import AnswerPage, accounts_instead, pages_in, wrapped
from auditor.evidence.recognising.recognise import follows, recognise_alike, resource_in
from auditor.evidence.recognising.without_envelope import BARE_LIST, TOP_LIST, Unwrapped, unwrapped
from auditor.resources import validator
from auditor.text import pointer
from auditor.verdict import CaptureStatus

ANOTHER_NAME = "its name is like that of another operation"
MEMBERS_MISSING = "the members of this call's answer are missing"
NOT_ALONE = "the file holds something else besides the answer"
SEVERAL_CALLS = "the file mixes answers of different calls"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one call: its pages and their pointers. ``within`` are the members above it, which name it.

    Without pages the pointer is of what stands in their place. ``failure``: how the call ended, as what stands beside
    the answer has it (rule X5), ``""`` if nothing says that it failed. ``accounts`` are those that stand in place of
    the pages of a listing of accounts (rule X9). ``about`` is the ARN of the item of a listing that it was put into,
    ``levels`` what stands beside and around it.
    """

    call: Call
    pages: tuple[Page, ...] = ()
    pointers: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    status: CaptureStatus = "captured"
    detail: str = ""
    failure: str = ""
    accounts: tuple[str, ...] = ()
    about: str = ""
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentAnswers:
    """What a document holds. ``strange`` are pointers of what is no answer beside some; ``doubted`` calls whose members
    it has and whose records it has not (rule X8), ``accounts`` those of which these say to be.
    """

    answers: tuple[Answer, ...] = ()
    strange: tuple[str, ...] = ()
    doubted: tuple[Call, ...] = ()
    accounts: tuple[str, ...] = ()


def answers(decoded: Decoded, named: NamedOperation) -> DocumentAnswers:
    """The answers in a document that is JSON. ``named``: what the capture record or the path calls it."""
    recognised_pages: list[AnswerPage] = []
    strange: dict[str, object] = {}
    dropped: list[AnswerPage] = []
    for place, value in _parts(decoded):
        pages = pages_in(value, place, (), named.call)
        # What only looks like an answer among the members of an object counts where another is named as such.
        if any(not page.within or (page.sure and (page.page is not None or page.accounts)) for page in pages):
            recognised_pages += pages
        elif _holds_nothing_else(value, place, _ways_to(pages), told_of=all(map(_is_named_by_nothing, pages))):
            own: list[AnswerPage] = []
            for page in pages:
                (own if not page.call.shared or _is_kept_as_such(page) else dropped).append(page)
            # The key of one answer alone need not be its resource's name (T12); those of several tell them apart.
            if len(own) == 1:
                own = [replace(own[0], within=tuple(filter(is_place, own[0].within)))]
            recognised_pages += own
        else:
            strange[place] = value
            dropped += pages
    if _projected(decoded, named.call, recognised_pages):
        recognised_pages = []
    kept: list[AnswerPage] = []
    for page in recognised_pages:
        shown = page.sure or (page.page is not None and follows(page.call, page.page, named.unlike))
        (kept if shown else dropped).append(page)
    doubted, accounts = dict.fromkeys(page.call for page in dropped), tuple(_accounts_beside(dropped))
    if not kept:
        document_answers, further = _without_envelope(decoded, named)
        return DocumentAnswers(document_answers, (), tuple(doubted | dict.fromkeys(further)), accounts)
    document_answers = tuple(_grouped(_named(page) for page in kept))
    loose = {place: value for place, value in strange.items() if unwrapped([(place, value)], named.call)}
    beside, _ = _presences(unwrapped(loose.items(), named.call), named.call)
    if beside:
        document_answers += beside
        strange = {place: value for place, value in strange.items() if place not in loose}
    if strange or named.unlike:
        why = NOT_ALONE if strange else ANOTHER_NAME
        document_answers = tuple(replace(answer, status="presence_only", detail=why) for answer in document_answers)
    return DocumentAnswers(document_answers, tuple(strange), tuple(doubted), accounts)


def _named(page: AnswerPage) -> AnswerPage:
    """A page under such members alone as name it."""
    return replace(page, within=named_within(page.within, page.call)) if page.within else page


def _accounts_beside(pages: Sequence[AnswerPage]) -> Iterator[str]:
    """The accounts that stand beside pages."""
    for page in pages:
        record = record_beside(page.levels, page.call, "")
        if record is not None and record.account_id:
            yield record.account_id


def _without_envelope(decoded: Decoded, named: NamedOperation) -> tuple[tuple[Answer, ...], tuple[Call, ...]]:
    """What a document without an answer as the CLI prints it holds, and the calls of which it has members only."""
    unusable = _unusable(named.call, decoded) if named.call is not None else None
    if unusable is not None and unusable.pages:
        return (unusable,), ()
    parts: list[tuple[str, object]] = [("", list(decoded.pages))]
    if decoded.shape != "array":
        parts = list(zip(decoded.page_pointers, decoded.pages, strict=True))
    presences, doubted = _presences(unwrapped(parts, named.call), named.call)
    if isinstance(decoded.pages[0], dict):
        around = level(decoded.pages[0], (), "around")
        presences = tuple(replace(answer, levels=around) if all(answer.pointers) else answer for answer in presences)
    return presences or ((unusable,) if unusable is not None else ()), doubted


def _presences(contents: Sequence[Unwrapped], named: Call | None) -> tuple[tuple[Answer, ...], tuple[Call, ...]]:
    """The answers that stand without their envelopes, and the calls of which no record follows the schema."""
    kept = [content for content in contents if content.call is named or content.follows]
    presences = tuple(
        Answer(content.call, content.pages, content.pointers, content.within, "presence_only", content.detail)
        for content in kept
    )
    return presences, tuple(content.call for content in contents if content not in kept)


def _parts(decoded: Decoded) -> Iterator[tuple[str, object]]:
    """The documents of a file, of an array its elements, with their pointers."""
    for place, value in zip(decoded.page_pointers, decoded.pages, strict=True):
        if isinstance(value, list) and any(isinstance(element, dict) for element in value):
            yield from ((place + pointer(index), element) for index, element in enumerate(value))
        else:
            yield place, value


def _ways_to(pages: Sequence[AnswerPage]) -> Mapping[str, bool]:
    """The pointers of pages, and of what they stand in: whether it is a page itself."""
    ways: dict[str, bool] = {}
    for page in pages:
        if page.page is None:
            return {}
        parts = page.pointer.split("/")
        ways |= dict.fromkeys(("/".join(parts[:end]) for end in range(1, len(parts))), False)
    return ways | dict.fromkeys((page.pointer for page in pages), True)


def _holds_nothing_else(value: object, place: str, ways: Mapping[str, bool], *, told_of: bool) -> bool:
    """Whether every object and list in a value is an answer or holds some, as where a script keyed them by trail; what
    the script tells of its call may stand beside them, and around an answer in a wrapper (``told_of``) single values.
    """
    if place not in ways or not isinstance(value, dict | list):
        return False
    if ways[place]:
        return True
    children = value.items() if isinstance(value, dict) else enumerate(value)
    return all(
        _holds_nothing_else(child, place + pointer(key), ways, told_of=told_of)
        or (isinstance(key, str) and (tells_of_call(key, child) or (told_of and is_flat(child))))
        for key, child in children
        if isinstance(child, dict | list)
    )


def _is_named_by_nothing(page: AnswerPage) -> bool:
    """Whether what stands above a page are words for an answer and places alone."""
    return bool(page.within) and all(map(is_place, named_within(page.within, page.call)))


def _is_kept_as_such(page: AnswerPage) -> bool:
    """Whether a page of a call whose members others have, too, is its answer although nothing names it: it has records
    of it, and what stands above it are words for an answer, a place, what was called, or the ARN of what it is about.
    """
    if page.page is None or not validator(page.call.schema).is_valid(page.page):
        return False
    above = named_within(page.within, page.call)
    words = all(
        is_place(name) or operation_called(name).call is page.call or is_arn_of(name, page.call) for name in above
    )
    return words and (not page.call.lists or any(page.page.get(entry.member) for entry in page.call.lists))


def _projected(decoded: Decoded, named: Call | None, pages: Sequence[AnswerPage]) -> bool:
    """Whether an array is what ``--query`` left: its items can have the members of another call's answer."""
    return (
        decoded.shape == "array"
        and named is not None
        and all(named is not page.call and page.call not in recognise_alike(named) for page in pages)
    )


def _grouped(pages: Iterable[AnswerPage]) -> Iterator[Answer]:
    """The pages by call, by the members above them, by the place that stands beside them and, of calls about one
    resource, by the resource.
    """
    groups: dict[tuple[str, ...], list[list[AnswerPage]]] = defaultdict(list)
    before: dict[tuple[str, ...], tuple[str, bool]] = {}
    for page in pages:
        if page.page is None:
            missing = Answer(page.call, (), (page.pointer,), page.within, "unreadable", MEMBERS_MISSING)
            yield replace(missing, accounts=page.accounts, levels=page.levels)
            continue
        if page.bare:
            bare = Answer(page.call, (page.page,), (page.pointer,), page.within, "presence_only", BARE_LIST)
            yield replace(bare, levels=page.levels)
            continue
        record = record_beside(page.levels, page.call, "")
        place = (record.account_id, record.region) if record is not None else ("", "")
        key = (page.call.id, *place, *page.within)
        resource = _resource_of(page.call, page.page) or (record.resource if record is not None else "")
        resource = resource or name_beside(page.levels, page.call)
        if not resource and before.get(key, ("", False))[1]:
            resource = before[key][0]  # it follows a page that left a token
        before[key] = (resource, bool(token_member(page.page)))
        alike = groups[(*key, resource)]
        if not alike or _is_another(page, alike[-1][-1].page):
            alike.append([])  # where the one before left no token this is no page of it but another answer (X1, X8)
        alike[-1].append(page)
    for several in groups.values():
        for pages_of_one in several:
            first = pages_of_one[0]
            contents = tuple(page.page for page in pages_of_one if page.page is not None)
            yield Answer(
                first.call,
                contents,
                tuple(page.pointer for page in pages_of_one),
                first.within,
                failure=next(filter(None, (page.failure for page in pages_of_one)), ""),
                levels=tuple(outer for page in pages_of_one for outer in page.levels),
            )


def _is_another(page: AnswerPage, before: Page | None) -> bool:
    """Whether a page is another answer of the same place; one of another place contradicts it as it stands."""
    if page.page is None or before is None or token_member(before) or page.page == before:
        return False
    return all(len(named) < 2 for named in content_place(page.call, (before, page.page)))


def _resource_of(call: Call, page: Page) -> str:
    """What tells an answer about one resource from another's: its own member, or the ARN of its first item."""
    if call.place != "resource":
        return ""
    for entry in call.lists:
        items = page.get(entry.member)
        if entry.arn and isinstance(items, list) and items and isinstance(items[0], dict):
            return str(items[0].get(entry.arn) or "")
    return resource_in(page, call)


def _unusable(call: Call, decoded: Decoded) -> Answer:
    """What a file that is named as a call's, and holds no answer of it, is instead."""
    accounts = accounts_instead(call, decoded.pages)
    if decoded.shape == "object":
        if not decoded.pages[0]:
            return Answer(call, status="empty", detail="the answer is an empty object")
        return Answer(call, status="unreadable", detail=MEMBERS_MISSING, accounts=accounts)
    if decoded.shape == "concatenated":
        return Answer(call, status="unreadable", detail=SEVERAL_CALLS, accounts=accounts)
    alone = wrapped(call, list(decoded.pages))
    if alone is not None:
        return Answer(call, (alone,), ("",), (), "presence_only", TOP_LIST)
    return Answer(call, status="unreadable", detail=TOP_LIST, accounts=accounts)
