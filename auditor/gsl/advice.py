"""The mistakes that people really make in rules, each with its likely repair."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.gsl.functions import FUNCTIONS, LIST_STEPS, Parameter, nearest

KEYWORDS = ("and", "or", "not", "in", "like", "regexMatch", "where", "should", "have", "exclude")
_KEYWORDS = "and|or|not|in|like|where|should|have|exclude|true|false|contain|with"
PARAMETERS: dict[Parameter, str] = {"number": "-1", "text": "'text'", "unit": "'days'"}
"""An argument of each kind, for advice."""


_CLOSE = 0.75  # how alike a word must be to a known one; less, and field names look like keywords


@dataclass(frozen=True, slots=True)
class Mistake:
    """``here`` must match at the error, ``before`` up to it."""

    advice: str
    here: str = ""
    before: str = ""


MISTAKES: tuple[Mistake, ...] = (
    Mistake("Typographic quotes do not quote: write plain single quotes.", "[‘’‚‛“”„‟«»´`]"),
    Mistake("This came from the source of a web page: write the sign that it stands for.", r"&(#?\w+);"),
    Mistake("An invisible character stands here: take it out.", "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"),
    Mistake("Comparisons are written =, !=, <, <=, > and >=.", "[≤≥≠≦≧＝＜＞]"),
    Mistake("A minus sign is a plain hyphen.", "[‐‑‒–—−]"),
    Mistake("Double quotes do not quote: write single quotes.", r'"'),
    Mistake("A closing single quote is missing for the string that opens here.", r"'(?:\\'|[^'])*$"),
    Mistake("in takes its values in parentheses: in ('a', 'b').", before=r"\bin\s*$"),
    Mistake("Values in parentheses are separated by commas.", r"['0-9]", r"\bin\s*\([^()]*['0-9]\s+$"),
    Mistake("not stands before the whole test: not FIELD like 'text'.", r"not\b", r"\S\s+$"),
    Mistake("Numbers have at most 18 digits.", r"-?[0-9]{19}"),
    Mistake("A list has no positions: choose its items with FIELD with [CONDITION].", r"\[\s*[0-9]*\s*\]"),
    Mistake("A list step is missing before the bracket: FIELD contain [CONDITION].", r"\["),
    Mistake("Inside [ ] a path starts at the item: write it without $.", r"\.", r"\$$"),
    Mistake("The list of all entities is written List<CloudTrail>.", r"[(<\[]", r"^\s*(?i:list)\s*$"),
    Mistake("This is the id of a rule, not its text.", r"\s*$", r"^\s*[A-Z0-9]+(\.[A-Z0-9]+){2,}\s*$"),
    Mistake("A list step takes its condition in square brackets.", before=r"\b(with|contain(-\w+)?)\s*\([^()]*$"),
    Mistake("Keywords are written in lower case.", before=rf"\b(?!(?:{_KEYWORDS})\b)(?i:{_KEYWORDS})\s*$"),
    Mistake("where stands before should: ENTITY where CONDITION should have CONDITION.", r"where\b", r"\bshould\b"),
    Mistake("Entities are chosen with where: ENTITY where CONDITION should have CONDITION.", r"with\b", r"^\s*\w+\s+$"),
    Mistake("should is missing: ENTITY should have CONDITION.", r"(not\s+)?have\b", r"^\s*[\w<>\s]+$"),
    Mistake("The rule has no condition: write it after have.", r"\s*$", r"\bshould(\s+not)?(\s+have)?\s*$"),
    Mistake("The rule has no should: ENTITY where CONDITION should have CONDITION.", r"\s*$", r"^(?!.*\bshould\b)"),
    Mistake("Keywords are written in lower case.", rf"(?!(?:{_KEYWORDS})\b)(?i:{_KEYWORDS})\b"),
    Mistake("Equality is one equals sign: write =, or !=.", r"=", r"[=!<>]\s*$"),
    Mistake("Write >= or <=.", r"[<>]", r"=\s*$"),
    Mistake("There is no <>: write !=.", r">", r"(?<!List)<\s*$"),
    Mistake("Conditions are joined with the words and, or.", r"&&?|\|\|?|,"),
    Mistake("Negation is the word not before a condition, or != in a comparison.", r"!"),
    Mistake("Numbers are whole.", r"-?[0-9]+\.[0-9]"),
    Mistake("A comment is not part of the rule: leave it out.", r"#|//|--"),
    Mistake("A string stands in single quotes.", r"[A-Za-z0-9]", r"(like)\s*$"),
    Mistake("A rule is one sentence; another one is evaluated by itself.", r"[\w<>]+\s+(should|where)\b", r"\S\s+$"),
    Mistake("A rule is one sentence; something after it does not belong to it.", r";|[A-Z]"),
)


def advice(text: str, offset: int) -> str:
    """The advice for an error at ``offset`` of ``text``, or ``""``."""
    before, here = text[:offset], text[offset : offset + 1]
    opened = open_brackets(before)
    if here in ("]", ")"):
        return _stray(text, offset, opened)
    if not here and opened:
        return f"The bracket {text[opened[-1]]} that opens in column {opened[-1]} is not closed."
    glued = re.search(r"([\w.]+)\s*$", before)
    if here == "[" and glued and (name := next((step for step in LIST_STEPS if glued[1].endswith(step)), None)):
        return f"A blank is missing before {name}: write {glued[1].removesuffix(name).removesuffix('.')} {name}."
    for mistake in MISTAKES:
        if re.compile(mistake.here).match(text, offset) and (
            not mistake.before or re.search(mistake.before, before, re.DOTALL)
        ):
            return mistake.advice
    return _word_advice(before, text[offset:])


def _word_advice(before: str, rest: str) -> str:
    """The advice for a word that stands where none or another one is expected."""
    word = re.match(r"[A-Za-z_][\w-]*", rest)
    if word is None:
        return ""
    name = word[0]
    if name in FUNCTIONS and FUNCTIONS[name].parameters is not None:
        parameters = ", ".join(PARAMETERS[parameter] for parameter in FUNCTIONS[name].parameters or ())
        return f"A function takes its arguments in parentheses: {name}({parameters})."
    if name in LIST_STEPS:
        return f"A list step takes its condition in square brackets: {name} [CONDITION]."
    near = nearest(name, [*KEYWORDS, *FUNCTIONS, *LIST_STEPS], cutoff=_CLOSE)
    if near and near != name:
        return f"Did you mean {near}?"
    misspelt = re.search(r"\bshould\s+(?:not\s+)?(\w+)\s+$", before)
    if misspelt and misspelt[1] != "have" and nearest(misspelt[1], ["have"], cutoff=_CLOSE):
        return "Did you mean have?"
    joined = name not in KEYWORDS and re.search(r"\bshould\b", before)
    return "Conditions are joined with the words and, or." if joined else ""


def _stray(text: str, offset: int, opened: list[int]) -> str:
    bracket = text[offset]
    if not opened:
        return f"The {bracket} closes nothing: leave it out."
    if {"(": ")", "[": "]"}[text[opened[-1]]] != bracket:
        return f"The bracket {text[opened[-1]]} that opens in column {opened[-1]} must be closed first."
    return ""


def open_brackets(text: str, limit: int | None = None) -> list[int]:
    """Where the brackets open that are not closed at the end of ``text``; those in strings do not count.

    Past ``limit`` open ones the rest of the text is not looked at.
    """
    opened: list[int] = []
    for hit in re.finditer(r"'(?:\\'|[^'])*'?|[\[\]()]|regexMatch\s*/(?:\\.|[^/\\\n])+/", text):
        if hit[0] in "([":
            opened.append(hit.start())
            if limit is not None and len(opened) > limit:
                break
        elif hit[0] in ")]" and opened:
            opened.pop()
    return opened
