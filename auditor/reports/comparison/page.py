"""The page of a comparison: self-contained, without script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import orjson
from markupsafe import Markup

from auditor.comparison.words import counts, lines, quarter_in_words, settings
from auditor.reports.html.security import policy
from auditor.reports.page_templates import page_templates
from auditor.result import Comparison
from auditor.workpaper import tone
from auditor.workpaper.changes import GROUPS

_TEMPLATES = Path(__file__).parent / "templates"
HISTORY_SHOWN = 2_000  # findings whose history the page lists; the workbook and --json have all


def render(comparison: Comparison) -> bytes:
    """The page: UTF-8, the same bytes for the same comparison."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    groups = [(key, heading, meaning, lines(comparison["findings"], key)) for key, heading, meaning in GROUPS]
    history = [entry for entry in comparison["history"] if len(set(entry["verdicts"])) > 1]
    text = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            comparison=comparison,
            groups=groups,
            counts=list(counts(comparison)),
            settings=settings(comparison),
            history=history[:HISTORY_SHOWN],
            left_out=len(history) - HISTORY_SHOWN,
            policy=policy(style, ""),
            style=Markup(style),
        )
    )
    return text.encode()


def _json(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


@cache
def _environment() -> jinja2.Environment:
    environment = page_templates(_TEMPLATES)
    environment.globals |= {"quarter_in_words": quarter_in_words, "tone": tone, "json": _json}
    return environment
