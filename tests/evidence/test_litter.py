"""What a Mac puts beside people's files, in a zip as in a folder, is no answer that could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import textbook, write


@pytest.mark.parametrize("above", ["__MACOSX/", ""], ids=["in a zip of Finder", "on another file system"])
def test_finder_metadata_named_as_answers_are_other_files(tmp_path: Path, above: str) -> None:
    files = textbook()
    write(files, tmp_path)
    for path in files:
        folder, _, name = path.rpartition("/")
        litter = tmp_path / f"{above}{folder}" / f"._{name}"
        litter.parent.mkdir(parents=True, exist_ok=True)
        litter.write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ")
    evidence = load(open_bundle([tmp_path]))
    assert [capture.file for capture in evidence.captures] == sorted(files)
    assert evidence.problems == ()
    assert {other.what for other in evidence.others} == {"Finder metadata (AppleDouble)"}
