"""Filter patterns of CloudWatch Logs, decided by meaning."""

from __future__ import annotations

from auditor.patterns.errors import PatternSyntaxError
from auditor.patterns.match import Event, match, matching_clause
from auditor.patterns.parse import parse
from auditor.patterns.relation import Comparison, relate
from auditor.patterns.syntax import Pattern

__all__ = ["Comparison", "Event", "Pattern", "PatternSyntaxError", "match", "matching_clause", "parse", "relate"]
