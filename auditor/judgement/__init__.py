"""Judgement: what a control asks, the relation of patterns, the verdict."""

from auditor.judgement.answers import Answers, ControlTest
from auditor.judgement.judge import Decision, decide
from auditor.judgement.relations import counts_nearly_everything
from auditor.judgement.rows import Question, Row

__all__ = ["Answers", "ControlTest", "Decision", "Question", "Row", "counts_nearly_everything", "decide"]
