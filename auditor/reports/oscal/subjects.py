"""Who is spoken of: the audited accounts, the parties, and this program, which made the observations."""

from __future__ import annotations

from auditor.reports.oscal.values import Json, identifier, line, properties, prose
from auditor.result import PopulationAccount, ResultDocument


def account_identifier(account_id: str, key: tuple[str, ...]) -> str:
    """The UUID of an account's component."""
    return identifier(*key, "account", account_id)


def program_identifier(document: ResultDocument) -> str:
    """The UUID of this program, the same for the same version."""
    return identifier("program", document["tool"]["name"], document["tool"]["version"])


def account_component(account: PopulationAccount, key: tuple[str, ...]) -> Json:
    """An account of the population as a component of type ``service``."""
    account_id = account["account_id"]
    return {
        "uuid": account_identifier(account_id, key),
        "type": "service",
        "title": line(account["name"] or account_id),
        "description": prose(f"AWS account {account_id}."),
        "props": properties(
            account_id=account_id,
            coverage=account["status"],
            in_scope=str(account["in_scope"]).lower(),
            captures=account["captures"],
        ),
        "status": {"state": "operational" if account["in_scope"] else "other"},
    }


def assessment_assets(document: ResultDocument) -> Json:
    """This program, and the platform that ran it, of which nothing is told: reports do not depend on it."""
    tool = document["tool"]
    program = program_identifier(document)
    return {
        "components": [
            {
                "uuid": program,
                "type": "software",
                "title": line(tool["name"]),
                "description": "Joins exports of trails, metric filters, alarms and subscriptions, and decides.",
                "props": properties(version=tool["version"]),
                "status": {"state": "operational"},
            }
        ],
        "assessment-platforms": [
            {
                "uuid": identifier("platform"),
                "title": "Assessor's workstation",
                "uses-components": [{"component-uuid": program}],
            }
        ],
    }


def parties(document: ResultDocument) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The assessor's firm and the client, as far as the engagement names them: each one or none."""
    engagement = document["engagement"]
    names = (engagement["firm"], engagement["client"]) if engagement else ("", "")
    firm, client = (
        [{"uuid": identifier("party", name), "type": "organization", "name": line(name)}] if name else []
        for name in names
    )
    return firm, client
