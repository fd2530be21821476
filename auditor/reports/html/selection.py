"""Which findings a framework's page shows, and in which order: defects first, identical ones together."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.errors import AuditorError
from auditor.result import ControlFacts, Finding, FrameworkResult, ResultDocument
from auditor.verdict import Verdict

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


@dataclass(frozen=True, slots=True)
class Group:
    """Findings with the same defect: one entry, however many accounts it occurs in."""

    tier: str
    code: str
    link: str | None
    verdict: str
    open_points: str  # "", "open" or "material"
    findings: list[Finding] = field(default_factory=list)

    @property
    def accounts(self) -> list[str]:
        return list(dict.fromkeys(finding["account_id"] for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Selection:
    """What one framework's page is about."""

    framework: FrameworkResult
    controls: list[ControlFacts]
    counted: list[str]  # control@variant, in the framework's order
    groups: list[Group]

    @property
    def findings(self) -> list[Finding]:
        return [finding for group in self.groups for finding in group.findings]


def select(document: ResultDocument, framework_id: str) -> Selection:
    """The findings of the controls that ``framework_id`` maps, grouped.

    Raises:
        AuditorError: the result does not hold that framework.
    """
    framework = _framework(document, framework_id)
    mapped: dict[str, bool] = {}
    for requirement in framework["requirements"]:
        for mapping in requirement["controls"]:
            mapped[mapping["control"]] = mapped.get(mapping["control"], False) or mapping["counted"]
    by_control = {_key(control["id"], control["variant"]): control for control in document["controls"]}
    outside = {account["account_id"] for account in document["population"]["accounts"] if not account["in_scope"]}
    groups: dict[tuple[object, ...], Group] = {}
    for finding in document["findings"]:
        control = _key(finding["control_id"], finding["variant"])
        if control in mapped:
            tier = _tier(finding, mapped[control], finding["account_id"] in outside)
            group = _group(finding, tier)
            key = (tier, group.code, group.link, group.verdict, group.open_points)
            groups.setdefault(key, group).findings.append(finding)
    order = {key: position for position, (key, _, _) in enumerate(TIERS)}
    points = {"material": 0, "open": 1, "": 2}
    return Selection(
        framework,
        [by_control[control] for control in mapped if control in by_control],
        [control for control, counted in mapped.items() if counted],
        sorted(
            groups.values(),
            key=lambda group: (order[group.tier], points[group.open_points], -len(group.findings)),
        ),
    )


def _framework(document: ResultDocument, framework_id: str) -> FrameworkResult:
    for framework in document["frameworks"]:
        if framework["id"] == framework_id:
            return framework
    known = ", ".join(framework["id"] for framework in document["frameworks"]) or "none"
    raise AuditorError(
        f"the result holds no framework {framework_id!r}.",
        remedy=f"Choose one of: {known}.",
        code="framework",
    )


def _key(control: str, variant: str) -> str:
    return f"{control}@{variant}"


def _tier(finding: Finding, counted: bool, outside: bool) -> str:
    if outside:
        return "outside"
    if not counted:
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
