"""What the bundle says about one resource, found by its identity: trails' status, log groups, topics, alarms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from auditor.arn import log_group_of, parse_arn
from auditor.chains.alarm_listing import AlarmListing
from auditor.chains.key_policies import key_of, policies_of_keys
from auditor.chains.log_group import ListedGroup, denied_groups, filter_counts
from auditor.chains.metric_filter import processors_in
from auditor.chains.model import LogGroup, Source
from auditor.chains.nobodys import Nobodys
from auditor.chains.organization import Organizations
from auditor.chains.subscription import Subscriber
from auditor.chains.testimony import NO_TESTIMONY, Identity, Says, Subject, Testimony, testimonies
from auditor.chains.trail import TrailRow, says_off, status_says
from auditor.chains.trail_copies import one_trail
from auditor.evidence import Capture, Membership, Responses, Tables, kept_items
from auditor.evidence.call_ids import (
    DESCRIBE_ACCOUNT_POLICIES,
    DESCRIBE_REGIONS,
    GET_ALARM_MUTE_RULE,
    GET_EVENT_SELECTORS,
    GET_KEY_POLICY,
    GET_SUBSCRIPTION_ATTRIBUTES,
    GET_TOPIC_ATTRIBUTES,
    GET_TRAIL_STATUS,
    GET_TRANSFORMER,
    LIST_ALARM_MUTE_RULES,
    LIST_CENTRALIZATION_RULES_FOR_ORGANIZATION,
    LIST_REGIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
)
from auditor.evidence.item import Item
from auditor.evidence.tables import LOG_GROUPS, SUBSCRIPTIONS, TOPICS, TRAILS, Row
from auditor.text import listing

UNRELIABLE = "a capture whose place is not known cannot be relied on"
_SWITCHED_OFF = ("DISABLED", "not-opted-in")


class Lookups:
    """The tables and answers of a bundle, indexed as the join needs them; every index is made when first used."""

    def __init__(
        self, captures: tuple[Capture, ...], responses: Responses, memberships: Collection[Membership] = ()
    ) -> None:
        self.captures = captures
        self.responses = responses
        self.tables = Tables(captures, responses)
        self.organizations = Organizations(self.tables, memberships)
        self._nobodys = Nobodys(captures)
        self._testimonies_of: dict[str, Mapping[Any, Testimony]] = {}

    def source(self, row: Row) -> Source:
        """The place of a table's row in the evidence."""
        capture = self.captures[row["capture"]]
        return Source(capture.number, capture.pointer_to(row["member"], row["index"], row["page"]))

    def left_out(self, item: Item, source: Source) -> str:
        """The members that AWS always prints and the item at a place lacks, in words; ``""`` if none (X6)."""
        capture = self.captures[source.capture]
        parts = source.pointer.split("/")
        member = next((entry.member for entry in capture.call.lists if entry.member in parts), "")
        return listing(capture.left_out(member, item), limit=4)

    @cached_property
    def _trail_rows(self) -> list[Row]:
        return self.tables.rows(TRAILS)

    @cached_property
    def trails(self) -> dict[str, TrailRow]:
        """Every trail of the bundle by ARN, its shadow copies put together (T3)."""
        by_arn: dict[str, list[Row]] = defaultdict(list)
        for row in self._trail_rows:
            by_arn[row["trail_arn"]].append(row)
        for row in self.tables.against(TRAILS):
            copies = by_arn.get(row["trail_arn"])
            if copies is not None:
                copies.append(row)
        trails = {arn: one_trail(arn, rows, self.source) for arn, rows in sorted(by_arn.items())}
        return {
            arn: replace(trail, left_out=self.left_out(trail.item, trail.sources[0])) for arn, trail in trails.items()
        }

    @cached_property
    def trails_of(self) -> dict[str, list[str]]:
        """The ARNs of the trails that each account's own captures show."""
        arns: dict[str, set[str]] = defaultdict(set)
        for row in self._trail_rows:
            arns[row["account_id"]].add(row["trail_arn"])
        return {account: sorted(own) for account, own in arns.items()}

    @cached_property
    def log_groups(self) -> dict[tuple[str, str, str], Row]:
        """The rows of the log groups table by account, region and name."""
        return {(row["account_id"], row["region"], row["log_group"]): row for row in self.tables.rows(LOG_GROUPS)}

    def listed_group(self, group: LogGroup | None) -> ListedGroup | None:
        """What describe-log-groups says of a log group; None if it lists it nowhere."""
        if group is None:
            return None
        row = self.log_groups.get((group.account_id, group.region, group.name))
        if row is None:
            return None
        source = self.source(row)
        capture = self.captures[source.capture]
        by_pattern = capture.narrowed == "--log-group-name-pattern"  # it prints name, ARN and time of creation alone
        cut = capture.cut or by_pattern or bool(capture.left_out(row["member"], capture.at(source.pointer)))
        return ListedGroup(row["log_group_class"], source, classes_printed=not cut)

    def counted_filters(self, group: LogGroup) -> tuple[int | None, Source | None]:
        """How many metric filters describe-log-groups counts on a log group, and where; None if it is silent (L3)."""
        return self.filter_counts.get((group.account_id, group.region, group.name), (None, None))

    @cached_property
    def filter_counts(self) -> Mapping[tuple[str, str, str], tuple[int, Source]]:
        """The same by account, region and name."""
        return filter_counts(self.tables)

    @cached_property
    def groups_denied(self) -> Mapping[tuple[str, str, str], Source]:
        """The log groups of which AWS answered that they do not exist, by account, region and name (L1)."""
        return denied_groups(self.captures)

    @cached_property
    def subscriptions(self) -> dict[str, list[tuple[Subscriber, Source]]]:
        """The captured subscriptions of each topic, each once: from its own listing, then from list-subscriptions."""
        by_topic: dict[str, list[tuple[Subscriber, Source]]] = defaultdict(list)
        pairs: set[tuple[str, Subscriber]] = set()
        rows = self.tables.rows(SUBSCRIPTIONS)
        for row in sorted(rows, key=lambda row: self.captures[row["capture"]].call.id != LIST_SUBSCRIPTIONS_BY_TOPIC):
            topic = row["topic_arn"]
            subscriber = Subscriber.of(row)
            if (topic, subscriber) not in pairs:
                pairs.add((topic, subscriber))
                by_topic[topic].append((subscriber, self.source(row)))
        return dict(by_topic)

    @cached_property
    def subscriptions_against(self) -> dict[str, list[tuple[Subscriber, Source]]]:
        """By topic the subscriptions that the table leaves out: they can only say that one is not confirmed (N3)."""
        by_topic: dict[str, list[tuple[Subscriber, Source]]] = defaultdict(list)
        for row in self.tables.against(SUBSCRIPTIONS):
            by_topic[row["topic_arn"]].append((Subscriber.of(row), self.source(row)))
        return dict(by_topic)

    @cached_property
    def topics(self) -> frozenset[str]:
        """The topics that list-topics shows."""
        return frozenset(row["topic_arn"] for row in self.tables.rows(TOPICS))

    def about_trail(self, trail: TrailRow, call_id: str) -> Testimony:
        """What get-trail-status or get-event-selectors say of a trail.

        Only captures of its own account and home region speak for it; one that names no trail does where no other
        trail is homed there. What names none that is shown, and a status from elsewhere where there is none from home,
        proves nothing good, and is not dropped where it says that one is off (T12).
        """

        def identity(capture: Capture, _: Item) -> tuple[str, str, str] | None:
            place = capture.place
            resource = place.resource
            arn = parse_arn(resource)
            if capture.label:
                return None
            if arn is not None and call_id == GET_EVENT_SELECTORS and not capture.says_gone:
                return (arn.account_id, arn.region, resource)  # the answer names its trail, wherever it was asked (T3)
            if resource and (arn is None or arn.account_id != place.account_id or place.region not in ("", arn.region)):
                return None
            return (place.account_id, arn.region if arn else place.region, resource)

        status = call_id == GET_TRAIL_STATUS
        says = status_says if status else None
        statements = self._testimonies(call_id, identity, says)
        home = (trail.account_id, trail.home_region)
        named = statements.get((*home, trail.trail_arn), NO_TESTIMONY)
        unnamed = statements.get((*home, ""), NO_TESTIMONY) if self._homed[home] == 1 else NO_TESTIMONY
        told_together = named.beside(unnamed, says)
        if status and told_together.answer is not None and says_off(trail, told_together.answer):
            return told_together
        if status and told_together.answer is None:
            elsewhere = [*self._statuses_elsewhere.get((trail.account_id, trail.name), ())]
            only = sum(other.account_id == trail.account_id for other in self.trails.values()) == 1
            elsewhere += self._nobodys.elsewhere(call_id, *home, trail.name, unnamed=only)
            if trail.organization:
                elsewhere += self._statuses_of_unseen.get(trail.name.casefold(), ())
            off = [capture for capture in elsewhere if any(says_off(trail, (capture, page)) for page in capture.pages)]
            told_together = told_together.against(off, "one of another region says that the trail is off there")
        alone = self._homed[home] == 1
        against = [
            capture
            for capture in self._nobodys.of(call_id, *home, trail.name)
            if capture.label or not capture.placed or capture.perhaps or not alone
            if capture.spoiled or (status and any(says_off(trail, (capture, page)) for page in capture.pages))
        ]
        return told_together.against(against, "a capture that names no trail shown says otherwise, or cannot be read")

    @cached_property
    def _statuses_elsewhere(self) -> dict[tuple[str, str], list[Capture]]:
        """By account and name the statuses of trails that were captured outside their own account and home region."""
        statuses: dict[tuple[str, str], list[Capture]] = defaultdict(list)
        for capture in self.captures:
            place = capture.place
            arn = parse_arn(place.resource) if capture.call.id == GET_TRAIL_STATUS and capture.usable else None
            if arn is None:
                continue
            from_home = place.resource in self.trails and (arn.account_id, arn.region) == (
                place.account_id,
                place.region,
            )
            if not from_home:
                statuses[arn.account_id, arn.resource.partition("/")[2]].append(capture)
        return statuses

    @cached_property
    def _statuses_of_unseen(self) -> dict[str, list[Capture]]:
        """By name the statuses of trails that no capture shows: an organisation's, as its members see it."""
        statuses: dict[str, list[Capture]] = defaultdict(list)
        for capture in self.captures:
            arn = parse_arn(capture.place.resource) if capture.call.id == GET_TRAIL_STATUS and capture.usable else None
            if arn is not None and capture.place.resource not in self.trails:
                statuses[arn.resource.partition("/")[2].casefold()].append(capture)
        return statuses

    def listing_against(self, topic_arn: str, account_id: str, region: str) -> list[Capture]:
        """Listings by topic that name none, may be this one's and show nobody confirmed (N4, X7)."""
        return self._nobodys.listings(LIST_SUBSCRIPTIONS_BY_TOPIC, account_id, region, topic_arn.rpartition(":")[2])

    @cached_property
    def _homed(self) -> Counter[tuple[str, str]]:
        return Counter((trail.account_id, trail.home_region) for trail in self.trails.values())

    def about_topic(self, topic_arn: str, account_id: str, region: str) -> Testimony:
        """What get-topic-attributes says of a topic, which stands in this account and region."""
        return self._about(GET_TOPIC_ATTRIBUTES, topic_arn, account_id, region)

    def about_subscription(self, subscription_arn: str, account_id: str, region: str) -> Testimony:
        """What get-subscription-attributes says of a subscription of a topic in this account and region."""
        return self._about(GET_SUBSCRIPTION_ATTRIBUTES, subscription_arn, account_id, region)

    def _about(self, call_id: str, arn: str, account_id: str, region: str) -> Testimony:
        """What a call says of the resource with this ARN; a broken capture that names none may be about any there, and
        so may AWS's answer that it knows no such thing.
        """

        def identity(capture: Capture, _: Item) -> str:
            place = capture.place
            named = parse_arn(place.resource) is not None
            return place.resource if named or capture.usable else f"{place.account_id} {place.region}"

        statements = self._testimonies(call_id, identity)
        anonymous, named = statements.get(f"{account_id} {region}", NO_TESTIMONY), statements.get(arn, NO_TESTIMONY)
        if anonymous.gone and named.answer is None and not named.gone:
            return replace(anonymous, gone=False, dispute="AWS knows no such thing, and the capture does not name it")
        gone = self._nobodys.gone(call_id, account_id, region, arn.rpartition(":")[2])
        named = named.against(gone, "AWS knows no such thing, and where it was asked is not known")
        unreliable = self.unreliable(call_id, account_id, region, arn.rpartition(":")[2])
        named = named.against(unreliable, UNRELIABLE)
        return anonymous if anonymous.dispute else named

    def unreliable(self, call_id: str, account_id: str, region: str, name: str | None = None) -> list[Capture]:
        """The captures of a call about one resource that lie in no known place, may be of this one, by its name, or
        of any there, and cannot be relied on."""
        return self._nobodys.unreliable(call_id, account_id, region, name)

    @cached_property
    def key_policies(self) -> Mapping[tuple[str, str, str], Testimony]:
        """What get-key-policy says, by account, region and name of the key (S4)."""
        return policies_of_keys(self._testimonies(GET_KEY_POLICY, key_of), self._nobodys)

    def _testimonies(
        self, call_id: str, identity: Identity[Subject], says: Says | None = None
    ) -> Mapping[Subject, Testimony]:
        if call_id not in self._testimonies_of:
            captures = [capture for capture in self.captures if capture.call.id == call_id and capture.place.account_id]
            self._testimonies_of[call_id] = testimonies(captures, identity, says)
        cached: Mapping[Subject, Testimony] = self._testimonies_of[call_id]
        return cached

    @cached_property
    def alarms(self) -> AlarmListing:
        """The alarms of each account and region."""
        return AlarmListing(self.captures, self.responses, self.tables)

    @cached_property
    def mute_rules(self) -> dict[tuple[str, str], dict[str, Testimony]]:
        """What get-alarm-mute-rule says in each account and region, by the rule's name (A17)."""

        def identity(capture: Capture, answer: Item) -> tuple[str, str, str] | None:
            text = _named(answer, "AlarmMuteRuleArn", capture)
            arn = parse_arn(text)
            account, region = (arn.account_id, arn.region) if arn else (capture.place.account_id, capture.place.region)
            return account, region, mute_rule_name(text)

        by_place: dict[tuple[str, str], dict[str, Testimony]] = defaultdict(dict)
        for (account, region, name), testimony in self._testimonies(GET_ALARM_MUTE_RULE, identity).items():
            by_place[(account, region)][name] = testimony
        return dict(by_place)

    @cached_property
    def mute_summaries(self) -> dict[tuple[str, str], list[Item]]:
        """The mute rules that list-alarm-mute-rules shows in each account and region (A17)."""
        by_place: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for capture, _, item in self.listed(LIST_ALARM_MUTE_RULES, "AlarmMuteRuleSummaries"):
            by_place[(capture.place.account_id, capture.place.region)].append(item)
        return dict(by_place)

    def transformer_of(self, group: LogGroup) -> Testimony:
        """What get-transformer says of a log group (L6)."""

        def identity(capture: Capture, answer: Item) -> tuple[str, str, str]:
            text = _named(answer, "logGroupIdentifier", capture)
            parts = log_group_of(text)
            if parts and capture.status != "misplaced":  # else it may be of either place
                return parts[1:]
            return capture.place.account_id, capture.place.region, parts[3] if parts else text

        place = (group.account_id, group.region, group.name)
        own = self._testimonies(GET_TRANSFORMER, identity).get(place, NO_TESTIMONY)
        differing = self._nobodys.differing(GET_TRANSFORMER, place, own, "transformerConfig")
        return own.against(differing, "one that lies in no known place differs")

    @cached_property
    def account_transformers(self) -> dict[tuple[str, str], list[tuple[list[Any], Source]]]:
        """The processors of the transformer policies of each account and region (L6)."""
        by_place: dict[tuple[str, str], list[tuple[list[Any], Source]]] = defaultdict(list)
        for capture, source, item in self.listed(DESCRIBE_ACCOUNT_POLICIES, "accountPolicies"):
            if item.get("policyType") == "TRANSFORMER_POLICY":
                place = (capture.place.account_id, capture.place.region)
                by_place[place].append((processors_in(item.get("policyDocument")), source))
        return dict(by_place)

    def centralization_of(self, account_id: str) -> list[tuple[Item, Source]]:
        """The captured centralisation rules of an account's organisation (L12)."""
        members = self.organizations.members
        listing = members.get(account_id)
        return [
            (item, source)
            for place, item, source in self._centralization
            if listing is None or place not in members or members[place].organization == listing.organization
        ]

    @cached_property
    def _centralization(self) -> list[tuple[str, Item, Source]]:
        call, member = LIST_CENTRALIZATION_RULES_FOR_ORGANIZATION, "CentralizationRuleSummaries"
        return [
            (capture.place.account_id, item, source)
            for capture, source, item in self.listed(call, member, contested=True)
        ]

    @cached_property
    def enabled_regions(self) -> dict[str, set[str]]:
        """The regions that one of each account's own listings shows as switched on, or not as off (T10)."""
        regions: dict[str, set[str]] = defaultdict(set)
        for call, member, state in (
            (LIST_REGIONS, "Regions", "RegionOptStatus"), (DESCRIBE_REGIONS, "Regions", "OptInStatus"),
        ):  # fmt: skip
            for capture, _, item in self.listed(call, member, contested=True):
                if item.get(state) not in _SWITCHED_OFF:
                    regions[capture.place.account_id].add(str(item.get("RegionName")))
        return dict(regions)

    def regions_listed(self, account_id: str) -> bool:
        """Whether a listing of an account's regions is whole: neither cut nor of some regions alone (T10)."""
        return any(self.responses.get(call, account_id).complete for call in (LIST_REGIONS, DESCRIBE_REGIONS))

    def listed(
        self, call_id: str, member: str, *, contested: bool = False, placed: bool = True
    ) -> Iterator[tuple[Capture, Source, Item]]:
        """The usable items of a call's list that has no table, each with its capture and place.

        ``contested``: also those that captures tell differently; not ``placed``: those whose place is not known.
        """
        left_out = frozenset() if contested else self.responses.contested
        for capture in self.captures:
            if capture.call.id != call_id or not capture.usable or capture.placed is not placed:
                continue
            for entry in capture.call.lists:
                if entry.member != member:
                    continue
                for page, index, item in kept_items(capture, entry, left_out):
                    yield capture, Source(capture.number, capture.pointer_to(member, index, page)), item


def _named(answer: Item, member: str, capture: Capture) -> str:
    """What an answer is about by its own member, else by the capture's name."""
    value = answer.get(member)
    return value if isinstance(value, str) and value else capture.place.resource


def mute_rule_name(text: str) -> str:
    """The name of a mute rule by its name or ARN (A17)."""
    return text.rpartition(":alarm-mute-rule:")[2]
