"""`auditor claims`: what the client's scanners claim, as read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import cell, note, progress, write_table, write_text
from auditor.text import count, listing

if TYPE_CHECKING:
    from auditor.claims.model import Claim, Reading
    from auditor.errors import Problem

_SHOWN = 3  # files of no scanner that are named
_BATCH = 500  # rows of one table on the terminal


@click.command("claims", short_help="List what the client's scanners claim.")
@click.argument("files", nargs=-1, required=True, type=options.FILE, metavar="FILES...")
@options.as_json
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """List what the client's own scanners claim of our controls, as read, without a bundle.

    FILES are files, folders or archives of Prowler, Security Hub, Powerpipe or Steampipe, CloudGuard, ScoutSuite,
    cloudbeat, AWS Config or cloud-custodian, or a table with the columns account, control and status; each is told
    by what it holds. Exit code 1 if a file has a problem. `auditor audit BUNDLE --claims FILES` holds the claims
    against the evidence.

    \b
    Example:
      auditor claims samples/claims
    """
    from auditor import api

    with progress() as show:
        reading = api.read_claims(*files, progress=show)
    if as_json:
        _write_json(reading)
    else:
        _write(reading)
    if reading.others:
        named = listing(reading.others, limit=_SHOWN)
        note(f"{count(len(reading.others), 'file is', 'files are')} no output of a scanner that is read here: {named}.")
    ctx.exit(1 if any(problem.severity != "note" for problem in reading.problems) else 0)


def _write_json(reading: Reading) -> None:
    """Writes entry by entry, since there may be hundreds of thousands."""
    parts: tuple[tuple[str, Iterable[Mapping[str, object]]], ...] = (
        ("claims", map(_claim, reading.claims)),
        (
            "ignored",
            ({"file": i.file, "rule": i.rule, "reason": i.reason, "records": i.records} for i in reading.ignored),
        ),
        ("problems", map(_problem, reading.problems)),
    )
    write_text("{")
    for number, (name, entries) in enumerate(parts, 1):
        write_text(f' "{name}": [')
        before = ""
        for entry in entries:
            if before:
                write_text(f"{before},")
            before = f"  {json.dumps(entry)}"
        if before:
            write_text(before)
        write_text(" ]," if number < len(parts) else " ]")
    write_text("}")


def _claim(claim: Claim) -> dict[str, object]:
    names = ("file", "tool", "account", "control", "region", "claim", "muted", "status", "rule")
    facts: dict[str, object] = {name: getattr(claim, name) for name in names}
    return {**facts, "attested": True} if claim.attested else facts


def _problem(problem: Problem) -> dict[str, str]:
    """``accept``: *warn* where the file was read all the same, *refuse* where nothing of it was."""
    place = f"{problem.pointer}: " if problem.pointer.startswith(("line ", "test-case ")) else ""
    accept = "refuse" if problem.severity == "error" else "warn"
    return {"file": problem.file, "problem": f"{place}{problem.problem}", "accept": accept}


def _write(reading: Reading) -> None:
    if not reading.claims:
        write_text("No claims about the controls were read.")
    rows = list(_rows(reading.claims))
    for start in range(0, len(rows), _BATCH):
        head = ("Claim", "Account", "Control", "Region", "Tool", "Status", "As of", "File")
        write_table(head if not start else ("",) * len(head), rows[start : start + _BATCH])
    if reading.ignored:
        write_text()
        write_table(
            ("Rows that are no claim", "Rule", "File", "Rows"),
            [(row.reason, row.rule, row.file, row.records) for row in reading.ignored],
        )
    if reading.problems:
        write_text()
        write_table(("", ""), (line for problem in reading.problems for line in _problem_lines(problem)))
    write_text()
    tools = list(dict.fromkeys(claim.tool for claim in reading.claims))
    write_text(
        f"{count(len(reading.claims), 'claim')}{f' of {listing(tools)}' if tools else ''} in "
        f"{count(len(reading.files), 'file')}."
    )


def _rows(claims: Iterable[Claim]) -> Iterator[tuple[object, ...]]:
    for claim in claims:
        word = f"{claim.claim}, muted" if claim.muted else claim.claim
        status = f"{claim.status} ({claim.rule})"
        if claim.attested:
            status += ", a person's word"
        place = f"{claim.file} {claim.pointer}".strip()
        yield (
            cell(word) if claim.muted else claim.claim, claim.account or "every account", claim.control,
            claim.region or "", claim.tool, status, claim.time or "", place,
        )  # fmt: skip


def _problem_lines(problem: Problem) -> Iterator[tuple[object, object]]:
    place = " ".join(part for part in (problem.file, problem.pointer) if part)
    yield problem.severity, cell(place, "bold")
    yield "", f"{problem.problem} {problem.remedy}".strip()
