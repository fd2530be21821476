"""The filters that count nearly every event, so that something arrives in every minute (L10, V4)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from auditor.arn import ACCOUNT_ID_IN_TEXT, REGION_IN_TEXT
from auditor.catalogue.regions import default_regions
from auditor.chains.model import Counting, Origin
from auditor.judgement.traffic import FURTHER, USUAL, Kind, Share, ordinary_events, telling_members
from auditor.patterns import Pattern, PatternSyntaxError, match, parse
from auditor.patterns.syntax import Compare, Fields, Glob, Rest

_NO_ACCOUNT, _NO_REGION = "000000000000", "xx-ordinary-1"
_VERSIONS = ("1.11", "1.08")  # eventVersion of late; services write several at one time
# What may tell events of one account or region from those of another in a pattern that names no members.
_TELLS_ACCOUNTS = re.compile(r"account|arn|[0-9]{3}|[%*]", re.IGNORECASE)
_TELLS_REGIONS = re.compile(r"region|[a-z]{2}-|-[0-9]|[%*]", re.IGNORECASE)
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
    counted alone: reads or writes, of an account, a region or an event version. AWS took whatever a capture shows, so
    that a text which is no pattern here may count anything.
    """
    place = origin or _ANYWHERE
    by_account, by_region = _tells(pattern)
    accounts: _Whose = _accounts(pattern, place) if by_account else ((_NO_ACCOUNT,), ())
    regions: _Whose = _regions(pattern, place) if by_region else ((_NO_REGION,), ())
    counting = _counting(pattern, accounts, regions)
    if origin is None and counting.everything is False and _asks_for_nothing(parse(pattern)):
        return Counting(None, doubtful=True)
    return counting


def _tells(pattern: str) -> tuple[bool, bool]:
    """Whether a pattern may count events of one account and not those of another; and the same of regions."""
    if not pattern.lstrip().startswith("{"):
        return _TELLS_ACCOUNTS.search(pattern) is not None, _TELLS_REGIONS.search(pattern) is not None
    selectors = _QUOTED.sub("", pattern)
    any_member, folded = _MEMBERS_OF_ANY_NAME.search(selectors) is not None, selectors.casefold()
    by_account, by_region = (any(name.casefold() in folded for name in names) for names in telling_members())
    return any_member or by_account, any_member or by_region


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
def _counting(pattern: str, accounts: _Whose, regions: _Whose) -> Counting:
    try:
        parsed = parse(pattern)
    except PatternSyntaxError:
        return Counting(None, doubtful=True)
    versions = _VERSIONS if "eventVersion" in pattern else _VERSIONS[:1]

    def counts(kind: Kind, places: Iterable[tuple[str, str]]) -> Iterator[tuple[Share, Share]]:
        """By place and version, what part of the reads and of the writes of a kind is counted."""
        for (account, region), version in itertools.product(places, versions):
            reads, writes = (
                Share.of([match(parsed, event) for event in ordinary_events(kind, read_only, account, region, version)])
                for read_only in (True, False)
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
    every_place = itertools.product((*accounts[0], *accounts[1]), (*regions[0], *regions[1]))
    counted = [*of_usual, *of_kinds, *counts(USUAL[0], every_place)]
    some = any(part is not Share.FEW for parts in counted for part in parts)
    return Counting(None if some else False, any(Share.FEW not in parts for parts in counted))
