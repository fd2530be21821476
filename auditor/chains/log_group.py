"""The log group link: where the trail delivers, whether the group exists and can carry filters (T4, T5, L1–L3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.arn import log_group_of, parse_arn
from auditor.chains.model import LinkState, LogGroup, Need, OpenPoint, Source, broken, joined, ok, unknown
from auditor.chains.testimony import Answer
from auditor.chains.trail import TrailRow, delivery, hides_deliveries, needs_of
from auditor.evidence import Capture, Responses, Tables
from auditor.evidence.call_ids import (
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    GET_TRAIL_STATUS,
)
from auditor.evidence.item import Item
from auditor.evidence.tables import LOG_GROUPS

_CLASSES_WITHOUT_FILTERS = ("INFREQUENT_ACCESS", "ESSENTIALS", "DELIVERY")


def carries_no_filters(log_group_class: str | None) -> bool:
    """Whether metric filters do nothing on log groups of a class, even if some are listed (L2)."""
    return log_group_class in _CLASSES_WITHOUT_FILTERS


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """What describe-log-groups says of a log group, and where. ``group_class`` is None where the entry has none, which
    is the Standard class where ``classes_printed`` (L2, X6).
    """

    group_class: str | None
    source: Source
    classes_printed: bool = True


def filter_counts(tables: Tables) -> dict[tuple[str, str, str], tuple[int, Source]]:
    """How many metric filters describe-log-groups counts, and where, by account, region and name of the group (L3).

    Of several listings, wherever they lie, the one that counts most: a number above the filters captured proves that
    some are missing, and none only where no listing counts one. An entry that its schema makes unusable may be about
    each group that it names, and proves no absence.
    """
    counts: dict[tuple[str, str, str], tuple[int, Source]] = {}
    sound = (*tables.items(LOG_GROUPS, contested=True), *tables.items(LOG_GROUPS, astray=True))
    spoilt = (*tables.spoilt(LOG_GROUPS), *tables.spoilt(LOG_GROUPS, astray=True))
    for number, (capture, page, member, index, item) in enumerate((*sound, *spoilt)):
        counted = item.get("metricFilterCount")
        least = 0 if number < len(sound) else 1
        if not isinstance(counted, int) or isinstance(counted, bool) or counted < least:
            continue
        for key in _groups_named(capture, item):
            if key not in counts or counted > counts[key][0]:
                counts[key] = counted, Source(capture.number, capture.pointer_to(member, index, page))
    return counts


def _groups_named(capture: Capture, item: Item) -> list[tuple[str, str, str]]:
    """The groups that an entry may be about, by account, region and name: by ARN, and by its name where it lies."""
    named = [arn[1:] for member in ("arn", "logGroupArn") if (arn := log_group_of(str(item.get(member) or "")))]
    if not capture.astray:
        named.append((capture.place.account_id, capture.place.region, str(item.get("logGroupName"))))
    return [*dict.fromkeys(named)]


def denied_groups(captures: Sequence[Capture]) -> dict[tuple[str, str, str], Source]:
    """The log groups of which AWS answered that they do not exist, as it does where their filters are asked for, by
    account, region and name (L1).
    """
    return {
        (capture.place.account_id, capture.place.region, capture.log_group): Source(capture.number, "")
        for capture in captures
        if capture.call.id == DESCRIBE_METRIC_FILTERS and capture.says_gone and capture.log_group and capture.placed
    }


def group_of(trail: TrailRow) -> LogGroup | None:
    """The log group in the trail's ARN member (rule T4), or None."""
    parts = log_group_of(trail.log_group_arn)
    return LogGroup(*parts) if parts else None


