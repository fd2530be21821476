"""A textbook set-up as captures, and the means to break one thing in it: bundles for tests of verdicts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

NAMES = [
    "ListCommands",
    "ListCommandInvocations",
    "SendCommand",
    "StartSession",
    "DescribeSessions",
    "GetConnectionStatus",
    "DescribeInstanceProperties",
    "DescribeInstanceInformation",
    "TerminateSession",
    "ResumeSession",
]
PATTERN = "{" + "||".join(f"($.eventName={name})" for name in NAMES) + "}"
ACCOUNT = "111122223333"
REGION = "us-east-1"

Files = dict[str, Any]


def trail(account: str = ACCOUNT, region: str = REGION, name: str = "main", **changes: Any) -> dict[str, Any]:
    """A multi-region trail that delivers to log group ``ct``; None among ``changes`` leaves a member out."""
    base = {
        "Name": name,
        "S3BucketName": "audit-logs",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": region,
        "TrailARN": f"arn:aws:cloudtrail:{region}:{account}:trail/{name}",
        "LogFileValidationEnabled": True,
        "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{region}:{account}:log-group:ct:*",
        "HasCustomEventSelectors": False,
        "HasInsightSelectors": False,
        "IsOrganizationTrail": False,
    }
    return _changed(base, changes)


def metric_filter(pattern: str | None = PATTERN, **changes: Any) -> dict[str, Any]:
    """A filter on log group ``ct`` that publishes 1 into Audit/SsmActions."""
    transformation = {"metricName": "SsmActions", "metricNamespace": "Audit", "metricValue": "1"}
    transformation |= changes.pop("transformation", {})
    base = {
        "filterName": "ssm-actions",
        "filterPattern": pattern,
        "metricTransformations": [{key: value for key, value in transformation.items() if value is not None}],
        "creationTime": 1_751_328_000_000,
        "logGroupName": "ct",
    }
    return _changed(base, changes)


def alarm(account: str = ACCOUNT, region: str = REGION, name: str = "ssm-actions", **changes: Any) -> dict[str, Any]:
    """An alarm on Audit/SsmActions, Sum >= 1 over 300 s, that notifies topic ``alerts``."""
    base = {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [f"arn:aws:sns:{region}:{account}:alerts"],
        "InsufficientDataActions": [],
        "StateValue": "OK",
        "MetricName": "SsmActions",
        "Namespace": "Audit",
        "Statistic": "Sum",
        "Dimensions": [],
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    return _changed(base, changes)


def subscription(account: str = ACCOUNT, region: str = REGION, **changes: Any) -> dict[str, Any]:
    """A confirmed e-mail subscription of topic ``alerts``."""
    topic = f"arn:aws:sns:{region}:{account}:alerts"
    base = {
        "SubscriptionArn": f"{topic}:5d2e89e6-b579-4b31-bd76-c25f6bb6ce7f",
        "Owner": account,
        "Protocol": "email",
        "Endpoint": "soc@example.com",
        "TopicArn": topic,
    }
    return _changed(base, changes)


def textbook(
    account: str = ACCOUNT,
    region: str = REGION,
    *,
    trails: Iterable[dict[str, Any]] | None = None,
    filters: Iterable[dict[str, Any]] | None = None,
    alarms: Iterable[dict[str, Any]] | None = None,
    composites: Iterable[dict[str, Any]] = (),
    subscriptions: Iterable[dict[str, Any]] | None = None,
) -> Files:
    """The four captures of one account and region in the canonical layout."""
    place = f"{account}/{region}"
    return {
        f"{place}/cloudtrail-describe-trails.json": {
            "trailList": [trail(account, region)] if trails is None else list(trails)
        },
        f"{place}/logs-describe-metric-filters.json": {
            "metricFilters": [metric_filter()] if filters is None else list(filters)
        },
        f"{place}/cloudwatch-describe-alarms.json": {
            "MetricAlarms": [alarm(account, region)] if alarms is None else list(alarms),
            "CompositeAlarms": list(composites),
        },
        f"{place}/sns-list-subscriptions-by-topic/alerts.json": {
            "Subscriptions": [subscription(account, region)] if subscriptions is None else list(subscriptions)
        },
    }


def write(files: Files, folder: Path, encode: Callable[[Any], bytes] | None = None) -> Path:
    """Write the captures into ``folder``; text and bytes as they are, anything else as JSON. Returns ``folder``."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        elif isinstance(content, str):
            target.write_text(content, encoding="utf-8")
        else:
            target.write_bytes(encode(content) if encode else json.dumps(content, indent=4).encode())
    return folder


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = copy.deepcopy(base) | changes
    return {key: value for key, value in merged.items() if value is not None}
