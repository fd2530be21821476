"""GSL, the rule language of Check Point CloudGuard: rules as published, evaluated to the letter."""

from __future__ import annotations

from auditor.gsl.entity_types import known_fields
from auditor.gsl.errors import GslError, GslNameError, GslSyntaxError
from auditor.gsl.evaluate import decide, evaluate
from auditor.gsl.logic import UNEVIDENCED, More, Unevidenced
from auditor.gsl.names import check
from auditor.gsl.outcome import EntityOutcome, Outcome, Result
from auditor.gsl.parse import parse
from auditor.gsl.readings import READINGS, Reading
from auditor.gsl.syntax import Rule, calls_of

__all__ = [
    "READINGS",
    "UNEVIDENCED",
    "EntityOutcome",
    "GslError",
    "GslNameError",
    "GslSyntaxError",
    "More",
    "Outcome",
    "Reading",
    "Result",
    "Rule",
    "Unevidenced",
    "calls_of",
    "check",
    "decide",
    "evaluate",
    "known_fields",
    "parse",
]
