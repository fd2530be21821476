"""Corroborating captures of the textbook's chain, each as it is when all is well and as it is when not."""

from __future__ import annotations

import json
from typing import Any

from tests.chains.chain import PLACE, TOPIC
from tests.textbook import ACCOUNT, REGION, Files, metric_filter, subscription, textbook, trail

KEY = "1111aaaa-22bb-33cc-44dd-555555eeeeee"
SUBSCRIBED = subscription()["SubscriptionArn"]
MUTE_RULE = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:weekend"
EVERYONE = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}


def key_policy(*statements: dict[str, Any]) -> Files:
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})}


def topic(**attributes: str) -> Files:
    return {"Attributes": {"TopicArn": TOPIC, **attributes}}


def subscribed(**attributes: str) -> Files:
    own = {"SubscriptionArn": SUBSCRIBED, "Owner": ACCOUNT, "TopicArn": TOPIC, "PendingConfirmation": "false"}
    return {"Attributes": own | attributes}


def mute(*alarms: str) -> Files:
    return {"AlarmMuteRuleArn": MUTE_RULE, "Status": "ACTIVE", "MuteTargets": {"AlarmNames": list(alarms)}}


def selectors(kind: str) -> Files:
    return {"TrailARN": trail()["TrailARN"], "EventSelectors": [{"ReadWriteType": kind}]}


def log_group(**members: Any) -> Files:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*"
    return {"logGroups": [{"logGroupName": "ct", "arn": arn, "creationTime": 1, "storedBytes": 0, **members}]}


def acted(how: str) -> Files:
    data = {"actionState": how, "notificationResource": TOPIC}
    told = {
        "AlarmName": "ssm-actions", "Timestamp": "2026-09-01T10:11:12+00:00", "HistoryItemType": "Action",
        "HistorySummary": "an action", "HistoryData": json.dumps(data),
    }  # fmt: skip
    return {"AlarmHistoryItems": [told]}


TRANSFORMED = textbook(filters=[metric_filter(applyOnTransformedLogs=True)])
ENCRYPTED = textbook() | {f"{PLACE}/sns-get-topic-attributes/alerts.json": topic(KmsMasterKeyId=KEY)}
PLAIN = textbook()
LISTED_RULE = {
    f"{PLACE}/cloudwatch-list-alarm-mute-rules.json": {
        "AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": MUTE_RULE, "Status": "ACTIVE"}]
    }
}

# Per case: the bundle, the capture, what it says when all is well, what another says, the first link not ok.
Case = tuple[Files, str, Any, Any, str]
CASES: dict[str, Case] = {
    "T12 status": (
        PLAIN, "cloudtrail-get-trail-status/main",
        {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": 1_795_560_385}, {"IsLogging": False}, "trail",
    ),
    "T14 selectors": (PLAIN, "cloudtrail-get-event-selectors/main", selectors("All"), selectors("WriteOnly"), "trail"),
    "L1 log groups": (
        PLAIN, "logs-describe-log-groups", log_group(), log_group(logGroupClass="DELIVERY"), "log_group",
    ),
    "L6 transformer": (
        TRANSFORMED, "logs-get-transformer/ct",
        {"logGroupIdentifier": "ct", "transformerConfig": [{"parseJSON": {}}]},
        {"logGroupIdentifier": "ct", "transformerConfig": [{"lowerCaseString": {"withKeys": ["eventName"]}}]},
        "metric_filter",
    ),
    "A17 mute rule": (
        PLAIN | LISTED_RULE, "cloudwatch-get-alarm-mute-rule/weekend", mute("other"), mute("ssm-actions"), "alarm",
    ),
    "S3 topics": (PLAIN, "sns-list-topics", {"Topics": [{"TopicArn": TOPIC}]}, {"Topics": []}, "topic"),
    "S4 attributes": (
        PLAIN, "sns-get-topic-attributes/alerts", topic(), topic(KmsMasterKeyId="alias/aws/sns"), "topic",
    ),
    "S4 key policy": (ENCRYPTED, f"kms-get-key-policy/{KEY}", key_policy(EVERYONE), key_policy(), "topic"),
    "S7 history": (
        PLAIN, "cloudwatch-describe-alarm-history/ssm-actions", acted("Succeeded"), acted("Failed"), "topic",
    ),
    "N6 subscription": (
        PLAIN, "sns-get-subscription-attributes/0", subscribed(), subscribed(FilterPolicy='{"a": ["b"]}'),
        "subscription",
    ),
}  # fmt: skip
