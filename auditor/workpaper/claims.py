"""What the client's own scanners say, held against the findings: words, and the two sheets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.result import ClaimFacts, Finding, RelianceFacts, ResultDocument
from auditor.text import count, listing
from auditor.verdict import Outcome
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.view import View

PURPOSE = (
    "What the client's own scanners claim of the controls, held against the evidence. A claim never settles or lifts "
    "a finding. Each difference has the cause that is proved on this finding, the scanner's own words and the place in "
    "its file. Where a scanner's rule is simple and published it was run on the captures: a claim that does not follow "
    "from them was made from something else than this bundle, or one of the two was changed."
)
RELIANCE_PURPOSE = (
    "Information produced by the entity (ISA 500): how far each check of each scanner can be relied on. Accounts, each "
    "counted once by what the scanner says of it as a whole. One account that it passes and that fails is enough to "
    "advise against."
)
# Outcome → words, the worst first.
OUTCOMES: dict[Outcome, str] = {
    "overstates": "overstates: passes what fails",
    "muted": "muted by the client",
    "understates": "understates: fails what holds",
    "undecided": "undecided",
    "silent": "silent",
    "inconclusive": "ours is inconclusive",
    "agree": "agrees",
    "superseded": "superseded by a later run",
    "not-audited": "not audited here",
}
# The same as the sentence that counts claims has them.
_COUNTED: dict[Outcome, str] = {
    "agree": "agree",
    "overstates": "pass what fails",
    "understates": "fail what holds",
    "undecided": "undecided",
    "muted": "muted",
    "inconclusive": "on what is inconclusive here",
    "superseded": "superseded",
    "not-audited": "not audited",
}
OPEN = ("overstates", "muted", "understates")
_ORDER = {name: position for position, name in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with the number of the finding it is held against."""

    claim: ClaimFacts
    finding: str  # number, "" if none is shown here
    witness: str = ""  # an event that tells the account's filter from the required pattern, as JSON

    @property
    def open(self) -> bool:
        """Whether somebody has to look at it: it differs from the finding, or does not follow from the captures."""
        return self.claim["follows"] is False or self.claim["outcome"] in OPEN

    @property
    def says(self) -> str:
        """The scanner's answer in a word or two."""
        if self.claim["claim"] is None:
            return "–"
        muted = ", muted" if self.claim["muted"] else ""
        return f"{self.claim['claim']}{muted}{', a person’s word' if self.claim['attested'] else ''}"

    @property
    def outcome(self) -> str:
        """The outcome in words; of a mute whether a waiver covers it."""
        words = OUTCOMES[self.claim["outcome"]]
        if self.claim["outcome"] == "muted":
            words += f", waiver {self.claim['waiver']}" if self.claim["waiver"] else ", without a waiver"
        return words

    @property
    def follows(self) -> str:
        """Whether the claim is what the scanner's own rule says of the captures."""
        follows = self.claim["follows"]
        return "" if follows is None else "yes" if follows else "NO"

    @property
    def cause(self) -> str:
        """Why it differs, with what stands beside the claim."""
        return " ".join(part for part in (self.claim["cause"] or "", _sentence(self.claim["remark"])) if part)

    @property
    def place(self) -> str:
        """File and place in it."""
        return f"{self.claim['file']} {self.claim['pointer']}".strip()


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def claim_rows(view: View) -> Iterator[ClaimRow]:
    """The claims on the framework's controls, differences first; agreements and silences after them."""
    controls = {control["id"] for control in view.controls}
    witnesses = {finding["id"]: _witness(finding) for finding in view.findings}
    rows = [
        ClaimRow(claim, view.numbers.get(claim["finding"] or "", ""), witnesses.get(claim["finding"] or "", ""))
        for claim in view.document.get("claims") or ()
        if claim["control"] in controls
    ]
    yield from sorted(rows, key=lambda row: (row.claim["follows"] is not False, _ORDER[row.claim["outcome"]]))


def _witness(finding: Finding) -> str:
    chain = next((chain for chain in finding["chains"] if chain["decides"]), None)
    if chain is None or chain["witness"] is None:
        return ""
    return chain["witness"] if isinstance(chain["witness"], str) else json.dumps(chain["witness"], ensure_ascii=False)


def reliance_rows(view: View) -> Iterator[RelianceFacts]:
    """The reliance table for the framework's controls; checks that were silent throughout come last."""
    controls = {control["id"] for control in view.controls}
    rows = [row for row in view.document.get("reliance") or () if row["control"] in controls]
    yield from sorted(rows, key=lambda row: (-row["overstated"], row["accounts"] == row["silent"]))


