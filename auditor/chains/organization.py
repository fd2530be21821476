"""Organisations: who is listed where, which accounts manage, which accounts monitor others (T6–T8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from auditor.arn import account_of, parse_arn, partition_of
from auditor.chains.model import Source
from auditor.evidence import Capture, Membership, Place, Tables
from auditor.evidence.call_ids import DESCRIBE_ORGANIZATION, LIST_ACCOUNTS, LIST_LINKS, LIST_SINKS
from auditor.evidence.item import Item
from auditor.evidence.tables import TRAILS

_NO_ORGANIZATION = ("", "")
_METRIC = "AWS::CloudWatch::Metric"  # the kind of data that a link must share for an alarm to see it


# The states in which an account is not of the population; any other word is no reason to leave it out (T8, X9).
NOT_ACTIVE = frozenset({"PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"})


@dataclass(frozen=True, slots=True)
class OrganizationMember:
    """An account of an organisation listing. ``active`` by ``State`` or, in older answers, ``Status`` (T8).

    ``disputed``: listings tell its organisation or its state differently; it is active if one of them says so.
    """

    account_id: str
    name: str
    organization: str
    management: str
    active: bool
    state: str
    partition: str
    disputed: bool = False


class Organizations:
    """The organisation listings of a bundle; ``memberships`` is what other files say. An entry that its schema makes
    unusable still says so much by its whole ARN.
    """

    def __init__(self, tables: Tables, memberships: Collection[Membership] = ()) -> None:
        self._tables = tables
        self._said_elsewhere: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._closed_elsewhere = {membership.account_id for membership in memberships if membership.closed}
        for account_id, organization, management, _ in (*memberships, *_named_in_spoilt_entries(tables.captures)):
            self._said_elsewhere[account_id].add((organization, management))

    @cached_property
    def members(self) -> dict[str, OrganizationMember]:
        """Listed accounts by id, in the order of their ids."""
        entries: dict[str, list[OrganizationMember]] = defaultdict(list)
        for capture in self._listings:
            for member in _members_in(capture):
                entries[member.account_id].append(member)
        for capture in self._listings_astray:
            for member in _members_in(capture):
                if member.account_id in entries:
                    entries[member.account_id].append(member)
        return {account_id: self._agreed(entries[account_id]) for account_id in sorted(entries)}

    def _agreed(self, entries: Sequence[OrganizationMember]) -> OrganizationMember:
        """What listings, the account itself and its management account say of one account together (T8)."""
        chosen = next((member for member in entries if member.active), entries[0])
        differ = len({(member.organization, member.management, member.active) for member in entries}) > 1
        unlisted = any(
            chosen.management in managements and chosen.account_id not in listed
            for managements, listed in (*self._whole_listings, *self._whole_astray)
        )
        listed_in = (chosen.organization, chosen.management)
        elsewhere = bool(self._said_elsewhere.get(chosen.account_id, set()) - {listed_in}) or any(
            membership != listed_in
            for account_id in (chosen.account_id, chosen.management)
            for membership in self._stated_by_itself.get(account_id, ())
        )
        speakers = (chosen.account_id, chosen.management) if chosen.management else ()
        elsewhere = elsewhere or any(
            self._managements_shown.get(speaker, set()) - {listed_in[1]} for speaker in speakers
        )
        closed = chosen.active and chosen.account_id in self._closed_elsewhere
        return replace(chosen, disputed=chosen.disputed or differ or unlisted or elsewhere or closed)

    @cached_property
    def _stated_by_itself(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """What accounts say of their own organisation (describe-organization): its id and management account.

        Both are empty where AWS answered that the account is in none.
        """
        by_account: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for capture in self._tables.captures:
            if capture.call.id != DESCRIBE_ORGANIZATION:
                continue
            for speaker in _possible_accounts(capture):
                if capture.says_none:
                    by_account[speaker].add(_NO_ORGANIZATION)
                elif capture.usable or capture.astray:
                    by_account[speaker] |= set(_memberships(capture))
        return {account_id: frozenset(organization) for account_id, organization in by_account.items()}

    @cached_property
    def _managements_shown(self) -> Mapping[str, set[str]]:
        """By account the management accounts of the organisation trails in its own listings: one owns each, and its
        organisation alone sees it, of which an account is in one (T6, T7).
        """
        managements: dict[str, set[str]] = defaultdict(set)
        astray = self._tables.items(TRAILS, astray=True)
        for capture, _, _, _, trail in (*self._tables.items(TRAILS, contested=True), *astray):
            if trail.get("IsOrganizationTrail") is True:
                for speaker in _possible_accounts(capture):
                    managements[speaker].add(account_of(str(trail.get("TrailARN"))))
        return managements

    @cached_property
    def _whole_listings(self) -> Sequence[tuple[frozenset[str], frozenset[str]]]:
        """The listings that are whole: management accounts, listed accounts.

        An account may have captured several. A page that leaves a token and one that holds none of its accounts may be
        of one listing; what shares accounts with every such page is a listing of its own.
        """
        by_account: dict[str, list[tuple[bool, frozenset[str], frozenset[str]]]] = defaultdict(list)
        for capture in self._listings:
            place = capture.place.account_id
            code = self._tables.responses.get(LIST_ACCOUNTS, place).code if place else ""
            if code in ("", "contradictory") and (place or capture.complete or capture.token_left):
                by_account[place].append((capture.token_left, *_whom(capture)))
        listings = []
        for pages in by_account.values():
            for goes_on, managements, listed in pages:
                if goes_on:
                    continue
                before = [page for page in pages if page[0] and listed.isdisjoint(page[2])]
                listings.append(
                    (managements.union(*(page[1] for page in before)), listed.union(*(p[2] for p in before)))
                )
        return listings

    @cached_property
    def _listings(self) -> list[Capture]:
        """Whose answer one is decides nothing about whom it names (X9)."""
        return [capture for capture in self._tables.captures if capture.call.id == LIST_ACCOUNTS and capture.usable]

    @cached_property
    def _listings_astray(self) -> list[Capture]:
        """Listings that contradict their own place: they can only say otherwise."""
        captures = self._tables.captures
        return [capture for capture in captures if capture.call.id == LIST_ACCOUNTS and capture.status == "misplaced"]

    @cached_property
    def _whole_astray(self) -> Sequence[tuple[frozenset[str], frozenset[str]]]:
        """Of these the ones without a token: management accounts, listed accounts."""
        return [_whom(capture) for capture in self._listings_astray if not capture.token_left and not capture.narrowed]

    def excludes(self, account_id: str, management: str) -> bool:
        """Whether a whole listing of a management account's organisation lacks an account or shows it closed, another's
        shows it as active, its membership is disputed, or the account itself, or that management account, says or shows
        by its trails that it is in another one (T6, T8).
        """
        speakers = (account_id, management)
        statements = {membership for speaker in speakers for membership in self._stated_by_itself.get(speaker, ())}
        if len(statements) > 1 or any(manager != management for _, manager in statements):
            return True
        if any(manager != management for _, manager in self._said_elsewhere.get(account_id, ())):
            return True
        member = self.members.get(account_id)
        if (member is not None and member.disputed) or any(
            self._managements_shown.get(speaker, set()) - {management} for speaker in speakers
        ):
            return True
        if any(management in managements and account_id not in listed for managements, listed in self._whole_astray):
            return True
        listed = any(management in managements for managements, _ in self._whole_listings)
        managements = self.managements_of(account_id)
        return bool(listed or managements) and management not in managements

    def active_under(self, management: str) -> tuple[frozenset[str], bool]:
        """The accounts that are listed as active in an organisation, and whether a whole listing shows them all."""
        members = [member for member in self.members.values() if member.management == management and member.active]
        whole = any(management in managements for managements, _ in self._whole_listings)
        return (
            frozenset(member.account_id for member in members),
            whole and not any(member.disputed for member in members),
        )

    def organization_of(self, account_id: str) -> str:
        """The id of the organisation that lists an account as active, or that it says it is in; ``""`` if unknown."""
        member = self.members.get(account_id)
        if member is not None:
            return member.organization if self.managements_of(account_id) else ""
        statements = self._stated_by_itself.get(account_id, frozenset())
        if len(statements) != 1:
            return ""
        ((organization, management),) = statements
        return "" if self.excludes(account_id, management) else organization

    def listed_at(self, account_id: str) -> list[Source]:
        """Where listings name an account."""
        return self._places.get(account_id, [])

    @cached_property
    def _places(self) -> Mapping[str, list[Source]]:
        by_account: dict[str, list[Source]] = defaultdict(list)
        for capture in self._listings:
            for entry in capture.call.lists:
                for page, index, item in capture.items(entry):
                    by_account[str(item.get("Id"))].append(
                        Source(capture.number, capture.pointer_to(entry.member, index, page))
                    )
        return by_account

    def circle_of(self, account_id: str) -> tuple[str, str]:
        """The same for accounts that are listed in one organisation, else the account's own."""
        member = self.members.get(account_id)
        return ("account", account_id) if member is None else ("organization", member.organization)

    def managements_of(self, account_id: str) -> frozenset[str]:
        """The management account of the organisation that lists an account as active."""
        member = self.members.get(account_id)
        active = member is not None and member.active and not member.disputed
        return frozenset({member.management}) if member is not None and active else frozenset()

    @cached_property
    def _linked_sinks(self) -> dict[tuple[str, str], dict[str, bool]]:
        """The sinks with which each account and region shares something, by ARN: whether it surely shares its metrics,
        which a link does not say whose resource types were cut away.
        """
        sinks: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
        for capture in self._tables.captures:
            if capture.call.id != LIST_LINKS or not capture.usable or not capture.placed:
                continue
            place = capture.place
            for _, _, link in capture.items(capture.call.lists[0]):
                if _may_share_metrics(link, place):
                    sink, shown = str(link["SinkArn"]), sinks[(place.account_id, place.region)]
                    shown[sink] = shown.get(sink, False) or link.get("ResourceTypes") is not None
        return sinks

    @cached_property
    def _monitors(self) -> dict[tuple[str, str], list[str]]:
        return {
            place: sorted({account_of(sink) for sink in sinks} - {place[0]})
            for place, sinks in self._linked_sinks.items()
        }

    def monitors_of(self, account_id: str, region: str) -> list[str]:
        """Accounts that captured OAM links show as seeing this one's metrics: their alarms may watch it (V3, A14)."""
        return self._monitors.get((account_id, region), [])

    def sees_metrics(self, monitor: str, account_id: str, region: str) -> bool | None:
        """Whether captures show an OAM link by which ``monitor`` reads an account's metrics (A14).

        A whole listing of the account's links, or of the monitoring account's sinks, shows that there is none, and so
        does one that cannot be relied on, for all that is known; None: captures do not say.
        """
        links = self._tables.responses.get(LIST_LINKS, account_id, region)
        sinks = self._tables.responses.get(LIST_SINKS, monitor, region)
        shown = self._linked_sinks.get((account_id, region), {})
        linked = {sink: surely for sink, surely in shown.items() if account_of(sink) == monitor}
        if links.dispute or sinks.dispute:
            return False
        if sinks.complete:
            listed = {
                str(sink.get("Arn"))
                for number in sinks.captures
                for _, _, sink in self._tables.captures[number].items(sinks.call.lists[0])
            }
            if not listed or (linked and not linked.keys() & listed):
                return False
            linked = {sink: surely for sink, surely in linked.items() if sink in listed}
        if linked:
            return True if any(linked.values()) else None
        return False if links.complete else None


