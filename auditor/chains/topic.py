"""The topic link: the alarm's action names an SNS topic that exists and that alarms may publish to (S1–S7, A16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from auditor.arn import Arn, parse_arn
from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, joined, ok, unknown
from auditor.chains.policy import Request, decide
from auditor.chains.testimony import Answer, Testimony
from auditor.chains.topic_key import action_history, key_link
from auditor.evidence import Response
from auditor.evidence.call_ids import GET_TOPIC_ATTRIBUTES, LIST_TOPICS
from auditor.evidence.item import Item
from auditor.rules.steering import TOPIC_FIFO
from auditor.verdict import State

_ALWAYS = frozenset({"Owner", "SubscriptionsConfirmed"})  # attributes that AWS prints of every topic (X6)


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

    ``attributes`` is what get-topic-attributes says; ``listed``: it is in a list-topics answer; ``subscribed``: one of
    subscriptions names it; ``topics`` and ``by_topic`` are the listings of its account and of its subscriptions;
    ``keys`` the captured key policies by account, region and key; ``action`` what became of the alarm's latest action
    towards it, and ``history`` why the captures of that cannot be relied on, ``cut`` why it may not be the latest;
    ``organization`` the id of the alarm account's organisation.
    """

    attributes: Testimony
    listed: bool
    subscribed: bool
    topics: Response
    by_topic: Response
    keys: Mapping[tuple[str, str, str], Testimony]
    action: tuple[bool, str, Source] | None
    history: str
    cut: str
    organization: str


def topic_link(topic_arn: str, alarm: Arn, alarm_arn: str, alarm_source: Source, evidence: TopicEvidence) -> LinkState:
    """Whether the topic can be reached by the alarm.

    The history of the alarm's actions (S7) breaks the link if the latest failed; a success settles encryption and
    policy: what they leave open is closed, and what they refuse becomes a material open point, since it is older.
    """
    facts = {"topic": topic_arn, "alarm": alarm_arn}
    topic = parse_arn(topic_arn)
    assert topic is not None  # an action is taken for a topic by its ARN (sns_actions)
    facts |= {"account": topic.account_id, "region": topic.region}
    if topic.region != alarm.region or topic.partition != alarm.partition:
        return broken("topic-other-region", alarm_source, alarm_region=alarm.region, **facts)
    gone = _gone(topic, alarm_source, evidence, facts)
    if gone is not None and gone.state is State.BROKEN:
        return gone
    succeeded, error, where = evidence.action or (None, "", alarm_source)
    doubt = evidence.history or (evidence.cut if succeeded is False else "")
    if succeeded is False and not doubt:
        return broken("topic-action-failed", alarm_source, where, error=error, **facts)
    link = _permitted(topic, alarm, alarm_source, evidence, facts)
    if succeeded and link.code != TOPIC_FIFO and not topic.resource.endswith(".fifo"):
        refused = (_outdone(link, topic, alarm, facts),) if link.state is State.BROKEN else ()
        if not evidence.cut:
            link = ok(*link.sources, where, open_points=refused)
        elif refused:  # the rest of the history may hold a failure, or show that this success was the latest
            detail = f"one succeeded, where {refused[0].facts['detail']}, and {evidence.cut}"
            link = unknown("alarm-history-contradictory", *link.sources, where, detail=detail, **facts)
            link = link.needing(action_history(alarm))
    need = Need(GET_TOPIC_ATTRIBUTES, topic.account_id, topic.region, topic_arn)
    doubts = [evidence.attributes.doubt("topic-attributes-contradictory", need, **facts), gone]
    if doubt:
        unclear = unknown("alarm-history-contradictory", alarm_source, detail=doubt, **facts)
        doubts.append(unclear.needing(action_history(alarm)))
    shown = evidence.listed or evidence.by_topic.captured or evidence.attributes.answer is not None or succeeded
    if evidence.subscribed and not shown:  # else its own listing is missing, and shows it
        missing = (Need(LIST_TOPICS, topic.account_id, topic.region),)
        link = replace(link, open_points=(*link.open_points, OpenPoint("topic-not-shown", facts=facts, needs=missing)))
    link = reduce(joined, (doubt for doubt in doubts if doubt is not None), link)
    return _beside_unread(link, evidence.topics, facts)


def _beside_unread(link: LinkState, topics: Response, facts: Mapping[str, str]) -> LinkState:
    """Another list-topics answer that cannot be read may be newer, and lack the topic (S3)."""
    if link.state is not State.OK or not topics.unread:
        return link
    need = Need(LIST_TOPICS, facts["account"], facts["region"])
    point = OpenPoint("topic-listing-unread", True, {**facts, "file": topics.unread}, (need,))
    return replace(link, open_points=(*link.open_points, point))


