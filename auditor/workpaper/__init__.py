"""The workpaper of one framework as data: sheets and columns declared once, prose as functions of the result.

Reports write it, a review reads it back.
"""

from auditor.workpaper.cover import SIGNATURES, cover
from auditor.workpaper.legend import (
    ABBREVIATIONS,
    COLOURS,
    SIGN_OFF_COLUMNS,
    SIGN_OFF_ROLES,
    TICKMARKS,
    TICKMARKS_IN_SHORT,
    VERDICTS,
)
from auditor.workpaper.model import Column, Kind, Sheet
from auditor.workpaper.overview import OVERVIEW_TABLES, OVERVIEW_TITLES
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES, STEPS
from auditor.workpaper.results import RESULTS
from auditor.workpaper.scope import Fact, scope
from auditor.workpaper.sheets import COVER, SCOPE, SIGN_OFF, SUMMARY, TABLES, TITLES, WAIVER_COLUMNS
from auditor.workpaper.view import OVERVIEW, View, overview, view
from auditor.workpaper.wording import NOTHING, TONES, mark_tone, tone, visible

__all__ = [
    "ABBREVIATIONS",
    "ATTRIBUTES",
    "COLOURS",
    "COVER",
    "LINK_NAMES",
    "NOTHING",
    "OVERVIEW",
    "OVERVIEW_TABLES",
    "OVERVIEW_TITLES",
    "RESULTS",
    "SCOPE",
    "SIGNATURES",
    "SIGN_OFF",
    "SIGN_OFF_COLUMNS",
    "SIGN_OFF_ROLES",
    "STEPS",
    "SUMMARY",
    "TABLES",
    "TICKMARKS",
    "TICKMARKS_IN_SHORT",
    "TITLES",
    "TONES",
    "VERDICTS",
    "WAIVER_COLUMNS",
    "Column",
    "Fact",
    "Kind",
    "Sheet",
    "View",
    "cover",
    "mark_tone",
    "overview",
    "scope",
    "tone",
    "view",
    "visible",
]
