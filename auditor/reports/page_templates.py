"""The templates of pages: escaped, strict about names, and every text shown without characters that hide."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

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


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
