"""The ``CloudTrail`` entities of an account for GSL, built from the joined evidence (docs/gsl.md).

What no capture shows is the marker ``{"$unevidenced": true}``, which differs from absent.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.chains import Chains
from auditor.chains.log_group import group_of
from auditor.chains.model import TrailPath
from auditor.chains.trail import TrailRow
from auditor.evidence import Responses
from auditor.evidence.call_ids import GET_EVENT_SELECTORS, GET_TRAIL_STATUS
from auditor.gsl import More
from auditor.published.entity_filters import UNEVIDENCED, Entity, has_subscriber, iso_time, metric_filters
from auditor.text import listing

# Members of DescribeTrails that are left out where the trail has no such thing, by their name in the entity.
_TEXTS = {
    "kmsKeyId": "KmsKeyId",
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "snsTopicName": "SnsTopicName",
    "snsTopicArn": "SnsTopicARN",
}


def cloudtrail_entities(account_id: str, regions: Sequence[str], chains: Chains, responses: Responses) -> list[object]:
    """The trails that an account sees, each as an entity, and a ``More`` for those that the captures leave open.

    Open are a trail whose captures contradict each other or their place, and any that a missing listing may hold.
    """
    paths = chains.paths(account_id, regions)
    entities: list[object] = [
        More(f"{path.name} (captures contradict each other or their place)")
        if path.gap
        else _entity(account_id, chains.trails[path.trail_arn], chains, responses)
        for path in paths
        if path.trail_arn
    ]
    gaps = [path for path in paths if not path.trail_arn]
    return [*entities, More(_unseen(gaps))] if gaps else entities


def _unseen(gaps: Sequence[TrailPath]) -> str:
    """What the trails that no capture shows are called."""
    regions = sorted({region for path in gaps for region in path.regions or ()})
    if any(path.regions is None for path in gaps):
        return "any further trail of the account (no complete listing of its trails)"
    return f"any single-region trail of {listing(regions, 'or', limit=3)} (not captured)"


def _entity(account_id: str, trail: TrailRow, chains: Chains, responses: Responses) -> Entity:
    group = group_of(trail)
    filters = metric_filters(group, chains, responses)
    item = trail.item
    entity: Entity = {
        "id": trail.trail_arn,
        "name": trail.name,
        "trailArn": trail.trail_arn,
        "type": "CloudTrail",
        "accountNumber": account_id,
        "region": trail.home_region,
        "homeRegion": trail.home_region,
        "isMultiRegionTrail": _shown(trail.multi_region),
        "isOrganizationTrail": _shown(trail.organization),
        "includeGlobalServiceEvents": _shown(trail.global_events),
        "logFileValidationEnabled": _shown(item.get("LogFileValidationEnabled")),
        "hasCustomEventSelectors": _shown(trail.custom_selectors),
        "hasInsightSelectors": _shown(item.get("HasInsightSelectors")),
        "cloudWatchLogsLogGroupArn": trail.log_group_arn or None,
        "metricFilters": filters,
        "hasSNSSubscriber": has_subscriber(filters),
        "status": _status(trail, chains),
        "eventSelectors": _selectors(trail, chains),
        # No capture of the registry shows tags (ListTags), and other tools' findings are no evidence of this product.
        "tags": UNEVIDENCED,
        "externalFindings": UNEVIDENCED,
    }
    entity |= {name: item[member] for name, member in _TEXTS.items() if member in item}
    return {name: value for name, value in entity.items() if value is not None}


def _shown(value: object) -> object:
    """A member that DescribeTrails always prints: an export without it (an old one, a selection) says nothing of it."""
    return UNEVIDENCED if value is None else value


def _status(trail: TrailRow, chains: Chains) -> object:
    answer = chains.about(trail, GET_TRAIL_STATUS)
    if answer is None:
        return UNEVIDENCED
    return {
        name[0].lower() + name[1:]: iso_time(value) if name.endswith("Time") else value
        for name, value in answer[1].items()
    }


def _selectors(trail: TrailRow, chains: Chains) -> object:
    answer = chains.about(trail, GET_EVENT_SELECTORS)
    if answer is None:
        return UNEVIDENCED
    if answer[1].get("AdvancedEventSelectors"):
        return UNEVIDENCED  # how the entity shows those is not known (docs/gsl.md)
    return [
        {
            "readWriteType": entry.get("ReadWriteType"),
            "includeManagementEvents": entry.get("IncludeManagementEvents"),
            "dataResources": [
                {"type": resource.get("Type"), "values": resource.get("Values")}
                for resource in entry.get("DataResources") or ()
            ],
        }
        for entry in answer[1].get("EventSelectors") or ()
    ]
