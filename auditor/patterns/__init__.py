"""Filter patterns of CloudWatch Logs, decided by meaning: parse, match, relate, cover, explain."""

from __future__ import annotations

from auditor.patterns.coverage import Coverage, cover, noticed, uncounted
from auditor.patterns.errors import PatternSyntaxError
from auditor.patterns.events import event_files, read_events, stream_events
from auditor.patterns.explain import explain
from auditor.patterns.glance import apart, at_a_glance, may_count, witness
from auditor.patterns.match import Event, Message, match, matching_clause
from auditor.patterns.parse import parse
from auditor.patterns.readings import READINGS, Reading
from auditor.patterns.relation import Relating, relate
from auditor.patterns.strangers import Strangers
from auditor.patterns.syntax import Pattern

__all__ = [
    "READINGS",
    "Coverage",
    "Event",
    "Message",
    "Pattern",
    "PatternSyntaxError",
    "Reading",
    "Relating",
    "Strangers",
    "apart",
    "at_a_glance",
    "cover",
    "event_files",
    "explain",
    "match",
    "matching_clause",
    "may_count",
    "noticed",
    "parse",
    "read_events",
    "relate",
    "stream_events",
    "uncounted",
    "witness",
]
