"""`auditor pattern compare|match|explain|sql`: contract of output and exit codes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
QUARTERLY = str(Path(__file__).parents[2] / "samples" / "quarterly")
SEND = '{ $.eventName = "SendCommand" }'
EITHER = "{ ($.eventName = StartSession) || ($.eventName = SendCommand) }"


@pytest.mark.parametrize(
    ("left", "right", "relation", "code"),
    [
        (EITHER, "{$.eventName=SendCommand||$.eventName=StartSession}", "equal", 0),
        (SEND, EITHER, "narrower", 1),
        (EITHER, SEND, "broader", 1),
        (SEND, "{ $.eventName = StartSession }", "disjoint", 1),
        (SEND, "{ $.awsRegion = eu-west-1 }", "overlapping", 1),
    ],
)
def test_compare_tells_the_relation(run: Run, left: str, right: str, relation: str, code: int) -> None:
    result = run("pattern", "compare", left, right, "--json")
    assert result.exit_code == code
    document = json.loads(result.stdout)
    assert list(document) == ["relation", "left_only", "right_only", "both", "missed", "added", "assumptions"]
    assert document["relation"] == relation
    assert run("pattern", "compare", left, right).stdout.startswith(f"{relation}: ")


def test_compare_shows_what_is_missed(run: Run) -> None:
    document = json.loads(run("pattern", "compare", SEND, EITHER, "--json").stdout)
    assert document["missed"] == ["StartSession"]
    assert document["right_only"] == {"eventName": "StartSession"}
    text = run("pattern", "compare", SEND, EITHER).stdout
    assert 'only RIGHT counts:  {"eventName": "StartSession"}' in text
    assert text.splitlines()[1] == "  LEFT would not notice: StartSession"


@pytest.mark.parametrize(("left", "right", "side"), [("{ $.a = ", SEND, "left"), (SEND, "{ a }", "right")])
def test_compare_of_no_pattern_cannot_be_carried_out(run: Run, left: str, right: str, side: str) -> None:
    result = run("pattern", "compare", left, right, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["relation"] == "unparsable"
    assert result.stderr.startswith(f"auditor: {side} pattern: ")
    assert result.stderr.count("\n") == 1
    assert run("pattern", "compare", left, right).stdout == ""


@pytest.mark.parametrize(
    ("data", "matched"),
    [
        (b'{"eventName": "SendCommand"}', [True]),
        (b'[{"eventName": "SendCommand"}, {"eventName": "x"}]', [True, False]),
        (b'{"Records": [{"eventName": "x"}, {"eventName": "SendCommand"}]}', [False, True]),
        (b'{"eventName": "SendCommand"}\n\nSendCommand\n', [True, False]),
        (gzip.compress(b'{"eventName": "SendCommand"}\n{"eventName": "SendCommand"}', mtime=0), [True, True]),
    ],
)
def test_match_reads_events_in_every_form(run: Run, tmp_path: Path, data: bytes, matched: list[bool]) -> None:
    (tmp_path / "events").write_bytes(data)
    result = run("pattern", "match", SEND, tmp_path / "events", "--json")
    document = json.loads(result.stdout)
    assert (document["matched"], document["total"]) == (sum(matched), len(matched))
    assert [event["matched"] for event in document["events"]] == matched
    assert [event["index"] for event in document["events"]] == list(range(len(matched)))
    assert all(event["clause"] for event in document["events"] if event["matched"])
    assert result.exit_code == 0


def test_match_names_the_clause_and_counts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"eventName": "x"}')
    (tmp_path / "two.json").write_text('{"eventName": "SendCommand"}')
    lines = run("pattern", "match", EITHER, tmp_path).stdout.splitlines()
    assert lines[0].startswith("event 1: ")
    assert "SendCommand" in lines[0]
    assert "StartSession" not in lines[0]
    assert lines[-1] == "1 of 2 events matched."


def test_no_match_is_1_and_no_file_is_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "events").write_text('{"eventName": "x"}')
    assert run("pattern", "match", SEND, tmp_path / "events").exit_code == 1
    missing = run("pattern", "match", SEND, tmp_path / "nothing")
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
    assert "nothing" in missing.stderr


def test_explain_says_what_is_counted(run: Run) -> None:
    text = run("pattern", "explain", SEND).stdout
    assert '- eventName is "SendCommand"' in text
    document = json.loads(run("pattern", "explain", SEND, "--json").stdout)
    assert document["kind"] == "json"
    assert document["explanation"] == text.splitlines()


@pytest.mark.parametrize("pattern", ["{ $.a = ", "{ $.a = 1 } x", "[a, b", "{ $.a @ 1 }"])
def test_no_pattern_is_one_line_with_a_column(run: Run, pattern: str, tmp_path: Path) -> None:
    (tmp_path / "events").write_text("{}")
    for words in (("explain", pattern), ("match", pattern, tmp_path / "events")):
        result = run("pattern", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.count("\n") == 1
        assert "column" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_any_pattern_may_stand_in_a_file(run: Run, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "pattern").write_bytes(f"{EITHER}\r\n".encode(encoding))
    assert run("pattern", "compare", f"@{tmp_path / 'pattern'}", EITHER).exit_code == 0
    assert run("pattern", "compare", EITHER, "@-", stdin=f"{EITHER}\n").exit_code == 0


@pytest.mark.parametrize(
    ("data", "words"), [(None, "No such file"), (b"\xff\xff", "no UTF-8 text"), (b"x" * 1_000_001, "larger than")]
)
def test_a_pattern_file_that_is_none_is_one_line(run: Run, tmp_path: Path, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / "pattern").write_bytes(data)
    result = run("pattern", "explain", f"@{tmp_path / 'pattern'}")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr


def test_pattern_commands_load_neither_pandas_nor_rich() -> None:
    code = (
        "import sys\nfrom auditor.cli.program import program\n"
        f"program(['pattern', 'compare', {SEND!r}, {EITHER!r}], standalone_mode=False)\n"
        "print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "auditor.patterns" in loaded
    assert not loaded & {"pandas", "rich", "openpyxl", "jinja2", "jsonschema_rs"}


def test_match_does_not_wait_for_a_pipe(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "events.json")
    result = run("pattern", "match", "{ $.a = 1 }", tmp_path / "events.json")
    assert result.exit_code == 2
    assert "is neither a file nor a folder" in result.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"Messages": [{"Body": "x"}], "Next": 1}', "1 object with the members Messages and Next"),
        ('{"Type": "Notification", "Message": "{\\"eventName\\": 1}"}', "1 object with the members Type and Message"),
        ('{"metricFilters": [{"filterName": "a"}]}\n' * 2, "2 objects with the members metricFilters"),
    ],
)
@pytest.mark.parametrize("pattern", [SEND, "SendCommand"])
def test_a_file_that_is_none_of_events_is_told(run: Run, tmp_path: Path, pattern: str, text: str, words: str) -> None:
    """Never "0 of 1 event matched" of an envelope that was not opened."""
    (tmp_path / "events.json").write_text(text)
    result = run("pattern", "match", pattern, tmp_path / "events.json")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert f"events.json: holds no event that is read here but {words}" in result.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file holds no event."),
        ('{"Records": []}', "The file holds no event."),
        ("a\nb\n", "Nothing in the file is a JSON object: it was read as 2 raw messages."),
        ('{"eventname": "SendCommand", "x": {"a": 1}}', "No event has $.eventName; the first one's members: eventname"),
    ],
)
def test_what_could_not_match_is_remarked(run: Run, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "events").write_text(text)
    result = run("pattern", "match", SEND, tmp_path / "events")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert words in result.stderr


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (SEND, '{"eventName": "x"}'),
        (SEND, '{"eventVersion": "1.08", "resources": [{"ARN": "a"}]}'),
        ("{ $.a[0].b = 1 }", '{"a": [{"b": 2}]}'),
        ("{ $.* = 1 }", '{"a": [{"b": 2}]}'),
        ("Infinity", '{"Records": [{"a": 1e999}]}'),
        ("word", "other\n"),
    ],
)
def test_events_that_do_not_match_need_no_remark(run: Run, tmp_path: Path, pattern: str, text: str) -> None:
    (tmp_path / "events").write_text(text)
    result = run("pattern", "match", pattern, tmp_path / "events")
    assert (result.exit_code, result.stderr) == (1, "")


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "trino"])
def test_sql_says_what_it_selects(run: Run, dialect: str) -> None:
    result = run("pattern", "sql", EITHER, "{ $.a = 1 }", "ERROR", "--dialect", dialect, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert list(document) == ["dialect", "engine", "run", "exact", "patterns", "widened", "count", "select"]
    assert [(item["exact"], item["widened"]) for item in document["patterns"]] == [
        (True, []),
        (False, ["number-rounding"]),
        (False, ["reads-text"]),
    ]
    assert list(document["widened"]) == ["number-rounding", "reads-text"]
    assert document["exact"] is False
    text = run("pattern", "sql", EITHER, "--dialect", dialect).stdout
    assert "--   selects exactly what it counts.\n" in text
    assert ("was not run" in text) != document["run"]
    assert "IN ('StartSession', 'SendCommand')" in text


def test_sql_says_when_everything_is_selected(run: Run) -> None:
    assert "every event is selected" in run("pattern", "sql", "ERROR", "--dialect", "duckdb").stderr
    assert run("pattern", "sql", SEND, "--dialect", "duckdb").stderr == ""


def test_sql_reads_patterns_from_files_and_refuses_what_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(SEND + "\n", encoding="utf-8")
    given = run("pattern", "sql", f"@{tmp_path}/p.txt", "--dialect", "duckdb", "--from", "logs/*.gz")
    assert given.stdout == run("pattern", "sql", SEND, "--dialect", "duckdb", "--from", "logs/*.gz").stdout
    assert "read_json_objects('logs/*.gz'" in given.stdout
    for refused in (("{ $.a = ", "--dialect", "duckdb"), (SEND,), (SEND, "--dialect", "trino", "--from", "a'")):
        result = run("pattern", "sql", *refused)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("auditor: ")


def test_sql_of_controls(run: Run) -> None:
    document = json.loads(run("controls", "ssm-actions", "--sql", "duckdb", "--json").stdout)
    assert [item["exact"] for item in document["patterns"]] == [True]
    every = json.loads(run("controls", "--sql", "trino", "--json").stdout)
    assert len(every["patterns"]) == 16
    with_filters = run("controls", "ssm-actions", "--sql", "duckdb", "--bundle", QUARTERLY, "--json")
    assert len(json.loads(with_filters.stdout)["patterns"]) > 1
    variant = json.loads(run("controls", "unauthorized-api-calls@cis-1.3.0", "--sql", "spark", "--json").stdout)
    assert len(variant["patterns"]) > 1
    assert run("controls", "--bundle", QUARTERLY).exit_code == 2
