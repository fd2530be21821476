"""`auditor pattern …`: questions about a CloudWatch Logs filter pattern."""

from __future__ import annotations

import click

from auditor.cli.lazy import LazyGroup

COMMANDS = {
    "compare": "auditor.cli.pattern_compare",
    "match": "auditor.cli.pattern_match",
    "explain": "auditor.cli.pattern_explain",
    "sql": "auditor.cli.pattern_sql",
}


@click.group(
    "pattern", cls=LazyGroup, modules=COMMANDS, short_help="Compare, try, explain and translate filter patterns."
)
def command() -> None:
    """Compare, try, explain and translate CloudWatch Logs filter patterns.

    Any PATTERN may be @FILE (@- reads standard input).
    """
