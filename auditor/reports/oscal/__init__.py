"""The report of a framework as OSCAL assessment results."""

from auditor.reports.oscal.document import render

__all__ = ["render"]
