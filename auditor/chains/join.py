"""The join: trails as they serve each account, and what hangs behind each log group, once for all controls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from auditor.arn import parse_arn
from auditor.chains.counts import Counts
from auditor.chains.lookups import Lookups
from auditor.chains.mended import Mended, Published
from auditor.chains.model import LogGroup, Source, Tail, TrailPath
from auditor.chains.paths import Paths
from auditor.chains.publishing import Publishing
from auditor.chains.subscription import Subscriber
from auditor.chains.tails import Tails
from auditor.chains.testimony import Answer
from auditor.chains.topic import sns_actions
from auditor.chains.trail import TrailRow
from auditor.evidence import Capture, Membership, Responses
from auditor.evidence.tables import Row


class Chains:
    """All chains of a bundle: :meth:`paths` per account, :meth:`tails` per log group. Knows no control.

    ``counts`` answers what has to be asked of patterns: whether a filter counts nearly every event (L10), so that what
    it publishes arrives at rest, and the like. ``memberships`` are what files say of accounts'
    organisations that are no answers.
    """

    def __init__(
        self,
        captures: tuple[Capture, ...],
        responses: Responses,
        counts: Counts,
        memberships: Collection[Membership] = (),
    ) -> None:
        lookups = Lookups(captures, responses, memberships)
        self.tables = lookups.tables
        self.organizations = lookups.organizations
        publishing = Publishing(lookups, counts)
        self._lookups = lookups
        self._publishing = publishing
        self._paths = Paths(lookups, publishing)
        self._tails = Tails(lookups, publishing)
        self._mended = Mended(lookups, publishing)

    @property
    def trails(self) -> dict[str, TrailRow]:
        """Every trail of the bundle by ARN, its shadow copies put together (T3)."""
        return self._lookups.trails

    @property
    def enabled_regions(self) -> dict[str, set[str]]:
        """The regions that each account's own listing shows as switched on (T10)."""
        return self._lookups.enabled_regions

    def regions_shown(self, account_id: str) -> bool:
        """Whether an account's own whole listing says which regions are switched on (T10)."""
        return bool(self.enabled_regions.get(account_id)) and self._lookups.regions_listed(account_id)

    def paths(self, account_id: str, required_regions: Sequence[str]) -> list[TrailPath]:
        """The trails that serve an account, and a path for each answer that could hold another one.

        Rules T2, T6–T8, T10; ``required_regions`` are those whose calls must be heard, the first of them where an
        account is asked of which nothing was captured.
        """
        return self._paths.of(account_id, required_regions)

    def tails(self, group: LogGroup) -> list[Tail]:
        """What hangs behind a log group: a tail per metric filter, alarm and topic, and one per gap."""
        return self._tails.behind(group)

    # What a remedy asks: the chain with a link mended.

    def published(self, tail: Tail) -> Published | None:
        """What the filter of a chain publishes, and what has to change for an alarm on it; None: no filter is known."""
        return self._mended.published(tail)

    def topics_of(self, tail: Tail) -> list[str]:
        """The topics that the alarm of a chain notifies, or the composite alarm that carries its action."""
        return self._mended.topics(tail)

    def behind_topic(self, tail: Tail, topic_arn: str) -> Tail:
        """A chain with its alarm mended, so that it notifies this topic: what hangs behind it."""
        return self._tails.behind_topic(tail, topic_arn)

    # What lies under the chains, for those who ask for more than a chain says.

    def topics_named(self, account_id: str, region: str) -> list[str]:
        """The topics of a region that captured alarms of it notify, those on AWS's own metrics aside (M1)."""
        topics: dict[str, None] = {}
        for row in self._lookups.alarms.all_in(account_id, region):
            item = row["item"]
            if not str(item.get("Namespace") or "").startswith("AWS/"):
                actions = [action for action in item.get("AlarmActions") or () if isinstance(action, str)]
                for topic in sns_actions(actions)[0]:
                    arn = parse_arn(topic)
                    if arn is not None and arn.region == region:
                        topics.setdefault(topic)
        return list(topics)

    @cached_property
    def topics_listed(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """The topics that list-topics shows in each account and region."""
        by_place: dict[tuple[str, str], list[str]] = defaultdict(list)
        for topic in sorted(self._lookups.topics):
            arn = parse_arn(topic)
            if arn is not None:
                by_place[(arn.account_id, arn.region)].append(topic)
        return dict(by_place)

    def about(self, trail: TrailRow, call_id: str) -> Answer | None:
        """The answer of a call about this very trail, from its own account and home region (T12)."""
        return self._paths.about(trail, call_id)

    def filters_on(self, group: LogGroup) -> list[Row]:
        """The metric filters on a log group, as rows of the metric filters table."""
        return self._publishing.filters_on(group)

    def watching(self, account_id: str, region: str, metric_name: str) -> list[Row]:
        """The alarms that read a metric of this name, in any namespace, of the account and region."""
        return self._publishing.watching(account_id, region, metric_name)

    def subscribers(self, topic_arn: str) -> list[tuple[Subscriber, Source]]:
        """The captured subscriptions of a topic."""
        return self._lookups.subscriptions.get(topic_arn, [])
