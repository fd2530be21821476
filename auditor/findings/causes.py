"""One broken or missing thing that decides several findings, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditor.result import Cause, Finding
from auditor.verdict import Verdict

_Key = tuple[str, str, str, bool, str]  # verdict, reason code, broken link, whether the objective is met, resource


def causes(findings: Sequence[Finding]) -> list[Cause]:
    """Findings that are not PASS, grouped by verdict, reason code and the resource they share.

    Findings of one reason whose resources are all different stand together with resource ``""``; those that meet the
    objective never with those that do not. FAIL first, by the letter alone last among these, then the cause of most
    accounts.
    """
    groups: dict[_Key, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding["verdict"] != "PASS":
            key = (
                finding["verdict"],
                finding["reason_code"],
                finding["broken_link"] or "",
                finding["objective"] == Verdict.PASS,
                finding["resource"],
            )
            groups[key].append(finding)
    merged: dict[_Key, list[Finding]] = defaultdict(list)
    for (verdict, code, link, met, resource), own in groups.items():
        shared = len({finding["account_id"] for finding in own}) > 1
        merged[(verdict, code, link, met, resource if shared else "")] += own
    found: list[tuple[bool, Cause]] = []
    for (verdict, code, link, met, _), own in merged.items():
        resources = {finding["resource"] for finding in own}
        cause: Cause = {
            "code": code,
            "link": link,
            "verdict": verdict,
            "resource": own[0]["resource"] if len(resources) == 1 else "",
            "reason": own[0]["reason"] if len(resources) == 1 else "",
            "accounts": sorted({finding["account_id"] for finding in own}),
            "findings": [finding["id"] for finding in own],
        }
        found.append((met, cause))
    found.sort(
        key=lambda entry: (
            entry[1]["verdict"] != "FAIL",
            entry[0],
            -len(entry[1]["accounts"]),
            entry[1]["code"],
            entry[1]["resource"],
        )
    )
    return [cause for _, cause in found]
