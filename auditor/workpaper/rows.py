"""The records behind the sheets: one small type per kind of row, made from the view and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from auditor.result import (
    ChainFacts,
    Finding,
    PopulationAccount,
    ProblemFacts,
    Request,
    RequirementResult,
    RuleFacts,
    WaiverFacts,
    deciding_chain,
)
from auditor.rules import known_in_words, reason_title
from auditor.text import count, listing
from auditor.verdict import Verdict
from auditor.workpaper.excerpts import deciding_members
from auditor.workpaper.mappings import Mapped, in_natural_order, mapped
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import WAIVER_STATUSES, link_mark

# Beyond this many the rest of a list in a cell is counted; the whole list is in results.json.
LISTED, EVENTS = 40, 12


@dataclass(frozen=True, slots=True)
class RequirementRow:
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
        return self.requirement["counts"]["passed"] - self.requirement["counts"]["open"]

    @property
    def share(self) -> float | None:
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
    yield from view.document["population"]["accounts"]


@dataclass(frozen=True, slots=True)
class FindingRow:
    finding: Finding
    view: View

    @property
    def title(self) -> str:
        control = self.finding["control_id"], self.finding["variant"]
        return next((facts["title"] for facts in self.view.controls if (facts["id"], facts["variant"]) == control), "")

    @property
    def requirements(self) -> str:
        control = control_of(self.finding)
        shown = self.view.supporting.get(control, ())
        outside = self.finding["account_id"] in self.view.out_of_scope
        parts = [
            ", ".join(self.view.requirements.get(control, ())),
            f"supporting, not counted: {', '.join(shown)}" if shown else "",
            "account out of scope, not counted" if outside else "",
        ]
        return "\n".join(filter(None, parts))

    @property
    def regions(self) -> str:
        return self.view.regions_in_words(self.finding["regions"])

    @property
    def control(self) -> str:
        """The control as the sheet Controls names it."""
        return control_of(self.finding).removesuffix("@default")

    @property
    def material(self) -> int:
        """How many of the open points are material."""
        return sum(point["material"] for point in self.finding["open_points"])

    @property
    def deciding(self) -> str:
        """The members of the evidence on which the finding turns, one a line."""
        return "\n".join(f"{member.evidence} {member}" for member in deciding_members(self.view, self.finding))

    @property
    def chain(self) -> ChainFacts | None:
        """The deciding chain, else the first."""
        return deciding_chain(self.finding)

    @property
    def missed(self) -> str:
        return shortened(self.chain["missed"]) if self.chain else ""

    @property
    def added(self) -> str:
        return shortened(self.chain["added"]) if self.chain else ""

    @property
    def open_points(self) -> str:
        """Open points, what would settle an open question, remarks and assumptions, one a line."""
        points = [
            f"{'Material: ' if point['material'] else ''}{point['text']}{self._rule(point['code'])} "
            f"Settle{_place(point['place'])}: {point['command']}"
            for point in self.finding["open_points"]
        ]
        commands = [
            f"{request['number']}{_place(request_place(request))}: {request['command'] or request['why']}"
            for request in self.view.asked_for.get(self.finding["id"], ())
        ]
        assumed = [f"Assumption {point['code']}: {point['text']}" for point in self.finding["assumptions"]]
        return "\n".join([*points, *commands, *self.finding["remarks"], *assumed])

    def _rule(self, code: str) -> str:
        number = self.view.rule_of(code)
        return f" (rule {number})" if number else ""

    @property
    def evidence(self) -> str:
        return self.view.references(self.finding["evidence"])

    @property
    def first_evidence(self) -> str:
        return next((self.view.evidence.get(item["file"], "") for item in self.finding["evidence"]), "")

    def letter(self, link: str) -> str:
        return link_mark(self.finding, link)


def request_place(request: Request) -> str:
    """Where the answer to a request comes from: ``account 111122223333, us-east-1``."""
    return ", ".join(filter(None, [f"account {request['account_id']}", request["region"]]))


def _place(place: str) -> str:
    return f" ({place})" if place else ""


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


def finding_rows(view: View) -> Iterator[FindingRow]:
    return (FindingRow(finding, view) for finding in view.findings)


@dataclass(frozen=True, slots=True)
class ChainRow:
    finding: Finding
    chain: ChainFacts
    view: View

    @property
    def open(self) -> bool:
        """Whether it decides a finding that is not PASS."""
        return bool(self.chain["decides"]) and self.finding["verdict"] != Verdict.PASS

    @property
    def reason(self) -> str:
        first = self.chain["first_broken"]
        return self.chain["links"][first]["reason"] if first in self.chain["links"] else ""

    @property
    def rule(self) -> str:
        """The number of the rule on which ``reason`` rests."""
        first = self.chain["first_broken"]
        return self.view.rule_of(self.chain["links"][first]["code"]) if first in self.chain["links"] else ""

    @property
    def relation(self) -> str:
        """The relation with what the filter misses, adds, and what its reading assumes."""
        chain = self.chain
        return "\n".join(
            [
                chain["pattern_relation"] or "",
                *([f"misses {shortened(chain['missed'])}"] if chain["missed"] else []),
                *([f"adds {shortened(chain['added'])}"] if chain["added"] else []),
                *(f"assumes {code}" for code in chain["assumptions"]),
            ]
        ).strip("\n")

    @property
    def alarms(self) -> str:
        return "\n".join(filter(None, [self.chain["alarm_arn"], *self.chain["composite_arns"]]))

    @property
    def witness(self) -> str:
        """``missed {…}``: an event as JSON with what the filter does with it."""
        if self.chain["witness"] is None:
            return ""
        return f"{self.chain['witness_kind']} {orjson.dumps(self.chain['witness']).decode()}".strip()

    @property
    def covers(self) -> str:
        return self.view.regions_in_words(self.chain["covers"]["regions"])

    @property
    def evidence(self) -> str:
        cited = {index for facts in self.chain["links"].values() for index in facts["evidence"]}
        items = self.finding["evidence"]
        return self.view.references(items[index] for index in sorted(cited) if index < len(items))


def chain_rows(view: View) -> list[ChainRow]:
    """The chains by finding; those that decide a finding that is not PASS stand before all others."""
    rows = [ChainRow(finding, chain, view) for finding in view.findings for chain in finding["chains"]]
    return sorted(rows, key=lambda row: not row.open)


@dataclass(frozen=True, slots=True)
class WaiverRow:
    waiver: WaiverFacts
    numbers: tuple[str, ...]  # of the framework's findings that it stands beside

    @property
    def status(self) -> str:
        """Whether it is in force, and that it stands beside nothing."""
        words = WAIVER_STATUSES[self.waiver["status"]]
        return words if self.waiver["findings"] else f"{words}, unused"

    @property
    def findings(self) -> str:
        return listing(self.numbers, limit=LISTED)

    @property
    def first_finding(self) -> str:
        return next(iter(self.numbers), "")


def waiver_rows(view: View) -> Iterator[WaiverRow]:
    """The waivers that stand beside a finding of this framework, and those that stand beside none at all."""
    for waiver in view.document.get("waivers", ()):
        numbers = tuple(view.numbers[finding] for finding in waiver["findings"] if finding in view.numbers)
        if numbers or not waiver["findings"]:
            yield WaiverRow(waiver, numbers)


@dataclass(frozen=True, slots=True)
class RequestRow:
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
    number: str
    capture: Mapping[str, Any]
    findings: tuple[str, ...]

    @property
    def first_finding(self) -> str:
        return next(iter(self.findings), "")

    @property
    def used_by(self) -> str:
        return listing(self.findings, limit=LISTED)

    @property
    def arguments(self) -> str:
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
    number: int
    problem: ProblemFacts

    @property
    def effect(self) -> str:
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
    return (ProblemRow(number, problem) for number, problem in enumerate(view.document["problems"], 1))


def shortened(items: list[str]) -> str:
    """Events for one cell: all of them up to :data:`EVENTS`, then how many more."""
    if len(items) <= EVENTS:
        return ", ".join(items)
    return f"{', '.join(items[:EVENTS])} … {count(len(items) - EVENTS, 'more', 'more')}, see results.json"
