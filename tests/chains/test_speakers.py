"""V3, X9: whoever tells of a thing by its whole ARN is heard, wherever the file lies: the worse, never the cleaner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.chains.chain import PLACE, TOPIC, Audit, outcome
from tests.chains.corroborating import (
    ENCRYPTED,
    EVERYONE,
    KEY,
    MUTE_RULE,
    PLAIN,
    TRANSFORMED,
    key_policy,
    log_group,
    selectors,
    subscribed,
    topic,
)
from tests.textbook import ACCOUNT, REGION, Files, alarm, subscription, textbook, trail, write

OTHER = "444455556666"
PENDING = subscription(SubscriptionArn="PendingConfirmation")
COMPOSITE = {
    "AlarmName": "both", "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:both",
    "AlarmRule": "ALARM(ssm-actions)", "ActionsEnabled": True, "AlarmActions": [TOPIC], "OKActions": [],
    "InsufficientDataActions": [], "StateValue": "OK",
}  # fmt: skip
CHILD = alarm(AlarmActions=[])
UNDER_A_COMPOSITE = textbook(alarms=[CHILD], composites=[COMPOSITE])
GROUP_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct"
GROUPS = PLAIN | {f"{PLACE}/logs-describe-log-groups.json": log_group(metricFilterCount=1)}


def alarms(*items: dict[str, Any], composites: tuple[dict[str, Any], ...] = ()) -> Files:
    return {"MetricAlarms": list(items), "CompositeAlarms": list(composites)}


# By what is told otherwise: the bundle, the call's name as a file, and the answer of one who tells it so.
TOLD = {
    "alarm switched off": (PLAIN, "cloudwatch-describe-alarms", alarms(alarm(ActionsEnabled=False))),
    "alarm with another threshold": (PLAIN, "cloudwatch-describe-alarms", alarms(alarm(Threshold=5.0))),
    "composite switched off": (
        UNDER_A_COMPOSITE, "cloudwatch-describe-alarms",
        alarms(CHILD, composites=(COMPOSITE | {"ActionsEnabled": False},)),
    ),
    "trail of one region": (PLAIN, "cloudtrail-describe-trails", {"trailList": [trail(IsMultiRegionTrail=False)]}),
    "trail without a group": (
        PLAIN, "cloudtrail-describe-trails", {"trailList": [trail(CloudWatchLogsLogGroupArn=None)]},
    ),
    "selectors": (PLAIN, "cloudtrail-get-event-selectors/main", selectors("WriteOnly")),
    "log group in another class": (GROUPS, "logs-describe-log-groups", log_group(logGroupClass="DELIVERY")),
    "log group in another class, by another name": (
        GROUPS, "logs-describe-log-groups", log_group(logGroupClass="DELIVERY", logGroupName="x"),
    ),
    "log group in another class, without its name": (
        GROUPS, "logs-describe-log-groups", log_group(logGroupClass="DELIVERY", logGroupName=None),
    ),
    "log group in another class, by its ARN as policies write it": (
        GROUPS, "logs-describe-log-groups",
        log_group(logGroupClass="DELIVERY", logGroupName="x", arn=None, logGroupArn=GROUP_ARN),
    ),
    "log group with more filters, by another name": (
        GROUPS, "logs-describe-log-groups", log_group(metricFilterCount=3, logGroupName="x"),
    ),
    "log group with more filters": (GROUPS, "logs-describe-log-groups", log_group(metricFilterCount=3)),
    "mute rule": (
        PLAIN, "cloudwatch-list-alarm-mute-rules",
        {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": MUTE_RULE, "Status": "ACTIVE"}]},
    ),
    "topic's attributes": (PLAIN, "sns-get-topic-attributes/alerts", topic(KmsMasterKeyId="alias/aws/sns")),
    "subscriber pending": (PLAIN, "sns-list-subscriptions", {"Subscriptions": [PENDING]}),
    "subscriber pending, by topic": (PLAIN, "sns-list-subscriptions-by-topic/alerts", {"Subscriptions": [PENDING]}),
    "subscription's attributes": (
        PLAIN, "sns-get-subscription-attributes/0", subscribed(PendingConfirmation="true"),
    ),
}  # fmt: skip
PLACES = {
    "beside the other": f"{PLACE}/again/{{}}.json",
    "at the top": "{}.json",
    "in the account's folder": f"{ACCOUNT}/{{}}.json",
    "in a wrong region's": f"{ACCOUNT}/eu-west-1/{{}}.json",
    "in another account's": f"{OTHER}/{REGION}/{{}}.json",
    "in another account's, another region's": f"{OTHER}/eu-west-1/{{}}.json",
}


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("what", TOLD)
def test_v3_what_somebody_tells_otherwise_by_its_whole_arn_is_no_plain_pass(
    tmp_path: Path, what: str, where: str
) -> None:
    files, name, answer = TOLD[what]
    path = PLACES[where].format(name)
    findings = audit(write(files | {path: answer}, tmp_path), controls=["ssm-actions"]).document["findings"]
    (finding,) = (finding for finding in findings if finding["account_id"] == ACCOUNT)
    assert finding["verdict"] != "PASS" or any(point["material"] for point in finding["open_points"])


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("path", sorted(path for path in GROUPS if "filters" not in path))
def test_v3_a_copy_that_tells_nothing_otherwise_is_a_problem_at_most(tmp_path: Path, path: str, where: str) -> None:
    copy = PLACES[where].format(path.removeprefix(f"{PLACE}/").removesuffix(".json"))
    findings = audit(write(GROUPS | {copy: GROUPS[path]}, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert [finding["verdict"] for finding in findings if finding["account_id"] == ACCOUNT] == ["PASS"]


NOT_FOUND = "An error occurred (NotFound) when calling the {} operation: Topic does not exist"
UNREAD = {"logGroupIdentifier": "ct", "transformerConfig": [{"lowerCaseString": {"withKeys": ["eventName"]}}]}
KEPT = {"logGroupIdentifier": "ct", "transformerConfig": [{"parseJSON": {}}]}
# What has a name alone, and may be of any place as long as its own is not known (T12).
NAMED = {
    "T12 a status that says off": (PLAIN, "cloudtrail-get-trail-status/main", {"IsLogging": False}),
    "L6 a transformer": (
        TRANSFORMED | {f"{PLACE}/logs-get-transformer/ct.json": KEPT}, "logs-get-transformer/ct", UNREAD,
    ),
    "S3 no such topic": (PLAIN, "sns-get-topic-attributes/alerts", NOT_FOUND.format("GetTopicAttributes")),
    "S3 no such topic, by topic": (
        PLAIN, "sns-list-subscriptions-by-topic/alerts", NOT_FOUND.format("ListSubscriptionsByTopic"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", [where for where in PLACES if "another account" not in where])
def test_s4_a_keys_id_is_the_keys_alone(audit: Audit, where: str) -> None:
    own = {f"{PLACE}/kms-get-key-policy/{KEY}.json": key_policy(EVERYONE)}
    other = {PLACES[where].format(f"kms-get-key-policy/{KEY}"): key_policy()}
    assert outcome(audit(ENCRYPTED | own | other))[:2] == ("INCONCLUSIVE", "topic")


@pytest.mark.parametrize("where", ["beside the other", "at the top", "in the account's folder"])
@pytest.mark.parametrize("what", NAMED)
def test_t12_what_has_a_name_and_no_known_place_is_not_dropped(tmp_path: Path, what: str, where: str) -> None:
    files, name, answer = NAMED[what]
    path = PLACES[where].format(name)
    findings = audit(write(files | {path: answer}, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert [finding["verdict"] for finding in findings if finding["account_id"] == ACCOUNT] != ["PASS"]


@pytest.mark.parametrize("what", [what for what in NAMED if "no such" not in what])
def test_v3_one_accounts_folder_within_anothers_is_of_both_if_nothing_in_it_says_whose_it_is(
    tmp_path: Path, what: str
) -> None:
    files, name, answer = NAMED[what]
    within = {f"{ACCOUNT}/{OTHER}/{REGION}/{name}.json": answer}
    findings = audit(write(files | within, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert [finding["verdict"] for finding in findings if finding["account_id"] == ACCOUNT] == ["INCONCLUSIVE"]


@pytest.mark.parametrize("what", NAMED)
def test_t5_what_has_a_name_alone_and_lies_in_another_account_is_that_ones(tmp_path: Path, what: str) -> None:
    files, name, answer = NAMED[what]
    path = PLACES["in another account's"].format(name)
    findings = audit(write(files | {path: answer}, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert [finding["verdict"] for finding in findings if finding["account_id"] == ACCOUNT] == ["PASS"]


def test_s4_a_multi_region_key_has_a_policy_in_each_region(audit: Audit) -> None:
    name = "mrk-1234abcd12ab34cd56ef1234567890ab"
    encrypted = PLAIN | {f"{PLACE}/sns-get-topic-attributes/alerts.json": topic(KmsMasterKeyId=name)}
    own = {f"{PLACE}/kms-get-key-policy/{name}.json": key_policy(EVERYONE)}
    replica = {f"{ACCOUNT}/eu-west-1/kms-get-key-policy/{name}.json": key_policy()}
    assert audit(encrypted | own | replica)["verdict"] == "PASS"


@pytest.mark.parametrize("recorded", [ACCOUNT, OTHER])
def test_x9_whose_a_bare_name_is_where_record_and_folder_name_two_accounts(audit: Audit, recorded: str) -> None:
    path = f"{PLACE}/again/cloudtrail-get-trail-status/main.json"
    entry = {"file": path, "call": "cloudtrail:GetTrailStatus", "account_id": recorded, "region": REGION}
    finding = audit(PLAIN | {path: {"IsLogging": False}, "captures.json": [entry]})
    assert finding["verdict"] == ("FAIL" if recorded == ACCOUNT else "INCONCLUSIVE")


UNREADABLE = {
    "an alarm": ("cloudwatch-describe-alarms", alarms(alarm(ActionsEnabled="false"))),
    "a trail": ("cloudtrail-describe-trails", {"trailList": [trail(IsMultiRegionTrail="false")]}),
    "a log group": ("logs-describe-log-groups", log_group(logGroupClass=5)),
    "a subscriber": ("sns-list-subscriptions", {"Subscriptions": [subscription(SubscriptionArn=5)]}),
}


@pytest.mark.parametrize("where", ["beside the other", "at the top", "in the account's folder", "in a wrong region's"])
@pytest.mark.parametrize("what", UNREADABLE)
def test_x5_a_thing_that_is_told_again_and_breaks_its_schema_there_is_unknown(
    audit: Audit, what: str, where: str
) -> None:
    name, answer = UNREADABLE[what]
    assert audit(GROUPS | {PLACES[where].format(name): answer})["verdict"] == "INCONCLUSIVE"


def test_v3_the_reason_names_the_thing_and_who_tells_it_otherwise(audit: Audit) -> None:
    astray = f"{ACCOUNT}/eu-west-1/cloudwatch-describe-alarms.json"
    finding = audit(PLAIN | {astray: alarms(alarm(ActionsEnabled=False))})
    assert outcome(finding) == ("INCONCLUSIVE", "alarm", "alarms-contradictory")
    assert alarm()["AlarmArn"] in finding["reason"]
    assert astray in finding["reason"]


def test_v3_another_alarm_that_nothing_contradicts_is_enough(audit: Audit) -> None:
    files = textbook(alarms=[alarm(), alarm(name="second")])
    astray = {f"{ACCOUNT}/eu-west-1/cloudwatch-describe-alarms.json": alarms(alarm(ActionsEnabled=False))}
    assert audit(files | astray)["verdict"] == "PASS"
