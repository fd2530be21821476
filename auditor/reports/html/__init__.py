"""The attestation page: one self-contained HTML file per framework and one across them, from the result alone."""

from auditor.reports.html.overview import render_overview
from auditor.reports.html.page import render

__all__ = ["render", "render_overview"]
