"""`auditor pattern explain`: a pattern in words."""

from __future__ import annotations

import click

from auditor.cli import options
from auditor.cli.output import write_json, write_text
from auditor.cli.pattern_text import PATTERN


@click.command("explain", short_help="Say in words what a filter pattern counts.")
@click.argument("pattern", type=PATTERN, metavar="PATTERN")
@options.as_json
def command(pattern: str, as_json: bool) -> None:
    """Say in words what a filter pattern counts, and how undocumented behaviour is read.

    \b
    Examples:
      auditor pattern explain '{ $.eventName = "Delete*" && $.errorCode NOT EXISTS }'
      auditor pattern explain @pattern.txt
    """
    from auditor.patterns import explain, parse

    parsed = parse(pattern)
    words = explain(parsed)
    if as_json:
        write_json({"pattern": str(parsed), "kind": parsed.kind, "explanation": words.splitlines()})
    else:
        write_text(words)
