"""The page and the workbook of a comparison."""

from auditor.reports.comparison.files import write_comparison

__all__ = ["write_comparison"]
