"""The metric filters of a trail's log group as members of its entity, with alarms, actions and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from auditor.chains import Chains, LogGroup
from auditor.chains.topic import sns_actions
from auditor.chains.trail import seconds
from auditor.evidence import Item, Responses, kept_items
from auditor.evidence.call_ids import DESCRIBE_ALARMS, DESCRIBE_METRIC_FILTERS, LIST_SUBSCRIPTIONS_BY_TOPIC
from auditor.gsl import More

UNEVIDENCED: Mapping[str, object] = {"$unevidenced": True}
"""What no capture shows; it differs from absent."""

Entity = dict[str, object]

_SUBSCRIPTION = {
    "subscriptionArn": "SubscriptionArn",
    "owner": "Owner",
    "endpoint": "Endpoint",
    "protocol": "Protocol",
}


def metric_filters(group: LogGroup | None, chains: Chains, responses: Responses) -> list[object]:
    """The metric filters of a log group, which are none without one; unevidenced what the captures leave open."""
    if group is None:
        return []
    response = responses.get(DESCRIBE_METRIC_FILTERS, group.account_id, group.region)
    # A capture may be in the bundle twice; names are unique in a log group (PutMetricFilter).
    rows = {row["filter_name"]: row["item"] for row in chains.filters_on(group)}
    filters = [_filter(item, group, chains, responses) for item in rows.values()]
    fewer = any(tail.of_missing_filter for tail in chains.tails(group))
    return _or_more(filters, response.complete and not fewer)


def _or_more(entities: Iterable[object], complete: bool) -> list[object]:
    return [*entities, *([] if complete else [More()])]


def _filter(item: Item, group: LogGroup, chains: Chains, responses: Responses) -> Entity:
    return {
        "filterName": item.get("filterName"),
        "filterPattern": item.get("filterPattern", ""),
        "creationTime": iso_time(item.get("creationTime"), milliseconds=True),
        "metricTransformations": [
            {
                "metricName": transformation.get("metricName"),
                "metricNamespace": transformation.get("metricNamespace"),
                "metricValue": transformation.get("metricValue"),
                "defaultValue": transformation.get("defaultValue"),
                "alarms": _alarms(transformation, group, chains, responses),
            }
            for transformation in item.get("metricTransformations") or ()
        ],
    }


def _alarms(transformation: Mapping[str, object], group: LogGroup, chains: Chains, responses: Responses) -> object:
    """The alarms on a metric, also those of accounts that captured links show as monitoring it."""
    items = {
        row["alarm_arn"]: row["item"]
        for row in chains.watching(group.account_id, group.region, str(transformation.get("metricName")))
        if row["namespace"] == transformation.get("metricNamespace")
    }
    accounts = [group.account_id, *chains.organizations.monitors_of(group.account_id, group.region)]
    complete = all(responses.get(DESCRIBE_ALARMS, account_id, group.region).complete for account_id in accounts)
    return _or_more([_alarm(item, chains, responses) for item in items.values()], complete)


def _alarm(item: Item, chains: Chains, responses: Responses) -> Entity:
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


def _subscriptions(action: str, chains: Chains, responses: Responses) -> object:
    """The subscriptions of a topic; its own listing goes before the requester's (N3), and both must agree."""
    topics, _ = sns_actions([action])
    if not topics:
        return []
    parts = action.split(":", 5)
    response = responses.get(LIST_SUBSCRIPTIONS_BY_TOPIC, parts[4], parts[3], action)
    entities: dict[tuple[object, ...], Entity] = {}
    for number in response.captures:
        for entry in response.call.lists:
            for _, _, item in kept_items(chains.tables.captures[number], entry, responses.contested):
                entity = {name: item.get(member) for name, member in _SUBSCRIPTION.items()}
                entities[tuple(entity.values())] = entity | {"topicArn": action}
    listed = list(entities.values())
    arns = {entity["subscriptionArn"] for entity in listed}
    beside: list[Entity] = [
        {
            "subscriptionArn": subscriber.subscription_arn,
            "topicArn": action,
            "owner": UNEVIDENCED,
            "endpoint": subscriber.endpoint,
            "protocol": subscriber.protocol,
        }
        for subscriber, where in chains.subscribers(action)
        if where.capture not in response.captures and subscriber.subscription_arn not in arns
    ]
    return _or_more(listed if response.complete else listed + beside, response.complete and not beside)


def has_subscriber(filters: object) -> object:
    """Whether a topic that an alarm on this trail's filters notifies has a confirmed subscription.

    Of which topic the vendor's field speaks is not documented; this is the reading of docs/gsl.md.
    """
    confirmed = _any_confirmed(filters)
    return UNEVIDENCED if confirmed is None else "true" if confirmed else "false"


def _any_confirmed(value: object) -> bool | None:
    if isinstance(value, More):
        return None
    if isinstance(value, list):
        answers = [_any_confirmed(entity) for entity in value]
        return True if True in answers else None if None in answers else False
    if not isinstance(value, Mapping):
        return False
    if "subscriptionArn" in value:
        return str(value["subscriptionArn"]).startswith("arn:")
    for member in ("metricTransformations", "alarms", "actions", "subscriptions"):
        if member in value:
            return _any_confirmed(value[member])
    return False


def iso_time(value: object, *, milliseconds: bool = False) -> object:
    """A time of an export as ISO 8601 in UTC; anything else as it stands."""
    moment = seconds(value)
    if moment is None:
        return value
    try:
        return datetime.fromtimestamp(moment / 1000 if milliseconds else moment, UTC).isoformat()
    except (OverflowError, ValueError, OSError):  # outside the years 1 to 9999
        return value
