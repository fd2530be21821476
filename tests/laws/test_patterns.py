"""Laws of patterns: relations against enumeration and algebra, and every witness against `match`."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from auditor.patterns import Pattern, PatternSyntaxError, cover, match, parse, relate
from auditor.patterns.engine.budget import UndecidableError
from auditor.patterns.engine.question import Question
from auditor.patterns.match import matches
from auditor.patterns.readings import CONDITION_READINGS
from auditor.patterns.relation import relation_of
from auditor.verdict import Relation
from tests.examples import examples
from tests.patterns.sampling import (
    SELECTORS,
    delimited,
    events,
    fields_of_json,
    formula,
    json_pattern,
    terms,
    terms_of_json,
)

EVENTS = list(events())
KINDS = ((True, False), (False, True), (True, True))
NAMES = ("left_only", "right_only", "both")
WITHIN = {Relation.EQUAL, Relation.NARROWER}
laws = examples(100)

randoms = st.randoms(use_true_random=False)


def drawn(random: Random, make: Any = json_pattern, *arguments: Any) -> Pattern:
    """A random pattern; one past AWS's quotas is not a case."""
    try:
        return parse(make(random, *arguments))
    except PatternSyntaxError:
        assume(False)
        raise


def much(random: Random) -> Random:
    """For what is drawn by hundreds: hypothesis keeps each number it gives, which takes longer than the law."""
    return Random(random.getrandbits(64))


def allowed(left: Pattern, right: Pattern, readings: frozenset[str], among: list[dict[str, Any]]) -> set[Relation]:
    """The relations that what the two count among these events leaves open."""
    counted = {(matches(left, event, readings), matches(right, event, readings)) for event in among}
    ruled_out = {
        (True, False): {Relation.EQUAL, Relation.NARROWER},
        (False, True): {Relation.EQUAL, Relation.BROADER},
        (True, True): {Relation.DISJOINT},
    }
    return set(Relation).difference(
        {Relation.UNDECIDABLE, Relation.UNPARSABLE}, *(ruled_out[k] for k in KINDS if k in counted)
    )


@laws
@given(randoms)
def test_relations_agree_with_enumeration(random: Random) -> None:
    selectors = random.sample(SELECTORS, random.randint(1, 3))
    left, right = (drawn(random, json_pattern, 2, selectors) for _ in range(2))
    assert relate(left, right).relation in allowed(left, right, frozenset(), much(random).sample(EVENTS, 1000))


@laws
@given(randoms, st.sampled_from([reading.name for reading in CONDITION_READINGS]))
def test_relations_under_other_readings_agree_with_enumeration(random: Random, name: str) -> None:
    selectors = random.sample(SELECTORS, random.randint(1, 3))
    left, right = (drawn(random, json_pattern, 2, selectors) for _ in range(2))
    question = Question([left, right], frozenset([name]))
    try:
        relation = relation_of(*(question.exists(kind) for kind in KINDS))
    except UndecidableError:
        note("undecidable: the assumption is listed then (relation.py)")
        return
    assert relation in allowed(left, right, frozenset([name]), much(random).sample(EVENTS, 1000))


@laws
@given(randoms, st.sampled_from([json_pattern, terms, delimited]), st.sampled_from([json_pattern, terms, delimited]))
def test_every_witness_is_what_it_claims(random: Random, first: Any, second: Any) -> None:
    left, right = drawn(random, first), drawn(random, second)
    comparison = relate(left, right)
    found = (comparison.left_only, comparison.right_only, comparison.both)
    for event, kind in zip(found, KINDS, strict=True):
        assert event is None or (match(left, event), match(right, event)) == kind
    if comparison.relation is not Relation.UNDECIDABLE:
        assert relation_of(*(event is not None for event in found)) is comparison.relation


@laws
@given(randoms, st.sampled_from([terms, delimited]), st.sampled_from([terms, delimited]))
def test_texts_agree_with_enumeration(random: Random, first: Any, second: Any) -> None:
    left, right = drawn(random, first), drawn(random, second)
    relation = relate(left, right).relation
    assert relation is not Relation.UNDECIDABLE
    letters = much(random)
    messages = ["".join(letters.choices('ab1 []"', k=letters.randint(0, 8))) for _ in range(400)]
    assert relation in allowed(left, right, frozenset(), messages)  # type: ignore[arg-type]


MESSAGES = ["", "x", "a x", "xx", '{"a":"x"', '"a":"x"', "{x}", '{"a":x}', "[x] a", " {", "1 y", '{"a":"x"} x']
OBJECTS = [event for event in EVENTS if len(event) < 3 and "b" not in event][:600]
OBJECTS += [{"a": one, "q": two} for one in ("x", "", "x y", "y", "ax", "xx") for two in ("x", "a x", "{}", '"a":"', 1)]
OBJECTS += [{"q": two, **event} for event in OBJECTS[:60] for two in ("x", "a", " ", "xx", "y x", '"', "}", {"a": "x"})]


