"""Accounts that are asked for the same share a block, which asks each of them for what it was asked for alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from auditor.result import Request
from auditor.workpaper.alike import MANY, Block, Item, joined_alike
from auditor.workpaper.capture_block import PREPARATION, capture_block
from tests.workpaper.test_capture_block import BASH

ACCOUNTS = [f"{number:012d}" for number in range(111, 111 + MANY + 1)]
# Prints its words as they come, one a line, so that what is quoted wrongly shows.
AWS = """#!/bin/sh
case $1 in --version) echo aws-cli/2; exit;; esac
case "$*" in *--query*) echo "arn:aws:sts::$AS:assumed-role/Audit/me"; exit;; esac
for word; do echo "<$word>"; done
"""


def _id(account: str, name: str) -> str:
    return f"{name * 8}-0000-4000-8000-{account}"


def _requests(account: str, number: str) -> list[Request]:
    """Two exports: an id that every account has another of, and a name that the shell must not touch."""
    arn = f"arn:aws:sns:eu-west-1:{account}:alerts:{_id(account, 'a')}"
    hard = f'it\'s $HOME of {account} "{_id(account, "b")}"'
    quoted = hard.replace("'", "'\"'\"'")
    base = {"account_id": account, "region": "eu-west-1", "settles": [], "set": number, "resource": arn}
    return [
        {**base, "number": f"{number}.1", "call": "sns:GetSubscriptionAttributes", "what": "Attributes", "why": "",
         "save_as": f"{account}/eu-west-1/first/{_id(account, 'a')}.json",
         "command": f"aws sns get-subscription-attributes --subscription-arn {arn} --output json"},
        {**base, "number": f"{number}.2", "call": "logs:DescribeMetricFilters", "what": "Filters", "why": "",
         "save_as": f"{account}/eu-west-1/second.json",
         "command": f"aws logs describe-metric-filters --log-group-name '{quoted}' --output json"},
    ]  # type: ignore[list-item]  # fmt: skip


def _block(account: str, number: str, why: str = "") -> Block:
    return Block(
        number, f"{account} name-{account}", "2 exports", "", (),
        (Item(f"{number}.1", f"Attributes of {_id(account, 'a')}", why or f"That of account {account} is not shown."),),
        (), "", capture_block(number, account, _requests(account, number)),
    )  # fmt: skip


def _blocks() -> list[Block]:
    return [_block(account, f"S-{number:03d}") for number, account in enumerate(ACCOUNTS, start=1)]


def _sent(folder: Path, shell: str, script: str, account: str) -> tuple[dict[str, str], str]:
    """What stands in the files that a block leaves, its record without times aside, and what it says."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "aws").write_text(AWS, encoding="utf-8")
    (folder / "bin" / "aws").chmod(0o755)
    (folder / "sent").mkdir()
    done = subprocess.run(
        [shell], input=f"{PREPARATION}\n{script}\n", text=True, capture_output=True, check=False, cwd=folder / "sent",
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "AS": account, "HOME": "/nowhere"},
    )  # fmt: skip
    files = {str(path.relative_to(folder / "sent")): path for path in (folder / "sent").rglob("*.json")}
    records = [path for path in files if "captures." in path]
    recorded = [
        (entry["file"], entry["call"], entry["arguments"], entry["account_id"])
        for path in records
        for entry in json.loads(files[path].read_text())["captures"]
    ]
    answers = {path: file.read_text() for path, file in files.items() if path not in records}
    return {**answers, "records": repr(recorded)}, done.stderr


def test_many_are_one_and_few_are_not() -> None:
    (one,) = joined_alike(_blocks())
    assert one.heading == f"S-001 and {MANY} more: {MANY + 1} accounts, 2 exports each"
    assert one.rows == tuple(
        (f"S-{number:03d}", f"{account} name-{account}") for number, account in enumerate(ACCOUNTS, 1)
    )
    assert one.items == (Item("S-001.1", "Attributes of ID", "That of account ACCOUNT is not shown."),)
    assert joined_alike(_blocks()[:MANY]) == _blocks()[:MANY]


def test_what_asks_for_something_else_stays_apart() -> None:
    other = _block("999999999999", "S-099", "Another reason.")
    assert [block.number for block in joined_alike([*_blocks(), other])] == ["S-001", "S-099"]
    assert joined_alike([*_blocks(), other])[1] == other


@pytest.mark.parametrize("shell", BASH)
@pytest.mark.parametrize("place", [0, MANY])
def test_in_each_account_it_asks_for_what_that_account_was_asked_for(tmp_path: Path, shell: str, place: int) -> None:
    account, blocks = ACCOUNTS[place], _blocks()
    (one,) = joined_alike(blocks)
    shared, said = _sent(tmp_path / "shared", shell, one.script, account)
    alone, _ = _sent(tmp_path / "alone", shell, blocks[place].script, account)
    assert (shared, said) == (alone, "")
    assert len(alone) == 3


def test_elsewhere_it_asks_for_nothing(tmp_path: Path) -> None:
    (one,) = joined_alike(_blocks())
    files, said = _sent(tmp_path, "sh", one.script, "999999999999")
    assert files == {"records": "[]"}
    assert f"Sign in to one of these {MANY + 1} accounts first" in said
