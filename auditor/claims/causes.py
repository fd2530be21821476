"""Why a claim differs from the finding: causes that are known of a scanner, each proved on this finding before it is
named. The words and their sources are data (``causes.json``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from auditor.verdict import ClaimWord, Verdict

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
    case = _Case(claim, finding, view, predicted, _facts(finding))
    causes = _passes(case) if claim.claim == "PASS" else _FAILS.get(claim.tool, _nothing)(case)
    return next(causes, None)


@dataclass(frozen=True, slots=True)
class _Case:
    """A claim that differs from the finding, with what is known of both; ``facts`` are for sentences."""

    claim: Claim
    finding: Finding
    view: AccountView
    predicted: Prediction | None
    facts: Mapping[str, str]

    @property
    def chain(self) -> ChainFacts | None:
        return deciding_chain(self.finding)

    @property
    def missing(self) -> tuple[str, ...]:
        """The texts that the scanner's rule wants, and that no filter has."""
        return self.predicted.missing if self.predicted is not None else ()

    def predicts(self, word: ClaimWord) -> bool:
        """Whether the scanner's own rule says this of the captures."""
        return self.predicted is not None and self.predicted.claim == word

    def cause(self, kind: str, **further: str) -> Cause:
        """The cause of this kind that is known of the scanner."""
        return _cause(self.claim.tool, kind, {**self.facts, **further})

    def cause_of_missing_text(self, kind: str) -> Cause:
        """The same, with the filter and the texts that it lacks."""
        filter_name = self.predicted.filter.name if self.predicted and self.predicted.filter else self.facts["filter"]
        return self.cause(kind, missing=listing(self.missing[:4]), filter=filter_name)


def _nothing(case: _Case) -> Iterator[Cause]:
    yield from ()


def _passes(case: _Case) -> Iterator[Cause]:
    """Why a scanner passes what fails: what is known of it alone, then what none of its checks looks at."""
    link, reason = _fault(case.finding)
    witness = witness_of(case.finding) if link == "metric_filter" else ""
    case = replace(case, facts={**case.facts, "reason": f"Here: {reason}{witness}"})
    if case.claim.reason_code == "CONFIG_EVALUATIONS_EMPTY":
        yield _reason_code(case.claim)
    if case.claim.tool == "cloudguard":
        if "passed on nothing" in case.claim.remark:
            yield case.cause("vacuous")
        if case.finding["as_published"] == Verdict.PASS:
            yield case.cause("letter", as_published="PASS")
    if case.claim.tool == "prowler":
        yield from _prowler_passes(case, link)
    beyond = _words().get(case.claim.tool, {}).get("not-looked-at", {})
    if link in beyond and (case.predicted is None or case.predicts("PASS")):
        yield Cause(
            f"{case.claim.tool}/not-looked-at-{link}", beyond[link].format(**case.facts), _source(case.claim.tool)
        )


def _prowler_passes(case: _Case, link: str) -> Iterator[Cause]:
    by_name = prowler_by_name_alone(case.claim, case.view)
    if by_name is None or by_name.filter is None:
        return
    seen_filter = by_name.filter
    if by_name.alarm and link in ("metric", "alarm"):
        watched = next(
            alarm for alarm in case.view.alarms if alarm.name == by_name.alarm and alarm.metric == seen_filter.metric
        )
        if (watched.namespace, watched.region) != (seen_filter.namespace, seen_filter.region):
            yield case.cause(
                "metric-name-alone", filter=seen_filter.name, metric=seen_filter.metric,
                namespace=_place(seen_filter.namespace, seen_filter.region),
                alarm=watched.name, alarm_namespace=_place(watched.namespace, watched.region),
            )  # fmt: skip
    if link == "metric_filter" and by_name.claim == "PASS":
        yield case.cause("pattern-text", filter=seen_filter.name)


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


def _prowler_fails(case: _Case) -> Iterator[Cause]:
    foreign, version = _foreign_chain(case.finding), version_of(case.claim)
    if foreign is not None:
        yield case.cause("foreign-group", reason=f"log group {foreign['log_group']} holds the filters.")
    if case.predicted is not None and case.predicts("FAIL") and case.missing:
        yield case.cause_of_missing_text("order" if _only_order(case.claim, case.predicted) else "missing-text")
    if case.predicted is None and (3,) <= version < (4, 1):
        yield case.cause("second-filter")
    if case.claim.sentence.startswith(_NO_GROUPS) and (5, 9) <= version < (5, 46) and case.predicts("PASS"):
        yield case.cause("no-permission")


def _security_hub_fails(case: _Case) -> Iterator[Cause]:
    names_text = case.claim.reason_code in ("", "CLOUDTRAIL_METRIC_FILTER_NOT_VALID")
    if names_text and case.chain is not None and not _is_published(case.claim.control, case.chain["filter_pattern"]):
        yield case.cause("text")
    if case.claim.reason_code in _words()["security-hub"]["reasons"]:
        yield _reason_code(case.claim)


def _scoutsuite_fails(case: _Case) -> Iterator[Cause]:
    text = scoutsuite_texts().get(case.claim.control)
    if case.predicts("FAIL"):
        yield case.cause("region" if case.chain is not None and case.chain["filter_pattern"] == text else "text")


def _powerpipe_fails(case: _Case) -> Iterator[Cause]:
    if case.missing:
        yield case.cause_of_missing_text("text")


def _cloudbeat_fails(case: _Case) -> Iterator[Cause]:
    if case.chain is not None and case.chain["metric"].rpartition("/")[2] != case.chain["filter_name"]:
        yield case.cause("filter-name")


def _custodian_fails(case: _Case) -> Iterator[Cause]:
    yield case.cause("text" if case.predicts("FAIL") else "options")


def _cloudguard_fails(case: _Case) -> Iterator[Cause]:
    if case.finding["as_published"] == Verdict.FAIL:
        yield case.cause("letter", as_published="FAIL")


_FAILS: Mapping[str, Callable[[_Case], Iterator[Cause]]] = {
    "prowler": _prowler_fails,
    "security-hub": _security_hub_fails,
    "scoutsuite": _scoutsuite_fails,
    "powerpipe": _powerpipe_fails,
    "cloudbeat": _cloudbeat_fails,
    "cloud-custodian": _custodian_fails,
    "cloudguard": _cloudguard_fails,
}
"""Why a scanner fails what passes, or what meets the objective."""


def _is_published(control: str, pattern: str | None) -> bool:
    """Whether a filter has one of the published texts of the control, character by character."""
    control_facts = load_controls().get(control)
    return control_facts is not None and any(
        accepted.pattern == pattern for variant in control_facts.variants.values() for accepted in variant.patterns
    )


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
    if finding["verdict"] == Verdict.PASS:
        words = "it notices the same events: equal, no change is needed."
        if chain is not None and chain["pattern_relation"] not in (None, "equal"):
            words = f"it is {chain['pattern_relation']}, and accepted: no change is needed."
        return words
    if finding["objective"] == Verdict.PASS:
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
