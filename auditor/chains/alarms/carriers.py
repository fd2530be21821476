"""Who carries the action when an alarm trips: the alarm itself, or a composite alarm above it (A15–A17, C1–C6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditor.arn import parse_arn
from auditor.chains.alarms.composite import composite_link, names
from auditor.chains.alarms.mute import mute_link
from auditor.chains.alarms.rest import Alarms
from auditor.chains.lookups import Lookups
from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, joined, ok, unknown
from auditor.chains.publishing import Publishing
from auditor.chains.repeats import Repeats
from auditor.chains.topic import sns_actions
from auditor.evidence.call_ids import DESCRIBE_ALARMS
from auditor.evidence.item import Item
from auditor.text import listing


@dataclass(frozen=True, slots=True)
class Carrier:
    """An alarm whose actions run. ``no_topic`` is the state of the topic link if no action is an SNS topic."""

    alarm_arn: str
    name: str
    actions: tuple[str, ...]
    link: LinkState
    no_topic: LinkState
    source: Source
    composite_arns: tuple[str, ...] = ()


class Carriers:
    """The carriers of the alarms of a bundle."""

    def __init__(self, lookups: Lookups, publishing: Publishing, repeats: Repeats) -> None:
        self._lookups = lookups
        self._repeats = repeats
        self._publishing = publishing
        self._states: dict[tuple[str, str], Alarms] = {}

    def of(self, item: Item, source: Source, account_id: str, region: str) -> list[Carrier]:
        """The carriers of a metric alarm that trips: each composite alarm that depends on it, and itself.

        An alarm without an SNS action of its own is left to the composite alarms above it, if there are any.
        """
        arn, name = str(item.get("AlarmArn", "")), str(item.get("AlarmName", ""))
        composites = self._lookups.alarms.composites.get((account_id, region), [])
        states = self._states_in(account_id, region) if composites else None
        above = [row for row in composites if states is not None and names(row["item"], name, arn, states)]
        carriers = []
        if not above or (item.get("ActionsEnabled") is not False and sns_actions(item.get("AlarmActions") or ())[0]):
            evidenced = self._composites_evidenced(account_id, region, bool(composites))
            need = (Need(DESCRIBE_ALARMS, account_id, region),)
            point = (
                () if evidenced else (OpenPoint("composites-not-captured", True, {"alarm": name, "arn": arn}, need),)
            )
            carriers.append(self._carrier(item, source, ok(source), point))
        for row in above:
            assert states is not None  # composites are there
            where = self._lookups.source(row)
            ruled = not states.lacks_rule(str(row["alarm_name"]))  # else its own link says what was cut away
            link = composite_link(row["item"], name, states, source, where) if ruled else ok(source, where)
            carrier = self._carrier(row["item"], where, link, ())
            carriers.append(replace(carrier, composite_arns=(carrier.alarm_arn,)))
        return carriers

    def _carrier(self, item: Item, source: Source, link: LinkState, points: tuple[OpenPoint, ...]) -> Carrier:
        """An alarm as a carrier: its actions enabled (A15), among them a topic (A16), none of them muted (A17)."""
        arn, name = str(item.get("AlarmArn", "")), str(item.get("AlarmName", ""))
        actions = tuple(str(action) for action in item.get("AlarmActions") or ())
        facts = {"alarm": name, "arn": arn}
        if item.get("ActionsEnabled") is False:
            disabled = replace(broken("actions-disabled", source, **facts), open_points=points)
            link = joined(link, disabled)
        elif (parsed := parse_arn(arn)) is not None:
            link = joined(link, mute_link(parsed, name, facts, self._lookups))
        cut = self._cut(item, source, facts)
        link = link if cut is None else joined(link, cut)
        code = "no-action" if not actions else "only-other-actions"
        if not actions and (item.get("OKActions") or item.get("InsufficientDataActions")):
            code = "only-ok-actions"
        topic_facts = {**facts, "actions": listing(sns_actions(actions)[1], limit=3) or "none"}
        no_topic = replace(broken(code, source, **topic_facts), open_points=points)
        if cut is not None and "AlarmActions" not in item:
            no_topic = cut
        return Carrier(arn, name, actions, link, no_topic, source)

    def _cut(self, item: Item, source: Source, facts: Mapping[str, str]) -> LinkState | None:
        """The state of an alarm that lacks members which AWS always prints: others may be cut away, too (X6)."""
        members, arn = self._lookups.left_out(item, source), parse_arn(facts["arn"])
        if not members:
            return None
        link = unknown("alarm-members-left-out", source, members=members, **facts)
        return link if arn is None else link.needing(Need(DESCRIBE_ALARMS, arn.account_id, arn.region))

    def _composites_evidenced(self, account_id: str, region: str, any_found: bool) -> bool:
        """Whether composite alarms were asked for (C1): some were answered, or the arguments say so."""
        return any_found or self._lookups.responses.get(DESCRIBE_ALARMS, account_id, region).asked_for("CompositeAlarm")

    def _states_in(self, account_id: str, region: str) -> Alarms:
        place = (account_id, region)
        if place not in self._states:
            rows = self._lookups.alarms.all_in(account_id, region)
            whole = self._lookups.responses.get(DESCRIBE_ALARMS, *place).complete
            self._states[place] = Alarms(account_id, region, rows, self._publishing, self._repeats, whole=whole)
        return self._states[place]
