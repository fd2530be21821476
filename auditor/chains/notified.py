"""Whom an alarm's actions reach: the topic link and the subscription link behind a carrier (S1–S7, N1–N5)."""

from __future__ import annotations

from functools import partial

from auditor.arn import Arn, parse_arn
from auditor.chains.alarms.carriers import Carrier
from auditor.chains.alarms.history import History, latest_action
from auditor.chains.lookups import Lookups
from auditor.chains.model import LinkState
from auditor.chains.subscription import Subscriber, doubted, subscription_link
from auditor.chains.topic import TopicEvidence, topic_link
from auditor.evidence.call_ids import LIST_SUBSCRIPTIONS_BY_TOPIC, LIST_TOPICS
from auditor.verdict import State


class Notified:
    """The topics that carriers notify and their subscriptions."""

    def __init__(self, lookups: Lookups, history: History) -> None:
        self._lookups = lookups
        self._history = history

    def topic(self, topic_arn: str, carrier: Carrier, alarm: Arn) -> LinkState:
        """The topic link of one of the topics that a carrier notifies."""
        account, region = _place(topic_arn)
        history = (alarm.account_id, alarm.region, carrier.name)
        evidence = TopicEvidence(
            attributes=self._lookups.about_topic(topic_arn, account, region),
            listed=topic_arn in self._lookups.topics,
            subscribed=topic_arn in self._lookups.subscriptions,
            topics=self._lookups.responses.get(LIST_TOPICS, account, region),
            by_topic=self._lookups.responses.get(LIST_SUBSCRIPTIONS_BY_TOPIC, account, region, topic_arn),
            keys=self._lookups.key_policies,
            action=latest_action(self._history.of(*history), topic_arn),
            history=self._history.dispute(*history) or self._history.astray(*history, topic_arn),
            cut=self._history.cut(*history),
            organization=self._lookups.organizations.organization_of(alarm.account_id),
        )
        return topic_link(topic_arn, alarm, carrier.alarm_arn, carrier.source, evidence)

    def subscription(self, topic_arn: str, carrier: Carrier) -> tuple[LinkState, Subscriber]:
        """The subscription link of one of the topics that a carrier notifies, and who decides it."""
        account, region = _place(topic_arn)
        subscription, subscriber = subscription_link(
            topic_arn,
            carrier.name,
            self._lookups.subscriptions.get(topic_arn, []),
            self._lookups.subscriptions_against.get(topic_arn, []),
            self._lookups.responses.get(LIST_SUBSCRIPTIONS_BY_TOPIC, account, region, topic_arn),
            self._lookups.about_topic(topic_arn, account, region).answer,
            partial(self._lookups.about_subscription, account_id=account, region=region),
        )
        against = self._lookups.listing_against(topic_arn, account, region)
        if against and subscription.state is State.OK:
            subscription = doubted(subscription, topic_arn, against)
        return subscription, subscriber


def _place(topic_arn: str) -> tuple[str, str]:
    topic = parse_arn(topic_arn)
    return (topic.account_id, topic.region) if topic else ("", "")
