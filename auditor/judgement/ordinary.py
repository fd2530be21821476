"""Ordinary events of a trail, which come in nearly every minute (V4), and the filters that count them (L10)."""

from __future__ import annotations

import itertools
from functools import lru_cache

from auditor.arn import ACCOUNT_ID_IN_TEXT, REGION_IN_TEXT
from auditor.patterns import Pattern, PatternSyntaxError, match, parse
from auditor.patterns.syntax import Compare, Fields, Glob, Rest

_NO_ACCOUNT, _NO_REGION = "000000000000", "xx-ordinary-1"
_VERSIONS = ("1.11", "1.08")  # eventVersion of late; services write several at one time
_NAMES = {True: ("DescribeOrdinary", "GetOrdinary", "ListOrdinary"), False: ("Ordinary",)}  # of reads, of writes
_NAMED = 8  # accounts and regions of a pattern that are tried: one is enough to doubt


def _ordinary(read_only: bool, account: str, region: str, version: str, name: str) -> dict[str, object]:
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


def counts_nearly_everything(pattern: str, account: str = "", region: str = "", of_others: bool = False) -> bool | None:
    """Whether a filter with this pattern counts nearly every event, so that something arrives in every minute (L10).

    ``account`` and ``region`` are those of all events that reach its log group; ``""``: there are several, or it is not
    known. ``of_others``: no trail delivers there, so that an application writes lines of a shape that nobody shows.
    None: it is not known, or nearly all events of one kind are counted alone: reads or writes, of an account, a region
    or an event version. AWS took whatever a capture shows, so that a text which is no pattern here may count anything.
    """
    accounts, regions = ACCOUNT_ID_IN_TEXT.findall(pattern), REGION_IN_TEXT.findall(pattern)
    asked_of = _asked_of(account, accounts, _NO_ACCOUNT), _asked_of(region, regions, _NO_REGION)
    counted = _counts(pattern, *asked_of)
    return None if counted is False and of_others and _asks_for_nothing(parse(pattern)) else counted


def _asks_for_nothing(pattern: Pattern) -> bool:
    """Whether a pattern takes every line of its shape, or every object with a member, as applications may write all."""
    root = pattern.root
    if isinstance(root, Fields):
        return all(isinstance(part, Rest) or part.condition is None for part in root.fields)
    return isinstance(root, Compare) and root.operator == "=" and root.value == Glob(("", ""))


def _asked_of(only: str, named: list[str], nobody: str) -> tuple[str, ...]:
    """Whose events to ask about: the only ones that come, else those of one that the pattern does not name and of each
    that it does. Where it names none, all are alike, and answers of one account stand for every other."""
    return (only,) if only and named else (nobody, *dict.fromkeys(named[:_NAMED]))


@lru_cache(maxsize=65536)
def _counts(pattern: str, accounts: tuple[str, ...], regions: tuple[str, ...]) -> bool | None:
    try:
        parsed = parse(pattern)
    except PatternSyntaxError:
        return None
    versions = _VERSIONS if "eventVersion" in pattern else _VERSIONS[:1]
    counted = {
        where: [
            all(match(parsed, _ordinary(read_only, *where, version, name)) for name in names)
            for read_only, names in _NAMES.items()
            for version in versions
        ]
        for where in itertools.product(accounts, regions)
    }
    if all(counted[accounts[0], regions[0]]):
        return True
    return None if any(map(any, counted.values())) else False
