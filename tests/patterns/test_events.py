"""Events from files, in every form that people hand in."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.patterns import Message, match
from auditor.patterns import held_text as module
from auditor.patterns import read_events as messages


def read_events(path: str | Path) -> Iterator[Any]:
    """The events, JSON objects as such."""
    return (event.record if isinstance(event, Message) else event for event in messages(path))


ONE, TWO = {"eventName": "A", "n": 1.5}, {"eventName": "B", "n": [1, None]}
FORMS: dict[str, tuple[str, list[Any]]] = {
    "one event": (json.dumps(ONE), [ONE]),
    "one event over lines": (json.dumps(ONE, indent=2), [ONE]),
    "array": (json.dumps([ONE, TWO]), [ONE, TWO]),
    "array over lines": (json.dumps([ONE, TWO], indent=1), [ONE, TWO]),
    "records": (json.dumps({"Records": [ONE, TWO]}), [ONE, TWO]),
    "records over lines": (json.dumps({"Records": [ONE, TWO]}, indent=1), [ONE, TWO]),
    "lines": (f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n", [ONE, TWO]),
    "lines with CRLF and blanks": (f"{json.dumps(ONE)}\r\n\r\n  \n{json.dumps(TWO)}", [ONE, TWO]),
    "lines of records": (f"{json.dumps({'Records': [ONE]})}\n{json.dumps([TWO])}", [ONE, TWO]),
    "records and more members": (json.dumps({"Records": [ONE, TWO], "more": {"a": [1]}}), [ONE, TWO]),
    "records one after the other": (json.dumps({"Records": [ONE]}) + " " + json.dumps([TWO]), [ONE, TWO]),
    "records, then lines": (f"{json.dumps({'Records': [ONE]})}\nraw\n{json.dumps(TWO)}", [ONE, "raw", TWO]),
    "lookup-events": (json.dumps({"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(ONE)}]}), [ONE]),
    "an event with a member Events": (json.dumps({"Events": [{"a": 1}]}), [{"Events": [{"a": 1}]}]),
    "no records": (json.dumps({"Records": []}), []),
    "raw lines": ("ERROR one\nWARN two\n", ["ERROR one", "WARN two"]),
    "raw among JSON": (f"{json.dumps(ONE)}\nnot JSON\n17\n", [ONE, "not JSON", "17"]),
    "raw lines that open a bracket": ("[2026-01-01] a\n{b\n", ["[2026-01-01] a", "{b"]),
    "array of other things": ('[{"a":1},"text",3,null]', [{"a": 1}, "text", "3", "null"]),
    "deep": ("[" * 5000, ["[" * 5000]),
    "empty": ("", []),
    "blank": (" \n\n", []),
}
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode()),
    "gzip of utf-16": lambda text: gzip.compress(text.encode("utf-16")),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", FORMS)
def test_form(form: str, encoding: str, tmp_path: Path) -> None:
    text, expected = FORMS[form]
    file = tmp_path / "events"
    file.write_bytes(ENCODINGS[encoding](text))
    assert list(read_events(file)) == expected


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps({"Records": [TWO]}).encode()))
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.json").write_text(json.dumps(ONE))
    (tmp_path / "sub" / "c.log").write_text("raw")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "link.json").symlink_to(tmp_path / "a.json")
    assert list(read_events(str(tmp_path))) == [ONE, TWO, "raw"]


def test_numbers_stay_exact(tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_text('{"a": 0.1000000000000000000000000001}\n{"a": 1e400}\n')
    first, second = read_events(file)
    assert match("{ $.a > 0.1 }", first)
    assert match("{ $.a = 1e400 && $.a < 1e401 }", second)


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "events.gz"
    line = json.dumps(ONE).encode() + b"\n"
    # the second half is cut off: what stands before is handed out all the same
    file.write_bytes(gzip.compress(line * 200_000)[:-1000])
    events = read_events(file)
    assert next(events) == ONE
    with pytest.raises(AuditorError, match=r"events\.gz: the events cannot be read"):
        list(events)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x1f\x8bnot gzip", id="no gzip after its first bytes"),
        pytest.param(gzip.compress(b"x", mtime=0)[:-4], id="cut off"),
        pytest.param(b"\x1f\x8b\x08\0" + b"\xff" * 40, id="broken gzip"),
    ],
)
def test_unreadable(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_bytes(content)
    with pytest.raises(AuditorError, match="events cannot be read") as caught:
        list(read_events(file))
    assert str(file) in str(caught.value)
    with pytest.raises(AuditorError, match="No such file"):
        list(read_events(tmp_path / "absent"))


@pytest.mark.parametrize("size", [1, 3, 64])
@pytest.mark.parametrize("form", FORMS)
def test_it_does_not_matter_where_chunks_end(
    form: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", size)
    text, expected = FORMS[form]
    file = tmp_path / "events"
    file.write_text(text, encoding="utf-8")
    assert list(read_events(file)) == expected


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ('{"Records":[{"a":1},{"b":', 1),
        ('{"Records":[{"a":1}', 1),
        ('{"Records":[{"a":1},]}', 1),
        ('{"Records":[{"a":1} {"a":2}]}', 1),
        ('{"Records":[{"a":1}]', 1),
        ('{"Records":[{"a":NaN}]}', 0),
        ('[{"a":1},', 1),
    ],
)
def test_an_array_that_breaks_off(text: str, before: int, tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_text(text)
    with pytest.raises(AuditorError, match="JSON breaks off"):
        list(read_events(file))
    events = read_events(file)
    assert [next(events) for _ in range(before)] == [{"a": 1}] * before


def test_a_number_without_end_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each digit that is read once made the next piece take longer: 200 kB of gzip took minutes."""
    monkeypatch.setattr(module, "ITEM_LIMIT", 40)
    assert module.HeldText(io.StringIO("9" * 40).read).value() == (int("9" * 40), "9" * 40, 40)
    with pytest.raises(module.TooLongError):
        module.HeldText(io.StringIO("9" * 41).read).value()


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_LIMIT", 50)
    monkeypatch.setattr(module, "DOCUMENT_LIMIT", 60)
    monkeypatch.setattr(module, "ITEM_LIMIT", 40)
    file = tmp_path / "events"
    for text in ("x" * 51, "{\n" + "\n" * 60, "ok\n" + "x" * 51, '[{"a":"' + "x" * 51):
        file.write_text(text)
        with pytest.raises(AuditorError, match="too long"):
            list(read_events(file))
    file.write_text("ok\n" * 100)
    assert len(list(read_events(file))) == 100
