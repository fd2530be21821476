"""Puts what people wrote beside the findings of a new build: what still stands, what must be looked at again, and what
has no place. Nothing is dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from auditor.errors import Problem
from auditor.result import Finding, OwnText, ReviewFacts
from auditor.review.record import Record, ReviewFile
from auditor.text import count, listing, one_line
from auditor.verdict import ReviewStatus
from auditor.workpaper.basis import changed_parts, is_basis

NOT_COMPARABLE = "what the conclusion rested on is not in the workbook"
_SHOWN = 120  # characters of a text that a problem shows


def carry(findings: Sequence[Finding], files: Sequence[ReviewFile]) -> tuple[list[ReviewFacts], list[Problem]]:
    """What earlier workbooks say, in the order of the findings, then what could not be placed; and the problems.

    A record is placed by its finding id, else by its account and control where only one finding is of both. Where
    several workbooks have a record of one finding, those that people changed count, of these those whose evidence is
    unchanged; conclusions that then still differ are both kept and neither stands.
    """
    problems = [problem for file in files for problem in file.problems]
    by_id = {finding["id"]: finding for finding in findings}
    placed: dict[str, list[Record]] = defaultdict(list)
    unplaced: list[tuple[Record, str]] = []
    for record in (record for file in files for record in file.records):
        place, why = _place(record, by_id)
        if place:
            placed[place].append(record)
        elif record.conclusion or record.comment or record.own or record.earlier:
            unplaced.append((record, why))
    facts: list[ReviewFacts] = []
    for finding in findings:
        if finding["id"] in placed and (merged := _merged(finding, placed[finding["id"]])) is not None:
            facts.append(merged)
            if merged["status"] == "conflicting":
                problems.append(_conflict(finding, placed[finding["id"]]))
    for record, why in {(record.text, record.finding, record.own): (record, why) for record, why in unplaced}.values():
        facts.append(_facts("", record.finding, [record], "unplaced", why=why))
        problems.append(_lost(record, why))
    return facts, problems


def _place(record: Record, findings: Mapping[str, Finding]) -> tuple[str, str]:
    """The id of the finding that a record is about, or ``""`` with the reason why none is."""
    if record.finding in findings:
        return record.finding, ""
    account, control = record.account.zfill(12), record.control
    if not record.finding and account and control:
        candidates = [
            finding["id"]
            for finding in findings.values()
            if (finding["account_id"], finding["control_id"]) == (account, control)
        ]
        if len(candidates) == 1:
            return candidates[0], ""
        why = f"{count(len(candidates), 'finding')} of this build" if candidates else "no finding of this build"
        return "", f"{why} is of account {one_line(account, 40)} and control {one_line(control, 60)}"
    if record.finding:
        return "", f"this build has no finding {one_line(record.finding, 120)}"
    return "", "it stands beside no finding"


def _merged(finding: Finding, records: Sequence[Record]) -> ReviewFacts | None:
    written = [record for record in records if record.written]
    counted = written or list(records)
    with_text = [record for record in counted if record.conclusion or record.comment]
    changes = {id(record): _changed(record, finding) for record in with_text}
    standing = [record for record in with_text if not changes[id(record)]]
    current = standing or with_text
    passed = [record for record in with_text if standing and changes[id(record)]]
    conclusions = list(dict.fromkeys(record.conclusion for record in current if record.conclusion))
    changed = [] if standing else list(dict.fromkeys(part for parts in changes.values() for part in parts))
    # What the build before found changed, and nobody has concluded on since, is still to be looked at.
    waits = not current and any(record.earlier for record in records)
    status: ReviewStatus = (
        "conflicting" if len(conclusions) > 1 else "evidence_changed" if changed or waits else "carried"
    )
    gone = [*(current if status != "carried" else ()), *passed]
    earlier = _lines([*(_dated(record) for record in gone), *(record.earlier for record in records)])
    if not (current or earlier or any(record.own for record in records)):
        return None
    why = "conclusions differ: " + "; ".join(f"{entry.text} ({entry.where})" for entry in current)
    facts = _facts(finding["number"], finding["id"], current or records, status, changed, earlier)
    facts["own"] = _own(records)
    facts["why"] = why if status == "conflicting" else ""
    return facts


def _changed(record: Record, finding: Finding) -> list[str]:
    """The parts of the finding that are not as they were when the record's workbook was written."""
    if is_basis(record.basis):
        return changed_parts(record.basis, finding)
    verdict = record.verdict.partition(",")[0]  # earlier workbooks told the open points beside it
    words = [] if verdict == finding["verdict"] and record.reason == finding["reason"] else ["verdict"]
    return [*words, NOT_COMPARABLE]


def _dated(record: Record) -> str:
    """A conclusion that no longer stands, on one line: ``2026-06-30, FAIL: Agree: the alarm was tried``."""
    head = ", ".join(filter(None, [record.as_of, record.verdict]))
    return f"{head}: {record.text}" if head else record.text


def _facts(
    number: str,
    finding: str,
    records: Sequence[Record],
    status: ReviewStatus,
    changed: Sequence[str] = (),
    earlier: str = "",
    why: str = "",
) -> ReviewFacts:
    first = records[0]
    conclusions = list(dict.fromkeys(record.conclusion for record in records if record.conclusion))
    return {
        "finding": finding,
        "number": number,
        "status": status,
        "conclusion": listing(conclusions, "or"),
        "comment": _lines(record.comment for record in records),
        "own": _own(records),
        "earlier": earlier or _lines(record.earlier for record in records if status == "unplaced"),
        "changed": list(changed),
        "why": why,
        "before": {"verdict": first.verdict, "reason": first.reason, "basis": first.basis, "as_of": first.as_of},
        "where": _lines(record.where for record in records),
    }


def _own(records: Iterable[Record]) -> list[OwnText]:
    """The texts of people's own columns, those of one column together, each once."""
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for record in records:
        for header, text in record.own:
            texts[header][text] = None
    return [{"header": header, "text": "\n".join(own)} for header, own in texts.items()]


def _lines(texts: Iterable[str]) -> str:
    """Texts below each other, each once."""
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _conflict(finding: Finding, records: Sequence[Record]) -> Problem:
    differing = [record for record in records if record.written and record.conclusion] or list(records)
    return Problem(
        differing[0].file,
        differing[0].place,
        f"conclusions on {finding['id']} differ: "
        f"{listing(f'{one_line(entry.conclusion, 40)} ({entry.where})' for entry in differing if entry.conclusion)}.",
        "Neither was carried over: both stand on the sheet Review. Conclude again.",
        "review-conflicting",
        "warning",
    )


def _lost(record: Record, why: str) -> Problem:
    text = record.text or "; ".join(f"{header}: {text}" for header, text in record.own)
    return Problem(
        record.file,
        record.place,
        f"{one_line(text, _SHOWN)!r} could not be placed: {why}.",
        "It is kept on the sheet Review.",
        "review-unplaced",
        "warning",
    )
