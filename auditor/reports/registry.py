"""The formats that reports are written in; a renderer is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from auditor.result import AuditResult

Render = Callable[[AuditResult, str], bytes]
RenderOverview = Callable[[AuditResult], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``render`` takes a result and a framework id; without ``per_framework`` the id is ignored and
    there is one file, ``results.<suffix>``. A ``usual`` one is written where none is asked for.
    ``overview`` names and renders the file across frameworks that goes with those of each.
    """

    name: str
    suffix: str
    render: Render
    per_framework: bool
    usual: bool = True
    overview: tuple[str, RenderOverview] | None = None


def _lazily(module: str) -> Render:
    def render(result: AuditResult, framework_id: str) -> bytes:
        rendered: bytes = import_module(module).render(result, framework_id)
        return rendered

    return render


def _across(module: str) -> RenderOverview:
    def render(result: AuditResult) -> bytes:
        rendered: bytes = import_module(module).render_overview(result)
        return rendered

    return render


def _json(result: AuditResult, framework_id: str) -> bytes:
    return result.to_json()


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format(
                "xlsx",
                "xlsx",
                _lazily("auditor.reports.excel"),
                per_framework=True,
                overview=("overview.xlsx", _across("auditor.reports.excel")),
            ),
            Format("html", "html", _lazily("auditor.reports.html"), per_framework=True),
            Format("oscal", "oscal.json", _lazily("auditor.reports.oscal"), per_framework=True, usual=False),
            Format("json", "json", _json, per_framework=False),
        )
    }
)
USUAL_FORMATS = tuple(one.name for one in FORMATS.values() if one.usual)
