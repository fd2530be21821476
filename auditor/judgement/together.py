"""Whether filters notice calls together that none of them notices alone (V1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.chains.selectors import SOURCE_ENDING
from auditor.judgement.calls import Calls
from auditor.patterns import Event, Pattern, PatternSyntaxError, apart, cover, match, may_count, parse, uncounted
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Glob, Is, Name, NotExists, Selector

_REGION: Selector = (Name("awsRegion"),)
_SOURCE: Selector = (Name("eventSource"),)
_NAME: Selector = (Name("eventName"),)
# Members that every event has (CloudTrail record contents, CloudTrail userIdentity element: not optional).
_PRESENT: tuple[Selector, ...] = (
    *((Name(key),) for key in ("eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "eventType")),
    *((Name(key),) for key in ("sourceIPAddress", "eventID")),
    (Name("userIdentity"), Name("type")),
)
# Members that every event of a call has with one value (the same; an event in a record before 1.07 has none).
_WRITTEN: dict[Selector, str] = {(Name("eventCategory"),): "Management"}
# Members that are true or false where an event has them.
_EITHER: tuple[Selector, ...] = ((Name("readOnly"),), (Name("managementEvent"),))
# Members that are a text where an event has them.
_OPTIONAL: tuple[Selector, ...] = (
    *((Name(key),) for key in ("errorCode", "errorMessage", "userAgent", "requestID", "recipientAccountId")),
    *((Name(key),) for key in ("vpcEndpointId", "sharedEventID", "apiVersion")),
    *((Name("userIdentity"), Name(key)) for key in ("arn", "accountId", "userName", "principalId", "invokedBy")),
    (Name("userIdentity"), Name("accessKeyId")),
    *((Name("tlsDetails"), Name(key)) for key in ("tlsVersion", "cipherSuite", "clientProvidedHostHeader")),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Whether filters count all of some calls together; None: not decided. ``witness`` is one that none counts, and
    ``example`` what of it tells that.
    """

    covered: bool | None
    witness: Event | None = None
    example: Event | None = None


def read_region(patterns: Iterable[str]) -> bool:
    """Whether what a filter counts may depend on the region of the call."""
    return any(_REGION in _members_read(text) for text in patterns)


def noticed_together(patterns: frozenset[str], required: str, part: Calls, region: str = "") -> Notice:
    """Whether each of these calls that ``required`` counts is counted by one of the patterns, which all parse.

    ``region``: of those made in this region alone.
    """
    pair = None if part.of_any else (part.source, part.name)
    if pair is not None:  # most filters of a group are for other calls
        patterns = frozenset(
            pattern for pattern in patterns if may_count(pattern, eventSource=pair[0], eventName=pair[1])
        )
    patterns = frozenset(pattern for pattern in patterns if not apart(pattern, required))
    return _noticed(tuple(sorted(patterns)), required, pair, part.sources, part.apart, region)


@lru_cache(maxsize=8192)
def _noticed(
    patterns: tuple[str, ...],
    required: str,
    pair: tuple[str, str] | None,
    sources: tuple[str, ...],
    apart: tuple[str, ...],
    region: str,
) -> Notice:
    parsed = [_parsed(text) for text in patterns]
    required_pattern = _parsed(required)
    if required_pattern.kind != "json":  # no condition can be put beside it
        coverage = cover(parsed, required_pattern, None if pair is None else [pair])
        narrowed = bool(sources or apart or region)
        return Notice(
            None if narrowed and coverage.covered is False else coverage.covered, coverage.witness, coverage.witness
        )
    read = _members_read(required).union(*map(_members_read, patterns))
    optional = tuple(selector for selector in _OPTIONAL if selector in read)
    written = tuple(selector for selector in _WRITTEN if selector in read)
    of_service = pair is None and not sources and _SOURCE in read
    either = tuple(selector for selector in _EITHER if selector in read)
    calls, missing, first = _calls(required, pair, sources, apart, region, written, optional, either, of_service)
    answer = _stepwise(parsed, calls, missing, first)
    for few in () if answer else (*((pattern,) for pattern in parsed), tuple(parsed)):
        answer = answer or _after(parsed, *uncounted(few, calls))
    if answer is None:
        return Notice(None)
    covered, witness = answer
    return Notice(covered, witness, None if witness is None else _example(witness, read))


