"""S2–S6: what is proposed for a topic that keeps alarms out is done to the bundle, and the next audit finds nothing."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.remediation.shell import arguments, value
from tests.textbook import Files, alarm, subscription, textbook, write

OWNER, OTHER = "111122223333", "444455556666"
REGION = "us-east-1"
NEW_KEY = "9999aaaa-22bb-33cc-44dd-555555eeeeee"
ROOT_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"}, "Action": "kms:*", "Resource": "*"}
    ],
}


def arn(name: str = "alerts", account: str = OWNER, region: str = REGION) -> str:
    return f"arn:aws:sns:{region}:{account}:{name}"


def file_of(call: str, topic: str) -> str:
    _, _, _, region, account, name = topic.split(":")
    return f"{account}/{region}/{call}/{name}.json"


def attributes(topic: str, **values: str) -> Files:
    return {file_of("sns-get-topic-attributes", topic): {"Attributes": {"TopicArn": topic, **values}}}


def default_policy(topic: str) -> dict[str, Any]:
    """What SNS gives a new topic."""
    owner = {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}}
    statement = {
        "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish", "SNS:Subscribe"], "Resource": topic, "Condition": owner,
    }  # fmt: skip
    return {"Version": "2008-10-17", "Statement": [statement]}


def only(topic: str, **statement: Any) -> str:
    base = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic}
    return json.dumps({"Version": "2012-10-17", "Statement": [base | statement]})


def bundle(topic: str = arn(), **values: str) -> Files:
    """The textbook's chain with its alarm on this topic, which somebody hears; ``values``: its attributes."""
    _, _, _, region, account, _ = topic.split(":")
    files = textbook(alarms=[alarm(AlarmActions=[topic])], subscriptions=[])
    member = subscription(account, region, TopicArn=topic, SubscriptionArn=f"{topic}:1")
    files[file_of("sns-list-subscriptions-by-topic", topic)] = {"Subscriptions": [member]}
    return files | (attributes(topic, **values) if values else {})


def key(policy: dict[str, Any], name: str = "old-key", account: str = OWNER) -> Files:
    return {f"{account}/{REGION}/kms-get-key-policy/{name}.json": {"Policy": json.dumps(policy)}}