def _named_in_spoilt_entries(captures: Iterable[Capture]) -> Iterator[Membership]:
    """What entries of listings that cannot be used say by their ARNs."""
    for capture in captures:
        if capture.call.id == LIST_ACCOUNTS and capture.skipped and (capture.usable or capture.astray):
            for entry in capture.call.lists:
                for *_, item in capture.spoilt_items(entry):
                    arn = parse_arn(str(item.get("Arn")))
                    if arn is not None and arn.service == "organizations" and arn.resource.count("/") == 2:
                        _, organization, account_id = arn.resource.split("/")
                        yield Membership(account_id, organization, arn.account_id)


def _members_in(capture: Capture) -> list[OrganizationMember]:
    return [_member(item) for entry in capture.call.lists for _, _, item in capture.items(entry)]


def _whom(capture: Capture) -> tuple[frozenset[str], frozenset[str]]:
    """The management accounts and the accounts that a listing names."""
    members = _members_in(capture)
    managements = frozenset(member.management for member in members)
    return managements - {""}, frozenset(member.account_id for member in members)


def _possible_accounts(capture: Capture) -> set[str]:
    """The accounts of which an answer may be: its own, or those that a misplaced one's record, content or path name."""
    return {place.account_id for place in capture.possible_places} - {""}


def _memberships(capture: Capture) -> Iterator[tuple[str, str]]:
    """The organisation that describe-organization names: its id and management account."""
    for page in capture.pages:
        organization = page.get("Organization")
        if isinstance(organization, dict):
            yield str(organization.get("Id") or ""), str(organization.get("MasterAccountId") or "")


