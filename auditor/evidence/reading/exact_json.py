"""JSON read exactly: several documents, long integers, repeated keys, and what is not JSON but looks like it.

Slow and complete, beside orjson, which is fast and keeps silent on repeated keys and long integers.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.text import pointer

MOST_LEVELS = 254  # as deep as orjson writes; the deepest export has about ten
MOST_ODDITIES = 1_000  # of one kind in a document, each with its place; no export has one
_TOO_DEEP = f"is nested more than {MOST_LEVELS} levels deep"
_BETWEEN = re.compile("[ \t\r\n\ufeff]*")  # a mark stands before each document that Windows appended
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BEGUN = re.compile(r'|"|[-.]|[eE][-+]?|t(ru?)?|f(a(ls?)?)?|n(ul?)?|\\?u?[0-9a-fA-F]{0,4}')  # a value, cut off
_BEGUN_CHARACTERS = 12
_INT64_DIGITS = 18  # every integer of so many digits fits into 64 bits
_READABLE_DIGITS = 4_000  # CPython refuses to turn more than 4,300 digits into an integer


@dataclass(frozen=True, slots=True)
class Oddity:
    """A place where the text is not plain JSON: ``code``, and ``what`` is there.

    Codes: ``duplicate-keys``, ``nan``, ``huge-integer`` (past 64 bits; both read as null), ``lone-surrogate`` (kept
    as its escape). Of one kind, those past ``MOST_ODDITIES`` are one of so many ``places`` that stands at the whole
    document.
    """

    pointer: str
    code: str
    what: str
    places: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """Where and why (with ``{place}`` for where) the text cannot be read further.

    Codes: ``not-json``, ``cut-short``, ``too-deep``.
    """

    position: int
    code: str
    why: str


@dataclass(slots=True)
class Exact:
    """The documents of a text, in order, with the oddities of each; ``fault`` if not all of it is JSON."""

    documents: list[object] = field(default_factory=list)
    oddities: list[list[Oddity]] = field(default_factory=list)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _NoNumber:
    code: str
    what: str


def read_exact(text: str) -> Exact:
    """All JSON documents of ``text``, up to the first fault."""
    result = Exact()
    reader = _Reader(text)
    position = _skip(text, 0)
    while position < len(text):
        try:
            document, oddities, position = reader.document(position)
        except json.JSONDecodeError as error:
            result.fault = _fault(text, error)
            return result
        except RecursionError:
            result.fault = Fault(position, "too-deep", _TOO_DEEP)
            return result
        if not _within_depth(document):
            result.fault = Fault(position, "too-deep", _TOO_DEEP)
            return result
        result.documents.append(document)
        result.oddities.append(oddities)
        position = _skip(text, position)
    return result


def _within_depth(document: object) -> bool:
    level = [document]
    for _ in range(MOST_LEVELS):
        level = [
            child
            for parent in level
            if isinstance(parent, (dict, list))
            for child in (parent if isinstance(parent, list) else parent.values())
        ]
        if not level:
            return True
    return not any(isinstance(value, (dict, list)) for value in level)


def _skip(text: str, position: int) -> int:
    between = _BETWEEN.match(text, position)
    return between.end() if between else position


def _fault(text: str, error: json.JSONDecodeError) -> Fault:
    rest = text[error.pos : error.pos + _BEGUN_CHARACTERS].strip()
    to_the_end = len(text) - error.pos <= _BEGUN_CHARACTERS
    if error.msg.startswith("Unterminated string") or (to_the_end and _BEGUN.fullmatch(rest)):
        return Fault(error.pos, "cut-short", "ends too early at {place}, in the middle of its JSON")
    why = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
    return Fault(error.pos, "not-json", f"is no JSON from {{place}} on: {why}")


class _Reader:
    """Reads one document after the other, noting what only the parser sees."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._repeated: list[tuple[dict[str, object], str]] = []
        self._odd_numbers = False
        self._surrogates = bool(_ESCAPED_SURROGATE.search(text) or _SURROGATE.search(text))
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._float,
            parse_constant=self._constant,
        )

    def document(self, position: int) -> tuple[object, list[Oddity], int]:
        """The document at ``position``, its oddities, and where it ends. Raises as ``json`` does."""
        self._repeated.clear()
        self._odd_numbers = False
        document, end = self._decoder.raw_decode(self._text, position)
        if not (self._repeated or self._odd_numbers or self._surrogates):
            return document, [], end
        box = [document]
        oddities = self._mended(box)
        return box[0], oddities, end

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) < len(pairs):
            self._repeated.append((members, _first_repeated(pairs)))
        return members

    def _integer(self, digits: str) -> int | _NoNumber:
        if len(digits) <= _INT64_DIGITS:
            return int(digits)
        self._odd_numbers = True
        if len(digits) > _READABLE_DIGITS:
            return _NoNumber("huge-integer", f"an integer of {len(digits):,} digits")
        return int(digits)

    def _float(self, digits: str) -> float | _NoNumber:
        number = float(digits)
        return number if math.isfinite(number) else self._constant(digits[:20])

    def _constant(self, name: str) -> _NoNumber:
        self._odd_numbers = True
        return _NoNumber("nan", f"{name}, which JSON has no number for")

    def _mended(self, box: list[object]) -> list[Oddity]:
        """What is odd in the value that ``box`` holds, in its order, mended in place where it can be."""
        repeated = {id(members): key for members, key in self._repeated}
        tally = _Tally()
        inside: list[tuple[dict[str, object] | list[object], _Place | None, Iterator[tuple[Any, object]]]]
        inside = [(box, None, iter(enumerate(box)))]
        while inside:
            parent, above, children = inside[-1]
            for name, child in children:
                place = None if parent is box else _Place(above, name)
                if isinstance(child, (dict, list)):
                    if id(child) in repeated:
                        tally.add(place, "duplicate-keys", f'the key "{repeated[id(child)]}" twice')
                    if isinstance(child, dict):
                        if self._surrogates:
                            _rename(child, place, tally)
                        inside.append((child, place, iter(child.items())))
                    else:
                        inside.append((child, place, iter(enumerate(child))))
                    break
                if odd := _odd_scalar(child):
                    parent[name] = odd[0]
                    tally.add(place, *odd[1:])
            else:
                inside.pop()
        return tally.oddities()


