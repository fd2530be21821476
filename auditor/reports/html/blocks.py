"""The few kinds of block of which a finding's card is made.

A block is a list whose first element names its kind, so that the template ``blocks.html.jinja`` (cards that
stand in the page) and the script ``blocks.js`` (cards made on demand) can both draw it, and neither decides
what a card says. Numbers occur only as positions in the page's table of evidence.
"""

from __future__ import annotations

Block = list[object]
EvidenceRef = list[object]  # [position in the evidence table, JSON pointer]


def paragraph(text: str, tone: str = "plain") -> Block:
    """A paragraph. ``tone``: plain, lead, note or warn."""
    return ["p", tone, text]


def rule(number: str) -> Block:
    """The number of the rule on which the paragraph before it rests; it leads to the rule's sentence."""
    return ["rule", number]


def heading(text: str) -> Block:
    return ["h", text]


def code(label: str, text: str) -> Block:
    """Preformatted text that can be copied, under a label."""
    return ["code", label, text]


def facts(rows: list[tuple[str, str]]) -> Block:
    """Label and value pairs."""
    return ["facts", [list(row) for row in rows]]


def steps(texts: list[str]) -> Block:
    """A numbered list."""
    return ["steps", list(texts)]


def bullets(texts: list[str]) -> Block:
    return ["bullets", list(texts)]


def addresses(urls: list[str]) -> Block:
    """References; an https address becomes a link."""
    return ["addresses", list(urls)]


def chain(boxes: list[list[str]]) -> Block:
    """The seven boxes: letter, link, state, state in words, short name, ``decides`` or ``""``."""
    return ["chain", boxes]


def link_table(rows: list[list[object]]) -> Block:
    """Per link: name, what was found, state, state in words, reason, number of its rule, references to evidence."""
    return ["links", rows]


def evidence(rows: list[EvidenceRef]) -> Block:
    """References to the evidence table, shown with file, digest, pointer and time."""
    return ["evidence", rows]


def fold(summary: str, blocks: list[Block]) -> Block:
    """Blocks behind a summary."""
    return ["fold", summary, blocks]


def box(tone: str, title: str, blocks: list[Block]) -> Block:
    """Blocks set apart under a title. ``tone``: plain or material."""
    return ["box", tone, title, blocks]
