"""Workbooks among the files of a bundle: nothing in them is evidence, but they may say who was handed in (rule X9).

People open the console's CSV and save it as a workbook; each sheet is read as the table that it would be as CSV.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from auditor.arn import ACCOUNT_DIGITS
from auditor.bundle import Member
from auditor.errors import AuditorError
from auditor.evidence.reading.account_cells import accounts_in_cell
from auditor.evidence.reading.account_tables import accounts_in_table
from auditor.spreadsheet import Workbook, is_workbook

_MOST_BYTES = 20_000_000  # packed, and unpacked below; a list of accounts has a thousandth of it
_MOST_UNPACKED = 200_000_000
_MOST_SHEETS = 50
_MOST_LINES = 50_000
# A cell that is the whole ARN of an alarm, a log group or a topic.
_ARN = re.compile(rf"arn:aws[a-z-]*:(?:cloudwatch|logs|sns):[a-z0-9-]+:({ACCOUNT_DIGITS}):\S+")
_OURS, _SEALED = "auditor", "BundleSHA256"  # who made a workbook of this program, and a property of its reports


def accounts_in_workbook(member: Member, *, named: bool) -> tuple[str, ...]:
    """The accounts that sheets of a workbook list, are called after, or hold whole ARNs of; () of any other file.

    ``named``: the file is called a list of accounts. A report of this program hands nobody in.
    """
    if not is_workbook(member.path) or len(member.data) > _MOST_BYTES or not member.data.startswith(b"PK"):
        return ()
    accounts: dict[str, None] = {}
    try:
        book = Workbook(member.path, member.data, unpacked=_MOST_UNPACKED)
        if book.creator.startswith(_OURS) or _SEALED in book.properties:
            return ()
        for title in book.sheets[:_MOST_SHEETS]:
            rows = [line.cells for line in islice(book.lines(title, _MOST_LINES), _MOST_LINES)]
            sheet = io.StringIO()
            csv.writer(sheet).writerows(rows)
            listed = accounts_in_table(sheet.getvalue(), named=named)
            owners = [arn[1] for row in rows for cell in row if (arn := _ARN.fullmatch(cell)) is not None]
            accounts |= dict.fromkeys((*accounts_in_cell(title), *listed, *(owners if len(set(owners)) == 1 else ())))
    except AuditorError:  # damaged, or larger than a list of accounts is
        return tuple(accounts)
    return tuple(accounts)
