"""`auditor pattern sql`: patterns as queries over raw CloudTrail log files."""

from __future__ import annotations

import click

from auditor.cli import options, sql
from auditor.cli.pattern_text import PATTERN


@click.command("sql", short_help="Write filter patterns as SQL over CloudTrail log files.")
@click.argument("patterns", type=PATTERN, metavar="PATTERN...", nargs=-1, required=True)
@click.option("--dialect", type=click.Choice(sql.DIALECTS), required=True, help="The engine that the SQL is for.")
@sql.place
@options.as_json
def command(patterns: tuple[str, ...], dialect: str, place: str | None, as_json: bool) -> None:
    """Write filter patterns as SQL that selects every event that one of them counts from raw CloudTrail log files.

    SQL selects, `auditor audit --events` decides: where a pattern cannot be written exactly, more is selected, never
    less, and comments (with --json, `widened`) say so. The first query counts the events per account and day, the
    second selects what has to be replayed. docs/replay.md is the recipe.

    \b
    Examples:
      auditor pattern sql '{ $.eventName = "SendCommand" }' --dialect duckdb --from 'logs/**/*.json.gz' > replay.sql
      auditor pattern sql @required.txt @found.txt --dialect trino --from security.cloudtrail_lines
    """
    from auditor.patterns import parse

    sql.write_queries([parse(text) for text in patterns], dialect, place, as_json=as_json)
