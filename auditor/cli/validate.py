"""`auditor validate`: every capture against its schema, with place and remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.output import cell, note, progress, write_json, write_table, write_text
from auditor.errors import Problem
from auditor.text import count, listing


@click.command("validate")
@options.bundles
@options.as_json
@click.pass_context
def command(ctx: click.Context, bundles: tuple[Path, ...], as_json: bool) -> None:
    """Check every capture of a bundle against its schema.

    Prints each problem with its place and what mends it. Exit code 1 if there is an error or a warning;
    notes alone are no problem.

    \b
    Example:
      auditor validate samples/quarterly
    """
    from auditor import api

    with progress() as show:
        problems = api.validate(*bundles, progress=show)
    numbers: Counter[str] = Counter(problem.severity for problem in problems)
    if as_json:
        write_json({"problems": problems})
    elif problems:
        write_table(("", ""), (line for problem in problems for line in _lines(problem)))
        kinds = [kind for kind in ("error", "warning", "note") if numbers[kind]]
        note(f"{listing(count(numbers[kind], kind) for kind in kinds)}.")
    else:
        write_text("No problems: every capture is complete and follows its schema.")
    ctx.exit(1 if numbers["error"] or numbers["warning"] else 0)


def _lines(problem: Problem) -> Iterator[tuple[object, object]]:
    """The table rows of a problem: where, what, remedy."""
    place = " ".join(part for part in (problem.file, problem.pointer) if part)
    yield problem.severity, cell(place or "the bundle", "bold")
    yield "", problem.problem
    if problem.remedy:
        yield "", problem.remedy