def log_group_link(
    trail: TrailRow,
    status: Answer | None,
    listed: ListedGroup | None,
    denied: Source | None,
    has_filters: bool,
    responses: Responses,
) -> LinkState:
    """Whether the trail's log group is named, exists and has a class with metric filters.

    ``listed`` is what describe-log-groups says of that very group, None if it lists it nowhere; ``denied``
    where AWS answered that there is no such group; ``has_filters`` says that a metric filter of it was captured, which
    proves that it exists (L1).
    """
    sources = trail.sources
    if not trail.log_group_arn and trail.left_out:
        need = Need(DESCRIBE_TRAILS, trail.account_id, trail.home_region)
        return unknown("log-group-left-out", *sources, trail=trail.trail_arn, members=trail.left_out).needing(need)
    if not trail.log_group_arn:
        return broken("no-log-group", *sources, trail=trail.trail_arn)
    group = group_of(trail)
    arn = parse_arn(trail.trail_arn)
    if group is None or (arn is not None and arn.partition != group.partition):
        return broken("log-group-arn-unusable", *sources, trail=trail.trail_arn, log_group=trail.log_group_arn)
    facts = {
        "trail": trail.trail_arn,
        "log_group": group.name,
        "account": group.account_id,
        "region": group.region,
    }
    group_link = _group_link(trail, group, listed, has_filters, responses, facts)
    if denied is not None:
        group_link = _denied(group_link, denied, trail, listed, has_filters, facts)
    delivered = delivery(trail, status)
    if delivered is None and status is not None and hides_deliveries(status):
        needs = needs_of(trail, GET_TRAIL_STATUS)
        point = OpenPoint("deliveries-not-shown", facts={"trail": trail.trail_arn}, needs=needs)
        delivered = ok(Source(status[0].number, status[0].page_pointers[0]), open_points=(point,))
    return group_link if delivered is None else joined(delivered, group_link)


def _denied(
    link: LinkState,
    denied: Source,
    trail: TrailRow,
    listed: ListedGroup | None,
    has_filters: bool,
    facts: Mapping[str, str],
) -> LinkState:
    """The same where AWS answered besides that the group does not exist (L1)."""
    if has_filters:
        need = Need(DESCRIBE_LOG_GROUPS, facts["account"], facts["region"])
        return replace(link, open_points=(*link.open_points, OpenPoint("log-group-denied", True, facts, (need,))))
    if listed is None:
        return joined(broken("log-group-missing", *trail.sources, denied, **facts), link)
    detail = "a listing has it, and where its filters were asked for AWS answered that it does not exist"
    return joined(link, unknown("log-group-contradictory", listed.source, denied, detail=detail, **facts))


def _group_link(
    trail: TrailRow,
    group: LogGroup,
    listed: ListedGroup | None,
    has_filters: bool,
    responses: Responses,
    facts: Mapping[str, str],
) -> LinkState:
    """Whether the group exists and can carry filters (L1, L2)."""
    sources = trail.sources
    need = (Need(DESCRIBE_LOG_GROUPS, group.account_id, group.region),)
    if listed is not None:
        group_class, where = listed.group_class, listed.source
        if group_class is not None and carries_no_filters(group_class):
            return broken("log-group-class", *sources, where, log_group_class=group_class, **facts)
        if group_class not in (None, "STANDARD"):
            link = unknown("log-group-class-unknown", *sources, where, log_group_class=group_class, **facts)
            return link.needing(*need)
        if group_class is None and not listed.classes_printed:
            return ok(*sources, where, open_points=(OpenPoint("log-group-class-not-shown", facts=facts, needs=need),))
        return ok(*sources, where)
    response = responses.get(DESCRIBE_LOG_GROUPS, group.account_id, group.region)
    if response.dispute:
        contradicting = (Source(number, "") for number in response.captures)
        return unknown("log-group-contradictory", *sources, *contradicting, detail=response.dispute, **facts).needing(
            *need
        )
    if response.complete and has_filters:  # the filter proves the group; the listing says otherwise (L1, V5)
        return ok(*sources, open_points=(OpenPoint("log-group-not-listed", True, facts, need),))
    if response.complete:
        return broken(
            "log-group-missing",
            *sources,
            *(Source(number, "/logGroups") for number in response.captures),
            **facts,
        )
    return ok(*sources, open_points=(OpenPoint("log-group-not-captured", facts=facts, needs=need),))
