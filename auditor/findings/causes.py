"""One broken or missing thing that decides several findings, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditor.result import Cause, Finding


def causes(findings: Sequence[Finding]) -> list[Cause]:
    """Findings that are not PASS, grouped by verdict, reason code and the resource they share.

    Findings of one reason whose resources are all different stand together with resource ``""``. FAIL
    first, then the cause of most accounts.
    """
    groups: dict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding["verdict"] != "PASS":
            key = (
                finding["verdict"],
                finding["reason_code"],
                finding["broken_link"] or "",
                finding["resource"],
            )
            groups[key].append(finding)
    merged: dict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
    for (verdict, code, link, resource), own in groups.items():
        shared = len({finding["account_id"] for finding in own}) > 1
        merged[(verdict, code, link, resource if shared else "")] += own
    found: list[Cause] = []
    for (verdict, code, link, _), own in merged.items():
        resources = {finding["resource"] for finding in own}
        found.append(
            {
                "code": code,
                "link": link,
                "verdict": verdict,
                "resource": own[0]["resource"] if len(resources) == 1 else "",
                "reason": own[0]["reason"] if len(resources) == 1 else "",
                "accounts": sorted({finding["account_id"] for finding in own}),
                "findings": [finding["id"] for finding in own],
            }
        )
    found.sort(
        key=lambda cause: (
            cause["verdict"] != "FAIL",
            -len(cause["accounts"]),
            cause["code"],
            cause["resource"],
        )
    )
    return found
