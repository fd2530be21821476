"""A workbook that an audit wrote, as people work in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditor.api import audit
from auditor.reports.excel import render
from auditor.result import AuditResult
from tests.textbook import metric_filter, textbook, write

ACCOUNTS = ("111122223333", "222233334444", "012345678901")
TOLD: Any = {"controls": ["ssm-actions"], "frameworks": ["iso27001-2022"], "captured_on": "2026-09-28"}


def bundle(folder: Path, **changes: Any) -> Path:
    """Three textbook accounts; ``changes`` are the first one's."""
    files: dict[str, Any] = {}
    for account in ACCOUNTS:
        files |= textbook(account, **(changes if account == ACCOUNTS[0] else {}))
    return write(files, folder)


def finding_id(account: str) -> str:
    return f"{account}/ssm-actions@default"


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    return audit(bundle(tmp_path_factory.mktemp("review") / "bundle"), **TOLD)


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The next quarter: the filter of the first account was renamed."""
    filters = [metric_filter(filterName="renamed")]
    return audit(bundle(tmp_path_factory.mktemp("review") / "bundle", filters=filters), **TOLD)


WRITTEN: dict[int, tuple[AuditResult, bytes]] = {}  # by the id of a result, which stays its own while it is kept


def rendered(result: AuditResult) -> bytes:
    """The workbook of a result; most tests begin with that of the same one."""
    if id(result) not in WRITTEN:
        WRITTEN[id(result)] = result, render(result, "iso27001-2022")
    return WRITTEN[id(result)][1]


class Written:
    """A workbook of ``result`` in the hands of an auditor."""

    def __init__(self, result: AuditResult, path: Path) -> None:
        path.write_bytes(rendered(result))
        self.path = path
        self.book: Any = openpyxl.load_workbook(path)
        self.sheet = self.book["Results"]

    def column(self, header: str) -> int:
        return next(cell.column for cell in self.sheet[4] if cell.value == header)

    def row(self, account: str) -> int:
        column = self.column("Finding id")
        return next(number for number in range(5, 9) if self.sheet.cell(number, column).value == finding_id(account))

    def conclude(self, account: str, conclusion: str | None = None, comment: str | None = None) -> None:
        row = self.row(account)
        if conclusion is not None:
            self.sheet.cell(row, self.column("Auditor's conclusion")).value = conclusion
        if comment is not None:
            cell = self.sheet.cell(row, self.column("Comment"))
            cell.value = comment
            cell.data_type = "s"  # a text, whatever it begins with

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path
