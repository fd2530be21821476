"""`auditor audit`: from bundles to a result and its reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.audit_options import AuditOptions
from auditor.cli import options
from auditor.cli.destination import check_destination, check_not_edited
from auditor.cli.no_evidence import nothing_judged
from auditor.cli.output import note, progress, write_bytes
from auditor.cli.redaction import key_path, redact_options
from auditor.cli.redaction import redact as redact_result
from auditor.errors import SAID_AT_ONCE, Problem


@click.command("audit", short_help="Audit bundles and write the reports.")
@options.bundles
@options.out
@options.formats
@options.jobs
@options.audit_options
@redact_options
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
    /,
    bundles: tuple[Path, ...],
    out: Path | None,
    formats: tuple[str, ...],
    jobs: int,
    redact: bool,
    redaction_key: Path | None,
    fail_on: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Audit bundles of exported AWS configuration and write the reports.

    BUNDLE is a folder, a .zip or a .tar.gz with captures, or a folder or archive of such archives.

    \b
    Examples:
      auditor audit samples/quarterly --out report
      auditor audit prod.zip dev.zip --framework iso27001-2022 --period 2026Q3
      auditor audit captures --frameworks policy.csv --framework policy
      auditor audit captures --events AWSLogs --period 2026Q3
      auditor audit captures --json | jq .counts
    """
    from auditor import api
    from auditor.cli.summary import warn_of_others, write_summary
    from auditor.reports import USUAL_FORMATS, write_reports
    from auditor.result import AuditResult

    audit_options = AuditOptions(**{name: value for name, value in given.items() if value != ()})
    if out or not as_json:
        check_destination(out or options.DEFAULT_OUT, bundles, audit_options.files())
        check_not_edited(out or options.DEFAULT_OUT, audit_options.review)
    key = key_path(out or options.DEFAULT_OUT, redaction_key, [*bundles, *audit_options.files()]) if redact else None
    with progress() as show:
        result = api.audit_by_options(bundles, audit_options, show)
    if not result.document["findings"]:
        # Reports of nothing, with exit code 0, would read as "all is well".
        remedy = (
            "No report was written; `auditor inventory` shows what a bundle holds; a scope file says who is in scope."
        )
        captures, problems = result.document["bundle"]["captures"], result.document["problems"]
        raise nothing_judged(bundles, captures=captures, problems=problems, remedy=remedy)
    reported: AuditResult = result
    if key is not None:
        reported = redact_result(result, key)
    written: list[Path] = []
    if out or not as_json:
        written = write_reports(reported, out or options.DEFAULT_OUT, formats or USUAL_FORMATS, jobs)
        warn_of_others(written)
    if as_json:
        for part in reported.json_parts():
            write_bytes(part)
    else:
        write_summary(reported, written)
    for facts in reported.document["problems"]:
        problem = Problem(facts["file"], facts["pointer"], facts["problem"], facts["remedy"])
        note(f"{facts['severity']}: {problem.line()}", verbose=not facts["code"].startswith(SAID_AT_ONCE))
    counts = reported.document["counts"]
    counted = {
        "fail": counts["failed"],
        "inconclusive": counts["failed"] + counts["inconclusive"],
        "never": 0,
    }
    ctx.exit(1 if counted[fail_on] else 0)
