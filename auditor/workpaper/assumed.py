"""What is true of every PASS: the open points that are not material, each said once with the commands that close it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.result import Finding
from auditor.rules import reason_title
from auditor.text import count, listing
from auditor.verdict import Verdict
from auditor.workpaper.procedure import LINK_NAMES


@dataclass(frozen=True, slots=True)
class AssumedPoint:
    """One thing that captures do not show and that was read as the usual case, in all findings that rest on it."""

    code: str
    link: str
    findings: int
    accounts: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]  # account, command

    @property
    def title(self) -> str:
        """The heading of its reason."""
        return reason_title(self.code)


def assumed_points(findings: Iterable[Finding]) -> list[AssumedPoint]:
    """The points of the PASS findings, those of most findings first."""
    points: dict[str, list[tuple[Finding, str, str, str]]] = {}
    for finding in findings:
        if finding["verdict"] != Verdict.PASS:
            continue
        for point in finding["open_points"]:
            if not point["material"]:
                account = point["place"].removeprefix("account ") or finding["account_id"]
                entry = (finding, point.get("link", ""), account, point["command"])
                points.setdefault(point["code"], []).append(entry)
    assumed = [
        AssumedPoint(
            code,
            LINK_NAMES.get(entries[0][1], ""),
            len({finding["id"] for finding, _, _, _ in entries}),
            tuple(sorted({finding["account_id"] for finding, _, _, _ in entries})),
            tuple(sorted({(account, command) for _, _, account, command in entries if command})),
        )
        for code, entries in points.items()
    ]
    return sorted(assumed, key=lambda point: (-point.findings, point.code))


def assumed_in_words(points: Iterable[AssumedPoint], passed: int) -> str:
    """One sentence for all PASS findings, ``""`` if none has such a point."""
    listed = list(points)
    if not listed or not passed:
        return ""
    most = max(point.findings for point in listed)
    whom = f"All {passed:,}" if most == passed and passed > 1 else f"{most:,} of {passed:,}" if passed > 1 else "The"
    what = listing(f"{point.title[:1].lower()}{point.title[1:]}" for point in listed[:3])
    more = f", and {count(len(listed) - 3, 'more', 'more')}" if len(listed) > 3 else ""
    return f"{whom} PASS rest on the usual case where optional captures are missing: {what}{more}."


def closing_script(points: Iterable[AssumedPoint]) -> str:
    """The commands that close the points, account by account; each once."""
    accounts: dict[str, dict[str, None]] = {}
    for point in points:
        for account, command in point.commands:
            accounts.setdefault(account, {})[command] = None
    parts = (
        "\n".join([f"# In account {account}:", *(part for command in commands for part in command.split("; "))])
        for account, commands in sorted(accounts.items())
    )
    return "\n\n".join(parts)
