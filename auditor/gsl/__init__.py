"""GSL, the rule language of Check Point CloudGuard: rules as published, evaluated to the letter."""

from __future__ import annotations

from auditor.gsl.entity_types import known_fields
from auditor.gsl.errors import GslError, GslNameError, GslSyntaxError
from auditor.gsl.evaluate import evaluate
from auditor.gsl.logic import UNEVIDENCED, Unevidenced
from auditor.gsl.outcome import EntityOutcome, Outcome
from auditor.gsl.parse import parse
from auditor.gsl.readings import READINGS, Reading
from auditor.gsl.syntax import Rule

__all__ = [
    "READINGS",
    "UNEVIDENCED",
    "EntityOutcome",
    "GslError",
    "GslNameError",
    "GslSyntaxError",
    "Outcome",
    "Reading",
    "Rule",
    "Unevidenced",
    "evaluate",
    "known_fields",
    "parse",
]