def claims_in_words(document: ResultDocument) -> str:
    """Who says what: claims by scanner, differences, mutes, what does not follow; ``""`` if none were given."""
    entries = document.get("claims")
    if entries is None:
        return ""
    claims = [entry for entry in entries if entry["claim"] is not None]
    if not claims:
        return "The claims' files say nothing of the audited controls."
    tools = Counter(claim["tool"] for claim in claims)
    words = [f"{count(len(claims), 'claim')} of {listing(f'{tool} ({number:,})' for tool, number in tools.items())}:"]
    outcomes = Counter(claim["outcome"] for claim in claims)
    parts = [f"{outcomes[name]:,} {plain}" for name, plain in _COUNTED.items() if outcomes[name]]
    words.append(f"{listing(parts)}.")
    strange = sum(claim["follows"] is False for claim in claims)
    if strange:
        words.append(f"{count(strange, 'does', 'do')} not follow from the captures.".capitalize())
    unwaived = sum(claim["outcome"] == "muted" and claim["waiver"] is None for claim in claims)
    if unwaived:
        words.append(f"{count(unwaived, 'mute')} without a waiver.")
    return " ".join(words)


def advice_in_words(rows: Sequence[RelianceFacts]) -> str:
    """Which checks not to rely on."""
    against: dict[str, list[str]] = {}
    for row in rows:
        if row["overstated"]:
            against.setdefault(row["tool"], []).append(row["control"])
    if not against:
        return "No check was found to pass an account that fails."
    checks = (f"{tool} on {listing(controls, limit=4)}" for tool, controls in against.items())
    return f"Do not rely on {'; '.join(checks)}: each passes an account that fails."


CLAIMS = Sheet(
    "Claims",
    "What the client's own scanners claim of the controls, held against the evidence; a claim never settles or lifts a "
    "finding. Differences first, each with the cause that is proved.",
    claim_rows,
    columns(
        Column("claim", "Claim no.", field("claim.number"), Kind.CODE, 9),
        Column("finding", "Finding no.", field("finding"), Kind.CODE, 9, link="Results"),
        Column("account_id", "Account id", field("claim.account"), Kind.CODE, 15),
        Column("account_name", "Account name", field("claim.account_name"), Kind.TEXT, 20),
        Column("control", "Control", field("claim.control"), Kind.CODE, 24),
        Column("verdict", "Our verdict", field("claim.verdict"), Kind.VERDICT, 14),
        Column("objective", "Objective", field("claim.objective"), Kind.VERDICT, 14),
        Column("tool", "Scanner", field("claim.tool"), Kind.TEXT, 14),
        Column("says", "Its claim", field("says"), Kind.TEXT, 13),
        Column("outcome", "Outcome", field("outcome"), Kind.TEXT, 20),
        Column("cause", "Cause, proved on this finding", field("cause"), Kind.TEXT, 60),
        Column("witness", "Witness event", field("witness"), Kind.CODE, 34, detail=True),
        Column("follows", "As its rule predicts", field("follows"), Kind.TEXT, 10),
        Column("region", "Region", field("claim.region"), Kind.CODE, 13, detail=True),
        Column("time", "As of", field("claim.time"), Kind.TEXT, 18, detail=True),
        Column("status", "Its status, literally", field("claim.status"), Kind.TEXT, 14, detail=True),
        Column("sentence", "Its sentence", field("claim.sentence"), Kind.TEXT, 40, detail=True),
        Column("rule", "Its rule", field("claim.rule"), Kind.CODE, 28, detail=True),
        Column("version", "Version", field("claim.version"), Kind.TEXT, 9, detail=True),
        Column("place", "File and place", field("place"), Kind.CODE, 40, detail=True),
        Column("source", "Where the cause is known from", field("claim.cause_source"), Kind.TEXT, 30, detail=True),
    ),
    key="claim",
    frozen=3,
    printed=field("open"),
)

RELIANCE = Sheet(
    "Reliance",
    RELIANCE_PURPOSE,
    reliance_rows,
    columns(
        Column("tool", "Scanner", field("tool"), Kind.TEXT, 16),
        Column("control", "Control", field("control"), Kind.CODE, 28),
        Column("accounts", "Accounts", field("accounts"), Kind.COUNT, 10),
        Column("agreed", "Agreed", field("agreed"), Kind.COUNT, 10),
        Column("overstated", "Overstated", field("overstated"), Kind.COUNT, 11),
        Column("understated", "Understated", field("understated"), Kind.COUNT, 12),
        Column("undecided", "Undecided", field("undecided"), Kind.COUNT, 10),
        Column("silent", "Silent", field("silent"), Kind.COUNT, 10),
        Column("muted", "Muted", field("muted"), Kind.COUNT, 10),
        Column("inconclusive", "Ours inconclusive", field("inconclusive"), Kind.COUNT, 12),
        Column("advice", "Advice", field("advice"), Kind.TEXT, 60),
    ),
    frozen=2,
)
