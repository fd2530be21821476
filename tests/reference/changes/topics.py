"""Changes to topics: policies, keys and places (section 6)."""

from __future__ import annotations

import json
import random
from typing import Any

from tests import textbook
from tests.reference.recipes import BY_TOPIC, Case, change, pick


def condition(rng: random.Random, case: Case, topic: str) -> dict[str, Any]:
    """Conditions of a statement, good and bad."""
    alarm = f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:"
    name = pick(rng, [str(a["AlarmName"]) for a in case.alarms + case.composites if a.get("AlarmActions")]) or "x"
    other = case.accounts[-1] if len(case.accounts) > 1 else "999999999999"
    choices: list[dict[str, Any]] = [
        {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}},
        {"StringEquals": {"aws:SourceAccount": case.home}},
        {"StringEquals": {"aws:SourceAccount": [case.home, other]}},
        {"StringEquals": {"aws:SourceAccount": other}},
        {"StringEquals": {"aws:SourceAccount": f"arn:aws:iam::{case.home}:root"}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{case.home}:alarm:*"}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{case.home}:*"}},
        {"ArnEquals": {"aws:SourceArn": alarm + name}},
        {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{name}"}},
        {"StringEquals": {"aws:SourceArn": alarm + "*"}},
        {"StringLike": {"aws:SourceArn": alarm + "*"}},
        {"StringEqualsIgnoreCase": {"aws:SourceArn": (alarm + name).upper()}},
        {"Bool": {"aws:SecureTransport": rng.choice(["true", "false"])}},
        {"Bool": {"aws:PrincipalIsAWSService": rng.choice(["true", "false"])}},
        {"BoolIfExists": {"aws:PrincipalIsAWSService": rng.choice(["true", "false"])}},
        {"Bool": {"aws:ViaAWSService": rng.choice(["true", "false"])}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "sec"}},
        {"StringEqualsIfExists": {"aws:PrincipalTag/team": "sec"}},
        {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}},
        {
            "StringEquals": {
                "aws:PrincipalServiceName": rng.choice(["cloudwatch.amazonaws.com", "events.amazonaws.com"])
            }
        },
        {"StringNotEquals": {"aws:PrincipalServiceName": "cloudwatch.amazonaws.com"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "cloudwatch.amazonaws.com"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "events.amazonaws.com"}},
        {"StringEquals": {"aws:PrincipalAccount": case.home}},
        {"StringNotEquals": {"aws:PrincipalAccount": case.home}},
        {"StringEqualsIfExists": {"aws:PrincipalAccount": case.home}},
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
        {"Null": {"aws:PrincipalOrgID": rng.choice(["true", "false"])}},
        {"Null": {"aws:SourceArn": rng.choice(["true", "false"])}},
        {"Null": {"aws:PrincipalArn": "true"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}},
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    ]
    found: dict[str, Any] = {}
    for _ in range(rng.choice([1, 1, 1, 2])):
        for operator, keys in rng.choice(choices).items():
            found[operator] = {**found.get(operator, {}), **keys}
    return found


def statement(rng: random.Random, case: Case, topic: str, effect: str) -> dict[str, Any]:
    """One statement of a topic policy."""
    principal: Any = rng.choice(
        [{"Service": "cloudwatch.amazonaws.com"}] * 3
        + [{"AWS": "*"}, "*", {"Service": "events.amazonaws.com"}, {"AWS": f"arn:aws:iam::{case.home}:root"}]
        + [{"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}]
    )
    if effect == "Deny":
        principal = rng.choice(["*", "*", {"AWS": "*"}, {"Service": "cloudwatch.amazonaws.com"}])
    found: dict[str, Any] = {"Sid": f"s{rng.randrange(99)}", "Effect": effect}
    found["NotPrincipal" if rng.random() < 0.05 else "Principal"] = principal
    action = rng.choice(
        ["sns:Publish", "sns:Publish", "SNS:Publish", "sns:*", "*", ["sns:GetTopicAttributes", "sns:Publish"]]
    )
    action = rng.choice(["sns:Subscribe", "sns:Pub*"]) if rng.random() < 0.12 else action
    found["NotAction" if rng.random() < 0.05 else "Action"] = action
    resource = topic if rng.random() < 0.9 else rng.choice(["*", topic + "2", topic[:-2] + "*"])
    found["NotResource" if rng.random() < 0.05 else "Resource"] = resource
    if effect == "Deny" or rng.random() < 0.6:
        found["Condition"] = condition(rng, case, topic)
    return found


@change(5)
def topic_policy(rng: random.Random, case: Case) -> None:
    topic = case.topic()
    statements = [statement(rng, case, topic, "Allow") for _ in range(rng.choice([1, 1, 2]))]
    if rng.random() < 0.35:
        statements.append(statement(rng, case, topic, "Deny"))
    case.attributes()["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": statements})


@change(2)
def topic_key(rng: random.Random, case: Case) -> None:
    attributes = case.attributes()
    kind = rng.randrange(5)
    key = "0b1c2d3e-1111-2222-3333-444455556666"
    parts = attributes["TopicArn"].split(":")
    if kind == 0:
        attributes["KmsMasterKeyId"] = "alias/aws/sns"
        return
    attributes["KmsMasterKeyId"] = rng.choice([key, f"arn:aws:kms:{parts[3]}:{parts[4]}:key/{key}"])
    if kind == 1:
        return
    allow: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": rng.choice(["cloudwatch.amazonaws.com"] * 3 + ["events.amazonaws.com"])},
        "Action": rng.choice(
            [["kms:Decrypt", "kms:GenerateDataKey"], ["kms:Decrypt", "kms:GenerateDataKey*"], "kms:*", ["kms:Decrypt"]]
        ),
        "Resource": "*",
    }
    if rng.random() < 0.4:
        allow["Condition"] = rng.choice(
            [
                {"StringEquals": {"aws:SourceAccount": case.home}},
                {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{case.home}:alarm:*"}},
                {"StringEquals": {"aws:SourceAccount": "999999999999"}},
                {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": attributes["TopicArn"]}},
            ]
        )
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{parts[4]}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    statements = [root] if kind == 2 else [root, allow]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    case.put("kms-get-key-policy", {"Policy": policy, "PolicyName": "default"}, key, parts[4], parts[3])


@change()
def topic_place(rng: random.Random, case: Case) -> None:
    arn = case.topic()
    parts = arn.split(":")
    kind = rng.randrange(4)
    if kind == 0:
        case.put("sns-list-topics", {"Topics": [{"TopicArn": arn}]}, "", parts[4], parts[3])
    elif kind == 1:
        case.put("sns-list-topics", {"Topics": [{"TopicArn": arn + "-v2"}]}, "", parts[4], parts[3])
    elif kind == 2:
        case.attributes()["SubscriptionsConfirmed"] = rng.choice(["0", "1"])
    else:
        case.attributes()["FifoTopic"] = rng.choice(["true", "false"])


@change()
def foreign_topic(rng: random.Random, case: Case) -> None:
    """The topic stands in another account, captured or not (S5)."""
    if len(case.accounts) < 2:
        return
    other = case.accounts[1]
    for alarm in case.alarms + case.composites:
        alarm["AlarmActions"] = [
            a.replace(f":{case.home}:", f":{other}:") if ":sns:" in a else a for a in alarm["AlarmActions"]
        ]
    subscription = textbook.subscription(other, case.region)
    case.put(BY_TOPIC, {"Subscriptions": [subscription]}, "alerts", other)
    if rng.random() < 0.4:
        topic_policy(rng, case)
