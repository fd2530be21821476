"""`auditor claims`: what is read is shown in lines that a terminal holds, and nothing read is no success."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SAMPLES = Path(__file__).parents[1] / "claims" / "samples"


def test_a_claim_is_one_line_of_a_hundred_columns(run: Run) -> None:
    claims = json.loads(run("claims", SAMPLES, "--json").stdout)["claims"]
    text = run("claims", SAMPLES).stdout
    lines = text.partition("\nRows ")[0].splitlines()
    rows = [line for line in lines if line.startswith(("PASS", "FAIL", "UNDECIDED"))]
    assert len(rows) == len(claims) > 50
    assert max(map(len, lines)) <= 100
    for tool in {claim["tool"] for claim in claims}:
        assert f"\n{tool}  " in text
    starts = {row.index(claim["control"]) for row, claim in zip(rows, _as_shown(claims), strict=True)}
    assert len(starts) == 1  # of every scanner the columns stand under each other


def _as_shown(claims: list[dict[str, str]]) -> list[dict[str, str]]:
    tools = list(dict.fromkeys(claim["tool"] for claim in claims))
    return sorted(claims, key=lambda claim: tools.index(claim["tool"]))


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_folder_of_other_files_is_one_line_and_no_success(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "notes.txt").write_text("to do: ask for the scanner's output")
    (tmp_path / "alarms.json").write_text('{"MetricAlarms": []}')
    result = run("claims", tmp_path, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "holds no row of a scanner that is read here (2 files)" in result.stderr


def test_a_file_of_no_scanner_that_is_named_is_a_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("to do: ask for the scanner's output")
    result = run("claims", tmp_path / "notes.txt")
    assert result.exit_code == 1
    assert "is no output of a scanner that is read here." in result.stdout


def test_a_scanner_that_says_nothing_of_the_controls_is_read(run: Run, tmp_path: Path) -> None:
    findings = json.loads((SAMPLES / "securityhub" / "get-findings-consolidated.json").read_text())["Findings"]
    others = [finding for finding in findings if "CloudWatch.15" in json.dumps(finding)]
    (tmp_path / "findings.json").write_text(json.dumps({"Findings": others}))
    result = run("claims", tmp_path)
    assert result.exit_code == 0
    assert "No claims about the controls were read." in result.stdout
