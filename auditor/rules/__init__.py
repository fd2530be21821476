"""The law: the rules on which verdicts rest, and the reasons that a verdict can have, as data."""

from auditor.rules.law import Chapter, Known, Rule, Source, chapters, known_in_words, rules
from auditor.rules.reasons import Reason, reason_title, reasons, sentence, sentence_for_all

__all__ = [
    "Chapter",
    "Known",
    "Reason",
    "Rule",
    "Source",
    "chapters",
    "known_in_words",
    "reason_title",
    "reasons",
    "rules",
    "sentence",
    "sentence_for_all",
]
