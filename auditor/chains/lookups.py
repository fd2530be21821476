"""What the bundle says about one resource, found by its identity: trails' status, log groups, topics, alarms."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from auditor.arn import log_group_of, parse_arn
from auditor.chains.model import LogGroup, Source
from auditor.chains.organization import Organizations
from auditor.chains.subscription import Subscriber
from auditor.chains.trail import Answer, TrailRow
from auditor.evidence import Capture, Responses, Tables
from auditor.evidence.assemble import kept_items
from auditor.evidence.tables import ALARMS

Row = dict[str, Any]
_TRAIL_MEMBERS = ("name", "multi_region", "organization", "global_events", "custom_selectors")
_TRAIL_DECIDES = ("multi_region", "organization", "log_group_arn")

_BY_TOPIC = "sns:ListSubscriptionsByTopic"
_SWITCHED_ON = ("ENABLED", "ENABLED_BY_DEFAULT", "opt-in-not-required", "opted-in")


class Lookups:
    """The tables and answers of a bundle, indexed as the join needs them; every index is made when first used."""

    def __init__(self, captures: tuple[Capture, ...], responses: Responses) -> None:
        self.captures = captures
        self.responses = responses
        self.tables = Tables(captures, responses)
        self.organizations = Organizations(self.tables)
        self._single: dict[str, list[tuple[Capture, dict[str, Any]]]] = {}

    def source(self, row: Mapping[str, Any]) -> Source:
        """The place of a table's row in the evidence."""
        capture = self.captures[int(row["capture"])]
        return Source(capture.number, capture.pointer_to(str(row["member"]), int(row["index"]), int(row["page"])))

    def single(self, call_id: str) -> list[tuple[Capture, dict[str, Any]]]:
        """The usable answers of a call without lists, in capture order."""
        if call_id not in self._single:
            self._single[call_id] = self.tables.single(call_id)
        return self._single[call_id]

    @cached_property
    def trails(self) -> dict[str, TrailRow]:
        """Every trail of the bundle by ARN, its shadow copies put together (T3)."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables.trails.to_dict("records"):
            found[str(row["trail_arn"])].append({str(name): plain(value) for name, value in row.items()})
        return {arn: self._trail(arn, rows) for arn, rows in sorted(found.items())}

    def _trail(self, arn: str, rows: list[Row]) -> TrailRow:
        parts = parse_arn(arn)
        home = next((row["home_region"] for row in rows if row["home_region"]), parts.region if parts else "")
        account = parts.account_id if parts else ""

        def distance(row: Row) -> int:
            return 0 if (row["account_id"], row["region"]) == (account, home) else 1 + (row["account_id"] != account)

        # The copies nearest to the trail's own account and region speak; the others only fill in what older CLIs
        # leave out. A trail without a log group has no such member, so that this one is never filled in (X6).
        rows = sorted(rows, key=lambda row: (distance(row), row["capture"]))
        speaking = [row for row in rows if distance(row) == distance(rows[0])]
        differing = [name for name in _TRAIL_DECIDES if len({plain(row[name]) for row in speaking}) > 1]
        first = {name: next((row[name] for row in rows if row[name] is not None), None) for name in _TRAIL_MEMBERS}
        return TrailRow(
            trail_arn=arn,
            name=first["name"] or (parts.resource.partition("/")[2] if parts else arn),
            home_region=home,
            account_id=account,
            multi_region=first["multi_region"],
            organization=first["organization"],
            global_events=first["global_events"],
            log_group_arn=rows[0]["log_group_arn"] or "",
            custom_selectors=first["custom_selectors"],
            sources=tuple(self.source(row) for row in (speaking if differing else rows[:1])),
            item=rows[0]["item"],
            contradictory=bool(differing),
        )

    @cached_property
    def trails_of(self) -> dict[str, list[str]]:
        """The ARNs of the trails that each account's own captures show."""
        frame = self.tables.trails
        return {
            str(account): sorted(set(group["trail_arn"])) for account, group in frame.groupby("account_id", sort=True)
        }

    @cached_property
    def log_groups(self) -> dict[tuple[str, str, str], Row]:
        """The rows of the log groups table by account, region and name."""
        return {
            (str(row["account_id"]), str(row["region"]), str(row["log_group"])): {str(k): v for k, v in row.items()}
            for row in self.tables.log_groups.to_dict("records")
        }

    def listed_group(self, group: LogGroup | None) -> tuple[str | None, Source] | None:
        """The class of a log group that describe-log-groups lists, and where; None if it lists it nowhere."""
        if group is None:
            return None
        row = self.log_groups.get((group.account_id, group.region, group.name))
        return None if row is None else (plain(row["log_group_class"]), self.source(row))

    @cached_property
    def subscriptions(self) -> dict[str, list[tuple[Subscriber, Source]]]:
        """The captured subscriptions of each topic, each once: from its own listing, then from list-subscriptions."""
        found: dict[str, list[tuple[Subscriber, Source]]] = defaultdict(list)
        seen: set[tuple[str, Subscriber]] = set()
        rows = self.tables.subscriptions.to_dict("records")
        for row in sorted(rows, key=lambda row: self.captures[int(row["capture"])].call.id != _BY_TOPIC):
            topic, who = str(row["topic_arn"]), Subscriber(
                str(row["subscription_arn"]), str(row["protocol"]), str(plain(row["endpoint"]) or "")
            )  # fmt: skip
            if (topic, who) not in seen:
                seen.add((topic, who))
                found[topic].append((who, self.source({str(k): v for k, v in row.items()})))
        return dict(found)

    @cached_property
    def topics(self) -> frozenset[str]:
        """The topics that list-topics shows."""
        return frozenset(str(arn) for arn in self.tables.topics["topic_arn"])

    @cached_property
    def topic_attributes(self) -> dict[str, Answer]:
        """The get-topic-attributes answers by topic ARN."""
        return self._attributes("sns:GetTopicAttributes", "TopicArn")

    @cached_property
    def subscription_attributes(self) -> dict[str, Answer]:
        """The get-subscription-attributes answers by subscription ARN."""
        return self._attributes("sns:GetSubscriptionAttributes", "SubscriptionArn")

    def _attributes(self, call_id: str, member: str) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for capture, answer in self.single(call_id):
            arn = str((answer.get("Attributes") or {}).get(member) or capture.place.resource)
            found.setdefault(arn, (capture, answer))
        return found

    @cached_property
    def composites(self) -> dict[tuple[str, str], list[Row]]:
        """The composite alarms of each account and region."""
        return self._alarms_of("CompositeAlarms")

    def alarms_in(self, account_id: str, region: str) -> list[Row]:
        """``alarm_name``, ``member`` and ``item`` of all alarms, of any kind, of an account and region."""
        key = (account_id, region)
        if key not in self._alarms_by_place:
            response = self.responses.get("cloudwatch:DescribeAlarms", account_id, region)
            self._alarms_by_place[key] = [
                {"alarm_name": item.get("AlarmName"), "member": entry.member, "item": item}
                for number in response.captures
                for entry in response.call.lists
                for _, _, item in kept_items(self.captures[number], entry, self.responses.contested)
            ]
        return self._alarms_by_place[key]

    @cached_property
    def _alarms_by_place(self) -> dict[tuple[str, str], list[Row]]:
        return {}

    @cached_property
    def mute_rules(self) -> dict[tuple[str, str], dict[str, Answer]]:
        """The get-alarm-mute-rule answers of each account and region, by the rule's ARN (A17)."""
        found: dict[tuple[str, str], dict[str, Answer]] = defaultdict(dict)
        for capture, answer in self.single("cloudwatch:GetAlarmMuteRule"):
            text = str(answer.get("AlarmMuteRuleArn") or "")
            arn = parse_arn(text)
            if arn is not None:
                found[(arn.account_id, arn.region)].setdefault(text, (capture, answer))
        return dict(found)

    @cached_property
    def mute_summaries(self) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
        """The mute rules that list-alarm-mute-rules shows in each account and region (A17)."""
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for capture, _, item in self.listed("cloudwatch:ListAlarmMuteRules", "AlarmMuteRuleSummaries"):
            found[(capture.place.account_id, capture.place.region)].append(item)
        return dict(found)

    @cached_property
    def transformers(self) -> dict[tuple[str, str, str], tuple[list[Any], Source]]:
        """The processors of the transformer of each log group, by account, region and name (L6)."""
        found: dict[tuple[str, str, str], tuple[list[Any], Source]] = {}
        for capture, answer in self.single("logs:GetTransformer"):
            text = str(answer.get("logGroupIdentifier") or capture.place.resource)
            parts = log_group_of(text)
            place = parts[1:] if parts else (capture.place.account_id, capture.place.region, text)
            source = Source(capture.number, f"{capture.page_pointers[0]}/transformerConfig")
            found.setdefault(place, (list(answer.get("transformerConfig") or ()), source))
        return found

    @cached_property
    def account_transformers(self) -> dict[tuple[str, str], list[tuple[list[Any], Source]]]:
        """The processors of the transformer policies of each account and region (L6)."""
        found: dict[tuple[str, str], list[tuple[list[Any], Source]]] = defaultdict(list)
        for capture, source, item in self.listed("logs:DescribeAccountPolicies", "accountPolicies"):
            if item.get("policyType") == "TRANSFORMER_POLICY":
                place = (capture.place.account_id, capture.place.region)
                found[place].append((_processors(item.get("policyDocument")), source))
        return dict(found)

    def centralization_of(self, account_id: str) -> list[tuple[Mapping[str, Any], Source]]:
        """The captured centralisation rules of an account's organisation (L12)."""
        members = self.organizations.members
        own = members.get(account_id)
        return [
            (item, source)
            for place, item, source in self._centralization
            if own is None or place not in members or members[place].organization == own.organization
        ]

    @cached_property
    def _centralization(self) -> list[tuple[str, Mapping[str, Any], Source]]:
        call, member = "observabilityadmin:ListCentralizationRulesForOrganization", "CentralizationRuleSummaries"
        return [(capture.place.account_id, item, source) for capture, source, item in self.listed(call, member)]

    @cached_property
    def log_alarms(self) -> dict[tuple[str, str], list[Row]]:
        """The log alarms of each account and region: roads beside the chain (V6)."""
        return self._alarms_of("LogAlarms")

    def _alarms_of(self, kind: str) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.tables.select(ALARMS, (kind,)).to_dict("records"):
            found[(str(row["account_id"]), str(row["region"]))].append({str(k): v for k, v in row.items()})
        return dict(found)

    @cached_property
    def enabled_regions(self) -> dict[str, set[str]]:
        """The regions that each account's own listing shows as switched on (T10)."""
        found: dict[str, set[str]] = defaultdict(set)
        for call, member, state in (
            ("account:ListRegions", "Regions", "RegionOptStatus"), ("ec2:DescribeRegions", "Regions", "OptInStatus"),
        ):  # fmt: skip
            for capture, _, item in self.listed(call, member):
                if str(item.get(state)) in _SWITCHED_ON:
                    found[capture.place.account_id].add(str(item.get("RegionName")))
        return dict(found)

    def listed(self, call_id: str, member: str) -> Iterator[tuple[Capture, Source, Mapping[str, Any]]]:
        """The usable items of a call's list that has no table, each with its capture and place."""
        for capture in self.captures:
            if capture.call.id != call_id or not capture.usable or not capture.placed:
                continue
            for entry in capture.call.lists:
                if entry.member != member:
                    continue
                for page, index, item in kept_items(capture, entry, self.responses.contested):
                    yield capture, Source(capture.number, capture.pointer_to(member, index, page)), item


def _processors(document: Any) -> list[Any]:
    """The processors in a transformer policy's document, which is JSON in a string; one of no kind if it is not."""
    try:
        found = json.loads(document)
    except (TypeError, ValueError, RecursionError):
        found = None
    return found if isinstance(found, list) else [{}]


def plain(value: Any) -> Any:
    """A cell without pandas' missing value."""
    return None if value is None or (not isinstance(value, list | dict) and pd.isna(value)) else value
