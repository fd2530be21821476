"""Mute rules: whether the actions of an alarm are kept silent in some hours (A17)."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.arn import Arn
from auditor.chains.lookups import UNRELIABLE, Lookups, mute_rule_name
from auditor.chains.model import LinkState, Need, OpenPoint, Source, ok, unknown
from auditor.chains.testimony import NO_TESTIMONY
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
    summaries = {
        mute_rule_name(str(summary.get("AlarmMuteRuleArn"))): str(summary.get("Status"))
        for summary in lookups.mute_summaries.get((account, region), ())
    }
    names: set[str] = set()
    unplaced = NO_TESTIMONY.against(lookups.unreliable(GET_ALARM_MUTE_RULE, account, region), UNRELIABLE)
    for rule, testimony in (*lookups.mute_rules.get((account, region), {}).items(), ("", unplaced)):
        link = testimony.doubt("mute-rules-contradictory", Need(GET_ALARM_MUTE_RULE, account, region, rule), **facts)
        if link is not None:
            return link
        if testimony.answer is None:
            continue
        capture, answer = testimony.answer
        targets = (answer.get("MuteTargets") or {}).get("AlarmNames") or ()
        if name not in targets and facts["arn"] not in targets:
            names |= set() if capture.cut else {rule}  # of a cut answer further targets may be left out
            continue
        names.add(rule)
        target = Source(capture.number, f"{capture.page_pointers[0]}/MuteTargets/AlarmNames")
        if answer.get("Status") != "EXPIRED":
            return unknown("alarm-muted", target, mute_rule=rule, **facts)
        if summaries.get(rule, "EXPIRED") != "EXPIRED":
            detail = (
                f"get-alarm-mute-rule says that {rule} has expired, list-alarm-mute-rules calls it {summaries[rule]}"
            )
            doubted = unknown("mute-rules-contradictory", target, detail=detail, **facts)
            return doubted.needing(
                Need(GET_ALARM_MUTE_RULE, account, region, rule), Need(LIST_ALARM_MUTE_RULES, account, region)
            )
    points: list[OpenPoint] = []
    for rule, status in summaries.items():
        if status != "EXPIRED" and rule not in names:
            need = Need(GET_ALARM_MUTE_RULE, account, region, rule)
            points.append(OpenPoint("mute-rule-targets-not-captured", True, {**facts, "mute_rule": rule}, (need,)))
    if not listing.complete:
        points.append(
            OpenPoint("mute-rules-not-captured", facts=facts, needs=(Need(LIST_ALARM_MUTE_RULES, account, region),))
        )
    return ok(open_points=tuple(points))
