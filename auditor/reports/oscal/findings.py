"""Requirements as OSCAL findings.

OSCAL knows *satisfied* and *not satisfied*; INCONCLUSIVE is not satisfied, with the reason ``other`` and a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.reports.oscal.observations import observation_identifier, risk_identifier
from auditor.reports.oscal.values import Json, identifier, line, properties, prose, token
from auditor.result import FrameworkResult, RequirementResult
from auditor.verdict import Verdict
from auditor.workpaper import View
from auditor.workpaper.view import control_of

_NIST = re.compile(r"([A-Za-z]{2}-[0-9]+)(?:\(([0-9]+)\))?")
_STATUS: dict[str, tuple[str, str]] = {
    "PASS": ("satisfied", "pass"),
    "FAIL": ("not-satisfied", "fail"),
    "INCONCLUSIVE": ("not-satisfied", "other"),
}


def reviewed_controls(framework: FrameworkResult) -> Json:
    """The requirements of which a mapped control was tested."""
    tested = [{"control-id": control_token(requirement["id"])} for requirement in _tested(framework)]
    selection: dict[str, Json] = {"include-controls": tested} if tested else {"description": "No control was tested."}
    return {"control-selections": [selection]}


def requirement_findings(paper: View, key: tuple[str, ...]) -> list[Json]:
    """One finding a requirement, with the observations of the accounts in scope and their risks."""
    return [_finding(paper, requirement, key) for requirement in _tested(paper.framework)]


def control_token(requirement: str) -> str:
    """The id of a requirement as OSCAL writes it: NIST's as in its catalogue (``si-4.3``), others as a token."""
    nist = _NIST.fullmatch(requirement)
    if nist:
        return ".".join(filter(None, nist.groups())).lower()
    return token(requirement)


def _tested(framework: FrameworkResult) -> Iterator[RequirementResult]:
    return (requirement for requirement in framework["requirements"] if requirement["verdict"] in _STATUS)


def _finding(paper: View, requirement: RequirementResult, key: tuple[str, ...]) -> Json:
    counted = {mapping["control"] for mapping in requirement["controls"] if mapping["counted"]}
    cited = [
        finding
        for finding in paper.findings
        if control_of(finding) in counted and finding["account_id"] not in paper.out_of_scope
    ]
    state, reason = _STATUS[requirement["verdict"]]
    status: dict[str, Json] = {"state": state, "reason": reason}
    if requirement["verdict"] == Verdict.INCONCLUSIVE:
        status["remarks"] = "Not concluded: the evidence does not show it. Nothing was found that is unmet."
    counts = requirement["counts"]
    content: dict[str, Json] = {
        "uuid": identifier(*key, "requirement", requirement["id"]),
        "title": line(f"{requirement['id']} {requirement['heading']}"),
        "description": prose(requirement["words"]),
        "props": properties(
            verdict=requirement["verdict"],
            requirement=requirement["id"],
            passed=counts["passed"],
            failed=counts["failed"],
            inconclusive=counts["inconclusive"],
            meets_the_objective_only=counts["objective_not_letter"],
        ),
        "target": {"type": "objective-id", "target-id": control_token(requirement["id"]), "status": status},
    }
    observations: list[Json] = [{"observation-uuid": observation_identifier(finding, key)} for finding in cited]
    risks: list[Json] = [
        {"risk-uuid": risk_identifier(finding, key)} for finding in cited if finding["verdict"] != Verdict.PASS
    ]
    content |= {
        name: values for name, values in (("related-observations", observations), ("related-risks", risks)) if values
    }
    return content
