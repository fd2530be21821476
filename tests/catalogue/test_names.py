"""A control or a framework is found by any name that people use for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.catalogue import (
    CatalogueError,
    Control,
    load_controls,
    load_frameworks,
    resolve_control,
    resolve_framework,
    resolve_variant,
)

FOUNDING = load_controls()["ssm-actions"]
FRAMEWORKS = load_frameworks()


@pytest.fixture
def controls() -> dict[str, Control]:
    """The founding control and one with benchmark numbers."""
    numbered = replace(
        FOUNDING,
        id="iam-policy-changes",
        title="Alarm on IAM policy changes",
        rule_title="Alarm on IAM policy changes",
        aliases=("CloudWatch.4", "CIS 1.2.0 3.4", "CIS 1.4.0 4.4"),
    )
    return {"ssm-actions": FOUNDING, "iam-policy-changes": numbered}


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("ssm-actions", "ssm-actions"),
        ("SSM-Actions", "ssm-actions"),
        ("D9.AWS.MON.23", "ssm-actions"),
        ("d9.aws.mon.23", "ssm-actions"),
        ("Ensure a log metric filter and alarm exist for SSM actions", "ssm-actions"),
        ("cloudwatch.4", "iam-policy-changes"),
        ("CIS 1.2.0 3.4", "iam-policy-changes"),
        ("cis  1.4.0 4.4", "iam-policy-changes"),
        (" CIS 1.4.0 4.4\n", "iam-policy-changes"),
        ("cis-1.4.0-4.4", "iam-policy-changes"),
        ("cis_1.4_4.4", "iam-policy-changes"),
        ("CIS v1.4.0: 4.4", "iam-policy-changes"),
        ("cis-aws-1.4.0/4.4", "iam-policy-changes"),
        ("CIS AWS Foundations Benchmark v1.4.0 recommendation 4.4", "iam-policy-changes"),
        ("cis-aws-foundations-benchmark/v/1.2.0/rule/3.4", "iam-policy-changes"),
        ("cis_v140_4_4", "iam-policy-changes"),
        ("Security Hub CloudWatch.4", "iam-policy-changes"),
        ("securityhub:cloudwatch.4", "iam-policy-changes"),
        ("CloudWatch-4", "iam-policy-changes"),
        ("D9-AWS-MON-23", "ssm-actions"),
        ("CloudGuard D9.AWS.MON.23", "ssm-actions"),
        ("ssm actions", "ssm-actions"),
        ("SSM_ACTIONS", "ssm-actions"),
    ],
)
def test_any_name_finds_its_control(name: str, id_: str, controls: dict[str, Control]) -> None:
    assert resolve_control(name, controls).id == id_


@pytest.mark.parametrize(
    ("name", "near"),
    [("D9.AWS.MON.32", "D9.AWS.MON.23"), ("ssm-action", "ssm-actions"), ("CloudWatch4", "CloudWatch.4")],
)
def test_an_unknown_name_gets_the_nearest_known_one(name: str, near: str, controls: dict[str, Control]) -> None:
    with pytest.raises(CatalogueError) as caught:
        resolve_control(name, controls)
    assert f"Did you mean {near}?" in caught.value.problem.remedy


def test_a_name_near_to_none_gets_no_guess(controls: dict[str, Control]) -> None:
    with pytest.raises(CatalogueError) as caught:
        resolve_control("\x1b[31mzzzzzz", controls)
    assert "Did you mean" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", ["4.4", "CIS 4.4", "cis.4.4", "cis-4.4"])
def test_a_number_without_its_version_is_refused_with_the_choices(name: str, controls: dict[str, Control]) -> None:
    other = replace(FOUNDING, id="other", title="Other", rule_title="Other", aliases=("CIS 9.0.0 4.4", "CIS 9.1.0 4.4"))
    with pytest.raises(CatalogueError) as caught:
        resolve_control(name, controls | {"other": other})
    said = str(caught.value)
    assert "iam-policy-changes in CIS 1.4.0 or other in CIS 9.0.0 and 9.1.0" in said
    assert "as in `CIS 1.4.0 4.4`" in said
    assert resolve_control("CIS 9.0.0 4.4", controls | {"other": other}) is other
    assert resolve_control("CIS 9 4.4", controls | {"other": other}) is other


def test_a_name_of_two_controls_is_refused_with_the_choices(controls: dict[str, Control]) -> None:
    other = replace(FOUNDING, id="other", title="Other", rule_title="Other", aliases=("CloudWatch.4",))
    with pytest.raises(CatalogueError, match="'cloudwatch-4' may mean iam-policy-changes or other"):
        resolve_control("cloudwatch-4", controls | {"other": other})


@pytest.mark.parametrize("name", ["CIS 9.0.0 4.4", "CIS 1.4.0 9.9", "9.9"])
def test_a_number_that_no_version_has_is_unknown(name: str, controls: dict[str, Control]) -> None:
    with pytest.raises(CatalogueError, match="There is no control"):
        resolve_control(name, controls)


def test_a_word_of_a_name_gets_the_controls_that_have_it(controls: dict[str, Control]) -> None:
    with pytest.raises(CatalogueError, match=r"Did you mean iam-policy-changes\?"):
        resolve_control("iam", controls)


@pytest.mark.parametrize("control", load_controls().values(), ids=load_controls())
def test_every_name_in_the_catalogue_finds_its_control(control: Control) -> None:
    every = load_controls()
    for name in (control.id, control.title, *control.aliases):
        for spelling in (name, name.upper(), name.replace(" ", "-"), f"  {name} "):
            assert resolve_control(spelling, every).id == control.id


def test_a_variant_is_named_after_an_at_sign(controls: dict[str, Control]) -> None:
    assert resolve_variant("CloudWatch.4@default", controls) == (controls["iam-policy-changes"], "default")
    assert resolve_variant("ssm-actions", controls) == (FOUNDING, "default")
    with pytest.raises(CatalogueError, match="ssm-actions has no variant 'x'"):
        resolve_variant("ssm-actions@x", controls)


@pytest.mark.parametrize("name", ["iso27001-2022", "ISO27001 2022", " iso27001_2022 "])
def test_a_framework_is_found_in_any_spelling(name: str) -> None:
    assert resolve_framework(name, FRAMEWORKS).id == "iso27001-2022"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("iso27001", "Did you mean iso27001-2022?"),
        ("ISO 27001", "Did you mean iso27001-2022?"),
        ("CIS 1.4.0", "Did you mean cis-aws-1.4.0?"),
        ("mitre", "Did you mean mitre-attack-v10 or mitre-attack-v11.3?"),
        ("cis", "Did you mean cis-aws-1.2.0, cis-aws-1.3.0 or cis-aws-1.4.0, or one of 7 more?"),
        ("cis-aws-4.0.0", "Did you mean cis-aws-4.0.1"),
        ("nits-800-53-r5", "Did you mean nist-800-53-r5?"),
        ("", "There is no framework ''. `auditor frameworks` lists"),
        ("zzzz", "There is no framework 'zzzz'. `auditor frameworks` lists"),
    ],
)
def test_an_unknown_framework_gets_the_nearest_names(name: str, hint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        resolve_framework(name, FRAMEWORKS)
    assert hint in str(caught.value)


def test_an_id_goes_before_an_alias(controls: dict[str, Control]) -> None:
    thief = replace(FOUNDING, id="other", title="Other", rule_title="Other", aliases=("ssm-actions",))
    assert resolve_control("ssm-actions", controls | {"other": thief}) is FOUNDING
