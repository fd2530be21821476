"""The queries as text: safe whatever a pattern holds, parsed by a parser of each dialect, and open about themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions

from auditor.errors import AuditorError
from auditor.patterns import Pattern, match, parse
from auditor.patterns.sql import DIALECTS, WIDENED, queries
from auditor.patterns.syntax import Compare, Glob, Name
from tests.patterns.sql.engine import DUCKDB, count, selected
from tests.patterns.sql.real import WILD

HOSTILE = (
    "'; DROP TABLE logs; --",
    "\\'; DROP TABLE logs; --",
    "'",
    "''",
    "\\",
    "\\\\'",
    "a\n; DROP TABLE logs; --",
    "a\r\nb",
    "*/ DROP TABLE logs /*",
    "' OR 1=1 OR '",
    "$$",
    "${spark.x}",
    "${env:HOME}",
    "a; b",
    "a ? b",
    "{text}",
    "{{}}",
    "%_!%",
    "!",
    "!%",
    "a%b",
    "a_b",
    "\x00",
    "Zoë 日本 😀",
    "\u2028\u2029",
    "E'\\n'",
    "x" * 900,
)


def equal(text: str, key: str = "a") -> Pattern:
    """The pattern whose one value is this text."""
    root = Compare((Name(key),), "=", Glob((text,)))
    return Pattern("json", root, "")


def started(text: str) -> Pattern:
    return Pattern("json", Compare((Name("a"),), "=", Glob((text, ""))), "")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_text_selects_itself_alone(number: int, tmp_path: Path) -> None:
    text = HOSTILE[number]
    texts = [text, f"{text}x", text[:-1], "x", "", "DROP TABLE logs"]
    records = [json.dumps({"a": each, "#": [str(index)]}) for index, each in enumerate(texts)]
    for pattern in (equal(text), started(text)):
        counted = {str(index) for index, record in enumerate(records) if match(pattern, record)}
        written, chosen = selected([pattern], records, tmp_path)
        assert written.exact
        assert chosen == counted


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_hostile_text_stays_one_statement(dialect: str) -> None:
    patterns = [equal(text) for text in HOSTILE] + [started(text) for text in HOSTILE]
    written = queries(patterns + [equal("x", key) for key in HOSTILE], DIALECTS[dialect], "logs")
    for statement in (written.count, written.select):
        assert len(sqlglot.parse(statement, dialect=dialect)) == 1
        assert not re.search(r"DROP|\$\{|;|/\*|--", statement)
    assert "${" not in written.header
    assert ";" not in written.header
    assert all(line.startswith("-- ") and line.isascii() and line.isprintable() for line in written.header.splitlines())
    assert len([each for each in sqlglot.parse(written.script, dialect=dialect) if each]) == 2


def test_a_text_of_half_a_surrogate_pair_selects_every_text(tmp_path: Path) -> None:
    written, chosen = selected([equal("\ud800")], ['{"a":"x","#":["0"]}', '{"a":1,"#":["1"]}'], tmp_path)
    assert written.sieves[0].widened == ("surrogate",)
    assert chosen == {"0"}


@pytest.mark.parametrize("dialect", ["spark", "trino"])
@pytest.mark.parametrize("part", range(2))
def test_real_patterns_parse(dialect: str, part: int) -> None:
    written = queries(map(parse, WILD[part::20]), DIALECTS[dialect])
    for statement in (written.count, written.select):
        (parsed,) = sqlglot.parse(statement, dialect=dialect)
        assert isinstance(parsed, expressions.Select)
        assert [each.alias for each in parsed.find_all(expressions.CTE)] == ["events", "extracted", "members"]


@pytest.mark.parametrize(
    ("pattern", "dialect", "widened"),
    [
        ("{ $.a = x && $.b != y* && $.c NOT EXISTS && $.d IS NULL && $.e IS TRUE }", "duckdb", ()),
        ("{ $.a = * || $.a != * || $.b = 10.1.2.3 || $.a.['b.c'] = x || $.a[0] = x }", "duckdb", ()),
        ("{ $.a = x && $.b != y* && $.e IS TRUE }", "trino", ()),
        ("{ $.a = 1 }", "duckdb", ("number-rounding",)),
        ("{ $.a != 1 }", "duckdb", ("number-unequal",)),
        ("{ $.a > 1 }", "spark", ("number-rounding",)),
        ('{ $.a = "1*" }', "duckdb", ("number-text",)),
        ("{ $.a = %x% }", "duckdb", ("number-text",)),
        (r"{ $.a = %\xff% }", "duckdb", ("number-text", "regex")),
        ("{ $.a = %x{900}% }", "duckdb", ("number-text", "regex")),
        ("{ $.a[*] = x }", "duckdb", ("selector",)),
        ("{ $.a[0] = x }", "trino", ("selector",)),
        ("{ $.a NOT EXISTS || $.b IS NULL }", "trino", ("null-or-absent",)),
        ("{ $.a NOT EXISTS || $.b IS NULL }", "spark", ()),
        ("ERROR", "duckdb", ("reads-text",)),
        ("[a, b=x]", "duckdb", ("reads-text",)),
        ("", "duckdb", ()),
    ],
)
def test_it_says_where_it_selects_more(pattern: str, dialect: str, widened: tuple[str, ...]) -> None:
    written = queries([parse(pattern)], DIALECTS[dialect])
    assert written.sieves[0].widened == widened
    assert written.exact == (not widened)
    for code in WIDENED:
        assert (f"({code})" in written.header) == (code in widened)


def test_patterns_of_text_select_everything(tmp_path: Path) -> None:
    records = ['{"a":1,"#":["0"]}', '{"#":["1"]}']
    for pattern in ("ERROR", "-a", "?a ?b", "[x]", "%a%", ""):
        assert selected([parse(pattern)], records, tmp_path)[1] == {"0", "1"}


def test_an_object_with_a_member_twice_is_selected(tmp_path: Path) -> None:
    records = [
        '{"a":{"b":"x","b":"y"},"#":["nested"]}',
        '{"c":1,"c":2,"#":["top"]}',
        '{"z":{"b":1,"b":2},"a":{"b":"x"},"#":["elsewhere"]}',
    ]
    assert selected([parse("{ $.a.b = y }")], records, tmp_path)[1] == {"nested", "top"}


@pytest.mark.parametrize(
    ("dialect", "place"),
    [
        ("duckdb", "a' OR 1=1"),
        ("duckdb", "a\nb"),
        ("duckdb", ""),
        ("trino", "a; DROP TABLE b"),
        ("trino", "a.b.c.d"),
        ("spark", "`a`"),
    ],
)
def test_a_place_that_could_end_the_query_is_refused(dialect: str, place: str) -> None:
    with pytest.raises(AuditorError, match="cannot stand in a query"):
        queries([parse("{ $.a = x }")], DIALECTS[dialect], place)


def test_events_are_counted_per_account_and_day(tmp_path: Path) -> None:
    def record(name: object, account: object, time: str) -> dict[str, object]:
        return {"eventName": name, "recipientAccountId": account, "eventTime": time, "userIdentity": {"accountId": "9"}}

    records = [
        record("x", "1", "2026-08-01T00:00:00Z"),
        record("y", "1", "2026-08-01T23:59:59Z"),
        record("x", "1", "2026-08-02T00:00:00Z"),
        record("x", None, "2026-08-02T00:00:00Z"),
        record(5, "", "2026-08-02T00:00:00Z"),
        {},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"Records": records}), encoding="utf-8")
    (tmp_path / "digest.json").write_text('{"digestS3Object": "x"}', encoding="utf-8")
    written = queries([parse("{ $.eventName = x }")], DUCKDB, f"{tmp_path}/*.json")
    assert [tuple(row.values()) for row in count(written, tmp_path)] == [
        ("", "", 0, 1, 0),
        ("1", "2026-08-01", 2, 0, 1),
        ("1", "2026-08-02", 1, 0, 1),
        ("9", "2026-08-02", 1, 1, 1),
    ]
