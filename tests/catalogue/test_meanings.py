"""Variants of a control are told apart by what they mean, as the pattern engine decides it, and by nothing else."""

from __future__ import annotations

from itertools import combinations

import pytest

from auditor.catalogue import Control, Variant, load_controls, load_frameworks
from auditor.patterns import relate
from auditor.verdict import Relation

CONTROLS = load_controls()
FRAMEWORKS = load_frameworks()


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
def test_a_misprint_is_no_filter_pattern(control: Control) -> None:
    for variant in control.variants.values():
        for misprint in variant.misprints:
            assert relate(misprint.text, variant.patterns[0].pattern).relation is Relation.UNPARSABLE


@pytest.mark.parametrize(
    ("framework", "control", "variant"),
    [
        ("cis-aws-1.2.0", "unauthorized-api-calls", "default"),
        ("cis-aws-1.5.0", "unauthorized-api-calls", "cis-1.3.0"),
        ("cis-aws-3.0.0", "unauthorized-api-calls", "cis-2.0.0"),
        ("cis-aws-7.0.0", "unauthorized-api-calls", "cis-4.0.1"),
        ("cis-aws-1.3.0", "console-signin-without-mfa", "default"),
        ("cis-aws-1.4.0", "console-signin-without-mfa", "cis-1.4.0"),
        ("cis-aws-4.0.1", "security-group-changes", "cis-1.2.0"),
        ("cis-aws-5.0.0", "security-group-changes", "default"),
        ("cis-aws-2.0.0", "route-table-changes", "default"),
        ("cis-aws-3.0.0", "route-table-changes", "cis-3.0.0"),
        ("pci-dss-4.0.1", "security-group-changes", "default"),
    ],
)
def test_a_framework_is_judged_by_its_own_text(framework: str, control: str, variant: str) -> None:
    found = {
        mapping.variant
        for requirement in FRAMEWORKS[framework].requirements
        for mapping in requirement.mappings
        if mapping.control_id == control
    }
    assert found == {variant}
