"""Writes the files of a result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from auditor.errors import AuditorError
from auditor.reports.digest import DIGEST
from auditor.reports.folder import report_folder
from auditor.reports.registry import FORMATS, Format, Render, lazily
from auditor.result import AuditResult, framework_of
from auditor.text import listing

WHOLE = "results"  # the stem of the files that are not about one framework
REQUESTS: Mapping[str, Render] = {
    "requests.md": lazily("auditor.reports.requests_md", "requests_page"),
    "requests.docx": lazily("auditor.reports.requests_docx", "requests_document"),
}
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


Rendered = tuple[str, bytes]


def rendered(result: AuditResult, formats: Sequence[str]) -> Iterator[Rendered]:
    """Name and bytes of each file that :func:`write_reports` writes, but for the list of digests, one at a time.

    Raises:
        AuditorError: as :func:`write_reports`, but for the folder.
    """
    chosen = [_format(name) for name in dict.fromkeys(formats)]
    for name, render, framework in _files(_framework_names(result), chosen, asks(result)):
        content = render(result, framework)
        yield name, content if isinstance(content, bytes) else b"".join(content)


def write_reports(
    result: AuditResult, out: Path, formats: Sequence[str], jobs: int = 1, frameworks: Sequence[str] = ()
) -> list[Path]:
    """Writes ``<framework-id>.<suffix>`` for each framework and format, the overview across them, ``results.json``,
    ``requests.md`` and ``requests.docx`` where evidence is asked for, and ``digest.txt`` with the SHA-256 of each;
    returns their paths in that order. With ``frameworks`` those of these alone, and no overview across all.

    ``results.json`` is always written: every other file can be made from it again. Files that the folder's earlier
    ``digest.txt`` lists unchanged, and that are not written again, stay if they are of the same result; of another one
    they are removed. ``jobs`` processes make the files; the bytes are the same however many there are.

    Raises:
        AuditorError: an unknown format or framework, a framework id that cannot be a file name, or a folder that
            cannot be written or that another audit is writing into.
    """
    chosen = [_format(name) for name in dict.fromkeys(formats)]
    names = _framework_names(result)
    for name in frameworks:
        framework_of(result.document, name)
    if frameworks:
        names = [name for name in names if name in frameworks]
        chosen = [replace(file_format, overview=None) for file_format in chosen]
    with report_folder(out) as folder:
        files = _files(names, chosen, asks(result))
        written = folder.put_all([(name, partial(render, result, of)) for name, render, of in files], jobs)
        return [*written, folder.finish(f"{WHOLE}.{FORMATS['json'].suffix}")]


def asks(result: AuditResult) -> bool:
    """Whether the client is asked for something: what findings wait for, or what may change a conclusion."""
    document = result.document
    return bool(document["requests"]) or any(request.get("material") for request in document.get("strengthening", ()))


def _files(frameworks: Sequence[str], formats: Sequence[Format], requests: bool) -> Iterator[tuple[str, Render, str]]:
    """Name, renderer and framework of each file but the digests."""
    for framework in frameworks:
        for file_format in formats:
            if file_format.per_framework:
                yield f"{framework}.{file_format.suffix}", file_format.render, framework
    for file_format in formats:
        if file_format.overview:
            yield *file_format.overview, ""
    for file_format in {file_format.name: file_format for file_format in (*formats, FORMATS["json"])}.values():
        if file_format.parts:
            yield from ((f"{part}.{file_format.suffix}", file_format.render, part) for part in file_format.parts)
        elif not file_format.per_framework:
            yield f"{WHOLE}.{file_format.suffix}", file_format.render, ""
    if requests:
        yield from ((name, render, "") for name, render in REQUESTS.items())


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise AuditorError(
            f"there is no format {name!r}.", remedy=f"Choose among {listing(FORMATS, 'or')}.", code="format"
        )
    return FORMATS[name]


def _framework_names(result: AuditResult) -> list[str]:
    """The framework ids, which become file names. Reserved names and ids that differ only in case are refused."""
    overviews = (file_format.overview[0].partition(".")[0] for file_format in FORMATS.values() if file_format.overview)
    reserved = {WHOLE, "requests", DIGEST.partition(".")[0], *overviews}
    ids = [framework["id"] for framework in result.document["frameworks"]]
    for identifier in ids:
        if not _FILE_NAME.fullmatch(identifier) or identifier.lower() in reserved:
            raise AuditorError(
                f"the framework id {identifier!r} cannot be the name of a report, or two frameworks have it.",
                remedy="Use letters, digits, '.', '_' and '-', and one id per framework.",
                code="framework",
            )
        reserved.add(identifier.lower())
    return ids
