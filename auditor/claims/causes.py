"""Why a claim differs from the finding: causes that are known of a scanner, each proved on this finding before it is
named. The words and their sources are data (``causes.json``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.catalogue import load_controls
from auditor.claims.account_view import AccountView
from auditor.claims.model import Claim
from auditor.claims.predict import (
    Prediction,
    missing_parts,
    prowler_by_name_alone,
    prowler_form,
    scoutsuite_texts,
    version_of,
)
from auditor.resources import PACKAGE
from auditor.result import ChainFacts, Finding, deciding_chain
from auditor.text import listing, one_line

UNKNOWN = "No known cause of this scanner explains the difference."
_WITNESS = 300  # characters of an event
_NO_GROUPS = "No CloudWatch log groups found"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a claim differs: ``code`` (tool/kind), one sentence, and where that is known from."""

    code: str
    text: str
    source: str = ""


@cache
def _words() -> Mapping[str, Any]:
    document: dict[str, object] = json.loads((PACKAGE / "claims/causes.json").read_text("utf-8"))
    return document


def cause_of(claim: Claim, finding: Finding, view: AccountView, predicted: Prediction | None) -> Cause | None:
    """The first known cause that is proved on this finding, None if there is none."""
    if claim.attested:
        return _cause(claim.tool, "attested", {})
    if claim.claim == "UNDECIDED":
        return _undecided(claim)
    facts = _facts(finding)
    causes = _passes(claim, finding, view, predicted, facts) if claim.claim == "PASS" else _fails(
        claim, finding, view, predicted, facts
    )  # fmt: skip
    return next(causes, None)


def _passes(
    claim: Claim, finding: Finding, view: AccountView, predicted: Prediction | None, facts: dict[str, str]
) -> Iterator[Cause]:
    """Why it passes what fails."""
    tool = claim.tool
    link, reason = _fault(finding)
    facts = facts | {"reason": f"Here: {reason}{witness_of(finding) if link == 'metric_filter' else ''}"}
    if claim.reason_code == "CONFIG_EVALUATIONS_EMPTY":
        yield _reason_code(claim)
    if tool == "cloudguard":
        if "passed on nothing" in claim.remark:
            yield _cause(tool, "vacuous", {})
        if finding["as_published"] == "PASS":
            yield _cause(tool, "letter", facts | {"as_published": "PASS"})
    if tool == "prowler":
        by_name = prowler_by_name_alone(claim, view)
        filter_ = None if by_name is None else by_name.filter
        if by_name is not None and filter_ is not None and by_name.alarm and link in ("metric", "alarm"):
            watched = next(
                alarm for alarm in view.alarms if alarm.name == by_name.alarm and alarm.metric == filter_.metric
            )
            if (watched.namespace, watched.region) != (filter_.namespace, filter_.region):
                yield _cause(tool, "metric-name-alone", facts | {
                    "filter": filter_.name, "metric": filter_.metric,
                    "namespace": _place(filter_.namespace, filter_.region),
                    "alarm": watched.name, "alarm_namespace": _place(watched.namespace, watched.region),
                })  # fmt: skip
        if link == "metric_filter" and by_name is not None and filter_ is not None and by_name.claim == "PASS":
            yield _cause(tool, "pattern-text", facts | {"filter": filter_.name})
    beyond = _words().get(tool, {}).get("not-looked-at", {})
    if link in beyond and (predicted is None or predicted.claim == "PASS"):
        yield Cause(f"{tool}/not-looked-at-{link}", beyond[link].format(**facts), _source(tool))


def _fault(finding: Finding) -> tuple[str, str]:
    """Link and reason of what is wrong: where the filter counts all that it must, what breaks behind it."""
    chain = deciding_chain(finding)
    if finding["broken_link"] == "metric_filter" and chain is not None and chain["pattern_relation"] == "broader":
        for name in ("metric", "alarm", "topic", "subscription"):
            link = chain["links"].get(name)
            if link is not None and link["state"] == "broken" and link["reason"]:
                return name, link["reason"]
    return finding["broken_link"] or "", finding["reason"]


def _place(namespace: str, region: str) -> str:
    return f"{namespace or 'no namespace'} ({region})"


