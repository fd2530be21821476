"""The CloudTrail entities of an account: each field of the reference's table, and what the captures leave open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import gsl
from auditor.catalogue.regions import default_regions
from tests.textbook import (
    ACCOUNT,
    REGION,
    Files,
    alarm,
    metric_filter,
    subscription,
    textbook,
    trail,
    write,
)

ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
PLACE = f"{ACCOUNT}/{REGION}"
STATUS = f"{PLACE}/cloudtrail-get-trail-status/main.json"
SELECTORS = f"{PLACE}/cloudtrail-get-event-selectors/main.json"
IN_FILTER = "metricFilters contain [{}]"
IN_ALARM = IN_FILTER.format("metricTransformations contain [alarms contain [{}]]")
IN_SUBSCRIPTION = IN_ALARM.format("actions contain [subscriptions contain [{}]]")


def everywhere(files: Files) -> Files:
    """The captures with the listing of trails that every other region would give: nothing of trails stays open."""
    listing = files[f"{PLACE}/cloudtrail-describe-trails.json"]
    multi = {"trailList": [one for one in listing["trailList"] if one.get("IsMultiRegionTrail")]}
    return {
        **files,
        **{
            f"{ACCOUNT}/{region}/cloudtrail-describe-trails.json": multi
            for region in default_regions("aws")
            if region != REGION
        },
    }


def result(tmp_path: Path, condition: str, files: Files, form: str = "CloudTrail should have {}") -> str:
    """The result of a rule with ``condition`` on a bundle of ``files``, all of whose trails are listed."""
    folder = write(everywhere(files), tmp_path / "bundle")
    (account,) = gsl(form.format(condition), str(folder), as_of="2026-09-30")["accounts"]
    found: str = account["result"]
    return found


FULL = {
    **textbook(
        trails=[
            trail(
                KmsKeyId="arn:aws:kms:us-east-1:111122223333:key/k",
                S3KeyPrefix="logs",
                SnsTopicName="deliveries",
                SnsTopicARN=f"arn:aws:sns:{REGION}:{ACCOUNT}:deliveries",
                CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/ct",
            )
        ],
        filters=[metric_filter("{ $.eventName = StopLogging }", transformation={"defaultValue": 0})],
        alarms=[alarm(AlarmDescription="tells")],
    ),
    STATUS: {
        "IsLogging": True,
        "LatestDeliveryTime": "2026-09-30T12:00:00+00:00",
        "LatestCloudWatchLogsDeliveryTime": 1790769600.0,
        "TimeLoggingStarted": "2020-01-01T00:00:00Z",
    },
    SELECTORS: {
        "TrailARN": ARN,
        "EventSelectors": [
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            }
        ],
    },
}


@pytest.mark.parametrize(
    "condition",
    [
        f"id='{ARN}' and trailArn='{ARN}' and name='main' and type='CloudTrail'",
        f"accountNumber='{ACCOUNT}' and region='{REGION}' and homeRegion='{REGION}'",
        "isMultiRegionTrail='true' and isOrganizationTrail=false and includeGlobalServiceEvents=true",
        "logFileValidationEnabled and not hasCustomEventSelectors and hasInsightSelectors='false'",
        "kmsKeyId like '%:key/k' and s3BucketName='audit-logs' and s3KeyPrefix='logs'",
        "cloudWatchLogsLogGroupArn like '%:log-group:ct:%' and cloudWatchLogsRoleArn like '%:role/ct'",
        f"snsTopicName='deliveries' and snsTopicArn='arn:aws:sns:{REGION}:{ACCOUNT}:deliveries'",
        "hasSNSSubscriber='true'",
        "status.isLogging='true' and status.latestDeliveryTime after(-1, 'days')",
        "status.latestCloudWatchLogsDeliveryTime after(-1, 'days') and status.timeLoggingStarted before(-60, 'months')",
        "not status.latestCloudWatchLogsDeliveryError",
        "eventSelectors contain [readWriteType='All' and includeManagementEvents=true and "
        "dataResources contain [type like 'AWS::S3%' and values contain [$ like 'arn:aws:s3%']]]",
        IN_FILTER.format(
            "filterName='ssm-actions' and filterPattern isFilterPatternEqual('{$.eventName=StopLogging}')"
        ),
        IN_FILTER.format("creationTime before(-1, 'days') and creationTime after(-24, 'months')"),
        IN_FILTER.format(
            "metricTransformations contain [metricName='SsmActions' and metricNamespace='Audit' and metricValue='1' "
            "and defaultValue='0']"
        ),
        IN_ALARM.format(
            f"name='ssm-actions' and arn='arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:ssm-actions' and "
            "description='tells' and metricName='SsmActions' and namespace='Audit' and actionsEnabled=true"
        ),
        IN_ALARM.format(f"actions contain [action='{TOPIC}']"),
        IN_SUBSCRIPTION.format(
            f"subscriptionArn like '{TOPIC}:%' and topicArn='{TOPIC}' and owner='{ACCOUNT}' and "
            "endpoint='soc@example.com' and protocol='email'"
        ),
    ],
)
def test_every_field_says_what_the_captures_say(tmp_path: Path, condition: str) -> None:
    assert result(tmp_path, condition, FULL) == "pass"


def test_what_the_captures_show_to_be_absent_is_absent(tmp_path: Path) -> None:
    files = textbook(trails=[trail(CloudWatchLogsLogGroupArn=None)])
    for number, condition in enumerate(("kmsKeyId", "cloudWatchLogsLogGroupArn", "metricFilters", "hasSNSSubscriber")):
        assert result(tmp_path / str(number), condition, files) == "fail"


OPEN = "CloudTrail should have {}", "CloudTrail should not have {}"


def without(path: str) -> Files:
    return {name: content for name, content in textbook().items() if path not in name}


@pytest.mark.parametrize(
    ("condition", "files"),
    [
        ("status.isLogging=true", textbook()),
        ("status", textbook()),
        ("eventSelectors contain [readWriteType='All']", textbook()),
        ("eventSelectors isEmpty()", textbook()),
        (
            "eventSelectors isEmpty()",
            {**textbook(), SELECTORS: {"TrailARN": ARN, "AdvancedEventSelectors": [{"FieldSelectors": []}]}},
        ),
        ("tags contain [key='tier']", textbook()),
        ("externalFindings.findings contain [severity='High']", textbook()),
        ("isOrganizationTrail=true", textbook(trails=[trail(IsOrganizationTrail=None)])),
        ("logFileValidationEnabled", textbook(trails=[trail(LogFileValidationEnabled=None)])),
        ("hasInsightSelectors", textbook(trails=[trail(HasInsightSelectors=None)])),
        ("metricFilters", without("metric-filters")),
        ("metricFilters length() > 0", without("metric-filters")),
        ("hasSNSSubscriber='true'", without("metric-filters")),
        (IN_ALARM.format("name"), without("describe-alarms")),
        ("hasSNSSubscriber='true'", without("describe-alarms")),
        (IN_SUBSCRIPTION.format("endpoint"), without("list-subscriptions")),
        ("hasSNSSubscriber='true'", without("list-subscriptions")),
        (
            "metricFilters length() = 1",
            {
                **textbook(),
                f"{PLACE}/logs-describe-log-groups.json": {
                    "logGroups": [{"logGroupName": "ct", "metricFilterCount": 2}]
                },
            },
        ),
        (
            "metricFilters contain [filterName='another']",
            {
                **textbook(),
                f"{PLACE}/logs-describe-metric-filters.json": {"metricFilters": [metric_filter()], "nextToken": "t"},
            },
        ),
    ],
)
@pytest.mark.parametrize("form", OPEN)
def test_what_no_capture_shows_is_open_and_neither_there_nor_absent(
    tmp_path: Path, condition: str, files: Files, form: str
) -> None:
    assert result(tmp_path, condition, files, form) == "unknown"


def test_a_confirmed_subscription_that_the_topics_own_listing_lacks_is_open(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        **textbook(subscriptions=[]),
        f"{PLACE}/sns-list-subscriptions.json": {"Subscriptions": [subscription()]},
    }
    assert result(tmp_path, "hasSNSSubscriber='true'", files) == "unknown"


@pytest.mark.parametrize("condition", ["items length() > 1", "items length() = 1", "items length() < 3"])
def test_trails_that_may_be_in_an_uncaptured_region_are_any_number(tmp_path: Path, condition: str) -> None:
    folder = write(textbook(), tmp_path / "bundle")
    (account,) = gsl(f"List<CloudTrail> should have {condition}", str(folder))["accounts"]
    assert account["result"] == "unknown"
    assert account["items"][1]["label"].startswith("any single-region trail of ")


def test_no_listing_of_trails_shows_no_trail(tmp_path: Path) -> None:
    folder = write(without("describe-trails"), tmp_path / "bundle")
    (account,) = gsl("List<CloudTrail> should have items", str(folder))["accounts"]
    assert account["result"] == "unknown"


def test_a_list_is_counted_without_copies_of_the_same_capture(tmp_path: Path) -> None:
    files = everywhere(textbook())
    again = {path.replace(f"{PLACE}/", f"again/{PLACE}/"): content for path, content in files.items() if PLACE in path}
    once = "metricFilters length() = 1 and " + IN_ALARM.format("actions contain [subscriptions length() = 1]")
    once += " and metricFilters contain [metricTransformations contain [alarms length() = 1]]"
    assert result(tmp_path, once, files | again) == "pass"


@pytest.mark.parametrize(
    ("trails", "depends"),
    [([trail()], True), ([trail(SnsTopicARN=TOPIC)], True), ([trail(CloudWatchLogsLogGroupArn=None)], False)],
)
def test_of_which_topic_the_subscriber_is_is_a_reading(
    tmp_path: Path, trails: list[dict[str, Any]], depends: bool
) -> None:
    folder = write(everywhere(textbook(trails=trails)), tmp_path / "bundle")
    (account,) = gsl("CloudTrail should have hasSNSSubscriber='true'", str(folder))["accounts"]
    assert ("sns-subscriber" in [one["name"] for one in account["readings"]]) == depends
