"""The templates of pages: escaped, strict about names, and every text shown without characters that hide."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from auditor.workpaper import visible


def page_templates(folder: Path) -> jinja2.Environment:
    """The templates of a folder; what they may call besides is the caller's to add."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def trimmed(text: str) -> Markup:
    """A text as a template shows it, without blanks at its ends: a call for each of thousands of cells, not a macro."""
    return Markup(escape(visible(text)).strip())


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
