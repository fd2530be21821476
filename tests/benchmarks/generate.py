"""A deterministic bundle of any size: accounts × regions, noise in every region, defects at known rates.

``python -m tests.benchmarks.generate FOLDER --accounts 100`` writes the bundle as the AWS CLI writes its answers, with
four blanks; :func:`generate` also tells the verdict and broken link that each account must get. Every account has one
multi-region trail in its home region and there the chain of `ssm-actions`; all other filters, alarms and topics watch
something else. In a *uniform* organisation the filters of all accounts have the same few patterns, in an *own* one each
account has sixteen more whose patterns name its own buckets, roles and keys.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The regions that are on by default in the partition `aws` (accounts/latest/reference/manage-acct-regions).
REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
    "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
)  # fmt: skip
EVENTS = (
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
)  # fmt: skip  (the published pattern of CloudGuard rule D9.AWS.MON.23)
HOME = "us-east-1"
GROUP, NAMESPACE, METRIC, TOPIC = "cloudtrail/management", "LogMetrics", "SsmActions", "security-alerts"
NOISE_ALARMS, NOISE_FILTERS = (
    40,
    8,
)  # per region: about 55 kB


OWN_PATTERNS = (
    '{{ ($.eventSource = "s3.amazonaws.com") && ($.requestParameters.bucketName = "trail-{0}") }}',
    '{{ ($.eventName = DeleteBucket* || $.eventName = PutBucket*) && ($.requestParameters.bucketName = "data-{0}") }}',
    '{{ ($.eventName = "AssumeRole") && ($.requestParameters.roleArn = "arn:aws:iam::{0}:role/deploy") }}',
    '{{ $.userIdentity.arn = "arn:aws:iam::{0}:user/break-glass" }}',
    '{{ ($.errorCode = "AccessDenied*") && ($.userIdentity.arn != "arn:aws:sts::{0}:assumed-role/scanner/*") }}',
    '{{ ($.eventName = "ConsoleLogin") && ($.userIdentity.arn != "arn:aws:sts::{0}:assumed-role/sso/*") }}',
    '{{ ($.eventName = StopLogging || $.eventName = DeleteTrail) && ($.requestParameters.name = "*:{0}:trail/*") }}',
    '{{ ($.eventSource = kms.*) && ($.resources[0].ARN = "arn:aws:kms:*:{0}:key/*") && ($.readOnly IS FALSE) }}',
    '{{ ($.eventSource = "iam.amazonaws.com") && ($.requestParameters.roleName = "admin-{0}") }}',
    '{{ ($.eventName = AuthorizeSecurityGroup*) && ($.recipientAccountId = "{0}") && ($.sourceIPAddress != AWS*) }}',
    '{{ ($.userIdentity.type = "Root") && ($.recipientAccountId = "{0}") && ($.eventType != "AwsServiceEvent") }}',
    '{{ ($.eventSource = "ec2.amazonaws.com") && ($.eventName = "*Vpc*") && ($.userIdentity.accountId = "{0}") }}',
    '{{ ($.eventSource = "secretsmanager.amazonaws.com") && ($.requestParameters.secretId = "*:{0}:secret:prod/*") }}',
    '{{ ($.eventName = "UpdateFunctionCode*") && ($.requestParameters.functionName = "*:{0}:function:billing") }}',
    '{{ ($.eventName = "SendCommand") && ($.requestParameters.documentName = "*:{0}:document/*") }}',
    '"data-{0}" "AccessDenied"',
)
"""What each account of an *own* organisation watches besides: its id stands in the pattern."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One way to break the chain: what it gives, and how many accounts in a hundred have it."""

    name: str
    verdict: str
    broken_link: str | None
    percent: int


