"""The trails as they serve each account, and a path for each answer that could hold another one (T2–T12)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

from auditor.arn import parse_arn, partition_of
from auditor.chains.log_group import group_of, log_group_link
from auditor.chains.lookups import Lookups
from auditor.chains.metric_filter import gap_code
from auditor.chains.model import NOT_REACHED, Need, OpenPoint, TrailPath, unknown
from auditor.chains.publishing import Publishing
from auditor.chains.selectors import read_selectors
from auditor.chains.testimony import Answer
from auditor.chains.trail import TrailRow, trail_link
from auditor.chains.unread import beside_unread
from auditor.evidence import Lack, Response
from auditor.evidence.call_ids import DESCRIBE_LOG_GROUPS, DESCRIBE_TRAILS, GET_EVENT_SELECTORS, GET_TRAIL_STATUS


class Paths:
    """The trail half of the chains: :meth:`of` gives the paths of an account."""

    def __init__(self, lookups: Lookups, publishing: Publishing) -> None:
        self._lookups = lookups
        self._publishing = publishing
        self._paths: dict[str, TrailPath] = {}

    def of(self, account_id: str, required_regions: Sequence[str]) -> list[TrailPath]:
        """The trails that serve an account, and a path for each answer that could hold another one.

        Rules T2, T6–T8, T10; ``required_regions`` are those whose calls must be heard, the first of them where an
        account is asked of which nothing was captured.
        """
        responses = self._lookups.responses.of(DESCRIBE_TRAILS, account_id)
        usable = [response for response in responses if response.captured]
        listed = self._lookups.trails_of.get(account_id, [])
        shown = [self._lookups.trails[arn] for arn in listed]
        required = frozenset(required_regions)
        paths = [
            self._as_owner_lists(_within(self._path(trail), required), trail, account_id)
            if not (doubt := self._not_its_own(trail, account_id, required))
            else _undecided(trail, doubt, account_id)
            for trail in shown
        ]
        listing_it = self._lookups.organizations.managements_of(account_id)
        implied = self._implied(listing_it, listed, account_id, required)
        lacking = _should_show(responses)
        if lacking:
            implied = [_not_shown(path, lacking[0], account_id) for path in implied]
        if not usable:
            paths += implied
            region = responses[0].region if responses else required_regions[0]
            code = responses[0].code if responses else "not_captured"
            detail = responses[0].detail if responses else ""
            return [*paths, _gap(account_id, region, None, code, detail)]
        whole = [response for response in usable if response.complete]
        if not whole:
            worst = usable[0]
            return [*paths, *implied, _gap(account_id, worst.region, None, worst.code, worst.detail)]
        regions_shown = {response.region for response in whole}
        by_region = {response.region: response for response in responses}
        for region in sorted(required - regions_shown):
            partial = by_region.get(region)
            code, detail = (partial.code, partial.detail) if partial else ("not_captured", "")
            # One that contradicts another may show a trail of every region, whatever the whole ones lack (T2, V3).
            disputed = partial is not None and bool(partial.dispute)
            paths.append(_gap(account_id, region, None if disputed else frozenset({region}), code, detail))
        if not self._lookups.organizations.excludes(account_id, account_id):  # its own, which others show (T2, T6)
            own = self._implied(frozenset({account_id}) - listing_it, listed, account_id, required)
            implied += [_not_shown(path, whole[0], account_id) for path in own]
        return [*paths, *implied]

    def _as_owner_lists(self, path: TrailPath, trail: TrailRow, account_id: str) -> TrailPath:
        """A trail as it serves an account, with a material open point where its owner's listings lack it (T3, V5): that
        of its home region, and of a multi-region trail that of any, which shows its shadow (T2).
        """
        owner = trail.account_id
        if owner == account_id or trail.trail_arn in self._lookups.trails_of.get(owner, ()):
            return path
        lacking = [
            response
            for response in _should_show(self._lookups.responses.of(DESCRIBE_TRAILS, owner))
            if trail.multi_region or response.region == trail.home_region
        ]
        if not lacking:
            return path
        home = next((response for response in lacking if response.region == trail.home_region), lacking[0])
        return _not_shown(path, home, owner, "trail-not-shown-by-owner")

    def _not_its_own(self, trail: TrailRow, account_id: str, required: frozenset[str]) -> str:
        """Why a trail in an account's listing may not serve it (T2, T4, T8): a reason code, ``""`` if it may."""
        if trail.contradictory:
            return ""
        if not _served(trail.trail_arn, required):
            return "trail-of-another-partition"
        if trail.account_id == account_id:
            return ""
        if not trail.organization:
            return "trail-of-another-account"
        excluded = self._lookups.organizations.excludes(account_id, trail.account_id)
        return "trail-of-an-organization-left" if excluded else ""

    def _implied(
        self, managements: frozenset[str], listed: Collection[str], account_id: str, required: frozenset[str]
    ) -> list[TrailPath]:
        """The organisations' trails of a partition that an account does not show itself (T4, T8)."""
        return [
            self._as_owner_lists(_within(self._path(trail), required), trail, account_id)
            for trail in self._for_organizations
            if trail.account_id in managements and _served(trail.trail_arn, required) and trail.trail_arn not in listed
        ]

    @cached_property
    def _for_organizations(self) -> list[TrailRow]:
        return [trail for trail in self._lookups.trails.values() if trail.organization]

    def _path(self, trail: TrailRow) -> TrailPath:
        if trail.trail_arn not in self._paths:
            self._paths[trail.trail_arn] = self._make(trail)
        return self._paths[trail.trail_arn]

    def _make(self, trail: TrailRow) -> TrailPath:
        if trail.contradictory:
            return _undecided(trail, "trail-contradictory", trail.account_id)
        status = self._lookups.about_trail(trail, GET_TRAIL_STATUS)
        selectors = self._lookups.about_trail(trail, GET_EVENT_SELECTORS)
        group = group_of(trail)
        group_link = log_group_link(
            trail,
            status.answer,
            self._lookups.listed_group(group),
            None if group is None else self._lookups.groups_denied.get((group.account_id, group.region, group.name)),
            group is not None and self._publishing.shows(group),
            self._lookups.responses,
        )
        return TrailPath(
            trail_arn=trail.trail_arn,
            name=trail.name,
            home_region=trail.home_region,
            multi_region=trail.multi_region,
            organization=trail.organization,
            global_events=trail.global_events,
            regions=None if trail.multi_region else frozenset({trail.home_region}),
            log_group=group,
            trail_link=beside_unread(trail_link(trail, status, selectors), self._lookups, DESCRIBE_TRAILS),
            log_group_link=beside_unread(group_link, self._lookups, DESCRIBE_LOG_GROUPS),
            selectors=read_selectors(selectors.answer)[0],
        )

    def about(self, trail: TrailRow, call_id: str) -> Answer | None:
        """The answer of a call about this very trail, from its own account and home region (T12)."""
        return self._lookups.about_trail(trail, call_id).answer


