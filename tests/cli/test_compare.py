"""`auditor compare`: what is printed, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli.program import program
from tests.textbook import ACCOUNT, subscription, textbook, write

FEW = ("--control", "ssm-actions", "--framework", "iso27001-2022")


def run(*words: object) -> Result:
    return CliRunner().invoke(program, [str(word) for word in words], prog_name="auditor")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(textbook(), tmp_path / "q1")
    write(textbook(subscriptions=[subscription(SubscriptionArn="PendingConfirmation")]), tmp_path / "q2")
    return tmp_path


def test_nothing_changed_ends_in_0_and_says_so(folder: Path) -> None:
    answer = run("compare", folder / "q2", folder / "q2", *FEW)
    assert answer.exit_code == 0, answer.stderr
    assert "Nothing changed." in answer.stdout
    assert "Still failing: 1 finding" in answer.stdout


def test_a_change_ends_in_1_and_is_told(folder: Path) -> None:
    answer = run("compare", folder / "q1", folder / "q2", *FEW, "--out", folder / "out")
    assert answer.exit_code == 1, answer.stderr
    assert "Newly failing: 1 finding" in answer.stdout
    assert "Nothing changed." not in answer.stdout
    assert {path.name for path in (folder / "out").iterdir()} == {"compare.xlsx", "compare.html", "digest.txt"}
    assert "The day of the captures is not recorded in every quarter" in answer.stderr


def test_json_has_the_keys_of_the_contract_and_nothing_else_on_standard_output(folder: Path) -> None:
    answer = run("compare", folder / "q1", folder / "q2", *FEW, "--json")
    found = json.loads(answer.stdout)
    assert found["newly_failing"] == [f"{ACCOUNT}/ssm-actions@default"]
    keys = {"newly_failing", "fixed", "still_failing", "evidence_only", "changed", "joined", "left"}
    assert keys <= set(found)
    assert {"finding", "link", "field", "before", "after"} <= set(found["changed"][0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["q1"], "one quarter alone cannot be compared"),
        (["q1", "nowhere"], "there is no such file or folder"),
        (["q1", "q2", "--out", "q2/out"], "into which nothing is ever written"),
    ],
)
def test_what_cannot_be_compared_ends_in_2_with_one_line(folder: Path, words: list[str], said: str) -> None:
    answer = run("compare", *(folder / word if word[0] == "q" or word == "nowhere" else word for word in words), *FEW)
    assert answer.exit_code == 2
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
