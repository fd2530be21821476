"""What the workpaper of one framework is about, with the numbers by which its sheets refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain as joined

from auditor.result import (
    AuditResult,
    ComparedFinding,
    ControlFacts,
    EvidenceItem,
    Finding,
    FrameworkResult,
    Group,
    Request,
    ResultDocument,
    ReviewFacts,
    RuleFacts,
    cited_codes,
    framework_of,
)
from auditor.text import count
from auditor.verdict import Verdict, worst
from auditor.workpaper.mappings import in_natural_order

OVERVIEW = "overview"  # the name of the files across frameworks
# What became of a finding since the quarter before.
BECAME: dict[Group, str] = {
    "newly_failing": "Newly failing",
    "fixed": "Fixed",
    "still_failing": "Still failing",
    "evidence_only": "Changed with the evidence only",
    "unsettled": "No longer concluded",
    "settled": "Concluded now",
    "still_inconclusive": "Still not concluded",
    "same": "Same verdict",
}
SHORT = 4  # lists of up to so many regions are named everywhere


@dataclass(frozen=True, slots=True)
class View:
    """A result seen through one framework: the findings of the controls that it maps."""

    document: ResultDocument
    framework: FrameworkResult
    controls: tuple[ControlFacts, ...]  # mapped ones, in the result's order, which is that of the catalogue
    findings: tuple[Finding, ...]  # of the mapped controls, in the result's order
    requirements: dict[str, tuple[str, ...]]  # control@variant → requirement ids that count it, in natural order
    supporting: dict[str, tuple[str, ...]]  # control@variant → requirement ids that only show it
    out_of_scope: frozenset[str]  # account ids
    regions: frozenset[str]  # expected in any account in scope
    evidence: dict[str, str]  # file → E-00001
    calls: dict[str, str]  # file → sns:GetTopicAttributes
    faults: dict[str, tuple[str, ...]]  # file → pointers of what its schema does not allow
    numbers: dict[str, str]  # finding id → F-0001
    used_by: dict[str, tuple[str, ...]]  # file → finding numbers
    asked_for: dict[str, tuple[Request, ...]]  # finding id → what would settle it
    reviewed: dict[str, ReviewFacts]  # finding id → what earlier workbooks say of it
    changed: dict[str, tuple[str, ...]]  # finding id → what became of it since the quarter before, a line each
    rules: tuple[RuleFacts, ...]  # those that the findings cite, with the codes that cite them, in the order of the law
    rule_numbers: dict[str, str]  # reason code → number of its rule

    def rule_of(self, code: str) -> str:
        """The number of the rule on which a reason rests; ``""`` if the result does not say."""
        return self.rule_numbers.get(code, "")

    def regions_in_words(self, regions: Sequence[str]) -> str:
        """The regions by name; all that are expected anywhere by their number, since the sheet Scope names them."""
        if len(regions) > SHORT and self.regions == set(regions):
            return f"all {len(regions)} expected regions"
        return ", ".join(regions)

    def references(self, items: Iterable[EvidenceItem]) -> str:
        """Evidence numbers with JSON pointers, one a line: ``E-00001 /trailList/0``."""
        lines = (f"{self.evidence.get(item['file'], item['file'])} {item['pointer']}".strip() for item in items)
        return "\n".join(dict.fromkeys(lines))


def control_of(finding: Finding) -> str:
    """``control@variant`` of a finding."""
    return f"{finding['control_id']}@{finding['variant']}"


def control_key(control: ControlFacts) -> str:
    """``control@variant`` of a control tested."""
    return f"{control['id']}@{control['variant']}"


def view(result: AuditResult, framework_id: str) -> View:
    """The view of ``framework_id``.

    Raises:
        AuditorError: the result does not hold that framework.
    """
    document = result.document
    framework = framework_of(document, framework_id)
    requirements: dict[str, list[str]] = {}
    supporting: dict[str, list[str]] = {}
    for requirement in in_natural_order(framework["requirements"]):
        for mapping in requirement["controls"]:
            target = requirements if mapping["counted"] else supporting
            target.setdefault(mapping["control"], []).append(requirement["id"])
    return _view(document, framework, requirements, supporting)


def overview(result: AuditResult) -> View:
    """All findings once, whatever framework maps them; for each control the frameworks that do stand in the place of
    requirements.
    """
    document = result.document
    frameworks: dict[str, list[str]] = {control_key(control): [] for control in document["controls"]}
    for framework in document["frameworks"]:
        counted = (
            mapping["control"]
            for requirement in framework["requirements"]
            for mapping in requirement["controls"]
            if mapping["counted"]
        )
        for control in dict.fromkeys(counted):
            frameworks.setdefault(control, []).append(framework["id"])
    return _view(document, _all_frameworks(document), frameworks, {})


def _all_frameworks(document: ResultDocument) -> FrameworkResult:
    named = count(len(document["frameworks"]), "framework")
    return {
        "id": OVERVIEW,
        "name": "Overview",
        "version": "",
        "publisher": "",
        "edition_date": None,
        "kind": "",
        "note": "",
        "verdict": worst([Verdict(framework["verdict"]) for framework in document["frameworks"]]).value,
        "words": f"{named}, each finding once.",
        "counts": document["counts"],
        "settling": document["settling"],
        "requirements": [],
    }


def _view(
    document: ResultDocument,
    framework: FrameworkResult,
    requirements: Mapping[str, Sequence[str]],
    supporting: Mapping[str, Sequence[str]],
) -> View:
    mapped = dict.fromkeys([*requirements, *supporting])
    by_key = {control_key(control): control for control in document["controls"]}
    findings = tuple(finding for finding in document["findings"] if control_of(finding) in mapped)
    used: dict[str, dict[str, None]] = {}
    for finding in findings:
        for item in finding["evidence"]:
            used.setdefault(item["file"], {})[finding["number"]] = None
    asked_for: dict[str, list[Request]] = {}
    for request in document["requests"]:
        for settled in request["settles"]:
            asked_for.setdefault(settled, []).append(request)
    files = [member["file"] for member in joined(document["captures"], document["other_files"])]
    rules = _cited_rules(document, findings)
    return View(
        document=document,
        framework=framework,
        controls=tuple(control for key, control in by_key.items() if key in mapped),
        findings=findings,
        requirements={control: tuple(ids) for control, ids in requirements.items()},
        supporting={control: tuple(ids) for control, ids in supporting.items()},
        out_of_scope=frozenset(
            account["account_id"] for account in document["population"]["accounts"] if not account["in_scope"]
        ),
        regions=frozenset(
            region
            for account in document["population"]["accounts"]
            if account["in_scope"]
            for region in account["regions_expected"]
        ),
        evidence={file: f"E-{number:05d}" for number, file in enumerate(files, 1)},
        calls={capture["file"]: capture["call"] for capture in document["captures"]},
        faults=_faults(document),
        numbers={finding["id"]: finding["number"] for finding in findings},
        used_by={file: tuple(numbers) for file, numbers in used.items()},
        asked_for={settled: tuple(requests) for settled, requests in asked_for.items()},
        reviewed={facts["finding"]: facts for facts in document["review"] or () if facts["number"]},
        changed=_changed(document),
        rules=rules,
        rule_numbers={code: rule["id"] for rule in rules for code in rule["codes"]},
    )


def _faults(document: ResultDocument) -> dict[str, tuple[str, ...]]:
    pointers: dict[str, list[str]] = {}
    for problem in document["problems"]:
        if problem["code"] == "schema":
            pointers.setdefault(problem["file"], []).append(problem["pointer"])
    return {file: tuple(places) for file, places in pointers.items()}


def _changed(document: ResultDocument) -> dict[str, tuple[str, ...]]:
    comparison = document["changes"]
    if comparison is None:
        return {}
    lines = {
        finding_facts["finding"]: [_became(finding_facts), *finding_facts["evidence"]]
        for finding_facts in comparison["findings"]
    }
    for change in comparison["changed"]:
        lines.setdefault(change["finding"], []).append(change["words"])
    return {finding: tuple(texts) for finding, texts in lines.items()}


def _became(finding: ComparedFinding) -> str:
    """``Fixed: FAIL → PASS``, ``Still failing: FAIL → FAIL, since 2026-06-30``."""
    same = finding["before"] == finding["after"] and finding["since"]
    since = f", since {finding['since']}" if same else ""
    return f"{BECAME[finding['group']]}: {finding['before'] or 'not there'} → {finding['after']}{since}"


def _cited_rules(document: ResultDocument, findings: Iterable[Finding]) -> tuple[RuleFacts, ...]:
    cited = {code for finding in findings for code in cited_codes(finding)}
    reduced = ((rule, [code for code in rule["codes"] if code in cited]) for rule in document.get("rules", ()))
    return tuple({**rule, "codes": codes} for rule, codes in reduced if codes)
