"""What a scanner's rule says of the captures, where the rule is simple and published: then a claim follows from the
bundle, or does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from auditor.claims.account_view import AccountView, SeenFilter
from auditor.claims.model import Claim
from auditor.resources import PACKAGE
from auditor.result import Finding
from auditor.verdict import ClaimWord, Verdict

NAMESPACE_FROM = (5, 41)  # from here on Prowler compares namespace and region of the alarm too
STOPS_FROM = (4, 1)  # from here on the first filter with an alarm ends the search
_LONGEST = 4096  # characters of a pattern that is looked at; AWS takes 1,024


class PatternForm(TypedDict):
    """What Prowler looks for from a version on."""

    ordered: bool
    parts: list[str]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the rule says, why, and by which filter; ``missing``: the texts that the rule wants and no filter has."""

    claim: ClaimWord
    because: str
    filter: SeenFilter | None = None
    alarm: str = ""
    missing: tuple[str, ...] = ()


def prediction(claim: Claim, finding: Finding, view: AccountView) -> Prediction | None:
    """What the scanner's own rule says of the captures; None if it is not known, or needs what they do not show."""
    if claim.tool == "prowler":
        return _prowler(claim, view)
    if claim.tool == "scoutsuite":
        return _scoutsuite(claim, view)
    if claim.tool == "powerpipe":
        return _powerpipe(claim, view)
    if claim.tool == "cloud-custodian":
        return _custodian(claim, view)
    if claim.tool == "cloudguard" and finding["as_published"] in ("PASS", "FAIL"):
        word: ClaimWord = "PASS" if finding["as_published"] == Verdict.PASS else "FAIL"
        return Prediction(word, f"the published rule, evaluated to the letter on the captures, says {word}")
    return None


def version_of(claim: Claim) -> tuple[int, ...]:
    """The scanner's version as numbers, () if it is not told."""
    return tuple(int(part) for part in re.findall(r"\d+", claim.version)[:3])


def _prowler(claim: Claim, view: AccountView, *, by_name: bool | None = None) -> Prediction | None:
    version = version_of(claim) or (5, 0)
    if version < (3,):
        return None
    form = prowler_form(claim.control, version)
    if form is None:
        return None
    by_name = version < NAMESPACE_FROM if by_name is None else by_name
    filters = [listed for listed in view.filters if listed.log_group in view.groups]
    matching = [listed for listed in filters if not missing_parts(form, listed.pattern)]
    alarms = {listed: _alarm_of(listed, view, by_name=by_name) for listed in matching}
    with_alarm = next((listed for listed in matching if alarms[listed]), None)
    where = "by metric name alone" if by_name else "by name, namespace and region of the metric"
    if with_alarm is not None:
        if version < STOPS_FROM and not all(alarms.values()):
            return None  # the last filter decides, and the order of the listing is not known
        alarm = alarms[with_alarm]
        because = f"filter {with_alarm.name} has every text that it looks for, and {where} it finds alarm {alarm}"
        return Prediction("PASS", because, with_alarm, alarm)
    if not view.whole:
        return None
    if matching:
        because = f"filter {matching[0].name} has every text that it looks for, and {where} it finds no alarm"
        return Prediction("FAIL", because, matching[0])
    nearest = min(filters, key=lambda listed: len(missing_parts(form, listed.pattern)), default=None)
    missing = tuple(in_words(part) for part in missing_parts(form, nearest.pattern)) if nearest else ()
    if nearest is None:
        return Prediction("FAIL", "no trail's log group has a filter in this account")
    order = " in its order" if form["ordered"] else ""
    return Prediction("FAIL", f"no filter has every text that it looks for{order}", nearest, missing=missing)


def prowler_by_name_alone(claim: Claim, view: AccountView) -> Prediction | None:
    """What Prowler would say if it looked for the alarm by metric name alone, as it did up to 5.40."""
    return _prowler(claim, view, by_name=True)


