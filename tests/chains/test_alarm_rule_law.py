"""Rule C3 as a law: a rule means what its text says, for every state of every alarm."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from auditor.chains.alarms.composite_rule import STATES, parse_rule

ALARMS = ("a", "b-1", "c/d")
Meaning = Callable[[Mapping[str, str]], bool]
Case = tuple[str, Meaning]


def is_in(state: str, alarm: str, quoted: bool) -> Case:
    name = f'"{alarm}"' if quoted else alarm
    return f"{state}({name})", lambda states: states[alarm] == state


def at_least(count: int, percent: bool, negated: bool, state: str, alarms: list[str]) -> Case:
    threshold = f"{count * 25}%" if percent else str(count)
    text = f"AT_LEAST({threshold}, {'NOT ' if negated else ''}{state}, ({', '.join(alarms)}))"

    def meaning(states: Mapping[str, str]) -> bool:
        number = sum((states[alarm] == state) is not negated for alarm in alarms)
        return number * 100 >= count * 25 * len(alarms) if percent else number >= count

    return text, meaning


ATOMS = st.one_of(
    st.builds(is_in, st.sampled_from(sorted(STATES)), st.sampled_from(ALARMS), st.booleans()),
    st.builds(
        at_least,
        st.integers(1, 3),
        st.booleans(),
        st.booleans(),
        st.sampled_from(sorted(STATES)),
        st.lists(st.sampled_from(ALARMS), min_size=1, max_size=3, unique=True),
    ),
    st.sampled_from([("TRUE", lambda _: True), ("FALSE", lambda _: False)]),
)


def negation(part: Case) -> Case:
    return f"NOT ({part[0]})", lambda states: not part[1](states)


def joined(word: str, parts: list[Case]) -> Case:
    text = f" {word} ".join(f"({text})" for text, _ in parts)
    every = all if word == "AND" else any
    return text, lambda states: every(meaning(states) for _, meaning in parts)


RULES = st.recursive(
    ATOMS,
    lambda below: st.one_of(
        st.builds(negation, below),
        st.builds(joined, st.sampled_from(["AND", "OR"]), st.lists(below, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)
WORLDS = [dict(zip(ALARMS, states, strict=True)) for states in itertools.product(sorted(STATES), repeat=len(ALARMS))]


@given(RULES)
def test_c3_a_rule_means_what_it_says(case: Case) -> None:
    text, meaning = case
    rule = parse_rule(text)
    assert rule is not None
    for world in WORLDS:
        assert rule.holds(lambda alarm, world=world: frozenset({world[alarm]})) is meaning(world)  # type: ignore[misc]


@given(RULES, st.lists(st.sets(st.sampled_from(sorted(STATES)), min_size=1), min_size=3, max_size=3))
def test_c3_what_is_decided_for_several_states_is_decided_for_each(case: Case, possible: list[set[str]]) -> None:
    text, meaning = case
    rule = parse_rule(text)
    assert rule is not None
    states = dict(zip(ALARMS, map(frozenset, possible), strict=True))
    decided = rule.holds(states.__getitem__)
    worlds = [world for world in WORLDS if all(world[alarm] in states[alarm] for alarm in ALARMS)]
    assert decided is None or {meaning(world) for world in worlds} == {decided}
