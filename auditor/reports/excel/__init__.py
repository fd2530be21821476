"""The workbook of one framework."""

from auditor.reports.excel.book import render

__all__ = ["render"]