def _fails(
    claim: Claim, finding: Finding, view: AccountView, predicted: Prediction | None, facts: dict[str, str]
) -> Iterator[Cause]:
    """Why it fails what passes, or what meets the objective."""
    tool, chain = claim.tool, deciding_chain(finding)
    if tool == "prowler":
        foreign = _foreign_chain(finding)
        if foreign is not None:
            yield _cause(tool, "foreign-group", {"reason": f"log group {foreign['log_group']} holds the filters."})
        if predicted is not None and predicted.claim == "FAIL" and predicted.missing:
            kind = "order" if _only_order(claim, predicted) else "missing-text"
            filter_name = predicted.filter.name if predicted.filter else facts["filter"]
            yield _cause(tool, kind, facts | {"missing": listing(predicted.missing[:4]), "filter": filter_name})
        if predicted is None and version_of(claim) < (4, 1) and version_of(claim) >= (3,):
            yield _cause(tool, "second-filter", {})
        if claim.sentence.startswith(_NO_GROUPS) and (5, 9) <= version_of(claim) < (5, 46) and _passing(predicted):
            yield _cause(tool, "no-permission", {})
    elif tool == "security-hub":
        names_text = claim.reason_code in ("", "CLOUDTRAIL_METRIC_FILTER_NOT_VALID")
        if names_text and chain is not None and not _is_published(claim.control, chain["filter_pattern"]):
            yield _cause(tool, "text", facts)
        if claim.reason_code in _words()[tool]["reasons"]:
            yield _reason_code(claim)
    elif tool == "scoutsuite":
        same_text = chain is not None and chain["filter_pattern"] == scoutsuite_texts().get(claim.control)
        if same_text and _failing(predicted):
            yield _cause(tool, "region", facts)
        elif _failing(predicted):
            yield _cause(tool, "text", facts)
    elif tool == "powerpipe":
        if predicted is not None and predicted.missing:
            filter_name = predicted.filter.name if predicted.filter else facts["filter"]
            yield _cause(tool, "text", facts | {"missing": listing(predicted.missing[:4]), "filter": filter_name})
    elif tool == "cloudbeat":
        if chain is not None and chain["metric"].rpartition("/")[2] != chain["filter_name"]:
            yield _cause(tool, "filter-name", facts)
    elif tool == "cloud-custodian":
        yield _cause(tool, "text" if _failing(predicted) else "options", facts)
    elif tool == "cloudguard" and finding["as_published"] == "FAIL":
        yield _cause(tool, "letter", facts | {"as_published": "FAIL"})


def _is_published(control: str, pattern: str | None) -> bool:
    """Whether a filter has one of the published texts of the control, character by character."""
    control_facts = load_controls().get(control)
    return control_facts is not None and any(
        accepted.pattern == pattern for variant in control_facts.variants.values() for accepted in variant.patterns
    )


def _passing(predicted: Prediction | None) -> bool:
    return predicted is not None and predicted.claim == "PASS"


def _failing(predicted: Prediction | None) -> bool:
    return predicted is not None and predicted.claim == "FAIL"


def _only_order(claim: Claim, predicted: Prediction) -> bool:
    """Whether the filter has each text, only in another order."""
    form = prowler_form(claim.control, version_of(claim))
    if form is None or predicted.filter is None or not form["ordered"]:
        return False
    return not missing_parts({"ordered": False, "parts": form["parts"]}, predicted.filter.pattern)


def _undecided(claim: Claim) -> Cause | None:
    if claim.tool == "security-hub" and claim.reason_code in _words()["security-hub"]["reasons"]:
        return _reason_code(claim)
    return None


def _reason_code(claim: Claim) -> Cause:
    text = _words()["security-hub"]["reasons"].get(claim.reason_code, claim.sentence)
    return Cause(f"security-hub/{claim.reason_code}", f"{text} ({claim.reason_code})", _source("security-hub"))


def _cause(tool: str, kind: str, facts: Mapping[str, str]) -> Cause:
    return Cause(f"{tool}/{kind}", _words()[tool][kind].format(**facts), _source(tool))


def _source(tool: str) -> str:
    source: str = _words()[tool]["source"]
    return source


def _facts(finding: Finding) -> dict[str, str]:
    """What a sentence may say of a finding: deciding filter and metric, the reason, the meaning with its witness."""
    chain = deciding_chain(finding)
    filter_name = chain["filter_name"] if chain else ""
    return {
        "filter": one_line(filter_name or "the filter", 200), "metric": one_line(chain["metric"] if chain else "", 200),
        "reason": f"Here: {finding['reason']}{witness_of(finding)}", "meaning": meaning_of(finding),
    }  # fmt: skip


def meaning_of(finding: Finding) -> str:
    """What the filter means beside the required pattern, in words."""
    chain = deciding_chain(finding)
    if finding["verdict"] == "PASS":
        words = "it notices the same events: equal, no change is needed."
        if chain is not None and chain["pattern_relation"] not in (None, "equal"):
            words = f"it is {chain['pattern_relation']}, and accepted: no change is needed."
        return words
    if finding["objective"] == "PASS":
        return f"each of the control's own events is noticed (objective met), not the letter.{witness_of(finding)}"
    return finding["reason"]


def witness_of(finding: Finding) -> str:
    """`` Witness: {…}``: an event that tells the filter from the required pattern, ``""`` if there is none."""
    chain = deciding_chain(finding)
    if chain is None or chain["witness"] is None or finding["broken_link"] != "metric_filter":
        return ""
    event = chain["witness"]
    text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    kind = {"missed": " (missed)", "added": " (counted besides)"}.get(chain["witness_kind"], "")
    return f" Witness{kind}: {one_line(text, _WITNESS)}"


def _foreign_chain(finding: Finding) -> ChainFacts | None:
    """A chain whose log group lies in another account."""
    for chain in finding["chains"]:
        group = chain["log_group"].split(":")
        if len(group) > 4 and group[4] != finding["account_id"] and chain["decides"]:
            return chain
    return None
