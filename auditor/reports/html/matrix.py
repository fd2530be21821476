"""The lead sheet of the page: accounts × controls, or accounts × the seven links where one control counts."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.html.selection import Selection
from auditor.reports.html.words import LINK_LETTERS, LINK_NAMES, STATE_LETTERS, VERDICT_LETTERS
from auditor.result import Finding, ResultDocument
from auditor.verdict import Verdict

_WORST = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)
_LETTER_KINDS = {"P": "pass", "F": "fail", "I": "inconclusive"}


@dataclass(frozen=True, slots=True)
class Cell:
    """``letter`` P, F, I or –, ``mark`` what stands beside it, ``number`` the finding it leads to."""

    letter: str
    kind: str
    mark: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    account: str
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    heads: list[tuple[str, str]]  # short head, what it means
    rows: list[Row]


def matrix(document: ResultDocument, selection: Selection) -> Matrix:
    """Every account of the population and every account with a finding; the worst first."""
    findings: dict[tuple[str, str], Finding] = {
        (finding["account_id"], f"{finding['control_id']}@{finding['variant']}"): finding
        for finding in selection.findings
    }
    names = {finding["account_id"]: finding["account_name"] for finding in selection.findings}
    names = {a["account_id"]: a["name"] for a in document["population"]["accounts"]} | names
    controls = [f"{control['id']}@{control['variant']}" for control in selection.controls]
    single = len(controls) == 1
    heads = [
        (control["id"] + ("" if key in selection.counted else " (supporting, not counted)"), control["title"])
        for key, control in zip(controls, selection.controls, strict=True)
    ]
    if single:
        heads += [
            (f"{LINK_LETTERS[link]} {name}", f"Attribute {LINK_LETTERS[link]}") for link, name in LINK_NAMES.items()
        ]
    rows: list[tuple[int, Row]] = []
    for account, name in names.items():
        own = [findings.get((account, control)) for control in controls]
        cells = [_verdict_cell(finding) for finding in own]
        if single:
            cells += _link_cells(own[0])
        rows.append((_rank(own), Row(account, name, cells)))
    rows.sort(key=lambda ranked: ranked[0])
    return Matrix(heads, [row for _, row in rows])


def _rank(findings: list[Finding | None]) -> int:
    verdicts = {finding["verdict"] for finding in findings if finding}
    for rank, verdict in enumerate(_WORST):
        if verdict in verdicts:
            return rank
    return len(_WORST)


def _verdict_cell(finding: Finding | None) -> Cell:
    if finding is None:
        return Cell("–", "none")
    letter = VERDICT_LETTERS[finding["verdict"]]
    kind = _LETTER_KINDS.get(letter, "none")
    mark = ""
    if finding["verdict"] == Verdict.PASS and finding["open_points"]:
        kind = "open"
        mark = "!" if any(point["material"] for point in finding["open_points"]) else "+"
    elif finding["verdict"] == Verdict.FAIL and finding["objective"] == Verdict.PASS:
        mark = "°"
    return Cell(letter, kind, mark + (" W" if finding["waiver"] else ""), finding["number"])


def _link_cells(finding: Finding | None) -> list[Cell]:
    states = finding["links"] if finding else {}
    letters = [STATE_LETTERS.get(states.get(link, "n/a"), "–") for link in LINK_NAMES]
    return [Cell(letter, _LETTER_KINDS.get(letter, "none")) for letter in letters]