def _alarm_of(metric_filter: SeenFilter, view: AccountView, *, by_name: bool) -> str:
    for alarm in view.alarms:
        if alarm.metric == metric_filter.metric and (
            by_name or (alarm.namespace, alarm.region) == (metric_filter.namespace, metric_filter.region)
        ):
            return alarm.name
    return ""


def missing_parts(form: PatternForm, pattern: str) -> tuple[str, ...]:
    """The expressions that the text of a filter does not have, in their order if that is asked."""
    text, at, missing = pattern[:_LONGEST], 0, []
    for part in form["parts"]:
        # With `.+` between the parts at least one character stands between two; the first occurrence is the best.
        match = re.compile(part, re.DOTALL).search(text, at)
        if match is None:
            missing.append(part)
        elif form["ordered"]:
            at = match.end() + 1
    return tuple(missing)


def in_words(part: str) -> str:
    """An expression as the text that it looks for: ``$.eventSource = ec2.amazonaws.com``."""
    plain = part.replace(r"\s*", " ").replace(".?", "").replace(r"\b", "").replace('"?', "")
    return " ".join(re.sub(r"\\(.)", r"\1", plain).split())


def prowler_form(control: str, version: tuple[int, ...]) -> PatternForm | None:
    """What Prowler of this version looks for in a filter of the control."""
    fitting = [form for start, form in _forms().get(control, ()) if start <= version]
    return fitting[-1] if fitting else None


@cache
def _forms() -> Mapping[str, list[tuple[tuple[int, ...], PatternForm]]]:
    document = json.loads((PACKAGE / "claims/prowler_patterns.json").read_text("utf-8"))
    return {
        control: [(tuple(map(int, form["from"].split("."))), form) for form in forms]
        for control, forms in document["controls"].items()
    }


def _powerpipe(claim: Claim, view: AccountView) -> Prediction | None:
    """Its texts alone, and only of a failure: it passes by the filters of any account of its connection."""
    parts = _powerpipe_texts().get(claim.control)
    if parts is None or claim.claim != "FAIL" or not view.whole:
        return None
    form: PatternForm = {"ordered": True, "parts": parts}
    nearest = min(view.filters, key=lambda metric_filter: len(missing_parts(form, metric_filter.pattern)), default=None)
    if nearest is None:
        return Prediction("FAIL", "the account has no filter")
    missing = tuple(in_words(part) for part in missing_parts(form, nearest.pattern))
    if not missing:
        return None
    return Prediction("FAIL", "no filter has every text that it looks for in its order", nearest, missing=missing)


@cache
def _powerpipe_texts() -> Mapping[str, list[str]]:
    document: dict[str, dict[str, list[str]]] = json.loads(
        (PACKAGE / "claims/powerpipe_patterns.json").read_text("utf-8")
    )
    return document["controls"]


def _scoutsuite(claim: Claim, view: AccountView) -> Prediction | None:
    text = scoutsuite_texts().get(claim.control)
    if text is None or claim.region is None:
        return None
    of_region = [listed for listed in view.filters if listed.region == claim.region]
    same = next((listed for listed in of_region if listed.pattern == text), None)
    if same is not None:
        return Prediction("PASS", f"filter {same.name} has the very text that it compares with", same)
    if not view.whole:
        return None
    if not of_region:
        return Prediction("UNDECIDED", "the region has no filter to look at")
    return Prediction("FAIL", "no filter of the region has the very text that it compares with")


@cache
def scoutsuite_texts() -> Mapping[str, str]:
    """Control id → the one text that ScoutSuite accepts."""
    document: dict[str, dict[str, str]] = json.loads((PACKAGE / "claims/scoutsuite_texts.json").read_text("utf-8"))
    return document["controls"]


def _custodian(claim: Claim, view: AccountView) -> Prediction | None:
    """The text is compared byte by byte; whether the rest of its options hold is not known here."""
    pattern = claim.sentence
    of_trails = [
        listed for listed in view.filters if listed.log_group in view.groups and claim.region in (None, listed.region)
    ]
    if any(listed.pattern == pattern for listed in of_trails) or not view.whole or not pattern:
        return None
    return Prediction("FAIL", "no filter of a trail's log group has the very text of the policy")
