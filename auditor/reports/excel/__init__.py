"""The workbooks."""

from auditor.reports.excel.book import render, render_overview

__all__ = ["render", "render_overview"]
