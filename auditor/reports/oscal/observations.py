"""A finding as an observation, and one that is no PASS as a risk."""

from __future__ import annotations

import orjson

from auditor.reports.oscal.evidence import resource_identifier
from auditor.reports.oscal.subjects import account_identifier, program_identifier
from auditor.reports.oscal.values import Json, identifier, line, moment, properties, prose
from auditor.result import Finding
from auditor.rules import reason_title
from auditor.verdict import Verdict
from auditor.workpaper import View
from auditor.workpaper.view import control_of


def observation_identifier(finding: Finding, key: tuple[str, ...]) -> str:
    """The UUID of a finding's observation."""
    return identifier(*key, "observation", finding["id"])


def risk_identifier(finding: Finding, key: tuple[str, ...]) -> str:
    """The UUID of the risk of a finding that is no PASS."""
    return identifier(*key, "risk", finding["id"])


def observation(paper: View, finding: Finding, key: tuple[str, ...]) -> Json:
    """What was examined and found: the three answers, the rule, the witness event, and the places of the evidence."""
    document = paper.document
    chain = next((chain for chain in finding["chains"] if chain["decides"]), None)
    captured = [item["captured_at"] for item in finding["evidence"] if item["captured_at"]]
    content: dict[str, Json] = {
        "uuid": observation_identifier(finding, key),
        "title": line(f"{finding['number']} {finding['control_id']} in {finding['account_id']}"),
        "description": prose(finding["reason"]),
        "props": properties(
            verdict=finding["verdict"],
            as_published=finding["as_published"],
            objective=finding["objective"],
            control=control_of(finding),
            finding=finding["id"],
            reason_code=finding["reason_code"],
            rule=finding.get("rule"),
            broken_link=finding["broken_link"],
            pattern_relation=chain["pattern_relation"] if chain else None,
            open_points=len(finding["open_points"]),
            material_open_points=sum(point["material"] for point in finding["open_points"]),
        ),
        "methods": ["EXAMINE"],
        "types": ["control-objective" if finding["verdict"] == Verdict.PASS else "finding"],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": program_identifier(document)}]}],
        "subjects": [
            {
                "subject-uuid": account_identifier(finding["account_id"], key),
                "type": "component",
                "title": line(finding["account_name"] or finding["account_id"]),
            }
        ],
        "collected": moment(max(captured, default=document["bundle"]["captured_to"] or document["as_of"])),
    }
    evidence: list[Json] = [
        {
            "href": f"#{resource_identifier(item['file'], key)}",
            "description": prose(f"{item['file']}#{item['pointer']}"),
        }
        for item in finding["evidence"]
    ]
    if evidence:
        content["relevant-evidence"] = evidence
    if chain and chain["witness"] is not None:
        witness = orjson.dumps(chain["witness"], option=orjson.OPT_SORT_KEYS).decode()
        content["remarks"] = prose(f"An event that shows the difference ({chain['witness_kind']}): {witness}")
    return content


def risk(paper: View, finding: Finding, key: tuple[str, ...]) -> Json:
    """What follows from a finding that is no PASS; a waiver in force makes it an approved deviation."""
    waiver = finding["waiver"]
    accepted = waiver is not None and waiver["status"] == "active"
    content: dict[str, Json] = {
        "uuid": risk_identifier(finding, key),
        "title": line(f"{reason_title(finding['reason_code'])} ({finding['control_id']}, {finding['account_id']})"),
        "description": prose(finding["reason"]),
        "statement": prose(
            "The watched actions may go unnoticed."
            if finding["verdict"] == Verdict.FAIL
            else "Whether the watched actions are noticed is not shown by the evidence."
        ),
        "status": "deviation-approved" if accepted else "open",
        "related-observations": [{"observation-uuid": observation_identifier(finding, key)}],
    }
    if waiver and accepted:
        content["deadline"] = moment(waiver["expiry"], last=True)
        content["mitigating-factors"] = [
            {
                "uuid": identifier(*key, "waiver", finding["id"]),
                "description": prose(waiver.get("compensating_control") or waiver["reason"]),
                "props": properties(owner=waiver["owner"], ticket=waiver.get("ticket"), waiver=waiver["id"]),
            }
        ]
    return content
