"""`auditor selftest`: whether the program works where it is installed."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.output import cell, progress, write_json, write_table, write_text
from auditor.text import count, one_line

SHOWN = 10


@click.command("selftest", short_help="Known answers on this machine: a tool-qualification record.")
@click.option("--record", "path", type=options.FILE, metavar="FILE", help="Write the record to this new file (JSON).")
@options.as_json
@click.pass_context
def command(ctx: click.Context, path: Path | None, as_json: bool) -> None:
    """Ask the program, as it is installed here, for answers that are known: patterns, chains on both sides of every
    rule, GSL, reports to the byte; and compare every file of it with the digests that it came with. All offline.

    Exit code 1 if an answer is another one, a file was altered, or a dependency does not fit.

    \b
    Example:
      auditor selftest --record selftest.json
    """
    from auditor.selftest.record import qualify

    with progress() as show:
        made = qualify(show)
    if path is not None:
        made.write(path)
    if as_json:
        write_json(made.record())
    else:
        rows = [
            (one.name, f"{one.cases:,}", cell(f"{len(one.failures)} failed" if one.failures else "ok",
             "bold red" if one.failures else "green"), one.remark)
            for one in made.groups
        ]  # fmt: skip
        write_table(("group", "cases", "result", ""), rows)
        write_text()
        for one in made.groups:
            for failure in one.failures[:SHOWN]:
                write_text(f"{one.name}: {one_line(failure, 300)}")
            if len(one.failures) > SHOWN:
                write_text(f"{one.name}: and {len(one.failures) - SHOWN} more; --json has them all")
        record = made.record()
        write_text(f"Modules SHA-256: {made.modules_sha256} ({count(len(made.modules), 'file')})")
        write_text(f"{'Everything came out as it is known.' if record['ok'] else 'NOT QUALIFIED on this machine.'}")
    ctx.exit(0 if made.ok else 1)
