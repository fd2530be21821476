"""The queries run in DuckDB, as a client's engineer would run them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from auditor.patterns import Message, Pattern, read_events
from auditor.patterns.sql import DIALECTS, Queries, queries

DUCKDB = DIALECTS["duckdb"]


@cache
def connected() -> duckdb.DuckDBPyConnection:
    """The engine: one for all, since it takes longer to start than to answer."""
    return duckdb.connect(config={"threads": 1})


def select(written: Queries, folder: Path) -> list[Message]:
    """What the second query selects."""
    run(written.select, folder)
    return [event for event in read_events(folder / "selected.json.gz") if isinstance(event, Message)]


def count(written: Queries, folder: Path) -> list[dict[str, Any]]:
    """The rows of the first query."""
    run(written.count, folder)
    return [json.loads(line) for line in (folder / "counts.json").read_text(encoding="utf-8").splitlines()]


def run(statement: str, folder: Path) -> None:
    """Run a statement as it is; it writes into ``folder``, which is the working directory meanwhile."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        connected().execute(statement)
    finally:
        os.chdir(before)


def selected(patterns: Iterable[Pattern], records: Sequence[str], folder: Path) -> tuple[Queries, set[str]]:
    """The queries over one log file of these records, and the ``#`` of each that they select."""
    file = folder / "log.json"
    file.write_text(f'{{"Records":[{",".join(records)}]}}', encoding="utf-8")
    written = queries(patterns, DUCKDB, str(file))
    return written, {message.record["#"][0] for message in select(written, folder)}
