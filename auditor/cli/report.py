"""`auditor report`: the same files again from the result alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.destination import check_not_edited
from auditor.cli.output import write_json, write_text
from auditor.cli.redaction import key_path, redact_options
from auditor.cli.redaction import redact as redact_result
from auditor.errors import AuditorError


@contextmanager
def _made_of(results: Path) -> Iterator[None]:
    """A schema cannot say which parts of a result name each other: where they do not, its file is to blame first."""
    try:
        yield
    except AuditorError:
        raise
    except Exception as fault:
        raise AuditorError(
            f"follows the schema of results and does not hold together ({type(fault).__name__}: {fault}); "
            "no report was written.",
            file=str(results),
            remedy="Give the results.json as `auditor audit` wrote it.",
        ) from fault


@click.command("report", short_help="Write the reports of an earlier audit again.")
@click.argument("results", type=options.FILE, metavar="RESULTS.json|REPORT-DIR")
@options.only_frameworks
@options.out
@options.formats
@options.jobs
@redact_options
@options.as_json
def command(
    results: Path,
    frameworks: tuple[str, ...],
    out: Path | None,
    formats: tuple[str, ...],
    jobs: int,
    redact: bool,
    redaction_key: Path | None,
    as_json: bool,
) -> None:
    """Write the reports of an earlier audit again, without the evidence.

    RESULTS.json is what `auditor audit` wrote, REPORT-DIR the folder that holds it; the files are the same, byte for
    byte. In the folder of the same result other reports stay.

    \b
    Examples:
      auditor report report --out again
      auditor report report --framework iso27001-2022 --out iso
      auditor report report/results.json --out again --format html
    """
    from auditor import api
    from auditor.cli.summary import report_files, warn_of_others
    from auditor.reports import USUAL_FORMATS, write_reports
    from auditor.result import AuditResult

    result: AuditResult = api.load_result(results)
    check_not_edited(out or options.DEFAULT_OUT, ())
    with _made_of(results):
        if redact:
            result = redact_result(result, key_path(out or options.DEFAULT_OUT, redaction_key, [results]))
        written = write_reports(result, out or options.DEFAULT_OUT, formats or USUAL_FORMATS, jobs, frameworks)
    warn_of_others(written)
    if as_json:
        write_json({"files": [str(path) for path in written]})
    else:
        write_text(report_files(written))
