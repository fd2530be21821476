"""The law: the reasons that a verdict can have, each with the rule it rests on, as data."""

from auditor.rules.reasons import Reason, reason_title, reasons, sentence

__all__ = ["Reason", "reason_title", "reasons", "sentence"]
