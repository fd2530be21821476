"""What an item of a listing, or the member that holds it, names: by call, what an answer in it is about (rule X8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cache, lru_cache

from auditor.arn import parse_arn
from auditor.evidence.item import Item
from auditor.evidence.operations import calls, known_members


def named_by(item: Item) -> Mapping[str, str]:
    """By call the ARN of what an object that is an item of a listing names."""
    named: dict[str, str] = {}
    if item.keys().isdisjoint(_naming()):
        return named
    for member, (call_ids, service) in _naming().items():
        value = item.get(member)
        text = value[0] if isinstance(value, list) and len(value) == 1 else value
        arn = parse_arn(text) if isinstance(text, str) else None
        if arn is not None and arn.service in service:
            named |= {call_id: str(text) for call_id in call_ids if call_id not in named}
    return named


def named_by_key(name: str) -> Mapping[str, str]:
    """By call the ARN that a member is named after."""
    arn = parse_arn(name)
    if arn is None:
        return {}
    kind = "subscription" if arn.service == "sns" and ":" in arn.resource else arn.resource.partition(":")[0]
    kind = "topic" if arn.service == "sns" and kind != "subscription" else kind.partition("/")[0].replace("-", " ")
    return {call.id: name for call in calls().values() if call.resource == kind}


@cache
def _naming() -> Mapping[str, tuple[Sequence[str], Set[str]]]:
    """By member of items the calls whose answers are about what it names, and the services of that."""
    naming: dict[str, tuple[list[str], set[str]]] = {}
    for call in calls().values():
        for _, members in call.put_into:
            for member in members:
                call_ids, services = naming.setdefault(member, ([], set()))
                if call.id not in call_ids:
                    call_ids.append(call.id)
                services.add(call.service)
    return naming


@lru_cache(maxsize=256)
def known_of_items(call_ids: frozenset[str]) -> frozenset[str]:
    """The members of items of the listings into which the answers of calls are put."""
    listings = {calls()[listing] for call_id in call_ids for listing, _ in calls()[call_id].put_into}
    return frozenset[str]().union(
        *(known_members(listing, entry.member) for listing in listings for entry in listing.lists)
    )
