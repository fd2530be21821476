"""Filter patterns as SQL: what `pattern sql` and `controls --sql` share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from auditor.cli.output import note, write_json, write_text

if TYPE_CHECKING:
    from auditor.patterns import Pattern

DIALECTS = ("duckdb", "spark", "trino")
"""As ``auditor.patterns.sql.DIALECTS``, which help need not load."""

place = click.option(
    "--from",
    "place",
    metavar="PLACE",
    help="Where the log files are: of duckdb a path or glob (AWSLogs/**/*.json.gz), else a table of their lines "
    "(cloudtrail_lines; docs/replay.md defines it).",
)


def write_queries(patterns: Iterable[Pattern], dialect: str, place: str | None, *, as_json: bool) -> None:
    """Print the two queries that select what the patterns count."""
    from auditor.patterns.sql import DIALECTS as KNOWN
    from auditor.patterns.sql import WIDENED, queries

    written = queries(patterns, KNOWN[dialect], place)
    if as_json:
        codes = dict.fromkeys(code for each in written.sieves for code in each.widened)
        write_json(
            {
                "dialect": dialect,
                "engine": written.dialect.title,
                "run": written.dialect.run,
                "exact": written.exact,
                "patterns": [
                    {
                        "pattern": str(each.pattern),
                        "exact": each.exact,
                        "widened": each.widened,
                        "assumptions": each.assumptions,
                    }
                    for each in written.sieves
                ],
                "widened": {code: WIDENED[code] for code in codes},
                "count": written.count,
                "select": written.select,
            }
        )
        return
    write_text(written.script)
    if any(each.where == "TRUE" for each in written.sieves):
        note("a pattern counts everything, or reads what SQL cannot address: every event is selected.")
