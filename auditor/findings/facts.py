"""Facts about the evidence and the controls as the result tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.catalogue import Control, Variant
from auditor.chains import Account, Population
from auditor.errors import Problem
from auditor.evidence import Capture, Evidence
from auditor.result import BundleFacts, CaptureFacts, ControlFacts, OtherFile, PopulationFacts, ProblemFacts
from auditor.text import listing
from auditor.verdict import Coverage, Verdict
from auditor.workpaper.wording import UNRECONCILED

OTHERS_LISTED = 1000
"""Members that are no captures: so many are listed, and all are counted."""


def capture_facts(capture: Capture) -> CaptureFacts:
    """One row of the evidence index."""
    return {
        "file": capture.file,
        "sha256": capture.sha256,
        "bytes": capture.size,
        "call": capture.call.id,
        "account_id": capture.place.account_id,
        "region": capture.place.region,
        "resource": capture.place.resource,
        "place_source": capture.place_source,
        "captured_at": capture.captured_at,
        "captured_at_source": capture.captured_at_source,
        "arguments": None if capture.arguments is None else list(capture.arguments),
        "caller_arn": capture.caller_arn,
        "cli_version": capture.cli_version,
        "records": capture.records if capture.usable else 0,
        "pages": len(capture.pages),
        "status": "not_found" if capture.says_none else capture.status,
        "complete": capture.complete or capture.says_none,
        "valid": (capture.usable and not capture.skipped) or capture.says_none,
        "in_period": capture.in_period,
        "encoding": capture.encoding,
    }


def bundle_facts(evidence: Evidence) -> BundleFacts:
    """Name, digest and span of the bundle."""
    times = sorted(capture.captured_at for capture in evidence.captures if capture.captured_at)
    facts: BundleFacts = {
        "name": evidence.name,
        "sha256": evidence.sha256,
        "captures": len(evidence.captures),
        "accounts": len({capture.place.account_id for capture in evidence.captures} - {""}),
        "captured_from": times[0] if times else None,
        "captured_to": times[-1] if times else None,
        "seal": evidence.seal.seal,
    }
    if len(evidence.others) > OTHERS_LISTED:
        facts["other_files"] = len(evidence.others)
    if evidence.seal.seal == "broken":
        facts["seal_differences"] = {
            "altered": list(evidence.seal.altered),
            "missing": list(evidence.seal.missing),
            "added": list(evidence.seal.added),
        }
    return facts


def other_files(evidence: Evidence) -> list[OtherFile]:
    """Members that are no captures, as many as are listed."""
    return [
        {"file": other.file, "sha256": other.sha256, "bytes": other.size, "what": other.what}
        for other in evidence.others[:OTHERS_LISTED]
    ]


_POPULATION_NOTES = {
    "scope": "Taken from the scope file.",
    "organization": "Taken from the organisation's own account listing in the bundle{unlisted}.",
    "bundle": f"Taken from the bundle alone; {UNRECONCILED}.",
}


def population_facts(population: Population, statuses: dict[str, Coverage]) -> PopulationFacts:
    """The population with the coverage status of each account.

    Listings vouch for their own members alone: accounts that stand in none are known from the bundle only, and so the
    population is not reconciled.
    """
    listed = population.source == "organization"
    alone = [
        member.account_id for member in population.accounts if listed and member.in_scope and not member.organization
    ]
    unlisted = f"; {listing(alone, limit=6)} {'stand' if alone[1:] else 'stands'} in no listing there" if alone else ""
    return {
        "source": population.source,
        "reconciled": population.source != "bundle" and not alone,
        "note": _POPULATION_NOTES[population.source].format(unlisted=unlisted),
        "accounts": [
            {
                "account_id": account.account_id,
                "name": account.name,
                "owner": account.owner,
                "organization": account.organization,
                "organization_state": account.organization_state,
                "in_scope_file": account.in_scope_file,
                "status": statuses[account.account_id],
                "in_scope": account.in_scope,
                "reason": account.reason,
                "regions_expected": list(account.regions),
                "regions_captured": list(account.regions_captured),
                "captures": account.captures,
            }
            for account in population.accounts
        ],
    }


def coverage(account: Account, verdicts: Sequence[str]) -> Coverage:
    """``covered``, ``covered_by_org_trail`` (no captures of its own, proven by an organisation trail), ``missing``
    or ``out_of_scope``.
    """
    if not account.in_scope:
        return "out_of_scope"
    if account.captures:
        return "covered"
    return "covered_by_org_trail" if verdicts and all(verdict == Verdict.PASS for verdict in verdicts) else "missing"


def control_facts(control: Control, variant: Variant) -> ControlFacts:
    """What a control demands, with the sources of its patterns."""
    repair = variant.rule_repair
    return {
        "id": control.id,
        "variant": variant.name,
        "title": control.title,
        "risk": control.risk,
        "category": control.category,
        "cloud_entity": control.cloud_entity,
        "cloud_entity_meaning": control.cloud_entity_meaning,
        "covered_by_spectral": control.covered_by_spectral,
        "rationale": control.rationale,
        "aliases": list(control.aliases),
        "accepted_patterns": [accepted.pattern for accepted in variant.patterns],
        "patterns": [
            {
                "pattern": accepted.pattern,
                "publisher": accepted.publisher,
                "source": accepted.source,
                "remark": accepted.remark,
            }
            for accepted in variant.patterns
        ],
        "rule": variant.rule,
        "rule_id": variant.rule_id,
        "rule_repair": {"fault": repair.fault, "text": repair.text, "why": repair.why} if repair else None,
        "events": [f"{event.source}:{event.name}" for event in control.events],
        "references": list(control.references),
    }


def problem_facts(problems: Iterable[Problem]) -> list[ProblemFacts]:
    """Problems as the result tells them, errors first."""
    rank = {"error": 0, "warning": 1, "note": 2}
    ordered = sorted(
        problems, key=lambda problem: (rank[problem.severity], problem.file, problem.pointer, problem.code)
    )
    return [
        {
            "file": problem.file,
            "pointer": problem.pointer,
            "problem": problem.problem,
            "remedy": problem.remedy,
            "code": problem.code,
            "severity": problem.severity,
        }
        for problem in ordered
    ]
