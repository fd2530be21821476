"""A composite alarm above an alarm that trips: does it go to ALARM with it, and do its actions run (C3–C6)?

Each question is asked of all assignments of states to the other alarms: the same alarm has one state wherever a rule
or a composite below names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.chains.alarms.assignments import BudgetError, Question, States, negated
from auditor.chains.alarms.composite_rule import STATES
from auditor.chains.alarms.rest import Alarms, CycleError
from auditor.chains.model import LinkState, Need, Source, broken, ok, unknown
from auditor.evidence.item import Item
from auditor.rules.steering import COMPOSITE_CONDITIONAL, COMPOSITE_SUPPRESSOR, COMPOSITE_UNDECIDED
from auditor.text import listing

_ALARM = frozenset({"ALARM"})
_DECIDED: Mapping[bool | None, frozenset[str]] = {
    True: _ALARM, False: frozenset({"OK"}), None: frozenset({"ALARM", "OK"}),
}  # fmt: skip
_USUAL = ("at_rest", "at_busy_rest", "as_captured", "in_any_state")
_NEEDS_MORE = "composite-needs-more"
_AFTER = "\x00after: "  # before the name of an alarm that may trip with the event, where its state after it is meant


def names(composite: Item, alarm: str, alarm_arn: str, alarms: Alarms) -> bool:
    """Whether a composite alarm depends on an alarm, directly or through other composites.

    A rule that cannot be read names it if its text does, and one that was cut away may name any (X6).
    """
    name = str(composite.get("AlarmName"))
    reached = alarms.reached(name)
    unread = [text for above in (name, *reached) if (text := alarms.unread_rule(above))]
    if any(alarms.lacks_rule(above) for above in (name, *reached)):
        return True
    return alarm in reached or any(alarm in text or alarm_arn in text for text in unread)


def composite_link(composite: Item, alarm: str, alarms: Alarms, *sources: Source) -> LinkState:
    """Whether a composite alarm changes to ALARM when ``alarm`` does, and runs its actions then.

    Its rule must be false with the others at rest, and true after the event (C4); if some states of the others make
    it false, or suppress it, that is unknown, and broken where the captured ones do (C5).
    """
    name = str(composite.get("AlarmName"))
    facts = {"composite": name, "alarm": alarm, "rule": str(composite.get("AlarmRule") or "")}
    if alarms.rule_of(name) is None:
        return unknown("composite-rule-unparsable", *sources, **facts)
    try:
        order = alarms.below(name)
    except CycleError as cycle:
        return broken("composite-cycle", *sources, cycle=str(cycle), **facts)
    event = _Event(name, alarm, str(composite.get("ActionsSuppressor") or ""), alarms, order)
    try:
        fault = _broken(event, composite) or _unknown(event)
        if fault is not None and fault[0] == _NEEDS_MORE and (others := event.counted_along()):
            along = _Event(name, alarm, event.suppressor, alarms, order, others)
            if along.find(along.at_busy_rest, along.changes) is not None:
                fault = COMPOSITE_UNDECIDED, others
    except BudgetError:
        fault = COMPOSITE_UNDECIDED, event.others
    if fault is None:
        return ok(*sources)
    code, silencers = fault
    reason_facts = facts | {"silencer": listing(silencers, limit=6) or "another alarm"}
    if code in (COMPOSITE_CONDITIONAL, COMPOSITE_SUPPRESSOR, COMPOSITE_UNDECIDED):
        needs = event.needs if code == COMPOSITE_UNDECIDED else ()
        return unknown(code, *sources, **reason_facts).needing(*needs)
    return broken(code, *sources, **reason_facts)


_Reason = tuple[str, Sequence[str]]  # reason code, and the alarms that it names


def _broken(event: _Event, composite: Item) -> _Reason | None:
    """Why the composite never changes, or does not with the states that were captured; None if it may."""
    if event.find(event.at_busy_rest, event.changes) is None:
        stands = event.find(event.at_busy_rest, negated(event.before)) is None
        return ("composite-true-at-rest" if stands else _NEEDS_MORE), event.others
    if event.after(event.as_captured) is False:
        return "composite-silenced", event.silencers(event.as_captured)
    if composite.get("ActionsSuppressedBy"):
        return "composite-suppressed", event.suppressors
    if event.suppressor and (
        event.suppressed(event.as_captured) or event.find(event.at_busy_rest, event.notifies) is None
    ):
        return "composite-suppressed", event.suppressors
    return None


def _unknown(event: _Event) -> _Reason | None:
    """Why it depends on the states of other alarms whether the composite changes; None if it does not."""
    silenced = event.find(event.in_any_state, negated(event.after))
    if silenced is not None:
        return COMPOSITE_CONDITIONAL, event.silencers(silenced)
    if event.find(event.at_rest, negated(event.changes)) is not None:
        return COMPOSITE_UNDECIDED, event.open_others
    if event.suppressor and event.find(event.in_any_state, event.suppressed) is not None:
        return COMPOSITE_SUPPRESSOR, event.suppressors
    return None


class _Event:
    """The moment before and after an alarm trips, for a composite alarm above it; ``counting`` are alarms on other
    metrics that may trip with it, since their filters may count the event, too.
    """

    def __init__(
        self, composite: str, alarm: str, suppressor: str, alarms: Alarms, order: tuple[str, ...],
        counting: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._composite, self._alarm, self._alarms, self._order = composite, alarm, alarms, order
        self.suppressor = alarms.name_of(suppressor) if suppressor else ""
        self._suppressing: tuple[str, ...] = ()
        if self.suppressor and alarms.rule_of(self.suppressor) is not None:
            try:
                self._suppressing = alarms.below(self.suppressor)
            except CycleError:  # it is not evaluated, and may stand in any state
                self._suppressing = ()
        ruled = {*order, *self._suppressing}
        named = [name for composite_name in ruled for name in alarms.named_by(composite_name)]
        leaves = sorted({*named, *([self.suppressor] if self.suppressor else ())} - ruled - {alarm})
        along = [
            name for name in leaves if name in counting or alarms.same_metric(name, alarm) or alarms.unread_rule(name)
        ]
        self._leaves, self._counting = leaves, ", ".join(counting)
        # An alarm on the very metric of the event may trip with it or not: its settings are not asked here. So may a
        # composite whose rule cannot be read.
        self.at_rest, self.at_busy_rest = (
            self._resting(leaves, along, busy=False),
            self._resting(leaves, along, busy=True),
        )
        captured = {name: alarms.captured(name) for name in leaves}
        self.as_captured: States = {alarm: _ALARM} | captured | {_AFTER + n: captured[n] | _ALARM for n in along}
        self.in_any_state: States = {alarm: _ALARM} | dict.fromkeys(leaves, STATES)

    def _resting(self, leaves: Sequence[str], along: Sequence[str], *, busy: bool) -> States:
        rest = {name: self._alarms.rest(name, busy=busy) for name in leaves}
        own = self._alarms.before(self._alarm, busy=busy)
        return {self._alarm: own} | rest | {_AFTER + name: rest[name] | _ALARM for name in along}

    def counted_along(self) -> list[str]:
        """The alarms on other metrics whose filters may count the event, too."""
        return [name for name in self._leaves if self._alarms.counted_along(name, self._alarm)]

    @property
    def others(self) -> list[str]:
        """The other alarms that the rule names."""
        return [name for name in self._alarms.named_by(self._composite) if name != self._alarm]

    @property
    def suppressors(self) -> list[str]:
        """The alarm that suppresses the actions, if it is named."""
        return [self.suppressor] if self.suppressor else []

    @property
    def open_others(self) -> list[str]:
        """The other alarms that the rule names and whose state at rest is not known."""
        states = self._states(self.at_rest, self._order, after=True)
        return [name for name in self.others if len(states[name]) > 1]

    @property
    def needs(self) -> list[Need]:
        """The captures that would show how the other alarms rest (V3)."""
        leaves = [name for name, states in self.at_rest.items() if len(states) > 1]
        return list(dict.fromkeys(need for name in leaves for need in self._alarms.needs(name)))

    def before(self, states: States) -> bool | None:
        """Whether the rule is true before the event."""
        return self._is_true(states, after=False)

    def after(self, states: States) -> bool | None:
        """Whether the rule is true after the event."""
        return self._is_true(states, after=True)

    def changes(self, states: States) -> bool | None:
        """Whether the rule is false before the event and true after it."""
        before = self.before(states)
        if before is True:
            return False
        after = self.after(states)
        return False if after is False else None if before is None else after

    def notifies(self, states: States) -> bool | None:
        """Whether the rule changes with the event, and nothing suppresses the actions then."""
        changes, suppressed = self.changes(states), self.suppressed(states)
        if changes is False or suppressed is True:
            return False
        return None if None in (changes, suppressed) else True

    def suppressed(self, states: States) -> bool | None:
        """Whether the alarm that suppresses the actions is in ALARM after the event."""
        possible = self._states(states, self._suppressing, after=True).get(self.suppressor, STATES)
        return True if possible == _ALARM else None if "ALARM" in possible else False

    def silencers(self, states: States) -> list[str]:
        """The alarms that the rule names whose states, instead of those at rest, make it false after the event."""
        chosen = self._states(states, self._order, after=True)
        rest = self._states(self.at_rest, self._order, after=True)
        needed = []
        for name in self.others:
            without = chosen | {name: rest[name]}
            if self._rule(without) is False:
                chosen = without
            else:
                needed.append(name)
        return needed or self.others

    def _rule(self, states: States) -> bool | None:
        rule = self._alarms.rule_of(self._composite)
        assert rule is not None  # it has been read
        return rule.holds(lambda reference: states[self._alarms.name_of(reference)])

    def find(self, states: States, question: Question) -> States | None:
        """States of the alarms for which a question holds, None if there are none."""
        return self._alarms.search.find(states, question, len(self._order) + len(self._suppressing))

    def _is_true(self, states: States, *, after: bool) -> bool | None:
        evaluated = self._evaluated(states, after=after).get(self._composite)
        possible = evaluated or self._states(states, self._order, after=after)[self._composite]
        return possible == _ALARM if len(possible) == 1 else None

    def _evaluated(self, states: States, *, after: bool) -> dict[str, frozenset[str]]:
        """What is known of the composites for these states; other questions about the same alarm share it."""
        usual = next((name for name in _USUAL if getattr(self, name) is states), "")
        return self._alarms.evaluated[self._alarm + self._counting, usual, after] if usual else {}

    def _states(self, states: States, order: Sequence[str], *, after: bool) -> dict[str, frozenset[str]]:
        """The states of the alarms below, those without a rule given, the composites among ``order`` evaluated."""
        evaluated = self._evaluated(states, after=after)
        possible_states = {**states, **evaluated}
        if after:
            possible_states[self._alarm] = _ALARM
            possible_states |= {name.removeprefix(_AFTER): at for name, at in states.items() if name.startswith(_AFTER)}
        for name in () if order and order[-1] in evaluated else order:
            if name not in evaluated:
                rule = self._alarms.rule_of(name)
                assert rule is not None  # only such composites stand in the order
                value = rule.holds(lambda reference: possible_states[self._alarms.name_of(reference)])
                possible = _DECIDED[value]
                shown = states is self.as_captured and self._alarm not in self._alarms.reached(name)
                if value is None and shown and self._alarms.stood(name) == "ALARM":
                    possible = _ALARM  # as the capture shows, though not why; the event changes nothing in it
                possible_states[name] = evaluated[name] = possible
        return possible_states
