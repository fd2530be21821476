"""Whether captures of one call and place tell something differently, or one lists what the other does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import orjson

from auditor.evidence.capture import Capture
from auditor.evidence.item import Item
from auditor.evidence.registry import Call, ItemList
from auditor.text import one_line


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
    for entry in call.lists:
        by_identity: dict[bytes, list[tuple[Capture, int, int, bytes]]] = defaultdict(list)
        group_of: dict[bytes, object] = {}
        for capture in usable:
            for page, index, item in capture.items(entry):
                identity = comparable(item, entry.identity)
                by_identity[identity].append((capture, page, index, comparable(item, entry.used, entry.volatile)))
                group_of[identity] = item.get("logGroupName")
        # Two captures that claim to be whole must list the same things, one of a log group alone those of its group.
        whole = [capture.number for capture in claiming if _claims(capture, entry)]
        for identity, places in by_identity.items():
            contents = {content for *_, content in places}
            holders = {capture.number for capture, *_ in places}
            absent = [number for number in whole if number not in holders]
            alone = len(whole) > 1 and absent and not entry.growing and any(number in holders for number in whole)
            alone = alone or not of_group.get(group_of[identity], set()) <= holders
            if len(contents) > 1 or alone:
                name = one_line(" ".join(str(part) for part in orjson.loads(identity) if part), 160)
                first = first or (
                    f"{name} is told differently"
                    if len(contents) > 1
                    else f"{name} is listed in one and not in the other"
                )
                contested.update((capture.number, page, entry.member, index) for capture, page, index, _ in places)
    return first


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
