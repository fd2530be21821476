"""Variants of a control are told apart by what they mean, as the pattern engine decides it, and by nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import Control, Framework, Mapping, Variant, load_controls, load_frameworks
from auditor.catalogue.texts import required_patterns
from auditor.gsl import parse
from auditor.patterns import PatternSyntaxError, match, relate
from auditor.patterns import parse as parse_pattern
from auditor.verdict import Relation

CONTROLS = load_controls()
FRAMEWORKS = load_frameworks()
FACTS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "cis_patterns.json").read_text(encoding="utf-8")
)["controls"]
HARMLESS = {  # nothing that any of the sixteen controls wants to hear of
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetBucketLocation",
    "sourceIPAddress": "203.0.113.7",
    "eventType": "AwsApiCall",
    "userIdentity": {"type": "AssumedRole", "sessionContext": {"attributes": {"mfaAuthenticated": "true"}}},
}


def suffices(printed: Iterable[str], accepted: Variant | Iterable[str]) -> bool:
    """Whether every one of the patterns printed is equal in meaning to one that is accepted."""
    patterns = [one.pattern for one in accepted.patterns] if isinstance(accepted, Variant) else list(accepted)
    return all(any(relate(one, other).relation is Relation.EQUAL for other in patterns) for one in printed)


def parses(pattern: str) -> bool:
    try:
        parse_pattern(pattern)
    except PatternSyntaxError:
        return False
    return True


def mappings(framework: Framework) -> list[Mapping]:
    return [mapping for requirement in framework.requirements for mapping in requirement.mappings]


def within(one: Variant, other: Variant) -> bool:
    """Whether every meaning that ``one`` accepts is accepted by ``other``."""
    return all(
        any(relate(mine.pattern, theirs.pattern).relation is Relation.EQUAL for theirs in other.patterns)
        for mine in one.patterns
    )


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_no_two_variants_mean_the_same(control: Control) -> None:
    for one, other in combinations(control.variants.values(), 2):
        assert not (within(one, other) and within(other, one)), f"{one.name} and {other.name}"


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_no_variant_accepts_a_meaning_twice_and_none_is_unparsable(control: Control) -> None:
    for variant in control.variants.values():
        for accepted in variant.patterns:
            assert relate(accepted.pattern, accepted.pattern).relation is Relation.EQUAL
        for one, other in combinations(variant.patterns, 2):
            assert relate(one.pattern, other.pattern).relation is not Relation.EQUAL


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_a_misprint_is_no_filter_pattern_and_is_read_as_one_that_suffices(control: Control) -> None:
    for variant in control.variants.values():
        for misprint in variant.misprints:
            assert relate(misprint.text, misprint.read_as).relation is Relation.UNPARSABLE
            assert misprint.read_as in {accepted.pattern for accepted in variant.patterns}


def test_the_texts_that_are_broken_in_print_are_recorded() -> None:
    recorded = {
        control.id: len([misprint for variant in control.variants.values() for misprint in variant.misprints])
        for control in CONTROLS.values()
    }
    assert {id_: number for id_, number in recorded.items() if number} == {
        "cmk-disable-or-delete": 1, "config-changes": 1, "console-auth-failures": 1, "console-signin-without-mfa": 1,
        "iam-policy-changes": 2, "organizations-changes": 1, "root-usage": 2,
    }  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_a_rule_is_repaired_exactly_where_it_cannot_be_evaluated(control: Control) -> None:
    for variant in control.variants.values():
        if variant.rule is None:
            continue
        parse(variant.evaluated_rule or "")
        broken = not all(parses(pattern) for pattern in required_patterns(variant.rule))
        assert broken == (variant.rule_repair is not None)
        accepted = [pattern.pattern for pattern in variant.patterns]
        repaired = required_patterns(variant.evaluated_rule or "")
        assert repaired
        assert any(relate(one, accepted[0]).relation is Relation.EQUAL for one in repaired)
        if variant.rule_repair:
            quotes = str.maketrans("", "", '"')  # nothing but quotation marks was put in
            assert variant.rule_repair.text.translate(quotes) == variant.rule.translate(quotes)


def test_one_published_rule_is_broken() -> None:
    broken = {id_ for id_, one in CONTROLS.items() for variant in one.variants.values() if variant.rule_repair}
    assert broken == {"console-auth-failures"}


PRINTED = [
    (version, control, [entry["pattern"] for entry in entries if version in entry["versions"]])
    for control, entries in FACTS.items()
    for version in sorted({version for entry in entries for version in entry["versions"]})
]


@pytest.mark.parametrize(("version", "control", "printed"), PRINTED, ids=[f"{one[0]}-{one[1]}" for one in PRINTED])
def test_a_version_of_the_benchmark_is_judged_by_what_it_prints(version: str, control: str, printed: list[str]) -> None:
    """The engine, not the name, says which variant accepts exactly the meanings that the version prints."""
    own = [
        variant.name
        for variant in CONTROLS[control].variants.values()
        if suffices(printed, variant) and all(suffices([one.pattern], printed) for one in variant.patterns)
    ]
    assert len(own) == 1
    framework = FRAMEWORKS.get(f"cis-aws-{version}")
    if framework is None:  # 4.0.0: its numbers are known, its mappings are not
        assert version == "4.0.0"
        return
    assert {one.variant for one in mappings(framework) if one.control_id == control} == set(own)


def test_a_framework_of_the_benchmark_maps_what_its_version_prints_under_the_numbers_of_its_version() -> None:
    for id_, framework in FRAMEWORKS.items():
        if not id_.startswith("cis-aws-"):
            continue
        counted = {
            mapping.control_id: requirement.id
            for requirement in framework.requirements
            for mapping in requirement.mappings
            if mapping.counted
        }
        assert set(counted) == {control for version, control, _ in PRINTED if version == framework.version}
        for control, number in counted.items():
            assert f"CIS {framework.version} {number}" in CONTROLS[control].aliases


def test_other_frameworks_are_judged_by_the_recommended_text() -> None:
    others = [framework for id_, framework in FRAMEWORKS.items() if not id_.startswith("cis-aws-")]
    assert {one.variant for framework in others for one in mappings(framework)} == {"default"}


def test_a_pattern_that_counts_nearly_everything_says_so() -> None:
    for control in CONTROLS.values():
        for variant in control.variants.values():
            for accepted in variant.patterns:
                if match(accepted.pattern, HARMLESS):
                    assert "nearly every event" in accepted.remark, f"{control.id}@{variant.name}"
    assert {
        variant.name
        for variant in CONTROLS["unauthorized-api-calls"].variants.values()
        if any(match(accepted.pattern, HARMLESS) for accepted in variant.patterns)
    } == {"cis-1.3.0", "cis-2.0.0"}
