"""OSCAL assessment results (NIST, model 1.2.1, valid under 1.2.3 too): one document and one result a framework."""

from __future__ import annotations

import orjson

from auditor.reports.oscal.evidence import procedure, resources
from auditor.reports.oscal.findings import requirement_findings, reviewed_controls
from auditor.reports.oscal.observations import observation, risk
from auditor.reports.oscal.subjects import account_component, assessment_assets, parties
from auditor.reports.oscal.values import Json, identifier, line, moment, properties, prose
from auditor.result import AuditResult
from auditor.verdict import Verdict
from auditor.workpaper import View, view

OSCAL_VERSION = "1.2.1"


def render(result: AuditResult, framework_id: str) -> bytes:
    """The document of a framework, as JSON.

    Identifiers are UUIDs of version 5 made from the bundle's digest and our own ids, and times come from the evidence:
    the same bundle gives the same bytes.
    """
    paper = view(result, framework_id)
    document = paper.document
    key = (document["bundle"]["sha256"], framework_id)
    plan = procedure(key)
    content: Json = {
        "assessment-results": {
            "uuid": identifier(*key, "document"),
            "metadata": _metadata(paper),
            "import-ap": {
                "href": f"#{plan['uuid']}",
                "remarks": "The procedure is told in the back matter; there is no OSCAL assessment plan.",
            },
            "results": [_result(paper, key)],
            "back-matter": {"resources": [plan, *resources(paper, key)]},
        }
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"


def _metadata(paper: View) -> Json:
    document = paper.document
    firm, client = parties(document)
    roles = [{"id": "assessor", "title": "Assessor"}] * bool(firm) + [{"id": "client", "title": "Client"}] * bool(
        client
    )
    metadata: dict[str, Json] = {
        "title": line(f"Alerting on watched actions: {paper.framework['name']} {paper.framework['version']}"),
        "last-modified": moment(document["as_of"], last=True),
        "version": document["as_of"] or document["schema_version"],
        "oscal-version": OSCAL_VERSION,
        "props": properties(
            tool=document["tool"]["name"],
            tool_version=document["tool"]["version"],
            bundle_sha256=document["bundle"]["sha256"],
            bundle_seal=document["bundle"]["seal"],
        ),
    }
    if roles:
        metadata["roles"] = roles
        metadata["parties"] = [*firm, *client]
        metadata["responsible-parties"] = [
            {"role-id": role["id"], "party-uuids": [party["uuid"]]}
            for role, party in zip(roles, [*firm, *client], strict=True)
        ]
    if not document["as_of"]:
        metadata["remarks"] = "No day of capture is recorded; OSCAL wants a time, so the epoch stands for it."
    return metadata


def _result(paper: View, key: tuple[str, ...]) -> Json:
    document, framework = paper.document, paper.framework
    period, population = document["period"], document["population"]
    in_scope = [account for account in population["accounts"] if account["in_scope"]]
    findings = requirement_findings(paper, key)
    result: dict[str, Json] = {
        "uuid": identifier(*key, "result"),
        "title": line(framework["name"]),
        "description": prose(
            f"{framework['words']} Whether somebody is told when a watched action happens, examined from exports of "
            "CloudTrail, CloudWatch Logs, CloudWatch and SNS. The assessor concludes on the requirements."
        ),
        "start": moment(period["start"] if period else document["bundle"]["captured_from"] or document["as_of"]),
        "end": moment(period["end"] if period else document["bundle"]["captured_to"] or document["as_of"], last=True),
        "props": properties(
            verdict=framework["verdict"],
            population=len(in_scope),
            population_source=population["source"],
            population_reconciled=str(population["reconciled"]).lower(),
            match=str(document["options"]["match"]),
        ),
        "local-definitions": {
            "components": [account_component(account, key) for account in population["accounts"]],
            "assessment-assets": assessment_assets(document),
        },
        "reviewed-controls": reviewed_controls(framework),
    }
    members: dict[str, list[Json]] = {
        "observations": [observation(paper, finding, key) for finding in paper.findings],
        "risks": [risk(paper, finding, key) for finding in paper.findings if finding["verdict"] != Verdict.PASS],
        "findings": findings,
    }
    result |= {name: values for name, values in members.items() if values}  # OSCAL refuses empty lists
    return result
