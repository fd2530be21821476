"""The accounts and regions that an answer names itself."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.arn import parse_arn
from auditor.evidence.call_ids import DESCRIBE_TRAILS, GET_CALLER_IDENTITY
from auditor.evidence.item import Page
from auditor.evidence.operations import Call

_DIGITS = 12  # of an account id, which loses its leading zeros where it was read as a number


def content_place(call: Call, pages: Iterable[Page]) -> tuple[set[str], set[str]]:
    """Accounts and regions that the ARNs inside an answer name, for calls whose registry entry tells where."""
    accounts: set[str] = set()
    regions: set[str] = set()
    for page in pages:
        if call.id == GET_CALLER_IDENTITY and isinstance(page.get("Account"), str | int):
            accounts.add(str(page["Account"]).zfill(_DIGITS))
        for entry in call.lists:
            items = page.get(entry.member)
            if entry.arn is None or call.place == "resource" or not isinstance(items, list):
                continue
            members = dict.fromkeys((entry.arn, *entry.own_arns))
            arns = [item.get(member) for item in items if isinstance(item, dict) for member in members]
            texts = [text for text in arns if isinstance(text, str)]
            while texts:
                arn = parse_arn(texts[0])
                if arn is None:
                    texts = texts[1:]
                    continue
                accounts.add(arn.account_id)
                regions.add(arn.region)
                prefix = f"arn:{arn.partition}:{arn.service}:{arn.region}:{arn.account_id}:"
                texts = [text for text in texts if not text.startswith(prefix)]
    return accounts - {""}, regions - {""}


def place_shown_by_trails(call: Call, pages: Iterable[Page]) -> tuple[str, str]:
    """Account and region in which trails were listed, ``""`` where they do not show it (rule T2).

    A trail that is no organisation's shows in its own account alone, one of a single region in that region alone.
    """
    accounts: set[str] = set()
    regions: set[str] = set()
    for page in pages if call.id == DESCRIBE_TRAILS else ():
        trails = page.get("trailList")
        for trail in trails if isinstance(trails, list) else ():
            arn = parse_arn(str(trail.get("TrailARN"))) if isinstance(trail, dict) else None
            if arn is None or trail.get("IsOrganizationTrail") is not False:
                continue
            accounts.add(arn.account_id)
            if trail.get("IsMultiRegionTrail") is False:
                regions.add(arn.region)
    return accounts.pop() if len(accounts) == 1 else "", regions.pop() if len(regions) == 1 else ""
