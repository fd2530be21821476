"""`auditor audit`: from bundles to a result and its reports."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.destination import check_destination
from auditor.cli.output import note, progress, write_bytes
from auditor.errors import AuditorError, Problem

# What the reports say about how they were made: options that shape the result, not where its files go.
RECORDED = (
    "frameworks", "controls", "engagement", "scope", "period", "captured_on", "match", "strict", "controls_dir",
    "frameworks_dir", "events",
)  # fmt: skip


@click.command("audit", short_help="Audit bundles and write the reports.")
@options.bundles
@options.out
@options.frameworks
@options.controls
@options.formats
@click.option(
    "--engagement",
    type=options.FILE,
    metavar="FILE",
    help="YAML or JSON with client, engagement, firm, confidentiality and period.",
)
@click.option(
    "--scope",
    type=options.FILE,
    metavar="FILE",
    help="CSV or JSON list of the accounts and regions to cover: account_id, name, path, owner, regions, "
    "in_scope, reason.",
)
@click.option("--period", metavar="2026Q3|START/END", help="The control period; ISO dates.")
@options.captured_on
@click.option(
    "--events",
    type=options.FILE,
    multiple=True,
    metavar="FILES",
    help="CloudTrail log files to replay over the accounts' filters: a file, a folder as in the bucket, or an "
    "archive of these (repeatable).",
)
@click.option(
    "--match",
    type=click.Choice(("equal", "covers")),
    default="equal",
    show_default=True,
    help="Filters must equal the required pattern, or only notice every watched event.",
)
@click.option("--strict", is_flag=True, help="Assume nothing: a material open point makes its link unknown.")
@options.controls_dir
@options.frameworks_dir
@click.option(
    "--fail-on",
    type=click.Choice(("fail", "inconclusive", "never")),
    default="inconclusive",
    show_default=True,
    help="Which findings end in exit code 1 (inconclusive includes fail).",
)
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    bundles: tuple[Path, ...],
    out: Path | None,
    frameworks: tuple[str, ...],
    controls: tuple[str, ...],
    formats: tuple[str, ...],
    engagement: Path | None,
    scope: Path | None,
    period: str | None,
    captured_on: str | None,
    events: tuple[Path, ...],
    match: str,
    strict: bool,
    controls_dir: Path | None,
    frameworks_dir: Path | None,
    fail_on: str,
    as_json: bool,
) -> None:
    """Audit bundles of exported AWS configuration and write the reports.

    BUNDLE is a folder, a .zip or a .tar.gz with captures, or a folder of such archives.

    \b
    Examples:
      auditor audit samples/quarterly --out report
      auditor audit prod.zip dev.zip --framework iso27001-2022 --period 2026Q3
      auditor audit captures --frameworks policy.csv --framework policy
      auditor audit captures --events AWSLogs --period 2026Q3
      auditor audit captures --json | jq .counts
    """
    from auditor import api
    from auditor.cli.summary import write_summary
    from auditor.reports import FORMATS, write_reports

    if out or not as_json:
        check_destination(out or options.DEFAULT_OUT, bundles)
    with progress() as show:
        result = api.audit(
            bundles,
            frameworks=frameworks or None,
            controls=controls or None,
            engagement=engagement,
            scope=scope,
            period=period,
            captured_on=captured_on,
            events=events,
            match=match,
            strict=strict,
            controls_dir=controls_dir,
            frameworks_dir=frameworks_dir,
            progress=show,
            command_line=_command_line(ctx),
        )
    if not result.document["findings"]:
        # Reports of nothing, with exit code 0, would read as "all is well".
        raise AuditorError(
            "shows no account that could be judged, so no report was written.",
            file=result.document["bundle"]["name"],
            remedy="`auditor inventory` shows what the bundle holds; a scope file says who is in scope.",
            code="nothing-judged",
        )
    written: list[Path] = []
    if out or not as_json:
        written = write_reports(result, out or options.DEFAULT_OUT, formats or tuple(FORMATS))
    if as_json:
        write_bytes(result.to_json())
    else:
        write_summary(result, written)
    for facts in result.document["problems"]:
        problem = Problem(facts["file"], facts["pointer"], facts["problem"], facts["remedy"])
        note(f"{facts['severity']}: {problem.line()}", verbose=True)
    counts = result.document["counts"]
    counted = {
        "fail": counts["failed"],
        "inconclusive": counts["failed"] + counts["inconclusive"],
        "never": 0,
    }
    ctx.exit(1 if counted[fail_on] else 0)


def _command_line(ctx: click.Context) -> str:
    """The command that makes the same result; paths by their last name, since a report tells no folder."""
    words = ["auditor", "audit", *(path.name or str(path) for path in ctx.params["bundles"])]
    for option in ctx.command.params:
        value = ctx.params.get(option.name or "")
        if option.name not in RECORDED or value in (None, (), False, option.get_default(ctx)):
            continue
        for item in value if isinstance(value, tuple) else (value,):
            words.append(option.opts[0])
            if item is not True:
                words.append(item.name if isinstance(item, Path) else str(item))
    return shlex.join(words)
