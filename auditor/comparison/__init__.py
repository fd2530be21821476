"""Comparison: results of several quarters, one after the other: what changed, and what only the evidence did."""

from auditor.comparison.compare import compare, is_changed
from auditor.comparison.document import (
    Change,
    ComparedFinding,
    Comparison,
    History,
    PointsChanged,
    PopulationChange,
    Quarter,
)

__all__ = [
    "Change",
    "ComparedFinding",
    "Comparison",
    "History",
    "PointsChanged",
    "PopulationChange",
    "Quarter",
    "compare",
    "is_changed",
]
