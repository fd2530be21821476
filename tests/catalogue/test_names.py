"""A control is found by any name that people use for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.catalogue import CatalogueError, Control, load_controls, resolve_control

FOUNDING = load_controls()["ssm-actions"]


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
        ("CIS 4.4", "iam-policy-changes"),
        ("3.4", "iam-policy-changes"),
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


def test_a_number_that_two_controls_have_is_ambiguous(controls: dict[str, Control]) -> None:
    other = replace(FOUNDING, id="other", title="Other", rule_title="Other", aliases=("CIS 9.0.0 4.4",))
    with pytest.raises(CatalogueError, match="iam-policy-changes or other"):
        resolve_control("4.4", controls | {"other": other})
    assert resolve_control("CIS 9.0.0 4.4", controls | {"other": other}) is other


def test_an_id_goes_before_an_alias(controls: dict[str, Control]) -> None:
    thief = replace(FOUNDING, id="other", title="Other", rule_title="Other", aliases=("ssm-actions",))
    assert resolve_control("ssm-actions", controls | {"other": thief}) is FOUNDING
