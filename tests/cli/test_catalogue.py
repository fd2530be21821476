"""`auditor controls` and `auditor frameworks`: lists, one entry, near misses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from auditor.catalogue import FOUNDING_FRAMEWORKS, Control, load_controls, load_frameworks

Run = Callable[..., Result]


def test_controls_are_listed_with_their_short_names(run: Run) -> None:
    text = run("controls").stdout
    for control in load_controls().values():
        (line,) = [line for line in text.splitlines() if line.startswith(control.id + " ")]
        assert control.title in line
        for publisher, names in control.aliases_by_publisher.items():
            if "CloudGuard" in publisher or publisher == "AWS Security Hub":
                assert names[0] in line


@pytest.mark.parametrize("name", ["ssm-actions", "D9.AWS.MON.23", "d9.aws.mon.23"])
def test_a_control_is_shown_under_any_of_its_names(run: Run, name: str) -> None:
    control = load_controls()["ssm-actions"]
    text = run("controls", name).stdout
    assert control.variants["default"].patterns[0].pattern in text
    assert control.variants["default"].rule is not None
    assert control.variants["default"].rule in text
    for words in (control.rationale, *control.remarks, *(event.name for event in control.events)):
        assert words[:390] in text
    assert json.loads(run("controls", name, "--json").stdout)["id"] == "ssm-actions"


def test_frameworks_of_the_founding_rule_are_listed(run: Run) -> None:
    listed = [line.split()[0] for line in run("frameworks").stdout.splitlines()[2:]]
    assert set(FOUNDING_FRAMEWORKS) <= set(listed)
    entries = json.loads(run("frameworks", "--json").stdout)["frameworks"]
    assert [entry["id"] for entry in entries] == listed


@pytest.mark.parametrize("control", load_controls().values(), ids=load_controls())
def test_a_control_says_which_requirement_is_judged_by_which_pattern(run: Run, control: Control) -> None:
    pages = run("controls", control.id).stdout.split(f"\n{control.id}@")[1:]
    assert [page.split()[0] for page in pages] == list(control.variants)
    for page, variant in zip(pages, control.variants.values(), strict=True):
        for accepted in variant.patterns:
            assert accepted.pattern in page
            assert accepted.remark in page
        for framework in load_frameworks().values():
            judged = [
                requirement.id
                for requirement in framework.requirements
                for mapping in requirement.mappings
                if (mapping.control_id, mapping.variant) == (control.id, variant.name)
            ]
            lines = [line.strip().removeprefix("judges").strip() for line in page.splitlines()]
            told = [line for line in lines if line.startswith(f"{framework.id}: ")]
            assert bool(told) == bool(judged)
            assert [line.removeprefix(f"{framework.id}: ").replace(" *", "") for line in told] == (
                [", ".join(judged)] if judged else []
            )


def test_one_variant_is_shown_alone(run: Run) -> None:
    text = run("controls", "CIS 1.4.0 4.1@cis-1.3.0").stdout
    assert "unauthorized-api-calls@cis-1.3.0" in text
    assert "unauthorized-api-calls@default" not in text
    assert "true of nearly every event" in text
    assert run("controls", "ssm-actions@x").exit_code == 2


def test_a_rule_and_a_pattern_that_are_broken_as_published_are_shown_with_their_repair(run: Run) -> None:
    control = load_controls()["console-auth-failures"]
    variant = control.variants["default"]
    assert variant.rule_repair is not None
    text = run("controls", control.id).stdout
    for words in (variant.rule, variant.rule_repair.fault, variant.rule_repair.text, variant.rule_repair.why):
        assert words is not None
        assert words in text
    for misprint in variant.misprints:
        assert misprint.text in text
        assert misprint.fault in text
        assert misprint.why in text
    facts = json.loads(run("controls", control.id, "--json").stdout)["variants"]["default"]
    assert facts["rule_repair"]["text"] == variant.rule_repair.text
    assert facts["misprints"][0]["read_as"] == variant.patterns[0].pattern


@pytest.mark.parametrize("name", sorted(load_frameworks()))
def test_a_framework_shows_requirements_provenance_and_patterns(run: Run, name: str) -> None:
    controls, framework = load_controls(), load_frameworks()[name]
    text = run("frameworks", name).stdout
    for requirement in framework.requirements:
        (page,) = [page for page in text.split("\n\n") if page.startswith(f"{requirement.id}  {requirement.heading}\n")]
        lines = [" ".join(line.split()) for line in page.splitlines()]
        for mapping in requirement.mappings:
            variant = "" if mapping.variant == "default" else f"@{mapping.variant}"
            (line,) = [line for line in lines if f"{mapping.control_id}{variant}" in line.replace(",", "").split()[1:]]
            assert line.startswith(f"{mapping.provenance} ")
            assert not mapping.publisher or any(line.startswith(f"by {mapping.publisher} [") for line in lines)
            assert mapping.note in page
            assert mapping.source in text
            for accepted in controls[mapping.control_id].variants[mapping.variant].patterns:
                assert accepted.pattern in text
        assert ("supporting: shown, not counted" in page) == any(not one.counted for one in requirement.mappings)
    assert json.loads(run("frameworks", name, "--json").stdout)["id"] == name


@pytest.mark.parametrize("name", ["ISO27001-2022", "iso27001 2022"])
def test_a_framework_is_shown_in_any_spelling(run: Run, name: str) -> None:
    assert "iso27001-2022  AWS ISO27001:2022" in run("frameworks", name).stdout


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("frameworks", "iso27001"), "Did you mean iso27001-2022?"),
        (("frameworks", "zzzz"), "`auditor frameworks` lists"),
        (("frameworks", "cis-aws-4.0.0"), "Did you mean cis-aws-4.0.1"),
        (("controls", "ssm-action"), "Did you mean ssm-actions?"),
        (("controls", "4.1"), "unauthorized-api-calls in CIS 1.3.0"),
    ],
)
def test_an_unknown_name_is_one_line_with_a_hint(run: Run, words: tuple[str, ...], hint: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr
    assert result.stderr.count("\n") == 1


def test_own_controls_and_frameworks_are_shown_beside_the_products(run: Run, tmp_path: Path) -> None:
    own = Path(__file__).parents[1] / "catalogue" / "own_controls"
    assert "H-17" in run("controls", "secrets-deleted", "--controls", own).stdout
    listed = json.loads(run("controls", "--controls", own, "--json").stdout)["controls"]
    assert {one["id"] for one in listed} == {*load_controls(), "secrets-deleted"}
    sheet = tmp_path / "policy.csv"
    sheet.write_text("requirement,heading,control\nA-1,Secrets stay,H-17\n", encoding="utf-8")
    text = run("frameworks", "policy", "--controls", own, "--frameworks", sheet).stdout
    assert "A-1  Secrets stay" in text
    assert "inferred  secrets-deleted\n" in text
    assert load_controls(own)["secrets-deleted"].variants["default"].patterns[0].pattern in text
    assert "Mapped in policy.csv, line 2." in text
    assert run("frameworks", "policy", "--frameworks", sheet).exit_code == 2
