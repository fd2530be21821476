"""`auditor inventory`: accounts × regions × calls, gaps marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.cli.no_evidence import nothing_judged
from auditor.cli.output import cell, note, progress, write_json, write_table, write_text
from auditor.text import count, listing

if TYPE_CHECKING:
    from rich.text import Text

REGIONS_SHOWN = 3
NOT_ASKED = "–"
Row = dict[str, Any]


@click.command("inventory", short_help="Show which evidence a bundle holds, and its gaps.")
@options.bundles
@options.scope
@options.as_json
@click.pass_context
def command(ctx: click.Context, bundles: tuple[Path, ...], scope: Path | None, as_json: bool) -> None:
    """Show which evidence a bundle holds: accounts × regions × calls, with every gap marked.

    A call is captured, not found (AWS answered that there is no such thing), missing, or a word says why its answer is
    not whole (refused, truncated, invalid …). Missing is what a finding of the default frameworks waits for, also of
    accounts that only the scope file or an organisation's listing names. Exit code 1 if there is a gap.

    \b
    Example:
      auditor inventory prod.zip dev.zip
    """
    from auditor import api

    with progress() as show:
        inventory = api.inventory(*bundles, scope=scope, progress=show)
    if not (inventory.entries or inventory.gaps):
        # Exit code 0 would read as "nothing is missing".
        remedy = "`auditor validate` says what each of its files is taken for."
        raise nothing_judged(bundles, captures=0, problems=inventory.problems, remedy=remedy)
    rows: list[Row] = [asdict(entry) for entry in inventory.entries]
    if as_json:
        write_json({"inventory": rows, "gaps": list(inventory.gaps)})
    else:
        accounts: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            accounts[row["account_id"]].append(row)
        for account_id, of_account in accounts.items():
            _write_account(account_id, of_account)
    note(f"{count(len(rows), 'answer')} expected or found, {count(len(inventory.gaps), 'gap')}.")
    ctx.exit(1 if inventory.gaps else 0)


def _write_account(account_id: str, rows: list[Row]) -> None:
    """One line per call, one column per group of regions whose answers are alike."""
    calls = sorted({row["call"] for row in rows})
    statuses: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        statuses[row["region"]][row["call"]].add(row["status"])
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for region in sorted(statuses):
        alike[tuple(_status(statuses[region][call]) for call in calls)].append(region or "account")
    write_text()
    write_table(
        (account_id or "not placed", *(listing(regions, limit=REGIONS_SHOWN) for regions in alike.values())),
        [(call, *map(_marked, statuses)) for call, *statuses in zip(calls, *alike, strict=True)],
    )


def _status(statuses: Iterable[str]) -> str:
    """The statuses of one call in one region in words; a call about several topics may have several."""
    return ", ".join(sorted(statuses)) or NOT_ASKED


def _marked(status: str) -> Text:
    """Gaps are loud, so that the eye finds them."""
    return cell(status, "" if status in ("captured", "not found", NOT_ASKED) else "bold red")
