"""Reason codes: data in ``reasons.json``, one entry a code (title, link, rule, sentence)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from auditor.resources import PACKAGE
from auditor.text import one_line


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a link is broken or unknown, or what a finding remarks on.

    ``title`` is a heading, ``link`` the link that the reason is about (``""``: none), ``rule`` the rule that decides,
    ``sentence`` what happened, with the facts of the evidence as ``{name}``.
    """

    code: str
    title: str
    link: str
    rule: str
    sentence: str


@cache
def reasons() -> dict[str, Reason]:
    """All reasons by code."""
    entries = json.loads((PACKAGE / "rules" / "reasons.json").read_text(encoding="utf-8"))
    return {code: Reason(code, **entry) for code, entry in entries.items()}


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"(no {key})"


def sentence(code: str, facts: Mapping[str, str]) -> str:
    """The reason as one sentence, with the facts of the evidence filled in and made safe for one line."""
    safe = _Facts({name: one_line(value, 300) for name, value in facts.items()})
    text = reasons()[code].sentence.format_map(safe)
    return text.replace(": .", ".").replace("..", ".").replace(" :", ":")


def reason_title(code: str) -> str:
    """The title of a reason code; of one that has none (a result of another version) its words.

    >>> reason_title("subscription-pending"), reason_title("a-later-code")
    ('The subscription has not been confirmed', 'A later code')
    """
    reason = reasons().get(code)
    return reason.title if reason else code.replace("-", " ").capitalize()
