"""Rules C3–C6 as a law: a composite's link is what an enumeration of all states of all other alarms says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from auditor.chains.alarms.composite import composite_link
from auditor.chains.alarms.rest import Alarms
from auditor.chains.model import Arrivals, Metric, Publisher
from auditor.verdict import State
from tests.examples import examples

STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")
PLACE = ("111122223333", "us-east-1")
World = Mapping[str, str]
Meaning = Callable[[World], bool]

# How an alarm rests, by what publishes into its metric; one that no capture lists has no item.
RESTS = {
    "quiet": ("OK",),
    "sparse": ("INSUFFICIENT_DATA",),
    "standing": ("ALARM",),
    "unseen": STATES,
    "unlisted": STATES,
}
OTHERS = ("b", "d", "e")


class Filters:
    """What is published into the metrics of the alarms: each has one of its own, named after how it rests."""

    def arriving(self, metric: Metric) -> Arrivals:
        counting = Publisher("f", 1.0, 1.0 if metric.name == "standing" else None)
        known = () if metric.name == "quiet" else (counting,)
        return Arrivals(known, shown=metric.name != "unseen")


class Alone:
    """No event is counted by two filters."""

    def together(self, metrics: object, others: object) -> bool:
        return False


@dataclass(frozen=True)
class Case:
    """Rules by composite with their meaning, how the other alarms rest and were captured, and the suppressor."""

    rules: Mapping[str, tuple[str, Meaning]]
    rests: Mapping[str, str]
    captured: Mapping[str, str]
    suppressor: str | None


def atoms(names: Iterable[str]) -> st.SearchStrategy[tuple[str, Meaning]]:
    def is_in(state: str, name: str) -> tuple[str, Meaning]:
        return f"{state}({name})", lambda world: world[name] == state

    return st.builds(
        is_in, st.sampled_from(["ALARM", "ALARM", "OK", "INSUFFICIENT_DATA"]), st.sampled_from(list(names))
    )


def rules(names: Iterable[str]) -> st.SearchStrategy[tuple[str, Meaning]]:
    def negation(part: tuple[str, Meaning]) -> tuple[str, Meaning]:
        return f"NOT ({part[0]})", lambda world: not part[1](world)

    def joined(word: str, parts: list[tuple[str, Meaning]]) -> tuple[str, Meaning]:
        every = all if word == "AND" else any
        return f" {word} ".join(f"({text})" for text, _ in parts), lambda world: every(part(world) for _, part in parts)

    return st.recursive(
        atoms(names),
        lambda below: st.one_of(
            st.builds(negation, below),
            st.builds(joined, st.sampled_from(["AND", "OR"]), st.lists(below, min_size=2, max_size=3)),
        ),
        max_leaves=5,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    below = {"n": draw(rules(["a", *OTHERS])), "m": draw(rules(["a", "n", *OTHERS]))}
    text, meaning = draw(rules(["a", "m", "n", *OTHERS]))
    word = draw(st.sampled_from(["AND", "OR", ""]))
    if word:  # most rules say something about the alarm itself
        part, every = meaning, all if word == "AND" else any
        text = f"ALARM(a) {word} ({text})"
        meaning = lambda world: every((world["a"] == "ALARM", part(world)))  # noqa: E731
    return Case(
        {**below, "c": (text, meaning)},
        {name: draw(st.sampled_from(list(RESTS))) for name in OTHERS},
        {name: draw(st.sampled_from(["OK", "OK", *STATES])) for name in OTHERS},
        draw(st.sampled_from([None, None, None, *OTHERS, "a", "m", "n"])),
    )


def worlds(case: Case, alarm: str, states: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """Every choice of states of the other alarms, with those of the composites that follow from it."""
    found = []
    for chosen in itertools.product(*(states[name] for name in OTHERS)):
        world = {"a": alarm, **dict(zip(OTHERS, chosen, strict=True))}
        for name in ("n", "m", "c"):
            world[name] = "ALARM" if case.rules[name][1](world) else "OK"
        found.append(world)
    return found


def expected(case: Case) -> State:
    rest = {name: RESTS[case.rests[name]] for name in OTHERS}
    # A captured OK says nothing against the state of rest; one that no capture lists may be in any.
    captured = {
        name: RESTS[case.rests[name]]
        if case.captured[name] == "OK" or case.rests[name] == "unlisted"
        else (case.captured[name],)
        for name in OTHERS
    }
    before, after = worlds(case, "OK", rest), worlds(case, "ALARM", rest)
    changes = [one["c"] == "OK" and two["c"] == "ALARM" for one, two in zip(before, after, strict=True)]
    as_captured = worlds(case, "ALARM", captured)
    anyhow = worlds(case, "ALARM", dict.fromkeys(OTHERS, STATES))
    broken = not any(changes) or all(world["c"] == "OK" for world in as_captured)
    unknown = not all(changes) or any(world["c"] == "OK" for world in anyhow)
    if case.suppressor:
        silent = [[world[case.suppressor] == "ALARM" for world in some] for some in (after, as_captured, anyhow)]
        notifies = any(change and not quiet for change, quiet in zip(changes, silent[0], strict=True))
        broken = broken or not notifies or all(silent[1])
        unknown = unknown or any(silent[2])
    return State.BROKEN if broken else State.UNKNOWN if unknown else State.OK


def items(case: Case) -> list[dict[str, Any]]:
    def plain(name: str, metric: str, state: str) -> dict[str, Any]:
        missing = {"sparse": "missing", "unseen": "missing"}.get(metric, "notBreaching")
        item = {"AlarmName": name, "Namespace": "N", "MetricName": metric, "Statistic": "Sum", "Period": 60}
        item |= {"EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
        return item | {"TreatMissingData": missing, "StateValue": state}

    rows = [{"alarm_name": "a", "member": "MetricAlarms", "item": plain("a", "own", "OK")}]
    rows += [
        {"alarm_name": name, "member": "MetricAlarms", "item": plain(name, case.rests[name], case.captured[name])}
        for name in OTHERS
        if case.rests[name] != "unlisted"
    ]
    for name, (text, _) in case.rules.items():
        item: dict[str, Any] = {"AlarmName": name, "AlarmRule": text}
        if name == "c" and case.suppressor:
            item["ActionsSuppressor"] = case.suppressor
        rows.append({"alarm_name": name, "member": "CompositeAlarms", "item": item})
    return rows


@examples(150)
@given(cases())
def test_c4_c5_the_link_is_what_all_states_say(case: Case) -> None:
    rows = items(case)
    alarms = Alarms(*PLACE, rows, Filters(), Alone())  # type: ignore[arg-type]
    link = composite_link(rows[-1]["item"], "a", alarms)
    wanted = expected(case)
    event(wanted.value)
    assert link.state is wanted, (case.rules["c"][0], case.rules["m"][0], case.rules["n"][0], link.code)
    if link.state is not State.OK:
        named = {"a", "another alarm", *alarms.named_by("c"), *([case.suppressor] if case.suppressor else [])}
        assert all(name in named for name in link.facts["silencer"].replace(" and ", ", ").split(", "))
