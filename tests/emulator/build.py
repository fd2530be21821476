"""Sets up an account of a sample with the AWS CLI: bucket, trail, log group, filters, alarms, topic."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator.account import Account, Organization
from tests.emulator.cli import AwsCli
from tests.emulator.watch import Watch

_ALL_MANAGEMENT_AND_S3 = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
    }
]


def create_organization(aws: AwsCli, organization: Organization) -> None:
    """The organisation with all its accounts; the emulator gives them their ids by name."""
    management = organization.management

    def organizations(*arguments: str) -> None:
        aws.set_up(["organizations", *arguments], management.account_id)

    organizations("create-organization", "--feature-set", "ALL")
    for account in organization.accounts:
        if account is not management:
            email = f"aws+{account.name}@{organization.domain}"
            organizations("create-account", "--account-name", account.name, "--email", email)
    for account_id in organization.delegated:
        service = ("--service-principal", "cloudtrail.amazonaws.com")
        organizations("register-delegated-administrator", "--account-id", account_id, *service)
    for account_id in organization.closed:
        organizations("close-account", "--account-id", account_id)


def build(aws: AwsCli, account: Account) -> None:
    """Everything that ``account`` declares. What it uses of other accounts must be there."""
    if account.archive:
        create_bucket(aws, account, account.archive)
    if account.topic and account.topic_account is None:
        create_topic(aws, account)
    if account.trail:
        create_trail(aws, account)
    if account.log_group:
        create_filters(aws, account)
    create_alarms(aws, account)
    if account.topic_deleted:
        _in(aws, account, "sns", "delete-topic", "--topic-arn", account.topic_arn)


def create_topic(aws: AwsCli, account: Account) -> None:
    """The topic with its one subscription, confirmed as the owner of the endpoint would."""
    _in(aws, account, "sns", "create-topic", "--name", account.topic or "")
    arn = ("--topic-arn", account.topic_arn)
    endpoint = ("--protocol", account.protocol, "--notification-endpoint", account.endpoint)
    _in(aws, account, "sns", "subscribe", *arn, *endpoint)
    if account.confirmed:
        _in(aws, account, "sns", "confirm-subscription", *arn, "--token", account.endpoint)
    if account.publisher:
        policy = ("--attribute-name", "Policy", "--attribute-value", json.dumps(_alarms_of(account.publisher, account)))
        _in(aws, account, "sns", "set-topic-attributes", *arn, *policy)


def _alarms_of(publisher: str, account: Account) -> dict[str, Any]:
    """A topic policy that lets in the alarms of another account, as CloudWatch's guide has it (S5)."""
    statement = {
        "Sid": "AlarmsOfTheAuditAccount",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": account.topic_arn,
        "Condition": {"StringEquals": {"aws:SourceAccount": publisher}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def create_bucket(aws: AwsCli, account: Account, bucket: str) -> None:
    """A bucket of the account in its home region."""
    placed = ("--create-bucket-configuration", f"LocationConstraint={account.home}")
    _in(aws, account, "s3api", "create-bucket", "--bucket", bucket, *(placed * (account.home != "us-east-1")))


def create_trail(aws: AwsCli, account: Account) -> None:
    """A logging multi-region trail, delivering to the log group if there is one."""
    bucket = account.trail_bucket
    if bucket is None:
        bucket = f"{account.company}-cloudtrail-{account.account_id}"
        create_bucket(aws, account, bucket)
    options = ["--s3-bucket-name", bucket, "--is-multi-region-trail", "--enable-log-file-validation"]
    if account.trail_account:
        options.append("--is-organization-trail")
    if account.log_group:
        _in(aws, account, "logs", "create-log-group", "--log-group-name", account.log_group)
        place = f"{account.home}:{account.account_id}"
        options += ["--cloud-watch-logs-log-group-arn", f"arn:aws:logs:{place}:log-group:{account.log_group}:*"]
        role = f"arn:aws:iam::{account.account_id}:role/cloudtrail-to-logs"
        options += ["--cloud-watch-logs-role-arn", role]
    _in(aws, account, "cloudtrail", "create-trail", "--name", account.trail or "", *options)
    _in(aws, account, "cloudtrail", "start-logging", "--name", account.trail_arn)
    if account.custom_selectors:
        selectors = json.dumps(_ALL_MANAGEMENT_AND_S3)
        trail = ("--trail-name", account.trail_arn)
        _in(aws, account, "cloudtrail", "put-event-selectors", *trail, "--event-selectors", selectors)


def create_filters(aws: AwsCli, account: Account) -> None:
    """The metric filters on the trail's log group, by name."""
    calls = []
    for watch in _by_name(account):
        metric = {"metricName": watch.metric, "metricNamespace": watch.namespace, "metricValue": "1"}
        options = ["--log-group-name", account.log_group or "", "--filter-name", watch.control]
        options += ["--filter-pattern", watch.pattern, "--metric-transformations", json.dumps([metric])]
        calls.append(["logs", "put-metric-filter", *options])
    for call in calls:
        _in(aws, account, *call)


def create_alarms(aws: AwsCli, account: Account) -> None:
    """The alarms of applications, then those of the controls by name, then the composite one."""
    calls = []
    for noise in account.noise:
        metric = ("--metric-name", noise.metric, "--namespace", "AWS/Lambda")
        calls.append(["cloudwatch", "put-metric-alarm", "--alarm-name", noise.name, *metric, *_pairs(NOISE)])
    for watch in _by_name(account):
        if watch.alarm is not None:
            options = ["--alarm-name", watch.control, "--metric-name", watch.metric]
            options += ["--namespace", watch.alarm_namespace, *_pairs(watch.alarm)]
            options += ["--alarm-actions", account.topic_arn]
            options += [] if watch.actions_enabled else ["--no-actions-enabled"]
            calls.append(["cloudwatch", "put-metric-alarm", *options])
    if account.composite:
        options = ["--alarm-name", "batch-unhealthy", "--alarm-rule", account.composite]
        options += ["--alarm-actions", account.topic_arn]
        calls.append(["cloudwatch", "put-composite-alarm", *options])
    for call in calls:
        _in(aws, account, *call)


def _by_name(account: Account) -> list[Watch]:
    """What watches the account, in the order in which AWS lists it."""
    return sorted(account.watches, key=lambda watch: watch.control)


NOISE = {
    "--statistic": "Sum",
    "--period": "60",
    "--evaluation-periods": "5",
    "--threshold": "10",
    "--comparison-operator": "GreaterThanThreshold",
}


def _pairs(options: dict[str, str]) -> list[str]:
    return [word for pair in options.items() for word in pair]


def _in(aws: AwsCli, account: Account, *arguments: str) -> None:
    aws.set_up(arguments, account.account_id, account.home)
