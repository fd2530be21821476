"""Puts waivers beside the findings they cover. No verdict changes; what covers nothing is a problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from auditor.catalogue import Control
from auditor.catalogue.document import CatalogueError
from auditor.catalogue.names import resolve_control, resolve_variant
from auditor.errors import Problem
from auditor.result import Finding, PopulationAccount, Waiver, WaiverFacts
from auditor.text import count, listing, one_line
from auditor.verdict import Verdict, WaiverStatus
from auditor.waivers.entry import WaiverEntry
from auditor.waivers.read import WaiverFile

_RANK: dict[WaiverStatus, int] = {"active": 0, "undated": 1, "not_yet_granted": 2, "expired": 3}
_GLOB = frozenset("*?[")
_OPTIONAL = ("approver", "ticket", "granted", "compensating_control")


def put_beside(
    findings: Sequence[Finding],
    file: WaiverFile,
    accounts: Sequence[PopulationAccount],
    controls: Mapping[str, Control],
    as_of: str | None,
) -> tuple[list[WaiverFacts], list[Problem]]:
    """Sets ``waiver`` of each finding that is not PASS and that a waiver covers; returns the waivers with the findings
    that each stands beside, and what is wrong with them.

    Of several that cover a finding the one in force stands, of these the one that names account and control most
    closely, then the one that expires last. ``as_of`` (ISO date) decides what has expired; a waiver is in force on its
    last day and on the day it is granted. ``controls`` are those by whose names a control may be meant.
    """
    problems = list(file.problems)
    covered: dict[WaiverEntry, list[Finding]] = {}
    claims: dict[str, list[WaiverEntry]] = defaultdict(list)
    for waiver in file.entries:
        variants, problem = _controls(waiver, controls, file.file)
        named = _accounts(waiver, accounts)
        matched = [
            finding
            for finding in findings
            if finding["account_id"] in named
            and ((finding["control_id"], None) in variants or (finding["control_id"], finding["variant"]) in variants)
        ]
        covered[waiver] = [finding for finding in matched if finding["verdict"] != Verdict.PASS]
        for finding in covered[waiver]:
            claims[finding["id"]].append(waiver)
        problems += [problem] if problem else _unused(waiver, matched, named, accounts, findings, variants, file.file)
        problems += _out_of_force(waiver, as_of, file.file)
    stands: dict[WaiverEntry, list[str]] = defaultdict(list)
    positions = {waiver: position for position, waiver in enumerate(file.entries)}
    for finding in findings:
        if own := claims.get(finding["id"]):
            chosen = min(own, key=lambda waiver: _order(waiver, positions[waiver], as_of))
            finding["waiver"] = _beside(chosen, as_of)
            stands[chosen].append(finding["id"])
    problems += _overlapping(claims, stands, file.file)
    facts: list[WaiverFacts] = [{**_beside(waiver, as_of), "findings": stands[waiver]} for waiver in file.entries]
    return facts, problems


def status(waiver: WaiverEntry, as_of: str | None) -> WaiverStatus:
    """Whether a waiver is in force on the day of which the result speaks."""
    if as_of is None:
        return "undated"
    if as_of > waiver.expiry:
        return "expired"
    return "not_yet_granted" if as_of < waiver.granted else "active"


def _beside(waiver: WaiverEntry, as_of: str | None) -> Waiver:
    facts: Waiver = {
        "id": waiver.id,
        "account": waiver.account,
        "control": waiver.control,
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expiry": waiver.expiry,
        "status": status(waiver, as_of),
    }
    for name in _OPTIONAL:
        if value := getattr(waiver, name):
            facts[name] = value  # type: ignore[literal-required]
    return facts


def _order(waiver: WaiverEntry, position: int, as_of: str | None) -> tuple[int, bool, bool, int, int]:
    expiry = -int(waiver.expiry.replace("-", ""))
    general = (not _GLOB.isdisjoint(waiver.account), not _GLOB.isdisjoint(waiver.control))
    return _RANK[status(waiver, as_of)], *general, expiry, position


def _accounts(waiver: WaiverEntry, accounts: Iterable[PopulationAccount]) -> set[str]:
    """The accounts whose id, or whose name, the waiver's pattern fits."""
    pattern = waiver.account
    by_name = any(character.isalpha() for character in pattern)
    return {
        account["account_id"]
        for account in accounts
        if fnmatchcase(account["account_id"], pattern)
        or (by_name and account["name"] and fnmatchcase(account["name"], pattern))
    }


