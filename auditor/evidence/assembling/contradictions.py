"""Whether captures of one call and place tell something differently, or one lists what the other does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import orjson

from auditor.evidence.call_ids import DESCRIBE_TRAILS
from auditor.evidence.item import Item
from auditor.evidence.operations import Call, ItemList, starting_token
from auditor.evidence.placing import Capture
from auditor.evidence.reading import days_named
from auditor.text import one_line

_STUB = frozenset({"AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp", "StateTransitionedTimestamp"})
_STOPPING = frozenset({"--max-items", "--no-paginate"})


def contradictions(
    call: Call, usable: Sequence[Capture], claiming: Sequence[Capture], contested: set[tuple[int, int, str, int]]
) -> str:
    """Mark items that captures of one place tell differently; one sentence about the first, ``""`` if none.

    Of ``usable`` captures those ``claiming`` hold all there is. ``contested`` gains capture number, page, member and
    index of each such item.
    """
    first = ""
    if not call.lists:
        values = {comparable(page, call.members_used) for capture in usable for page in capture.pages}
        return "the answers differ" if len(values) > 1 else ""
    of_group: dict[object, set[int]] = defaultdict(set)  # the whole listings of one log group each
    for capture in usable:
        if capture.log_group and not capture.token_left:
            of_group[capture.log_group].add(capture.number)
    alone_whole = _by_themselves(
        [capture for capture in claiming if capture.share is None], [other for other in usable if other.token]
    ) | _by_themselves(
        [capture for capture in claiming if capture.share is not None], [other for other in usable if other.token_left]
    )
    for entry in call.lists:
        described = _described(usable, entry)
        by_identity: dict[bytes, list[tuple[Capture, int, int, bytes]]] = defaultdict(list)
        group_of: dict[bytes, object] = {}
        for capture in usable:
            for page, index, item in capture.items(entry):
                identity = comparable(item, entry.identity)
                if identity in described and is_stub(item):
                    continue
                by_identity[identity].append((capture, page, index, comparable(item, entry.used, entry.volatile)))
                group_of[identity] = item.get("logGroupName")
        # Two captures that claim to be whole must list the same things, one of a log group alone those of its group.
        whole = {capture.number for capture in claiming if _claims(capture, entry)}
        by_itself = whole & alone_whole
        for identity, places in by_identity.items():
            contents = {content for *_, content in places}
            holders = {capture.number for capture, *_ in places}
            alone = 0 < len(whole & holders) < len(whole) and not entry.growing
            alone = alone or not of_group.get(group_of[identity], set()) <= holders
            # What a piece lists, or a page of another answer, a whole one must hold as well; of trails see T2.
            alone = alone or not (by_itself <= holders or entry.growing or call.id == DESCRIBE_TRAILS)
            if len(contents) > 1 or alone:
                name = shown_name(identity)
                first = first or (
                    f"{name} is told differently"
                    if len(contents) > 1
                    else f"{name} is listed in one and not in the other"
                )
                contested.update((capture.number, page, entry.member, index) for capture, page, index, _ in places)
    return first


def shown_name(identity: bytes) -> str:
    """What :func:`comparable` made of the members that name an item, as people read it."""
    return one_line(" ".join(str(part) for part in orjson.loads(identity) if part), 160)


def is_stub(item: Item) -> bool:
    """Whether an alarm is told by name and state alone, as those above or below a composite alarm are (X3)."""
    return "AlarmArn" in item and _STUB.issuperset(item)


def of_stubs(capture: Capture) -> bool:
    """Whether a capture lists alarms by name and state alone: those above or below a composite alarm (X3)."""
    items = [item for entry in capture.call.lists if entry.asked_by for *_, item in capture.items(entry)]
    return bool(items) and all(map(is_stub, items))


def _described(usable: Sequence[Capture], entry: ItemList) -> set[bytes]:
    """The alarms that some capture tells in full, by identity."""
    return {
        comparable(item, entry.identity)
        for capture in (usable if entry.asked_by else ())
        for *_, item in capture.items(entry)
        if not is_stub(item)
    }


def _by_themselves(whole: Sequence[Capture], begun: Sequence[Capture]) -> set[int]:
    """The numbers of the whole answers that are no last page of what one of ``begun``, which leave tokens, began: their
    records say so, or their days, or none is begun (X1, X3).

    A program that pages repeats its arguments with each page; the AWS CLI leaves a token only where it is told to stop.
    """
    if not begun:
        return {capture.number for capture in whole}
    told_to_stop = any(_STOPPING.intersection(capture.arguments or ()) for capture in begun)
    days = {_days(capture) for capture in begun}
    return {
        capture.number
        for capture in whole
        if not starting_token(capture.arguments)
        and ((capture.arguments and told_to_stop) or _days(capture) not in days)
    }


def _days(capture: Capture) -> tuple[str, str]:
    """The day that a capture's folder names and the day of its record."""
    return _day(capture.file), (capture.captured_at or "")[:10]


def _day(path: str) -> str:
    """The last day that a folder of a path names, ``""`` if none does."""
    days = days_named(path.rpartition("/")[0])
    return days.first if days is not None and days.first == days.last else ""


def repeats(capture: Capture) -> bool:
    """Whether a capture lists one thing twice, as files put together by hand do."""
    for entry in capture.call.lists:
        columns = [[str(item.get(member)) for _, _, item in capture.items(entry)] for member in entry.identity]
        if len(columns) == 1:
            listed, different = len(columns[0]), len(set(columns[0]))
        else:
            rows = list(zip(*columns, strict=True))
            listed, different = len(rows), len(set(rows))
        if different < listed:
            return True
    return False


def _claims(capture: Capture, entry: ItemList) -> bool:
    """Whether a whole answer claims that a list holds all there is: of further types of alarm only if asked (C1)."""
    if not entry.asked_by or entry is capture.call.lists[0]:
        return True
    return entry.asked_by in (capture.arguments or ()) or any(True for _ in capture.items(entry))


def comparable(item: Item, members: Sequence[str], without: Sequence[str] = ()) -> bytes:
    """What some members of an item say, as bytes that are the same where they say the same."""
    values = [item.get(member) for member in members if member not in without]
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS, default=str)
