"""The cover: who, what, when, from which evidence, with which result; and the fields left for people."""

from __future__ import annotations

from auditor.workpaper.model import Kind
from auditor.workpaper.scope import COVERAGE, Fact
from auditor.workpaper.view import View
from auditor.workpaper.wording import (
    POPULATION_SOURCES,
    UNRECONCILED,
    counts_in_words,
    redaction_in_words,
    seal_in_words,
)

SIGNATURES = ("Prepared by", "Prepared on", "Reviewed by", "Reviewed on", "Partner", "Partner, date")


def cover(view: View) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    """Groups of facts with their headings, in order."""
    return (
        ("Engagement", _engagement(view)),
        ("Result", _result(view)),
        ("Evidence", _evidence(view)),
        ("How it was made", _tool(view)),
    )


def _engagement(view: View) -> tuple[Fact, ...]:
    document, framework = view.document, view.framework
    engagement, period = document["engagement"], document["period"]
    edition = f", edition {framework['edition_date']}" if framework["edition_date"] else ""
    return (
        Fact("Client", engagement["client"] if engagement else None),
        Fact("Engagement", engagement["engagement"] if engagement else None),
        Fact("Firm", engagement["firm"] if engagement else None),
        Fact("Framework", framework["name"]),
        Fact("Framework version", f"{framework['version']}{edition}"),
        Fact("Published by", framework["publisher"]),
        Fact("Control period from", period["start"] if period else None, Kind.DATE),
        Fact("Control period to", period["end"] if period else None, Kind.DATE),
        Fact("As of", document["as_of"], Kind.DATE),
        Fact("Distribution", (engagement["confidentiality"] if engagement else "") or None),
    )


def _result(view: View) -> tuple[Fact, ...]:
    framework, population = view.framework, view.document["population"]
    counts = framework["counts"]
    source = POPULATION_SOURCES[population["source"]]
    reconciled = "reconciled" if population["reconciled"] else UNRECONCILED
    return (
        Fact("Overall result", counts_in_words(framework["verdict"], counts), Kind.VERDICT),
        Fact("In words", framework["words"]),
        Fact("Accounts", counts["accounts"], Kind.COUNT),
        Fact("Findings PASS", counts["passed"], Kind.COUNT),
        Fact("  PASS with open points", counts["open"], Kind.COUNT),
        Fact("  PASS with material open points", counts["material"], Kind.COUNT),
        Fact("Findings FAIL", counts["failed"], Kind.COUNT),
        Fact("  FAIL with material open points", counts["failed_material"], Kind.COUNT),
        Fact("  FAIL meeting the objective, not the letter", counts["objective_not_letter"], Kind.COUNT),
        Fact("Findings INCONCLUSIVE", counts["inconclusive"], Kind.COUNT),
        Fact("  What would settle them", framework["settling"] or None),
        Fact("Waivers beside findings", counts["waivers"], Kind.COUNT),
        Fact("Population", f"From {source}, {reconciled}. {COVERAGE}."),
    )


def _evidence(view: View) -> tuple[Fact, ...]:
    bundle = view.document["bundle"]
    return (
        Fact("Bundle", bundle["name"], Kind.CODE),
        Fact("Bundle SHA-256", bundle["sha256"], Kind.CODE),
        Fact("Seal", seal_in_words(bundle)),
        Fact("Captures", bundle["captures"], Kind.COUNT),
        Fact("Accounts with captures", bundle["accounts"], Kind.COUNT),
        Fact("Evidence captured from (UTC)", bundle["captured_from"], Kind.TIME),
        Fact("Evidence captured to (UTC)", bundle["captured_to"], Kind.TIME),
    )


def _tool(view: View) -> tuple[Fact, ...]:
    document = view.document
    options = document["options"]
    shown = ", ".join(
        f"{name.replace('_', ' ')}: {_option(value)}"
        for name, value in sorted(options.items())
        if name != "command_line" and value not in (None, "", [])
    )
    return (
        Fact("Tool", f"{document['tool']['name']} {document['tool']['version']}"),
        Fact("Command line", options.get("command_line"), Kind.CODE),
        Fact("Options", shown or None),
        *([Fact("Redacted", redaction_in_words(document["redaction"]))] if "redaction" in document else []),
        Fact("Schema of the result", document["schema_version"]),
    )


def _option(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
