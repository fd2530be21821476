"""The way from members to evidence: decode, recognise, place, date, validate, assemble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from auditor.bundle import Bundle
from auditor.engagement.scope import ScopeEntry
from auditor.errors import Problem
from auditor.evidence.assemble import Responses, assemble
from auditor.evidence.capture import Capture, Place, TimeSource
from auditor.evidence.check import check, shadow_problems, token_problems
from auditor.evidence.classify import Found, OtherMember, Sorted, believe_call, sort_in
from auditor.evidence.locate import name_resource, place, place_by_scope, place_by_siblings, unplaced
from auditor.evidence.place import Siblings
from auditor.evidence.record import Record, narrowed_by

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bundle says: captures, responses assembled from them, other files, and problems met."""

    name: str
    sha256: str
    captures: tuple[Capture, ...]
    others: tuple[OtherMember, ...]
    responses: Responses
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What people say that dates and places captures.

    ``captured_on`` (ISO date) dates captures that no capture record dates. ``period`` (ISO dates, inclusive):
    captures that are known to lie outside it and the ``grace_days`` after it prove nothing. ``scope`` places
    captures, where nothing else does, by the names and paths it gives to accounts.
    """

    captured_on: str | None = None
    period: tuple[str, str] | None = None
    grace_days: int = 45
    scope: tuple[ScopeEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a bundle, decoded and recognised: evidence once a :class:`Reading` dates and places them."""

    name: str
    sha256: str
    members: Sorted


def read_members(bundle: Bundle, progress: Progress | None = None) -> Members:
    """Every member of a bundle, decoded and recognised."""
    into = Sorted([], [], {}, [])
    for number, item in enumerate(bundle.read()):
        if isinstance(item, Problem):
            into.problems.append(item)
            continue
        if progress is not None and number % 200 == 0:
            progress(number, None, "reading")
        sort_in(item, into)
    return Members(bundle.name, bundle.sha256, into)


def load(bundle: Bundle, reading: Reading | None = None, progress: Progress | None = None) -> Evidence:
    """The evidence in a bundle."""
    return evidence_of(read_members(bundle, progress), reading or Reading())


def evidence_of(members: Members, reading: Reading) -> Evidence:
    """The evidence in a bundle's members, dated and placed by ``reading``; the members stay as they are."""
    found = [replace(entry, skipped=set(entry.skipped)) for entry in members.members.found]
    into = replace(members.members, found=found)
    problems = [*into.problems, *_recorded_but_missing(into)]
    window = _window(reading.period, reading.grace_days)
    captures = _captures(into, reading.captured_on, window, reading.scope, problems)
    responses, contradictions = assemble(captures)
    problems += [*contradictions, *shadow_problems(captures), *token_problems(captures, responses), *unplaced(captures)]
    problems.sort(key=lambda problem: (problem.file, problem.pointer, problem.code, problem.problem))
    others = sorted(into.others, key=lambda other: other.file)
    return Evidence(members.name, members.sha256, tuple(captures), tuple(others), responses, tuple(problems))


def _recorded_but_missing(into: Sorted) -> list[Problem]:
    present = {entry.path for entry in into.found} | {other.file for other in into.others}
    return [
        Problem(
            path, "", "is named in the capture record and is not in the bundle.", "Ask the client for the file.",
            "recorded-file-missing", "warning",
        )
        for path in sorted(into.records)
        if path not in present
    ]  # fmt: skip


def _captures(
    into: Sorted,
    captured_on: str | None,
    window: tuple[str, str] | None,
    scope: Sequence[ScopeEntry],
    problems: list[Problem],
) -> list[Capture]:
    siblings = Siblings()
    for entry in into.found:
        record = into.records.get(entry.path)
        if record is not None:
            believe_call(entry, record, problems)
        where = place(entry, record, problems)
        siblings.add(where, entry.account_id, entry.region)
    captures = []
    for number, entry in enumerate(into.found):
        if not (entry.account_id and entry.region) and entry.status != "misplaced":
            place_by_siblings(entry, siblings)
            place_by_scope(entry, scope)
        name_resource(entry, problems)
        check(entry, problems)
        captures.append(_capture(number, entry, into.records.get(entry.path), captured_on, window))
    return captures


def _capture(
    number: int, entry: Found, record: Record | None, captured_on: str | None, window: tuple[str, str] | None
) -> Capture:
    """The member as a capture, dated by its record, else by ``captured_on``."""
    assert entry.call is not None
    at = record.captured_at if record is not None else None
    source: TimeSource | None = "record" if at is not None else None
    if at is None and captured_on:
        at, source = f"{captured_on}T00:00:00Z", "option"
    in_period = None if window is None or at is None else window[0] <= at[:10] <= window[1]
    status, detail = entry.status, entry.detail
    if window is not None and in_period is False and status in ("captured", "presence_only"):
        status, detail = "out_of_period", f"captured at {at}, outside {window[0]} to {window[1]}"
    return Capture(
        number=number,
        file=entry.path,
        sha256=entry.sha256,
        size=entry.size,
        call=entry.call,
        place=Place(entry.account_id, entry.region, entry.resource),
        place_source=entry.place_source,
        pages=entry.pages,
        page_pointers=entry.pointers,
        status=status,
        detail=detail,
        error_code=entry.error_code,
        skipped=frozenset(entry.skipped),
        token_left=entry.token_left,
        arguments=record.arguments if record is not None else None,
        narrowed=(narrowed_by(record.arguments) if record is not None else "") or _left_out(entry),
        captured_at=at,
        captured_at_source=source,
        caller_arn=record.caller_arn if record is not None else "",
        cli_version=record.cli_version if record is not None else "",
        encoding=entry.decoded.encoding,
        in_period=in_period,
    )


def _left_out(entry: Found) -> str:
    """What the answer lacks that the command always prints, because it was cut out of it; ``""`` if nothing."""
    assert entry.call is not None
    lists = entry.call.lists
    lacking = entry.pages and lists and not any(lists[0].member in page for page in entry.pages)
    return f"leaving out {lists[0].member}" if lacking else ""


def _window(period: tuple[str, str] | None, grace_days: int) -> tuple[str, str] | None:
    if period is None:
        return None
    return period[0], (date.fromisoformat(period[1]) + timedelta(days=grace_days)).isoformat()
