"""Writes the files of a comparison into a folder of their own."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import AuditorError
from auditor.reports.comparison import book, page
from auditor.reports.folder import report_folder
from auditor.result import Comparison

RESULTS = "results.json"


def write_comparison(comparison: Comparison, out: Path) -> list[Path]:
    """Writes ``compare.xlsx``, ``compare.html`` and ``digest.txt``; returns their paths.

    Raises:
        AuditorError: the folder holds the reports of an audit, which would be taken for older ones of these, or cannot
            be written.
    """
    if (out / RESULTS).exists():
        raise AuditorError(
            "holds the reports of an audit.", file=str(out), remedy="Choose another folder with --out.", code="out"
        )
    with report_folder(out) as folder:
        written = [
            folder.put("compare.xlsx", book.render(comparison)),
            folder.put("compare.html", page.render(comparison)),
        ]
        return [*written, folder.finish()]
