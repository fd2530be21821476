"""What is made for an output is gone with it, also what killed runs left, and never what a running one needs."""

from __future__ import annotations

from pathlib import Path

from auditor.seal.work_folder import work_folder


def made(folder: Path, name: str, *content: str) -> Path:
    left = folder / name
    left.mkdir()
    for file in content:
        (left / file).write_text("evidence", "utf-8")
    return left


def test_a_folder_that_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = made(tmp_path, ".sealed.zip.abcd1234", "bag")
    with work_folder(tmp_path / "sealed.zip", "bag") as bag:
        assert not left.exists()
        bag.write_text("new", "utf-8")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_a_running_one_stays(tmp_path: Path) -> None:
    out = tmp_path / "sealed.zip"
    with work_folder(out, "bag") as first:
        with work_folder(out, "bag") as second:
            assert first.parent.is_dir()
            assert first != second
        first.write_text("new", "utf-8")


def test_what_is_somebody_elses_stays(tmp_path: Path) -> None:
    kept = [
        made(tmp_path, ".sealed.zip.mine"),
        made(tmp_path, ".sealed.zip.abcd1234", "bag", "notes"),
        made(tmp_path, ".other.zip.abcd1234", "bag"),
    ]
    with work_folder(tmp_path / "sealed.zip", "bag"):
        assert all(folder.is_dir() for folder in kept)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
