"""The few kinds of block of which an entry's body is made.

A block is a list whose first element names its kind, so that the template ``blocks.html.jinja`` (bodies that
stand in the page) and the script ``blocks.js`` (bodies made on demand) can both draw it, and neither decides
what it says. Numbers occur only as positions in the page's table of evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

Block = list[object]
EvidenceRef = list[object]  # [position in the evidence table, JSON pointer]
Line = list[str]  # [text, "m" if it is marked, else ""]


def paragraph(text: str, tone: str = "plain") -> Block:
    """A paragraph. ``tone``: plain, lead, note or warn."""
    return ["p", tone, text]


def rule(number: str) -> Block:
    """The number of the rule on which the paragraph before it rests; it leads to the rule's sentence."""
    return ["rule", number]


def heading(text: str) -> Block:
    """A heading within the entry."""
    return ["h", text]


def code(label: str, text: str) -> Block:
    """Preformatted text that can be copied, under a label."""
    return ["code", label, text]


def piece(text: str, *, differs: bool) -> Line:
    """A piece of ``marked``. No number marks it: as one it would be taken for a position in the evidence, other in
    every account, and equal pieces would not be shared.
    """
    return [text, "m" if differs else ""]


def marked(label: str, pieces: Sequence[Line], ref: EvidenceRef | None = None, note: str = "") -> Block:
    """Preformatted text in pieces, some of them marked; ``ref`` is the place of the evidence that it is."""
    return ["marked", label, [list(piece) for piece in pieces], [ref] if ref else [], note]


def facts(rows: Sequence[tuple[str, str]]) -> Block:
    """Label and value pairs."""
    return ["facts", [list(row) for row in rows]]


def compared(rows: Sequence[tuple[str, str, str, EvidenceRef]]) -> Block:
    """Values side by side: what they belong to, name of the member, value, where it stands."""
    return ["compared", [list(row) for row in rows]]


def sets(rows: Sequence[tuple[str, str, Sequence[str]]]) -> Block:
    """Names in sets: kind (both, missing, extra), label, names."""
    return ["sets", [[kind, label, list(names)] for kind, label, names in rows]]


def steps(texts: Sequence[str]) -> Block:
    """A numbered list."""
    return ["steps", list(texts)]


def bullets(texts: Sequence[str]) -> Block:
    """A list without numbers."""
    return ["bullets", list(texts)]


def addresses(urls: Sequence[tuple[str, str]]) -> Block:
    """References as title and URL; an https address becomes a link."""
    return ["addresses", [list(address) for address in urls]]


def chain(boxes: list[list[str]]) -> Block:
    """The seven boxes: letter, link, state, state in words, short name, ``decides`` or ``""``."""
    return ["chain", boxes]


def link_table(rows: list[list[object]]) -> Block:
    """Per link: name, what was found, state, state in words, reason, number of its rule, references to evidence."""
    return ["links", rows]


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """A plain table."""
    return ["table", caption, list(heads), [list(row) for row in rows]]


def evidence(rows: list[EvidenceRef]) -> Block:
    """References to the evidence table, shown with file, digest, pointer and time."""
    return ["evidence", rows]


def fold(summary: str, blocks: list[Block], *, paper: bool = False) -> Block:
    """Blocks behind a summary; ``paper``: which are printed."""
    return ["fold", summary, blocks, "paper" if paper else ""]


def box(tone: str, title: str, blocks: list[Block]) -> Block:
    """Blocks set apart under a title. ``tone``: plain or material."""
    return ["box", tone, title, blocks]
