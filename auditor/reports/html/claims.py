"""The section about what the client's own scanners say: its two tables and its words."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.html.tables import Table
from auditor.reports.html.words import utc
from auditor.verdict import Verdict
from auditor.workpaper.claims import (
    PURPOSE,
    RELIANCE_PURPOSE,
    ClaimRow,
    advice_in_words,
    claim_rows,
    claims_in_words,
    reliance_rows,
)
from auditor.workpaper.view import View

_COUNTS = ("accounts", "agreed", "overstated", "understated", "undecided", "silent", "muted", "inconclusive")
_ORDER = (
    "First what does not follow from the captures, then what a scanner passes and fails here, what is muted, what it "
    "fails and holds here, and last where both agree."
)
_PLAIN = 60  # rows in the page itself; the script draws the others


@dataclass(frozen=True, slots=True)
class Claimed:
    """The section; ``tables`` are those of the page it adds."""

    purpose: str
    totals: str
    reliance_purpose: str
    advice: str
    order: str
    tables: dict[str, Table]


def claimed(view: View) -> Claimed | None:
    """The section for a framework, None if no claims were given."""
    if view.document.get("claims") is None:
        return None
    trusted = list(reliance_rows(view))
    reliance = Table(
        "reliance",
        "Reliance on each check of each scanner, in accounts",
        (
            ("Scanner", "text"), ("Control", "id"), ("Advice", "text"), ("Accounts", "number"), ("Agreed", "number"),
            ("Over", "number"), ("Under", "number"), ("Undecided", "number"), ("Silent", "number"),
            ("Muted", "number"), ("Ours open", "number"),
        ),
        [
            [row["tool"], row["control"], row["advice"], *(f"{row[name]:,}" for name in _COUNTS)]  # type: ignore[literal-required]
            for row in trusted
        ],
        [""] * len(trusted),
    )  # fmt: skip
    rows = list(claim_rows(view))
    claims = Table(
        "claims",
        "Claims of the client’s scanners",
        (
            ("Finding", "findings"), ("Account", "id"), ("Control", "id"), ("Scanner and claim", "text"),
            ("Ours", "text"), ("Outcome", "text"), ("Cause", "text"), ("Its words and their place", "text"),
        ),
        [_cells(row) for row in rows],
        [row.claim["account"] or "" for row in rows],
        plain=_PLAIN,
    )  # fmt: skip
    tables = {"reliance": reliance, "claims": claims}
    return Claimed(PURPOSE, claims_in_words(view.document), RELIANCE_PURPOSE, advice_in_words(trusted), _ORDER, tables)


def _cells(row: ClaimRow) -> list[str]:
    claim = row.claim
    met = claim["verdict"] == Verdict.FAIL and claim["objective"] == Verdict.PASS
    verdict = f"{claim['verdict'] or ''}{', objective met' if met else ''}"
    tool = " ".join(part for part in (claim["tool"], claim["version"]) if part)
    words = " – ".join(part for part in (claim["status"], claim["sentence"]) if part)
    moment = f" As of {utc(claim['time'])}." if claim["time"] else ""
    region = f" In {claim['region']}." if claim["region"] else ""
    return [
        row.finding, claim["account"] or "every account", claim["control"], f"{tool}: {row.says}", verdict,
        row.outcome, row.cause, f"{words}{region}{moment} {claim['number']}, {row.place}".strip(),
    ]  # fmt: skip
