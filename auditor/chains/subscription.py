"""The subscription link: somebody confirmed that the topic's messages reach him (N1–N6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.arn import Arn, parse_arn
from auditor.chains.metric_filter import gap_code
from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, ok, unknown
from auditor.chains.testimony import Answer, Testimony
from auditor.evidence import Capture, Response
from auditor.evidence.call_ids import GET_SUBSCRIPTION_ATTRIBUTES, LIST_SUBSCRIPTIONS_BY_TOPIC
from auditor.evidence.item import Item
from auditor.evidence.tables import Row
from auditor.verdict import State

# Attributes of every subscription (SNS API reference, GetSubscriptionAttributes): without them they were cut.
_ALWAYS = frozenset({"SubscriptionArn", "Owner", "PendingConfirmation"})
_AGAINST_SHOWN = 5
_PENDING = ("PendingConfirmation", "Pending Confirmation")

_GONE = "the listing shows it, and AWS knows no such subscription"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The subscription that speaks for a topic: the first confirmed one, else the first of all."""

    subscription_arn: str = ""
    protocol: str = ""
    endpoint: str = ""

    @classmethod
    def of(cls, row: Row) -> Subscriber:
        """The subscription that a row of the table of subscriptions shows."""
        return cls(row["subscription_arn"] or "", row["protocol"] or "", row["endpoint"] or "")


def subscription_link(
    topic_arn: str,
    alarm_name: str,
    entries: Sequence[tuple[Subscriber, Source]],
    against: Sequence[tuple[Subscriber, Source]],
    by_topic: Response,
    attributes: Answer | None,
    policies: Callable[[str], Testimony],
) -> tuple[LinkState, Subscriber]:
    """The state of the link and the subscription that decides it, for the messages of the alarm ``alarm_name``.

    ``entries`` are all captured subscriptions of the topic (from either listing), ``against`` those that captures tell
    differently, in no place of their own or unusably, which can only say that one is not confirmed; ``policies`` what
    get-subscription-attributes says, by subscription ARN.
    """
    topic = parse_arn(topic_arn)
    account, region = (topic.account_id, topic.region) if topic else ("", "")
    facts = {"topic": topic_arn, "account": account, "region": region}
    need = (Need(LIST_SUBSCRIPTIONS_BY_TOPIC, account, region, topic_arn),)
    confirmed = [(subscriber, where) for subscriber, where in entries if _confirmed(subscriber.subscription_arn, topic)]
    if confirmed:
        standing, detail = _standing(confirmed, entries, against, by_topic)
        if not standing:
            numbers = (Source(number, "/Subscriptions") for number in by_topic.captures)
            where = (confirmed[0][1], *numbers, *(source for _, source in against[:_AGAINST_SHOWN]))
            link = unknown("subscriptions-contradictory", *where, detail=detail, **facts)
            return link.needing(*need), confirmed[0][0]
        confirmed = standing
    counts = _counts(attributes)
    if confirmed:
        listed = {subscriber.subscription_arn for subscriber, where in confirmed if where.capture in by_topic.captures}
        if counts is not None and (counts[0] == 0 or (by_topic.complete and counts[0] != len(listed))):
            link = unknown("subscriptions-contradict-count", confirmed[0][1], counts[1], **facts)
            return link.needing(*need), confirmed[0][0]
        link, subscriber = _delivered(confirmed, policies, alarm_name, facts)
        if link.state is State.BROKEN and not by_topic.complete:  # others may stand where the listing is not whole (V3)
            detail = by_topic.detail or by_topic.code
            gap = unknown(gap_code("subscriptions", by_topic.code), *link.sources, detail=detail, **facts)
            return gap.needing(*need), subscriber
        return link, subscriber
    link, subscriber = _unconfirmed(entries, by_topic, counts, facts)
    return link.needing(*need) if link.state is State.UNKNOWN else link, subscriber


def doubted(link: LinkState, topic_arn: str, against: Sequence[Capture]) -> LinkState:
    """A good subscription beside listings that name no topic and show nobody confirmed (N4, X7)."""
    topic = parse_arn(topic_arn)
    account, region = (topic.account_id, topic.region) if topic else ("", "")
    sources = (*link.sources, *(Source(capture.number, "") for capture in against))
    detail = "a listing that does not name its topic shows nobody confirmed"
    facts = {"topic": topic_arn, "account": account, "region": region, "detail": detail}
    return unknown("subscriptions-contradictory", *sources, **facts).needing(
        Need(LIST_SUBSCRIPTIONS_BY_TOPIC, account, region, topic_arn)
    )


