"""The population: the accounts and regions the audit should cover (DESIGN: scope, organisation listing, bundle)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.chains.join import Chains
from auditor.evidence import Capture


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the population. ``regions`` are those whose calls must be heard (T10), in order."""

    account_id: str
    name: str
    organization: str
    in_scope: bool
    reason: str
    listed: bool
    regions: tuple[str, ...]
    regions_captured: tuple[str, ...]
    captures: int


@dataclass(frozen=True, slots=True)
class Population:
    """``source`` is ``organization`` or ``bundle``; only the former reconciles with an independent listing."""

    source: str
    accounts: tuple[Account, ...]


def population(
    chains: Chains, captures: Iterable[Capture], default_regions: Callable[[str], tuple[str, ...]]
) -> Population:
    """The accounts of the bundle and of its organisation listings, ordered by id.

    ``default_regions`` gives the regions that are on by default in a partition. An account's required regions
    are those and any other that the bundle shows in use there.
    """
    counted: dict[str, int] = defaultdict(int)
    regions: dict[str, set[str]] = defaultdict(set)
    named: dict[str, str] = {}
    for capture in captures:
        account = capture.place.account_id
        if not account:
            continue
        counted[account] += 1
        if capture.usable and capture.call.place == "region" and capture.place.region:
            regions[account].add(capture.place.region)
        if capture.place_source == "path":
            named.setdefault(account, "")
    for trail in chains.trails.values():
        regions[trail.account_id].add(trail.home_region)
    members = chains.organizations.members
    accounts = []
    for account_id in sorted({*counted, *members}):
        member = members.get(account_id)
        partition = member.partition if member else _partition_of(regions.get(account_id, set()))
        required = default_regions(partition)
        extra = sorted(regions.get(account_id, set()) - set(required) - {""})
        accounts.append(
            Account(
                account_id=account_id,
                name=member.name if member else named.get(account_id, ""),
                organization=member.organization if member else "",
                in_scope=member is None or member.active,
                reason="" if member is None or member.active else f"the organisation lists it as {member.state}",
                listed=member is not None,
                regions=(*required, *extra),
                regions_captured=tuple(sorted(regions.get(account_id, set()))),
                captures=counted.get(account_id, 0),
            )
        )
    return Population("organization" if members else "bundle", tuple(accounts))


def _partition_of(regions: set[str]) -> str:
    if regions and all(region.startswith("cn-") for region in regions):
        return "aws-cn"
    if regions and all(region.startswith("us-gov-") for region in regions):
        return "aws-us-gov"
    return "aws"
