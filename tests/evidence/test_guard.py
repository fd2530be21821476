"""A file with which a stage of reading fails is a problem of that file; the rest goes on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import ACCOUNT, textbook, write

RECORD = "captures.json"
PATH = f"{ACCOUNT}/us-east-1/cloudwatch-describe-alarms.json"


@pytest.mark.parametrize("stage", ["document", "classify", "check"])
def test_a_stage_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    rooms = sys.modules[f"auditor.evidence.{'captures' if stage == 'check' else 'load'}"]
    usual = getattr(rooms, stage)

    def failing(entry: Any, *more: Any) -> Any:
        path = entry.recognised.path if stage == "check" else entry.path
        if path == PATH:
            raise RecursionError
        return usual(entry, *more)

    monkeypatch.setattr(rooms, stage, failing)
    found = load(open_bundle([write(textbook(), tmp_path)]))
    assert [(one.file, one.code) for one in found.problems] == [(PATH, "not-computable")]
    usable = [capture.file for capture in found.captures if capture.usable]
    assert usable == [path for path in sorted(textbook()) if path != PATH]


def test_a_capture_record_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> Any:
        raise OverflowError

    monkeypatch.setattr(sys.modules["auditor.evidence.recognising.record_files"], "read_record", failing)
    found = load(open_bundle([write({**textbook(), RECORD: {"captures": []}}, tmp_path)]))
    assert [(one.file, one.code) for one in found.problems] == [(RECORD, "not-computable")]
    assert all(capture.usable for capture in found.captures)
