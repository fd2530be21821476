"""Mute rules: whether the actions of an alarm are kept silent in some hours (A17)."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.arn import Arn
from auditor.chains.lookups import Lookups, mute_rule_name
from auditor.chains.model import LinkState, Need, OpenPoint, Source, ok, unknown
from auditor.evidence.call_ids import GET_ALARM_MUTE_RULE, LIST_ALARM_MUTE_RULES


def mute_link(alarm: Arn, name: str, facts: Mapping[str, str], lookups: Lookups) -> LinkState:
    """Whether a mute rule can silence an alarm's actions: ok with open points, or unknown if one names the alarm.

    The listing names no targets; a rule that has not expired and whose targets were not captured is a
    material open point, since the listing itself says that something is muted.
    """
    account, region = alarm.account_id, alarm.region
    listing = lookups.responses.get(LIST_ALARM_MUTE_RULES, account, region)
    if listing.dispute:
        where = tuple(Source(number, "") for number in listing.captures)
        doubted = unknown("mute-rules-contradictory", *where, detail=listing.dispute, **facts)
        return doubted.needing(Need(LIST_ALARM_MUTE_RULES, account, region))
    names: set[str] = set()
    for rule, testimony in lookups.mute_rules.get((account, region), {}).items():
        link = testimony.doubt("mute-rules-contradictory", Need(GET_ALARM_MUTE_RULE, account, region, rule), **facts)
        if link is not None:
            return link
        if testimony.answer is None:
            continue
        names.add(rule)
        capture, answer = testimony.answer
        targets = (answer.get("MuteTargets") or {}).get("AlarmNames") or ()
        if answer.get("Status") != "EXPIRED" and name in targets:
            target = Source(capture.number, f"{capture.page_pointers[0]}/MuteTargets/AlarmNames")
            return unknown("alarm-muted", target, mute_rule=rule, **facts)
    points: list[OpenPoint] = []
    for summary in lookups.mute_summaries.get((account, region), ()):
        rule = mute_rule_name(str(summary.get("AlarmMuteRuleArn")))
        if summary.get("Status") != "EXPIRED" and rule not in names:
            need = Need(GET_ALARM_MUTE_RULE, account, region, rule)
            points.append(OpenPoint("mute-rule-targets-not-captured", True, {**facts, "mute_rule": rule}, (need,)))
    if not listing.complete:
        points.append(
            OpenPoint("mute-rules-not-captured", facts=facts, needs=(Need(LIST_ALARM_MUTE_RULES, account, region),))
        )
    return ok(open_points=tuple(points))