@laws
@given(randoms, st.sampled_from([terms_of_json, fields_of_json]))
def test_texts_against_json_agree_with_enumeration(random: Random, make: Any) -> None:
    text = drawn(random, make)
    selectors = random.sample(("$.a", "$.a", "$.q", "$.a.c"), random.randint(1, 2))
    values = ("x", "x*", "*", "*x", '"1"', "1", "*y*", "%^x%", "%y|xx%")
    json = drawn(random, json_pattern, 1, selectors, values)
    answer = relate(text, json)
    among: list[Any] = [*OBJECTS, *MESSAGES]
    counted = {(matches(text, event, frozenset()), matches(json, event, frozenset())) for event in among}
    for kind, event, name in zip(KINDS, (answer.left_only, answer.right_only, answer.both), NAMES, strict=True):
        assert event is not None or name in answer.open or kind not in counted, (str(text), str(json), kind)
    if answer.relation is not Relation.UNDECIDABLE:
        assert answer.relation in allowed(text, json, frozenset(), among)


@laws
@given(randoms)
def test_reflexive_symmetric_transitive(random: Random) -> None:
    first, second, third = (drawn(random) for _ in range(3))
    assert relate(first, first).relation is Relation.EQUAL
    forth, back = relate(first, second), relate(second, first)
    turned = {Relation.BROADER: Relation.NARROWER, Relation.NARROWER: Relation.BROADER}
    assert back.relation is turned.get(forth.relation, forth.relation)
    assert (back.missed, back.added) == (forth.added, forth.missed)
    assert back.assumptions == forth.assumptions
    if {forth.relation, relate(second, third).relation} <= WITHIN:
        assert relate(first, third).relation in WITHIN


@laws
@given(randoms)
def test_boolean_algebra(random: Random) -> None:
    selectors = random.sample(SELECTORS[:5], 2)
    a, b, c = (formula(random, 1, selectors, ("x", "x*", "1", "*")) for _ in range(3))
    for left, right in (
        (f"({a}) && ({b})", f"({b}) && ({a})"),
        (f"({a}) || ({b})", f"({b}) || ({a})"),
        (f"({a}) && (({b}) || ({c}))", f"(({a}) && ({b})) || (({a}) && ({c}))"),
        (f"({a}) || (({b}) && ({c}))", f"(({a}) || ({b})) && (({a}) || ({c}))"),
        (f"({a}) || (({a}) && ({b}))", a),
        (f"({a}) && (({a}) || ({b}))", a),
        (f"({a}) && ({a})", a),
    ):
        assert relate(f"{{{left}}}", f"{{{right}}}").relation is Relation.EQUAL, (left, right)


@laws
@given(randoms)
def test_a_union_holds_its_parts_and_is_covered_by_them(random: Random) -> None:
    a, b = formula(random, 1, SELECTORS[:5]), formula(random, 1, SELECTORS[:5])
    left, right, union = (
        drawn(random, lambda _, text=text: text) for text in (f"{{{a}}}", f"{{{b}}}", f"{{({a})||({b})}}")
    )
    counts_left = relate(left, left).both is not None
    if counts_left:
        assert relate(union, left).relation in {Relation.EQUAL, Relation.BROADER}
        assert relate(left, union).relation in WITHIN
    assert cover([left, right], union).covered is True
    assert cover([union], left).covered is True
    other = drawn(random)
    apart = cover([left, right], other)
    assert apart.covered is cover([union], other).covered
    if apart.witness is not None:
        assert match(other, apart.witness)
        assert not match(left, apart.witness)
        assert not match(right, apart.witness)


@laws
@given(randoms)
def test_cover_by_one_is_the_relation(random: Random) -> None:
    left, right = drawn(random), drawn(random)
    comparison = relate(left, right)
    assert cover([left], right).covered is (comparison.right_only is None)


@pytest.mark.parametrize("seed", range(20))
def test_pairs_within_are_asked_one_by_one(seed: int) -> None:
    random = Random(seed)
    pairs = [(source, name) for source in ("s", "t") for name in ("A", "B")]
    selectors = ("$.eventName", "$.eventSource", "$.a")
    values = ("A", "B", "s", "*", "t*")
    left, right = (drawn(random, json_pattern, 2, selectors, values) for _ in range(2))
    coverage = cover([left], right, pairs)
    small = [
        {"eventSource": source, "eventName": name, **more}
        for source, name in pairs
        for more in ({}, {"a": "A"}, {"a": "x"}, {"a": None}, {"a": True}, {"a": 1}, {"a": False}, {"a": {}})
    ]
    missed = {
        (event["eventSource"], event["eventName"]) for event in small if match(right, event) and not match(left, event)
    }
    assert missed <= set(coverage.missed)
    assert coverage.covered is not bool(coverage.missed)
