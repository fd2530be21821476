"""Result × result: which findings fail newly, are fixed or still fail, and which only know more or less than before."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.comparison.evidence import Captured, differences
from auditor.comparison.settings import STATE, changes
from auditor.errors import AuditorError
from auditor.result import (
    AuditResult,
    Change,
    ComparedFinding,
    Comparison,
    Finding,
    Group,
    History,
    PointsChanged,
    PopulationChange,
    Quarter,
    ResultDocument,
    fails_by_the_letter_alone,
)
from auditor.text import listing
from auditor.verdict import DecidedWord, Verdict

_EVIDENCE_SHOWN = 6
_LIKE = ("match", "strict")  # options under which verdicts mean the same

_GROUPS: tuple[Group, ...] = (
    "newly_failing", "fixed", "still_failing", "evidence_only", "settled", "unsettled", "still_inconclusive",
)  # fmt: skip


def compare(results: Sequence[AuditResult]) -> Comparison:
    """The last two of the results compared, in the order in which they are given, and the history of all findings.

    A finding whose verdict changed is *evidence only* where what a FAIL rests on was captured in one of the two only
    and no setting of the link at which it fails has changed, or where one of the two could not conclude and captures
    came or went. A FAIL that is gone because its evidence is gone is never called fixed.

    Raises:
        AuditorError: fewer than two results.
    """
    if len(results) < 2:
        raise AuditorError("one quarter alone cannot be compared.", remedy="Give the earlier and the later one.")
    documents = [result.document for result in results]
    before, after = documents[-2], documents[-1]
    old, new = ({finding["id"]: finding for finding in document["findings"]} for document in (before, after))
    population = _population(before, after)
    gone = {change["account_id"] for change in population if change["what"] == "left"}
    history = _history(documents)
    since = {entry["finding"]: entry["since"] for entry in history}
    captured = Captured(before), Captured(after)
    then, now = _subscribers(before), _subscribers(after)
    changed: list[Change] = []
    findings: list[ComparedFinding] = []
    points: list[PointsChanged] = []
    for finding in after["findings"]:
        earlier = old.get(finding["id"])
        settings = changes(earlier, finding, then, now) if earlier else []
        group = _group(earlier, finding, settings, *captured, joined=_joined(finding, population))
        if group is None:
            continue
        if group == "evidence_only":
            settings = [change for change in settings if change["field"] != STATE]
        changed += settings
        if earlier and earlier["verdict"] == finding["verdict"]:
            points += _points(earlier, finding)
        if group != "same":
            findings.append(_compared(earlier, finding, group, since[finding["id"]], captured))
    tested = {_control(finding) for finding in old.values()} & {_control(finding) for finding in new.values()}
    ids = {group: [facts["finding"] for facts in findings if facts["group"] == group] for group in _GROUPS}
    return {
        "quarters": [_quarter(document) for document in documents],
        "newly_failing": ids["newly_failing"],
        "fixed": ids["fixed"],
        "still_failing": ids["still_failing"],
        "evidence_only": ids["evidence_only"],
        "settled": ids["settled"],
        "unsettled": ids["unsettled"],
        "still_inconclusive": ids["still_inconclusive"],
        "changed": changed,
        "open_points": points,
        "joined": [change["account_id"] for change in population if change["what"] == "joined"],
        "left": [change["account_id"] for change in population if change["what"] == "left"],
        "population": population,
        "not_compared": sorted(
            facts["id"]
            for facts in [*old.values(), *new.values()]
            if _control(facts) not in tested and facts["account_id"] not in gone
        ),
        "findings": findings,
        "history": history,
        "remarks": _remarks(documents),
    }


def is_changed(comparison: Comparison) -> bool:
    """Whether anything is not as it was: what still fails, and what is still open, is no change."""
    names = ("newly_failing", "fixed", "evidence_only", "settled", "unsettled", "changed", "open_points", "population")
    return any(comparison[name] for name in names)  # type: ignore[literal-required]


def _group(
    old: Finding | None, new: Finding, changes: Sequence[Change], before: Captured, after: Captured, *, joined: bool
) -> Group | None:
    """What became of a finding; None where there is nothing to compare it with."""
    verdict = new["verdict"]
    if old is None:
        return "newly_failing" if joined and verdict == Verdict.FAIL else None
    if old["verdict"] == verdict:
        same: dict[str, Group] = {"FAIL": "still_failing", "INCONCLUSIVE": "still_inconclusive"}
        return same.get(verdict, "same")
    settings = any(change["field"] != STATE for change in changes)
    accounts = after.accounts(new) | before.accounts(old)
    if verdict == Verdict.INCONCLUSIVE:
        return "unsettled" if settings and not before.lost(after, accounts) else "evidence_only"
    if old["verdict"] == Verdict.INCONCLUSIVE:
        if verdict == Verdict.FAIL and _touches(changes, new):
            return "newly_failing"
        if not settings or after.lost(before, accounts):
            return "evidence_only"
        return "newly_failing" if verdict == Verdict.FAIL else "settled"
    failing, own_captures, other = (new, after, before) if verdict == Verdict.FAIL else (old, before, after)
    if own_captures.decisive(failing) - other.shown and not _touches(changes, failing):
        return "evidence_only"
    return "newly_failing" if verdict == Verdict.FAIL else "fixed"


def _touches(changes: Sequence[Change], failing: Finding) -> bool:
    """Whether a setting changed of the link at which a finding fails; another topic has other subscribers."""
    link = failing["broken_link"]
    links = {link, "topic"} if link == "subscription" else {link}
    return any(change["field"] != STATE and change["link"] in links for change in changes)


def _joined(finding: Finding, population: Sequence[PopulationChange]) -> bool:
    return any(change["account_id"] == finding["account_id"] and change["what"] == "joined" for change in population)


def _compared(
    old: Finding | None, new: Finding, group: Group, since: str | None, captured: tuple[Captured, Captured]
) -> ComparedFinding:
    accounts = captured[1].accounts(new) | (captured[0].accounts(old) if old else set())
    evidence = differences(*captured, accounts) if group in ("evidence_only", "unsettled") else []
    if len(evidence) > _EVIDENCE_SHOWN:
        evidence = [*evidence[:_EVIDENCE_SHOWN], f"and {len(evidence) - _EVIDENCE_SHOWN} more"]
    compared: ComparedFinding = {
        "finding": new["id"],
        "account_id": new["account_id"],
        "account_name": new["account_name"],
        "control": _control(new),
        "group": group,
        "before": old["verdict"] if old else None,
        "after": new["verdict"],
        "since": since,
        "code_before": old["reason_code"] if old else "",
        "code_after": new["reason_code"],
        "reason_before": old["reason"] if old else "",
        "reason_after": new["reason"],
        "evidence": evidence,
    }
    if fails_by_the_letter_alone(new):
        compared["letter"] = True
    return compared


def _points(old: Finding, new: Finding) -> list[PointsChanged]:
    then, now = ({point["text"] for point in finding["open_points"]} for finding in (old, new))
    if then == now:
        return []
    return [{"finding": new["id"], "opened": sorted(now - then), "closed": sorted(then - now)}]


def _population(before: ResultDocument, after: ResultDocument) -> list[PopulationChange]:
    old, new = (
        {account["account_id"]: account for account in document["population"]["accounts"] if account["in_scope"]}
        for document in (before, after)
    )
    changes: list[PopulationChange] = []
    for account_id in sorted(old.keys() ^ new.keys()):
        come = account_id in new
        document = before if come else after  # the population in which it is not
        listed = {account["account_id"]: account for account in document["population"]["accounts"]}
        if account_id in listed:
            why = f"out of scope {'then' if come else 'now'}: {listed[account_id]['reason']}".rstrip(": ")
        elif document["population"]["source"] == "bundle":
            why = f"nothing of it was handed in {'then' if come else 'now'}; no list of accounts says why"
        else:
            why = f"not listed {'then' if come else 'now'}"
        account = (new if come else old)[account_id]
        what: PopulationChange = {
            "account_id": account_id, "name": account["name"], "what": "joined" if come else "left", "why": why,
        }  # fmt: skip
        changes.append(what)
    return changes


def _subscribers(document: ResultDocument) -> dict[str, tuple[str, ...]]:
    return {
        topic["topic_arn"]: tuple(topic["subscribers"]) for topic in document.get("topics", ()) if topic["complete"]
    }


def _history(documents: Sequence[ResultDocument]) -> list[History]:
    """Every finding of any quarter, those of the last one first in their order."""
    verdicts = [{finding["id"]: finding["verdict"] for finding in document["findings"]} for document in documents]
    ids = dict.fromkeys(finding for of_quarter in reversed(verdicts) for finding in of_quarter)
    return [_line(finding, [by_finding.get(finding) for by_finding in verdicts], documents) for finding in ids]


def _line(finding: str, verdicts: list[DecidedWord | None], documents: Sequence[ResultDocument]) -> History:
    first = len(verdicts) - 1
    while first and verdicts[first - 1] == verdicts[-1]:
        first -= 1
    return {"finding": finding, "verdicts": verdicts, "since": documents[first]["as_of"]}


def _quarter(document: ResultDocument) -> Quarter:
    return {
        "name": document["bundle"]["name"],
        "as_of": document["as_of"],
        "sha256": document["bundle"]["sha256"],
        "accounts": document["counts"]["accounts"],
        "captures": document["bundle"]["captures"],
    }


def _remarks(documents: Sequence[ResultDocument]) -> list[str]:
    """What a reader must know before comparing."""
    remarks = []
    days = [document["as_of"] for document in documents]
    if None in days:
        remarks.append("The day of the captures is not recorded in every quarter: the order given was taken.")
    elif days != sorted(filter(None, days)):
        remarks.append(f"The quarters were not given in the order of their days: {listing(filter(None, days))}.")
    for name in _LIKE:
        values = {str(document["options"].get(name)) for document in documents}
        if len(values) > 1:
            remarks.append(f"The quarters were judged under different options {name}: {listing(sorted(values))}.")
    versions = {document["tool"]["version"] for document in documents}
    if len(versions) > 1:
        remarks.append(f"The quarters were judged by different versions of the program: {listing(sorted(versions))}.")
    if any("topics" not in document for document in documents[-2:]):
        remarks.append("Subscribers were not compared: one of the results does not list them.")
    return remarks


def _control(finding: Finding) -> str:
    return f"{finding['control_id']}@{finding['variant']}"
