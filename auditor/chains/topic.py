"""The topic link: the alarm's action names an SNS topic that exists and that alarms may publish to (S1–S7, A16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from auditor.arn import Arn, parse_arn
from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, joined, ok, unknown
from auditor.chains.policy import Asked, policy_allows
from auditor.chains.trail import Answer
from auditor.evidence import Response
from auditor.verdict import State

_AWS_MANAGED_KEYS = ("alias/aws/sns",)


def sns_actions(actions: Sequence[str]) -> tuple[list[str], list[str]]:
    """The actions that are SNS topics, and those that are something else (rule A16)."""
    topics: list[str] = []
    rest: list[str] = []
    for action in actions:
        arn = parse_arn(action)
        (topics if arn is not None and arn.service == "sns" else rest).append(action)
    return topics, rest


@dataclass(frozen=True, slots=True)
class TopicEvidence:
    """What the bundle holds about a topic.

    ``attributes`` its get-topic-attributes answer; ``listed``: it is in a list-topics answer; ``topics`` and
    ``by_topic`` the listings of its account and of its subscriptions; ``keys`` the captured key policies of its
    account and region; ``action`` what became of the alarm's latest action towards it.
    """

    attributes: Answer | None
    listed: bool
    topics: Response
    by_topic: Response
    keys: Sequence[Answer]
    attributes_differ: bool
    action: tuple[bool, str, Source] | None


def topic_link(topic_arn: str, alarm: Arn, alarm_arn: str, alarm_source: Source, evidence: TopicEvidence) -> LinkState:
    """Whether the topic can be reached by the alarm.

    The history of the alarm's actions (S7) breaks the link if the latest failed; a success settles what
    encryption and policy leave open, and never mends what they show to be broken.
    """
    facts = {"topic": topic_arn, "alarm": alarm_arn}
    topic = parse_arn(topic_arn)
    if topic is None:
        return broken("topic-arn-unusable", alarm_source, **facts)
    facts |= {"account": topic.account_id, "region": topic.region}
    if topic.region != alarm.region or topic.partition != alarm.partition:
        return broken("topic-other-region", alarm_source, alarm_region=alarm.region, **facts)
    gone = _gone(topic, alarm_source, evidence, facts)
    if gone is not None and gone.state is State.BROKEN:
        return gone
    if evidence.action is not None and not evidence.action[0]:
        _, error, where = evidence.action
        return broken("topic-action-failed", alarm_source, where, error=error, **facts)
    if evidence.attributes is not None:
        link = _attributes_link(topic, alarm, alarm_source, evidence.attributes, evidence.keys, facts)
    else:
        link = _without_attributes(topic, alarm_source, facts)
    if evidence.action is not None and link.state is not State.BROKEN and link.code != "topic-fifo":
        link = ok(*link.sources, evidence.action[2])
    if evidence.attributes_differ:
        need = Need("sns:GetTopicAttributes", topic.account_id, topic.region, topic_arn)
        link = joined(link, unknown("topic-attributes-contradictory", alarm_source, **facts).needing(need))
    return link if gone is None else joined(link, gone)


def _gone(topic: Arn, alarm_source: Source, evidence: TopicEvidence, facts: Mapping[str, str]) -> LinkState | None:
    """What captures say against the topic's existence (S3); None: nothing.

    A subscription in list-subscriptions outlives its topic, so that it does not show the topic.
    """
    by_topic = evidence.by_topic
    not_found = by_topic.code == "refused" and bool(by_topic.resource) and "does not exist" in by_topic.detail
    not_listed = evidence.topics.complete and not evidence.listed
    if not not_found and not not_listed:
        return None
    where = [Source(number, "/Topics") for number in evidence.topics.captures] if not_listed else []
    if evidence.listed or by_topic.captured or evidence.attributes is not None:
        need = Need("sns:ListTopics", topic.account_id, topic.region)
        return unknown("topic-contradictory", alarm_source, *where, **facts).needing(need)
    return broken("topic-deleted", alarm_source, *where, **facts)


def _without_attributes(topic: Arn, alarm_source: Source, facts: Mapping[str, str]) -> LinkState:
    need = Need("sns:GetTopicAttributes", topic.account_id, topic.region, facts["topic"])
    if topic.resource.endswith(".fifo"):
        return unknown("topic-fifo", alarm_source, **facts)
    return ok(alarm_source, open_points=(OpenPoint("topic-attributes-not-captured", facts=facts, needs=(need,)),))


def _attributes_link(
    topic: Arn,
    alarm: Arn,
    alarm_source: Source,
    attributes: Answer,
    keys: Sequence[Answer],
    facts: Mapping[str, str],
) -> LinkState:
    """Rules S4 to S6 in the order: policy, FIFO, key; what is broken speaks before what is not shown."""
    capture, answer = attributes
    values = answer.get("Attributes") or {}
    base = f"{capture.page_pointers[0]}/Attributes"
    links = [_policy_link(topic, alarm, Source(capture.number, base), values, facts)]
    if topic.resource.endswith(".fifo") or values.get("FifoTopic") == "true":
        links.append(unknown("topic-fifo", Source(capture.number, base), **facts))
    if values.get("KmsMasterKeyId"):
        where = Source(capture.number, f"{base}/KmsMasterKeyId")
        links.append(_key_link(str(values["KmsMasterKeyId"]), topic, alarm, where, keys, facts))
    return reduce(joined, links, ok(alarm_source))


def _key_link(
    key: str, topic: Arn, alarm: Arn, where: Source, keys: Sequence[Answer], facts: Mapping[str, str]
) -> LinkState:
    """Whether alarms may use the key a topic is encrypted with (S4)."""
    if key in _AWS_MANAGED_KEYS or key.endswith(":alias/aws/sns"):
        return broken("topic-key-aws-managed", where, key=key, **facts)
    named = parse_arn(key)
    account, region = (named.account_id, named.region) if named else (topic.account_id, topic.region)
    for capture, answer in keys:
        place = capture.place
        if (place.account_id, place.region) != (account, region) or not _same_key(place.resource, key):
            continue
        source = Source(capture.number, f"{capture.page_pointers[0]}/Policy")
        allowed = {
            policy_allows(answer.get("Policy"), Asked(action, None, facts["alarm"], alarm.account_id))
            for action in ("kms:decrypt", "kms:generatedatakey")
        }
        if False in allowed:
            return broken("topic-key-refuses", where, source, key=key, **facts)
        if None in allowed:
            return unknown("topic-key-conditions", where, source, key=key, **facts).needing(_history(alarm))
        return ok(where, source)
    need = Need("kms:GetKeyPolicy", account, region, key)
    return unknown("topic-key-policy-not-captured", where, key=key, **facts).needing(need)


def _same_key(resource: str, key: str) -> bool:
    """Whether a capture named after a key (its id, alias or ARN; a file's name has no slash) is about it."""
    return bool(resource) and resource.rpartition("/")[2] == key.rpartition("/")[2]


def _policy_link(
    topic: Arn, alarm: Arn, base: Source, values: Mapping[str, Any], facts: Mapping[str, str]
) -> LinkState:
    """Whether the topic's policy lets CloudWatch publish for this alarm (S5)."""
    where = Source(base.capture, f"{base.pointer}/Policy")
    policy = values.get("Policy")
    if policy is None:
        need = Need("sns:GetTopicAttributes", topic.account_id, topic.region, facts["topic"])
        return ok(base, open_points=(OpenPoint("topic-policy-not-captured", facts=facts, needs=(need,)),))
    allowed = policy_allows(policy, Asked("sns:publish", facts["topic"], facts["alarm"], alarm.account_id))
    if allowed is None:
        return unknown("topic-policy-conditions", where, **facts).needing(_history(alarm))
    if not allowed:
        return broken("topic-policy-refuses", where, alarm_account=alarm.account_id, **facts)
    return ok(where)


def _history(alarm: Arn) -> Need:
    """The alarm's history, which says whether its actions reach the topic (S7)."""
    name = alarm.resource.removeprefix("alarm:")
    return Need("cloudwatch:DescribeAlarmHistory", alarm.account_id, alarm.region, name)
