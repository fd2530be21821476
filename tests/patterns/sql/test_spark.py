"""Spark 4 runs its queries: never less than ``match`` counts, and the same where they say so.

Needs Java 17 or later and ``pip install -c constraints.txt '.[spark]'``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from auditor.patterns import Pattern, match, parse
from auditor.patterns.sql import DIALECTS, Queries, queries
from tests.patterns import sampling
from tests.patterns.sql.real import WILD, is_json
from tests.patterns.sql.test_queries import HOSTILE, equal, started
from tests.patterns.sql.variations import events_of

pytestmark = [
    pytest.mark.long,
    pytest.mark.enable_socket,  # the engine is another process on this machine
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(3600),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sessions = pytest.importorskip("pyspark.sql")
    quiet = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.log.level": "ERROR"}
    builder = sessions.SparkSession.builder.master("local[2]")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def selected(spark: Any, pattern: Pattern, records: list[str], folder: Path) -> tuple[Queries, set[str]]:
    """The queries over one log file of these records, and the ``#`` of each that they select."""
    (folder / "log.json").write_text(f'{{"Records":[{",".join(records)}]}}', encoding="utf-8")
    spark.read.text(str(folder / "log.json")).withColumnRenamed("value", "line").createOrReplaceTempView("lines")
    written = queries([pattern], DIALECTS["spark"], "lines")
    lines = [json.loads(row.value) for row in spark.sql(written.select).collect()]
    return written, {line["#"][0] for line in lines}


def compared(spark: Any, pattern: Pattern, events: list[Any], folder: Path) -> int:
    records = [json.dumps(event | {"#": [str(number)]}) for number, event in enumerate(events)]
    counted = {str(number) for number, record in enumerate(records) if match(pattern, record)}
    written, chosen = selected(spark, pattern, records, folder)
    assert not counted - chosen, (pattern, sorted(counted - chosen))
    if written.exact:
        assert chosen == counted, (pattern, sorted(chosen - counted))
    return len(counted)


def test_real_patterns(spark: Any, tmp_path: Path) -> None:
    patterns = [parse(text) for text in WILD]
    assert sum(compared(spark, pattern, events_of(pattern, 60), tmp_path) for pattern in patterns) > 1000


def test_made_patterns(spark: Any, tmp_path: Path) -> None:
    random = Random(16)
    made = [parse(text) for _ in range(100) if is_json(text := sampling.json_pattern(random))]
    assert sum(compared(spark, pattern, events_of(pattern, 60), tmp_path) for pattern in made) > 100


def test_hostile_texts(spark: Any, tmp_path: Path) -> None:
    for text in HOSTILE:
        events = [{"a": each} for each in (text, f"{text}x", text[:-1], "x", "")]
        assert compared(spark, equal(text), events, tmp_path)
        assert compared(spark, started(text), events, tmp_path)


def test_events_are_counted_per_account_and_day(spark: Any, tmp_path: Path) -> None:
    event = {"eventName": "x", "recipientAccountId": "1", "eventTime": "2026-08-01T00:00:00Z"}
    compared(spark, parse("{ $.eventName = x }"), [event, event | {"eventName": "y"}], tmp_path)
    written = queries([parse("{ $.eventName = x }")], DIALECTS["spark"], "lines")
    assert [tuple(row) for row in spark.sql(written.count).collect()] == [("1", "2026-08-01", 2, 0, 1)]