def _permitted(
    topic: Arn, alarm: Arn, alarm_source: Source, evidence: TopicEvidence, facts: Mapping[str, str]
) -> LinkState:
    """Whether the topic's attributes let alarms publish; where they are disputed, what its name says."""
    if evidence.attributes.answer is not None:
        return _attributes_link(topic, alarm, alarm_source, evidence.attributes.answer, evidence, facts)
    if topic.resource.endswith(".fifo"):
        return unknown("topic-fifo", alarm_source, **facts)
    if evidence.attributes.dispute:
        return ok(alarm_source)
    return ok(alarm_source, open_points=(_open_point("topic-attributes-not-captured", topic, alarm, facts),))


def _open_point(code: str, topic: Arn, alarm: Arn, facts: Mapping[str, str]) -> OpenPoint:
    """The policy that no capture shows; material for another account's topic, whose usual policy is not known (S5)."""
    need = Need(GET_TOPIC_ATTRIBUTES, topic.account_id, topic.region, facts["topic"])
    return OpenPoint(code, topic.account_id != alarm.account_id, facts, (need,))


def _outdone(link: LinkState, topic: Arn, alarm: Arn, facts: Mapping[str, str]) -> OpenPoint:
    """What a captured policy refuses although CloudWatch's latest action succeeded: one may have changed since (S7)."""
    need = Need(GET_TOPIC_ATTRIBUTES, topic.account_id, topic.region, facts["topic"])
    detail = str(link.facts.get("detail") or f"it is encrypted with {link.facts.get('key', '')}")
    return OpenPoint("topic-refusal-outdone", True, {**facts, "detail": detail}, (need, action_history(alarm)))


def _gone(topic: Arn, alarm_source: Source, evidence: TopicEvidence, facts: Mapping[str, str]) -> LinkState | None:
    """What captures say against the topic's existence (S3); None: nothing.

    A subscription in list-subscriptions outlives its topic, so that it does not show the topic.
    """
    by_topic, attributes, topics = evidence.by_topic, evidence.attributes, evidence.topics
    not_listed = topics.complete and not evidence.listed
    where = [Source(number, "/Topics") for number in topics.captures] if not_listed else []
    denied = not_listed or by_topic.gone or by_topic.denied or attributes.gone
    disputed = bool(topics.dispute) and not evidence.listed
    if not denied and not disputed:
        return None
    if disputed or evidence.listed or by_topic.captured or attributes.answer is not None:
        need = Need(LIST_TOPICS, topic.account_id, topic.region)
        return unknown("topic-contradictory", alarm_source, *where, *attributes.sources, **facts).needing(need)
    return broken("topic-deleted", alarm_source, *where, *attributes.sources, **facts)


def _attributes_link(
    topic: Arn,
    alarm: Arn,
    alarm_source: Source,
    attributes: Answer,
    evidence: TopicEvidence,
    facts: Mapping[str, str],
) -> LinkState:
    """Rules S4 to S6 in the order: policy, FIFO, key; what is broken speaks before what is not shown."""
    capture, answer = attributes
    values = answer.get("Attributes") or {}
    base = f"{capture.page_pointers[0]}/Attributes"
    policy = _policy_link(topic, alarm, Source(capture.number, base), values, evidence.organization, facts)
    links = [policy]
    if topic.resource.endswith(".fifo") or values.get("FifoTopic") == "true":
        links.append(unknown("topic-fifo", Source(capture.number, base), **facts))
    if values.get("KmsMasterKeyId"):
        where = Source(capture.number, f"{base}/KmsMasterKeyId")
        key = str(values["KmsMasterKeyId"])
        closed = key_link(key, topic, alarm, where, evidence.keys, evidence.organization, facts)
        if policy.state is closed.state is State.BROKEN:  # both are to be mended, else the key is found only next time
            links.insert(0, broken("topic-policy-and-key-refuse", **{**policy.facts, "key": key}))
        links.append(closed)
    elif capture.cut:  # the key may have been cut away
        links.append(ok(alarm_source, open_points=(_open_point("topic-attributes-not-captured", topic, alarm, facts),)))
    elif values.get("Policy") is not None and not values.keys() >= _ALWAYS:
        need = Need(GET_TOPIC_ATTRIBUTES, topic.account_id, topic.region, facts["topic"])
        links.append(ok(alarm_source, open_points=(OpenPoint("topic-key-not-shown", facts=facts, needs=(need,)),)))
    return reduce(joined, links, ok(alarm_source))


def _policy_link(
    topic: Arn, alarm: Arn, base: Source, values: Item, organization: str, facts: Mapping[str, str]
) -> LinkState:
    """Whether the topic's policy lets CloudWatch publish for this alarm (S5)."""
    where = Source(base.capture, f"{base.pointer}/Policy")
    policy = values.get("Policy")
    if policy is None:
        return ok(base, open_points=(_open_point("topic-policy-not-captured", topic, alarm, facts),))
    decision = decide(policy, Request("sns:Publish", facts["topic"], facts["alarm"], alarm.account_id, organization))
    if decision.allowed is None:
        return unknown("topic-policy-conditions", where, detail=decision.detail, **facts).needing(action_history(alarm))
    if not decision.allowed:
        account = alarm.account_id
        return broken("topic-policy-refuses", where, alarm_account=account, detail=decision.detail, **facts)
    return ok(where)
