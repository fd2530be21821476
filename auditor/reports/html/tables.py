"""The page's long tables: columns and rows, declared once for template, script and CSV download."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.html.words import utc
from auditor.result import CaptureFacts, EvidenceItem, PopulationAccount, ProblemFacts, Request, ResultDocument
from auditor.text import listing
from auditor.workpaper import completeness as tests_of
from auditor.workpaper.letter import REGIONS_SHOWN
from auditor.workpaper.view import View
from auditor.workpaper.wording import COVERAGES, NOTHING, flaw

# Kinds of column: text, id (short identifiers), mono (long ones), number, digest, command (copyable), findings (links).
Column = tuple[str, str]
SHOWN_FINDINGS = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first ``plain`` rows stand in the page and whose others the script draws."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[list[str]]
    accounts: list[str]  # per row the account it is about, "" if none
    plain: int = 300
    cited: frozenset[int] = frozenset()  # rows that findings cite; the others are not printed

    @property
    def shown(self) -> list[list[str]]:
        """The rows that stand in the page."""
        return self.rows[: self.plain]

    @property
    def empty(self) -> frozenset[int]:
        """The places of columns without any text, which take no room; of a table that stands in the page as a whole."""
        if not self.rows or len(self.rows) > self.plain:
            return frozenset()
        return frozenset(place for place in range(len(self.columns)) if not any(row[place] for row in self.rows))


def population(document: ResultDocument) -> Table:
    """One row per account of the population, missing ones first."""
    accounts = sorted(document["population"]["accounts"], key=lambda account: account["status"] != "missing")
    return Table(
        "population",
        "Accounts of the population",
        (
            ("Account", "id"), ("Name", "text"), ("Owner", "text"), ("Status", "text"),
            ("In scope", "text"), ("Regions captured", "number"), ("Regions without captures", "text"),
            ("Captures", "number"),
            ("Remark", "text"),
        ),
        [_population_row(account) for account in accounts],
        [account["account_id"] for account in accounts],
        plain=2000,
    )  # fmt: skip


def _population_row(account: PopulationAccount) -> list[str]:
    lacking = [region for region in account["regions_expected"] if region not in account["regions_captured"]]
    return [
        account["account_id"],
        account["name"],
        account["owner"],
        COVERAGES[account["status"]],
        "Yes" if account["in_scope"] else "No",
        f"{len(account['regions_expected']) - len(lacking)} of {len(account['regions_expected'])}",
        listing(lacking, limit=6),
        str(account["captures"]),
        account["reason"],
    ]


def completeness(view: View) -> Table:
    """One row per test of the accuracy and completeness of the evidence."""
    rows = [
        [
            test.subject,
            test.test,
            *(NOTHING if number is None else f"{number:,}" for number in (test.population, test.evidence)),
            test.result,
            test.note,
        ]
        for test in tests_of.tests(view)
    ]
    columns = (
        ("Test of", "text"), ("Test", "text"), ("Population", "number"), ("Evidence", "number"),
        ("Result", "text"), ("Note", "text"),
    )  # fmt: skip
    return Table("completeness", "Tests of accuracy and completeness", columns, rows, [""] * len(rows))


def requests(document: ResultDocument, numbers: dict[str, str]) -> Table:
    """One row per request to the client, the same export in several regions together. ``numbers``: finding id →
    number, of the findings on the page.
    """
    alike: dict[tuple[str, ...], list[Request]] = {}
    for row in document["requests"]:
        key = (row["number"],) if row["settles"] else (row["account_id"], row["call"], row.get("resource", ""))
        alike.setdefault(key, []).append(row)
    rows = list(alike.values())
    return Table(
        "requests",
        "What to ask the client for",
        (
            ("No.", "id"), ("Account", "id"), ("Region", "id"), ("What", "text"), ("Why", "text"),
            ("Command", "command"), ("Settles", "findings"),
        ),
        [
            [
                row["number"] if not more else f"{row['number']} and {len(more)} more",
                row["account_id"],
                listing((request["region"] for request in (row, *more)), limit=REGIONS_SHOWN),
                row["what"] if not more else row["what"].removesuffix(f" ({row['region']})"),
                row["why"],
                row["command"],
                _numbers([numbers[finding] for finding in row["settles"] if finding in numbers]),
            ]
            for row, *more in rows
        ],
        [row["account_id"] for row, *_ in rows],
    )  # fmt: skip


def _numbers(numbers: list[str]) -> str:
    more = len(numbers) - SHOWN_FINDINGS
    return ", ".join(numbers[:SHOWN_FINDINGS]) + (f" and {more} more" if more > 0 else "")


EVIDENCE_COLUMNS: tuple[Column, ...] = (
    ("No.", "id"), ("File", "mono"), ("SHA-256", "digest"), ("Captured at", "text"), ("Call, or what it is", "text"),
    ("Account", "id"), ("Region", "id"), ("Records", "number"), ("State", "text"),
)  # fmt: skip


class Ledger:
    """The evidence table: every file of the bundle under the number that the workbook gives it too."""

    def __init__(self, view: View) -> None:
        self.rows: list[list[str]] = []
        self.accounts: list[str] = []
        self._numbers = view.evidence
        self._positions: dict[str, int] = {}
        self._cited: set[int] = set()
        for capture in view.document["captures"]:
            self._append(capture["file"], capture["account_id"], _evidence_row(capture))
        for other in view.document["other_files"]:
            self._append(other["file"], "", [other["file"], other["sha256"], "", other["what"]])

    def locate(self, item: EvidenceItem) -> int:
        """The row of the file that ``item`` cites."""
        if item["file"] not in self._positions:
            self._append(item["file"], "", [item["file"], item["sha256"], utc(item["captured_at"])])
        place = self._positions[item["file"]]
        self._cited.add(place)
        return place

    def _append(self, file: str, account: str, row: list[str]) -> None:
        self._positions[file] = len(self.rows)
        missing = len(EVIDENCE_COLUMNS) - 1 - len(row)
        self.rows.append([self._numbers.get(file, NOTHING), *row, *[""] * missing])
        self.accounts.append(account)

    def table(self) -> Table:
        """The table as it stands now: with every file that findings cited until then."""
        return Table(
            "evidence",
            "Files of the bundle",
            EVIDENCE_COLUMNS,
            self.rows,
            self.accounts,
            cited=frozenset(self._cited),
        )


def _evidence_row(capture: CaptureFacts) -> list[str]:
    return [
        capture["file"],
        capture["sha256"],
        utc(capture["captured_at"]),
        capture["call"],
        capture["account_id"],
        capture["region"],
        f"{capture['records']:,}",
        _state(capture),
    ]


def _state(capture: CaptureFacts) -> str:
    """``whole``, or what keeps the capture from proving an absence; and whether it lies outside the period."""
    outside = "outside the period" if capture["in_period"] is False else ""
    return ", ".join(filter(None, [flaw(capture) or "whole", outside]))


def problems(rows: list[ProblemFacts]) -> Table:
    """One row per problem, in the result's order."""
    return Table(
        "problems",
        "Problems found in the bundle",
        (("Severity", "id"), ("File", "mono"), ("Place", "mono"), ("Problem", "text"), ("Remedy", "text")),
        [[row["severity"], row["file"], row["pointer"], row["problem"], row["remedy"]] for row in rows],
        [""] * len(rows),
    )


def gaps(document: ResultDocument) -> Table:
    """One row per piece of evidence that the population needs and the bundle lacks."""
    rows = document["gaps"]
    return Table(
        "gaps",
        "Evidence that is missing",
        (("Account", "id"), ("Region", "id"), ("Call", "text"), ("Resource", "mono"), ("Reason", "text")),
        [[row["account_id"], row["region"], row["call"], row["resource"], row["reason"]] for row in rows],
        [row["account_id"] for row in rows],
    )
