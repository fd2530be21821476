"""In which order a framework's findings are shown: defects first, identical ones together."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.result import Finding
from auditor.verdict import Verdict
from auditor.workpaper.view import View, control_of

# (key, heading, what belongs here), in the order of the page.
TIERS: tuple[tuple[str, str, str], ...] = (
    ("fail", "Failing", "The captures exclude every complete chain."),
    ("inconclusive", "Inconclusive", "A capture that could hold the missing piece is absent or unusable."),
    (
        "letter",
        "Failing by the letter, meeting the objective",
        "Each of the control’s own events would be noticed, yet the filter is not equal to the required one.",
    ),
    ("pass", "No exceptions noted", "One whole chain was found for every obligation."),
    ("supporting", "Supporting controls, not counted", "Mapped as supporting; they enter no number above."),
    ("outside", "Accounts outside the scope, not counted", "Audited, and left out of every number above."),
)
_POINTS_ORDER = {"material": 0, "open": 1, "": 2}


@dataclass(frozen=True, slots=True)
class Group:
    """Findings with the same defect: one entry, however many accounts it occurs in."""

    tier: str
    code: str
    link: str | None
    verdict: str
    open_points: str  # of a PASS: "", "open" or "material"
    findings: list[Finding] = field(default_factory=list)

    @property
    def accounts(self) -> list[str]:
        return list(dict.fromkeys(finding["account_id"] for finding in self.findings))


def groups(view: View) -> list[Group]:
    """The findings of ``view``, grouped; the widest defect first within each tier."""
    found: dict[tuple[object, ...], Group] = {}
    for finding in view.findings:
        group = _group(finding, _tier(view, finding))
        key = (group.tier, group.code, group.link, group.verdict, group.open_points)
        found.setdefault(key, group).findings.append(finding)
    order = {key: position for position, (key, _, _) in enumerate(TIERS)}
    return sorted(
        found.values(),
        key=lambda group: (order[group.tier], _POINTS_ORDER[group.open_points], -len(group.findings)),
    )


def _tier(view: View, finding: Finding) -> str:
    if finding["account_id"] in view.out_of_scope:
        return "outside"
    if control_of(finding) not in view.requirements:
        return "supporting"
    if finding["verdict"] == Verdict.FAIL:
        return "letter" if finding["objective"] == Verdict.PASS else "fail"
    return "inconclusive" if finding["verdict"] == Verdict.INCONCLUSIVE else "pass"


def _group(finding: Finding, tier: str) -> Group:
    verdict = finding["verdict"]
    if verdict != Verdict.PASS:
        return Group(tier, finding["reason_code"], finding["broken_link"], verdict, "")
    material = any(point["material"] for point in finding["open_points"])
    points = "material" if material else "open" if finding["open_points"] else ""
    return Group(tier, "", None, verdict, points)
