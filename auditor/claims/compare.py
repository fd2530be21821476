"""Claims held against findings: row by row an outcome with its cause, and how far each scanner can be relied on.

Nothing here touches a finding: a claim never settles one and never lifts one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.claims.account_view import AccountView
from auditor.claims.causes import UNKNOWN, Cause, cause_of
from auditor.claims.model import Claim, Reading
from auditor.claims.predict import prediction
from auditor.claims.reliance import outcome_of, reliance
from auditor.claims.rollup import at_odds, superseded
from auditor.claims.rule_ids import known_to
from auditor.errors import Problem
from auditor.result import ClaimFacts, Finding, RelianceFacts
from auditor.text import count, listing
from auditor.verdict import Outcome, Verdict

_DIFFERS = ("overstates", "understates", "undecided")
_AT_ODDS = "The scanner says several things of this account and control; each is shown."
_UNWAIVED = "mute-without-waiver"


@dataclass(frozen=True, slots=True)
class ComparedClaims:
    """Every claim with its outcome, the reliance table, and mutes that no waiver covers."""

    claims: list[ClaimFacts]
    reliance: list[RelianceFacts]
    problems: list[Problem]


def compare(reading: Reading, findings: Sequence[Finding], views: Mapping[str, AccountView]) -> ComparedClaims:
    """The claims against the findings of the same accounts and controls."""
    chosen = _chosen(findings)
    old = superseded(reading.claims)
    current = [claim for position, claim in enumerate(reading.claims) if position not in old]
    odd = at_odds(current)
    rows = []
    for position, claim in enumerate(reading.claims):
        row = _row(claim, chosen, views, old=position in old)
        if position not in old and (claim.tool, claim.account, claim.control, claim.region) in odd:
            row["cause"] = " ".join(part for part in (_AT_ODDS, row["cause"]) if part)
        rows.append(row)
    silent = list(_silent(reading, current, chosen))
    numbered = sorted([*rows, *silent], key=_order)
    for number, row in enumerate(numbered, 1):
        row["number"] = f"C-{number:05d}"
    return ComparedClaims(numbered, reliance(_expanded(current, reading), silent, chosen), _mutes(numbered))


def _expanded(current: Sequence[Claim], reading: Reading) -> list[Claim]:
    """The claims, those of every account as one for each account of the file that has none of its own."""
    claimed = {(claim.tool, claim.account, claim.control) for claim in current}
    voices = {file.file: file.voices for file in reading.files}
    expanded = [claim for claim in current if claim.account is not None]
    for claim in current:
        voice = voices.get(claim.file, {}).get(claim.tool)
        if claim.account is None and voice is not None:
            expanded += [
                replace(claim, account=account)
                for account in sorted(voice.accounts)
                if (claim.tool, account, claim.control) not in claimed
            ]
    return expanded


def _order(row: ClaimFacts) -> tuple[str, str, str, str, str]:
    return row["tool"], row["control"], row["account"] or "", row["region"] or "", row["file"]


def _chosen(findings: Iterable[Finding]) -> dict[tuple[str, str], Finding]:
    """The finding of each account and control: of several variants the recommended one, else the first."""
    chosen: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding["account_id"], finding["control_id"])
        if key not in chosen or finding["variant"] == "default":
            chosen[key] = finding
    return chosen


def _row(
    claim: Claim, chosen: Mapping[tuple[str, str], Finding], views: Mapping[str, AccountView], *, old: bool
) -> ClaimFacts:
    finding = chosen.get((claim.account or "", claim.control))
    if finding is None:
        row = _facts(claim, None, "undecided" if claim.account is None else "not-audited")
        if claim.account is None:
            row["cause"] = "The scanner failed for every account of this file."
        return row
    view = views.get(finding["account_id"], AccountView())
    outcome: Outcome = "superseded" if old else "muted" if claim.muted else outcome_of(claim.claim, finding)
    row = _facts(claim, finding, outcome)
    if claim.muted:
        waiver = finding["waiver"]
        row["waiver"] = waiver["id"] if waiver and waiver["status"] == "active" else None
    if old:
        row["cause"] = "A later run of the same scanner answered again."
        return row
    predicted = prediction(claim, finding, view)
    if predicted is not None:
        row["predicted"], row["because"] = predicted.claim, predicted.because
        if claim.claim != "UNDECIDED" or predicted.claim == "UNDECIDED":
            row["follows"] = predicted.claim == claim.claim
    cause = cause_of(claim, finding, view, predicted) if outcome in _DIFFERS else None
    if cause is not None:
        row["cause_code"], row["cause_source"] = cause.code, cause.source
    row["cause"] = " ".join(_why(claim, view, row, cause)) or None
    return row


def _why(claim: Claim, view: AccountView, row: ClaimFacts, cause: Cause | None) -> Iterator[str]:
    """Why a claim has its outcome, in sentences: another day, the known cause, what the scanner's rule predicts."""
    outcome, follows = row["outcome"], row["follows"]
    differs = outcome in _DIFFERS
    if differs or follows is False:
        yield from _time_apart(claim, view)
    if cause is not None:
        yield cause.text
    elif differs and outcome != "undecided":
        yield UNKNOWN
    elif differs and claim.sentence and follows is None:
        yield f"The scanner says: {claim.sentence}"
    elif outcome == "inconclusive":
        yield "The captures leave it open; the claim is shown and settles nothing."
    elif outcome == "agree" and row["verdict"] == Verdict.FAIL and row["objective"] == Verdict.PASS:
        yield "By the letter it fails; the objective is met."
    if follows is True and differs:
        yield f"As its rule predicts: {row['because']}."
    elif follows is False:
        yield (
            f"This claim does not follow from the captures: {row['because']}, so that its rule would say "
            f"{row['predicted']}. What it saw is not in the bundle, or one of the two was changed."
        )


