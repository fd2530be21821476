"""Judgement: what a control asks, the relation of patterns, the verdict, and the reasons in words."""

from auditor.judgement.answers import Answers, ControlTest
from auditor.judgement.judge import Decision, decide
from auditor.judgement.reasons import Reason, reasons, sentence
from auditor.judgement.relations import counts_nearly_everything
from auditor.judgement.rows import Question, Row

__all__ = [
    "Answers",
    "ControlTest",
    "Decision",
    "Question",
    "Reason",
    "Row",
    "counts_nearly_everything",
    "decide",
    "reasons",
    "sentence",
]
