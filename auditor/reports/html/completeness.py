"""What a reader must know before any green: seal, dates, population, gaps."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.html.words import utc
from auditor.result import ResultDocument
from auditor.text import count, listing
from auditor.workpaper.completeness import NAMED
from auditor.workpaper.wording import (
    POPULATION_SOURCES,
    flaws_in_words,
    redaction_in_words,
    seal_in_words,
    unreconciled_in_words,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line. ``tone``: good, plain, attention or serious; ``links`` lead to what it speaks of."""

    tone: str
    title: str
    text: str
    links: tuple[tuple[str, str], ...] = ()  # section of the page, words


def checks(document: ResultDocument) -> list[Check]:
    """Seal, capture dates, population, missing accounts, captures, problems, redaction: in this order."""
    return [
        _seal(document),
        *_dates(document),
        _population(document),
        *_missing(document),
        *_captures(document),
        *_problems(document),
        *_redacted(document),
    ]


def _seal(document: ResultDocument) -> Check:
    seal = document["bundle"]["seal"]
    tone = {"verified": "good", "absent": "attention"}.get(seal, "serious")
    return Check(tone, "Seal", f"{seal_in_words(document['bundle'])}.")


def _redacted(document: ResultDocument) -> list[Check]:
    if "redaction" not in document:
        return []
    return [Check("plain", "Redacted", f"{redaction_in_words(document['redaction'])}.")]


def _dates(document: ResultDocument) -> list[Check]:
    bundle, period = document["bundle"], document["period"]
    if bundle["captured_from"] and bundle["captured_to"]:
        text = f"{utc(bundle['captured_from'])} to {utc(bundle['captured_to'])}."
        dates = [Check("plain", "Evidence captured", text)]
    else:
        dates = [Check("attention", "Evidence captured", "No capture records when it was taken.")]
    unknown = sum(capture["captured_at"] is None for capture in document["captures"])
    if unknown and bundle["captured_from"]:
        dates.append(Check("attention", "Undated", f"{count(unknown, 'capture')} without a recorded time."))
    if period:
        late = sum(capture["in_period"] is False for capture in document["captures"])
        text = f"{count(late, 'capture')} of {len(document['captures']):,}; they say nothing about it."
        if late:
            dates.append(Check("serious", "Captured outside the period", text))
    return dates


def _population(document: ResultDocument) -> Check:
    population = document["population"]
    scope = sum(account["in_scope"] for account in population["accounts"])
    text = f"{count(scope, 'account')} in scope, from {POPULATION_SOURCES[population['source']]}"
    if len(population["accounts"]) > scope:
        text += f" ({len(population['accounts']) - scope:,} out of scope)"
    unreconciled = unreconciled_in_words(document)
    text += f", {unreconciled}." if unreconciled else "."
    further = population["note"].partition("; ")[2] if population["source"] == "organization" else ""
    text += f" {further[0].upper()}{further[1:]}" if further else ""
    return Check("good" if population["reconciled"] else "attention", "Population", text)


def _missing(document: ResultDocument) -> list[Check]:
    missing = [
        f"{account['account_id']} {account['name']}".strip()
        for account in document["population"]["accounts"]
        if account["status"] == "missing" and account["in_scope"]
    ]
    if not missing:
        return []
    text = f"{count(len(missing), 'account')} without captures: {listing(missing, limit=NAMED)}."
    return [Check("serious", "Missing accounts", text)]


def _captures(document: ResultDocument) -> list[Check]:
    captures = document["captures"]
    flaws = flaws_in_words(captures)
    if not flaws:
        return []
    return [Check("attention", "Captures with flaws", f"{listing(flaws)}, of {len(captures):,}.")]


def _problems(document: ResultDocument) -> list[Check]:
    severities = [problem["severity"] for problem in document["problems"]]
    numbers = [count(severities.count(kind), kind) for kind in ("error", "warning", "note") if kind in severities]
    if not numbers:
        return []
    text = f"{listing(numbers)} about files of the bundle."
    return [Check("attention" if "error" in severities else "plain", "Problems", text, (("problems", "See Problems"),))]
