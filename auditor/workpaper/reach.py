"""Two pictures of a framework: how far the accounts' chains get, and in how many accounts each control fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.result import Finding, fails_by_the_letter_alone
from auditor.verdict import LINKS, Verdict
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES
from auditor.workpaper.view import View, control_of


@dataclass(frozen=True, slots=True)
class Reach:
    """How many accounts get through one link: with each of their controls, with some of them."""

    letter: str
    link: str
    every: int
    some: int


def reach(findings: Iterable[Finding]) -> list[Reach]:
    """Per link in chain order; what fails by the letter alone counts as getting through."""
    passed: dict[str, list[int]] = defaultdict(list)
    for finding in findings:
        passed[finding["account_id"]].append(_links_passed(finding))
    return [
        Reach(
            ATTRIBUTES[link],
            LINK_NAMES[link],
            sum(min(counts) > place for counts in passed.values()),
            sum(max(counts) > place > min(counts) - 1 for counts in passed.values()),
        )
        for place, link in enumerate(LINKS)
    ]


def _links_passed(finding: Finding) -> int:
    if finding["verdict"] == Verdict.PASS or fails_by_the_letter_alone(finding):
        return len(LINKS)
    names = [link.value for link in LINKS]
    return names.index(finding["broken_link"]) if finding["broken_link"] in names else 0


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """In how many accounts a control fails, fails by the letter alone, is inconclusive, passes."""

    key: str
    id: str
    title: str
    failed: int
    letter: int
    inconclusive: int
    passed: int

    @property
    def accounts(self) -> int:
        """How many accounts were judged."""
        return self.failed + self.letter + self.inconclusive + self.passed


def control_totals(view: View, findings: Sequence[Finding]) -> list[ControlTotals]:
    """One entry a control of the framework, in its order."""
    by_control: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_control[control_of(finding)].append(finding)
    return [
        _totals(f"{control['id']}@{control['variant']}", control["id"], control["title"], by_control)
        for control in view.controls
    ]


def _totals(key: str, identifier: str, title: str, by_control: dict[str, list[Finding]]) -> ControlTotals:
    findings = by_control[key]
    letter = sum(map(fails_by_the_letter_alone, findings))
    return ControlTotals(
        key,
        identifier,
        title,
        sum(finding["verdict"] == Verdict.FAIL for finding in findings) - letter,
        letter,
        sum(finding["verdict"] == Verdict.INCONCLUSIVE for finding in findings),
        sum(finding["verdict"] == Verdict.PASS for finding in findings),
    )
