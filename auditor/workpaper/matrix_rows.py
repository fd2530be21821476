"""The rows of the matrix: an account with the tickmark of each control."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import mark


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An account of the matrix, with a mark for each control."""

    account_id: str
    account_name: str
    in_scope: bool
    status: str
    marks: dict[str, tuple[str, str]]  # control@variant → (tickmark, finding number)

    def number(self, letter: str) -> int:
        """How many controls have a tickmark that begins with ``letter``."""
        return sum(mark.startswith(letter) for mark, _ in self.marks.values())


def matrix_rows(view: View) -> Iterator[MatrixRow]:
    """One row per account of the population, then those that have findings only."""
    accounts = view.document["population"]["accounts"]
    names = {account["account_id"]: account["name"] for account in accounts}
    statuses = {account["account_id"]: account["status"] for account in accounts}
    marks: dict[str, dict[str, tuple[str, str]]] = {}
    for finding in view.findings:
        names.setdefault(finding["account_id"], finding["account_name"])
        account_marks = marks.setdefault(finding["account_id"], {})
        account_marks[control_of(finding)] = (mark(finding), finding["number"])
    for account_id, name in names.items():
        in_scope, status = account_id not in view.out_of_scope, statuses.get(account_id, "")
        yield MatrixRow(account_id, name, in_scope, status, marks.get(account_id, {}))
