"""The rules on which verdicts rest: data in ``rules.json``, read once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from auditor.resources import PACKAGE

Known = Literal["documented", "observed", "ours"]
"""How a rule is known: stated by AWS, reported from running accounts, or our own reading."""

_KNOWN_WORDS = {"documented": "stated by AWS", "observed": "reported from running accounts", "ours": "our own reading"}


def known_in_words(known: Iterable[str]) -> str:
    """How a rule is known: ``stated by AWS, our own reading``; a word of another version as it is."""
    return ", ".join(_KNOWN_WORDS.get(how, how) for how in known)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is stated: a work, and a page, shape or issue in it; ``url`` is ``""`` where none is known."""

    work: str
    page: str
    url: str

    def __str__(self) -> str:
        return f"{self.work}: {self.page}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered rule.

    ``says`` states it in one to three sentences; ``links`` are the links of the chain that it is about (none: all);
    ``no_reason`` says why no reason code names the rule (``""``: one does).
    """

    id: str
    title: str
    says: str
    known: tuple[Known, ...]
    sources: tuple[Source, ...]
    links: tuple[str, ...]
    no_reason: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules that share a letter."""

    letter: str
    title: str
    rules: tuple[Rule, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """All rules by chapter, in the order of the chain."""
    law = json.loads((PACKAGE / "rules" / "rules.json").read_text(encoding="utf-8"))
    works: dict[str, str] = law["works"]

    def source(text: str) -> Source:
        work, _, page = text.partition(": ")
        return Source(work, page, works[work].format(page))

    def rule(entry: dict[str, Any]) -> Rule:
        return Rule(
            entry["id"],
            entry["title"],
            entry["says"],
            tuple(entry["known"]),
            tuple(map(source, entry["sources"])),
            tuple(entry["links"]),
            entry.get("no_reason", ""),
        )

    return tuple(
        Chapter(chapter["letter"], chapter["title"], tuple(map(rule, chapter["rules"]))) for chapter in law["chapters"]
    )


@cache
def rules() -> dict[str, Rule]:
    """All rules by number (``"T12"``), in the order of the chapters."""
    return {rule.id: rule for chapter in chapters() for rule in chapter.rules}
