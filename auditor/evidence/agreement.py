"""Whether what one answer says twice agrees: a name with the ARN that ends in it, an owner with the ARN's account.

AWS makes both from one value, so that an answer in which they differ was changed by somebody or put together from
two: nothing in it can be relied upon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from auditor.evidence.recognise import value_at
from auditor.evidence.registry import Call
from auditor.text import one_line, pointer

_MEMBER = re.compile(r"\{([^}]+)\}")
_ANYTHING = ("", "*")


def disagreements(call: Call, page: Any) -> Iterator[tuple[str, str]]:
    """The places (RFC 6901) of a page whose text contradicts another member beside it, each with a sentence."""
    if call.agree:
        yield from _differing(call.agree, page, ())
    for entry in call.lists:
        items = page.get(entry.member) if isinstance(page, dict) and entry.agree else None
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield from _differing(entry.agree, item, (entry.member, index))


def _differing(
    templates: Sequence[tuple[str, str]], item: Any, above: tuple[str | int, ...]
) -> Iterator[tuple[str, str]]:
    if not isinstance(item, Mapping):
        return
    for member, template in templates:
        told = value_at(item, member)
        if not isinstance(told, str):
            continue
        names = _MEMBER.findall(template)
        others = {name: value_at(item, name) for name in names}
        if not all(isinstance(other, str) and other for other in others.values()):
            continue
        if not _follows(told.removesuffix(":*"), template, others):
            beside = ", ".join(f"{name.rpartition('/')[2]} {one_line(other, 120)}" for name, other in others.items())
            path = (*above, *member.split("/"))
            yield pointer(*path), f"{one_line(told, 200)} contradicts {beside} beside it."


def _follows(text: str, template: str, values: Mapping[str, str]) -> bool:
    """Whether a text is the template with its members filled in; each ``*`` ends where what follows first stands."""
    at, free = 0, False
    for name, literal in _parts(template):
        if (name, literal) == _ANYTHING:
            free = True
            continue
        piece = values[name] if name else literal
        found = text.find(piece, at) if free else at
        if found < 0 or not text.startswith(piece, found):
            return False
        at, free = found + len(piece), False
    return free or at == len(text)


@lru_cache(maxsize=64)
def _parts(template: str) -> tuple[tuple[str, str], ...]:
    """The template as (member, literal) pairs, one of the two empty; ``*`` is a literal of its own."""
    found: list[tuple[str, str]] = []
    for number, piece in enumerate(_MEMBER.split(template)):
        if number % 2:
            found.append((piece, ""))
        else:
            found += [("", part) for part in re.split(r"(\*)", piece) if part]
    return tuple(found)
