"""Result → files: the registry of formats, and the folder they are written to."""

from auditor.reports.folder import unlisted_reports
from auditor.reports.registry import FORMATS, USUAL_FORMATS, Format, formats_of
from auditor.reports.write import Rendered, rendered, write_reports

__all__ = [
    "FORMATS",
    "USUAL_FORMATS",
    "Format",
    "Rendered",
    "formats_of",
    "rendered",
    "unlisted_reports",
    "write_reports",
]
