"""Which call a document is the answer of: by its members, its path and the capture record."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from auditor.evidence.registry import Call, calls


@lru_cache(maxsize=4096)
def _candidates(keys: frozenset[str]) -> tuple[Call, ...]:
    return tuple(
        call
        for call in calls().values()
        if call.keys_all <= keys and (not call.keys_any or not call.keys_any.isdisjoint(keys))
    )


@cache
def _name_patterns() -> tuple[tuple[re.Pattern[str], Call], ...]:
    """Call names as people write them into file names, the longest first."""
    found = []
    for call in calls().values():
        operation = call.name.split("-", 1)[1]  # describe-alarms
        words = operation.split("-")[1:]  # alarms
        for text, rank in ((call.name, 3), (operation, 2), ("-".join(words), 1)):
            if text:
                pattern = re.compile(r"(?<![a-z])" + text.replace("-", "[-_ ]?") + r"(?![a-z])")
                found.append((rank, len(text), pattern, call))
    found.sort(key=lambda entry: (-entry[0], -entry[1], entry[3].id))
    return tuple((pattern, call) for _, _, pattern, call in found)


@cache
def _by_name() -> dict[str, Call]:
    return {call.name: call for call in calls().values()}


@lru_cache(maxsize=65536)
def call_named(path: str) -> Call | None:
    """The call that a path names, in its file name or, for calls about one resource, in its folder.

    >>> call_named("111122223333/us-east-1/sns-list-subscriptions-by-topic/alerts.json").id
    'sns:ListSubscriptionsByTopic'
    >>> call_named("prod_111122223333_eu-west-1_alarms.json").id
    'cloudwatch:DescribeAlarms'
    """
    parts = path.lower().split("/")
    by_name = _by_name()
    for part in (parts[-1].split(".", 1)[0], *parts[-2:-1]):
        if part in by_name:
            return by_name[part]
    for part in (parts[-1], *parts[-2:-1]):
        for pattern, call in _name_patterns():
            if pattern.search(part):
                return call
    return None


def recognise(page: dict[str, Any], path: str, recorded: str = "") -> Call | None:
    """The call whose answer ``page`` is, or None.

    Content decides; where two calls have the same members (rule N3) the capture record, then the path, then
    a telling member of the answer tells them apart, else the call that claims less is taken
    (list-subscriptions rather than list-subscriptions-by-topic).
    """
    candidates = _candidates(frozenset(page))
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    for call in candidates:
        if call.id == recorded:
            return call
    named = call_named(path)
    if named in candidates:
        return named
    for member in ("telling", "resource_member"):
        for call in candidates:
            path_in = getattr(call, member)
            if path_in and value_at(page, path_in) is not None:
                return call
    most = max(len(call.keys_all) for call in candidates)
    least = [call for call in candidates if len(call.keys_all) == most]
    return next((call for call in least if call.place != "resource"), least[0])


def resource_in(page: dict[str, Any], call: Call) -> str:
    """The resource that the answer itself names (``Attributes/TopicArn``), ``""`` if none."""
    value = value_at(page, call.resource_member) if call.resource_member else None
    return value if isinstance(value, str) else ""


def value_at(value: Any, path: str) -> Any:
    """What stands at a path of members and positions (``Items/0/SinkArn``), None if nothing does."""
    for part in path.split("/"):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
