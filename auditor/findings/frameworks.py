"""Findings per framework and requirement: counts, verdicts of the mapped controls, and their wording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from auditor.catalogue import Framework
from auditor.requests import settling
from auditor.result import (
    ControlMapping,
    Counts,
    Finding,
    FrameworkResult,
    RequestSet,
    RequirementResult,
    account_totals,
)
from auditor.text import count
from auditor.verdict import Verdict, worst
from auditor.workpaper.wording import in_force


def counts(findings: Iterable[Finding]) -> Counts:
    """Numbers of findings by verdict. A PASS with open points is counted in ``passed`` and in ``open``."""
    counted = list(findings)
    totals = account_totals(counted)
    passed = [finding for finding in counted if finding["verdict"] == Verdict.PASS]
    return {
        "accounts": len({finding["account_id"] for finding in counted}),
        "passed": len(passed),
        "failed": sum(finding["verdict"] == Verdict.FAIL for finding in counted),
        "inconclusive": sum(finding["verdict"] == Verdict.INCONCLUSIVE for finding in counted),
        "open": sum(bool(finding["open_points"]) for finding in passed),
        "material": sum(_material(finding) for finding in passed),
        "failed_material": sum(_material(finding) for finding in counted if finding["verdict"] == Verdict.FAIL),
        "objective_not_letter": sum(
            finding["verdict"] != Verdict.PASS and finding["objective"] == Verdict.PASS for finding in counted
        ),
        "waivers": sum(in_force(finding) for finding in counted),
        "accounts_failed": totals.failed,
        "accounts_letter": totals.letter,
        "accounts_inconclusive": totals.inconclusive,
        "accounts_passed": totals.passed,
    }


def _material(finding: Finding) -> bool:
    return any(point["material"] for point in finding["open_points"])


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """FAIL if any fails, else INCONCLUSIVE if any is, else PASS; NOT_ASSESSED without one."""
    return worst([Verdict(finding["verdict"]) for finding in findings])


def words(findings: Sequence[Finding], controls: int) -> str:
    """The result in words; it speaks of the mapped controls tested, never of the requirement itself.

    An account counts once, by its worst verdict.
    """
    if not findings:
        return "Not assessed: no mapped control was tested."
    totals = account_totals(findings)
    number = counts(findings)
    points = _points(findings)
    points += f" {count(number['waivers'], 'finding')} with a waiver beside it." if number["waivers"] else ""
    if not totals.failed and not totals.inconclusive:
        tested = count(controls, "mapped control") + " tested"
        return f"No exceptions noted in the {tested} in {count(totals.accounts, 'account')}.{points}"
    return f"{totals.exceptions_in_words()}{points}"


def _points(findings: Sequence[Finding]) -> str:
    """In how many accounts a PASS has material open points; the others are true of nearly every PASS, and said once."""
    accounts = {
        finding["account_id"] for finding in findings if finding["verdict"] == Verdict.PASS and _material(finding)
    }
    return f" {count(len(accounts), 'account')} with material open points." if accounts else ""


SUPPORTED = "Not assessed: the mapped controls tested only support it."


@dataclass(frozen=True, slots=True)
class Tally:
    """What several controls tested together come to."""

    verdict: Verdict
    words: str
    counts: Counts
    settling: str


class Tested:
    """The findings of an audit by control, added up once for each set of controls that requirements map."""

    def __init__(self, findings: Iterable[Finding], sets: Sequence[RequestSet]) -> None:
        self._by_control: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            self._by_control[f"{finding['control_id']}@{finding['variant']}"].append(finding)
        self._sets = sets
        self._tallies: dict[frozenset[str], Tally] = {}

    def tally(self, controls: Iterable[str]) -> Tally:
        """The findings of these ``control@variant`` added up."""
        key = frozenset(controls)
        if key not in self._tallies:
            tallied = [finding for control in sorted(key) for finding in self._by_control[control]]
            unsettled = {finding["id"] for finding in tallied if finding["verdict"] == Verdict.INCONCLUSIVE}
            self._tallies[key] = Tally(
                verdict_of(tallied), words(tallied, len(key)), counts(tallied), settling(self._sets, unsettled)
            )
        return self._tallies[key]


def framework_result(framework: Framework, tested: Tested, controls: Collection[str]) -> FrameworkResult:
    """A framework judged on the findings; ``controls`` are the ``control@variant`` that were audited."""
    requirements: list[RequirementResult] = []
    used: set[str] = set()
    for requirement in framework.requirements:
        mappings: list[ControlMapping] = []
        counted: list[str] = []
        for mapping in requirement.mappings:
            control = f"{mapping.control_id}@{mapping.variant}"
            if control not in controls:
                continue
            mappings.append(
                {
                    "control": control,
                    "provenance": mapping.provenance,
                    "publisher": mapping.publisher or "",
                    "source": mapping.source or "",
                    "note": mapping.note,
                    "strength": mapping.strength,
                    "counted": mapping.counted,
                    "verdict": tested.tally([control]).verdict.value,
                }
            )
            if mapping.counted:
                counted.append(control)
        used.update(counted)
        tally = tested.tally(counted)
        requirements.append(
            {
                "id": requirement.id,
                "heading": requirement.heading,
                "group": requirement.group,
                "verdict": tally.verdict.value,
                "words": tally.words if counted or not mappings else SUPPORTED,
                "counts": tally.counts,
                "controls": mappings,
            }
        )
    whole = tested.tally(used)
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "publisher": framework.publisher,
        "edition_date": framework.edition_date,
        "kind": framework.kind,
        "note": framework.note,
        "verdict": whole.verdict.value,
        "words": whole.words,
        "counts": whole.counts,
        "settling": whole.settling,
        "requirements": requirements,
    }
