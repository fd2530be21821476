"""The lead sheet of the page: accounts × controls, or accounts × the seven links where one control counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from auditor.result import Finding
from auditor.rules import reason_title
from auditor.verdict import Verdict
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import NOTHING, finding_in_words, link_mark, mark, mark_tone

_WORST = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)
_STATES = {"P": "holds", "F": "broken", "I": "unknown"}
# Above so many cells their names are made by the script from the page's data; letters and heads stay.
NAMED_CELLS = 5_000
HEAT_MAP = 100  # accounts from which a picture stands above the table


@dataclass(frozen=True, slots=True)
class Cell:
    """A tickmark, its tone, the number of the finding it leads to, and its name for those who do not see the heads."""

    mark: str
    tone: str
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An account; ``failing`` in words, ``3 of 16``."""

    account: str
    name: str
    cells: list[Cell]
    failing: str


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring accounts with one tone in one row of the heat map."""

    tone: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """``totals`` are cells of the last row, ``heat`` per head the runs of the picture (none for few accounts)."""

    heads: list[tuple[str, str]]  # short head, what it means
    rows: list[Row]
    totals: list[str]
    single: bool
    heat: list[tuple[str, list[Run]]]
    marks: set[str]  # letters that occur

    @property
    def named(self) -> bool:
        """Whether the name of any account is known."""
        return any(row.name for row in self.rows)


def matrix(view: View) -> Matrix:
    """Every account of the population and every account with a finding; the worst first."""
    findings = {(finding["account_id"], control_of(finding)): finding for finding in view.findings}
    names = {account["account_id"]: account["name"] for account in view.document["population"]["accounts"]}
    names |= {finding["account_id"]: finding["account_name"] for finding in view.findings}
    controls = [f"{control['id']}@{control['variant']}" for control in view.controls]
    heads = [
        (control["id"] + ("" if key in view.requirements else " (supporting)"), control["title"])
        for key, control in zip(controls, view.controls, strict=True)
    ]
    single = len(controls) == 1
    if single:
        heads += [(f"{ATTRIBUTES[link]} {name}", f"Attribute {ATTRIBUTES[link]}") for link, name in LINK_NAMES.items()]
    named = len(names) * len(heads) <= NAMED_CELLS
    rows: list[tuple[int, Row]] = []
    for account, name in names.items():
        row_findings = [findings.get((account, control)) for control in controls]
        cells = [_verdict_cell(finding, name or account, named) for finding in row_findings]
        if single:
            cells += _link_cells(row_findings[0], name or account, named)
        tested = [finding for finding in row_findings if finding]
        failing = sum(finding["verdict"] == Verdict.FAIL for finding in tested)
        rows.append(
            (_rank(row_findings), Row(account, name, cells, f"{failing} of {len(tested)}" if tested else NOTHING))
        )
    rows.sort(key=lambda ranked: ranked[0])
    table = [row for _, row in rows]
    return Matrix(
        heads,
        table,
        [_total([row.cells[place].mark for row in table]) for place in range(len(heads))],
        single,
        _heat(heads, table) if len(table) >= HEAT_MAP else [],
        {letter for row in table for cell in row.cells for letter in cell.mark if letter != " "},
    )


def _rank(findings: Sequence[Finding | None]) -> int:
    verdicts: list[str] = [finding["verdict"] for finding in findings if finding]
    for rank, verdict in enumerate(_WORST):
        if verdict in verdicts:
            material = sum(
                any(point["material"] for point in finding["open_points"]) for finding in findings if finding
            )
            return rank * 1_000_000 - verdicts.count(verdict) * 1_000 - material
    return len(_WORST) * 1_000_000


def _cell(mark_text: str, number: str = "", name: str = "") -> Cell:
    return Cell(mark_text, mark_tone(mark_text).lower(), number, name)


def _verdict_cell(finding: Finding | None, account: str, named: bool) -> Cell:
    if not finding:
        return _cell(NOTHING)
    words = finding_in_words(finding) if finding["verdict"] == Verdict.PASS else finding["verdict"]
    why = "" if finding["verdict"] == Verdict.PASS else f": {reason_title(finding['reason_code'])}"
    name = f"{account}, {finding['control_id']}: {words}{why}" if named else ""
    return _cell(mark(finding), finding["number"], name)


def _link_cells(finding: Finding | None, account: str, named: bool) -> list[Cell]:
    return [
        _cell(letter, "", f"{account}, {title}: {_STATES.get(letter[0], 'not reached')}" if named else "")
        for link, title in LINK_NAMES.items()
        for letter in [link_mark(finding, link) if finding else NOTHING]
    ]


def _total(marks: Sequence[str]) -> str:
    """``11 F, 4 I``: in how many accounts it fails and could not be concluded."""
    counted = [(letter, sum(letters.startswith(letter) for letters in marks)) for letter in "FI"]
    return ", ".join(f"{number:,} {letter}" for letter, number in counted if number) or "0"


def _heat(heads: Sequence[tuple[str, str]], rows: Sequence[Row]) -> list[tuple[str, list[Run]]]:
    pictures = []
    for place, (head, _) in enumerate(heads):
        runs: list[Run] = []
        start = 0
        for tone, group in groupby(row.cells[place].tone for row in rows):
            length = sum(1 for _ in group)
            runs.append(Run(tone, start, length))
            start += length
        pictures.append((head, runs))
    return pictures
