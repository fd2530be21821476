"""Sets of texts: wildcards, regular expressions, number texts.

A language is a union of branches, each a plain sequence of repeated character sets that must fit the whole
text, or what an automaton of its own recognises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from auditor.patterns.regex import ANY
from auditor.patterns.syntax import Characters, Glob, Regex, Repeat

SAMPLE_LIMIT = 200
"""Characters of a sample at most: it is there to be read."""

FILLER = "Other"
"""What a witness text has where anything would do."""

Sequence_ = tuple[Repeat, ...]

ANYTHING = Repeat(ANY, 0, None)


@dataclass(frozen=True, slots=True)
class Language:
    """A set of texts; two with the same ``name`` are the same set.

    ``automaton``: recognises the set where it is not one of branches; then ``likely`` may be a text of it.
    """

    name: str
    branches: tuple[Sequence_, ...] = field(compare=False, repr=False)
    automaton: Any = field(default=None, compare=False, repr=False)
    likely: str = field(default="", compare=False, repr=False)

    def backwards(self) -> Language | None:
        """The texts read from their end; None where the language is not one of branches."""
        if self.automaton is not None:
            return None
        return Language("backwards " + self.name, tuple(branch[::-1] for branch in self.branches))

    @property
    def ends(self) -> tuple[bool, bool]:
        """Whether the texts have a fixed start, and a fixed end."""
        return (
            any(not branch or branch[0] != ANYTHING for branch in self.branches),
            any(not branch or branch[-1] != ANYTHING for branch in self.branches),
        )


EVERY_TEXT = Language("*", ((ANYTHING,),))


def literal(text: str) -> Sequence_:
    """The sequence that is exactly ``text``."""
    return tuple(Repeat(Characters(frozenset(character)), 1, 1) for character in text)


@lru_cache(maxsize=4096)
def of_glob(glob: Glob) -> Language:
    """The texts that fit a value with wildcards."""
    items: list[Repeat] = list(literal(glob.pieces[0]))
    for piece in glob.pieces[1:]:
        items += [ANYTHING, *literal(piece)]
    language = Language("glob " + "*".join(glob.pieces) + f" {len(glob.pieces)}", (tuple(items),))
    return EVERY_TEXT if glob.pieces == ("", "") else language


@lru_cache(maxsize=4096)
def exactly(text: str) -> Language:
    """The one text."""
    return Language("exactly " + text, (literal(text),))


@lru_cache(maxsize=4096)
def of_regex(regex: Regex) -> Language:
    """The texts in which a regular expression is found."""
    return Language(
        "regex " + regex.source,
        tuple(
            (*([] if branch.at_start else [ANYTHING]), *branch.items, *([] if branch.at_end else [ANYTHING]))
            for branch in regex.branches
        ),
    )


@lru_cache(maxsize=4096)
def containing(text: str) -> Language:
    """The texts that contain ``text``."""
    return Language("containing " + text, ((ANYTHING, *literal(text), ANYTHING),))


def samples(language: Language) -> list[str]:
    """A few short, legible texts of the language (none is promised)."""
    texts = [text for text in [language.likely] if 0 < len(text) <= SAMPLE_LIMIT]
    for filler in ("", FILLER):
        for branch in language.branches:
            parts = []
            for item in branch:
                if item == ANYTHING:
                    parts.append(filler)
                else:
                    parts.append(_readable(item.characters) * min(item.least, SAMPLE_LIMIT + 1))
            text = "".join(parts)
            if len(text) <= SAMPLE_LIMIT:
                texts.append(text)
    return texts


_LEGIBLE = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz0123456789-_./:= "


def _readable(characters: Characters) -> str:
    if not characters.negated:
        return min(characters.members, key=legibility, default="")
    return next(character for character in legible() if character not in characters.members)


def legibility(character: str) -> tuple[bool, str]:
    """Sorts legible characters first."""
    return character not in _LEGIBLE, character


def legible() -> Iterable[str]:
    """Characters to choose from, legible ones first."""
    yield from _LEGIBLE
    yield from (chr(code) for code in range(0xA1, 0xD800))
