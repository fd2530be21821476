"""Ordinary events of a trail, which come in nearly every minute (V4), and the filters that count them (L10)."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from auditor.catalogue.regions import default_regions
from auditor.chains.model import Counting, Origin
from auditor.patterns import Pattern, PatternSyntaxError, match, parse
from auditor.patterns.syntax import Compare, Fields, Glob, Rest

_NO_ACCOUNT, _NO_REGION = "000000000000", "xx-ordinary-1"
_VERSIONS = ("1.11", "1.08")  # eventVersion of late; services write several at one time
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2}(?:-[a-z]+){1,3}-[0-9](?![a-z0-9-])")
# Whatever may tell the events of one account or region from those of another; members are named in any case.
_TELLS_ACCOUNTS = re.compile(r"account|arn|principalid|[0-9]{3}|%", re.IGNORECASE)
_TELLS_REGIONS = re.compile(r"region|[a-z]{2}-|-[0-9]|%", re.IGNORECASE)
_NAMES = {True: ("DescribeOrdinary", "GetOrdinary", "ListOrdinary"), False: ("Ordinary",)}  # of reads, of writes
_ASKED = 500  # accounts of an organisation that are asked about one by one; of more, not all count as known
_ANYWHERE = Origin()


def _ordinary(
    read_only: bool,
    account: str = _NO_ACCOUNT,
    region: str = _NO_REGION,
    version: str = _VERSIONS[0],
    name: str = "Ordinary",
) -> dict[str, object]:
    """A call that succeeded, in words that no pattern names but for the account and the region."""
    return {
        "eventVersion": version,
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAORDINARY:ordinary",
            "arn": f"arn:aws:sts::{account}:assumed-role/ordinary/ordinary",
            "accountId": account,
            "sessionContext": {"attributes": {"creationDate": "2026-01-01T00:00:00Z", "mfaAuthenticated": "false"}},
        },
        "eventTime": "2026-01-01T00:00:00Z",
        "eventSource": "ordinary.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "ordinary",
        "requestParameters": None,
        "responseElements": None,
        "requestID": "00000000-0000-0000-0000-000000000000",
        "eventID": "00000000-0000-0000-0000-000000000000",
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


ORDINARY = (_ordinary(True), _ordinary(False))
"""Such events come in nearly every minute (V4): an alarm on a filter that counts them stands in ALARM."""


def counts_all_ordinary(pattern: Pattern) -> bool:
    """Whether a filter counts all events, or all but a few that it names, as the one of CIS 1.3.0 to 1.5.0 does.

    One that leaves out an ordinary event does not, since these are management events that CloudTrail can deliver.
    """
    return all(match(pattern, event) for event in ORDINARY)


def counts_nearly_everything(pattern: str, origin: Origin | None = _ANYWHERE) -> Counting:
    """Whether a filter with this pattern counts nearly every event, so that something arrives in every minute (L10).

    ``origin``: where the events that reach its log group come from; None: no trail delivers there, so that an
    application writes lines of a shape that nobody shows. It is not known where nearly all events of one kind are
    counted alone: reads or writes, of an account, a region or an event version. AWS took whatever a capture shows, so
    that a text which is no pattern here may count anything.
    """
    place = origin or _ANYWHERE
    told_apart = _TELLS_ACCOUNTS.search(pattern), _TELLS_REGIONS.search(pattern)
    accounts: _Asked = _accounts(pattern, place) if told_apart[0] else ((_NO_ACCOUNT,), ())
    regions: _Asked = _regions(pattern, place) if told_apart[1] else ((_NO_REGION,), ())
    counting = _counting(pattern, accounts, regions)
    if origin is None and counting.everything is False and _asks_for_nothing(parse(pattern)):
        return Counting(None)
    return counting


def _asks_for_nothing(pattern: Pattern) -> bool:
    """Whether a pattern takes every line of its shape, or every object with a member, as applications may write all."""
    root = pattern.root
    if isinstance(root, Fields):
        return all(isinstance(part, Rest) or part.condition is None for part in root.fields)
    return isinstance(root, Compare) and root.operator == "=" and root.value == Glob(("", ""))


_Asked = tuple[tuple[str, ...], tuple[str, ...]]  # whose events are the usual ones, and who else's may come


def _accounts(pattern: str, origin: Origin) -> _Asked:
    """Whose events to ask about: where all are known, those that the pattern does not name, if any, are the usual."""
    shown, named = sorted(origin.accounts), tuple(dict.fromkeys(_ACCOUNT.findall(pattern)))
    if not origin.all_accounts or len(shown) > _ASKED:
        return (_NO_ACCOUNT,), (*named, *shown[:_ASKED])
    usual = tuple(account for account in shown if account not in named) or tuple(shown)
    return usual, tuple(account for account in shown if account not in usual)


def _regions(pattern: str, origin: Origin) -> _Asked:
    if origin.region:
        return (origin.region,), ()
    return (_NO_REGION,), tuple(dict.fromkeys((*_REGION.findall(pattern), *default_regions("aws"))))


@lru_cache(maxsize=65536)
def _counting(pattern: str, accounts: _Asked, regions: _Asked) -> Counting:
    try:
        parsed = parse(pattern)
    except PatternSyntaxError:
        return Counting(None)
    versions = _VERSIONS if "eventVersion" in pattern else _VERSIONS[:1]

    def counts(account: str, region: str) -> list[tuple[bool, ...]]:
        """By version, whether reads and whether writes are counted."""
        return [
            tuple(
                all(match(parsed, _ordinary(read_only, account, region, version, name)) for name in names)
                for read_only, names in _NAMES.items()
            )
            for version in versions
        ]

    usual = [counted for place in itertools.product(accounts[0], regions[0]) for counted in counts(*place)]
    if all(map(all, usual)):
        return Counting(True)
    every_place = itertools.product((*accounts[0], *accounts[1]), (*regions[0], *regions[1]))
    counted = usual + [counted for place in every_place for counted in counts(*place)]
    return Counting(None if any(map(any, counted)) else False, any(map(all, counted)))
