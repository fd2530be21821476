"""The two queries that a client runs where the logs lie: how many events there are, and those to be replayed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.errors import AuditorError
from auditor.patterns.sql.dialects import Dialect
from auditor.patterns.sql.literals import comment
from auditor.patterns.sql.sieve import WIDENED, Members, Sieve, sieve
from auditor.patterns.syntax import Name, Pattern, Selector

RECIPIENT: Selector = (Name("recipientAccountId"),)
CALLER: Selector = (Name("userIdentity"), Name("accountId"))
TIME: Selector = (Name("eventTime"),)
EVENT: Selector = (Name("eventName"),)
COUNTED = (RECIPIENT, CALLER, TIME, EVENT)
"""What the first query groups by, as the replay does (``auditor.replay.count``)."""


@dataclass(frozen=True, slots=True)
class Queries:
    """What to run: ``count`` gives a row per account and day with ``events``, ``others`` and ``selected``; ``select``
    gives each selected event as it was recorded, a line each.

    ``others`` are entries of the logs that are no events. ``header`` says in comments what the queries select.
    """

    dialect: Dialect
    sieves: tuple[Sieve, ...]
    header: str
    count: str
    select: str

    @property
    def exact(self) -> bool:
        """Whether ``select`` gives exactly what the patterns count."""
        return all(each.exact for each in self.sieves)

    @property
    def script(self) -> str:
        """Both statements, each under its comment."""
        first, second = "-- 1. How many events there are", "-- 2. Those to be replayed"
        return f"{self.header}\n\n{first}\n{self.count};\n\n{second}\n{self.select};"


def queries(patterns: Iterable[Pattern], dialect: Dialect, place: str | None = None) -> Queries:
    """The queries over ``place`` (files or a table, as the dialect has it) that select all that the patterns count.

    Raises AuditorError if ``place`` is none that can stand in a query.
    """
    if place is not None and not dialect.places.fullmatch(place):
        raise AuditorError(
            f"{comment(place)} cannot stand in a query of {dialect.title}.", remedy=f"Give {dialect.place_words}."
        )
    members = Members()
    sieves = tuple(sieve(pattern, dialect, members) for pattern in dict.fromkeys(patterns))
    read = tuple(members.numbers)
    where = "\n    OR ".join(dict.fromkeys(each.where for each in sieves)) or "FALSE"
    if dialect.repeated:
        where += "".join(f"\n    OR {condition}" for condition in _repeated(read, dialect))
    for selector in COUNTED:
        members.number(selector)
    source = dialect.source.format(place=place or dialect.place)
    return Queries(
        dialect,
        sieves,
        "\n".join(f"-- {line}" for line in _header(sieves, dialect)),
        dialect.count.format(query=_count(members, source, where, dialect)),
        dialect.select.format(query=_select(read, source, where, dialect)),
    )


def _select(read: Sequence[Selector], source: str, where: str, dialect: Dialect) -> str:
    return f"{_with(read, source, where, dialect)}\nSELECT {dialect.line}\n  FROM members\n  WHERE {where}"


def _count(members: Members, source: str, where: str, dialect: Dialect) -> str:
    recipient, caller, time, name = (f"text{members.number(selector)}" for selector in COUNTED)
    what = (
        f"SELECT coalesce(nullif({recipient}, ''), {caller}, '') AS account,\n"
        f"    substr(coalesce({time}, ''), 1, 10) AS day,\n"
        f"    count({name}) AS events,\n"
        f"    count(*) - count({name}) AS others,\n"
        f"    count(CASE WHEN {where}\n    THEN 1 END) AS selected\n"
        "  FROM members\n  GROUP BY 1, 2\n  ORDER BY 1, 2"
    )
    return f"{_with(tuple(members.numbers), source, what, dialect)}\n{what}"


def _with(read: Sequence[Selector], source: str, what: str, dialect: Dialect) -> str:
    """The events with kind, text and number of each member that is read, those that ``what`` names."""
    named = set(re.findall(r"\b(?:kind|text|number)[0-9]+\b", what))
    values, columns = ["event"], ["event"]
    for number, selector in enumerate(read, 1):
        path = dialect.path(selector)
        value = f"value{number}"
        values.append(f"{dialect.value.format(path=path)} AS {value}")
        columns += [
            f"{template.format(value=value)} AS {name}{number}"
            for name, template in (("kind", dialect.kind), ("text", dialect.text), ("number", dialect.number))
            if f"{name}{number}" in named
        ]
    between = ",\n    "
    return (
        f"WITH events AS (\n  {source}\n), extracted AS (\n  SELECT {between.join(values)}\n  FROM events\n"
        f"), members AS (\n  SELECT {between.join(columns)}\n  FROM extracted\n)"
    )


def _repeated(read: Iterable[Selector], dialect: Dialect) -> Iterator[str]:
    """Whether an object on the way to what is read has a member twice."""
    objects = dict.fromkeys(selector[:length] for selector in read for length in range(len(selector)))
    for selector in objects:
        value = dialect.value.format(path=dialect.path(selector)) if selector else "event"
        yield dialect.repeated.format(value=value)


def _header(sieves: Sequence[Sieve], dialect: Dialect) -> Iterator[str]:
    yield f"{dialect.title}: selects from raw CloudTrail log files, auditor audit --events decides."
    if not dialect.run:
        yield "The text was checked by a parser of this dialect, and was not run on the engine."
    for number, each in enumerate(sieves, 1):
        yield f"Pattern {number}: {comment(str(each.pattern))}"
        yield "  selects exactly what it counts." if each.exact else "  selects all that it counts, and more:"
        for code in each.widened:
            yield f"  {WIDENED[code]} ({code})."
        if each.assumptions:
            yield f"  follows the readings {', '.join(each.assumptions)} (docs/patterns.md)."
    if dialect.repeated:
        yield f"Also, {WIDENED['repeated-members']}."
