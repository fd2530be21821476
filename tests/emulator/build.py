"""Sets up an account of the sample organisation with the AWS CLI: bucket, trail, group, filter, alarm, topic."""

from __future__ import annotations

import json

from tests.emulator.cli import AwsCli
from tests.emulator.organisation import ACCOUNTS, MANAGEMENT_NAME, Account

_ALL_MANAGEMENT_AND_S3 = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
    }
]


def create_organisation(aws: AwsCli) -> None:
    """The organisation with all its accounts; the emulator gives them their ids by name."""
    aws.set_up(["organizations", "create-organization", "--feature-set", "ALL"])
    for account in ACCOUNTS:
        if account.name != MANAGEMENT_NAME:
            email = f"aws+{account.name}@meridian.example"
            aws.set_up(["organizations", "create-account", "--account-name", account.name, "--email", email])


def build(aws: AwsCli, account: Account) -> None:
    """Everything that ``account`` declares."""
    create_topic(aws, account)
    create_trail(aws, account)
    if account.log_group:
        create_filter(aws, account)
    create_alarms(aws, account)
    if account.topic_deleted:
        _in(aws, account, "sns", "delete-topic", "--topic-arn", topic_arn(account))


def create_topic(aws: AwsCli, account: Account) -> None:
    """The topic with its one subscription, confirmed as the owner of the endpoint would."""
    _in(aws, account, "sns", "create-topic", "--name", account.topic)
    arn = ("--topic-arn", topic_arn(account))
    endpoint = ("--protocol", account.protocol, "--notification-endpoint", account.endpoint)
    _in(aws, account, "sns", "subscribe", *arn, *endpoint)
    if account.confirmed:
        _in(aws, account, "sns", "confirm-subscription", *arn, "--token", account.endpoint)


def create_trail(aws: AwsCli, account: Account) -> None:
    """A logging multi-region trail, delivering to the log group if there is one."""
    bucket = f"meridian-cloudtrail-{account.account_id}"
    placed = ("--create-bucket-configuration", f"LocationConstraint={account.home}")
    _in(aws, account, "s3api", "create-bucket", "--bucket", bucket, *(placed * (account.home != "us-east-1")))
    options = ["--s3-bucket-name", bucket, "--is-multi-region-trail", "--enable-log-file-validation"]
    if account.log_group:
        _in(aws, account, "logs", "create-log-group", "--log-group-name", account.log_group)
        place = f"{account.home}:{account.account_id}"
        options += ["--cloud-watch-logs-log-group-arn", f"arn:aws:logs:{place}:log-group:{account.log_group}:*"]
        role = f"arn:aws:iam::{account.account_id}:role/cloudtrail-to-logs"
        options += ["--cloud-watch-logs-role-arn", role]
    _in(aws, account, "cloudtrail", "create-trail", "--name", account.trail, *options)
    _in(aws, account, "cloudtrail", "start-logging", "--name", account.trail)
    if account.custom_selectors:
        selectors = json.dumps(_ALL_MANAGEMENT_AND_S3)
        trail = ("--trail-name", account.trail)
        _in(aws, account, "cloudtrail", "put-event-selectors", *trail, "--event-selectors", selectors)


def create_filter(aws: AwsCli, account: Account) -> None:
    """The metric filter on the trail's log group."""
    metric = {"metricName": account.metric, "metricNamespace": account.namespace, "metricValue": "1"}
    options = ["--log-group-name", account.log_group or "", "--filter-name", "ssm-actions"]
    options += ["--filter-pattern", account.pattern, "--metric-transformations", json.dumps([metric])]
    _in(aws, account, "logs", "put-metric-filter", *options)


def create_alarms(aws: AwsCli, account: Account) -> None:
    """The alarms of applications, then the control's own, then the composite one."""
    for noise in account.noise:
        metric = ("--metric-name", noise.metric, "--namespace", "AWS/Lambda")
        _in(aws, account, "cloudwatch", "put-metric-alarm", "--alarm-name", noise.name, *metric, *_pairs(NOISE))
    if account.alarm is not None:
        options = ["--alarm-name", "ssm-actions", "--metric-name", account.metric]
        options += ["--namespace", account.alarm_namespace, *_pairs(account.alarm)]
        options += ["--alarm-actions", topic_arn(account)]
        options += [] if account.actions_enabled else ["--no-actions-enabled"]
        _in(aws, account, "cloudwatch", "put-metric-alarm", *options)
    if account.composite:
        options = ["--alarm-name", "batch-unhealthy", "--alarm-rule", account.composite]
        options += ["--alarm-actions", topic_arn(account)]
        _in(aws, account, "cloudwatch", "put-composite-alarm", *options)


NOISE = {
    "--statistic": "Sum",
    "--period": "60",
    "--evaluation-periods": "5",
    "--threshold": "10",
    "--comparison-operator": "GreaterThanThreshold",
}


def topic_arn(account: Account) -> str:
    """ARN of the topic that the account's alarms name."""
    return f"arn:aws:sns:{account.home}:{account.account_id}:{account.topic}"


def trail_arn(account: Account) -> str:
    """ARN of the account's trail."""
    return f"arn:aws:cloudtrail:{account.home}:{account.account_id}:trail/{account.trail}"


def _pairs(options: dict[str, str]) -> list[str]:
    return [word for pair in options.items() for word in pair]


def _in(aws: AwsCli, account: Account, *arguments: str) -> None:
    aws.set_up(arguments, account.account_id, account.home)
