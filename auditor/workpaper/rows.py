"""The records behind the sheets: one small type per kind of row, made from the view and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.result import (
    PopulationAccount,
    ProblemFacts,
    Request,
    RequirementResult,
    RuleFacts,
    WaiverFacts,
)
from auditor.rules import known_in_words, reason_title
from auditor.text import listing
from auditor.verdict import Verdict
from auditor.workpaper.mappings import Mapped, in_natural_order, mapped
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import WAIVER_STATUSES

# Beyond this many the rest of a list in a cell is counted; the whole list is in results.json.
LISTED = 40


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement of the framework in words."""

    requirement: RequirementResult
    first_finding: str  # number, "" if none is counted

    @property
    def assessed(self) -> bool:
        """Whether any finding is counted for it."""
        return self.requirement["verdict"] != Verdict.NOT_ASSESSED

    @property
    def controls(self) -> str:
        """The controls, those that are mapped alike in a line; many of them as their number."""
        return "\n".join(group.names_in_short for group in mapped(self.requirement))

    @property
    def mappings(self) -> str:
        """The controls of each line of ``controls`` by name, who maps them, and why."""
        return "\n".join(f"{group.names}: {_mapping(group)}" for group in mapped(self.requirement))

    @property
    def plain(self) -> int:
        """How many findings pass without an open point."""
        return self.requirement["counts"]["passed"] - self.requirement["counts"]["open"]

    @property
    def share(self) -> float | None:
        """The share of findings that pass, from 0 to 1; None if none is counted."""
        counts = self.requirement["counts"]
        total = counts["passed"] + counts["failed"] + counts["inconclusive"]
        return counts["passed"] / total if total else None


def _mapping(group: Mapped) -> str:
    who = group.publisher or group.source
    provenance = f"Published by {who}" if group.provenance == "published" else "Inferred, not the publisher's"
    if not group.counted:
        provenance += "; supporting, not counted"
    note = f": {group.note}" if group.note else ""
    return f"{provenance}{note}"


def requirement_rows(view: View) -> list[RequirementRow]:
    """The requirements in their natural order; those that are not assessed stand after all others."""
    first: dict[str, str] = {}
    for finding in view.findings:
        first.setdefault(control_of(finding), finding["number"])
    rows = []
    for requirement in in_natural_order(view.framework["requirements"]):
        counted = [mapping["control"] for mapping in requirement["controls"] if mapping["counted"]]
        rows.append(RequirementRow(requirement, next((first[control] for control in counted if control in first), "")))
    return sorted(rows, key=lambda row: not row.assessed)


def population_rows(view: View) -> Iterator[PopulationAccount]:
    """The accounts that the audit should cover."""
    yield from view.document["population"]["accounts"]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that findings cite, in words."""

    rule: RuleFacts

    @property
    def known(self) -> str:
        """How the rule is known: ``stated by AWS, our own reading``."""
        return known_in_words(self.rule["known"])

    @property
    def sources(self) -> str:
        """Where it is stated, one a line."""
        return "\n".join(source["name"] for source in self.rule["sources"])

    @property
    def reasons(self) -> str:
        """The reasons of this workpaper that rest on it, one a line."""
        return "\n".join(map(reason_title, self.rule["codes"]))


def rule_rows(view: View) -> Iterator[RuleRow]:
    """The rules that the framework's findings cite, in the order of the chain."""
    return map(RuleRow, view.rules)


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver in words."""

    waiver: WaiverFacts
    numbers: tuple[str, ...]  # of the framework's findings that it stands beside

    @property
    def status(self) -> str:
        """Whether it is in force, and that it stands beside nothing."""
        words = WAIVER_STATUSES[self.waiver["status"]]
        return words if self.waiver["findings"] else f"{words}, unused"

    @property
    def findings(self) -> str:
        """The numbers of the findings beside which it stands."""
        return listing(self.numbers, limit=LISTED)

    @property
    def first_finding(self) -> str:
        """The first of them, for a link."""
        return next(iter(self.numbers), "")


def waiver_rows(view: View) -> Iterator[WaiverRow]:
    """The waivers that stand beside a finding of this framework, and those that stand beside none at all."""
    for waiver in view.document.get("waivers", ()):
        numbers = tuple(view.numbers[finding] for finding in waiver["findings"] if finding in view.numbers)
        if numbers or not waiver["findings"]:
            yield WaiverRow(waiver, numbers)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request, and what waits for it."""

    request: Request
    findings: str
    first_finding: str


def request_rows(view: View) -> Iterator[RequestRow]:
    """Requests that would settle a finding of this framework, and those that settle none in particular."""
    for request in view.document["requests"]:
        numbers = [view.numbers[settled] for settled in request["settles"] if settled in view.numbers]
        if numbers or not request["settles"]:
            yield RequestRow(request, listing(numbers, limit=LISTED), next(iter(numbers), ""))


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file of the bundle, and who rests on it."""

    number: str
    capture: Mapping[str, Any]
    findings: tuple[str, ...]

    @property
    def first_finding(self) -> str:
        """The first finding that cites it, for a link."""
        return next(iter(self.findings), "")

    @property
    def used_by(self) -> str:
        """The findings that cite it."""
        return listing(self.findings, limit=LISTED)

    @property
    def arguments(self) -> str:
        """The arguments of its call as the capture record has them."""
        if "arguments" not in self.capture:
            return ""
        arguments = self.capture["arguments"]
        return "not recorded" if arguments is None else " ".join(arguments) or "(none)"


def evidence_rows(view: View) -> Iterator[EvidenceRow]:
    """The captures, then the files that are none, with the columns that any file has."""
    for capture in view.document["captures"]:
        file = capture["file"]
        yield EvidenceRow(view.evidence[file], capture, view.used_by.get(file, ()))
    for other in view.document["other_files"]:
        file = other["file"]
        facts = {
            "file": file,
            "sha256": other["sha256"],
            "bytes": other["bytes"],
            "call": f"no capture: {other['what']}",
        }
        yield EvidenceRow(view.evidence[file], facts, view.used_by.get(file, ()))


def cited_evidence_rows(view: View) -> Iterator[EvidenceRow]:
    """The files on which findings of this framework rest."""
    return (row for row in evidence_rows(view) if row.findings)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """What is wrong with a file, and what comes of it."""

    number: int
    problem: ProblemFacts

    @property
    def effect(self) -> str:
        """What comes of it, in words."""
        if self.problem["code"].startswith("waiver-"):
            return "None on the verdicts, beside which waivers stand."
        if self.problem["code"].startswith("review-"):
            return "None on the verdicts; the sheet Review has what was written."
        return {
            "error": "What depends on this place cannot be concluded from it.",
            "warning": "May change what can be concluded from it.",
            "note": "None on the results.",
        }.get(self.problem["severity"], "")


def problem_rows(view: View) -> Iterator[ProblemRow]:
    """The problems, in the order of the result."""
    return (ProblemRow(number, problem) for number, problem in enumerate(view.document["problems"], 1))