def _unconfirmed(
    entries: Sequence[tuple[Subscriber, Source]],
    by_topic: Response,
    counts: tuple[int, Source] | None,
    facts: Mapping[str, str],
) -> tuple[LinkState, Subscriber]:
    """The link where no subscription of the topic is confirmed; ``counts``: how many AWS counts, and where."""
    if counts is not None and counts[0] > 0:
        if by_topic.complete:
            return unknown("subscriptions-contradict-count", counts[1], **facts), Subscriber()
        return unknown("subscriptions-counted-not-listed", counts[1], **facts), Subscriber()
    odd = [
        (subscriber, where)
        for subscriber, where in entries
        if subscriber.subscription_arn not in (*_PENDING, "Deleted")
    ]
    first = entries[0] if entries else None
    if by_topic.complete or counts is not None:
        where = tuple(source for _, source in entries) or tuple(
            Source(number, "/Subscriptions") for number in by_topic.captures
        )
        if counts is not None:
            where = (*where, counts[1])
        if odd:
            return unknown("subscription-arn-unknown", *where, **facts), odd[0][0]
        if first is not None:
            pending = {"protocol": first[0].protocol, "endpoint": first[0].endpoint, "count": str(len(entries))}
            return broken("subscription-pending", *where[:5], **facts, **pending), first[0]
        return broken("no-subscription", *where, **facts), Subscriber()
    code = gap_code("subscriptions", by_topic.code)
    subscriber = first[0] if first else Subscriber()
    sources = tuple(source for _, source in entries[:5])
    return unknown(code, *sources, detail=by_topic.detail or by_topic.code, **facts), subscriber


def _standing(
    confirmed: Sequence[tuple[Subscriber, Source]],
    entries: Sequence[tuple[Subscriber, Source]],
    against: Sequence[tuple[Subscriber, Source]],
    by_topic: Response,
) -> tuple[list[tuple[Subscriber, Source]], str]:
    """The confirmed subscriptions that nothing contradicts, and in words what contradicts the first otherwise (N3).

    Where the topic's own listing is whole or contradicts itself, only what it holds counts; and in any case an endpoint
    counts only if no other capture shows it to be pending or deleted.
    """
    first = confirmed[0][0]
    detail = f"{first.endpoint or first.subscription_arn} is confirmed in one and pending in another"
    if by_topic.complete or by_topic.code == "contradictory":
        confirmed = [(subscriber, where) for subscriber, where in confirmed if where.capture in by_topic.captures]
        if not confirmed:
            lacking = f"{first.subscription_arn} is confirmed, and the topic's own listing lacks it"
            return [], by_topic.detail or lacking
        detail = by_topic.detail or detail
    pending: dict[tuple[str, str], set[int]] = {}
    for subscriber, where in (*entries, *against):
        if subscriber.subscription_arn in (*_PENDING, "Deleted", ""):
            pending.setdefault((subscriber.protocol, subscriber.endpoint), set()).add(where.capture)
    standing = [
        (subscriber, where)
        for subscriber, where in confirmed
        if not pending.get((subscriber.protocol, subscriber.endpoint), set()) - {where.capture}
    ]
    return standing, detail


def _confirmed(subscription_arn: str, topic: Arn | None) -> bool:
    """Whether it is the ARN of a subscription of the topic: the topic's name and an id (N1); any account."""
    arn = parse_arn(subscription_arn)
    if arn is None or topic is None or arn.service != "sns":
        return False
    name, _, number = arn.resource.partition(":")
    return (arn.partition, arn.region, name) == (topic.partition, topic.region, topic.resource) and bool(number)


def _counts(attributes: Answer | None) -> tuple[int, Source] | None:
    """SubscriptionsConfirmed of the topic's attributes (a string of digits, N5)."""
    if attributes is None:
        return None
    capture, answer = attributes
    text = (answer.get("Attributes") or {}).get("SubscriptionsConfirmed")
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()):
        return None
    return int(text), Source(capture.number, f"{capture.page_pointers[0]}/Attributes/SubscriptionsConfirmed")


