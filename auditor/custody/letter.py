"""The cover letter of a package: what is in it, what it says, and how its reader proves that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from auditor.reports.html.security import policy
from auditor.result import AuditResult
from auditor.workpaper.wording import counts_in_words, redaction_in_words, seal_in_words, tone, visible


@dataclass(frozen=True, slots=True)
class Content:
    """One part of a package: where it is, what it is, and the digest (of what, in words) that proves it."""

    path: str
    words: str
    files: int
    sha256: str
    of: str


def letter(result: AuditResult, contents: Sequence[Content], *, evidence: bool) -> bytes:
    """The letter as a self-contained page, UTF-8. ``evidence``: whether the package holds it."""
    document = result.document
    style = _file("letter.css")
    text = (
        _environment()
        .get_template("letter.html.jinja")
        .render(
            document=document,
            engagement=document["engagement"],
            contents=contents,
            evidence=evidence,
            redaction=redaction_in_words(document["redaction"]) if "redaction" in document else "",
            seal=seal_in_words(document["bundle"]),
            style=style,
            policy=policy(style, ""),
            frameworks=[
                (framework, counts_in_words(framework["verdict"], framework["counts"]))
                for framework in document["frameworks"]
            ],
        )
    )
    return text.encode("utf-8", "backslashreplace")


def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "tone": tone}
    return environment
