"""Which names of files are taken, and how they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.bundle.limits import DEFAULT_LIMITS
from auditor.bundle.names import member_path
from auditor.errors import Problem

TAKEN = [
    ("a/b.json", "a/b.json", "as it is"),
    ("./a//b.json", "a/b.json", "empty and dot parts fall out"),
    ("a\\b.json", "a/b.json", "Compress-Archive of Windows PowerShell 5.1 writes backslashes"),
    ("a:b.json", "refused", "a drive letter"),
    ("ab:c.json", "ab:c.json", "a colon is no drive letter"),
    ("...json", "...json", "dots that do not climb"),
    ("Ä\u0308/日本.json", "Ä\u0308/日本.json", "other scripts, and no normalisation: two names stay two"),
    ("a\x1b[31m.json", "a\\x1b[31m.json", "an escape code cannot reach a terminal"),
    ("a\nb.json", "a b.json", "one line"),
    ("a\udcff.json", "a\\udcff.json", "a byte that is no text"),
    ("a\u202eb.json", "a\\u202eb.json", "text that turns its direction"),
    ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", "a formula is a name like any other here"),
    ("<script>alert(1)<\\script>", "<script>alert(1)</script>", "so is a tag"),
    ("../a", "refused", "climbs out"),
    ("a/../../b", "refused", "climbs out in the middle"),
    ("a\\..\\b", "refused", "climbs with backslashes"),
    ("/etc/passwd", "refused", "absolute"),
    ("\\\\server\\share", "refused", "absolute on a share"),
    ("C:\\a", "refused", "absolute on a drive"),
    ("a\0.json", "refused", "a zero byte ends names elsewhere"),
    ("", "refused", "no name"),
    ("./", "refused", "no name either"),
    ("a/" * 513, "refused", "1,025 characters and more"),
]


@pytest.mark.parametrize(("name", "path", "why"), TAKEN, ids=[case[2] for case in TAKEN])
def test_a_name_is_taken_or_refused(name: str, path: str, why: str) -> None:
    found = member_path(name, "in.zip/", DEFAULT_LIMITS)
    if path == "refused":
        assert isinstance(found, Problem), why
        assert found.line().isprintable()
        assert found.code in ("unsafe-path", "long-path")
    else:
        assert found == "in.zip/" + path, why


@given(st.text(max_size=80))
def test_no_path_leaves_the_bundle_or_disturbs_a_terminal(name: str) -> None:
    found = member_path(name, "", DEFAULT_LIMITS)
    shown = found.file if isinstance(found, Problem) else found
    assert not any(character in shown for character in "\x1b\n\r\0\u202e\u2028")
    shown.encode("utf-8")
    if isinstance(found, str):
        parts = found.split("/")
        assert ".." not in parts
        assert "" not in parts
        assert "." not in parts
