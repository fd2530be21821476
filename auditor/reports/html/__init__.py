"""The attestation page: one self-contained HTML file per framework, made from the result alone."""

from auditor.reports.html.page import render

__all__ = ["render"]
