"""The summary that `auditor audit` prints: results per framework, causes, and where the reports are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.cli.output import write_table, write_text
from auditor.result import AuditResult, ResultDocument
from auditor.text import count, listing, one_line

ACCOUNTS_SHOWN = 3
KINDS = {".xlsx": "workbook", ".html": "page"}


def write_summary(result: AuditResult, written: Sequence[Path]) -> None:
    """Writes the summary of ``result`` and of the files ``written`` on standard output."""
    document = result.document
    write_text(_headline(document))
    write_text()
    write_table(
        ("Result", "Framework", "In words"),
        [(framework["verdict"], framework["name"], framework["words"]) for framework in document["frameworks"]],
    )
    if document["causes"]:
        write_text()
        write_table(
            ("Verdict", "Link", "Cause", "Accounts"),
            [
                (
                    cause["verdict"],
                    cause["link"].replace("_", " "),
                    cause["reason"],
                    f"{len(cause['accounts'])}: {listing(cause['accounts'], limit=ACCOUNTS_SHOWN)}",
                )
                for cause in document["causes"]
            ],
        )
    for number, remark in enumerate(_remarks(document)):
        if number == 0:
            write_text()
        write_text(remark)
    if written:
        write_text()
        write_text(report_files(written))


def report_files(written: Sequence[Path]) -> str:
    """``Reports in report: 8 workbooks, 8 pages and results.json.``"""
    kinds = Counter(KINDS[path.suffix] for path in written if path.suffix in KINDS)
    words = [count(number, kind) for kind, number in kinds.items()]
    words += [path.name for path in written if path.suffix not in KINDS]
    folders = sorted({str(path.parent) for path in written})
    return f"Reports in {listing(one_line(folder) for folder in folders)}: {listing(words)}."


def _headline(document: ResultDocument) -> str:
    bundle, accounts = document["bundle"], document["counts"]["accounts"]
    words = [
        f"{one_line(bundle['name'])}: {count(accounts, 'account')}",
        count(bundle["captures"], "capture"),
        f"as of {document['as_of']}" if document["as_of"] else "day of capture not recorded",
    ]
    if not document["population"]["reconciled"]:
        words.append("population not reconciled to an independent source")
    return ", ".join(words) + "."


def _remarks(document: ResultDocument) -> Iterator[str]:
    counts = document["counts"]
    if counts["open"]:
        yield (
            f"{counts['open']:,} PASS with open points, {counts['material']:,} of them material: "
            "the findings list the commands that close them."
        )
    if counts["objective_not_letter"]:
        words = count(counts["objective_not_letter"], "finding meets", "findings meet")
        yield f"{words} the objective, not the letter."
    if document["requests"]:
        yield f"{count(len(document['requests']), 'request')} to the client for missing evidence."
    if document["problems"]:
        words = count(len(document["problems"]), "problem")
        yield f"{words} in the evidence: `auditor validate` or -v lists them."