def _delivered(
    confirmed: list[tuple[Subscriber, Source]],
    policies: Callable[[str], Testimony],
    alarm_name: str,
    facts: Mapping[str, str],
) -> tuple[LinkState, Subscriber]:
    """A confirmed subscription, unless its own attributes contradict that (N1) or drop alarm messages (N6)."""
    unseen: list[tuple[Subscriber, Source]] = []
    unclear: list[tuple[Subscriber, LinkState]] = []
    dropped: list[tuple[Subscriber, LinkState]] = []
    for subscriber, where in confirmed:
        policy = policies(subscriber.subscription_arn)
        need = _attributes_of(subscriber, facts)
        about = {**facts, "endpoint": subscriber.endpoint}
        doubted = policy.doubt("subscription-attributes-contradictory", need, **about)
        if doubted is not None:
            unclear.append((subscriber, doubted))
            continue
        if policy.gone:
            gone = unknown("subscription-attributes-contradictory", where, *policy.sources, detail=_GONE, **about)
            listing = Need(LIST_SUBSCRIPTIONS_BY_TOPIC, facts["account"], facts["region"], facts["topic"])
            unclear.append((subscriber, gone.needing(listing)))
            continue
        if policy.answer is None:
            unseen.append((subscriber, where))
            continue
        capture, answer = policy.answer
        values = answer.get("Attributes") or {}
        base = f"{capture.page_pointers[0]}/Attributes"
        contradiction = _contradiction(subscriber, values)
        if contradiction:
            member, detail = contradiction
            sources = (where, Source(capture.number, f"{base}/{member}"))
            link = unknown("subscription-attributes-contradictory", *sources, detail=detail, **about)
            unclear.append((subscriber, link.needing(need)))
            continue
        if "FilterPolicy" not in values and (capture.cut or not values.keys() >= _ALWAYS):
            unseen.append((subscriber, where))
            continue
        passes = passes_filter(values, alarm_name)
        sources = (where, Source(capture.number, f"{base}/FilterPolicy"))
        if passes:
            return ok(*sources), subscriber
        if passes is None:
            unclear.append((subscriber, unknown("filter-policy-unclear", *sources, **about)))
        else:
            dropped.append((subscriber, broken("filter-policy-drops", *sources, **about)))
    if unseen:
        subscriber, where = unseen[0]
        need = _attributes_of(subscriber, facts)
        point = OpenPoint("filter-policy-not-captured", facts={**facts, "endpoint": subscriber.endpoint}, needs=(need,))
        return ok(where, open_points=(point,)), subscriber
    subscriber, link = (unclear or dropped)[0]
    return link, subscriber


def _attributes_of(subscriber: Subscriber, facts: Mapping[str, str]) -> Need:
    arn = parse_arn(subscriber.subscription_arn)
    region = arn.region if arn else facts["region"]
    return Need(GET_SUBSCRIPTION_ATTRIBUTES, facts["account"], region, subscriber.subscription_arn)


def _contradiction(subscriber: Subscriber, values: Item) -> tuple[str, str] | None:
    """The member of a subscription's attributes that contradicts its entry in the listing, and how, in words."""
    if values.get("PendingConfirmation") == "true":
        return "PendingConfirmation", "the listing shows it confirmed, its attributes pending"
    topic = values.get("TopicArn")
    if topic is not None and not _confirmed(subscriber.subscription_arn, parse_arn(str(topic))):
        return "TopicArn", f"its attributes name topic {topic}"
    return None


def passes_filter(attributes: Item, alarm_name: str) -> bool | None:
    """Whether a subscription's filter policy lets an alarm's message through (N6); None: not decided.

    Alarm messages carry no message attributes, so an attribute policy drops them unless every key asks for
    absence (``{"exists": false}``). Of their body the alarm's name and its new state are known.
    """
    text = attributes.get("FilterPolicy")
    if not text:
        return True
    try:
        policy = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    if not isinstance(policy, dict):
        return None
    if any(key.startswith("$") for key in policy):  # alternatives of several keys
        return None
    scope = attributes.get("FilterPolicyScope") or "MessageAttributes"
    if scope not in ("MessageAttributes", "MessageBody"):
        return None
    if scope == "MessageAttributes":
        return all(isinstance(conditions, list) and {"exists": False} in conditions for conditions in policy.values())
    body = {"AlarmName": alarm_name, "NewStateValue": "ALARM"}
    outcomes = {_matches(conditions, body.get(key)) for key, conditions in policy.items()}
    return False if False in outcomes else None if None in outcomes else True


def _matches(conditions: Any, value: str | None) -> bool | None:
    """Whether a member of the body satisfies its conditions, any of which suffices; None: not decided."""
    if value is None or not isinstance(conditions, list):
        return None
    outcomes = {_holds(condition, value) for condition in conditions}
    return True if True in outcomes else None if None in outcomes else False


def _holds(condition: Any, value: str) -> bool | None:
    if not isinstance(condition, dict):
        return bool(condition == value)
    if condition == {"exists": True}:
        return True
    if len(condition) == 1 and isinstance(condition.get("prefix"), str):
        return value.startswith(condition["prefix"])
    return None