def _facts(claim: Claim, finding: Finding | None, outcome: Outcome) -> ClaimFacts:
    return {
        "number": "", "file": claim.file, "pointer": claim.pointer, "tool": claim.tool, "version": claim.version,
        "account": claim.account, "account_name": finding["account_name"] if finding else "", "control": claim.control,
        "region": claim.region, "claim": claim.claim, "muted": claim.muted, "status": claim.status, "rule": claim.rule,
        "time": claim.time, "sentence": claim.sentence, "attested": claim.attested, "remark": claim.remark,
        "outcome": outcome, "cause": None, "cause_code": "", "cause_source": "",
        "predicted": None, "because": "", "follows": None,
        "finding": finding["id"] if finding else None, "verdict": finding["verdict"] if finding else None,
        "objective": finding["objective"] if finding else None, "waiver": None,
    }  # fmt: skip


def _time_apart(claim: Claim, view: AccountView) -> list[str]:
    """That the claim is of another day than the captures, which explains a difference before anything else does."""
    if claim.time is None or not view.times:
        return []
    first, last, day = min(view.times)[:10], max(view.times)[:10], claim.time[:10]
    if first <= day <= last:
        return []
    span = first if first == last else f"{first} to {last}"
    return [f"The claim is of {day}, the captures of {span}: what changed between them only one of both shows."]


def _silent(
    reading: Reading, current: Sequence[Claim], chosen: Mapping[tuple[str, str], Finding]
) -> Iterator[ClaimFacts]:
    """A row for each control of which a scanner says nothing though it speaks of the account."""
    claimed = {(claim.tool, claim.account, claim.control) for claim in current}
    of_every_account = {(claim.tool, claim.file, claim.control) for claim in current if claim.account is None}
    noted: set[tuple[str, str, str]] = set()
    for file in reading.files:
        for tool, voice in sorted(file.voices.items()):
            for control in known_to(tool):
                for account in sorted(voice.accounts):
                    key = (tool, account, control)
                    finding = chosen.get((account, control))
                    if (
                        finding is None
                        or key in claimed
                        or key in noted
                        or (tool, file.file, control) in of_every_account
                    ):
                        continue
                    noted.add(key)
                    silence = Claim(file.file, tool, account, control, None, "UNDECIDED", False, "", "")
                    row = _facts(silence, finding, "silent")
                    row["claim"] = None
                    why = ["No row on this control, though the file speaks of the account: not a pass."]
                    why += [] if file.complete else ["The file is not whole, so that its silence proves nothing."]
                    why += [] if voice.passes else ["No row of the file passes: it may hold failures only."]
                    row["cause"] = " ".join(why)
                    yield row


def _mutes(rows: Iterable[ClaimFacts]) -> list[Problem]:
    """One problem for each scanner and control with mutes that no active waiver covers."""
    groups: dict[tuple[str, str], list[ClaimFacts]] = {}
    for row in rows:
        if row["outcome"] == "muted" and row["waiver"] is None:
            groups.setdefault((row["tool"], row["control"]), []).append(row)
    problems = []
    for (tool, control), muted in groups.items():
        accounts = list(dict.fromkeys(row["account"] or "" for row in muted))
        what = (
            f"mutes {tool}'s answer on {control} in {count(len(accounts), 'account')} ({listing(accounts, limit=3)}) "
            "without a waiver in force."
        )
        remedy = "Ask who accepted the deviation, why and until when; record it as a waiver, or treat it as failing."
        problems.append(Problem(muted[0]["file"], muted[0]["pointer"], what, remedy, _UNWAIVED, "warning"))
    return problems
