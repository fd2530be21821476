"""The filters that count nearly every event, so that something arrives in every minute (L10, V4)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from auditor.arn import ACCOUNT_ID_IN_TEXT, REGION_IN_TEXT
from auditor.catalogue.regions import default_regions
from auditor.chains.model import Counting, Origin
from auditor.judgement.traffic import FURTHER, MOMENTS, USUAL, Call, Kind, Share, ordinary_events, telling_members
from auditor.patterns import Pattern, PatternSyntaxError, match, parse
from auditor.patterns.syntax import Compare, Fields, Glob, Rest

_NO_ACCOUNT, _NO_REGION = "000000000000", "xx-ordinary-1"
_VERSIONS = ("1.11", "1.08")  # eventVersion of late; services write several at one time
# What in a pattern that names no members may tell events of one account, region, version or moment from others.
_TELLING = {
    "account": re.compile(r"account|arn|[0-9]{3}|[%*]", re.IGNORECASE),
    "region": re.compile(r"region|[a-z]{2}-|-[0-9]|[%*]", re.IGNORECASE),
    "version": re.compile(r"[0-9]\.|\.[0-9]|[%*]"),
    "moment": re.compile(r"[0-9][-:TZ]|[-:TZ][0-9]|[0-9]{2}|[%*]"),
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
    counted alone: reads or writes, of an account, a region, an event version or a time. AWS took whatever a capture
    shows, so that a text which is no pattern here may count anything.
    """
    place = origin or _ANYWHERE
    telling = _tells(pattern)
    accounts: _Whose = _accounts(pattern, place) if "account" in telling else ((_NO_ACCOUNT,), ())
    regions: _Whose = _regions(pattern, place) if "region" in telling else ((_NO_REGION,), ())
    versions = _VERSIONS if "version" in telling else _VERSIONS[:1]
    counting = _counting(pattern, accounts, regions, versions, MOMENTS if "moment" in telling else MOMENTS[:1])
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
    return (_NO_REGION,), tuple(dict.fromkeys((*REGION_IN_TEXT.findall(pattern), *default_regions("aws"))))


@lru_cache(maxsize=65536)
def _counting(
    pattern: str, accounts: _Whose, regions: _Whose, versions: tuple[str, ...], moments: tuple[str, ...]
) -> Counting:
    try:
        parsed = parse(pattern)
    except PatternSyntaxError:
        return Counting(None, doubtful=True)

    def counts(kind: Kind, places: Sequence[tuple[str, str]]) -> Iterator[tuple[Share, Share]]:
        """By place and version, and in the first place by moment, what part of a kind's reads and writes is counted."""
        calls = itertools.chain(
            itertools.product(places, versions, moments[:1]), itertools.product(places[:1], versions, moments[1:])
        )
        for (account, region), version, moment in calls:
            reads, writes = (
                Share.of([match(parsed, event) for event in ordinary_events(kind, call)])
                for call in (Call(account, region, version, moment, read_only) for read_only in (True, False))
            )
            yield reads, writes

    usual = list(itertools.product(accounts[0], regions[0]))
    near = list(itertools.product(accounts[0][:1] + accounts[1][:_NEAR], regions[0][:1] + regions[1][:_NEAR]))
    of_usual = list(counts(USUAL[0], usual))
    of_kinds = [part for kind in (*USUAL[1:], *FURTHER) for part in counts(kind, near)]
    if all(part is Share.ALL for parts in of_usual for part in parts) and all(
        part is Share.ALL for kind in USUAL[1:] for parts in counts(kind, usual[:1]) for part in parts
    ):
        return Counting(True)
    every_place = list(itertools.product((*accounts[0], *accounts[1]), (*regions[0], *regions[1])))
    counted = [*of_usual, *of_kinds, *counts(USUAL[0], every_place)]
    some = any(part is not Share.FEW for parts in counted for part in parts)
    return Counting(None if some else False, any(Share.FEW not in parts for parts in counted))
