"""Results of the largest sample that several rooms look at, made once a process; tests must not change them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import auditor
from auditor.result import AuditResult

QUARTERLY = Path(__file__).parents[1] / "samples" / "quarterly"


@cache
def quarterly() -> AuditResult:
    """Under the eight frameworks that are usual."""
    return auditor.audit(QUARTERLY)


@cache
def quarterly_under_all() -> AuditResult:
    """Under every framework there is."""
    return auditor.audit(QUARTERLY, frameworks=["all"])
