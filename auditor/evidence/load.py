"""The way from members to evidence: decode, recognise, place, date, validate, assemble."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from auditor.bundle import Bundle
from auditor.errors import Problem
from auditor.evidence.assemble import Responses, assemble
from auditor.evidence.capture import Capture, TimeSource
from auditor.evidence.check import checked, shadow_problems
from auditor.evidence.classify import Found, OtherMember, Sorted, sort_in
from auditor.evidence.locate import placed, placed_by_siblings, unplaced, with_resource
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


def load(
    bundle: Bundle,
    *,
    captured_on: str | None = None,
    period: tuple[str, str] | None = None,
    grace_days: int = 45,
    progress: Progress | None = None,
) -> Evidence:
    """The evidence in a bundle.

    ``captured_on`` (ISO date) dates captures that no capture record dates. ``period`` (ISO dates, inclusive):
    captures that are known to lie outside it and the ``grace_days`` after it prove nothing.
    """
    into = Sorted([], [], {}, [])
    for number, item in enumerate(bundle.read()):
        if isinstance(item, Problem):
            into.problems.append(item)
            continue
        if progress is not None and number % 200 == 0:
            progress(number, None, "reading")
        sort_in(item, into)
    problems = [*into.problems, *_recorded_but_missing(into)]
    captures = _captures(into.found, into.records, captured_on, _window(period, grace_days), problems)
    responses, contradictions = assemble(captures)
    problems += [*contradictions, *shadow_problems(captures), *unplaced(captures)]
    problems.sort(key=lambda problem: (problem.file, problem.pointer, problem.code, problem.problem))
    others = sorted(into.others, key=lambda other: other.file)
    return Evidence(bundle.name, bundle.sha256, tuple(captures), tuple(others), responses, tuple(problems))


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
    found: Sequence[Found],
    records: Mapping[str, Record],
    captured_on: str | None,
    window: tuple[str, str] | None,
    problems: list[Problem],
) -> list[Capture]:
    siblings = Siblings()
    first = []
    for number, entry in enumerate(found):
        record = records.get(entry.path)
        capture, where = placed(number, entry, record, problems)
        first.append((entry, where, _dated(capture, record, captured_on, window)))
        siblings.add(where, capture.place)
    captures = []
    for entry, where, dated in first:
        capture = dated
        if not capture.placed and capture.status != "misplaced":
            capture = placed_by_siblings(capture, where, siblings)
        captures.append(checked(entry, with_resource(entry, capture), problems))
    return captures


def _dated(capture: Capture, record: Record | None, captured_on: str | None, window: tuple[str, str] | None) -> Capture:
    at = record.captured_at if record is not None else None
    source: TimeSource | None = "record" if at is not None else None
    if at is None and captured_on:
        at, source = f"{captured_on}T00:00:00Z", "option"
    in_period = None if window is None or at is None else window[0] <= at[:10] <= window[1]
    status, detail = capture.status, capture.detail
    if in_period is False and capture.usable:
        status, detail = (
            "out_of_period",
            f"captured at {at}, outside {window[0]} to {window[1]}" if window else "",
        )
    return replace(
        capture,
        arguments=record.arguments if record is not None else None,
        narrowed=narrowed_by(record.arguments) if record is not None else "",
        caller_arn=record.caller_arn if record is not None else "",
        cli_version=record.cli_version if record is not None else "",
        captured_at=at,
        captured_at_source=source,
        in_period=in_period,
        status=status,
        detail=detail,
    )


def _window(period: tuple[str, str] | None, grace_days: int) -> tuple[str, str] | None:
    if period is None:
        return None
    return period[0], (date.fromisoformat(period[1]) + timedelta(days=grace_days)).isoformat()
