"""Entities that somebody wrote down are read as they say, or refused in one line that names file and place."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.published.entity_file import read_entity_file

MARKER = {"$unevidenced": True}


@pytest.mark.parametrize(
    ("text", "entities", "now"),
    [
        ('[{"a": 1}, {"$unevidenced": true}]', [{"a": 1}, MARKER], None),
        ("[]", [], None),
        ('{"a": 1}', [{"a": 1}], None),
        ('{"$unevidenced": true}', MARKER, None),
        ('{"entities": [{"a": 1}]}', [{"a": 1}], None),
        ('{"entities": [{"a": 1}], "now": "2026-07-01"}', [{"a": 1}], "2026-07-01"),
        ('{"entities": {"$unevidenced": true}}', MARKER, None),
        ('{"entities": [], "name": "an entity of its own"}', [{"entities": [], "name": "an entity of its own"}], None),
    ],
)
@pytest.mark.parametrize("form", ["plain", "gzip", "utf-8-sig", "utf-16"])
def test_forms(tmp_path: Path, text: str, entities: Any, now: str | None, form: str) -> None:
    file = tmp_path / "entities.json"
    plain = text.encode("utf-8" if form in ("plain", "gzip") else form)
    file.write_bytes(gzip.compress(plain) if form == "gzip" else plain)
    found = read_entity_file(file)
    assert (found.entities, found.now) == (entities, now)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'"CloudTrail"', "is no list of entities"),
        (b'[{"a": 1}, 7]', "/1: is no entity"),
        (b'{"entities": 7}', "is no list of entities"),
        (b'{"entities": [], "now": 7}', "/now: is no time"),
        (b'{"entities": [], "now": "last quarter"}', "/now: is no time"),
        (b'[{"a": NaN}]', "NaN is no JSON value"),
        (b"[{", "is no JSON"),
        (b"\xff\xff", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (gzip.compress(b"[]", mtime=0)[:12], "cannot be unpacked"),
        (b"\x1f\x8bnothing", "cannot be "),
    ],
)
def test_refusals_name_the_file(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "entities.json"
    file.write_bytes(data)
    with pytest.raises(AuditorError) as caught:
        read_entity_file(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder; a file is needed"), (tmp_path / "none.json", "cannot be read")):
        with pytest.raises(AuditorError, match=said):
            read_entity_file(path)
