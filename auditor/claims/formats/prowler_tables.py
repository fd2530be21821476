"""Prowler's CSV files: findings of versions 2 to 5, and the compliance tables of 3 to 5.

Sources: prowler-cloud/prowler, tags 2.12.1 (include/outputs, include/csv_header), 3.16.17 and 5.46 (lib/outputs).
"""

from __future__ import annotations

import re

from auditor.claims.accounts import check_of
from auditor.claims.formats.form import Cells, TableFormat, said_yes, word_of
from auditor.claims.rule_ids import control_of_item, control_of_prowler
from auditor.claims.sink import Sink
from auditor.verdict import ClaimWord

TOOL = "prowler"
_TITLE = re.compile(r"\[((?:check|extra)\d+)\]")


def _version_4(row: Cells, sink: Sink) -> None:
    """``MUTED`` stands beside the status; the App writes MUTED as a status, which hides the answer."""
    check = row["CHECK_ID"] or check_of(row["FINDING_UID"])
    if row["PROVIDER"] not in ("", "aws"):
        sink.ignore(check, "other provider")
        return
    status = row["STATUS"]
    sink.claim(
        TOOL, row["ACCOUNT_UID"], control_of_prowler(check), word_of(status, "PASS", "FAIL"), status, check,
        ids=(row["FINDING_UID"], row["RESOURCE_UID"]), region=row["REGION"],
        muted=said_yes(row["MUTED"]) or status.upper() == "MUTED", time=row["TIMESTAMP"], pointer=row.place,
        sentence=row["STATUS_EXTENDED"], version=row["PROWLER_VERSION"],
    )  # fmt: skip


def _version_3(row: Cells, sink: Sink) -> None:
    """The account is an integer without its leading zeros; WARNING overwrites the status of what is muted."""
    check = row["CHECK_ID"] or check_of(row["FINDING_UNIQUE_ID"])
    status = row["STATUS"]
    sink.claim(
        TOOL, row["ACCOUNT_ID"], control_of_prowler(check), word_of(status, "PASS", "FAIL"), status, check,
        ids=(row["FINDING_UNIQUE_ID"], row["RESOURCE_ARN"]), region=row["REGION"],
        muted=status.upper() == "WARNING", time=row["ASSESSMENT_START_TIME"], pointer=row.place,
        sentence=row["STATUS_EXTENDED"], version="3",
    )  # fmt: skip


def version_2_check(title: str, number: str) -> str:
    """The check that a title names in brackets, else by the item's number (``3.01`` with ``-n``)."""
    match = _TITLE.search(title)
    if match:
        return match[1]
    item = re.fullmatch(r"3\.0?(\d{1,2})", number)
    return f"check3{item[1]}" if item and control_of_item(number, ("3",)) else number or title


def version_2_word(status: str) -> tuple[ClaimWord, bool]:
    """Claim and mute: only a FAIL can become WARNING, by the allow-list."""
    return ("FAIL", True) if status.upper() == "WARNING" else (word_of(status, "PASS", "FAIL"), False)


def _version_2(row: Cells, sink: Sink) -> None:
    check = version_2_check(row["TITLE_TEXT"], row["TITLE_ID"])
    status = row["CHECK_RESULT"]
    word, muted = version_2_word(status)
    sink.claim(
        TOOL, row["ACCOUNT_NUM"], control_of_prowler(check), word, status, check, region=row["REGION"], muted=muted,
        time=row["PROWLER_START_TIME"], pointer=row.place, sentence=row["CHECK_RESULT_EXTENDED"], version="2",
    )  # fmt: skip


def _compliance(row: Cells, sink: Sink) -> None:
    """One row per finding and requirement; a requirement without a check names no account."""
    check, account = row["CHECKID"], row.first("ACCOUNTID", "ACCOUNT_ID")
    if check.lower() == "manual" and not account:
        sink.ignore(check, "requirement without a check")
        return
    status = row["STATUS"]
    muted = said_yes(row["MUTED"]) or status.upper() in ("MUTED", "WARNING")
    sink.claim(
        TOOL, account, control_of_prowler(check), word_of(status, "PASS", "FAIL"), status, check,
        ids=(row["RESOURCEID"],), region=row["REGION"], muted=muted, time=row["ASSESSMENTDATE"], pointer=row.place,
        sentence=row["STATUSEXTENDED"], remark="from a compliance table: a copy of the run's findings",
    )  # fmt: skip


FORMATS = (
    TableFormat(frozenset({"REQUIREMENTS_ID", "CHECKID", "STATUS"}), _compliance),
    TableFormat(frozenset({"ACCOUNT_UID", "FINDING_UID", "CHECK_ID", "STATUS"}), _version_4),
    TableFormat(frozenset({"ACCOUNT_ID", "FINDING_UNIQUE_ID", "CHECK_ID", "STATUS"}), _version_3),
    TableFormat(frozenset({"ACCOUNT_NUM", "TITLE_TEXT", "CHECK_RESULT"}), _version_2),
)