@dataclass(frozen=True, slots=True)
class _Place:
    """A member or an item in what stands above it; its pointer is put together only where it is told."""

    above: _Place | None
    name: str | int

    def pointer(self) -> str:
        names: list[str] = []
        place: _Place | None = self
        while place is not None:
            names.append(pointer(place.name))
            place = place.above
        return "".join(reversed(names))


class _Tally:
    """Oddities by kind: the first with their places, the others as a number."""

    def __init__(self) -> None:
        self._kept: list[Oddity] = []
        self._numbers: Counter[str] = Counter()

    def add(self, place: _Place | None, code: str, what: str) -> None:
        self._numbers[code] += 1
        if self._numbers[code] <= MOST_ODDITIES:
            self._kept.append(Oddity(_escaped(place.pointer()) if place else "", code, what))

    def oddities(self) -> list[Oddity]:
        further = ((code, number - MOST_ODDITIES) for code, number in sorted(self._numbers.items()))
        return [*self._kept, *(Oddity("", code, "the same", number) for code, number in further if number > 0)]


def _first_repeated(pairs: list[tuple[str, object]]) -> str:
    """The first key that stands there already."""
    keys: set[str] = set()
    for key, _ in pairs:
        if key in keys:
            return key
        keys.add(key)
    return ""


def _rename(members: dict[str, object], place: _Place | None, tally: _Tally) -> None:
    """Puts escapes for halves of characters in the keys."""
    for name in [name for name in members if _SURROGATE.search(name)]:
        members[_escaped(name)] = members.pop(name)
        tally.add(_Place(place, name), "lone-surrogate", "half of a character in a key")


def _odd_scalar(value: object) -> tuple[object, str, str] | None:
    """What stands for an odd scalar, the code of its oddity, and what it is; None for a plain one."""
    if isinstance(value, _NoNumber):
        return None, value.code, value.what
    if isinstance(value, str) and _SURROGATE.search(value):
        return _escaped(value), "lone-surrogate", "half of a character"
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return None, "huge-integer", f"an integer of {len(str(abs(value))):,} digits"
    return None


def _escaped(text: str) -> str:
    return _SURROGATE.sub(lambda surrogate: f"\\u{ord(surrogate[0]):04x}", text)
