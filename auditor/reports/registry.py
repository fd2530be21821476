"""The formats that reports are written in; a renderer is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from auditor.result import AuditResult
from auditor.result.tables import TABLES

Content = bytes | Iterator[bytes]  # a large file part by part
Render = Callable[[AuditResult, str], Content]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``render`` takes a result and a framework id; without ``per_framework`` the id is ignored and
    there is one file, ``results.<suffix>``. A ``usual`` one is written where none is asked for.
    ``overview`` names and renders the file across frameworks that goes with those of each. With ``parts`` there is one
    file a part, ``<part>.<suffix>``, whose name ``render`` takes for an id.
    """

    name: str
    suffix: str
    render: Render
    per_framework: bool
    usual: bool = True
    overview: tuple[str, Render] | None = None
    parts: tuple[str, ...] = ()


def lazily(module: str, name: str = "render") -> Render:
    """A renderer whose module is imported when it is first called."""

    def render(result: AuditResult, framework_id: str) -> Content:
        rendered: Content = getattr(import_module(module), name)(result, framework_id)
        return rendered

    return render


def _json(result: AuditResult, framework_id: str) -> Content:
    return result.json_parts()


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        file_format.name: file_format
        for file_format in (
            Format(
                "xlsx",
                "xlsx",
                lazily("auditor.reports.excel"),
                per_framework=True,
                overview=("overview.xlsx", lazily("auditor.reports.excel", "render_overview")),
            ),
            Format(
                "html",
                "html",
                lazily("auditor.reports.html"),
                per_framework=True,
                overview=("index.html", lazily("auditor.reports.html", "render_overview")),
            ),
            Format("oscal", "oscal.json", lazily("auditor.reports.oscal"), per_framework=True, usual=False),
            Format("json", "json", _json, per_framework=False),
            *(
                Format(
                    name,
                    name,
                    lazily("auditor.reports.tables", f"render_{name}"),
                    per_framework=False,
                    usual=False,
                    parts=tuple(TABLES),
                )
                for name in ("csv", "parquet")
            ),
        )
    }
)
USUAL_FORMATS = tuple(file_format.name for file_format in FORMATS.values() if file_format.usual)


def formats_of(names: Iterable[str]) -> list[str]:
    """The formats that the files of a report folder have, by their names; what is always written is left out."""
    files = set(names)
    return [
        file_format.name
        for file_format in FORMATS.values()
        if any(name.endswith(f".{file_format.suffix}") for name in files)
    ]
