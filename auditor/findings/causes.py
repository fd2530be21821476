"""One broken or missing thing that decides several findings, told once: what it is, where, and what mends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from auditor.remediation import Remedy, steps
from auditor.result import Cause, CauseRemedy, Finding, fails_by_the_letter_alone
from auditor.rules import reasons, sentence_for_all
from auditor.verdict import Verdict


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding with what its sentence and its steps were made of."""

    finding: Finding
    facts: Mapping[str, str]
    remedy: Remedy | None


@dataclass(frozen=True, slots=True)
class Kind:
    """What findings of one cause have in common, in whichever accounts."""

    verdict: str
    code: str
    link: str
    letter: bool


def causes(judged: Sequence[JudgedFinding], frameworks: Sequence[Collection[str]]) -> list[Cause]:
    """The findings that are not PASS, by kind and account; accounts that share the very things stand together.

    Causes of one kind follow each other: FAIL first, then INCONCLUSIVE, last what fails by the letter alone, and in
    each the kind that most accounts have. ``frameworks`` are the ``control@variant`` that each of them maps.
    """
    pairs: dict[tuple[Kind, str], list[JudgedFinding]] = defaultdict(list)
    for one in judged:
        if one.finding["verdict"] != Verdict.PASS:
            pairs[_kind(one.finding), one.finding["account_id"]].append(one)
    shared: dict[tuple[Kind, frozenset[tuple[str, str]]], list[JudgedFinding]] = defaultdict(list)
    for (kind, _), own in pairs.items():
        things = frozenset((_control(one.finding), one.finding["resource"]) for one in own)
        shared[kind, things] += own
    kinds: dict[Kind, list[list[JudgedFinding]]] = defaultdict(list)
    for (kind, _), own in shared.items():
        kinds[kind].append(own)
    ordered = sorted(kinds.items(), key=lambda entry: _rank(*entry))
    together = [(kind, own) for kind, groups in ordered for own in sorted(groups, key=_size)]
    return [_cause(number, kind, own, frameworks) for number, (kind, own) in enumerate(together, 1)]


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


def _accounts(own: Sequence[JudgedFinding]) -> list[str]:
    return sorted({one.finding["account_id"] for one in own})


def _rank(kind: Kind, groups: Sequence[Sequence[JudgedFinding]]) -> tuple[object, ...]:
    accounts = {account for own in groups for account in _accounts(own)}
    return (kind.letter, kind.verdict != Verdict.FAIL, -len(accounts), -sum(map(len, groups)), kind.code, kind.link)


def _size(own: Sequence[JudgedFinding]) -> tuple[object, ...]:
    accounts = _accounts(own)
    return (-len(accounts), -len(own), accounts, own[0].finding["id"])


def _cause(number: int, kind: Kind, own: Sequence[JudgedFinding], frameworks: Sequence[Collection[str]]) -> Cause:
    resources = {one.finding["resource"] for one in own}
    telling = [one.facts for one in own if one.finding["reason_code"] == kind.code] or [own[0].facts]
    code = kind.code if any(one.finding["reason_code"] == kind.code for one in own) else own[0].finding["reason_code"]
    return {
        "number": f"C-{number:03d}",
        "code": kind.code,
        "link": kind.link,
        "verdict": kind.verdict,
        "letter": kind.letter,
        "resource": resources.pop() if len(resources) == 1 else "",
        "reason": sentence_for_all(code, telling),
        "accounts": _accounts(own),
        "findings": [one.finding["id"] for one in own],
        "remedies": _remedies(own, frameworks),
    }


def _remedies(own: Sequence[JudgedFinding], frameworks: Sequence[Collection[str]]) -> list[CauseRemedy]:
    """What mends several findings at once, for each set of them that a framework shows, and for all."""
    mended = [one for one in own if one.remedy is not None]
    sets = [mended, *([one for one in mended if _control(one.finding) in controls] for controls in frameworks)]
    chosen = {tuple(one.finding["id"] for one in some): some for some in sets if len(some) > 1}
    return [
        {"findings": list(ids), "steps": steps([one.remedy for one in some if one.remedy is not None])}
        for ids, some in chosen.items()
    ]
