"""Archives in an archive: opened one level deep, within what the outer one may hold."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.api import audit
from auditor.bundle import Limits, Member, open_bundle
from auditor.bundle.empty_folders import empty_account_folders
from auditor.errors import Problem
from tests.hostile.packing import AFTER, END, GOOD, MEBIBYTE, block, in_zip, read_beside_neighbours
from tests.processor import Watch
from tests.textbook import ACCOUNT, textbook

NEIGHBOUR = "444455556666"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("bomb", "name"),
    [
        (lambda: in_zip(*((f"{number}.json", bytes(MEBIBYTE)) for number in range(50))), "zip"),
        (lambda: in_zip(("a.json.gz", gzip.compress(bytes(MEBIBYTE)) * 50)), "zip"),
        (lambda: gzip.compress(block("a.json", bytes(60 * MEBIBYTE)) + AFTER), "tgz"),
    ],
    ids=["zeros", "gzip", "tar"],
)
def test_bombs_in_archives_in_an_archive_share_what_it_may_hold(
    tmp_path: Path, bomb: Callable[[], bytes], name: str
) -> None:
    inner = bomb()
    outer = in_zip(*((f"{number:03}.{name}", inner) for number in range(60)), ("z.json", GOOD))
    with Watch() as watch:
        found = read_beside_neighbours(tmp_path, "bad.zip", outer)
    assert watch.seconds < 10
    unpacked = len([line for line in found if line.count("/") == 2 and line.endswith(".json")])
    assert any(line.endswith(("too-large", "archive-ratio")) for line in found)
    assert unpacked * MEBIBYTE < 64 * MEBIBYTE + 250 * len(outer)


def test_lists_of_archives_in_an_archive_are_bounded_together(tmp_path: Path) -> None:
    inner = in_zip(*((f"../{number}", b"") for number in range(40)))
    write = in_zip(*((f"{number}.zip", inner) for number in range(5)), ("z.json", GOOD))
    (tmp_path / "bad.zip").write_bytes(write)
    items = list(open_bundle([tmp_path], Limits(members=100)).read())
    codes = [item.code for item in items if isinstance(item, Problem)]
    assert codes == ["unsafe-path"] * 120 + ["archive-too-large"] * 2
    assert [item.path for item in items if isinstance(item, Member)] == ["bad.zip/z.json"]


def mailed(account: str) -> bytes:
    """One account's exports in an archive of their own."""
    return in_zip(*((path, json.dumps(answer).encode()) for path, answer in textbook(account).items()))


def test_a_zip_of_zips_is_audited_and_a_deeper_one_is_told(tmp_path: Path) -> None:
    deeper = in_zip((f"{NEIGHBOUR}.zip", mailed(NEIGHBOUR)))
    outer = tmp_path / "all.zip"
    outer.write_bytes(in_zip((f"{ACCOUNT}.zip", mailed(ACCOUNT)), ("more.zip", deeper)))
    document = json.loads(audit(outer, controls=["ssm-actions"], frameworks=["iso27001-2022"]).to_json())
    assert {one["account_id"]: one["verdict"] for one in document["findings"]} == {
        ACCOUNT: "PASS",
        NEIGHBOUR: "INCONCLUSIVE",
    }
    assert [(one["file"], one["code"]) for one in document["problems"]] == [
        (f"more.zip/{NEIGHBOUR}.zip", "nested-archive")
    ]
    assert {one["file"].split("/")[0] for one in document["captures"]} == {f"{ACCOUNT}.zip"}


def test_an_archive_that_holds_nothing_hands_its_account_in(tmp_path: Path) -> None:
    (tmp_path / f"{ACCOUNT}.zip").write_bytes(mailed(ACCOUNT))
    (tmp_path / f"{NEIGHBOUR}.zip").write_bytes(in_zip())
    (tmp_path / "more.tar").write_bytes(block("555566667777.tgz", gzip.compress(END)) + END)
    document = json.loads(audit(tmp_path, controls=["ssm-actions"], frameworks=["iso27001-2022"]).to_json())
    assert {one["account_id"]: one["verdict"] for one in document["findings"]} == {
        ACCOUNT: "PASS",
        NEIGHBOUR: "INCONCLUSIVE",
        "555566667777": "INCONCLUSIVE",
    }
    assert [(one["file"], one["code"]) for one in document["problems"]] == [
        (f"{NEIGHBOUR}.zip", "empty-bundle"),
        ("more.tar/555566667777.tgz", "empty-bundle"),
    ]


def test_folders_in_folders_beside_an_empty_one_of_an_account_take_little_memory() -> None:
    files = [f"{number:04}{'/a' * 480}" for number in range(300)]
    tracemalloc.start()
    empty = list(empty_account_folders(["444455556666/", "./111122223333/"], "", [*files, "111122223333/a.json"]))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [problem.file for problem in empty] == ["444455556666/"]
    assert most < 4 * MEBIBYTE
