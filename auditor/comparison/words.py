"""A comparison as people read it: headings, counts, and what is the same for several findings said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.result import Change, ComparedFinding, Comparison, Group, Quarter
from auditor.text import count, listing
from auditor.workpaper.changes import GROUPS

SHOWN = 4  # controls that a line names


def control_name(control: str) -> str:
    """``control@variant``, without the variant where it is the usual one."""
    return control.removesuffix("@default")


@dataclass(frozen=True, slots=True)
class Line:
    """Findings of one account of which the same is to be said."""

    account_id: str
    account_name: str
    controls: tuple[str, ...]
    before: str
    after: str
    since: str
    reason: str
    evidence: tuple[str, ...]
    findings: tuple[str, ...]
    letter: bool

    @property
    def extent(self) -> str:
        """``ssm-actions``, or ``16 controls: …``."""
        names = [control_name(control) for control in self.controls]
        return names[0] if len(names) == 1 else f"{count(len(names), 'control')}: {listing(names, limit=SHOWN)}"


def lines(findings: Iterable[ComparedFinding], group: Group) -> list[Line]:
    """The findings of a group, those of one account with the same verdicts, reason and evidence together; what fails by
    the letter alone stands last.
    """
    together: dict[tuple[object, ...], list[ComparedFinding]] = defaultdict(list)
    for finding in findings:
        if finding["group"] == group:
            key = (
                finding["account_id"], finding["before"], finding["after"], finding["since"],
                finding["code_before"], finding["code_after"], tuple(finding["evidence"]), finding.get("letter", False),
            )  # fmt: skip
            together[key].append(finding)
    return sorted((_line(alike) for alike in together.values()), key=lambda line: line.letter)


def _line(group: list[ComparedFinding]) -> Line:
    first = group[0]
    reasons = dict.fromkeys(
        compared["reason_before"] if compared["group"] == "fixed" else compared["reason_after"] for compared in group
    )
    reason, alike = next(iter(reasons)), f" And {len(reasons) - 1} alike." if len(reasons) > 1 else ""
    return Line(
        account_id=first["account_id"],
        account_name=first["account_name"],
        controls=tuple(finding["control"] for finding in group),
        before=first["before"] or "not there",
        after=first["after"],
        since=first["since"] or "",
        reason=f"{'Was: ' if first['group'] == 'fixed' else ''}{reason}{alike}",
        evidence=tuple(first["evidence"]),
        findings=tuple(finding["finding"] for finding in group),
        letter=first.get("letter", False),
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A change of a setting with the findings whose chains have it."""

    account_id: str
    change: Change
    findings: tuple[str, ...]

    @property
    def extent(self) -> str:
        """The controls that it concerns."""
        controls = [control_name(finding.partition("/")[2]) for finding in self.findings]
        return controls[0] if len(controls) == 1 else count(len(controls), "control")


def settings(comparison: Comparison) -> list[Setting]:
    """The changed settings, one that several findings of an account share once."""
    together: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in comparison["changed"]:
        together[(change["finding"].partition("/")[0], change["words"])].append(change)
    return [
        Setting(account, group[0], tuple(dict.fromkeys(change["finding"] for change in group)))
        for (account, _), group in together.items()
    ]


def quarter_in_words(quarter: Quarter) -> str:
    """``quarterly (2026-09-28, 19 accounts)``."""
    day = quarter["as_of"] or "day not recorded"
    return f"{quarter['name']} ({day}, {count(quarter['accounts'], 'account')})"


def counts(comparison: Comparison) -> Iterator[tuple[str, int]]:
    """How many findings, settings and accounts changed how."""
    for group, heading, _ in GROUPS:
        yield heading, sum(finding["group"] == group for finding in comparison["findings"])
    yield "Settings changed", len(settings(comparison))
    yield "Accounts joined", len(comparison["joined"])
    yield "Accounts left", len(comparison["left"])
