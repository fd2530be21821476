"""The ``CloudTrail`` entities of an account for GSL, built from the joined evidence (gsl-reference, section 12).

What no capture shows is the marker ``{"$unevidenced": true}``, which differs from absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from auditor.chains import Chains, LogGroup
from auditor.chains.log_group import group_of
from auditor.chains.topic import sns_actions
from auditor.chains.trail import TrailRow, seconds
from auditor.evidence import Responses

UNEVIDENCED: Mapping[str, Any] = {"$unevidenced": True}

Entity = dict[str, Any]


def cloudtrail_entities(account_id: str, regions: Iterable[str], chains: Chains, responses: Responses) -> list[Any]:
    """The trails that an account sees, each as an entity; an unevidenced one for each gap in their listing."""
    entities: list[Any] = []
    for path in chains.paths(account_id, regions):
        if path.gap:
            entities.append(UNEVIDENCED)
        else:
            entities.append(_entity(account_id, chains.trails[path.trail_arn], chains, responses))
    # One gap is as good as many: the list may hold a further trail.
    gaps = [entity for entity in entities if entity is UNEVIDENCED]
    return [*(entity for entity in entities if entity is not UNEVIDENCED), *gaps[:1]]


def _entity(account_id: str, trail: TrailRow, chains: Chains, responses: Responses) -> Entity:
    group = group_of(trail)
    filters = _filters(group, chains, responses)
    entity: Entity = {
        "id": trail.trail_arn,
        "name": trail.name,
        "trailArn": trail.trail_arn,
        "type": "CloudTrail",
        "accountNumber": account_id,
        "region": trail.home_region,
        "homeRegion": trail.home_region,
        "isMultiRegionTrail": trail.multi_region,
        "isOrganizationTrail": trail.organization,
        "includeGlobalServiceEvents": trail.global_events,
        "cloudWatchLogsLogGroupArn": trail.log_group_arn or None,
        "hasCustomEventSelectors": trail.custom_selectors,
        "metricFilters": filters,
        "hasSNSSubscriber": _has_subscriber(filters),
        "status": _status(trail, chains),
        "eventSelectors": _selectors(trail, chains),
    }
    entity |= {name: trail.item[member] for name, member in _FURTHER.items() if member in trail.item}
    return {name: value for name, value in entity.items() if value is not None}


# Members of DescribeTrails that no link of the chain reads, by their name in the entity.
_FURTHER = {
    "logFileValidationEnabled": "LogFileValidationEnabled",
    "kmsKeyId": "KmsKeyId",
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "snsTopicName": "SnsTopicName",
    "snsTopicArn": "SnsTopicARN",
    "hasInsightSelectors": "HasInsightSelectors",
}


def _filters(group: LogGroup | None, chains: Chains, responses: Responses) -> Any:
    if group is None:
        return []
    response = responses.get("logs:DescribeMetricFilters", group.account_id, group.region)
    found: list[Any] = [_filter(row, group, chains, responses) for row in chains.filters_on(group)]
    if not response.complete:
        if not found:
            return UNEVIDENCED
        found.append(UNEVIDENCED)
    return found


def _filter(row: Mapping[str, Any], group: LogGroup, chains: Chains, responses: Responses) -> Entity:
    item = row["item"]
    return {
        "filterName": item.get("filterName"),
        "filterPattern": item.get("filterPattern", ""),
        "creationTime": _iso(item.get("creationTime"), milliseconds=True),
        "metricTransformations": [
            {
                "metricName": one.get("metricName"),
                "metricNamespace": one.get("metricNamespace"),
                "metricValue": one.get("metricValue"),
                "defaultValue": one.get("defaultValue"),
                "alarms": _alarms(one, group, chains, responses),
            }
            for one in item.get("metricTransformations") or ()
        ],
    }


def _alarms(transformation: Mapping[str, Any], group: LogGroup, chains: Chains, responses: Responses) -> Any:
    response = responses.get("cloudwatch:DescribeAlarms", group.account_id, group.region)
    found: list[Any] = [
        _alarm(row["item"], chains, responses)
        for row in chains.watching(group.account_id, group.region, str(transformation.get("metricName")))
        if row["namespace"] == transformation.get("metricNamespace")
    ]
    if not response.complete:
        if not found:
            return UNEVIDENCED
        found.append(UNEVIDENCED)
    return found


def _alarm(item: Mapping[str, Any], chains: Chains, responses: Responses) -> Entity:
    return {
        "name": item.get("AlarmName"),
        "arn": item.get("AlarmArn"),
        "description": item.get("AlarmDescription"),
        "metricName": item.get("MetricName"),
        "namespace": item.get("Namespace"),
        "actionsEnabled": item.get("ActionsEnabled"),
        "actions": [
            {"action": action, "subscriptions": _subscriptions(action, chains, responses)}
            for action in item.get("AlarmActions") or ()
        ],
    }


def _subscriptions(action: str, chains: Chains, responses: Responses) -> Any:
    topics, _ = sns_actions([action])
    if not topics:
        return []
    parts = action.split(":", 5)
    response = responses.get("sns:ListSubscriptionsByTopic", parts[4], parts[3], action)
    found: list[Any] = [
        {
            "subscriptionArn": who.subscription_arn,
            "topicArn": action,
            "endpoint": who.endpoint,
            "protocol": who.protocol,
        }
        for who, _ in chains.subscribers(action)
    ]
    if not response.complete:
        if not found:
            return UNEVIDENCED
        found.append(UNEVIDENCED)
    return found


def _has_subscriber(filters: Any) -> Any:
    """Whether a topic that an alarm on this trail's filters notifies has a confirmed subscription.

    Of which topic the vendor's field speaks is not documented; this is the reading of gsl-reference, section 12.
    """
    seen = _any_confirmed(filters)
    return UNEVIDENCED if seen is None else "true" if seen else "false"


def _any_confirmed(value: Any) -> bool | None:
    if value is UNEVIDENCED:
        return None
    if isinstance(value, list):
        told = [_any_confirmed(one) for one in value]
        return True if True in told else None if None in told else False
    if "subscriptionArn" in value:
        return str(value["subscriptionArn"]).startswith("arn:")
    for member in ("metricTransformations", "alarms", "actions", "subscriptions"):
        if member in value:
            return _any_confirmed(value[member])
    return False


def _status(trail: TrailRow, chains: Chains) -> Any:
    answer = chains.about(trail, "cloudtrail:GetTrailStatus")
    if answer is None:
        return UNEVIDENCED
    return {
        name[0].lower() + name[1:]: _iso(value) if name.endswith("Time") else value for name, value in answer[1].items()
    }


def _selectors(trail: TrailRow, chains: Chains) -> Any:
    answer = chains.about(trail, "cloudtrail:GetEventSelectors")
    if answer is None:
        return UNEVIDENCED
    return [
        {
            "readWriteType": entry.get("ReadWriteType"),
            "includeManagementEvents": entry.get("IncludeManagementEvents"),
            "dataResources": [
                {"type": one.get("Type"), "values": one.get("Values")} for one in entry.get("DataResources") or ()
            ],
        }
        for entry in answer[1].get("EventSelectors") or ()
    ]


def _iso(value: Any, *, milliseconds: bool = False) -> Any:
    """A time of an export as ISO 8601 in UTC; anything else as it stands."""
    moment = seconds(value)
    if moment is None:
        return value
    try:
        return datetime.fromtimestamp(moment / 1000 if milliseconds else moment, UTC).isoformat()
    except (OverflowError, ValueError, OSError):  # outside the years 1 to 9999
        return value
