"""A composite alarm above an alarm that trips: does it go to ALARM with it, and do its actions run (C3–C6)?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.chains.alarms.composite_rule import STATES, parse_rule
from auditor.chains.alarms.rest import AlarmStates, CycleError, Moment
from auditor.chains.model import LinkState, Source, broken, ok, unknown


def names(composite: Mapping[str, Any], alarm: str, alarm_arn: str, states: AlarmStates) -> bool:
    """Whether a composite alarm depends on an alarm, directly or through other composites.

    A rule that cannot be read names it if its text does.
    """
    text = str(composite.get("AlarmRule") or "")
    if parse_rule(text) is None:
        return alarm in text or alarm_arn in text
    try:
        return alarm in states.leaves(str(composite.get("AlarmName")))
    except (CycleError, RecursionError):
        return alarm in _all_names(str(composite.get("AlarmName")), states)


def _all_names(composite: str, states: AlarmStates) -> set[str]:
    """Every alarm that a composite reaches, cycles cut."""
    found: set[str] = set()
    waiting = [composite]
    while waiting:
        rule = states.rule_of(waiting.pop())
        fresh = {states.name_of(name) for name in rule.names()} - found if rule else set()
        found |= fresh
        waiting += fresh
    return found


def composite_link(composite: Mapping[str, Any], alarm: str, states: AlarmStates, *sources: Source) -> LinkState:
    """Whether a composite alarm changes to ALARM when ``alarm`` does, all others at their rest.

    Its rule must be false at rest and true after the event (C4); conditions on other alarms and suppressors
    make it unknown, or broken where the capture shows them active (C5).
    """
    name = str(composite.get("AlarmName"))
    facts = {"composite": name, "alarm": alarm, "rule": str(composite.get("AlarmRule") or "")}
    try:
        decided = _decided(name, alarm, states, facts, sources)
    except CycleError as cycle:
        return broken("composite-cycle", *sources, cycle=str(cycle), **facts)
    except RecursionError:  # composites upon composites, deeper than can be followed
        return unknown("composite-undecided", *sources, **facts)
    return decided or _suppressed(composite, states, facts, sources) or ok(*sources)


def _decided(
    name: str, alarm: str, states: AlarmStates, facts: Mapping[str, str], sources: tuple[Source, ...]
) -> LinkState | None:
    """What the rule alone decides against the composite; None if it goes from false to true."""
    if states.rule_of(name) is None:
        return unknown("composite-rule-unparsable", *sources, **facts)
    rest, after = states.value(name, Moment()), states.value(name, Moment(alarm))
    if rest is True:
        return broken("composite-true-at-rest", *sources, **facts)
    if after is False:
        return broken("composite-needs-more", *sources, **facts)
    conditions = [other for other in sorted(states.leaves(name)) if other != alarm]
    for other in conditions:
        silencing = [
            state
            for state in sorted(STATES - (states.rest(other) if other in states.rows else frozenset()))
            if states.value(name, Moment(alarm, {other: frozenset({state})})) is False
        ]
        if not silencing:
            continue
        if states.captured(other) == "ALARM" and "ALARM" in silencing:
            return broken("composite-silenced", *sources, silencer=other, **facts)
        return unknown("composite-conditional", *sources, silencer=other, **facts)
    if rest is None or after is None:
        return unknown("composite-undecided", *sources, **facts)
    return None


def _suppressed(
    composite: Mapping[str, Any], states: AlarmStates, facts: Mapping[str, str], sources: tuple[Source, ...]
) -> LinkState | None:
    """Rule C5 for ``ActionsSuppressor``; None without one."""
    suppressor = str(composite.get("ActionsSuppressor") or "")
    known = {"silencer": states.name_of(suppressor) or suppressor or "another alarm", **facts}
    if composite.get("ActionsSuppressedBy") or (suppressor and states.captured(states.name_of(suppressor)) == "ALARM"):
        return broken("composite-suppressed", *sources, **known)
    return unknown("composite-suppressor", *sources, **known) if suppressor else None
