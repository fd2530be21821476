"""Judgement: what a control asks, the relation of patterns, the verdict."""

from auditor.judgement.answers import Answers, ControlTest
from auditor.judgement.calls import Calls
from auditor.judgement.counts import COUNTS
from auditor.judgement.delivery import Delivery
from auditor.judgement.judge import Decision, decide
from auditor.judgement.ordinary import counts_nearly_everything
from auditor.judgement.question import Question
from auditor.judgement.rows import Row

__all__ = [
    "COUNTS",
    "Answers",
    "Calls",
    "ControlTest",
    "Decision",
    "Delivery",
    "Question",
    "Row",
    "counts_nearly_everything",
    "decide",
]
