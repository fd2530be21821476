"""The file itself: document properties, and the same bytes for the same workbook."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.writer.excel import ExcelWriter

from auditor.reports.excel.sheet_data import SheetData
from auditor.reports.excel.text import cell_text
from auditor.workpaper import View
from auditor.workpaper.wording import framework_in_words

_LAST_SECOND = 253_402_300_799  # of the year 9999
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip member can have
_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
# Positions before which an ignoredErrors element may stand (ECMA-376, 18.3.1.99).
_AFTER_ERRORS = re.compile(rb"<(?:drawing|legacyDrawing|tableParts|extLst)\b|</worksheet>")
_IDS_AS_TEXT = b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
_SHEET = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
_NO_ROWS, _AFTER_LINKS = (
    re.compile(rb"<sheetData ?/>|<sheetData></sheetData>"),
    re.compile(rb"<(?:printOptions|pageMargins)\b"),
)
# Without this attribute the labels of a chart take the format of the cells.
_OWN_FORMAT = re.compile(rb'<(?:c:)?numFmt formatCode="[^"]*"(?! sourceLinked)')
_PROPERTY = 255  # a property's longest text in Excel's dialog


def set_properties(book: Workbook, view: View) -> None:
    """Title, author, keywords …, and the custom properties by which a file can be told apart by programs."""
    document, framework = view.document, view.framework
    engagement, dates = document["engagement"], document["period"]
    client = engagement["client"] if engagement else ""
    firm = engagement["firm"] if engagement else ""
    period = f"{dates['start']} to {dates['end']}" if dates else ""
    tool = f"{document['tool']['name']} {document['tool']['version']}"
    title = " – ".join(filter(None, [f"{framework['name']} attestation", client, period]))
    properties, custom = book.properties, book.custom_doc_props  # type: ignore[attr-defined]
    properties.title = _short(title)
    properties.subject = _short(f"Test of controls for {framework_in_words(framework)}")
    properties.creator = properties.lastModifiedBy = _short(firm or tool)
    properties.category = "Test of controls workpaper"
    properties.keywords = _short(f"{framework['id']}, {document['bundle']['sha256']}")
    properties.created = properties.modified = created(document["as_of"])
    for name, value in (
        ("BundleSHA256", document["bundle"]["sha256"]),
        ("ToolVersion", document["tool"]["version"]),
        ("AuditPeriod", period),
        ("AsOf", document["as_of"] or ""),
        ("Framework", framework["id"]),
        ("SchemaVersion", document["schema_version"]),
    ):
        if value:
            custom.append(StringProperty(name=name, value=_short(value)))


def created(as_of: str | None) -> datetime:
    """``SOURCE_DATE_EPOCH`` if it is set to a time, else the day the result speaks of; never the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if re.fullmatch("[0-9]{1,12}", epoch) and int(epoch) <= _LAST_SECOND:
        return datetime.fromtimestamp(int(epoch), UTC).replace(tzinfo=None)
    try:
        return datetime.fromisoformat(as_of or "").replace(tzinfo=None)
    except ValueError:
        return datetime(*_EPOCH)


def to_bytes(book: Workbook, view: View, sheets: Sequence[SheetData]) -> bytes:
    """The workbook as a file: ``sheets`` filled in, members in the writer's order with one fixed time."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(raw, "w") as stored:  # Workbook.save deflates, for nothing: it is read again at once
        ExcelWriter(book, stored).save()
    modified = created(view.document["as_of"]).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == _CORE:
                data = _MODIFIED.sub(rb"\g<1>" + modified + rb"\g<2>", data)
            elif name == _APP:
                data = _app(view)
            elif position := _SHEET.fullmatch(name):
                data = _filled(data, sheets[int(position[1]) - 1])
            elif name.startswith("xl/charts/chart"):
                data = _OWN_FORMAT.sub(rb'\g<0> sourceLinked="0"', data)
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, data)
    return fixed.getvalue()


def _app(view: View) -> bytes:
    """The extended properties; the writer's own name its version and know no company."""
    engagement = view.document["engagement"]
    company = escape(_short(engagement["firm"])) if engagement else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Application>Microsoft Excel</Application><DocSecurity>0</DocSecurity><Company>{company}</Company>"
        "<AppVersion>16.0300</AppVersion></Properties>"
    ).encode()


def _filled(frame: bytes, sheet: SheetData) -> bytes:
    """A worksheet with its rows and links, in which Excel does not mark account ids as numbers stored as text."""
    frame = _AFTER_LINKS.sub(lambda match: sheet.links + match[0], frame, count=1)
    frame = _AFTER_ERRORS.sub(lambda match: _IDS_AS_TEXT + match[0], frame, count=1)
    return _NO_ROWS.sub(lambda _: sheet.rows, frame, count=1)  # last, since they are long


def _short(text: str) -> str:
    return cell_text(" ".join(text.split()))[:_PROPERTY]