@lru_cache(maxsize=4096)
def _calls(
    required: str,
    pair: tuple[str, str] | None,
    sources: tuple[str, ...],
    apart: tuple[str, ...],
    region: str,
    written: tuple[Selector, ...],
    optional: tuple[Selector, ...],
    either: tuple[Selector, ...],
    of_service: bool,
) -> tuple[Pattern, bool | None, Event | None]:
    """The pattern of the calls that are asked about, whether there are any (None: not decided), and such a call."""
    conditions: list[Condition] = [_parsed(required).root]  # type: ignore[list-item]
    if pair is not None:
        conditions += [_is(_SOURCE, pair[0]), _is(_NAME, pair[1])]
    elif sources:
        conditions.append(_any_of([_is(_SOURCE, source) for source in sources]))
    conditions += [Compare(_SOURCE, "!=", Glob((source,))) for source in apart]
    if region:
        conditions.append(_is(_REGION, region))
    conditions += [_text(selector) for selector in _PRESENT]
    conditions += [_is(selector, _WRITTEN[selector]) for selector in written]
    if of_service:
        conditions += [Compare(_SOURCE, "=", Glob(("", SOURCE_ENDING))), Compare(_SOURCE, "!=", Glob((SOURCE_ENDING,)))]
    conditions += [AnyOf((NotExists(selector), _text(selector))) for selector in optional]
    conditions += [AnyOf((NotExists(selector), Is(selector, "TRUE"), Is(selector, "FALSE"))) for selector in either]
    calls = Pattern("json", AllOf(tuple(conditions)), "")
    return (calls, *uncounted((), calls))


Answer = tuple[bool, Event | None]


def _stepwise(
    patterns: Sequence[Pattern], calls: Pattern, missing: bool | None, witness: Event | None
) -> Answer | None:
    """Whether the calls are all counted, asked of no more patterns than count a call that was not counted so far."""
    few: tuple[Pattern, ...] = ()
    while True:
        if (answer := _after(patterns, missing, witness)) is not None or witness is None:
            return answer
        few += tuple(pattern for pattern in patterns if match(pattern, witness))
        missing, witness = uncounted(few, calls)


def _after(patterns: Sequence[Pattern], missing: bool | None, witness: Event | None) -> Answer | None:
    """What is known of all patterns by what is known of some: all calls are counted, or this one is by none."""
    if missing is False:
        return True, None
    if witness is not None and not any(match(pattern, witness) for pattern in patterns):
        return False, witness
    return None


def _example(event: Event, read: frozenset[Selector]) -> Event:
    """An event without members that no pattern reads, but with its name and source."""
    if not isinstance(event, dict):
        return event
    kept = {"eventSource", "eventName", *(first.key for first, *_ in read if isinstance(first, Name))}
    return {name: value for name, value in event.items() if name in kept}


@lru_cache(maxsize=8192)
def _members_read(pattern: str) -> frozenset[Selector]:
    return _parsed(pattern).selectors()


def counts(pattern: str, event: Event) -> bool:
    """Whether a filter with this pattern counts the event."""
    return match(_parsed(pattern), event)


def _is(selector: Selector, text: str) -> Condition:
    return Compare(selector, "=", Glob((text,)))


def _text(selector: Selector) -> Condition:
    return Compare(selector, "=", Glob(("", "")))


def _any_of(conditions: list[Condition]) -> Condition:
    return AnyOf(tuple(conditions)) if len(conditions) > 1 else conditions[0]


@lru_cache(maxsize=4096)
def parsed_filter(text: str) -> Pattern | None:
    """The pattern of a filter, or None if CloudWatch Logs would not accept it: then it counts nothing."""
    try:
        return parse(text)
    except PatternSyntaxError:
        return None


def _parsed(text: str) -> Pattern:
    pattern = parsed_filter(text)
    if pattern is None:
        raise ValueError(f"no filter pattern: {text}")
    return pattern
