"""Files as scanners write them are read exactly: ``samples/expected.json`` says what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.claims.read import read_claims
from auditor.cli.program import program

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())


def test_the_samples_are_read_exactly() -> None:
    done = CliRunner().invoke(program, ["claims", str(SAMPLES), "--json"], prog_name="auditor")
    told = json.loads(done.stdout)
    assert told["claims"] == EXPECTED["claims"]
    assert sorted(told["ignored"], key=str) == sorted(EXPECTED["ignored"], key=str)
    assert told["problems"] == EXPECTED["problems"]
    assert done.exit_code == 1  # a problem


@pytest.mark.parametrize("file", sorted({claim["file"] for claim in EXPECTED["claims"]}))
def test_a_file_given_by_itself_says_the_same(file: str) -> None:
    paths = [SAMPLES / file] if not file.startswith("custodian") else [(SAMPLES / file).parent]
    told = [
        (claim.account, claim.control, claim.region, claim.claim, claim.muted) for claim in read_claims(paths).claims
    ]
    expected = [
        (claim["account"], claim["control"], claim["region"], claim["claim"], claim["muted"])
        for claim in EXPECTED["claims"]
        if claim["file"] == file
    ]
    assert told == expected


def test_each_claim_says_where_it_stands() -> None:
    claims = read_claims([SAMPLES]).claims
    assert all(claim.pointer for claim in claims if claim.status != "empty")
    assert next(claim for claim in claims if claim.rule == "check310").pointer == "line 3"
    assert next(claim for claim in claims if claim.rule == "CloudWatch.2").time == "2026-09-29T22:10:11Z"
