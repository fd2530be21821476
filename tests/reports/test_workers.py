"""Reports are the same however many processes write them, and whatever becomes of those."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.reports import write, write_reports
from auditor.reports.registry import FORMATS, Format
from auditor.reports.workers import MOST_TASKS, shared_out
from tests.reports.example_result import example_result

THIS = os.getpid()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_bytes_are_the_same_however_many_processes_write_them(tmp_path: Path) -> None:
    one = write_reports(example_result(), tmp_path / "one", ["xlsx", "html"])
    for jobs in (2, 5):
        several = write_reports(example_result(), tmp_path / str(jobs), ["xlsx", "html"], jobs)
        assert [path.name for path in several] == [path.name for path in one]
        assert files(tmp_path / str(jobs)) == files(tmp_path / "one")


def test_each_task_is_done_once_and_by_whoever_is_free() -> None:
    done = shared_out(200, lambda number: f"{number:064d}", 3)
    assert done == {number: f"{number:064d}" for number in range(200)}
    assert shared_out(1, lambda number: f"{number:064d}", 3) == {}  # nobody to share with
    assert shared_out(MOST_TASKS + 1, lambda number: f"{number:064d}", 3) == {}


def test_what_a_process_does_not_finish_is_left_to_the_caller() -> None:
    def work(number: int) -> str:
        if os.getpid() != THIS:
            os.kill(os.getpid(), 9)
        return f"{number:064d}"

    done = shared_out(50, work, 2)
    assert len(done) in (49, 50)  # the other process may come too late to take one
    assert all(done[number] == f"{number:064d}" for number in done)


def test_an_error_is_said_in_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(result: object, framework: str) -> bytes:
        raise AuditorError("cannot be drawn.", remedy="Leave it out.")

    monkeypatch.setattr(write, "FORMATS", {**FORMATS, "broken": Format("broken", "brk", broken, per_framework=True)})
    with pytest.raises(AuditorError, match="cannot be drawn"):
        write_reports(example_result(), tmp_path, ["html", "broken"], 2)
    assert list(tmp_path.iterdir()) == []
