"""Files that a user names, as every option reads them: limits before reading, no pipes, one line for each mistake."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import load_controls, load_frameworks
from auditor.catalogue.document import MAX_BYTES as CATALOGUE_BYTES
from auditor.documents import SEPARATORS, read_bytes, read_text, read_yaml, rows
from auditor.engagement.facts import read_engagement
from auditor.engagement.scope import read_scope
from auditor.errors import AuditorError
from auditor.published.entity_file import read_entity_file
from auditor.result import AuditResult

# Whatever reads a file that a user names, by the file's ending.
READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "scope": (".csv", read_scope),
    "engagement": (".yaml", read_engagement),
    "framework table": (".csv", load_frameworks),
    "framework": (".json", load_frameworks),
    "control": (".json", load_controls),
    "entities": (".json", read_entity_file),
    "result": (".json", AuditResult.load),
}
HOLES = 3_000_000_000


@pytest.mark.parametrize("name", READERS)
def test_the_size_is_looked_at_before_the_file_is_read(tmp_path: Path, name: str) -> None:
    ending, read = READERS[name]
    file = tmp_path / f"holes{ending}"
    with file.open("wb") as stream:
        stream.truncate(HOLES)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(AuditorError, match=r"holes.*: is larger than [0-9,]+ bytes\.") as caught:
        read(file)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes of memory"
    assert "\n" not in str(caught.value)


def test_a_limit_costs_no_memory(tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(b"x")
    assert read_bytes(tmp_path / "small", 1 << 50, "Mend it.") == b"x"


@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    ending, read = READERS[name]
    os.mkfifo(tmp_path / f"pipe{ending}")
    with pytest.raises(AuditorError, match="pipe"):
        read(tmp_path / f"pipe{ending}")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", ["missing", "folder", "loop"])
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, kind: str) -> None:
    ending, read = READERS[name]
    file = tmp_path / f"it{ending}"
    if kind == "folder":
        file.mkdir()
    if kind == "loop":
        file.symlink_to(file)
    with pytest.raises(AuditorError) as caught:
        read(file)
    assert f"it{ending}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pattern_s_file_is_read_alike(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "holes").open("wb") as stream:
        stream.truncate(HOLES)
    for name, words in (("pipe", "pipe"), ("holes", "larger than")):
        command = [sys.executable, "-m", "auditor", "pattern", "explain", f"@{tmp_path / name}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 10)
    assert read_bytes(tmp_path / "f", 10, "") == b"x" * 10
    with pytest.raises(AuditorError, match="larger than 9 bytes"):
        read_bytes(tmp_path / "f", 9, "")
    assert CATALOGUE_BYTES > 1_000_000  # no control of a user comes near


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa\xc3\xa9", "aé".encode("utf-16"), b"a\xc3\xa9"])
def test_text_is_read_in_the_encodings_that_programs_save(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "f").write_bytes(data)
    assert read_text(tmp_path / "f", 100, "") == "aé"


def test_other_text_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"ab\xe9d")
    with pytest.raises(AuditorError, match="f byte 2: is no UTF-8 text"):
        read_text(tmp_path / "f", 100, "")


def test_a_document_is_json_or_yaml_without_types(tmp_path: Path) -> None:
    for text, value in (("a: no\nb: 1", {"a": "no", "b": "1"}), ('{"a": 1}', {"a": 1}), ("- x\n- y", ["x", "y"])):
        (tmp_path / "f").write_text(text)
        assert read_yaml(tmp_path / "f", 100, "") == value


@pytest.mark.parametrize("mark", SEPARATORS)
def test_rows_are_parted_by_what_parts_the_header(mark: str) -> None:
    text = f'sep={mark}\r\n Account ID {mark}"x"\r\n\r\n1{mark}"a\nb"\r\n{mark}\r\n2{mark}"c{mark}d"\r\n'
    found = list(rows(text, "f.csv", ("account_id",)))
    assert found == [(2, ["Account ID", "x"]), (5, ["1", "a\nb"]), (7, ["2", f"c{mark}d"])]


def test_a_quotation_mark_that_stays_open_is_told_with_the_line_of_its_row() -> None:
    with pytest.raises(AuditorError, match=r"f\.csv line 3: is no CSV"):
        list(rows('a,b\n1,2\n"3,4\n5,6\n', "f.csv", ("a",)))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('{"client": "\\ud800"}', "line 1"),
        ('{"client": "a",\n"firm": "\\uDC00\\ud83d"}', "line 2"),
        ('{"client": "\\ud83d\\ude00"}', ""),
        ('{"client": "\\\\ud800"}', ""),
        ('{"client": "\\\\\\ud800"}', "line 1"),
        ('{"client": "\\ud83dx\\ude00"}', "line 1"),
        ('client: "\\ud800"', "a"),
        ('client: "\\U0000D800"', "a"),
        ('client: "\\ud83d\\ude00"', "a"),
        ("client: C:\\ud800", ""),
    ],
)
def test_half_of_a_character_is_refused(tmp_path: Path, text: str, refused: str) -> None:
    file = tmp_path / "a"
    file.write_text(text, encoding="utf-8")
    if refused:
        with pytest.raises(AuditorError, match=refused + r".*half of a character"):
            read_yaml(file, 1_000, "Mend it.")
    else:
        json.dumps(read_yaml(file, 1_000, "Mend it."), ensure_ascii=False).encode()
