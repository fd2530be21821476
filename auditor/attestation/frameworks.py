"""Findings per framework and requirement: counts, verdicts of the mapped controls, and their wording."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from auditor.catalogue import Framework
from auditor.result import ControlMapping, Counts, Finding, FrameworkResult, Requirement
from auditor.text import count
from auditor.verdict import Verdict, worst


def counts(findings: Iterable[Finding]) -> Counts:
    """Numbers of findings by verdict. A PASS with open points is counted in ``passed`` and in ``open``."""
    found = list(findings)
    passed = [finding for finding in found if finding["verdict"] == "PASS"]
    return {
        "accounts": len({finding["account_id"] for finding in found}),
        "passed": len(passed),
        "failed": sum(finding["verdict"] == "FAIL" for finding in found),
        "inconclusive": sum(finding["verdict"] == "INCONCLUSIVE" for finding in found),
        "open": sum(bool(finding["open_points"]) for finding in passed),
        "material": sum(_material(finding) for finding in passed),
        "failed_material": sum(_material(finding) for finding in found if finding["verdict"] == "FAIL"),
        "objective_not_letter": sum(
            finding["verdict"] != "PASS" and finding["objective"] == "PASS" for finding in found
        ),
        "waivers": sum(finding["waiver"] is not None for finding in found),
    }


def _material(finding: Finding) -> bool:
    return any(point["material"] for point in finding["open_points"])


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """FAIL if any fails, else INCONCLUSIVE if any is, else PASS; NOT_ASSESSED without one."""
    return worst([Verdict(finding["verdict"]) for finding in findings])


def words(findings: Sequence[Finding], controls: int) -> str:
    """The result in words; it speaks of the mapped controls tested, never of the requirement itself."""
    if not findings:
        return "Not assessed: no mapped control was tested."
    number = counts(findings)
    accounts = number["accounts"]
    failing = len({f["account_id"] for f in findings if f["verdict"] == "FAIL"})
    unsettled = len({f["account_id"] for f in findings if f["verdict"] == "INCONCLUSIVE"})
    points = f" {count(number['open'], 'finding')} with open points." if number["open"] else ""
    if not failing and not unsettled:
        tested = count(controls, "mapped control") + " tested"
        return f"No exceptions noted in the {tested} in {count(accounts, 'account')}.{points}"
    parts = []
    if failing:
        parts.append(f"{failing} of {count(accounts, 'account')}: exceptions noted")
    if unsettled:
        parts.append(f"{unsettled} of {count(accounts, 'account')}: could not be concluded")
    return f"{'; '.join(parts)}.{points}"


def framework_result(framework: Framework, findings: Sequence[Finding], tested: Collection[str]) -> FrameworkResult:
    """A framework judged on the findings; ``tested`` are the ``control@variant`` that were audited."""
    requirements: list[Requirement] = []
    used: set[str] = set()
    for requirement in framework.requirements:
        mappings: list[ControlMapping] = []
        counted: list[str] = []
        for mapping in requirement.mappings:
            control = f"{mapping.control_id}@{mapping.variant}"
            if control not in tested:
                continue
            own = [finding for finding in findings if _control(finding) == control]
            mappings.append(
                {
                    "control": control,
                    "provenance": mapping.provenance,
                    "publisher": mapping.publisher or "",
                    "source": mapping.source or "",
                    "note": mapping.note,
                    "strength": mapping.strength,
                    "counted": mapping.counted,
                    "verdict": verdict_of(own).value,
                }
            )
            if mapping.counted:
                counted.append(control)
        own = [finding for finding in findings if _control(finding) in counted]
        used.update(counted)
        requirements.append(
            {
                "id": requirement.id,
                "heading": requirement.heading,
                "group": requirement.group,
                "verdict": verdict_of(own).value,
                "words": words(own, len(counted)),
                "counts": counts(own),
                "controls": mappings,
            }
        )
    own = [finding for finding in findings if _control(finding) in used]
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "publisher": framework.publisher,
        "edition_date": framework.edition_date,
        "kind": framework.kind,
        "note": framework.note,
        "verdict": verdict_of(own).value,
        "words": words(own, len(used)),
        "counts": counts(own),
        "requirements": requirements,
    }


def _control(finding: Finding) -> str:
    return f"{finding['control_id']}@{finding['variant']}"
