"""The cover: who, what, when, from which evidence, with which result; and the fields left for people."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from auditor.text import count, listing
from auditor.workpaper.model import Kind
from auditor.workpaper.scope import COVERAGE, Fact
from auditor.workpaper.view import View
from auditor.workpaper.wording import (
    POPULATION_SOURCES,
    counts_in_words,
    redaction_in_words,
    seal_in_words,
    unreconciled_in_words,
)

WHERE = "In the folder where bundle and files lie: paths are cut to their last names."
SIGNATURES = ("Prepared by", "Prepared on", "Reviewed by", "Reviewed on", "Partner", "Partner, date")


def cover(view: View) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    """Groups of facts with their headings, in order."""
    return (
        ("Engagement", _engagement(view)),
        ("Result", _result(view)),
        ("Evidence", _evidence(view)),
        ("How it was made", making(view)),
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
        Fact("Waivers counted on", document["as_of"], Kind.DATE),
        Fact("Distribution", (engagement["confidentiality"] if engagement else "") or None),
    )


def _result(view: View) -> tuple[Fact, ...]:
    framework, population = view.framework, view.document["population"]
    counts = framework["counts"]
    source = POPULATION_SOURCES[population["source"]]
    reconciled = unreconciled_in_words(view.document) or _missing_in_words(view)
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


def _missing_in_words(view: View) -> str:
    """``reconciled``, or how many accounts of the listing nothing was captured from."""
    accounts = view.document["population"]["accounts"]
    missing = sum(account["status"] == "missing" and account["in_scope"] for account in accounts)
    return f"compared with it: {count(missing, 'account')} without captures" if missing else "reconciled"


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


def making(view: View) -> tuple[Fact, ...]:
    """With what the result was made, and how it is made again."""
    document = view.document
    options = document["options"]
    command: str | None = options.get("command_line")
    given = _given(command) if command else _options_in_words(options)
    return (
        Fact("Tool", f"{document['tool']['name']} {document['tool']['version']}"),
        Fact("Command to repeat it", command, Kind.CODE),
        *([Fact("  Where to run it", WHERE)] if command else []),
        Fact("Options given", listing(given) or "none: everything as without options"),
        *([Fact("Redacted", redaction_in_words(document["redaction"]))] if "redaction" in document else []),
        Fact("Schema of the result", document["schema_version"]),
    )


def _given(command: str) -> list[str]:
    """The options in a recorded command line in words, those that are given more than once together."""
    values: dict[str, list[str]] = {}
    name = ""
    for word in shlex.split(command):
        if word.startswith("--"):
            name = word.removeprefix("--")
            values.setdefault(name, [])
        elif name:
            values[name].append(word)
    return [f"{name} {listing(items)}".strip() for name, items in values.items()]


def _options_in_words(options: Mapping[str, object]) -> list[str]:
    """The options of an audit that no command line can repeat. Frameworks and controls are those that were judged,
    which the report shows, whether they were chosen or not.
    """
    return [
        name.replace("_", " ") if value is True else f"{name.replace('_', ' ')} {_words(value)}"
        for name, value in options.items()
        if name not in ("frameworks", "controls", "command_line") and value not in (None, "", [], False, "equal")
    ]


def _words(value: object) -> str:
    return listing(map(str, value)) if isinstance(value, list) else str(value)
