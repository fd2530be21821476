"""`auditor compare`: two or more quarters, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.cli.destination import check_destination
from auditor.cli.output import cell, note, progress, write_json, write_table, write_text
from auditor.text import count, one_line

if TYPE_CHECKING:
    from auditor.result import Comparison

SHOWN = 3  # events and captures that a line names


@click.command("compare", short_help="Compare two or more quarters.")
@click.argument("quarters", nargs=-1, required=True, type=options.FILE, metavar="OLD NEW...")
@click.option("--out", type=options.FILE, metavar="DIR", help="Also write compare.xlsx and compare.html.")
@options.audit_option("frameworks")
@options.audit_option("controls")
@options.audit_option("scope")
@options.audit_option("match")
@options.audit_option("strict")
@options.audit_option("controls_dir")
@options.audit_option("frameworks_dir")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context, /, quarters: tuple[Path, ...], out: Path | None, as_json: bool, **given: object
) -> None:
    """Compare two or more quarters: what fails newly, is fixed, still fails, and which settings changed.

    OLD and NEW are bundles, results.json files or the folders of reports that `auditor audit` wrote, in any mixture;
    a bundle beside a result is audited as that was, unless told otherwise. Of three or more the last two are compared,
    and the history of each finding is over all of them. Exit code 0 if nothing changed, 1 if something did.

    \b
    Examples:
      auditor compare samples/quarterly samples/quarterly-next.zip
      auditor compare q1/results.json q2/results.json q3.zip --out q3-changes
    """
    from auditor import api
    from auditor.comparison import is_changed

    if out is not None:
        check_destination(out, quarters, [path for path in given.values() if isinstance(path, Path)])
    with progress() as show:
        comparison = api.compare(quarters, progress=show, **_written_options(ctx, given))
    if out is not None:
        from auditor.reports.comparison import write_comparison

        written = write_comparison(comparison, out)
    if as_json:
        write_json(comparison)
    else:
        _write(comparison)
        if out is not None:
            from auditor.cli.summary import report_files

            write_text()
            write_text(report_files(written))
    for remark in comparison["remarks"]:
        note(remark)
    ctx.exit(1 if is_changed(comparison) else 0)


def _written_options(ctx: click.Context, values: dict[str, object]) -> dict[str, object]:
    """The options that were written on the command line."""
    default = click.core.ParameterSource.DEFAULT
    return {name: value for name, value in values.items() if ctx.get_parameter_source(name) is not default}


def _write(comparison: Comparison) -> None:
    from auditor.comparison import is_changed
    from auditor.comparison.words import lines, quarter_in_words
    from auditor.workpaper.changes import GROUPS

    first, *_ = quarters = comparison["quarters"]
    write_text(one_line(f"{quarter_in_words(quarters[-2])} → {quarter_in_words(quarters[-1])}.", 2000))
    if len(quarters) > 2:
        write_text(one_line(f"History over {len(quarters)} quarters, from {quarter_in_words(first)}.", 2000))
    if not is_changed(comparison):
        write_text("Nothing changed.")
    for group, heading, _meaning in GROUPS:
        group_lines = lines(comparison["findings"], group)
        if group_lines:
            write_text()
            number = sum(len(line.findings) for line in group_lines)
            write_text(f"{heading}: {count(number, 'finding')}")
            write_table(("", "", ""), [row for line in group_lines for row in _rows(line)], indent=2)
    for heading, rows in (
        ("Settings that changed", list(_settings(comparison))),
        ("Accounts", list(_accounts(comparison))),
    ):
        if rows:
            write_text()
            write_text(heading)
            write_table(("", "", ""), rows, indent=2)
    if comparison["open_points"]:
        write_text()
        closed, opened = (
            sum(len(points[name]) for points in comparison["open_points"]) for name in ("closed", "opened")
        )
        write_text(f"Open points of findings whose verdict stays: {closed:,} closed, {opened:,} new.")


def _rows(line: Any) -> Iterator[tuple[object, object, object]]:
    account = f"{line.account_id} {line.account_name}".strip()
    verdicts = line.after if line.before == line.after else f"{line.before} → {line.after}"
    since = f" since {line.since}" if line.before == line.after and line.since else ""
    letter = ", by the letter only" if line.letter else ""
    yield account, cell(f"{verdicts}{since}", "bold"), f"{line.extent}{letter}"
    yield "", "", line.reason
    for words in line.evidence[:SHOWN]:
        yield "", "", words


def _settings(comparison: Comparison) -> Iterator[tuple[object, object, object]]:
    from auditor.comparison.words import settings

    for setting in settings(comparison):
        yield setting.account_id, setting.extent, setting.change["words"]


def _accounts(comparison: Comparison) -> Iterator[tuple[object, object, object]]:
    for change in comparison["population"]:
        yield f"{change['account_id']} {change['name']}".strip(), change["what"], change["why"]
