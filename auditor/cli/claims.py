"""`auditor claims`: what the client's scanners claim, as read."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import cell, note, progress, write_heading, write_paragraph, write_table, write_text
from auditor.errors import AuditorError
from auditor.text import count, listing

if TYPE_CHECKING:
    from auditor.claims.model import Claim, Reading
    from auditor.errors import Problem

_SHOWN = 3  # files of no scanner that are named
_BATCH = 500  # rows of one table on the terminal
_COLUMNS = ("Claim", "Account", "Control", "Region", "Status")


@click.command("claims", short_help="List what the client's scanners claim.")
@click.argument("files", nargs=-1, required=True, type=options.FILE, metavar="FILES...")
@options.as_json
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """List what the client's own scanners claim of our controls, as read, without a bundle.

    FILES are files, folders or archives of Prowler, Security Hub, Powerpipe or Steampipe, CloudGuard, ScoutSuite,
    cloudbeat, AWS Config or cloud-custodian, or a table with the columns account, control and status; each is told
    by what it holds. Exit code 1 if a file has a problem, 2 if a folder or archive holds no scanner's output at all.
    `auditor audit BUNDLE --claims FILES` holds the claims against the evidence.

    One line a claim; --json has its rule, time, file and place, too.

    \b
    Examples:
      auditor claims samples/claims
      auditor claims samples/claims --json | jq '.claims[] | select(.claim == "FAIL")'
    """
    from auditor import api

    with progress() as show:
        reading = api.read_claims(*files, progress=show)
    if not (reading.files or reading.problems):
        # Exit code 0 would read as "the scanners claim nothing".
        raise AuditorError(
            f"holds no row of a scanner that is read here ({count(len(reading.others), 'file')}).",
            file=listing(map(str, files), limit=_SHOWN),
            remedy="Give JSON or CSV as the scanner writes it, or a table of account, control and status.",
            code="no-claims",
        )
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
    by_tool: dict[str, list[Claim]] = defaultdict(list)
    for claim in reading.claims:
        by_tool[claim.tool].append(claim)
    widths = [max(map(len, map(str, values))) for values in zip(_COLUMNS, *map(_row, reading.claims), strict=True)]
    widths[-1] = 0  # takes what is left
    for tool, claims in by_tool.items():
        files = dict.fromkeys(claim.file for claim in claims)
        write_heading(tool, listing(files, limit=1))
        for start in range(0, len(claims), _BATCH):
            rows = map(_row, claims[start : start + _BATCH])
            write_table(_COLUMNS if not start else ("",) * len(_COLUMNS), rows, widths=widths)
    if reading.ignored:
        ignored: Counter[tuple[str, str]] = Counter()
        for row in reading.ignored:
            ignored[row.reason, row.rule] += row.records
        write_text()
        rows_left_out = [(number, reason, rule) for (reason, rule), number in sorted(ignored.items())]
        write_table(("Rows", "That are no claim", "Rule"), rows_left_out, widths=(4, 27, 0))
    if reading.problems:
        write_text()
        write_table(("", ""), (line for problem in reading.problems for line in _problem_lines(problem)))
    write_text()
    of_tools = f" of {listing(by_tool)}" if by_tool else ""
    write_paragraph(f"{count(len(reading.claims), 'claim')}{of_tools} in {count(len(reading.files), 'file')}.")


def _row(claim: Claim) -> tuple[object, ...]:
    word = f"{claim.claim}, muted" if claim.muted else claim.claim
    status = f"{claim.status}, a person's word" if claim.attested else claim.status
    return word, claim.account or "every account", claim.control, claim.region or "", status


def _problem_lines(problem: Problem) -> Iterator[tuple[object, object]]:
    place = " ".join(part for part in (problem.file, problem.pointer) if part)
    yield problem.severity, cell(place, "bold")
    yield "", problem.sentences()
