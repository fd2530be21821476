"""Sections 6 and 7 of the law: topics and who is confirmed on them."""

from __future__ import annotations

import json
from typing import Any

from tests.reference import arns, policies
from tests.reference.reading import Evidence
from tests.reference.states import BROKEN, NOT_OK, OK, UNKNOWN, State, all_of

BY_TOPIC = "sns-list-subscriptions-by-topic"
AWS_KEY = "alias/aws/sns"


def topic(evidence: Evidence, action: str, alarm_arn: str, strict: bool) -> State:
    """The topic and its subscribers for an alarm's action; an action that is no topic is broken (A16)."""
    named, alarm = arns.split(action), arns.split(alarm_arn)
    if named is None or named.service != "sns" or alarm is None:
        return BROKEN
    states = [OK]
    if named.region != alarm.region or named.partition != alarm.partition:
        states.append(BROKEN)  # S2
    if evidence.complete(named.account, named.region, "sns-list-topics"):
        listed = evidence.items(named.account, named.region, "sns-list-topics", "Topics")
        if action not in [item["TopicArn"] for item in listed]:
            answered = evidence.get(named.account, named.region, BY_TOPIC, named.name)
            states.append(NOT_OK if answered else BROKEN)  # S3; its list of subscribers proves the contrary
    attributes = _attributes(evidence, named)
    if named.name.endswith(".fifo") or attributes.get("FifoTopic") == "true":
        states.append(UNKNOWN)  # S6
    if attributes:
        states.append(_policy(evidence, attributes, action, alarm_arn))
        states.append(_key(evidence, attributes, named, alarm_arn))
    if named.account != alarm.account and strict and "Policy" not in attributes:
        states.append(UNKNOWN)  # S5: another account's topic, its policy not captured: material
    states.append(_subscribers(evidence, action, named, attributes, alarm.name.removeprefix("alarm:")))
    return all_of(states)


def _attributes(evidence: Evidence, named: arns.Arn) -> dict[str, Any]:
    answer = evidence.get(named.account, named.region, "sns-get-topic-attributes", named.name)
    return dict(answer.object.get("Attributes", {})) if answer else {}


def _of(answers: set[policies.Answer]) -> State:
    states = [UNKNOWN if answer is None else OK if answer else BROKEN for answer in answers]
    return min(low for low, _ in states), max(high for _, high in states)


def _organisation(evidence: Evidence, account: str) -> str | None:
    """The organisation id of ``account``, where a listing shows it."""
    for _, _, _, answer in evidence.of_call("organizations-list-accounts"):
        for item in answer.lists.get("Accounts", []):
            if item["Id"] == account and "Arn" in item:
                return str(item["Arn"]).split("/")[1]
    return None


def _policy(evidence: Evidence, attributes: dict[str, Any], action: str, alarm_arn: str) -> State:
    """S5."""
    if "Policy" not in attributes:
        return OK
    account = alarm_arn.split(":")[4]
    request = policies.Request(("sns:Publish",), action, alarm_arn, account, _organisation(evidence, account))
    return _of(policies.allowed(json.loads(attributes["Policy"]), request))


def _key(evidence: Evidence, attributes: dict[str, Any], named: arns.Arn, alarm_arn: str) -> State:
    """S4."""
    key = attributes.get("KmsMasterKeyId")
    if not key:
        return OK
    if key == AWS_KEY:
        return BROKEN
    answer = evidence.get(named.account, named.region, "kms-get-key-policy", str(key).rpartition("/")[2])
    if answer is None or "Policy" not in answer.object or str(key).startswith("alias/"):
        return UNKNOWN
    request = policies.Request(("kms:Decrypt", "kms:GenerateDataKey"), "*", alarm_arn, alarm_arn.split(":")[4])
    return _of(policies.allowed(json.loads(answer.object["Policy"]), request))


def _subscribers(
    evidence: Evidence, action: str, named: arns.Arn, attributes: dict[str, Any], alarm_name: str
) -> State:
    """N1 to N6."""
    own = evidence.get(named.account, named.region, BY_TOPIC, named.name)
    found = list(own.lists.get("Subscriptions", [])) if own else []
    for _, _, _, answer in evidence.of_call("sns-list-subscriptions"):  # N3: presence, by whoever asked
        found += [item for item in answer.lists.get("Subscriptions", []) if item["TopicArn"] == action]
    found = [item for item in found if item.get("TopicArn", action) == action]
    listed = [item for item in found if str(item["SubscriptionArn"]).startswith("arn:")]
    confirmed = [item for item in listed if not evidence.speakers.unconfirmed(item, action)]
    if listed and not confirmed:
        return UNKNOWN  # N3: another listing shows the subscriber as pending
    odd = [
        item
        for item in found
        if item not in confirmed and item["SubscriptionArn"] not in {"PendingConfirmation", "Deleted"}
    ]
    count = attributes.get("SubscriptionsConfirmed")
    if own is None and not confirmed:
        return BROKEN if count == "0" else UNKNOWN  # N5; N3: absence in list-subscriptions proves nothing
    if count is not None and own is not None and (count == "0") != (not confirmed):
        return UNKNOWN  # N5: the listing and the count contradict each other
    if count == "0" and confirmed:
        return UNKNOWN
    told = [_told(evidence, item, alarm_name) for item in confirmed]
    if any(state == OK for state in told):
        return OK
    if any(state == UNKNOWN for state in told) or odd:
        return UNKNOWN
    return BROKEN if own is not None and (own.complete or count == "0") else UNKNOWN


def _told(evidence: Evidence, item: dict[str, Any], alarm_name: str) -> State:
    """N6: whether a filter policy drops CloudWatch's message."""
    for _, _, _, answer in evidence.of_call("sns-get-subscription-attributes"):
        attributes = answer.object.get("Attributes", {})
        if attributes.get("SubscriptionArn") == item["SubscriptionArn"]:
            policy = json.loads(attributes.get("FilterPolicy", "{}"))
            body = attributes.get("FilterPolicyScope") == "MessageBody"
            message = {"AlarmName": alarm_name, "NewStateValue": "ALARM"} if body else {}
            return all_of([_accepts(values, message.get(key), key, body) for key, values in policy.items()])
    return OK


def _accepts(values: list[Any], present: str | None, key: str, body: bool) -> State:
    if present is None and values == [{"exists": False}]:
        return OK if not body else UNKNOWN
    if present is None:
        return UNKNOWN if body else BROKEN
    return OK if present in values else BROKEN
