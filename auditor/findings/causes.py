"""One broken or missing thing that decides several findings, told once: what it is, where, and what mends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.remediation import Remedy, steps
from auditor.result import Cause, CauseRemedy, Finding, fails_by_the_letter_alone
from auditor.rules import reasons, sentence_for_all
from auditor.verdict import DecidedWord, LinkWord, Verdict

# A filter that notices every event: of a FAIL whose objective fails, too, that is not the worst.
_NOTICES = frozenset(
    {
        "filter-asks-for-source",
        "filter-broader-objective-met",
        "filter-narrower-objective-met",
        "filter-overlapping-objective-met",
        "filters-meet-objective",
    }
)


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding with what its sentence and its steps were made of."""

    finding: Finding
    facts: Mapping[str, str]
    remedy: Remedy | None


@dataclass(frozen=True, slots=True)
class Kind:
    """What findings of one cause have in common, in whichever accounts."""

    verdict: DecidedWord
    code: str
    link: LinkWord | Literal[""]
    letter: bool


def causes(judged: Sequence[JudgedFinding], frameworks: Sequence[Collection[str]]) -> list[Cause]:
    """The findings that are not PASS, by kind and account; accounts that share the very things stand together.

    Causes of one kind follow each other: FAIL first, then INCONCLUSIVE, last what fails by the letter alone, and in
    each the kind that most accounts have; of FAIL those last in whose filters nothing is missed.
    ``frameworks`` are the ``control@variant`` that each of them maps.
    """
    pairs: dict[tuple[Kind, str], list[JudgedFinding]] = defaultdict(list)
    for failing in judged:
        if failing.finding["verdict"] != Verdict.PASS:
            pairs[_kind(failing.finding), failing.finding["account_id"]].append(failing)
    shared: dict[tuple[Kind, frozenset[tuple[str, str]]], list[JudgedFinding]] = defaultdict(list)
    for (kind, _), group in pairs.items():
        subjects = frozenset((_control(failing.finding), failing.finding["resource"]) for failing in group)
        shared[kind, subjects] += group
    kinds: dict[Kind, list[list[JudgedFinding]]] = defaultdict(list)
    for (kind, _), group in shared.items():
        kinds[kind].append(group)
    ordered = sorted(kinds.items(), key=lambda entry: _rank(*entry))
    together = [(kind, group) for kind, groups in ordered for group in sorted(groups, key=_size)]
    return [_cause(number, kind, group, frameworks) for number, (kind, group) in enumerate(together, 1)]


def _kind(finding: Finding) -> Kind:
    code = finding["reason_code"]
    return Kind(
        finding["verdict"],
        reasons()[code].like or code,
        finding["broken_link"] or "",
        fails_by_the_letter_alone(finding),
    )


def _control(finding: Finding) -> str:
    return f"{finding['control_id']}@{finding['variant']}"


def _accounts(group: Sequence[JudgedFinding]) -> list[str]:
    return sorted({entry.finding["account_id"] for entry in group})


def _rank(kind: Kind, groups: Sequence[Sequence[JudgedFinding]]) -> tuple[object, ...]:
    accounts = {account for group in groups for account in _accounts(group)}
    tier = (kind.letter, kind.verdict != Verdict.FAIL, kind.code in _NOTICES)
    return (*tier, -len(accounts), -sum(map(len, groups)), kind.code, kind.link)


def _size(group: Sequence[JudgedFinding]) -> tuple[object, ...]:
    accounts = _accounts(group)
    return (-len(accounts), -len(group), accounts, group[0].finding["id"])


def _cause(number: int, kind: Kind, group: Sequence[JudgedFinding], frameworks: Sequence[Collection[str]]) -> Cause:
    resources = {entry.finding["resource"] for entry in group}
    codes = {entry.finding["reason_code"] for entry in group}
    code = kind.code if kind.code in codes else group[0].finding["reason_code"]
    telling = [entry.facts for entry in group if entry.finding["reason_code"] == code]
    return {
        "number": f"C-{number:03d}",
        "code": kind.code,
        "link": kind.link,
        "verdict": kind.verdict,
        "letter": kind.letter,
        "resource": resources.pop() if len(resources) == 1 else "",
        "reason": sentence_for_all(code, telling),
        "accounts": _accounts(group),
        "findings": [entry.finding["id"] for entry in group],
        "remedies": _remedies(group, frameworks),
    }


def _remedies(group: Sequence[JudgedFinding], frameworks: Sequence[Collection[str]]) -> list[CauseRemedy]:
    """What mends several findings at once, for each set of them that a framework shows, and for all."""
    mended = [entry for entry in group if entry.remedy is not None]
    sets = [mended, *([entry for entry in mended if _control(entry.finding) in controls] for controls in frameworks)]
    chosen = {tuple(entry.finding["id"] for entry in entries): entries for entries in sets if len(entries) > 1}
    return [
        {"findings": list(ids), "steps": steps([entry.remedy for entry in entries if entry.remedy is not None])}
        for ids, entries in chosen.items()
    ]
