"""Which AWS operation a name speaks of: of a file, a folder, a member of an object, or as a capture record has it.

Operations of other services, and others of the same, have answers with the members of ours (rule X8); those that do,
or whose names hold the words of ours, stand in ``other_operations.json``, and all that read of the services of ours.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.arn import ACCOUNT_ID, REGION
from auditor.evidence.operations.registry import Call, calls
from auditor.resources import PACKAGE

_MOST_WORDS = 14  # of an operation's name, its service before it; the longest has ten
_VERBS = ("batch", "describe", "get", "list", "lookup", "search")
_OPERATION = re.compile(r"(?:(?P<service>[\w-]+)[:. ]\s*)?(?P<operation>[A-Za-z][\w-]*)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_ALIASES = {
    "s3api": "s3",
    "configservice": "config",
    "deploy": "codedeploy",
    "ses": "sesv2",
}  # the CLI's for botocore's


@dataclass(frozen=True, slots=True)
class NamedOperation:
    """What a name says: one of the calls that are evidence, or another operation (``sqs get-queue-attributes``).

    ``unlike``: it holds the noun of another operation in which that of ours is a part (``alarms-for-metric``).
    """

    call: Call | None = None
    other: str = ""
    unlike: bool = False


NO_OPERATION = NamedOperation()


@dataclass(frozen=True, slots=True)
class _Operation:
    service: str
    name: str  # as the CLI spells it
    call: Call | None  # None: it is no evidence of ours


@cache
def _operations() -> dict[str, tuple[_Operation, ...]]:
    """All operations that a name can speak of, by their words without what separates them."""
    by_word: dict[str, list[_Operation]] = defaultdict(list)
    for call in calls().values():
        name = call.name.partition("-")[2]
        by_word["".join(name.split("-"))].append(_Operation(call.service, name, call))
    for service, operations in _others().items():
        for operation in operations:
            by_word[operation.lower()].append(_Operation(service, _words_of(operation), None))
    return {words: tuple(alike) for words, alike in by_word.items()}


def _words_of(operation: str) -> str:
    """``ListTopicsV2`` as ``list-topics-v2``."""
    return "-".join(part.lower() for part in re.split(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", operation))


@cache
def _services() -> dict[str, str]:
    """Services by their words without what separates them."""
    return {service.replace("-", ""): service for service in _others()} | _ALIASES


@cache
def _own_services() -> frozenset[str]:
    return frozenset(call.service for call in calls().values())


@cache
def _others() -> dict[str, list[str]]:
    """By service, in botocore's spelling, all services: their operations that are like ours."""
    others: dict[str, list[str]] = json.loads((PACKAGE / "evidence/other_operations.json").read_text(encoding="utf-8"))
    return others


@cache
def _nouns() -> dict[str, NamedOperation]:
    """What is left of the operations' names without their verb, of others where a noun of ours is part of it."""
    nouns: dict[str, NamedOperation] = {}
    for call in sorted(calls().values(), key=lambda call: call.id):
        nouns.setdefault(_noun(call.name.partition("-")[2]), NamedOperation(call))
    own = tuple(f"-{noun}-" for noun in nouns)
    for operations in _others().values():
        for noun in map(_noun, map(_words_of, operations)):
            if any(part in f"-{noun}-" for part in own):
                nouns.setdefault(noun, NamedOperation(unlike=True))
    return {noun.replace("-", ""): named for noun, named in nouns.items()}


def _noun(operation: str) -> str:
    return operation.partition("-")[2]


@lru_cache(maxsize=65536)
def operation_named(path: str) -> NamedOperation:
    """The operation that a path names, in its file name or, for calls about one resource, in its folder.

    A whole name goes before a part of one, the operation's name before its noun alone; the longest of several counts.
    An operation that several services have is ours unless a name beside it says which of the others it is.

    >>> operation_named("111122223333/us-east-1/sns-list-subscriptions-by-topic/alerts.json").call.id
    'sns:ListSubscriptionsByTopic'
    >>> operation_named("prod_111122223333_eu-west-1_alarms.json").call.id
    'cloudwatch:DescribeAlarms'
    >>> operation_named("cloudwatch-describe-alarms-for-metric.json").other
    'cloudwatch describe-alarms-for-metric'
    """
    *folders, file = path.split("/")
    near = [folder for folder in folders if not is_place(folder)][-1:]
    service = next(filter(None, (_service_named(folder) for folder in near)), "")
    bases = (file.split(".", 1)[0], *near)
    for part in bases:
        if (named := _within(part, service, whole=True)) is not None:
            return named
    for part in (file, *near):
        if (named := _within(part, service, whole=False)) is not None:
            return named
    for part in (file, *near):
        if other := _foreign(part):
            return NamedOperation(other=other)
        if (noun := _noun_in(part)) is not None:
            return noun
    return NO_OPERATION


