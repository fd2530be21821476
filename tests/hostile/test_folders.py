"""Folders made to harm: nothing outside is read, nothing waits, every neighbour is read."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from auditor.bundle import Member, open_bundle
from auditor.errors import Problem
from auditor.text import one_line

GOOD = b'{"MetricAlarms": []}'


def read(folder: Path) -> list[str]:
    """What reading the folder gives: paths, and problems as "path: code"."""
    found = []
    for item in open_bundle([folder]).read():
        if isinstance(item, Problem):
            assert item.line() == one_line(item.line(), 2_000)
            found.append(f"{item.file}: {item.code}")
        else:
            assert item.path == one_line(item.path, 2_000)
            found.append(item.path)
    return found


@pytest.mark.timeout(60)
def test_links_pipes_and_sockets_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.json").write_bytes(GOOD)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes(GOOD)
    (folder / "file.json").symlink_to(outside / "secret.json")
    (folder / "folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to("missing")
    (folder / "archive.zip").symlink_to(outside / "secret.json")
    os.mkfifo(folder / "pipe.json")
    os.mkfifo(folder / "pipe.zip")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket"))
        assert read(folder) == [
            "a.json",
            "archive.zip: not-a-file",
            "file.json: not-a-file",
            "folder: not-a-file",
            "loop: not-a-file",
            "nowhere: not-a-file",
            "pipe.json: not-a-file",
            "pipe.zip: not-a-file",
            "socket: not-a-file",
        ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("swap", ["link", "pipe", "folder", "nothing"])
def test_a_file_swapped_after_it_was_listed_is_a_problem(tmp_path: Path, swap: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a.json", "b.json", "c.json"):
        (folder / name).write_bytes(GOOD)
    reading = open_bundle([folder]).read()
    first = next(reading)
    (folder / "b.json").unlink()
    if swap == "link":
        (folder / "b.json").symlink_to("/etc/passwd")
    elif swap == "pipe":
        os.mkfifo(folder / "b.json")
    elif swap == "folder":
        (folder / "b.json").mkdir()
    items = [first, *reading]
    assert [item.path if isinstance(item, Member) else f"{item.file}: {item.code}" for item in items] == [
        "a.json",
        "b.json: unreadable-file",
        "c.json",
    ]


NAMES = [
    (b"\x1b[2J.json", "\\x1b[2J.json"),
    (b"a\nb.json", "a b.json"),
    (b"\xff\xfe.json", "\\udcff\\udcfe.json"),
    ("\u202egnp.json".encode(), "\\u202egnp.json"),
    (b"<script>alert(1).json", "<script>alert(1).json"),
    (b"=cmd|'C calc'!A0.json", "=cmd|'C calc'!A0.json"),
    (b"-rf.json", "-rf.json"),
    (b"[red]bold.json", "[red]bold.json"),
    (b"x\\y.json", "x/y.json"),
    (b"..\\y.json", "../y.json: unsafe-path"),
    (b"C:y.json", "C:y.json: unsafe-path"),
]


@pytest.mark.parametrize(("name", "shown"), NAMES, ids=[case[1] for case in NAMES])
def test_names_reach_no_terminal_and_no_other_place(tmp_path: Path, name: bytes, shown: str) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(GOOD)
    assert read(tmp_path) == [shown]
    assert open_bundle([tmp_path]).sha256


def test_names_that_become_one_are_all_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "y.json").write_bytes(b"1")
    (tmp_path / "x\\y.json").write_bytes(b"2")
    (tmp_path / "z.json").write_bytes(b"3")
    assert read(tmp_path) == ["x/y.json: duplicate-name", "z.json"]


@pytest.mark.timeout(60)
def test_folders_in_folders_without_end(tmp_path: Path) -> None:
    (tmp_path / "z.json").write_bytes(GOOD)
    start, depth = Path.cwd(), 1_500
    try:
        os.chdir(tmp_path)
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        Path("deep.json").write_bytes(GOOD)
        found = read(tmp_path)
    finally:
        Path("deep.json").unlink()
        for _ in range(depth):  # shutil.rmtree, which cleans up after tests, cannot go so deep
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(start)
    assert found[-1] == "z.json"
    assert len(found) == 2
    assert found[0].endswith((": long-path", ": unreadable-file"))


def test_damaged_gzip_is_a_problem(tmp_path: Path) -> None:
    whole = gzip.compress(GOOD * 100)
    for name, data in {
        "a": whole[:-9],
        "b": whole[:5],
        "c": whole[:-8] + b"\0" * 8,
        "d": whole + b"rest",
        "e": b"\x1f\x8b",
        "f": whole,
    }.items():
        (tmp_path / f"{name}.json.gz").write_bytes(data)
    assert read(tmp_path) == [*(f"{name}.json.gz: damaged-gzip" for name in "abcde"), "f.json.gz"]


def test_reading_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes(GOOD)
    (folder / "b.zip").write_bytes(b"no zip")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in tmp_path.rglob("*")}
    read(folder)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in tmp_path.rglob("*")} == before
