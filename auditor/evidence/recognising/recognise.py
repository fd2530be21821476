"""Which calls a document is the answer of: by its members, its name and the capture record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from auditor.evidence.item import Page
from auditor.evidence.operations import Call, calls, errors_of
from auditor.resources import schema, validator
from auditor.text import position


@lru_cache(maxsize=4096)
def _candidates(keys: frozenset[str]) -> tuple[tuple[Call, ...], ...]:
    """The calls whose answer has these members, in groups of those that have the same ones."""
    groups: list[list[Call]] = []
    for call in calls().values():
        if call.keys_all <= keys and (not call.keys_any or not call.keys_any.isdisjoint(keys)):
            group = next((group for group in groups if not _telling(call).isdisjoint(_telling(group[0]))), None)
            if group is None:
                groups.append([call])
            else:
                group.append(call)
    return tuple(map(tuple, groups))


def _telling(call: Call) -> frozenset[str]:
    return call.keys_all | call.keys_any


def recognise(page: Page, named: Call | None = None) -> tuple[Call, ...]:
    """The calls whose answers ``page`` holds: none, one, or several that were put together.

    Content decides; where calls have the same members (rule N3) the one that is ``named``, by the capture record or
    the path, then a telling member of the answer tells them apart, else the call that claims less is taken
    (list-subscriptions rather than list-subscriptions-by-topic).
    """
    return tuple(_chosen(page, group, named) for group in _candidates(frozenset(page)))


def _chosen(page: Page, group: Sequence[Call], named: Call | None) -> Call:
    if len(group) == 1 or named in group:
        return named if named is not None and named in group else group[0]
    for member in ("telling", "resource_member"):
        for call in group:
            path_in = getattr(call, member)
            if path_in and value_at(page, path_in) is not None:
                return call
    most = max(len(call.keys_all) for call in group)
    least = [call for call in group if len(call.keys_all) == most]
    return next((call for call in least if call.place != "resource"), least[0])


def follows(call: Call, page: Page, unlike: bool = False) -> bool:
    """Whether a page that nothing names as the call's answer can be one: some record of it follows the schema (X8).

    A list without records is one unless other members stand beside it, or its name is ``unlike`` that of the call; so
    is whatever has a member that no other operation's answer has.
    """
    if not call.lists:
        holds_its_member = not call.holds or call.holds in str(page)
        return holds_its_member and (not call.shared or validator(call.schema).is_valid(page))
    lists = [page[entry.member] for entry in call.lists if isinstance(page.get(entry.member), list)]
    records = sum(map(len, lists))
    if not records:
        strange = set(page) - set(schema(call.schema)["properties"]) - {"ResponseMetadata"}
        return bool(lists) and not (call.shared and (strange or unlike))
    if validator(call.schema).is_valid(page):
        return True
    broken = set(_broken_records(call, page))
    return len(broken) < records


def _broken_records(call: Call, page: Page) -> Iterator[tuple[str, int]]:
    """The records in which something breaks the schema on which verdicts depend; of a list that breaks it, all."""
    used = {entry.member: {*entry.used, *entry.identity} for entry in call.lists}
    for path, error in errors_of(call.schema, page):
        if not path or path[0] not in used:
            continue
        member = str(path[0])
        if len(path) == 1:
            items = page[member] if error is None and isinstance(page[member], list) else []
            yield from ((member, number) for number in range(len(items)))
        elif len(path) == 2 or path[2] in used[member]:
            yield member, int(path[1])


def resource_in(page: Page, call: Call) -> str:
    """The resource that the answer itself names (``Attributes/TopicArn``), ``""`` if none."""
    value = value_at(page, call.resource_member) if call.resource_member else None
    return value if isinstance(value, str) else ""


def value_at(value: object, path: str) -> object:
    """What stands at a path of members and positions (``Items/0/SinkArn``), None if nothing does."""
    for part in path.split("/"):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and (number := position(part)) is not None and number < len(value):
            value = value[number]
        else:
            return None
    return value


@lru_cache(maxsize=256)
def recognise_alike(call: Call) -> tuple[Call, ...]:
    """The calls about one resource whose answers have the same members as those of another call (rule N3)."""
    return tuple(
        other
        for other in calls().values()
        if other is not call
        and other.place == "resource"
        and call.place != "resource"
        and _telling(other) == _telling(call)
    )
