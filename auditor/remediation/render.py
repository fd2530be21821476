"""Steps as text: each template (``templates/<step>.jinja``) has the blocks summary, portal, cli and terraform."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from auditor.remediation.quoting import as_json, hcl, only_quoted, option, shell, text, texts
from auditor.resources import PACKAGE


def block(template: str, name: str, values: dict[str, object]) -> str:
    """One block of a template, without white space around it; empty if the template has none."""
    loaded = _environment().get_template(f"{template}.jinja")
    if name not in loaded.blocks:
        return ""
    return "".join(loaded.blocks[name](loaded.new_context(values, shared=True))).strip()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PACKAGE / "remediation" / "templates"),
        auto_reload=False,  # the templates do not change while the program runs
        autoescape=False,  # no HTML: `only_quoted` refuses what no filter has quoted
        finalize=only_quoted,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"hcl": hcl, "json": as_json, "option": option, "shell": shell, "text": text, "texts": texts}
    return environment
