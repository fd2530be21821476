"""The capture record: an object with the list or the bare list, each entry checked where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.resources import validator

ENTRY = {
    "file": "111122223333/eu-west-1/cloudtrail-describe-trails.json",
    "call": "cloudtrail:DescribeTrails",
    "arguments": ["--region", "eu-west-1"],
    "account_id": "111122223333",
    "region": "eu-west-1",
    "topic_arn": "",
    "caller_arn": "arn:aws:sts::111122223333:assumed-role/Audit/auditor-20261001",
    "cli_version": "aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64.amzn.2023",
    "started_at": "2026-10-01T08:00:00Z",
    "ended_at": "2026-10-01T08:00:01Z",
    "exit_code": 0,
    "error_code": "",
    "bytes": "512",
    "sha256": "a" * 64,
    "script_version": "1.0.0",
    "host_clock_note": "",
    "note": "a member that the record may have besides",
}


@pytest.mark.parametrize("record", [[ENTRY], {"captures": [ENTRY]}, {"captures": [ENTRY], "by": "us"}, []])
def test_accepts(record: Any) -> None:
    assert validator("captures").is_valid(record)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("file", "/etc/passwd"), ("file", ""), ("file", None), ("call", "describe-trails"), ("arguments", [None]),
        ("account_id", 111122223333), ("account_id", "11112222333"), ("ended_at", "2026-10-01 08:00"),
        ("ended_at", 1790000000), ("exit_code", "none"), ("bytes", -1), ("sha256", "abc"),
    ],
)  # fmt: skip
def test_refuses_where_it_stands(member: str, value: Any) -> None:
    entry = ENTRY | {member: value}
    for record, prefix in (([entry], []), ({"captures": [entry]}, ["captures"])):
        places = [list(error.instance_path)[: len(prefix) + 2] for error in validator("captures").iter_errors(record)]
        assert {tuple(place) for place in places} == {(*prefix, 0, member)}


def test_refuses_an_object_without_the_list() -> None:
    assert not validator("captures").is_valid({"files": []})
