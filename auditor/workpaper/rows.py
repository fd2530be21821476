"""The records behind the sheets: one small type per kind of row, made from the view and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.result import (
    CaptureFacts,
    ChainFacts,
    ControlMapping,
    Finding,
    PopulationAccount,
    ProblemFacts,
    Request,
    Requirement,
)
from auditor.text import count, listing
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import STATE_LETTERS, mark

# Beyond this many the rest of a list in a cell is counted; the whole list is in results.json.
LISTED = 40


@dataclass(frozen=True, slots=True)
class RequirementRow:
    requirement: Requirement
    first_finding: str  # number, "" if none is counted

    @property
    def controls(self) -> str:
        return "\n".join(mapping["control"] for mapping in self.requirement["controls"])

    @property
    def mappings(self) -> str:
        return "\n".join(_mapping(mapping) for mapping in self.requirement["controls"])

    @property
    def share(self) -> float | None:
        counts = self.requirement["counts"]
        total = counts["passed"] + counts["failed"] + counts["inconclusive"]
        return counts["passed"] / total if total else None


def _mapping(mapping: ControlMapping) -> str:
    who = mapping["publisher"] or mapping["source"]
    provenance = f"Published by {who}" if mapping["provenance"] == "published" else "Inferred, not the publisher's"
    if not mapping["counted"]:
        provenance += "; supporting, not counted"
    note = f": {mapping['note']}" if mapping["note"] else ""
    return f"{provenance}{note}"


def requirement_rows(view: View) -> Iterator[RequirementRow]:
    first: dict[str, str] = {}
    for finding in view.findings:
        first.setdefault(control_of(finding), finding["number"])
    for requirement in view.framework["requirements"]:
        counted = [mapping["control"] for mapping in requirement["controls"] if mapping["counted"]]
        yield RequirementRow(requirement, next((first[one] for one in counted if one in first), ""))


def population_rows(view: View) -> Iterator[PopulationAccount]:
    yield from view.document["population"]["accounts"]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    account_id: str
    account_name: str
    in_scope: bool
    marks: dict[str, tuple[str, str]]  # control@variant → (tickmark, finding number)


def matrix_rows(view: View) -> Iterator[MatrixRow]:
    """One row per account of the population, then those that have findings only."""
    names = {account["account_id"]: account["name"] for account in view.document["population"]["accounts"]}
    marks: dict[str, dict[str, tuple[str, str]]] = {}
    for finding in view.findings:
        names.setdefault(finding["account_id"], finding["account_name"])
        found = marks.setdefault(finding["account_id"], {})
        found[control_of(finding)] = (mark(finding), finding["number"])
    for account_id, name in names.items():
        yield MatrixRow(account_id, name, account_id not in view.out_of_scope, marks.get(account_id, {}))


@dataclass(frozen=True, slots=True)
class FindingRow:
    finding: Finding
    view: View

    @property
    def title(self) -> str:
        control = self.finding["control_id"], self.finding["variant"]
        return next((one["title"] for one in self.view.controls if (one["id"], one["variant"]) == control), "")

    @property
    def requirements(self) -> str:
        control = control_of(self.finding)
        shown = [f"{requirement} (supporting)" for requirement in self.view.supporting.get(control, ())]
        return ", ".join([*self.view.requirements.get(control, ()), *shown])

    @property
    def regions(self) -> str:
        return ", ".join(self.finding["regions"])

    @property
    def chain(self) -> ChainFacts | None:
        """The deciding chain, else the first."""
        chains = self.finding["chains"]
        return next((chain for chain in chains if chain["decides"]), chains[0] if chains else None)

    @property
    def missed(self) -> str:
        return shortened(self.chain["missed"]) if self.chain else ""

    @property
    def added(self) -> str:
        return shortened(self.chain["added"]) if self.chain else ""

    @property
    def open_points(self) -> str:
        return "\n".join(
            f"{'Material: ' if point['material'] else ''}{point['text']} Settle: {point['command']}".strip()
            for point in self.finding["open_points"]
        )

    @property
    def remarks(self) -> str:
        assumed = [f"Assumption {point['code']}: {point['text']}" for point in self.finding["assumptions"]]
        return "\n".join([*self.finding["remarks"], *assumed])

    @property
    def settles(self) -> str:
        return "\n".join(self.finding["settles"])

    @property
    def evidence(self) -> str:
        return self.view.references(self.finding["evidence"])

    def letter(self, link: str) -> str:
        state = self.finding["links"].get(link, "n/a")
        return STATE_LETTERS.get(state, state)


def finding_rows(view: View) -> Iterator[FindingRow]:
    return (FindingRow(finding, view) for finding in view.findings)


@dataclass(frozen=True, slots=True)
class ChainRow:
    finding: Finding
    chain: ChainFacts
    view: View

    @property
    def reason(self) -> str:
        first = self.chain["first_broken"]
        return self.chain["links"][first]["reason"] if first in self.chain["links"] else ""

    @property
    def missed(self) -> str:
        return shortened(self.chain["missed"])

    @property
    def added(self) -> str:
        return shortened(self.chain["added"])

    @property
    def witness(self) -> Any:
        return self.chain["witness"]

    @property
    def covers(self) -> str:
        return ", ".join(self.chain["covers"]["regions"])

    @property
    def assumptions(self) -> str:
        return ", ".join(self.chain["assumptions"])

    @property
    def evidence(self) -> str:
        cited = {index for facts in self.chain["links"].values() for index in facts["evidence"]}
        items = self.finding["evidence"]
        return self.view.references(items[index] for index in sorted(cited) if index < len(items))


def chain_rows(view: View) -> Iterator[ChainRow]:
    return (ChainRow(finding, chain, view) for finding in view.findings for chain in finding["chains"])


@dataclass(frozen=True, slots=True)
class WaiverRow:
    waiver: dict[str, Any]
    findings: str


def waiver_rows(view: View) -> Iterator[WaiverRow]:
    """One row per waiver; findings that share one are listed together."""
    covered: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for finding in view.findings:
        if finding["waiver"]:
            key = repr(sorted(finding["waiver"].items()))
            covered.setdefault(key, (finding["waiver"], []))[1].append(finding["number"])
    for waiver, numbers in covered.values():
        yield WaiverRow(waiver, listing(numbers, limit=LISTED))


@dataclass(frozen=True, slots=True)
class RequestRow:
    request: Request
    findings: str


def request_rows(view: View) -> Iterator[RequestRow]:
    """Requests that would settle a finding of this framework, and those that settle none in particular."""
    for request in view.document["requests"]:
        numbers = [view.numbers[one] for one in request["settles"] if one in view.numbers]
        if numbers or not request["settles"]:
            yield RequestRow(request, listing(numbers, limit=LISTED))


def remediation_rows(view: View) -> Iterator[FindingRow]:
    return (FindingRow(finding, view) for finding in view.findings if finding["remediation"])


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    number: str
    capture: CaptureFacts
    used_by: str

    @property
    def arguments(self) -> str:
        arguments = self.capture["arguments"]
        return "not recorded" if arguments is None else " ".join(arguments) or "(none)"


@dataclass(frozen=True, slots=True)
class OtherFileRow:
    """A file that is no capture has the columns that any file has."""

    number: str
    capture: dict[str, Any]
    used_by: str
    arguments: None = None


def evidence_rows(view: View) -> Iterator[EvidenceRow | OtherFileRow]:
    for capture in view.document["captures"]:
        file = capture["file"]
        yield EvidenceRow(view.evidence[file], capture, listing(view.used_by.get(file, ()), limit=LISTED))
    for other in view.document["other_files"]:
        file = other["file"]
        facts = {
            "file": file,
            "sha256": other["sha256"],
            "bytes": other["bytes"],
            "call": f"no capture: {other['what']}",
        }
        yield OtherFileRow(view.evidence[file], facts, listing(view.used_by.get(file, ()), limit=LISTED))


@dataclass(frozen=True, slots=True)
class ProblemRow:
    number: int
    problem: ProblemFacts

    @property
    def effect(self) -> str:
        return {
            "error": "What depends on this place cannot be concluded from it.",
            "warning": "May change what can be concluded from it.",
            "note": "None on the results.",
        }.get(self.problem["severity"], "")


def problem_rows(view: View) -> Iterator[ProblemRow]:
    return (ProblemRow(number, problem) for number, problem in enumerate(view.document["problems"], 1))


def shortened(items: list[str]) -> str:
    """A list for one cell: all of it up to :data:`LISTED` items, then how many more."""
    if len(items) <= LISTED:
        return ", ".join(items)
    return f"{', '.join(items[:LISTED])} … {count(len(items) - LISTED, 'more', 'more')}, see results.json"
