"""What does not belong into a bundle costs nothing: it is counted, and the first of it is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

import auditor
from auditor.findings.facts import OTHERS_LISTED
from tests.textbook import textbook, write

ACCOUNT = "111122223333"


@pytest.mark.parametrize(("number", "listed"), [(OTHERS_LISTED, None), (OTHERS_LISTED + 1, OTHERS_LISTED + 1)])
def test_other_files_are_counted_and_the_first_are_listed(tmp_path: Path, number: int, listed: int | None) -> None:
    write(textbook(ACCOUNT), tmp_path)
    (tmp_path / "junk").mkdir()
    for place in range(number):
        (tmp_path / "junk" / f"{place:05d}.txt").write_text("a note")
    document = auditor.audit(tmp_path, controls=["ssm-actions"]).document
    assert document["findings"][0]["verdict"] == "PASS"
    assert len(document["other_files"]) == OTHERS_LISTED
    assert document["bundle"].get("other_files") == listed
    told = [problem for problem in document["problems"] if problem["code"] == "many-other-files"]
    assert [problem["severity"] for problem in told] == (["note"] if listed else [])
