"""``requests.docx``: the letter of ``requests.md`` as a Word document; the same result gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from auditor.arn import ACCOUNT_ID
from auditor.result import AuditResult
from auditor.workpaper.alike import Block, Item
from auditor.workpaper.letter import (
    CONCLUDE,
    NO_OWNER,
    OVERVIEW,
    PREPARATION_TITLE,
    STRENGTHEN,
    STRENGTHEN_WHY,
    letter,
)
from auditor.workpaper.wording import visible

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_NUMBER = re.compile("[RS]-[0-9]+")
_ACCOUNT_HERE, _NUMBER_HERE = "\ue000", "\ue001"
_PLACES = re.compile("[\ue000\ue001]|\\\\ue00[01]")  # also as repr writes them
_NOWHEN = datetime(1980, 1, 1, tzinfo=UTC)  # no clock; the earliest that a zip can say
_INK, _PAPER, _HEAD = RGBColor(0x1F, 0x2A, 0x37), "F3F4F6", "E5E7EB"
_WIDTHS = (Cm(2.6), Cm(6.4), Cm(8.0))


def requests_document(result: AuditResult, framework_id: str = "") -> bytes:
    """The requests by owner and account, for all frameworks together, as ``.docx``."""
    content = letter(result.document)
    word = Document()
    _set_up(word, content.title)
    word.add_heading(_plain(content.title), 0)
    if content.facts:
        _table(word, (), content.facts, (Cm(4.0), Cm(13.0)))
    word.add_paragraph(_plain(content.opening))
    _table(word, OVERVIEW, content.overview, (Cm(2.2), Cm(7.0), Cm(4.8), Cm(3.0)))
    for paragraph in content.how:
        word.add_paragraph(_plain(paragraph))
    if content.preparation:
        word.add_paragraph(PREPARATION_TITLE)
        _code(word, content.preparation)
    finished: list[BaseOxmlElement] = []
    _part(word, CONCLUDE if content.strengthening else "", "", content.settling, finished)
    _part(word, STRENGTHEN, STRENGTHEN_WHY, content.strengthening, finished)
    finished += _taken_out(word)
    end = word.element.body.sectPr  # looked for once: the search begins at the first element
    for element in finished:
        end.addprevious(element)
    return _bytes(word)


def _set_up(word: Word, title: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(2.0)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 20), ("Heading 1", 15), ("Heading 2", 13), ("Heading 3", 11.5)):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _INK
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font goes before a named one
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    properties = word.core_properties
    properties.title, properties.author, properties.last_modified_by = _plain(title), "auditor", "auditor"
    properties.created = properties.modified = _NOWHEN
    properties.comments = ""
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(footer, "PAGE")


def _part(
    word: Word, title: str, why: str, owners: Mapping[str, Sequence[Block]], finished: list[BaseOxmlElement]
) -> None:
    """Blocks by owner; each is taken out once it is written, since python-docx searches the whole body for the end at
    every paragraph that it adds.
    """
    if not owners:
        return
    if title:
        word.add_heading(title, 1)
    if why:
        word.add_paragraph(why)
    alike: dict[Block, tuple[Block, list[BaseOxmlElement]]] = {}
    for owner, blocks in owners.items():
        if owner or len(owners) > 1:
            word.add_heading(_plain(owner or NO_OWNER), 2)
        for block in blocks:
            word.add_heading(_plain(block.heading), 3)
            if block.accounts:
                word.add_paragraph(_plain(", ".join(map(" ".join, block.accounts))))
            finished += _taken_out(word)
            form = _form(block)
            if form is not None and form in alike:
                finished += _of_another(*alike[form], block)
                continue
            _block(word, block)
            elements = _taken_out(word)
            finished += elements
            alike = {form: (block, elements)} if form is not None else {}  # they mostly follow each other


def _taken_out(word: Word) -> list[BaseOxmlElement]:
    body, end = word.element.body, word.element.body.sectPr
    elements = [element for element in body if element is not end]
    for element in elements:
        body.remove(element)
    return elements


def _form(block: Block) -> Block | None:
    """A block without its number and account: what another one of the same form says under its heading, too. None for
    what may say something else.
    """
    if not (_NUMBER.fullmatch(block.number) and ACCOUNT_ID.fullmatch(_account(block))) or _PLACES.search(repr(block)):
        return None
    return Block(
        number="",
        account="",
        extent="",
        remark=_open(block.remark, block),
        faults=tuple((_open(file, block), _open(fault, block)) for file, fault in block.faults),
        items=tuple(
            Item(_open(item.numbers, block), _open(item.what, block), _open(item.why, block)) for item in block.items
        ),
        questions=tuple((_open(number, block), _open(why, block)) for number, why in block.questions),
        afterwards=_open(block.afterwards, block),
        script=_open(block.script, block),
    )


def _of_another(drawn: Block, elements: Sequence[BaseOxmlElement], block: Block) -> list[BaseOxmlElement]:
    """What stands under the heading of ``block``, from what was drawn for a block of its form."""
    copies = deepcopy(list(elements))
    for text in (text for element in copies for text in element.iter(qn("w:t"))):
        opened = _open(text.text or "", drawn)
        text.text = opened.replace(_ACCOUNT_HERE, _account(block)).replace(_NUMBER_HERE, block.number)
    return copies


def _open(text: str, block: Block) -> str:
    """A text with places for the account and the number of its block."""
    return text.replace(_account(block), _ACCOUNT_HERE).replace(block.number, _NUMBER_HERE)


def _account(block: Block) -> str:
    return block.account.partition(" ")[0]


def _block(word: Word, block: Block) -> None:
    if block.remark:
        word.add_paragraph(_plain(block.remark))
    if block.faults:
        word.add_paragraph("What was wrong with the last export:").paragraph_format.keep_with_next = True
        for file, fault in block.faults:
            word.add_paragraph(_plain(f"{file}: {fault}"), style="List Bullet")
    if block.items:
        _table(word, ("No.", "What", "Why"), [(item.numbers, item.what, item.why) for item in block.items], _WIDTHS)
    if block.questions:
        word.add_paragraph("Please answer in words:").paragraph_format.keep_with_next = True
        for number, why in block.questions:
            word.add_paragraph(_plain(f"{number} {why}"), style="List Bullet")
    if block.script:
        _code(word, block.script)
    if block.afterwards:
        word.add_paragraph(_plain(block.afterwards))


def _table(word: Word, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[Cm]) -> None:
    body = list(rows)
    table = word.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for number, row in enumerate([*([head] if head else []), *body]):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(_plain(text))
            run.font.size = Pt(9)
            if head and number == 0:
                run.bold = True
                _shade(cell, _HEAD)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if head:
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))  # the head again on each page
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _code(word: Word, text: str) -> None:
    """A paragraph for each line, so that pasted text has its line breaks."""
    lines = text.splitlines()
    style_id = word.styles["No Spacing"].style_id  # asked once: the search takes longer than the paragraph
    for number, line in enumerate(lines):
        paragraph = word.add_paragraph()
        paragraph._p.style = style_id
        paragraph.paragraph_format.space_after = Pt(6 if number == len(lines) - 1 else 0)
        run = paragraph.add_run(visible(line))
        run.font.name, run.font.size = "Consolas", Pt(7.5)
        run.font.no_proof = True
        shading = OxmlElement("w:shd")
        shading.set(qn("w:val"), "clear")
        shading.set(qn("w:fill"), _PAPER)
        paragraph._p.get_or_add_pPr().append(shading)


def _shade(cell: _Cell, fill: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(shading)


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that Word fills in: the number of the page."""
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _plain(text: str) -> str:
    """``text`` without what XML refuses or nobody sees."""
    return visible(text).replace("\n", " ")


def _bytes(word: Word) -> bytes:
    """The package with its members in order and without the time of day."""
    written, out = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _NOWHEN.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