def _may_share_metrics(link: Item, place: Place) -> bool:
    """Whether a link of this account and region can share its metrics with a sink of the region."""
    sink, own, kinds = parse_arn(str(link.get("SinkArn"))), parse_arn(str(link.get("Arn"))), link.get("ResourceTypes")
    region = (partition_of(place.region), place.region)
    if sink is None or (sink.partition, sink.region) != region or (kinds is not None and _METRIC not in kinds):
        return False
    return own is None or (own.partition, own.region, own.account_id) == (*region, place.account_id)


def _member(item: Item) -> OrganizationMember:
    arn = parse_arn(str(item.get("Arn") or ""))
    states = [str(item[key]) for key in ("State", "Status") if item.get(key)] or ["ACTIVE"]
    # Status has no word for a State of PENDING_ACTIVATION; of other two that differ neither leaves an account out (X9).
    state = "ACTIVE" if "ACTIVE" in states and states[0] != "PENDING_ACTIVATION" else states[0]
    return OrganizationMember(
        account_id=str(item.get("Id")),
        name=str(item.get("Name") or ""),
        organization=arn.resource.split("/")[1] if arn and arn.resource.count("/") >= 2 else "",
        management=arn.account_id if arn else "",
        active=state == "ACTIVE",
        state=state,
        disputed=state == "ACTIVE" and {*states} != {"ACTIVE"},  # State replaces Status (T8)
        partition=arn.partition if arn else "aws",
    )
