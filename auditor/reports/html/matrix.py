"""The lead sheet of the page: accounts × controls, or accounts × the seven links where one control counts."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.result import Finding
from auditor.verdict import Verdict
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import NOTHING, link_mark, mark, mark_tone

_WORST = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Cell:
    """A tickmark, its tone, and the number of the finding it leads to."""

    mark: str
    tone: str
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


def matrix(view: View) -> Matrix:
    """Every account of the population and every account with a finding; the worst first."""
    findings = {(finding["account_id"], control_of(finding)): finding for finding in view.findings}
    names = {account["account_id"]: account["name"] for account in view.document["population"]["accounts"]}
    names |= {finding["account_id"]: finding["account_name"] for finding in view.findings}
    controls = [f"{control['id']}@{control['variant']}" for control in view.controls]
    heads = [
        (control["id"] + ("" if key in view.requirements else " (supporting, not counted)"), control["title"])
        for key, control in zip(controls, view.controls, strict=True)
    ]
    single = len(controls) == 1
    if single:
        heads += [(f"{ATTRIBUTES[link]} {name}", f"Attribute {ATTRIBUTES[link]}") for link, name in LINK_NAMES.items()]
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


def _cell(mark_text: str, number: str = "") -> Cell:
    return Cell(mark_text, mark_tone(mark_text).lower(), number)


def _verdict_cell(finding: Finding | None) -> Cell:
    return _cell(mark(finding), finding["number"]) if finding else _cell(NOTHING)


def _link_cells(finding: Finding | None) -> list[Cell]:
    return [_cell(link_mark(finding, link) if finding else NOTHING) for link in LINK_NAMES]
