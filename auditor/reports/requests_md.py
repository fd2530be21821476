"""``requests.md``: what to ask the client for, ready to send."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.result import AuditResult
from auditor.text import one_line
from auditor.workpaper.alike import Block
from auditor.workpaper.letter import (
    CONCLUDE,
    NO_OWNER,
    OVERVIEW,
    PREPARATION_TITLE,
    STRENGTHEN,
    STRENGTHEN_WHY,
    letter,
)

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")


def requests_page(result: AuditResult, framework_id: str = "") -> bytes:
    """The requests by owner and account, for all frameworks together; UTF-8 Markdown."""
    return ("\n".join(_lines(result)) + "\n").encode("utf-8", "backslashreplace")


def _lines(result: AuditResult) -> Iterator[str]:
    content = letter(result.document)
    yield f"# {_plain(content.title)}"
    if content.facts:
        yield ""
        yield from _table(("", ""), content.facts)
    yield from ("", _plain(content.opening), "")
    yield from _table(OVERVIEW, content.overview)
    for paragraph in content.how:
        yield from ("", _plain(paragraph, 4_000))
    if content.preparation:
        yield from ("", PREPARATION_TITLE, "")
        yield from _code(content.preparation)
    yield from _part(CONCLUDE if content.strengthening else "", "", content.settling)
    yield from _part(STRENGTHEN, STRENGTHEN_WHY, content.strengthening)


def _part(title: str, why: str, owners: Mapping[str, Sequence[Block]]) -> Iterator[str]:
    if not owners:
        return
    if title:
        yield from ("", f"## {title}")
        yield from ("", why) if why else ()
    for owner, blocks in owners.items():
        if owner or len(owners) > 1:
            yield from ("", f"### {_plain(owner or NO_OWNER)}")
        for block in blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    yield from ("", f"#### {_plain(block.heading)}")
    if block.accounts:
        yield from ("", _plain(", ".join(map(" ".join, block.accounts)), len(block.accounts) * 400))
    if block.remark:
        yield from ("", _plain(block.remark, 1_000))
    if block.faults:
        yield from ("", "What was wrong with the last export:", "")
        yield from (f"- {_plain(file)}: {_plain(fault, 700)}" for file, fault in block.faults)
    if block.items:
        yield from ("", "| No. | What | Why |", "|---|---|---|")
        yield from (
            f"| {_plain(item.numbers)} | {_plain(item.what)} | {_plain(item.why, 700)} |" for item in block.items
        )
    if block.questions:
        yield from ("", "Please answer in words:", "")
        yield from (f"- **{_plain(number)}** {_plain(why, 700)}" for number, why in block.questions)
    if block.script:
        yield ""
        yield from _code(block.script)
    if block.afterwards:
        yield from ("", _plain(block.afterwards, 1_000))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(_plain(cell, 700) for cell in row)} |" for row in rows)


def _plain(text: str, limit: int = 400) -> str:
    """``text`` on one line without meaning to Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", one_line(text, limit))


def _code(command: str) -> Iterator[str]:
    """A fenced block that its content cannot end."""
    longest = max((len(run) for run in re.findall("`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}sh"
    yield from (one_line(line, 8_000) for line in command.splitlines())
    yield fence