DEFECTS = (
    Defect("none", "PASS", None, 60),
    Defect("no trail", "FAIL", "trail", 4),
    Defect("trail without log group", "FAIL", "log_group", 4),
    Defect("one event missing", "FAIL", "metric_filter", 4),
    Defect("metric in another namespace", "FAIL", "metric", 4),
    Defect("no alarm", "FAIL", "alarm", 4),
    Defect("threshold 5", "FAIL", "alarm", 4),
    Defect("no action", "FAIL", "topic", 4),
    Defect("subscription pending", "FAIL", "subscription", 4),
    Defect("subscriptions not captured", "INCONCLUSIVE", "subscription", 4),
    Defect("alarms truncated", "INCONCLUSIVE", "alarm", 4),
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the audit must find in one account."""

    defect: str
    verdict: str
    broken_link: str | None


def generate(
    folder: Path, *, accounts: int, regions: int = len(REGIONS), noise_alarms: int = NOISE_ALARMS, own: bool = False
) -> dict[str, Expected]:
    """Writes the bundle into ``folder`` (canonical layout) and returns account id → expected finding.

    ``own``: each account has filters whose patterns are its own.
    """
    expected = {}
    for number in range(accounts):
        account_id = f"{100_000_000_000 + number * 7_919:012d}"
        defect = _defect(number)
        expected[account_id] = Expected(defect.name, defect.verdict, defect.broken_link)
        chance = random.Random(account_id)
        for region in REGIONS[:regions]:
            for name, document in _captures(account_id, region, defect.name, chance, noise_alarms, own):
                path = folder / account_id / region / f"{name}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(document, indent=4) + "\n", "utf-8")
    return expected


def _defect(number: int) -> Defect:
    """The defect of the account with this number: exact rates in every hundred accounts, well mixed."""
    place = (number * 37) % 100  # 37 and 100 have no common factor: a permutation of 0 … 99
    for defect in DEFECTS:
        place -= defect.percent
        if place < 0:
            return defect
    raise AssertionError("the percentages do not add up to 100")


def _captures(
    account_id: str, region: str, defect: str, chance: random.Random, noise_alarms: int, own: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    home = region == HOME
    noise_topic = f"arn:aws:sns:{region}:{account_id}:operations"
    topic = f"arn:aws:sns:{region}:{account_id}:{TOPIC}"
    yield (
        "cloudtrail-describe-trails",
        {"trailList": [] if defect == "no trail" else [_trail(account_id, defect)]},
    )

    filters = [_noise_filter(number, chance) for number in range(NOISE_FILTERS)]
    if home:
        filters.append(_filter(defect))
    if home and own:
        for number, pattern in enumerate(OWN_PATTERNS):
            filters.append(_metric_filter(f"own-{number}", pattern.format(account_id), f"Own{number}", NAMESPACE))
    yield "logs-describe-metric-filters", {"metricFilters": filters}

    alarms = [_alarm(account_id, region, f"noise-{number:03d}", noise_topic, chance) for number in range(noise_alarms)]
    if home and defect not in ("no alarm", "alarms truncated"):
        alarms.insert(noise_alarms // 2, _ssm_alarm(account_id, topic, defect, chance))
    # One composite alarm, so that the capture shows that composite alarms were asked for.
    document: dict[str, Any] = {"MetricAlarms": alarms, "CompositeAlarms": [_composite(account_id, region)]}
    if home and defect == "alarms truncated":
        document["NextToken"] = "eyJOZXh0VG9rZW4iOiBudWxsfQ=="
    yield "cloudwatch-describe-alarms", document

    topics = [noise_topic, topic] if home else [noise_topic]
    yield "sns-list-topics", {"Topics": [{"TopicArn": arn} for arn in topics]}
    for arn in topics:
        if arn == topic and defect == "subscriptions not captured":
            continue
        pending = arn == topic and defect == "subscription pending"
        yield (
            f"sns-list-subscriptions-by-topic/{arn.rpartition(':')[2]}",
            {"Subscriptions": [_subscription(account_id, arn, pending=pending)]},
        )


def _trail(account_id: str, defect: str) -> dict[str, Any]:
    trail = {
        "Name": "management",
        "S3BucketName": f"trail-{account_id}",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": HOME,
        "TrailARN": f"arn:aws:cloudtrail:{HOME}:{account_id}:trail/management",
        "LogFileValidationEnabled": True,
        "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{HOME}:{account_id}:log-group:{GROUP}:*",
        "CloudWatchLogsRoleArn": f"arn:aws:iam::{account_id}:role/cloudtrail",
        "HasCustomEventSelectors": False,
        "HasInsightSelectors": False,
        "IsOrganizationTrail": False,
    }
    if defect == "trail without log group":
        del trail["CloudWatchLogsLogGroupArn"], trail["CloudWatchLogsRoleArn"]
    return trail


def _filter(defect: str) -> dict[str, Any]:
    events = EVENTS[:-1] if defect == "one event missing" else EVENTS
    namespace = "Elsewhere" if defect == "metric in another namespace" else NAMESPACE
    pattern = " || ".join(f"($.eventName = {event})" for event in events)
    return _metric_filter("ssm-actions", f"{{ {pattern} }}", METRIC, namespace)


def _noise_filter(number: int, chance: random.Random) -> dict[str, Any]:
    code = chance.choice(("UnauthorizedOperation", "AccessDenied*", "Throttling"))
    pattern = f'{{ ($.errorCode = "{code}") && ($.sourceIPAddress != "10.{number}.*") }}'
    return _metric_filter(f"noise-{number}", pattern, f"Noise{number}", NAMESPACE)


def _metric_filter(name: str, pattern: str, metric: str, namespace: str) -> dict[str, Any]:
    return {
        "filterName": name,
        "filterPattern": pattern,
        "metricTransformations": [
            {"metricName": metric, "metricNamespace": namespace, "metricValue": "1", "defaultValue": 0.0}
        ],
        "creationTime": 1751328000000,
        "logGroupName": GROUP,
        "applyOnTransformedLogs": False,
    }


def _ssm_alarm(account_id: str, topic: str, defect: str, chance: random.Random) -> dict[str, Any]:
    alarm = _alarm(account_id, HOME, "ssm-actions", topic, chance)
    alarm |= {
        "MetricName": METRIC,
        "Namespace": NAMESPACE,
        "Statistic": "Sum",
        "Dimensions": [],
        "Threshold": 5.0 if defect == "threshold 5" else 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    if defect == "no action":
        alarm["AlarmActions"] = []
    return alarm


def _alarm(account_id: str, region: str, name: str, topic: str, chance: random.Random) -> dict[str, Any]:
    instance = f"i-{chance.randrange(16**17):017x}"
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{account_id}:alarm:{name}",
        "AlarmDescription": f"CPU of {instance} above the limit for {chance.randrange(5, 60)} minutes",
        "AlarmConfigurationUpdatedTimestamp": "2026-06-01T10:11:12.345000+00:00",
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [topic],
        "InsufficientDataActions": [],
        "StateValue": "OK",
        "StateReason": f"Threshold Crossed: 1 datapoint [{chance.random() * 50:.6f}] was not above 80.0.",
        "StateReasonData": '{"version":"1.0","queryDate":"2026-09-01T10:11:12.345+0000","stat":"Average"}',
        "StateUpdatedTimestamp": "2026-09-01T10:11:12.345000+00:00",
        "MetricName": "CPUUtilization",
        "Namespace": "AWS/EC2",
        "Statistic": "Average",
        "Dimensions": [{"Name": "InstanceId", "Value": instance}],
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "missing",
        "StateTransitionedTimestamp": "2026-09-01T10:11:12.345000+00:00",
    }


def _composite(account_id: str, region: str) -> dict[str, Any]:
    return {
        "ActionsEnabled": True,
        "AlarmActions": [f"arn:aws:sns:{region}:{account_id}:operations"],
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{account_id}:alarm:fleet",
        "AlarmConfigurationUpdatedTimestamp": "2026-06-01T10:11:12.345000+00:00",
        "AlarmName": "fleet",
        "AlarmRule": 'ALARM("noise-000") AND ALARM("noise-001")',
        "InsufficientDataActions": [],
        "OKActions": [],
        "StateReason": "",
        "StateUpdatedTimestamp": "2026-06-01T10:11:12.345000+00:00",
        "StateValue": "OK",
    }


def _subscription(account_id: str, topic: str, *, pending: bool) -> dict[str, Any]:
    name = topic.rpartition(":")[2]
    return {
        "SubscriptionArn": "PendingConfirmation" if pending else f"{topic}:0f1e2d3c-{account_id}",
        "Owner": account_id,
        "Protocol": "email",
        "Endpoint": f"{name}@example.com",
        "TopicArn": topic,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--regions", type=int, default=len(REGIONS))
    parser.add_argument("--own", action="store_true", help="each account has filters with patterns of its own")
    arguments = parser.parse_args()
    expected = generate(arguments.folder, accounts=arguments.accounts, regions=arguments.regions, own=arguments.own)
    files = list(arguments.folder.rglob("*.json"))
    size = sum(path.stat().st_size for path in files)
    print(f"{len(expected)} accounts, {len(files)} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
