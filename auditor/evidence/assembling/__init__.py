"""Captures → responses: held against their schema, continued, joined, and whole or not and why."""

from auditor.evidence.assembling.assemble import assemble
from auditor.evidence.assembling.check import Checked, check, shadow_problems, token_problems, with_places
from auditor.evidence.assembling.continuation import continued
from auditor.evidence.assembling.contradictions import is_stub
from auditor.evidence.assembling.future import future_problems, is_later, latest_told, told_after
from auditor.evidence.assembling.lost_answers import without_lost_answers
from auditor.evidence.assembling.pieces import without_pieces
from auditor.evidence.assembling.response import Lack, Response, Responses, kept_items

__all__ = [
    "Checked",
    "Lack",
    "Response",
    "Responses",
    "assemble",
    "check",
    "continued",
    "future_problems",
    "is_later",
    "is_stub",
    "kept_items",
    "latest_told",
    "shadow_problems",
    "token_problems",
    "told_after",
    "with_places",
    "without_lost_answers",
    "without_pieces",
]
