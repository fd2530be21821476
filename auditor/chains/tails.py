"""The tails behind a log group: a metric filter, an alarm on its metric, a topic and its subscription each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Unpack

from auditor.arn import parse_arn
from auditor.chains.alarm_listing import queries_group
from auditor.chains.alarms.carriers import Carrier, Carriers
from auditor.chains.alarms.history import History
from auditor.chains.alarms.link import Alarm, alarm_link, fails_anyway
from auditor.chains.alarms.reading import Own
from auditor.chains.alarms.sharing import sight_link
from auditor.chains.alarms.tripping import Trip
from auditor.chains.alarms.watched_metrics import as_whole, may_read
from auditor.chains.lookups import Lookups
from auditor.chains.metric import metric_link, near_miss, number, of_own_fields
from auditor.chains.metric_filter import (
    Transformers,
    copied,
    created_on,
    filters_gap,
    gap_code,
    metric_filter_link,
    no_filter,
    none_counted,
)
from auditor.chains.model import (
    NOT_REACHED,
    TAIL_LINKS,
    LinkState,
    LogGroup,
    Need,
    Source,
    Tail,
    TailFacts,
    broken,
    joined,
    ok,
    tail_links,
    tail_with,
    unknown,
)
from auditor.chains.notified import Notified
from auditor.chains.publishing import Publishing
from auditor.chains.repeats import Repeats
from auditor.chains.topic import sns_actions
from auditor.chains.unread import beside_unread
from auditor.evidence.call_ids import (
    DESCRIBE_ACCOUNT_POLICIES,
    DESCRIBE_ALARMS,
    DESCRIBE_METRIC_FILTERS,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
)
from auditor.evidence.item import Item
from auditor.evidence.tables import Row
from auditor.rules.steering import ALARM_MEMBERS_LEFT_OUT, VALUE_NOT_CONSTANT
from auditor.text import listing
from auditor.verdict import Link, State


@dataclass(frozen=True, slots=True)
class _ToAlarm:
    """A tail as far as its alarm: its filter, the states of its links, and what is known of the rest."""

    base: Tail
    structural: LinkState
    metric: LinkState
    alarm: LinkState
    facts: TailFacts

    def tail(
        self, topic: LinkState = NOT_REACHED, subscription: LinkState = NOT_REACHED, **facts: Unpack[TailFacts]
    ) -> Tail:
        """The whole tail, with the links and facts behind the alarm."""
        return tail_with(
            self.base, self.structural, metric=self.metric, alarm=self.alarm, topic=topic, subscription=subscription,
            **(self.facts | facts),
        )  # fmt: skip


class Tails:
    """The alarm half of the chains: :meth:`behind` gives what hangs behind a log group."""

    def __init__(self, lookups: Lookups, publishing: Publishing) -> None:
        self._lookups = lookups
        self._publishing = publishing
        self._history = History(lookups)
        self._repeats = Repeats(publishing)
        self._carriers = Carriers(lookups, publishing, self._repeats)
        self._notified = Notified(lookups, self._history)
        self._outcomes: dict[Hashable, Trip] = {}
        self._tails: dict[LogGroup, list[Tail]] = {}

    def behind(self, group: LogGroup) -> list[Tail]:
        """What hangs behind a log group: a tail per metric filter, alarm and topic, and one per gap."""
        if group not in self._tails:
            self._tails[group] = self._make(group)
        return self._tails[group]

    def _make(self, group: LogGroup) -> list[Tail]:
        response = self._lookups.responses.get(DESCRIBE_METRIC_FILTERS, group.account_id, group.region)
        filters, whole = self._publishing.filters_on(group), response.complete_for(group.name)
        tails = [tail for row in filters for tail in self._behind_filter(group, row)]
        counted, where = self._lookups.counted_filters(group)
        if where is not None and counted == 0 and not whole and not filters:
            tails.append(Tail(group, links=tail_links(metric_filter=none_counted(group, where))))
        elif not whole:
            tails.append(self._behind_unseen(Tail(group), filters_gap(group, response)))
        elif not filters:
            tails.append(Tail(group, links=tail_links(metric_filter=no_filter(group, response, self._twin(group)))))
        if whole and counted is not None and counted > len(filters):
            link = unknown(
                "filters-fewer-than-counted", log_group=group.name, account=group.account_id, region=group.region,
                counted=str(counted), captured=str(len(filters)),
            ).needing(Need(DESCRIBE_METRIC_FILTERS, group.account_id, group.region))  # fmt: skip
            tails.append(self._behind_unseen(Tail(group), link))
        copy = copied(group, self._lookups.centralization_of(group.account_id), self._lookups.responses)
        if copy is not None:
            tails.append(Tail(group, links=tail_links(metric_filter=copy)))
        return self._beside(group, tails)

    def behind_topic(self, tail: Tail, topic_arn: str) -> Tail:
        """A chain with its alarm mended, so that it notifies this topic: topic and subscription, each by itself."""
        arn = tail.alarm_arn or _alarm_of(tail.log_group)
        source = next(iter(tail.links[Link.METRIC_FILTER].sources), Source(0, ""))
        carrier = Carrier(arn, arn.rpartition(":alarm:")[2], (topic_arn,), ok(source), NOT_REACHED, source)
        alarm = parse_arn(arn)
        topic = NOT_REACHED if alarm is None else self._notified.topic(topic_arn, carrier, alarm)
        subscription, subscriber = self._notified.subscription(topic_arn, carrier)
        links = {**tail.links, Link.TOPIC: topic, Link.SUBSCRIPTION: subscription}
        return replace(
            tail,
            links=links,
            topic_arn=topic_arn,
            subscription_arn=subscriber.subscription_arn,
            protocol=subscriber.protocol,
            endpoint=subscriber.endpoint,
        )

    def _behind_unseen(self, base: Tail, gap: LinkState) -> Tail:
        """What a filter that the captures do not show, or not the metric of, would have behind it: nobody knows which
        alarm (V3).

        Only where no alarm of the place leads to anybody is the chain broken whatever the filter is; then the alarm
        that gets furthest says so.
        """
        group, unseen = base.log_group, replace(base, links=tail_links(metric_filter=gap))
        if self._alarm_gap(group) is not None:
            return unseen
        behind: list[Tail] = []
        monitors = self._lookups.organizations.monitors_of(group.account_id, group.region)
        for account, item, source in self._lookups.alarms.on_metrics_of(group.account_id, group.region, monitors):
            if of_own_fields(item):  # the metrics of filters that name them have one series for each value (M2)
                continue
            alarm_facts: TailFacts = {"alarm_arn": str(item.get("AlarmArn", "")), "alarm_item": item}
            link = fails_anyway(Alarm(item, account, group.region, source), self._publishing.arriving) or NOT_REACHED
            for carrier in self._carriers.of(item, source, account, group.region):
                behind += self._carried(_ToAlarm(unseen, gap, NOT_REACHED, link, alarm_facts), carrier)
        if any(tail.broken is None for tail in behind):
            return unseen
        if not behind:
            reason_facts = {"account": group.account_id, "region": group.region}
            listings = self._lookups.responses.get(DESCRIBE_ALARMS, group.account_id, group.region).captures
            link = broken("no-alarm-at-all", *(Source(number, "/MetricAlarms") for number in listings), **reason_facts)
            return replace(unseen, links=tail_links(metric_filter=gap, alarm=link))
        return max(behind, key=lambda tail: TAIL_LINKS.index(tail.broken or Link.METRIC_FILTER))

    def _transformers(self, group: LogGroup) -> Transformers:
        place = (group.account_id, group.region)
        return Transformers(
            own=self._lookups.transformer_of(group),
            account=self._lookups.account_transformers.get(place, []),
            policies=self._lookups.responses.get(DESCRIBE_ACCOUNT_POLICIES, *place),
        )

    def _beside(self, group: LogGroup, tails: list[Tail]) -> list[Tail]:
        """The tails with the log alarms on their group named at the filter: a road beside the chain (V6)."""
        names = [
            str(row["alarm_name"])
            for row in self._lookups.alarms.log_alarms.get((group.account_id, group.region), [])
            if queries_group(row["item"], group)
        ]
        if not names:
            return tails
        remark = ("remark-log-alarm", {"alarms": listing(names, limit=5), "log_group": group.name})
        chains = []
        for tail in tails:
            link = tail.links[Link.METRIC_FILTER]
            marked = replace(link, remarks=(*link.remarks, remark))
            chains.append(replace(tail, links={**tail.links, Link.METRIC_FILTER: marked}))
        return chains

    def _twin(self, group: LogGroup) -> str:
        """Where else in the account or its organisation a group of that name has filters (T5: they do not count)."""
        place = self._publishing.first_place_with(group.name, group.account_id)
        return "" if place is None else f"account {place[0]}, {place[1]}"

    def _behind_filter(self, group: LogGroup, row: Row) -> list[Tail]:
        item: Item = row["item"]
        source = self._lookups.source(row)
        structural = metric_filter_link(item, group, source, self._transformers(group))
        if members := self._lookups.left_out(item, source):
            cut = unknown("filter-members-left-out", source, filter=str(item.get("filterName", "")), members=members)
            structural = joined(structural, cut.needing(Need(DESCRIBE_METRIC_FILTERS, group.account_id, group.region)))
        structural = beside_unread(structural, self._lookups, DESCRIBE_METRIC_FILTERS)
        own = Own(*self._publishing.own(row))
        pattern = item.get("filterPattern")
        base = Tail(
            group,
            filter_name=str(item.get("filterName", "")),
            filter_pattern=None if pattern is None else str(pattern),
            filter_created=created_on(item),
            counting=self._publishing.counting(row, own.metric),
            metric_namespace=row["metric_namespace"] or "",
            metric_name=row["metric_name"] or "",
        )
        if not item.get("metricTransformations"):  # nobody shows into which metric it publishes
            return [self._behind_unseen(base, structural)]
        of_partition = f"arn:{group.partition}:"  # a chain never crosses a partition (T4)
        named = self._publishing.watching(group.account_id, group.region, base.metric_name)
        watching = [alarm for alarm in named if str(alarm["alarm_arn"]).startswith(of_partition)]
        watching = [alarm for alarm in watching if alarm["watched_item"].get("Namespace")]  # else it was cut away
        exact = [alarm for alarm in watching if alarm["namespace"] == base.metric_namespace]
        tails = [tail for alarm in exact for tail in self._behind_alarm(base, structural, item, source, own, alarm)]
        unread = self._behind_unread(base, structural, item, source, own, exact)
        tails += unread
        missing = self._alarm_gap(group)
        if missing is not None:
            metric = metric_link(item, {}, (), source, source)
            metric = metric if metric.code == VALUE_NOT_CONSTANT else ok(source)  # no alarm sees what is not there
            tails.append(tail_with(base, structural, metric=metric, alarm=missing))
        elif not exact and not unread:
            tails += self._without_alarm(base, structural, item, source, watching)
        return tails

    def _behind_unread(
        self, base: Tail, structural: LinkState, item: Item, source: Source, own: Own, exact: Sequence[Row]
    ) -> list[Tail]:
        """The tails behind alarms by a query that nobody reads, or whose metric was cut away, which may watch the
        filter's metric (A11, V3, X6)."""
        group, tails = base.log_group, list[Tail]()
        value = (item.get("metricTransformations") or [{}])[0].get("metricValue")
        if number(value) is None:  # nothing is published, whatever is asked (M3)
            return tails
        named = {str(row["alarm_arn"]) for row in exact}
        place = (group.account_id, group.region)
        for account, alarm, where, code in self._lookups.alarms.of_any_metric(
            *place, self._lookups.organizations.monitors_of(*place)
        ):
            facts: TailFacts = {"alarm_arn": str(alarm.get("AlarmArn", "")), "alarm_item": alarm}
            cut, names = code == ALARM_MEMBERS_LEFT_OUT, (base.metric_namespace, base.metric_name)
            if cut and not may_read(alarm, *names, own_account=account == group.account_id):
                continue
            if facts["alarm_arn"] not in named:
                this = Alarm(alarm, account, group.region, where)
                if cut and (whole := as_whole(alarm, *names)) is not None:
                    front = (base, structural, item, source, own)
                    tails += self._behind_read(*front, replace(this, item=whole), whole, self._cut(this))
                    continue
                link = self._cut(this) if cut else unknown(code, source, where, **this.facts)
                for carrier in self._carriers.of(alarm, where, account, group.region):
                    tails += self._carried(_ToAlarm(base, structural, ok(source), link, facts), carrier)
        return tails

    def _without_alarm(
        self, base: Tail, structural: LinkState, item: Item, source: Source, watching: list[Row]
    ) -> list[Tail]:
        """No alarm reads the metric: the near misses, else the plain fact (V2)."""
        if watching:
            return [
                tail_with(
                    base, structural, alarm_arn=str(alarm["alarm_arn"]), alarm_item=alarm["watched_item"],
                    metric=near_miss(item, alarm["watched_item"], source, self._lookups.source(alarm)),
                )
                for alarm in watching[:3]
            ]  # fmt: skip
        account, region = base.log_group.account_id, base.log_group.region
        metric_name = f"{base.metric_namespace}/{base.metric_name}"
        facts = {"metric": metric_name, "filter": base.filter_name, "account": account, "region": region}
        metric = LinkState(State.OK, sources=(source,))
        monitors = self._lookups.organizations.monitors_of(account, region)
        astray = self._publishing.astray(monitors, region, base.metric_namespace, base.metric_name)
        if astray:
            where = self._lookups.source(astray[0])
            facts_astray = {**facts, "alarm": str(astray[0]["alarm_name"]), "monitor": str(astray[0]["account_id"])}
            link = broken("alarm-own-account-only", source, where, **facts_astray)
            return [tail_with(base, structural, metric=metric, alarm_arn=str(astray[0]["alarm_arn"]), alarm=link)]
        places = [
            Source(n, "/MetricAlarms") for n in self._lookups.responses.get(DESCRIBE_ALARMS, account, region).captures
        ]
        return [tail_with(base, structural, metric=metric, alarm=broken("no-alarm", source, *places, **facts))]

    def _alarm_gap(self, group: LogGroup) -> LinkState | None:
        """The alarms of the metric's account, or of an account that monitors it, are not (all) there (V3)."""
        accounts = [group.account_id, *self._lookups.organizations.monitors_of(group.account_id, group.region)]
        for account in accounts:
            response = self._lookups.responses.get(DESCRIBE_ALARMS, account, group.region)
            if not response.complete:
                return unknown(
                    gap_code("alarms", response.code), *(Source(number, "") for number in response.captures),
                    account=account, region=group.region, detail=response.detail,
                ).needing(Need(DESCRIBE_ALARMS, account, group.region))  # fmt: skip
        return None

    def _behind_alarm(
        self, base: Tail, structural: LinkState, filter_item: Item, filter_source: Source, own: Own, alarm: Row
    ) -> list[Tail]:
        source = self._lookups.source(alarm)
        whole = Alarm(alarm["item"], str(alarm["account_id"]), str(alarm["region"]), source)
        cut = self._cut(whole) if self._lookups.left_out(whole.item, source) else ok(source)
        return self._behind_read(base, structural, filter_item, filter_source, own, whole, alarm["watched_item"], cut)

    def _cut(self, alarm: Alarm) -> LinkState:
        """The state of an alarm of which members were cut away that AWS always prints (X6)."""
        members = self._lookups.left_out(alarm.item, alarm.source) or "names of its metrics"
        link = unknown(ALARM_MEMBERS_LEFT_OUT, alarm.source, members=members, **alarm.facts)
        return link.needing(Need(DESCRIBE_ALARMS, alarm.account_id, alarm.region))

    def _behind_read(
        self, base: Tail, structural: LinkState, filter_item: Item, filter_source: Source, own: Own, whole: Alarm,
        item: Item, cut: LinkState,
    ) -> list[Tail]:  # fmt: skip
        """The tails behind an alarm that reads the filter's metric; ``item`` is the alarm as a plain one on it."""
        source = whole.source
        metric = metric_link(filter_item, item, self._publishing.arriving(own.metric).units, filter_source, source)
        facts: TailFacts = {"alarm_arn": whole.facts["arn"], "alarm_item": item}
        if metric.state is State.BROKEN:
            return [tail_with(base, structural, metric=metric, **facts)]
        arriving, outcomes = self._publishing.arriving, self._outcomes
        metric, link = alarm_link(whole, own, metric, arriving, self._history, outcomes, self._repeats)
        link = beside_unread(joined(link, cut), self._lookups, DESCRIBE_ALARMS)
        if State.BROKEN in (metric.state, link.state):
            return [tail_with(base, structural, metric=metric, alarm=link, **facts)]
        sight = sight_link(whole, own.metric, self._lookups, self._history)
        return [
            _seeing(tail, sight)
            for carrier in self._carriers.of(item, source, whole.account_id, whole.region)
            for tail in self._carried(_ToAlarm(base, structural, metric, link, facts), carrier)
        ]

    def _carried(self, front: _ToAlarm, carrier: Carrier) -> list[Tail]:
        """The tails behind an alarm and whoever carries its action, as far as the first link that is broken."""
        facts: TailFacts = {**front.facts, "composite_arns": carrier.composite_arns}
        carried = replace(front, alarm=joined(front.alarm, carrier.link), facts=facts)
        if carried.alarm.state is State.BROKEN:
            return [carried.tail()]
        return self._behind_carrier(carried, carrier)

    def _behind_carrier(self, front: _ToAlarm, carrier: Carrier) -> list[Tail]:
        topics, _ = sns_actions(carrier.actions)
        arn = parse_arn(carrier.alarm_arn)
        if not topics or arn is None:
            return [front.tail(topic=carrier.no_topic)]
        tails = []
        for topic_arn in topics:
            link = self._notified.topic(topic_arn, carrier, arn)
            if link.state is State.BROKEN:
                tails.append(front.tail(topic=link, topic_arn=topic_arn))
                continue
            subscription, subscriber = self._notified.subscription(topic_arn, carrier)
            tails.append(
                front.tail(
                    topic=link,
                    subscription=beside_unread(
                        subscription, self._lookups, LIST_SUBSCRIPTIONS, LIST_SUBSCRIPTIONS_BY_TOPIC
                    ),
                    topic_arn=topic_arn,
                    subscription_arn=subscriber.subscription_arn,
                    protocol=subscriber.protocol,
                    endpoint=subscriber.endpoint,
                )
            )
        return tails


def _seeing(tail: Tail, sight: LinkState) -> Tail:
    """A tail whose alarm sees its metric as far as ``sight`` says; what is broken is so anyway."""
    link = tail.links[Link.ALARM]
    if link.state is State.BROKEN or sight == ok():
        return tail
    return replace(tail, links={**tail.links, Link.ALARM: joined(link, sight)})


def _alarm_of(group: LogGroup) -> str:
    """The ARN of an alarm beside the filters of a log group."""
    return f"arn:{group.partition}:cloudwatch:{group.region}:{group.account_id}:alarm:new"
