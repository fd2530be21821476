"""What a finding says beside its verdict: assumptions on which it rests, and remarks on the chains that prove it."""

from __future__ import annotations

from datetime import date

from auditor.evidence import days_of
from auditor.findings.chain import EvidenceList
from auditor.judgement import Decision, Question
from auditor.patterns import READINGS
from auditor.result import Assumption
from auditor.rules import sentence
from auditor.verdict import LINKS, Decided, Relation, Verdict

_QUARTER = 92  # days: the longest one
_COUNTS_MORE = (Relation.BROADER, Relation.OVERLAPPING)


def assumptions_of(decision: Decision, evidence: EvidenceList, since: str | None = None) -> list[Assumption]:
    """The readings of the pattern language, and of captures without a record, on which a verdict rests.

    ``since``: the first day of the control period, of which captures are taken to be that nothing dates (L5).
    """
    deciding = decision.proving or ([decision.row] if decision.row else [])
    codes = dict.fromkeys(code for row in deciding if row.relation for code in row.relation.nearest.assumptions)
    assumptions: list[Assumption] = [{"code": code, "text": _pattern_assumption(code)} for code in codes]
    if any(capture.arguments is None for capture in evidence.used):
        assumptions.append({"code": "arguments-not-recorded", "text": sentence("arguments-not-recorded", {})})
    if since is not None and any(capture.in_period is None for capture in evidence.used):
        assumptions.append({"code": "days-not-recorded", "text": sentence("days-not-recorded", {})})
    if since is None and (apart := _days_apart(evidence)):
        assumptions.append({"code": "captures-days-apart", "text": sentence("captures-days-apart", apart)})
    return assumptions


def _days_apart(evidence: EvidenceList) -> dict[str, str]:
    """How far apart the captures were made on which a verdict rests, where that is more than a quarter."""
    days = [days for capture in evidence.used if (days := days_of(capture)) is not None]
    if not days:
        return {}
    earliest, latest = min(entry.last for entry in days), max(entry.first for entry in days)
    apart = (date.fromisoformat(latest) - date.fromisoformat(earliest)).days
    return {"days": str(apart), "first": earliest, "last": latest} if apart > _QUARTER else {}


def _pattern_assumption(code: str) -> str:
    """A named reading of the pattern language in words; the relation would change under the other reading."""
    reading = READINGS.get(code)
    if reading is None:
        return f"The relation of the pattern rests on the reading '{code}', which AWS does not document."
    return f"Taken, where AWS is silent: {reading.taken}. The relation would change if {reading.other}."


def remarks_of(decision: Decision, question: Question, objective: Decided, since: str | None = None) -> list[str]:
    """What is said beside a verdict, each sentence once: what the chains that prove it do besides.

    ``since``: the first day of the control period, of which a filter that was created later counted only a part (L5).
    """
    remarks: dict[str, None] = {}
    for row in decision.proving or ([decision.row] if decision.row else []):
        for link in LINKS:
            for code, facts in row.links[link].remarks:
                remarks[sentence(code, facts)] = None
        tail = row.tail
        if since is not None and tail is not None and tail.filter_created > since:
            facts = {"filter": tail.filter_name, "created": tail.filter_created, "start": since}
            remarks[sentence("remark-filter-created", facts)] = None
    for row in decision.proving:
        tail, relation = row.tail, row.relation
        if tail is not None and tail.protocol in ("sqs", "lambda", "firehose", "application"):
            facts = {"endpoint": tail.endpoint, "protocol": tail.protocol}
            remarks[sentence("remark-only-queue", facts)] = None
        if tail is not None and relation is not None and relation.everything:
            alarm = tail.alarm_arn.rpartition(":alarm:")[2]
            remarks[sentence("remark-counts-everything", {"filter": tail.filter_name, "alarm": alarm})] = None
        if objective is not Verdict.PASS and tail is not None and relation is not None and not all(relation.noticed):
            missed = question.recommended(str(tail.filter_pattern)).nearest.missed_words
            facts = {"filter": tail.filter_name, "missed": missed}
            remarks[sentence("remark-letter-alone", facts)] = None
        if question.covers and tail is not None and relation is not None and relation.relation in _COUNTS_MORE:
            facts = {"filter": tail.filter_name, "added": relation.nearest.added_words}
            remarks[sentence("remark-counted-beyond", facts)] = None
    return list(remarks)
