"""`auditor controls` and `auditor frameworks`: lists, one entry, near misses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from auditor.api import FOUNDING_FRAMEWORKS
from auditor.catalogue import load_controls, load_frameworks

Run = Callable[..., Result]


def test_controls_are_listed_with_their_aliases(run: Run) -> None:
    text = run("controls").stdout
    for control in load_controls().values():
        (line,) = [line for line in text.splitlines() if line.startswith(control.id + " ")]
        assert control.title in line
        assert control.aliases[0] in line


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


@pytest.mark.parametrize("name", sorted(load_frameworks()))
def test_a_framework_shows_requirements_and_provenance(run: Run, name: str) -> None:
    text = run("frameworks", name).stdout
    for requirement in load_frameworks()[name].requirements:
        assert f"\n{requirement.id}  {requirement.heading}" in text
    assert "(inferred" in text or "(published" in text
    assert json.loads(run("frameworks", name, "--json").stdout)["id"] == name


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("frameworks", "iso27001"), "Did you mean iso27001-2022?"),
        (("frameworks", "zzzz"), "`auditor frameworks` lists"),
        (("controls", "ssm-action"), "ssm-actions"),
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
    assert "secrets-deleted@default (inferred)" in text
    assert "Mapped in policy.csv, line 2." in text
    assert run("frameworks", "policy", "--frameworks", sheet).exit_code == 2
