"""What a format is: of tables, of JSON records, of whole texts; and how members of records are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from auditor.claims.json_items import Item, Json
from auditor.claims.sink import Sink
from auditor.claims.text_stream import TextStream
from auditor.verdict import ClaimWord

Record = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a table, read by the names of its columns; ``place`` is its line."""

    columns: Mapping[str, int]
    cells: Sequence[str]
    place: str

    def __getitem__(self, name: str) -> str:
        at = self.columns.get(name)
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""

    def first(self, *names: str) -> str:
        """The first of these cells that holds something."""
        return next((text for name in names if (text := self[name])), "")


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A table told by its header: the columns it must have, and what reads a row."""

    columns: frozenset[str]
    read: Callable[[Cells, Sink], None]


class JsonFormat(Protocol):
    """A format of JSON records; one object reads one file, and may hold a record until another explains it."""

    def item(self, item: Item, sink: Sink) -> bool:
        """Whether the record is this format's; if so it was read."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format told by how its text begins, and read as a whole. ``read`` may raise DamagedJsonError."""

    begins: Callable[[str], bool]
    read: Callable[[TextStream, Sink], None]


def record_of(item: Item) -> Record | None:
    """The record, out of the wrapper of an index dump; None if it is no object."""
    value = item.value
    if not isinstance(value, dict):
        return None
    source = value.get("_source")
    return source if isinstance(source, dict) else value


def at(record: Json | Record, path: str) -> Json:
    """The member at a dotted path, nested or flat; of a list its first; None if there is none.

    >>> at({"cloud": {"account": {"uid": "1"}}}, "cloud.account.uid")
    '1'
    """
    if isinstance(record, Mapping) and path in record:
        return record[path]
    value: Json | Record = record
    for key in path.split("."):
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value if not isinstance(value, Mapping) or isinstance(value, dict) else dict(value)


def text_at(record: Json | Record, *paths: str) -> str:
    """The first of these members that is a text or number, ``""`` if none is."""
    for path in paths:
        value = at(record, path)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def word_of(status: str, passes: str, fails: str) -> ClaimWord:
    """PASS or FAIL by the scanner's two words, in any case; everything else is UNDECIDED."""
    plain = status.strip().upper()
    return "PASS" if plain == passes else "FAIL" if plain == fails else "UNDECIDED"


def said_yes(text: str) -> bool:
    """Whether a cell says true, as programs and spreadsheets write it."""
    return text.strip().casefold() in ("true", "yes", "1", "wahr", "vrai")
