"""Reason codes: data in ``reasons.json`` (sentence, link, rule of the chain's semantics, what settles it)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from auditor.resources import PACKAGE
from auditor.text import one_line


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code. ``settles`` is the call whose capture settles it, ``""`` if none does."""

    code: str
    link: str
    rule: str
    sentence: str
    settles: str


@cache
def reasons() -> dict[str, Reason]:
    """All reasons by code."""
    facts = json.loads((PACKAGE / "judgement" / "reasons.json").read_text(encoding="utf-8"))
    return {
        code: Reason(code, entry["link"], entry["rule"], entry["sentence"], entry.get("settles", ""))
        for code, entry in facts.items()
    }


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"(no {key})"


def sentence(code: str, facts: Mapping[str, str]) -> str:
    """The reason as one sentence, with the facts of the evidence filled in and made safe for one line."""
    safe = _Facts({name: one_line(value, 300) for name, value in facts.items()})
    text = reasons()[code].sentence.format_map(safe)
    return text.replace(": .", ".").replace("..", ".").replace(" :", ":")
