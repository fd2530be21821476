"""Filter patterns as SQL over raw CloudTrail log files: a sieve that selects every event that a pattern counts."""

from __future__ import annotations

from auditor.patterns.sql.dialects import DIALECTS, Dialect
from auditor.patterns.sql.queries import Queries, queries
from auditor.patterns.sql.sieve import WIDENED, Sieve, sieve

__all__ = ["DIALECTS", "WIDENED", "Dialect", "Queries", "Sieve", "queries", "sieve"]
