"""Comparison: results of several quarters, one after the other: what changed, and what only the evidence did."""

from auditor.comparison.compare import compare, is_changed

__all__ = ["compare", "is_changed"]