def _served(trail_arn: str, required: frozenset[str]) -> frozenset[str]:
    """The regions of a trail's own partition (T4)."""
    arn = parse_arn(trail_arn)
    return frozenset(region for region in required if arn is not None and partition_of(region) == arn.partition)


def _within(path: TrailPath, required: frozenset[str]) -> TrailPath:
    """The path of a multi-region trail where an account's regions lie in several partitions (T4)."""
    if path.gap or path.regions is not None:
        return path
    served = _served(path.trail_arn, required)
    return path if served == required else replace(path, regions=served)


def _should_show(responses: Sequence[Response]) -> list[Response]:
    """The listings that would show a trail if it served their account: whole ones, then those that cannot be relied on,
    which are no better than a whole one without it (X9).
    """
    shows = [response for response in responses if response.complete or response.dispute]
    return sorted(shows, key=lambda response: not response.complete)


def _not_shown(
    path: TrailPath, response: Response, account_id: str, code: str = "trail-not-shown-in-member"
) -> TrailPath:
    """An organisation trail that the listing of a listed account which it serves, or of its owner, may not show.

    It stands, since another capture shows it (T2, T8); that the account's own does not is material (V5).
    """
    says = "is whole and does not show it" if response.complete else f"cannot be relied on ({response.dispute})"
    facts = {"trail": path.trail_arn, "account": account_id, "region": response.region, "says": says}
    need = Need(DESCRIBE_TRAILS, account_id, response.region)
    point = OpenPoint(code, material=True, facts=facts, needs=(need,))
    link = replace(path.trail_link, open_points=(*path.trail_link.open_points, point))
    return replace(path, trail_link=link)


def _undecided(trail: TrailRow, code: str, account_id: str) -> TrailPath:
    """A trail whose captures contradict each other or their place, so that they decide nothing (T2, T3)."""
    home, arn = trail.home_region, trail.trail_arn
    link = unknown(code, *trail.sources, trail=arn, account=account_id, region=home)
    need = Need(DESCRIBE_TRAILS, account_id, home)
    return TrailPath(arn, trail.name, home, None, None, None, None, None, link.needing(need), NOT_REACHED, gap=True)


def _gap(account_id: str, region: str, regions: frozenset[str] | None, code: Lack, detail: str) -> TrailPath:
    """A path that only stands for what a missing listing of trails could hold (V3)."""
    link = unknown(gap_code("trails", code), account=account_id, region=region, detail=detail)
    need = Need(DESCRIBE_TRAILS, account_id, region)
    return TrailPath("", "", "", None, None, None, regions, None, link.needing(need), NOT_REACHED, gap=True)
