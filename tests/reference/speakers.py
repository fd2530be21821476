"""Whoever tells of a thing by its whole ARN is heard, wherever the file lies (V3, N3, X9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMED_BY = {
    "cloudwatch-describe-alarms": {"MetricAlarms": "AlarmArn", "CompositeAlarms": "AlarmArn"},
    "logs-describe-log-groups": {"logGroups": "arn"},
}
PASSING = ("StateValue", "StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp")
OPEN = ("PendingConfirmation", "Deleted")


@dataclass
class Speakers:
    """What files say of things that they name by ARN, and the places that a file in a wrong one leaves open.

    ``items`` are those of files that lie in a wrong place, by ARN; ``open`` the (account, region, call) of which such a
    file may be; ``subscriptions`` every one of every listing with its file.
    """

    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    open: set[tuple[str, str, str]] = field(default_factory=set)
    subscriptions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def hear(self, path: str, content: Mapping[str, Any]) -> bool:
        """Note what a file says; whether it lies in a wrong place, so that it is nobody's answer."""
        for item in content.get("Subscriptions", ()):
            self.subscriptions.append((path, item))
        match = re.match(r"(\d{12})/([a-z0-9-]+)/([a-z]+-[a-z-]+)", path)
        if match is None:
            return False
        account, region, call = match.groups()
        told = {
            str(item[arn]): item
            for key, arn in NAMED_BY.get(call, {}).items()
            for item in content.get(key, ())
            if arn in item
        }
        places = {(arn.split(":")[4], arn.split(":")[3]) for arn in told}
        if call == "cloudtrail-describe-trails":  # T2: a trail of one region shows in its own alone
            told = {str(trail["TrailARN"]): trail for trail in content.get("trailList", ())}
            single = [trail for trail in told.values() if trail.get("IsMultiRegionTrail") is False]
            places = {(account, str(trail["HomeRegion"])) for trail in single if not trail.get("IsOrganizationTrail")}
        if not places or places == {(account, region)}:
            return False
        for arn, item in told.items():
            self.items.setdefault(arn, []).append(item)
        self.open |= {
            (a, r, call) for a in {account, *(a for a, _ in places)} for r in {region, *(r for _, r in places)}
        }
        return True

    def contradict(self, item: Mapping[str, Any]) -> bool:
        """Whether a file in a wrong place tells an alarm or a log group otherwise; of trails see T3."""
        arn = item.get("AlarmArn", item.get("arn"))
        return any(_lasting(other) != _lasting(item) for other in self.items.get(str(arn), ()))

    def unconfirmed(self, path_of: Mapping[str, Any], topic: str) -> bool:
        """N3: whether another listing shows this subscriber of the topic as pending or deleted."""
        own = [path for path, item in self.subscriptions if item is path_of or item == path_of]
        who = [path_of.get(member) for member in ("Protocol", "Endpoint")]
        return any(
            path not in own
            and item.get("TopicArn", topic) == topic
            and item["SubscriptionArn"] in OPEN
            and [item.get(member) for member in ("Protocol", "Endpoint")] == who
            for path, item in self.subscriptions
        )


def _lasting(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in PASSING}
