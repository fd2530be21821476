"""Another answer of a call and place beside the one on which a link rests, that cannot be read (X5, V5).

What was captured whole stays proven (V3); but the other one may be newer and tell the same thing otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditor.chains.lookups import Lookups
from auditor.chains.model import LinkState, Need, OpenPoint
from auditor.evidence.call_ids import (
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
)
from auditor.verdict import State

_CODES: Mapping[str, str] = {
    DESCRIBE_TRAILS: "trail-listing-unread",
    DESCRIBE_LOG_GROUPS: "log-group-listing-unread",
    DESCRIBE_METRIC_FILTERS: "filter-listing-unread",
    DESCRIBE_ALARMS: "alarm-listing-unread",
    LIST_SUBSCRIPTIONS: "subscription-listing-unread",
    LIST_SUBSCRIPTIONS_BY_TOPIC: "subscription-listing-unread",
}


def beside_unread(link: LinkState, lookups: Lookups, *call_ids: str) -> LinkState:
    """A link that holds, with a material open point where another answer to one of these calls than those it cites
    cannot be read.
    """
    if link.state is not State.OK:
        return link
    points: dict[str, OpenPoint] = {}
    for source in link.sources:
        capture = lookups.captures[source.capture]
        call, place = capture.call, capture.place
        code = _CODES[call.id] if call.id in call_ids else ""
        if not code or code in points:
            continue
        unread = lookups.responses.get(call.id, place.account_id, place.region, place.resource).unread
        if unread:
            facts = {"account": place.account_id, "region": place.region, "file": unread}
            need = Need(call.id, place.account_id, place.region, place.resource)
            points[code] = OpenPoint(code, True, facts, (need,))
    return replace(link, open_points=(*link.open_points, *points.values())) if points else link
