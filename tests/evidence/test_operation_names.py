"""Which AWS operation a name speaks of (rule X8), and the operations of botocore that are like ours."""

from __future__ import annotations

import json

import pytest

from auditor.evidence.operations.operation_names import operation_called, operation_named
from auditor.evidence.operations.registry import calls
from auditor.resources import PACKAGE
from tests.evidence.other_operations import answers, has_members_of, other_operations, services


def named(path: str) -> str:
    found = operation_named(path)
    return found.call.id if found.call is not None else found.other


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("111122223333/us-east-1/cloudtrail-describe-trails.json", "cloudtrail:DescribeTrails"),
        ("CloudTrail_DescribeTrails.json", "cloudtrail:DescribeTrails"),
        ("describetrails.json", "cloudtrail:DescribeTrails"),
        ("111122223333describe-alarms2.json", "cloudwatch:DescribeAlarms"),
        ("prod alarms.json", "cloudwatch:DescribeAlarms"),
        ("aws_organizations_list_accounts.json", "organizations:ListAccounts"),
        ("logs-describe-metric-filters-1.json", "logs:DescribeMetricFilters"),
        ("sub/sns-list-subscriptions-by-topic/alarms.json", "sns:ListSubscriptionsByTopic"),
        ("get-trail-status/us-east-1/main.json", "cloudtrail:GetTrailStatus"),
        ("backup-describe-alarms.json", "cloudwatch:DescribeAlarms"),
        ("config/alarms.json", "cloudwatch:DescribeAlarms"),
        ("sns/list-topics.json", "sns:ListTopics"),
        ("list-topics.json", "sns:ListTopics"),
        ("ec2-describe-regions.json", "ec2:DescribeRegions"),
        ("cloudwatch-describe-alarms-for-metric.json", "cloudwatch describe-alarms-for-metric"),
        ("DescribeAlarmsForMetric/cpu.json", "cloudwatch describe-alarms-for-metric"),
        ("111122223333/us-east-1/logs-list-log-groups.json", "logs list-log-groups"),
        ("ListLogGroups.json", "logs list-log-groups"),
        ("list_log_groups.json", "logs list-log-groups"),
        ("sqs-get-queue-attributes/alerts.json", "sqs get-queue-attributes"),
        ("sqs/get-queue-attributes/alerts.json", "sqs get-queue-attributes"),
        ("sqs-get-queue-attributes/us-east-1/alerts.json", "sqs get-queue-attributes"),
        ("sesv2-get-contact-list.json", "sesv2 get-contact-list"),
        ("sesv2-list-contact-lists.json", "sesv2 list-contact-lists"),
        ("organizations-list-accounts-for-parent.json", "organizations list-accounts-for-parent"),
        ("cloudtrail-list-trails.json", "cloudtrail list-trails"),
        ("s3api-get-bucket-policy.json", "s3 get-bucket-policy"),
        ("quicksight/list-topics.json", "quicksight list-topics"),
        ("quicksight/us-east-1/list-topics.json", "quicksight list-topics"),
        ("compute-optimizer-automation-list-accounts.json", "compute-optimizer-automation list-accounts"),
        ("sns-get-attributes.json", ""),
        ("describe-alarms-for-metric/111122223333/us-east-1/x.json", "cloudwatch describe-alarms-for-metric"),
        ("get-trail-status/111122223333/us-east-1/main.json", "cloudtrail:GetTrailStatus"),
        ("evidence.json", ""),
        ("scan.json", ""),
    ],
)
def test_what_a_path_names(path: str, name: str) -> None:
    assert named(path) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails"),
        ("aws cloudwatch describe-alarms", "cloudwatch:DescribeAlarms"),
        ("describeTrails", "cloudtrail:DescribeTrails"),
        ("sns.list_topics", "sns:ListTopics"),
        ("trail-status", "cloudtrail:GetTrailStatus"),
        ("cloudwatch:DescribeAlarmsForMetric", "cloudwatch describe-alarms-for-metric"),
        ("alarms of the account", ""),
        ("logs", ""),
    ],
)
def test_what_a_text_calls(text: str, name: str) -> None:
    found = operation_called(text)
    assert (found.call.id if found.call is not None else found.other) == name


OURS = {call.service for call in calls().values()}
# Loading the models of all takes longer than comparing them.
SAMPLE = sorted(OURS | set(services()[::10]))


@pytest.mark.parametrize("asked", [SAMPLE, pytest.param(services(), marks=pytest.mark.long)], ids=["sample", "all"])
def test_the_other_operations_are_those_of_botocore(asked: list[str]) -> None:
    """Written by ``python -m tests.evidence.other_operations``."""
    written = json.loads((PACKAGE / "evidence/other_operations.json").read_text(encoding="utf-8"))
    assert set(written) == set(services())
    assert {service: written[service] for service in sorted(asked)} == other_operations(asked)


def shared(asked: list[str]) -> set[str]:
    """Our calls with a namesake in these services: some other operation's answer has the members of theirs."""
    return {
        call.id
        for service in asked
        for operation, members in answers(service).items()
        for call in calls().values()
        if call.id != f"{service}:{operation}" and has_members_of(call, members)
    }


def test_calls_with_a_namesake_in_a_sample_of_services_are_shared() -> None:
    """Rule X8."""
    assert {call.id for call in calls().values() if call.shared} >= shared(SAMPLE) > set()


@pytest.mark.long
def test_shared_calls_are_those_that_botocore_has_namesakes_of() -> None:
    """Rule X8."""
    assert {call.id for call in calls().values() if call.shared} == shared(services())