PERIMETER = {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
FAILED = {
    "AlarmName": "ssm-actions", "Timestamp": "2026-09-01T10:11:12+00:00", "HistoryItemType": "Action",
    "HistorySummary": "an action",
    "HistoryData": json.dumps({"actionState": "Failed", "notificationResource": arn(), "error": "denied"}),
}  # fmt: skip
HISTORY: Files = {
    f"{OWNER}/{REGION}/cloudwatch-describe-alarm-history/ssm-actions.json": {"AlarmHistoryItems": [FAILED]}
}
TAKEN = arn("security-alarms")
CASES: list[Any] = [
    pytest.param(bundle(Policy=only(arn(), Action="sns:Subscribe")), "topic-policy-refuses", id="S5 nobody"),
    pytest.param(
        bundle(Policy=only(arn(), Effect="Deny", Condition=PERIMETER)), "topic-policy-refuses", id="S5 a denial"
    ),
    pytest.param(
        bundle(arn(account=OTHER), Policy=json.dumps(default_policy(arn(account=OTHER)))),
        "topic-policy-refuses",
        id="S5 another account's default",
    ),
    pytest.param(bundle(KmsMasterKeyId="alias/aws/sns"), "topic-key-aws-managed", id="S4 the key that AWS manages"),
    pytest.param(bundle(KmsMasterKeyId="old-key") | key(ROOT_ONLY), "topic-key-refuses", id="S4 the root alone"),
    pytest.param(
        bundle(arn(account=OTHER), KmsMasterKeyId="old-key", Policy=only(arn(account=OTHER)))
        | key(ROOT_ONLY, account=OTHER),
        "topic-key-refuses",
        id="S4 another account's key",
    ),
    pytest.param(
        bundle(KmsMasterKeyId="old-key", Policy=only(arn(), Action="sns:Subscribe")) | key(ROOT_ONLY),
        "topic-policy-and-key-refuse",
        id="S4 S5 policy and key",
    ),
    pytest.param(
        bundle(KmsMasterKeyId="alias/aws/sns", Policy=only(arn(), Action="sns:Subscribe")),
        "topic-policy-and-key-refuse",
        id="S4 S5 policy and the key that AWS manages",
    ),
    pytest.param(
        bundle(arn("alerts.fifo"), FifoTopic="true", Policy=only(arn("alerts.fifo"), Action="sns:Subscribe")),
        "topic-policy-refuses",
        id="S6 a FIFO topic that refuses",
    ),
    pytest.param(
        bundle(arn("alerts.fifo"), FifoTopic="true", KmsMasterKeyId="alias/aws/sns"),
        "topic-key-aws-managed",
        id="S6 a FIFO topic with the key that AWS manages",
    ),
    pytest.param(bundle(arn(region="eu-west-1")), "topic-other-region", id="S2 another region"),
    pytest.param(
        {name: content for name, content in bundle().items() if "by-topic" not in name}
        | {f"{OWNER}/{REGION}/sns-list-topics.json": {"Topics": []}},
        "topic-deleted",
        id="S3 deleted",
    ),
    pytest.param(
        {name: content for name, content in bundle(arn(account=OTHER)).items() if "by-topic" not in name}
        | {f"{OTHER}/{REGION}/sns-list-topics.json": {"Topics": []}},
        "topic-deleted",
        id="S3 another account's, deleted",
    ),
    pytest.param(bundle() | HISTORY, "topic-action-failed", id="S7 the latest action failed"),
    pytest.param(
        bundle(TAKEN) | json.loads(json.dumps(HISTORY).replace(arn(), TAKEN)),
        "topic-action-failed",
        id="S7 the topic has the name that is proposed",
    ),
]


def finding(folder: Path, files: Files) -> dict[str, Any]:
    """The finding about the alarm's account."""
    findings = audit(write(files, folder), controls=["ssm-actions"]).document["findings"]
    (own,) = [one for one in findings if one["account_id"] == OWNER]
    return dict(own)


def mended(files: Files, script: str) -> Files:
    """The bundle after the commands that concern alarms, topics and keys."""
    files = copy.deepcopy(files)
    for part in re.split(r"^# In account ", script, flags=re.MULTILINE)[1:]:
        for words in arguments(f"# {part}"):
            _do(files, part[:12], words)
    return files


def _do(files: Files, account: str, words: list[str]) -> None:
    command = " ".join(words[:2])
    if command == "kms create-key":
        files |= key(json.loads(value(words, "--policy")), NEW_KEY, account)
    elif command == "sns create-topic":
        topic = arn(value(words, "--name"), account, value(words, "--region"))
        files.setdefault(*attributes(topic, Policy=json.dumps(default_policy(topic))).popitem())
        if (listed := files.get(f"{account}/{REGION}/sns-list-topics.json")) is not None:
            listed["Topics"].append({"TopicArn": topic})
    elif command == "sns set-topic-attributes":
        topic, name = value(words, "--topic-arn"), value(words, "--attribute-name")
        captured = files.setdefault(*attributes(topic).popitem())
        # the shell's stand-in for aws prints no id of the key that was created just before
        captured["Attributes"][name] = value(words, "--attribute-value") or NEW_KEY
    elif command == "sns subscribe":
        topic = value(words, "--topic-arn")
        member = subscription(account, TopicArn=topic, SubscriptionArn=f"{topic}:1", Endpoint="a@b.c")
        files.setdefault(file_of("sns-list-subscriptions-by-topic", topic), {"Subscriptions": []})["Subscriptions"] = [
            member
        ]
    elif command == "cloudwatch put-metric-alarm":
        put = alarm(
            account, value(words, "--region"), value(words, "--alarm-name"),
            AlarmActions=[value(words, "--alarm-actions")],
            MetricName=value(words, "--metric-name"), Namespace=value(words, "--namespace"),
        )  # fmt: skip
        files[f"{account}/{value(words, '--region')}/cloudwatch-describe-alarms.json"]["MetricAlarms"] = [put]
    else:
        assert command == "sns get-topic-attributes", command


@pytest.mark.parametrize(("files", "code"), CASES)
def test_what_is_proposed_mends_the_topic(tmp_path: Path, files: Files, code: str) -> None:
    before = finding(tmp_path / "before", files)
    assert (before["verdict"], before["reason_code"]) == ("FAIL", code)
    after = finding(tmp_path / "after", mended(files, before["remediation"]["cli"]))
    assert after["verdict"] == "PASS", after["reason"]
    assert not [point for point in after["open_points"] if point["material"] and point["code"].startswith("topic-")]
