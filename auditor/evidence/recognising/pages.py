"""The pages of answers in a JSON value: itself, or those among its members, with what names each (rule X8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.evidence.call_ids import DESCRIBE_ALARMS, LIST_ACCOUNTS
from auditor.evidence.item import Page
from auditor.evidence.operations import (
    NO_OPERATION,
    Call,
    NamedOperation,
    operation_called,
    operation_named,
    violations,
)
from auditor.evidence.reading import accounts_in
from auditor.evidence.recognising.envelope import Level, is_request, level, record_beside, text_of_json
from auditor.evidence.recognising.failure import failure_beside, token_beside
from auditor.evidence.recognising.recognise import recognise, recognise_alike
from auditor.evidence.recognising.without_envelope import item_of
from auditor.resources import schema
from auditor.text import pointer

_MOST_LEVELS = 5  # of objects around an answer: account, region, service, call, resource


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of an answer, and what names it: members above it, or the file (``sure``) or its content alone.

    Without ``page`` what is named so is no answer; ``bare``: the list alone, which ``--query`` left. ``failure`` as of
    an :class:`Answer`.
    """

    call: Call
    page: Page | None
    pointer: str
    within: tuple[str, ...]
    sure: bool
    bare: bool = False
    failure: str = ""
    accounts: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()


def pages_in(value: object, place: str, within: tuple[str, ...], named: Call | None) -> list[AnswerPage]:
    """The pages of answers in a value: itself, or those among its members."""
    if not isinstance(value, dict):
        return []
    recognised = [call for call in recognise(value, named) if not _holds_objects(call, value)]
    if recognised:
        own = {name for call in recognised for name in schema(call.schema)["properties"]}
        failure, levels = failure_beside(value, own), level(value, own, "beside")
        pages = [
            AnswerPage(call, value, place, within, named is call, failure=failure, levels=levels) for call in recognised
        ]
        return list(map(_about_one, pages))
    if len(within) >= _MOST_LEVELS:
        return []
    pages_below: list[AnswerPage] = []
    holding: set[str] = set()
    spoken = _spoken_of(value)
    for key, text in value.items():
        child = text_of_json(text)
        if (spoken and not isinstance(child, dict | list)) or is_request(key):
            continue
        pages = _under(child, place + pointer(key), (*within, spoken or key), named)
        if pages:
            holding.add(key)
        pages_below += pages
    if not pages_below:
        return []
    failure = failure_beside(value, holding) or token_beside(value, holding)
    around = level(value, holding, "around")
    if not failure and not around:
        return pages_below
    return [
        _about_one(replace(page, failure=page.failure or failure, levels=(*page.levels, *around)))
        for page in pages_below
    ]


def _about_one(page: AnswerPage) -> AnswerPage:
    """A page, as the answer about the one thing that stands beside it, where another call's has the same members."""
    if not page.levels or page.page is None or page.call.place == "resource":
        return page
    for call in recognise_alike(page.call):
        record = record_beside(page.levels, call, "")
        if record is not None and record.resource:
            return replace(page, call=call, sure=True)
    return page


def _holds_objects(call: Call, value: Page) -> bool:
    """Whether objects stand where a call's answer has lists: answers by the name of their list."""
    return any(isinstance(value.get(entry.member), dict) for entry in call.lists)


def _under(child: object, place: str, within: tuple[str, ...], above: Call | None) -> list[AnswerPage]:
    """The pages in a member of an object, which its name names, or else those ``above`` it do."""
    named = _member_named(within)
    if named.other:
        return []
    children = enumerate(child) if isinstance(child, list) else [("", child)]
    pages: list[AnswerPage] = []
    for index, element in children:
        below = place if index == "" else place + pointer(index)
        pages_below = pages_in(element, below, within, named.call or above)
        if above is not None and named.call is not None and not any(page.sure for page in pages_below):
            pages_below = pages_in(element, below, within, above)  # "regions" names a call, too
        pages += pages_below
    called = operation_called(within[-1].removesuffix(".json"), nouns=False).call
    if not pages and called is not None:
        alone = wrapped(called, child) if isinstance(child, list) else item_of(called, child)
        accounts = accounts_instead(called, child) if alone is None else ()
        pages.append(AnswerPage(called, alone, place, within, True, bare=alone is not None, accounts=accounts))
    return pages


def _member_named(within: tuple[str, ...]) -> NamedOperation:
    """The operation that the name of a member is, alone or behind its service's above it, or as a file's name."""
    name = within[-1]
    if "/" in name:
        return operation_named(name)
    name = name.removesuffix(".json")
    behind = operation_called(" ".join((*within[-2:-1], name)))
    return behind if behind != NO_OPERATION else operation_called(name)


def _spoken_of(value: Page) -> str:
    """The call that a text beside an answer names (``{"command": "describe-trails", "output": …}``), ``""`` if none."""
    if not any(isinstance(child, dict) for child in value.values()):
        return ""
    texts = (text for text in value.values() if isinstance(text, str) and operation_called(text).call is not None)
    return next(texts, "")


def wrapped(call: Call, items: list[object]) -> Page | None:
    """The answer of which a bare list is the first list, None if it cannot be."""
    if not items or not (len(call.lists) == 1 or call.id == DESCRIBE_ALARMS):
        return None
    page = {call.lists[0].member: items}
    return page if all(isinstance(item, dict) for item in items) and not violations(call, page) else None


def accounts_instead(call: Call, value: object) -> tuple[str, ...]:
    """The accounts that stand where a listing of accounts should, none of another call."""
    return accounts_in(value) if call.id == LIST_ACCOUNTS else ()