def _controls(
    waiver: WaiverEntry, controls: Mapping[str, Control], file: str
) -> tuple[set[tuple[str, str | None]], Problem | None]:
    """Control and variant (None: any) that the waiver means, or the problem that it means none."""
    text = waiver.control
    if not _GLOB.isdisjoint(text):
        matching: set[tuple[str, str | None]] = {(name, None) for name in controls if fnmatchcase(name, text.lower())}
        if matching:
            return matching, None
        why, remedy = f"no control is named as {one_line(text, 60)!r}.", "`auditor controls` lists all of them."
    else:
        try:
            if "@" in text:
                control, variant = resolve_variant(text, controls)
                return {(control.id, variant)}, None
            return {(resolve_control(text, controls).id, None)}, None
        except CatalogueError as error:
            why, remedy = error.problem.problem, error.problem.remedy
    words = f"waiver {waiver.id} stands beside no finding: {why[0].lower()}{why[1:]}"
    return set(), Problem(file, waiver.place, words, remedy, "waiver-unknown-control", "warning")


def _unused(
    waiver: WaiverEntry,
    matched: Sequence[Finding],
    named: set[str],
    accounts: Sequence[PopulationAccount],
    findings: Sequence[Finding],
    variants: set[tuple[str, str | None]],
    file: str,
) -> list[Problem]:
    if any(finding["verdict"] != Verdict.PASS for finding in matched):
        return []
    code, remedy = "waiver-unused", "Take it out, or correct its account or control."
    tested = {finding["control_id"] for finding in findings}
    if not named:
        code, why = "waiver-unknown-account", f"no account of the population is {one_line(waiver.account, 60)!r}."
        remedy = _nearest(waiver.account, accounts)
    elif matched:
        why = f"{count(len(matched), 'finding')} that it covers {'is' if len(matched) == 1 else 'are all'} PASS."
        remedy = "Take it out if the deviation has been mended."
    elif not tested & {control for control, _ in variants}:
        why = f"{one_line(waiver.control, 60)} was not tested in this audit."
        remedy = "Keep it for an audit that tests the control, or correct its control."
    else:
        why = "no finding is of this account and control; the account may be out of scope, or have no such variant."
    return [Problem(file, waiver.place, f"waiver {waiver.id} stands beside no finding: {why}", remedy, code, "warning")]


def _nearest(pattern: str, accounts: Sequence[PopulationAccount]) -> str:
    """The account that was most likely meant, by id (also one that lost its leading zeros) or by name."""
    names = {account["account_id"]: account["account_id"] for account in accounts}
    names |= {account["name"]: account["account_id"] for account in accounts if account["name"]}
    padded = pattern.zfill(12) if pattern.isdecimal() else pattern
    near = [padded] if padded in names else get_close_matches(pattern, names, n=1, cutoff=0.6)
    if not near:
        return "Write the twelve digits of an account of the population, its name, or a glob of either."
    name, account_id = near[0], names[near[0]]
    return f"Did you mean {account_id}?" if name == account_id else f"Did you mean {one_line(name, 60)} ({account_id})?"


def _out_of_force(waiver: WaiverEntry, as_of: str | None, file: str) -> list[Problem]:
    words: dict[WaiverStatus, tuple[str, str, str]] = {
        "expired": ("waiver-expired", f"expired on {waiver.expiry}, before {as_of}", "Have it renewed, or mend it."),
        "not_yet_granted": (
            "waiver-not-granted",
            f"is granted on {waiver.granted}, after {as_of}",
            "Say since when it is in force.",
        ),
        "undated": (
            "waiver-undated",
            "may have expired: nothing shows of which day the captures speak",
            "Give --period or --captured-on.",
        ),
    }
    reason = words.get(status(waiver, as_of))
    if reason is None:
        return []
    code, why, remedy = reason
    return [Problem(file, waiver.place, f"waiver {waiver.id} {why}.", remedy, code, "warning")]


def _overlapping(
    claims: Mapping[str, Sequence[WaiverEntry]], stands: Mapping[WaiverEntry, Sequence[str]], file: str
) -> list[Problem]:
    """Waivers beside which another one stands, told once for each pair."""
    chosen = {finding: waiver for waiver, findings in stands.items() for finding in findings}
    pairs: dict[tuple[WaiverEntry, WaiverEntry], list[str]] = defaultdict(list)
    for finding, waivers in claims.items():
        for waiver in waivers:
            if waiver is not chosen[finding]:
                pairs[(waiver, chosen[finding])].append(finding)
    return [
        Problem(
            file,
            waiver.place,
            f"waiver {waiver.id} covers {listing(findings, limit=3)}, beside which {other.id} stands.",
            "Keep one waiver for a deviation.",
            "waiver-overlapping",
            "note",
        )
        for (waiver, other), findings in pairs.items()
    ]
