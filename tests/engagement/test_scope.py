"""The scope file: what is read, and the line that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.engagement.scope import read_scope
from auditor.errors import AuditorError


def scope(folder: Path, text: str | bytes, name: str = "scope.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_csv(tmp_path: Path) -> None:
    header = "account_id,name,regions,in_scope,reason\r\n"
    text = header + '012345678901,zero,"eu-west-1 us-east-1",,\r\n111122223333,b,,no,sold\r\n'
    first, second = read_scope(scope(tmp_path, text))
    assert (first.account_id, first.regions, first.in_scope) == ("012345678901", ("eu-west-1", "us-east-1"), True)
    assert (second.account_id, second.in_scope, second.reason) == ("111122223333", False, "sold")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfaccount_id;name\n111122223333;b\n",
        "account_id\tname\n111122223333\tb\n".encode("utf-16"),
        b'[{"account_id": "111122223333", "name": "b"}]',
        b'{"accounts": [{"account_id": "111122223333", "name": "b"}]}',
        b"Account ID,Name\n1111-2222-3333,b\n",
    ],
    ids=["BOM and semicolon", "UTF-16 and tab", "JSON list", "JSON object", "header and id as people write them"],
)
def test_forms(tmp_path: Path, text: bytes) -> None:
    (entry,) = read_scope(scope(tmp_path, text))
    assert (entry.account_id, entry.name) == ("111122223333", "b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account_id\n012345678901\n12345678901\n", "line 3"),
        ("account_id\n1.23457E+11\n", "line 2"),
        ("account_id\n111122223333\n111122223333\n", "twice"),
        ("id,name\n111122223333,b\n", "unknown column id"),
        ("name\nb\n", "unknown column|no column account_id"),
        ("account_id\n", "names no account"),
        ("account_id,regions\n111122223333,mars\n", "mars is no region"),
        ("account_id,in_scope\n111122223333,perhaps\n", "neither yes nor no"),
        ("[", "no JSON"),
        ("{}", "no list of accounts"),
        ('account_id,name\n111122223333,"open\n222233334444,b\n', "line 2: is no CSV.*quotation mark"),
        ('account_id,"name\n111122223333,b\n', "no CSV"),
        ("account_id,name\n111122223333," + "b" * 200_000 + "\n", "no CSV"),
    ],
)
def test_errors_name_file_place_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AuditorError, match=said) as caught:
        read_scope(scope(tmp_path, text))
    assert "scope.csv" in str(caught.value)
    assert caught.value.problem.remedy
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match="cannot be read"):
        read_scope(tmp_path / "none.csv")


def test_yaml_is_a_list_of_the_same_members(tmp_path: Path) -> None:
    path = tmp_path / "scope.yaml"
    path.write_text(
        "- account_id: 012345678901\n  name: prod\n  regions: eu-west-1 us-east-1\n  in_scope: no\n", "utf-8"
    )
    (entry,) = read_scope(path)
    assert (entry.account_id, entry.name, entry.regions) == ("012345678901", "prod", ("eu-west-1", "us-east-1"))
    assert not entry.in_scope
    path.write_text("account_id: 012345678901\n", "utf-8")
    with pytest.raises(AuditorError, match="is no list of accounts"):
        read_scope(path)
