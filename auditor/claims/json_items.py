"""The records in a JSON text of any size, one by one: arrays, lines, appended runs, answers around a list.

``ijson`` reads the text; what is built of it is one record at a time, within a budget. Lists that hold records are
never built, and members that say nothing about a claim are left out as they pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import ijson  # type: ignore[import-untyped]
import orjson

from auditor.text import one_line, pointer

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

# Lists (and one object) of which each member is a record of its own, wherever they stand; [] are members of a list
# around the whole.
_EACH = re.compile(
    r"(?:\[\]\.?)*(?:"
    r"|(?:Findings|findings|detail\.findings|hits\.hits|EvaluationResults|ConformancePackRuleEvaluationResults)"
    r"|tests(?:\[\]\.entityResults)?"
    r"|(?:groups\[\]\.)*(?:groups|controls(?:\[\]\.results)?)"
    r"|panels(?:\.\*\.data\.rows)?"
    r")"
)
# Members that are large and say nothing about a claim, by the last part of their path.
_LEFT_OUT = frozenset(
    {"testEntities", "remediation", "Remediation", "risk_details", "raw", "testObj", "RelatedFindings", "layout"}
)
_DIGITS = 1_000
_THREE_DIGITS, _LONG_NUMBER = re.compile(r"[0-9]{3}"), re.compile(rf"[0-9]{{{_DIGITS},}}")
_BUDGET = 1 << 22  # characters of one record; a finding of Security Hub has at most 240,000
_DEPTH = 200
_TOKEN = 1 << 23  # bytes of one string or number; ijson holds it whole

_TOKENS = re.compile(r'\\|"|[\[\]{},]|[\t\n\r ]+|[^\\"\[\]{},\t\n\r ]+')
_CLOSED = frozenset("]}")


@dataclass(frozen=True, slots=True)
class Item:
    """A record: ``path`` with ``[]`` for the members of lists (``Findings[]``, ``""`` for the document)."""

    path: str
    pointer: str
    value: Json


class DamagedJsonError(Exception):
    """The JSON is damaged or breaks off; what stands before that was given. ``mendable``: :class:`Mended` may help."""

    def __init__(self, problem: str, *, mendable: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.mendable = problem, mendable


@dataclass(slots=True)
class _Level:
    """An object or list that is open: what was built of it, and where."""

    path: str
    value: dict[str, Json] | list[Json]
    each: bool  # its members are records
    spent: int  # before it was opened
    key: str = ""
    count: int = 0


@dataclass(slots=True)
class Builder:
    """Records out of the events of a parser. ``narrowed`` counts those larger than any real one, read in part."""

    place: str = ""  # before every pointer
    kept: re.Pattern[str] | None = None  # paths of what is built, where only some of a document matters
    budget: int = _BUDGET
    narrowed: int = 0
    _levels: list[_Level] = field(default_factory=list)
    _skipped: int = 0  # depth within what is left out
    _spent: int = 0

    def feed(self, event: str, value: object) -> Item | None:
        """The record that the event completes, if any. Raises DamagedJsonError."""
        if self._skipped:
            self._skipped += event in ("start_map", "start_array")
            self._skipped -= event in ("end_map", "end_array")
            return None
        if event == "map_key":
            self._levels[-1].key = str(value)
            return None
        if event in ("start_map", "start_array"):
            self._open(event)
            return None
        if event in ("end_map", "end_array"):
            level = self._levels.pop()
            above = self._levels[-1] if self._levels else None
            if above is None or above.each:
                self._spent = level.spent
            return self._put(level.path, level.value)
        return self._put(self._path(), value)  # type: ignore[arg-type]

    def _open(self, event: str) -> None:
        path = self._path()
        over = self._spent > self.budget
        left_out = path.rpartition(".")[2] in _LEFT_OUT if self.kept is None else not self.kept.fullmatch(path)
        if over or left_out:
            self.narrowed += over
            self._skipped = 1
            if self._levels:
                self._levels[-1].count += 1
            return
        if len(self._levels) >= _DEPTH:
            raise DamagedJsonError("is nested more deeply than any scanner's file")
        each = self.kept is None and _EACH.fullmatch(path) is not None
        each = each and (event == "start_array" or path.endswith("panels"))
        self._levels.append(_Level(path, {} if event == "start_map" else [], each, self._spent))
        self._spent += 64

    def _path(self) -> str:
        if not self._levels:
            return ""
        above = self._levels[-1]
        if isinstance(above.value, list):
            return f"{above.path}[]"
        key = "*" if above.each else above.key
        return f"{above.path}.{key}" if above.path else key

    def _put(self, path: str, value: Json) -> Item | None:
        if not self._levels:
            return Item(path, self.place, value)
        above = self._levels[-1]
        item = None
        if above.each:
            steps = (level.count if isinstance(level.value, list) else level.key for level in self._levels)
            item = Item(path, self.place + pointer(*steps), value)
        else:
            self._spent += len(value) if isinstance(value, str) else 8
            if self._spent > self.budget and isinstance(value, str):
                self.narrowed += 1
            elif isinstance(above.value, list):
                above.value.append(value)
            else:
                above.value[above.key] = value
        above.count += 1
        return item


def whole_items(pieces: Iterable[str], builder: Builder) -> Iterator[Item]:
    """The records of a text of one or several JSON values. Raises DamagedJsonError after the last whole one."""
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, multiple_values=True)
    silent = 0
    for piece in _tamed(pieces):
        data = piece.encode("utf-8", "replace")
        damage = None
        try:
            parser.send(data)
        except (ijson.JSONError, ValueError, ArithmeticError) as error:
            damage = DamagedJsonError(_why(error), mendable=isinstance(error, ijson.JSONError))
        silent = 0 if events or piece.isspace() else silent + len(data)
        for event, value in events:
            item = builder.feed(event, value)
            if item is not None:
                yield item
        del events[:]
        if damage is not None:
            raise damage
        if silent > _TOKEN:
            raise DamagedJsonError("holds a text longer than any scanner writes")
    try:
        parser.close()
    except (ijson.JSONError, ValueError):
        raise DamagedJsonError("breaks off before its end") from None


def line_items(lines: Iterable[str | None], builder: Builder, note: Callable[[str, str], None]) -> Iterator[Item]:
    """The records of a text with one JSON value on each line; ``note`` is told of lines that are none."""
    for number, line in enumerate(lines, 1):
        place = f"line {number}"
        if line is None:
            note(place, "is longer than any scanner's record; it was left out")
            continue
        if not line.strip():
            continue
        line_builder = Builder(place)
        try:
            yield from whole_items((line,), line_builder)
        except DamagedJsonError as error:
            note(place, f"is no whole JSON value ({error.problem})")
        builder.narrowed += line_builder.narrowed


def by_lines(head: str) -> bool:
    """Whether a text that begins so has one JSON object on each line, perhaps behind words of another program."""
    lines = [line for line in head.split("\n")[:20] if line.strip()]
    if not lines or lines[0].lstrip().startswith("["):
        return False
    if lines[0].lstrip().startswith("{"):
        return _is_object(lines[0]) and len(lines) > 1
    return any(_is_object(line) for line in lines)


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _why(error: Exception) -> str:
    """What the parser says, without the piece of the text that it prints below."""
    words = str(error).splitlines()[0] if str(error) else "damaged"
    return one_line(words.removeprefix("b'").removeprefix("parse error: ").removeprefix("lexical error: "), 80)


def _tamed(pieces: Iterable[str]) -> Iterator[str]:
    """The text with numbers of thousands of digits cut, on which ijson 3.6 ends the whole process."""
    goes_on = False
    for piece in pieces:
        # Of a run of digits that is too long at least three samples are digits.
        kept = piece
        if _THREE_DIGITS.search(piece[:: _DIGITS // 2]):
            kept = "" if goes_on and piece.isdigit() else _LONG_NUMBER.sub(lambda run: run[0][:_DIGITS], piece)
        goes_on = kept[-1:].isdigit() or (goes_on and not kept)
        yield kept


class Mended:
    """A text of JSON values with what an appended or killed run leaves between them taken out.

    ``[{…}]{…},{…}]`` becomes ``[{…}]{…}{…}``, ``[{…},]`` becomes ``[{…}]``, ``{…}{…}`` within a list gets its comma.
    ``changed``: whether anything was.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = pieces
        self.changed = False

    def __iter__(self) -> Iterator[str]:
        open_: list[str] = []
        in_text, comma, last = False, False, ""
        for piece in self._pieces:
            kept: list[str] = []
            for token in _TOKENS.findall(piece):
                if in_text:
                    kept.append(token)
                    in_text = not (token == '"' and last != "\\")
                    last = "" if last == "\\" else token
                    continue
                if token.isspace():
                    kept.append(token)
                    continue
                if token == ",":
                    comma = bool(open_)
                    self.changed = self.changed or not open_
                    continue
                if token in "]}":
                    self.changed = self.changed or comma or not open_
                    comma = False
                    if not open_ or open_[-1] != token:
                        self.changed = True
                        continue
                    open_.pop()
                elif comma or (open_ and last in _CLOSED and token in "[{"):
                    self.changed = self.changed or not comma
                    kept.append(",")
                    comma = False
                if token in "[{":
                    open_.append("]" if token == "[" else "}")
                in_text = token == '"'
                last = token if token != '"' else ""
                kept.append(token)
            yield "".join(kept)
