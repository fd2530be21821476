"""What lies behind a missing capture: all that is needed next whatever it says, so that one round is enough.

A capture tells where a chain leads. What stands in the same account and region can be asked for at once; only a
resource elsewhere, or one that an answer names first, cannot: that is what a call *leads to*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from auditor.arn import parse_arn
from auditor.chains import Chains, Need
from auditor.evidence import Responses
from auditor.evidence.call_ids import (
    DESCRIBE_ACCOUNT_POLICIES,
    DESCRIBE_ALARM_HISTORY,
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    GET_ALARM_MUTE_RULE,
    GET_CALLER_IDENTITY,
    GET_KEY_POLICY,
    GET_TOPIC_ATTRIBUTES,
    GET_TRANSFORMER,
    LIST_ALARM_MUTE_RULES,
    LIST_REGIONS,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    LIST_TOPICS,
)

MOST_TOPICS = 20  # of a listing: beyond, only those are asked about that alarms turn out to name

# By call: those that its answer may make necessary, about what it names first.
LEADS_TO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        LIST_REGIONS: (DESCRIBE_TRAILS, DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS, LIST_SUBSCRIPTIONS_BY_TOPIC),
        DESCRIBE_TRAILS: (DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS, LIST_SUBSCRIPTIONS_BY_TOPIC),
        DESCRIBE_METRIC_FILTERS: (GET_TRANSFORMER, DESCRIBE_ACCOUNT_POLICIES),
        DESCRIBE_ALARMS: (
            LIST_SUBSCRIPTIONS_BY_TOPIC, DESCRIBE_ALARM_HISTORY, DESCRIBE_METRIC_FILTERS, GET_TOPIC_ATTRIBUTES,
        ),
        LIST_ALARM_MUTE_RULES: (GET_ALARM_MUTE_RULE,),
        GET_TOPIC_ATTRIBUTES: (GET_KEY_POLICY, DESCRIBE_ALARM_HISTORY),
        GET_KEY_POLICY: (DESCRIBE_ALARM_HISTORY,),
    }
)  # fmt: skip
_WHOLE_LISTINGS = (DESCRIBE_TRAILS, DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS, LIST_SUBSCRIPTIONS_BY_TOPIC)


@dataclass(frozen=True, slots=True)
class Behind:
    """What a bundle lacks behind a capture. ``heard`` are the regions in which each account's calls must be heard."""

    chains: Chains
    responses: Responses
    heard: Mapping[str, Sequence[str]]

    def following(self, need: Need) -> list[Need]:
        """The required captures behind one that is missing which are missing, too."""
        return [further for further in dict.fromkeys(self._following(need)) if further != need]

    def settles(self, need: Need) -> bool:
        """Whether its usual answer settles what waits for it alone: every further link in its own account and region
        is usable, so that only what stands elsewhere could leave it open.
        """
        if need.call_id not in _WHOLE_LISTINGS or self.following(need):
            return False
        return need.call_id != DESCRIBE_ALARMS or self._topics_usable(need.account_id, need.region)

    def beside(self, needs: Iterable[Need]) -> list[Need]:
        """The cheap optional captures of the places in which these are asked for, as far as they are missing."""
        return [further for further in dict.fromkeys(self._beside(list(needs))) if not self._usable(further)]

    def _following(self, need: Need) -> Iterator[Need]:
        if need.call_id == DESCRIBE_TRAILS:
            for region in self._regions_of(need):
                yield from self._lacking(Need(DESCRIBE_TRAILS, need.account_id, region))
                yield from self._from_filters(need.account_id, region)
        elif need.call_id == DESCRIBE_METRIC_FILTERS:
            yield from self._from_filters(need.account_id, need.region)
        elif need.call_id == DESCRIBE_ALARMS:
            yield from self._topics(need.account_id, need.region)

    def _regions_of(self, need: Need) -> list[str]:
        """Where a missing trail could be homed: in its region, or anywhere if no listing of the account is whole."""
        whole = any(response.complete for response in self.responses.of(DESCRIBE_TRAILS, need.account_id))
        return list(dict.fromkeys((need.region, *(() if whole else self.heard.get(need.account_id, ())))))

    def _from_filters(self, account_id: str, region: str) -> Iterator[Need]:
        yield from self._lacking(Need(DESCRIBE_METRIC_FILTERS, account_id, region))
        for account in (account_id, *self.chains.organizations.monitors_of(account_id, region)):
            yield from self._lacking(Need(DESCRIBE_ALARMS, account, region))
            yield from self._topics(account, region)

    def _topics(self, account_id: str, region: str) -> Iterator[Need]:
        """The subscriptions of the topics that the alarms of a place name; of all of its topics where alarms are
        missing.
        """
        topics = self.chains.topics_named(account_id, region)
        if not self._usable(Need(DESCRIBE_ALARMS, account_id, region)):
            listed = self.chains.topics_listed.get((account_id, region), ())
            topics = list(dict.fromkeys((*topics, *(listed if len(listed) <= MOST_TOPICS else ()))))
        for topic in topics:
            yield from self._subscriptions(topic)

    def _subscriptions(self, topic: str) -> Iterator[Need]:
        arn = parse_arn(topic)
        confirmed = any(parse_arn(subscriber.subscription_arn) for subscriber, _ in self.chains.subscribers(topic))
        if arn is not None and not confirmed:
            yield from self._lacking(Need(LIST_SUBSCRIPTIONS_BY_TOPIC, arn.account_id, arn.region, topic))

    def _topics_usable(self, account_id: str, region: str) -> bool:
        listed = self.chains.topics_listed.get((account_id, region), ())
        return self._usable(Need(LIST_TOPICS, account_id, region)) and not any(
            need for topic in listed for need in self._subscriptions(topic)
        )

    def _beside(self, needs: Sequence[Need]) -> Iterator[Need]:
        regions: dict[str, set[str]] = {need.account_id: set() for need in needs}
        for need in needs:
            if need.call_id == DESCRIBE_TRAILS:
                regions[need.account_id].add(need.region)
        for account, of_trails in regions.items():
            yield Need(GET_CALLER_IDENTITY, account)
            if len(of_trails) > 1:  # trails are asked for wherever the account may have some
                yield Need(LIST_REGIONS, account)
        for need in needs:
            place = need.account_id, need.region
            if need.call_id == DESCRIBE_METRIC_FILTERS:
                yield Need(DESCRIBE_LOG_GROUPS, *place)
            elif need.call_id == DESCRIBE_ALARMS:
                yield Need(LIST_TOPICS, *place)
                yield Need(LIST_SUBSCRIPTIONS, *place)
                yield Need(LIST_ALARM_MUTE_RULES, *place)
            elif need.call_id == LIST_SUBSCRIPTIONS_BY_TOPIC:
                yield Need(GET_TOPIC_ATTRIBUTES, *place, need.resource)

    def _lacking(self, need: Need) -> Iterator[Need]:
        if not self._usable(need):
            yield need

    def _usable(self, need: Need) -> bool:
        response = self.responses.get(need.call_id, need.account_id, need.region, need.resource)
        return response.complete or response.says_none
