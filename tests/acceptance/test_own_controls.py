"""A user's own control for another service, and own frameworks: from pattern to workbook, with no code touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.conftest import Run
from tests.textbook import alarm, metric_filter, textbook, write

OWN = Path(__file__).parents[1] / "catalogue" / "own_controls"
DELETED = "{ $.eventName = DeleteSecret && $.eventSource = secretsmanager.amazonaws.com }"
ONE_SERVICE = "{ $.eventName = DeleteSecret && $.eventSource = ssm.amazonaws.com }"
SHEET = "Requirement;Heading;Control\nH-17;Deleted secrets are noticed;h-17\nH-18;Sessions are noticed;ssm-actions\n"


def bundle(folder: Path, pattern: str) -> Path:
    secrets = {"metricName": "SecretsDeleted"}
    return write(
        textbook(
            filters=[metric_filter(), metric_filter(pattern, filterName="secrets", transformation=secrets)],
            alarms=[alarm(), alarm(name="secrets", MetricName="SecretsDeleted")],
        ),
        folder / "bundle",
    )


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "Handbook 2026.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def findings(stdout: str) -> dict[str, Any]:
    return {one["control_id"]: one for one in json.loads(stdout)["findings"]}


@pytest.mark.parametrize(("pattern", "verdict"), [(DELETED, "PASS"), (ONE_SERVICE, "FAIL")])
def test_from_pattern_to_workbook(run: Run, tmp_path: Path, sheet: Path, pattern: str, verdict: str) -> None:
    words = ("audit", bundle(tmp_path, pattern), "--controls", OWN, "--frameworks", sheet)
    answer = run(*words, "--framework", "handbook-2026", "--out", tmp_path / "out")
    assert answer.exit_code == (verdict == "FAIL"), answer.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"handbook-2026.xlsx", "handbook-2026.html"} <= names
    book = openpyxl.load_workbook(tmp_path / "out" / "handbook-2026.xlsx")
    cells = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    (row,) = [row for row in cells if row[0] == "H-17"]
    assert "secrets-deleted" in row
    assert any(isinstance(value, str) and value.startswith(verdict) for value in row)
    assert any("Mapped in Handbook 2026.csv, line 2" in str(value) for value in row)
    found = findings((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert {control: one["verdict"] for control, one in found.items()} == {
        "secrets-deleted": verdict, "ssm-actions": "PASS",
    }  # fmt: skip
    if verdict == "FAIL":
        assert found["secrets-deleted"]["broken_link"] == "metric_filter"
        assert "DeleteSecret" in found["secrets-deleted"]["remediation"]["cli"]
        assert "DeleteSecret" in (tmp_path / "out" / "handbook-2026.html").read_text(encoding="utf-8")


def test_an_own_control_that_no_framework_names_is_judged_and_has_a_workbook(run: Run, tmp_path: Path) -> None:
    words = ("audit", bundle(tmp_path, DELETED), "--controls", OWN, "--json", "--fail-on", "never")
    assert findings(run(*words, "--out", tmp_path / "out").stdout)["secrets-deleted"]["verdict"] == "PASS"
    book = openpyxl.load_workbook(tmp_path / "out" / "further-controls.xlsx")
    cells = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    (row,) = [row for row in cells if row[0] == "secrets-deleted"]
    assert "Alarm on deletion of secrets" in row
    assert list(findings(run(*words, "--control", "H-17").stdout)) == ["secrets-deleted"]
    assert "secrets-deleted" not in findings(run(*words, "--control", "ssm-actions").stdout)


def test_own_frameworks_join_the_default_ones_unless_some_are_named(run: Run, tmp_path: Path, sheet: Path) -> None:
    words = (
        "audit", bundle(tmp_path, DELETED), "--controls", OWN, "--frameworks", sheet.parent, "--json",
        "--fail-on", "never",
    )  # fmt: skip
    joined = [one["id"] for one in json.loads(run(*words).stdout)["frameworks"]]
    assert len(joined) == 9
    assert joined[-1] == "handbook-2026"
    named = json.loads(run(*words, "--framework", "iso27001-2022").stdout)["frameworks"]
    assert [one["id"] for one in named] == ["iso27001-2022", "further-controls"]


def test_a_control_of_the_table_that_is_not_known_stops_the_command(run: Run, tmp_path: Path, sheet: Path) -> None:
    answer = run("audit", bundle(tmp_path, DELETED), "--frameworks", sheet, "--json")
    assert answer.exit_code == 2
    (line,) = answer.stderr.splitlines()
    assert f"{sheet} line 2: There is no control 'h-17'." in line