def is_place(name: str) -> bool:
    """Whether a folder's name says a region or an account, and not what is in it."""
    return bool(REGION.fullmatch(name.lower()) or ACCOUNT_ID.fullmatch(re.sub("[-. ]", "", name)))


@lru_cache(maxsize=4096)
def operation_called(text: str, *, nouns: bool = True) -> NamedOperation:
    """The operation that a text names which holds nothing else: ``cloudtrail:DescribeTrails``, ``trail-status``.

    ``nouns``: also without its verb.
    """
    named = _within(re.sub(r"^\s*aws\s", "", text), "", whole=True)
    return named or (_nouns().get("".join(_words(text)), NO_OPERATION) if nouns else NO_OPERATION)


def operation_recorded(text: str) -> NamedOperation:
    """The operation that a capture record names: any of a service is one, whether or not it is like ours (rule X8).

    >>> operation_recorded("logs:DescribeSubscriptionFilters").other
    'logs describe-subscription-filters'
    """
    name = re.sub(r"^\s*aws\s+|\s+--.*$", "", text).strip()
    named = operation_called(name)
    spelt = _OPERATION.fullmatch(name)
    if named != NO_OPERATION or spelt is None:
        return named
    service, words = spelt["service"] or "", _words(spelt["operation"])
    if service and service.lower() not in _own_services() and not _service_named(service):
        return named
    if len(words) < len(("verb", "noun")) or words[0] not in (*_VERBS, "filter", "test"):
        return named
    return NamedOperation(other=f"{service} {'-'.join(words)}".strip())


def _within(text: str, service: str, *, whole: bool) -> NamedOperation | None:
    """The operation in a text; ``whole``: that is all of it, but for its service. ``service``: what stands above it."""
    words = _words(text)
    stretches = []
    for start, end, alike in _longest(words):
        before, first = _service_before(words, start)
        operation = _operation_meant(alike, before, service)
        if operation is not None and not (whole and (first, end) != (0, len(words))):
            stretches.append(
                (operation.call is not None, end - start, operation, len(alike) == 1 or bool(before or service))
            )
    if not stretches:
        return None
    _, _, operation, certain = max(stretches, key=lambda entry: entry[:2])
    if operation.call is not None:
        return NamedOperation(operation.call)
    return NamedOperation(other=f"{operation.service} {operation.name}" if certain else operation.name)


def _words(text: str) -> list[str]:
    return _WORD.findall(_HUMP.sub("-", text).lower())


def _longest(words: Sequence[str]) -> Iterator[tuple[int, int, tuple[_Operation, ...]]]:
    """The stretches of words that are an operation's name and lie in no longer one."""
    operations, after = _operations(), 0
    for start in range(len(words)):
        for end in range(min(len(words), start + _MOST_WORDS), max(start, after), -1):
            alike = operations.get("".join(words[start:end]))
            if alike:
                yield start, end, alike
                after = end
                break


def _service_before(words: Sequence[str], end: int) -> tuple[str, int]:
    """The service whose words stand right before a place, and where they begin."""
    for start in range(max(0, end - 6), end):
        service = _services().get("".join(words[start:end]))
        if service:
            return service, start
    return "", end


def _operation_meant(alike: Sequence[_Operation], before: str, above: str) -> _Operation | None:
    """Which of several services' operations of one name is meant, by the service before it, or that of the folder."""
    of_service = next((operation for operation in alike if operation.service == (before or above)), None)
    ours = next((operation for operation in alike if operation.call is not None), None)
    return of_service or ours or (None if before else alike[0])


def _foreign(text: str) -> str:
    """An operation of a service that has none of ours, by the service and a verb of reading (``sesv2 list-…``)."""
    words = _words(text.split(".", 1)[0])
    for at in range(1, len(words)):
        service = _service_before(words, at)[0] if words[at] in _VERBS else ""
        if service and service not in _own_services():
            return f"{service} {'-'.join(words[at:])}"
    return ""


def _service_named(folder: str) -> str:
    return _services().get("".join(_words(folder)), "")


def _noun_in(text: str) -> NamedOperation | None:
    words, nouns = _words(text), _nouns()
    nouns_in_text = [
        (end - start, nouns["".join(words[start:end])])
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1)
        if "".join(words[start:end]) in nouns
    ]
    return max(nouns_in_text, key=lambda entry: entry[0])[1] if nouns_in_text else None
