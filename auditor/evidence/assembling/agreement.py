"""Whether what one answer says twice agrees: a name with the ARN that ends in it, an owner with the ARN's account.

AWS makes both from one value, so that an answer in which they differ was changed by somebody or put together from
two: nothing in it can be relied upon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from auditor.evidence.operations import Call
from auditor.evidence.recognising import value_at
from auditor.text import one_line, pointer


def disagreements(call: Call, page: object) -> Iterator[tuple[str, str]]:
    """The places (RFC 6901) of a page whose text contradicts another member beside it, each with a sentence."""
    if not isinstance(page, dict):
        return
    for member, other, value, expected in _differing(call.agree, page):
        yield pointer(*member.split("/")), _sentence(value, other, expected)
    for entry in call.lists:
        items = page.get(entry.member) if entry.agree else None
        for index, item in enumerate(items if isinstance(items, list) else ()):
            for member, other, value, expected in _differing(entry.agree, item):
                yield pointer(entry.member, index, member), _sentence(value, other, expected)


def _differing(agree: Sequence[tuple[str, str]], item: object) -> Iterator[tuple[str, str, str, str]]:
    """Members whose text does not follow a template: the member, the one it should hold, and what both say."""
    for member, template in agree:
        other, form, start, mark = _form(template)
        value, expected = value_at(item, member), value_at(item, other)
        if isinstance(value, str) and isinstance(expected, str) and expected:
            text = value.removesuffix(":*")
            place = text.find(mark, len(start)) if mark and text.startswith(start) else -1
            if place >= 0 and text[place + len(mark) :] == expected:
                continue  # as the pattern finds it: behind the first mark
            match = form.fullmatch(text)
            if match is None or match[1] != expected:
                yield member, other, value, expected


@lru_cache(maxsize=64)
def _form(template: str) -> tuple[str, re.Pattern[str], str, str]:
    """The member that a template names, and the template as a pattern whose only group is that member's text; of a
    template that ends with the member after one ``*`` also what stands before and after that.
    """
    before, member, after = re.split(r"\{([^}]+)\}", template)
    ahead, behind = (re.escape(part).replace(r"\*", ".*?") for part in (before, after))
    start, _, mark = before.partition("*")
    pattern = re.compile(f"{ahead}({'.*?' if after else '.*'}){behind}", re.DOTALL)
    return member, pattern, start, "" if after or "*" in mark else mark


def _sentence(value: str, other: str, expected: str) -> str:
    return f"{one_line(value, 200)} contradicts {other.rpartition('/')[2]} {one_line(expected, 120)} beside it."
