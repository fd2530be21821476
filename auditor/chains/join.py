"""The join: trails as they serve each account, and what hangs behind each log group, once for all controls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from auditor.arn import parse_arn
from auditor.chains.alarm import publisher, read_settings, trips
from auditor.chains.carriers import Carrier, carriers
from auditor.chains.log_group import group_of, log_group_link
from auditor.chains.metric import dimensions_of, metric_link, near_miss
from auditor.chains.metric_filter import filters_gap, gap_code, metric_filter_link, no_filter
from auditor.chains.model import (
    NOT_REACHED,
    LinkState,
    LogGroup,
    Need,
    OpenPoint,
    Publisher,
    Source,
    Tail,
    TrailPath,
    broken,
    tail_links,
    unknown,
)  # fmt: skip
from auditor.chains.organization import Organizations
from auditor.chains.subscription import Subscriber, subscription_link
from auditor.chains.topic import sns_actions, topic_link
from auditor.chains.trail import Answer, TrailRow, read_selectors, trail_link
from auditor.chains.watch import watched_metrics
from auditor.evidence import Capture, Responses, Tables
from auditor.verdict import State

TRAILS_CALL = "cloudtrail:DescribeTrails"
FILTERS_CALL = "logs:DescribeMetricFilters"
ALARMS_CALL = "cloudwatch:DescribeAlarms"
BY_TOPIC_CALL = "sns:ListSubscriptionsByTopic"
MUTES_CALL = "cloudwatch:ListAlarmMuteRules"
_METRIC_KEY = ("account_id", "region", "metric_namespace", "metric_name")


class Chains:
    """All chains of a bundle: :meth:`paths` per account, :meth:`tails` per log group. Knows no control."""

    def __init__(self, captures: tuple[Capture, ...], responses: Responses) -> None:
        self._captures = captures
        self._responses = responses
        self.tables = Tables(captures, responses)
        self.organizations = Organizations(self.tables)

    # -- trails ---------------------------------------------------------------------------------------------

    @cached_property
    def trails(self) -> dict[str, TrailRow]:
        """Every trail of the bundle by ARN, its shadow copies put together (T3)."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.tables.trails.to_dict("records"):
            found[str(row["trail_arn"])].append({str(name): _value(value) for name, value in row.items()})
        return {arn: self._trail(arn, rows) for arn, rows in sorted(found.items())}

    def _trail(self, arn: str, rows: list[dict[str, Any]]) -> TrailRow:
        parts = parse_arn(arn)
        home = next((row["home_region"] for row in rows if row["home_region"]), parts.region if parts else "")
        account = parts.account_id if parts else ""
        # The copy in the trail's own account and region speaks first; copies elsewhere only fill in.
        rows = sorted(rows, key=lambda row: (row["account_id"] != account, row["region"] != home, row["capture"]))
        first = {
            name: next((row[name] for row in rows if row[name] is not None), None)
            for name in (
                "name",
                "multi_region",
                "organization",
                "global_events",
                "log_group_arn",
                "custom_selectors",
            )
        }
        return TrailRow(
            trail_arn=arn,
            name=first["name"] or (parts.resource.partition("/")[2] if parts else arn),
            home_region=home,
            account_id=account,
            multi_region=first["multi_region"],
            organization=first["organization"],
            global_events=first["global_events"],
            log_group_arn=first["log_group_arn"] or "",
            custom_selectors=first["custom_selectors"],
            sources=tuple(self._source(row) for row in rows[:1]),
        )

    @cached_property
    def _trails_of(self) -> dict[str, list[str]]:
        frame = self.tables.trails
        return {
            str(account): sorted(set(group["trail_arn"])) for account, group in frame.groupby("account_id", sort=True)
        }

    def paths(self, account_id: str, required_regions: Iterable[str]) -> list[TrailPath]:
        """The trails that serve an account, and a path for each answer that could hold another one.

        Rules T2, T6–T8, T10; ``required_regions`` are those whose calls must be heard.
        """
        responses = self._responses.of(TRAILS_CALL, account_id)
        usable = [response for response in responses if response.captured]
        arns = self._trails_of.get(account_id, [])
        paths = [self._path(self.trails[arn]) for arn in arns]
        if not usable:
            paths += [self._path(trail) for trail in self._organization_trails(account_id)]
            region = responses[0].region if responses else self._main_region(account_id, required_regions)
            code = responses[0].code if responses else "not_captured"
            detail = responses[0].detail if responses else ""
            return [*paths, self._trail_gap(account_id, region, None, code, detail)]
        whole = [response for response in usable if response.complete]
        if not whole:
            worst = usable[0]
            return [*paths, self._trail_gap(account_id, worst.region, None, worst.code, worst.detail)]
        seen = {response.region for response in whole}
        by_region = {response.region: response for response in responses}
        for region in sorted(set(required_regions) - seen):
            partial = by_region.get(region)
            paths.append(
                self._trail_gap(
                    account_id, region, frozenset({region}),
                    partial.code if partial else "not_captured", partial.detail if partial else "",
                )
            )  # fmt: skip
        return paths

    def _organization_trails(self, account_id: str) -> list[TrailRow]:
        """Organisation trails that cover a listed account which captured no trails itself (T8)."""
        managements = self.organizations.managements_of(account_id)
        return [trail for trail in self.trails.values() if trail.organization and trail.account_id in managements]

    @staticmethod
    def _main_region(account_id: str, regions: Iterable[str]) -> str:
        ordered = sorted(regions)
        return next(
            (region for region in ("us-east-1", "us-gov-west-1", "cn-north-1") if region in ordered),
            ordered[0],
        )

    @staticmethod
    def _trail_gap(account_id: str, region: str, regions: frozenset[str] | None, code: str, detail: str) -> TrailPath:
        link = unknown(
            gap_code("trails", code), account=account_id, region=region, detail=detail,
        ).needing(Need(TRAILS_CALL, account_id, region))  # fmt: skip
        return TrailPath("", "", "", None, None, None, regions, None, link, NOT_REACHED, gap=True)

    def _path(self, trail: TrailRow) -> TrailPath:
        if trail.trail_arn not in self._path_cache:
            self._path_cache[trail.trail_arn] = self._make_path(trail)
        return self._path_cache[trail.trail_arn]

    @cached_property
    def _path_cache(self) -> dict[str, TrailPath]:
        return {}

    def _make_path(self, trail: TrailRow) -> TrailPath:
        status = self._about_trail(trail, "cloudtrail:GetTrailStatus")
        selectors = read_selectors(self._about_trail(trail, "cloudtrail:GetEventSelectors"))
        group = group_of(trail)
        return TrailPath(
            trail_arn=trail.trail_arn,
            name=trail.name,
            home_region=trail.home_region,
            multi_region=trail.multi_region,
            organization=trail.organization,
            global_events=trail.global_events,
            regions=None if trail.multi_region else frozenset({trail.home_region}),
            log_group=group,
            trail_link=trail_link(trail, status, selectors),
            log_group_link=log_group_link(
                trail,
                status,
                self._listed_group(group),
                bool(group and self._filters_by_group.get(group)),
                self._responses,
            ),
            selectors=selectors[0],
        )

    def _about_trail(self, trail: TrailRow, call_id: str) -> Answer | None:
        """The answer of a call about this very trail, from its own account and home region (T12)."""
        homed = [
            t for t in self.trails.values() if (t.account_id, t.home_region) == (trail.account_id, trail.home_region)
        ]
        for capture, answer in self._single(call_id):
            place = capture.place
            resource = place.resource or str(answer.get("TrailARN") or "")
            if resource == trail.trail_arn:
                if place.account_id == trail.account_id and place.region in ("", trail.home_region):
                    return capture, answer
            elif (place.account_id, place.region) == (trail.account_id, trail.home_region):
                named = resource == trail.name or (not resource and len(homed) == 1)
                if named:
                    return capture, answer
        return None

    def _single(self, call_id: str) -> list[tuple[Capture, dict[str, Any]]]:
        if call_id not in self._single_cache:
            self._single_cache[call_id] = self.tables.single(call_id)
        return self._single_cache[call_id]

    @cached_property
    def _single_cache(self) -> dict[str, list[tuple[Capture, dict[str, Any]]]]:
        return {}

    def _listed_group(self, group: LogGroup | None) -> tuple[str | None, Source] | None:
        if group is None:
            return None
        row = self._log_groups.get((group.account_id, group.region, group.name))
        return None if row is None else (_value(row["log_group_class"]), self._source(row))

    @cached_property
    def _log_groups(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        return {
            (str(row["account_id"]), str(row["region"]), str(row["log_group"])): {str(k): v for k, v in row.items()}
            for row in self.tables.log_groups.to_dict("records")
        }

    # -- behind the log group -------------------------------------------------------------------------------

    @cached_property
    def _groups(self) -> pd.DataFrame:
        """The log groups that trails deliver to: one row each, with its key columns."""
        groups = sorted(
            {group for trail in self.trails.values() if (group := group_of(trail)) is not None},
            key=lambda group: (group.account_id, group.region, group.name),
        )
        return pd.DataFrame(
            {
                "account_id": pd.array([group.account_id for group in groups], dtype="string"),
                "region": pd.array([group.region for group in groups], dtype="string"),
                "log_group": pd.array([group.name for group in groups], dtype="string"),
                "group": pd.Series(groups, dtype=object),
            }
        )

    @cached_property
    def _filters_by_group(self) -> dict[LogGroup, list[dict[str, Any]]]:
        """The metric filters on each log group that a trail delivers to (T4, T5, L4)."""
        joined = self._groups.merge(self.tables.metric_filters, on=["account_id", "region", "log_group"])
        found: dict[LogGroup, list[dict[str, Any]]] = defaultdict(list)
        for row in joined.to_dict("records"):
            found[row["group"]].append({str(name): value for name, value in row.items()})
        return dict(found)

    @cached_property
    def _alarms_on(self) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
        """Alarm rows by (account, region, metric name) of the metric they watch, for the metrics of these groups."""
        metrics = pd.DataFrame(
            {(f["account_id"], f["region"], f["metric_name"]) for fs in self._filters_by_group.values() for f in fs},
            columns=["watched_account", "region", "metric_name"], dtype="string",
        )  # fmt: skip
        joined = watched_metrics(self.tables.alarms).merge(metrics, on=["watched_account", "region", "metric_name"])
        found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in joined.sort_values(["alarm_arn", "capture", "index"]).to_dict("records"):
            key = (str(row["watched_account"]), str(row["region"]), str(row["metric_name"]))
            found[key].append({str(name): value for name, value in row.items()})
        return dict(found)

    def tails(self, group: LogGroup) -> list[Tail]:
        """What hangs behind a log group: a tail per metric filter, alarm and topic, and one per gap."""
        if group not in self._tail_cache:
            self._tail_cache[group] = self._make_tails(group)
        return self._tail_cache[group]

    @cached_property
    def _tail_cache(self) -> dict[LogGroup, list[Tail]]:
        return {}

    def _make_tails(self, group: LogGroup) -> list[Tail]:
        response = self._responses.get(FILTERS_CALL, group.account_id, group.region)
        filters = self._filters_by_group.get(group, [])
        tails = [tail for row in filters for tail in self._behind_filter(group, row)]
        if not response.complete:
            tails.append(Tail(group, links=tail_links(metric_filter=filters_gap(group, response))))
        elif not filters:
            tails.append(Tail(group, links=tail_links(metric_filter=no_filter(group, response, self._twin(group)))))
        counted = self._log_groups.get((group.account_id, group.region, group.name), {}).get("metric_filter_count")
        if response.complete and counted is not None and not pd.isna(counted) and int(counted) > len(filters):
            link = unknown(
                "filters-fewer-than-counted", log_group=group.name, account=group.account_id, region=group.region,
                counted=str(int(counted)), captured=str(len(filters)),
            ).needing(Need(FILTERS_CALL, group.account_id, group.region))  # fmt: skip
            tails.append(Tail(group, links=tail_links(metric_filter=link)))
        return tails

    def _twin(self, group: LogGroup) -> str:
        """Where else a log group of the same name has filters (T5: they count for nothing)."""
        frame = self.tables.metric_filters
        same = frame[frame["log_group"] == group.name]
        return next((f"account {row.account_id}, {row.region}" for row in same.itertuples()), "")

    def _behind_filter(self, group: LogGroup, row: dict[str, Any]) -> list[Tail]:
        item: Mapping[str, Any] = row["item"]
        source = self._source(row)
        structural = metric_filter_link(item, group, source)
        base = Tail(
            group,
            filter_name=str(item.get("filterName", "")),
            filter_pattern=str(item.get("filterPattern") or ""),
            metric_namespace=str(_value(row["metric_namespace"]) or ""),
            metric_name=str(_value(row["metric_name"]) or ""),
            publishers=tuple(self._other_publishers(row)),
        )
        watching = self._alarms_on.get((group.account_id, group.region, base.metric_name), [])
        exact = [alarm for alarm in watching if alarm["namespace"] == base.metric_namespace]
        tails = [tail for alarm in exact for tail in self._behind_alarm(base, structural, item, source, alarm)]
        missing = self._alarm_gap(group)
        if missing is not None:
            tails.append(_with(base, structural, metric=LinkState(State.OK, sources=(source,)), alarm=missing))
        elif not exact and watching:
            for alarm in watching[:3]:
                link = near_miss(item, alarm["item"], source, self._source(alarm))
                tails.append(_with(base, structural, alarm_arn=str(alarm["alarm_arn"]), metric=link))
        elif not exact:
            facts = {"metric": f"{base.metric_namespace}/{base.metric_name}", "filter": base.filter_name}
            where = [
                Source(n, "/MetricAlarms")
                for n in self._responses.get(ALARMS_CALL, group.account_id, group.region).captures
            ]
            link = broken("no-alarm", source, *where, account=group.account_id, region=group.region, **facts)
            tails.append(_with(base, structural, metric=LinkState(State.OK, sources=(source,)), alarm=link))
        return tails

    def _other_publishers(self, row: dict[str, Any]) -> list[Publisher]:
        key = tuple(row[name] for name in _METRIC_KEY)
        own = (row["log_group"], row["filter_name"])
        return [
            publisher(item)
            for item in self._publishers.get(key, [])
            if (item.get("logGroupName"), item.get("filterName")) != own
        ]

    @cached_property
    def _publishers(self) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
        """The filters, of any log group, that publish into the metrics of these groups' filters (M6)."""
        metrics = {tuple(row[name] for name in _METRIC_KEY) for rows in self._filters_by_group.values() for row in rows}
        found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
        frame = self.tables.metric_filters
        for *key, item in zip(*(frame[name].array for name in (*_METRIC_KEY, "item")), strict=True):
            if tuple(key) in metrics:
                found[tuple(key)].append(item)
        return dict(found)

    def _alarm_gap(self, group: LogGroup) -> LinkState | None:
        """The alarms of the metric's account, or of an account that monitors it, are not (all) there (V3)."""
        accounts = [group.account_id, *self.organizations.monitors_of(group.account_id)]
        for account in accounts:
            response = self._responses.get(ALARMS_CALL, account, group.region)
            if not response.complete:
                return unknown(
                    gap_code("alarms", response.code), *(Source(number, "") for number in response.captures),
                    account=account, region=group.region, detail=response.detail,
                ).needing(Need(ALARMS_CALL, account, group.region))  # fmt: skip
        return None

    def _behind_alarm(
        self,
        base: Tail,
        structural: LinkState,
        filter_item: Mapping[str, Any],
        filter_source: Source,
        alarm: dict[str, Any],
    ) -> list[Tail]:
        item: Mapping[str, Any] = alarm["watched_item"]
        source = self._source(alarm)
        metric = metric_link(filter_item, dimensions_of(item), item.get("Unit"), base.publishers, filter_source, source)
        alarm_arn = str(alarm["alarm_arn"])
        known: dict[str, Any] = {"alarm_arn": alarm_arn, "alarm_item": item}
        if metric.state is not State.OK:
            return [_with(base, structural, metric=metric, **known)]
        metric, link = self._alarm_link(filter_item, item, base.publishers, metric, source)
        if link.state is not State.OK:
            return [_with(base, structural, metric=metric, alarm=link, **known)]
        account, region = str(alarm["account_id"]), str(alarm["region"])
        tails = []
        for carrier in carriers(
            item, source, account, region, self._composites.get((account, region), []), self._responses
        ):
            carried = {**known, "composite_arns": carrier.composite_arns}
            joined = _joined(link, carrier.link)
            if joined.state is not State.OK:
                tails.append(_with(base, structural, metric=metric, alarm=joined, **carried))
                continue
            tails += self._behind_carrier(base, structural, metric, joined, carrier, carried)
        return tails

    def _alarm_link(
        self,
        filter_item: Mapping[str, Any],
        item: Mapping[str, Any],
        others: tuple[Publisher, ...],
        metric: LinkState,
        source: Source,
    ) -> tuple[LinkState, LinkState]:
        facts = {"alarm": str(item.get("AlarmName", "")), "arn": str(item.get("AlarmArn", ""))}
        if str(item.get("EvaluationState") or "") in ("PARTIAL_DATA", "EVALUATION_ERROR"):
            return metric, unknown(
                "alarm-evaluation-error", source, evaluation_state=str(item["EvaluationState"]), **facts
            )
        settings = read_settings(item)
        if isinstance(settings, str):
            return metric, unknown(settings, source, **facts)
        own = publisher(filter_item)
        assert own.value is not None  # metric_link has made sure of it
        outcome = trips(settings, own.value, own.default, others)
        facts |= {"settings": settings.words, "value": f"{own.value:g}"}
        remarks = tuple((code, facts) for code in outcome.remarks)
        if outcome.holds:
            point = self._mute_point(item, facts)
            return metric, LinkState(State.OK, sources=(source,), open_points=point, remarks=remarks)
        if outcome.holds is None:
            arn = parse_arn(facts["arn"])
            needs = (
                (Need("cloudwatch:DescribeAlarmHistory", arn.account_id, arn.region, facts["alarm"]),)
                if outcome.history and arn
                else ()
            )
            return metric, unknown(outcome.code, source, **facts).needing(*needs)
        if outcome.metric:
            return broken("value-too-small", *metric.sources, source, **facts), NOT_REACHED
        return metric, broken(outcome.code, source, **facts)

    def _mute_point(self, item: Mapping[str, Any], facts: Mapping[str, str]) -> tuple[OpenPoint, ...]:
        """Rule A17: mute rules are an open point unless their listing was captured and is empty."""
        arn = parse_arn(facts["arn"])
        if arn is None:
            return ()
        response = self._responses.get(MUTES_CALL, arn.account_id, arn.region)
        if response.complete and not any(self._captures[number].records for number in response.captures):
            return ()
        return (
            OpenPoint("mute-rules-not-captured", facts=facts, needs=(Need(MUTES_CALL, arn.account_id, arn.region),)),
        )

    @cached_property
    def _composites(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        frame = self.tables.alarms
        found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in frame[frame["member"] == "CompositeAlarms"].to_dict("records"):
            found[(str(row["account_id"]), str(row["region"]))].append({str(k): v for k, v in row.items()})
        return dict(found)

    def _behind_carrier(
        self,
        base: Tail,
        structural: LinkState,
        metric: LinkState,
        alarm: LinkState,
        carrier: Carrier,
        known: dict[str, Any],
    ) -> list[Tail]:
        topics, _ = sns_actions(carrier.actions)
        arn = parse_arn(carrier.alarm_arn)
        if not topics or arn is None:
            return [_with(base, structural, metric=metric, alarm=alarm, topic=carrier.no_topic, **known)]
        tails = []
        for topic_arn in topics:
            topic = parse_arn(topic_arn)
            account, region = (topic.account_id, topic.region) if topic else ("", "")
            by_topic = self._responses.get(BY_TOPIC_CALL, account, region, topic_arn)
            attributes = self._topic_attributes.get(topic_arn)
            entries = self._subscriptions.get(topic_arn, [])
            listed = bool(entries) or by_topic.captured or topic_arn in self._topics
            link = topic_link(
                topic_arn,
                arn,
                carrier.alarm_arn,
                carrier.source,
                attributes,
                listed,
                by_topic,
                self._responses,
            )
            here = {**known, "topic_arn": topic_arn}
            if link.state is State.BROKEN:
                tails.append(_with(base, structural, metric=metric, alarm=alarm, topic=link, **here))
                continue
            subscription, who = subscription_link(
                topic_arn, entries, by_topic, attributes, self._subscription_attributes
            )
            here |= {
                "subscription_arn": who.subscription_arn,
                "protocol": who.protocol,
                "endpoint": who.endpoint,
            }
            tails.append(
                _with(
                    base,
                    structural,
                    metric=metric,
                    alarm=alarm,
                    topic=link,
                    subscription=subscription,
                    **here,
                )
            )
        return tails

    @cached_property
    def _subscriptions(self) -> dict[str, list[tuple[Subscriber, Source]]]:
        found: dict[str, list[tuple[Subscriber, Source]]] = defaultdict(list)
        seen: set[tuple[str, Subscriber]] = set()
        for row in self.tables.subscriptions.to_dict("records"):
            topic, who = str(row["topic_arn"]), Subscriber(
                str(row["subscription_arn"]), str(row["protocol"]), str(_value(row["endpoint"]) or "")
            )  # fmt: skip
            if (topic, who) not in seen:
                seen.add((topic, who))
                found[topic].append((who, self._source({str(k): v for k, v in row.items()})))
        return dict(found)

    @cached_property
    def _topics(self) -> frozenset[str]:
        return frozenset(str(arn) for arn in self.tables.topics["topic_arn"])

    @cached_property
    def _topic_attributes(self) -> dict[str, tuple[Capture, Mapping[str, Any]]]:
        found: dict[str, tuple[Capture, Mapping[str, Any]]] = {}
        for capture, answer in self._single("sns:GetTopicAttributes"):
            arn = str((answer.get("Attributes") or {}).get("TopicArn") or capture.place.resource)
            found.setdefault(arn, (capture, answer))
        return found

    @cached_property
    def _subscription_attributes(self) -> dict[str, tuple[Capture, Mapping[str, Any]]]:
        found: dict[str, tuple[Capture, Mapping[str, Any]]] = {}
        for capture, answer in self._single("sns:GetSubscriptionAttributes"):
            arn = str((answer.get("Attributes") or {}).get("SubscriptionArn") or capture.place.resource)
            found.setdefault(arn, (capture, answer))
        return found

    def _source(self, row: Mapping[str, Any]) -> Source:
        capture = self._captures[int(row["capture"])]
        return Source(capture.number, capture.pointer_to(str(row["member"]), int(row["index"]), int(row["page"])))


def _with(base: Tail, structural: LinkState, **given: Any) -> Tail:
    """``base`` with what is known of the rest; link states among ``given`` become its links."""
    from dataclasses import replace  # noqa: PLC0415

    states = {name: value for name, value in given.items() if isinstance(value, LinkState)}
    known = {name: value for name, value in given.items() if name not in states}
    return replace(base, links=tail_links(metric_filter=structural, **states), **known)


def _joined(first: LinkState, second: LinkState) -> LinkState:
    """Two findings about one link as one: broken before unknown before ok."""
    worse = next(
        (link for state in (State.BROKEN, State.UNKNOWN) for link in (first, second) if link.state is state),
        first,
    )
    return LinkState(
        worse.state,
        worse.code,
        worse.facts,
        tuple(dict.fromkeys((*first.sources, *second.sources))),
        (*first.needs, *second.needs),
        (*first.open_points, *second.open_points),
        (*first.remarks, *second.remarks),
    )


def _value(value: Any) -> Any:
    """A cell without pandas' missing value."""
    return None if value is None or (not isinstance(value, list | dict) and pd.isna(value)) else value
