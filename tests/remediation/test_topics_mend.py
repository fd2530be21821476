"""S2–S6: what is proposed for a topic that keeps alarms out is done to the bundle, and the next audit finds nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.remediation.mending import default_policy, mended
from tests.textbook import Files, alarm, subscription, textbook, write

OWNER, OTHER = "111122223333", "444455556666"
REGION = "us-east-1"
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


def key(policy: dict[str, Any], name: str = "0000aaaa-22bb-33cc-44dd-555555eeeeee", account: str = OWNER) -> Files:
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
    pytest.param(
        bundle(KmsMasterKeyId="0000aaaa-22bb-33cc-44dd-555555eeeeee") | key(ROOT_ONLY),
        "topic-key-refuses",
        id="S4 the root alone",
    ),
    pytest.param(
        bundle(
            arn(account=OTHER), KmsMasterKeyId="0000aaaa-22bb-33cc-44dd-555555eeeeee", Policy=only(arn(account=OTHER))
        )
        | key(ROOT_ONLY, account=OTHER),
        "topic-key-refuses",
        id="S4 another account's key",
    ),
    pytest.param(
        bundle(KmsMasterKeyId="0000aaaa-22bb-33cc-44dd-555555eeeeee", Policy=only(arn(), Action="sns:Subscribe"))
        | key(ROOT_ONLY),
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


@pytest.mark.parametrize(("files", "code"), CASES)
def test_what_is_proposed_mends_the_topic(tmp_path: Path, files: Files, code: str) -> None:
    before = finding(tmp_path / "before", files)
    assert (before["verdict"], before["reason_code"]) == ("FAIL", code)
    after = finding(tmp_path / "after", mended(files, before["remediation"]["cli"]))
    assert after["verdict"] == "PASS", after["reason"]
    assert not [point for point in after["open_points"] if point["material"] and point["code"].startswith("topic-")]
