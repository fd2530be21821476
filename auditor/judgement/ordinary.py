"""The filters that count nearly every event, so that something arrives in every minute (L10, V4)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.arn import ACCOUNT_ID_IN_TEXT, REGION_IN_TEXT
from auditor.catalogue.regions import default_regions
from auditor.chains.model import Counting, Origin
from auditor.judgement.arriving import Arriving, arriving
from auditor.judgement.traffic import (
    FURTHER,
    MOMENTS,
    USUAL,
    Call,
    Kind,
    Share,
    of_data,
    ordinary_events,
    telling_members,
)
from auditor.patterns import Pattern, PatternSyntaxError, match, may_count, parse
from auditor.patterns.syntax import Compare, Fields, Glob, Rest

_NO_ACCOUNT, _NO_REGION = "000000000000", "xx-ordinary-1"
_VERSIONS = ("1.11", "1.08")  # eventVersion of late; services write several at one time
# What in a pattern that names no members may tell events of one account, region, version or moment from others.
_TELLING = {
    "account": re.compile(r"account|arn|[0-9]{3}|[%*]", re.IGNORECASE),
    "region": re.compile(r"region|[a-z]{2}-|-[0-9]|[%*]", re.IGNORECASE),
    "version": re.compile(r"[0-9]\.|\.[0-9]|[%*]"),
    "moment": re.compile(r"[0-9][-:TZ]|[-:TZ][0-9]|[0-9]{2}|[%*]"),
    "partition": re.compile(r"aws|arn|[%*]"),
}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_MEMBERS_OF_ANY_NAME = re.compile(r"\.\*|\[\*")  # outside of quotes, where a selector stands
_MOST = 500  # accounts of an organisation that are asked about one by one; of more, not all count as known
_NEAR = 8  # accounts, and regions, in which events of each kind are asked about
_ANYWHERE = Origin()
_Whose = tuple[tuple[str, ...], tuple[str, ...]]  # whose events are the usual ones, and who else's may come


def counts_nearly_everything(pattern: str, origin: Origin | None = _ANYWHERE) -> Counting:
    """Whether a filter with this pattern counts nearly every event, so that something arrives in every minute (L10).

    ``origin``: where the events that reach its log group come from; None: no trail delivers there, so that an
    application writes lines of a shape that nobody shows. It is not known where nearly all events of one kind are
    counted alone: reads or writes, of an account, a region, an event version or a time. What the trails' selectors
    leave out is no event. AWS took whatever a capture shows: a text that is no pattern here may count anything.
    """
    place = origin or _ANYWHERE
    telling = _tells(pattern)
    accounts: _Whose = _accounts(pattern, place) if "account" in telling else ((_NO_ACCOUNT,), ())
    regions: _Whose = _regions(pattern, place) if "region" in telling else ((_NO_REGION,), ())
    usual = _Usual(
        accounts, regions,
        _VERSIONS if "version" in telling else _VERSIONS[:1],
        MOMENTS if "moment" in telling else MOMENTS[:1],
        place.partition if "partition" in telling else _ANYWHERE.partition,
        arriving(place.selectors),
    )  # fmt: skip
    counting = _counting(pattern, usual)
    if origin is None and counting.everything is False and _asks_for_nothing(parse(pattern)):
        return Counting(None, doubtful=True)
    return counting


def _tells(pattern: str) -> frozenset[str]:
    """In which members of ``Call`` may differ what a pattern counts and what it does not."""
    if not pattern.lstrip().startswith("{"):
        return frozenset(field for field, text in _TELLING.items() if text.search(pattern))
    selectors = _QUOTED.sub("", pattern)
    any_member, folded = _MEMBERS_OF_ANY_NAME.search(selectors) is not None, selectors.casefold()
    return frozenset(
        field
        for field, names in telling_members().items()
        if any_member or any(name.casefold() in folded for name in names)
    )


def _asks_for_nothing(pattern: Pattern) -> bool:
    """Whether a pattern takes every line of its shape, or every object with a member, as applications may write all."""
    root = pattern.root
    if isinstance(root, Fields):
        return all(isinstance(part, Rest) or part.condition is None for part in root.fields)
    return isinstance(root, Compare) and root.operator == "=" and root.value == Glob(("", ""))


def _accounts(pattern: str, origin: Origin) -> _Whose:
    """Whose events to ask about: where all are known, those that the pattern does not name, if any, are the usual."""
    shown, named = sorted(origin.accounts), tuple(dict.fromkeys(ACCOUNT_ID_IN_TEXT.findall(pattern)))
    if not origin.all_accounts or len(shown) > _MOST:
        return (_NO_ACCOUNT,), (*named, *shown[:_MOST])
    usual = tuple(account for account in shown if account not in named) or tuple(shown)
    return usual, tuple(account for account in shown if account not in usual)


def _regions(pattern: str, origin: Origin) -> _Whose:
    if origin.region:
        return (origin.region,), ()
    named, known = tuple(dict.fromkeys(REGION_IN_TEXT.findall(pattern))), default_regions(origin.partition)
    if known and origin.partition != _ANYWHERE.partition:  # there none is to be enabled
        return known, tuple(region for region in named if region not in known)
    return (_NO_REGION,), tuple(dict.fromkeys((*named, *known)))


@dataclass(frozen=True, slots=True)
class _Usual:
    """Of which ordinary events a pattern is asked; of what makes no difference to it, one."""

    accounts: _Whose
    regions: _Whose
    versions: tuple[str, ...]
    moments: tuple[str, ...]
    partition: str
    arriving: Arriving


_FIRST = Call(_NO_ACCOUNT, _NO_REGION, _VERSIONS[0], MOMENTS[0])


def _calls(usual: _Usual, call: Call) -> tuple[list[Call], list[Call]]:
    """The calls that arrive, as ``call`` otherwise is: of every service, and of some where those do not arrive."""
    return (
        [replace(call, read_only=read_only) for read_only in usual.arriving.kinds],
        [
            replace(call, read_only=part.read_only, source=part.source, names=part.names)
            for part in usual.arriving.services
        ],
    )


@lru_cache(maxsize=65536)
def _counting(pattern: str, usual: _Usual) -> Counting:
    try:
        parsed = parse(pattern)
    except PatternSyntaxError:
        return Counting(None, doubtful=True)
    if not any(
        may_count(pattern, eventSource=call.source, eventName=name)
        for call in itertools.chain(*_calls(usual, _FIRST))
        for name in call.called
    ):
        return Counting(False)  # most filters name their calls
    (accounts, other_accounts), (regions, other_regions) = usual.accounts, usual.regions

    def share(kind: Kind, call: Call) -> Share:
        return Share.of([match(parsed, event) for event in ordinary_events(kind, call)])

    def counts(kind: Kind, places: Sequence[tuple[str, str]]) -> Iterator[tuple[Share, ...]]:
        """By place and version, and in the first place by moment, what part of a kind's reads and writes is counted."""
        calls = itertools.chain(
            itertools.product(places, usual.versions, usual.moments[:1]),
            itertools.product(places[:1], usual.versions, usual.moments[1:]),
        )
        for place, version, moment in calls:
            of_all, of_services = _calls(usual, Call(*place, version, moment, partition=usual.partition))
            yield tuple(share(kind, call) for call in of_all)
            yield from ((share(kind, call),) for call in of_services)

    usual_places = list(itertools.product(accounts, regions))
    near = list(itertools.product(accounts[:1] + other_accounts[:_NEAR], regions[:1] + other_regions[:_NEAR]))
    of_usual = list(counts(USUAL[0], usual_places))
    further = (*FURTHER, of_data) if usual.arriving.data else FURTHER
    of_kinds = [part for kind in (*USUAL[1:], *further) for part in counts(kind, near)]
    if usual.arriving.kinds and all(
        part is Share.ALL
        for parts in (*of_usual, *(parts for kind in USUAL[1:] for parts in counts(kind, usual_places[:1])))
        for part in parts
    ):
        return Counting(True)
    every_place = list(itertools.product((*accounts, *other_accounts), (*regions, *other_regions)))
    counted = [parts for parts in (*of_usual, *of_kinds, *counts(USUAL[0], every_place)) if parts]
    some = any(part is not Share.FEW for parts in counted for part in parts)
    return Counting(None if some else False, any(Share.FEW not in parts for parts in counted))
