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
        qualification = qualify(show)
    if path is not None:
        qualification.write(path)
    if as_json:
        write_json(qualification.record())
    else:
        rows = [
            (group.name, f"{group.cases:,}", cell(f"{len(group.failures)} failed" if group.failures else "ok",
             "bold red" if group.failures else "green"), group.remark)
            for group in qualification.groups
        ]  # fmt: skip
        write_table(("group", "cases", "result", ""), rows)
        write_text()
        for group in qualification.groups:
            for failure in group.failures[:SHOWN]:
                write_text(f"{group.name}: {one_line(failure, 300)}")
            if len(group.failures) > SHOWN:
                write_text(f"{group.name}: and {len(group.failures) - SHOWN} more; --json has them all")
        record = qualification.record()
        write_text(f"Modules SHA-256: {qualification.modules_sha256} ({count(len(qualification.modules), 'file')})")
        write_text(f"{'Everything came out as it is known.' if record['ok'] else 'NOT QUALIFIED on this machine.'}")
    ctx.exit(0 if qualification.ok else 1)
