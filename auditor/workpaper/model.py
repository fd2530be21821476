"""What a sheet and a column of the workpaper are; reports write them, a review reads them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from auditor.workpaper.view import View


class Kind(Enum):
    """How the values of a column are written."""

    TEXT = auto()  # prose and names; always a string, never a formula
    CODE = auto()  # identifiers, ARNs, digests, patterns, commands: monospaced
    COUNT = auto()  # int
    SHARE = auto()  # float from 0 to 1, shown as a percentage
    DATE = auto()  # ISO date
    TIME = auto()  # ISO 8601 time with zone, shown in UTC
    FLAG = auto()  # bool, shown as Yes or No
    VERDICT = auto()  # words that begin with PASS, FAIL, INCONCLUSIVE or NOT ASSESSED
    MARK = auto()  # tickmark: P, F, I, with small letters beside it
    INPUT = auto()  # people's: empty, or as they wrote it in an earlier workbook


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` takes it from a record of the sheet; None means "nothing to say".

    ``width`` in characters. ``link``: title of the sheet to whose key the cell leads; the key is ``target`` of the
    record, else the first word of the value. ``choices``: the words that people may
    enter. ``upright``: the header is turned, since the column is narrower than it. ``detail``: folded away with those
    beside it until somebody opens them.
    """

    name: str
    header: str
    value: Callable[[Any], object]
    kind: Kind = Kind.TEXT
    width: int = 16
    link: str = ""
    target: Callable[[Any], str] | None = None
    choices: tuple[str, ...] = ()
    upright: bool = False
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the workpaper.

    ``key``: name of the column that links from other sheets aim at (their first row with that value).
    ``frozen``: number of columns that stay in view. ``tickmarks``: the legend stands above the table. ``lines``: what a
    row shows of its texts at most (0: all). ``portrait``: printed upright. ``tallied``: below the table stands how many
    tickmarks of each verdict a column has. ``printed``: whether a record is printed; those that are stand first.
    ``paper``: so many rows are printed at most; of more, the heading, which says so.
    """

    title: str
    purpose: str
    records: Callable[[View], Iterable[Any]]
    columns: Callable[[View], tuple[Column, ...]]
    key: str = ""
    frozen: int = 1
    tickmarks: bool = False
    lines: int = 0
    portrait: bool = False
    tallied: bool = False
    printed: Callable[[Any], bool] | None = None
    paper: int = 1_000


def field(path: str) -> Callable[[object], Any]:
    """A function that follows ``path`` (``"chain.covers.regions"``) through attributes and members.

    >>> field("a.b")({"a": {"b": 1}})
    1
    """
    names = path.split(".")

    def follow(record: object) -> object:
        for name in names:
            if record is None:
                return None
            record = record.get(name) if isinstance(record, Mapping) else getattr(record, name)
        return record

    return follow


def words(path: str) -> Callable[[object], str | None]:
    """A function that gives the value at ``path`` with its underscores as blanks."""
    source = field(path)

    def text(record: object) -> str | None:
        value = source(record)
        return value.replace("_", " ") if value else None

    return text


def nothing(record: object) -> None:
    """The value of a column that people fill in."""


def columns(*declared: Column) -> Callable[[View], tuple[Column, ...]]:
    """Columns that are the same for every framework."""
    return lambda view: declared
