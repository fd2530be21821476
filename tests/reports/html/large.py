"""A result of many accounts × many controls, a tenth of the accounts with one defect each."""

from __future__ import annotations

import copy
import json

from auditor.result import AuditResult
from auditor.verdict import LINKS
from tests.reports.example_result import (
    captures_of,
    counts,
    example_document,
    finding,
    open_points,
    person,
    requirement,
)  # fmt: skip


def many_controls(accounts: int, controls: int) -> AuditResult:
    """``accounts`` × ``controls`` findings of one framework; evidence lies at other places in each control."""
    document = copy.deepcopy(example_document())
    template = document["controls"][0]
    document["controls"] = [copy.deepcopy(template) for _ in range(controls)]
    ids = [f"{100_000_000_000 + number:012d}" for number in range(accounts)]
    for number, control in enumerate(document["controls"]):
        control["id"] = f"control-{number:02d}"
    findings = []
    for place, account in enumerate(ids):
        broken = LINKS[(place // 10) % len(LINKS)] if place % 10 == 0 else None
        for control in document["controls"]:
            one = finding(
                account, f"account {account}", "FAIL" if broken else "PASS", broken,
                control=f"{control['id']}@default", number=f"F-{len(findings) + 1:05d}",
                open_points=[] if broken else open_points(account, material=place % 3 == 0),
            )  # fmt: skip
            for item in one["evidence"]:
                item["pointer"] = f"{item['pointer'].rpartition('/')[0]}/{len(findings) % controls}"
            findings.append(one)
    framework = document["frameworks"][0]
    framework["counts"] = counts(findings)
    framework["requirements"] = [
        requirement(
            control["id"], "Heading", "Group",
            [one for one in findings if one["control_id"] == control["id"]],
            (f"{control['id']}@default", "published", "primary"),
        )
        for control in document["controls"]
    ]  # fmt: skip
    document["findings"] = findings
    document["causes"] = []
    document["captures"] = [capture for account in ids for capture in captures_of(account)]
    document["population"]["accounts"] = [person(account, f"account {account}") for account in ids]
    return AuditResult(json.loads(json.dumps(document)))
