"""The population: the accounts and regions that the audit should cover.

A scope file says who they are, else an organisation's listing, else what the bundle holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditor.arn import partition_of
from auditor.chains.join import Chains
from auditor.chains.organization import NOT_ACTIVE, OrganizationMember
from auditor.engagement.scope import ScopeEntry
from auditor.evidence import Capture
from auditor.verdict import PopulationSource


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the population. ``regions`` are those whose calls must be heard (T10), in order;
    ``regions_shown``: a scope file or the account's own listing says that it can use no others; ``regions_listed``:
    those of that listing, if it is whole.
    """

    account_id: str
    name: str
    owner: str
    organization: str
    organization_state: str  # as its organisation lists it, "" if it is not listed
    in_scope_file: bool | None  # None: there is no scope
    in_scope: bool
    reason: str
    regions: tuple[str, ...]
    regions_shown: bool
    regions_captured: tuple[str, ...]
    captures: int
    regions_listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """``source`` is ``scope``, ``organization`` or ``bundle``; the bundle alone reconciles with nothing."""

    source: PopulationSource
    accounts: tuple[Account, ...]


def population(
    chains: Chains,
    captures: Iterable[Capture],
    default_regions: Callable[[str], tuple[str, ...]],
    scope: Sequence[ScopeEntry] = (),
    handed_in: Iterable[str] = (),
) -> Population:
    """The accounts of the scope, of the bundle and of its organisation listings, ordered by id.

    Of the bundle are those that have captures and those that were handed in by name (rule X9), whatever state their
    organisation lists them in; not one of whose topics or trails alone another account asked, as the capture record
    has it.

    ``default_regions`` gives the regions that are on by default in a partition. An account's required regions
    are those of the scope, else those on by default and any other that the bundle shows in use or switched on
    there; in a partition whose defaults are not public, where nothing shows one of its own, those of other accounts.
    With a scope, accounts that it does not name are outside it.
    """
    shown = _shown_by(captures)
    handed = shown.handed_in.union(handed_in)
    for trail in chains.trails.values():
        shown.regions[trail.account_id].add(trail.home_region)
    members = chains.organizations.members
    scoped = {entry.account_id: entry for entry in scope}
    accounts = []
    for account_id in sorted({*shown.accounts, *members, *scoped, *handed}):
        member, entry = members.get(account_id), scoped.get(account_id)
        captured_regions = shown.regions.get(account_id, set()) - {""}
        partition = member.partition if member else _partition(captured_regions)
        required = default_regions(partition)
        enabled = chains.enabled_regions.get(account_id, set())
        used = captured_regions | enabled
        if not (required or used):
            used = {region for regions in shown.regions.values() for region in regions if _in(region, partition)}
            required = required if used else default_regions("aws")  # whom a listing names has a finding (X9)
        in_scope, reason = _in_scope(member, entry, by_file=bool(scope), handed_in=account_id in handed)
        # Regions on by default cannot be switched off: a listing that lacks one is of some regions only (T10).
        listed = chains.regions_shown(account_id) and set(required) <= enabled
        accounts.append(
            Account(
                account_id=account_id,
                name=(entry.name if entry else "") or (member.name if member else ""),
                owner=entry.owner if entry else "",
                organization=member.organization if member else "",
                organization_state=member.state if member else "",
                in_scope_file=entry is not None if scope else None,
                in_scope=in_scope,
                reason=reason,
                regions=entry.regions if entry and entry.regions else (*required, *sorted(used - set(required))),
                regions_shown=bool(entry and entry.regions) or listed,
                regions_captured=tuple(sorted(captured_regions)),
                captures=shown.counts.get(account_id, 0),
                regions_listed=tuple(sorted(enabled)) if listed else (),
            )
        )
    return Population("scope" if scope else "organization" if members else "bundle", tuple(accounts))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What captures show of accounts: those that they are of, and were handed in with; captures and regions of each."""

    accounts: set[str]
    handed_in: set[str]
    counts: Mapping[str, int]
    regions: dict[str, set[str]]


def _shown_by(captures: Iterable[Capture]) -> _Shown:
    counts: dict[str, int] = defaultdict(int)
    accounts, handed_in = set(), set()
    regions: dict[str, set[str]] = defaultdict(set)
    for capture in captures:
        account = capture.place.account_id
        if not account:
            continue
        counts[account] += 1
        if capture.call.place != "resource" or capture.caller_account in ("", account):
            accounts.add(account)
        if capture.call.place != "resource":  # a topic, trail or key may be another account's than the caller's
            handed_in.add(account)
        if capture.usable and capture.call.place == "region" and capture.place.region:
            regions[account].add(capture.place.region)
    return _Shown(accounts, handed_in, counts, regions)


def _in_scope(
    member: OrganizationMember | None, entry: ScopeEntry | None, *, by_file: bool, handed_in: bool
) -> tuple[bool, str]:
    """Whether an account is in scope, and why it is not (T8, X9)."""
    active = member is None or member.state not in NOT_ACTIVE
    closed = "" if active or member is None else f"the organisation lists it as {member.state}"
    if not by_file:
        return active or handed_in, closed
    if entry is None:
        return False, "; ".join(filter(None, ["the scope file does not name it", closed]))
    return entry.in_scope, entry.reason


def _in(region: str, partition: str) -> bool:
    return bool(region) and partition_of(region) == partition


def _partition(regions: set[str]) -> str:
    """The partition that all regions seen lie in; the commercial one if none or several."""
    partitions = {partition_of(region) for region in regions}
    return partitions.pop() if len(partitions) == 1 else "aws"
