"""Several rows of one scanner on one control in one account: which is the latest, and what they say together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from auditor.claims.model import Claim
from auditor.verdict import ClaimWord

_BY_REGION = frozenset({"security-hub", "scoutsuite", "cloud-custodian"})  # all others answer once an account


def superseded(claims: Iterable[Claim]) -> frozenset[int]:
    """Positions of claims to which a later run of the same scanner gave a newer answer."""
    groups: dict[tuple[object, ...], list[tuple[int, Claim]]] = defaultdict(list)
    for position, claim in enumerate(claims):
        if claim.time is not None:
            region = claim.region if claim.tool in _BY_REGION else None
            standard = claim.version if claim.tool == "security-hub" else ""  # each has findings of its own
            groups[(claim.tool, claim.account, claim.control, region, claim.rule, standard)].append((position, claim))
    old: set[int] = set()
    for group in groups.values():
        latest = max(_moment(claim) for _, claim in group)
        old |= {position for position, claim in group if _moment(claim) < latest}
    return frozenset(old)


def _moment(claim: Claim) -> str:
    """The time to the minute: rows of one run are written one after the other."""
    return (claim.time or "")[:16]


def at_odds(claims: Iterable[Claim]) -> frozenset[tuple[str, str | None, str, str | None]]:
    """Scanner, account, control and region of which current rows, of several benchmarks say, answer differently."""
    words: dict[tuple[str, str | None, str, str | None], set[str]] = defaultdict(set)
    for claim in claims:
        if not claim.muted:
            words[(claim.tool, claim.account, claim.control, claim.region)].add(claim.claim)
    return frozenset(key for key, verdicts in words.items() if len(verdicts) > 1)


def together(claims: Iterable[Claim]) -> ClaimWord | None:
    """What current rows say together, None if all of them are muted.

    As the scanners roll up themselves: any row that fails fails, else any that passes passes. Security Hub is the
    other way round with what it cannot tell (controls-overall-status), Prowler 2 passes by any row that does.
    """
    rows = [claim for claim in claims if not claim.muted]
    words = {claim.claim for claim in rows}
    if not rows:
        return None
    if all(claim.tool == "prowler" and claim.version == "2" for claim in rows) and "PASS" in words:
        return "PASS"
    order: tuple[ClaimWord, ...] = ("FAIL", "PASS", "UNDECIDED")
    if rows[0].tool == "security-hub":
        order = ("FAIL", "UNDECIDED", "PASS")
    return next(word for word in order if word in words)


def by_account(claims: Iterable[Claim]) -> Mapping[tuple[str, str, str], list[Claim]]:
    """The claims by tool, control and account."""
    groups: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.account is not None:
            groups[(claim.tool, claim.control, claim.account)].append(claim)
    return groups
