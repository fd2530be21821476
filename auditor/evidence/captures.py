"""From answers to captures: each checked against its schema, dated, and told apart from pieces (rules L5, X3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from auditor.engagement.scope import ScopeEntry
from auditor.errors import Problem
from auditor.evidence.assembling import Checked, check, continued, is_later, latest_told, told_after
from auditor.evidence.call_ids import LIST_SUBSCRIPTIONS_BY_TOPIC
from auditor.evidence.placing import WHOLE, Capture, Part, Place, Placed, named_parts, named_share
from auditor.evidence.reading import Days, days_named, guarded
from auditor.evidence.recognising import Recognised, Record, recorded_time, with_own
from auditor.verdict import CaptureStatus, TimeSource

_Dated = tuple[str | None, TimeSource | None]
_EMULATED = "000000000000"  # the account of LocalStack, which AWS gives nobody


@dataclass(frozen=True, slots=True)
class CaptureContext:
    """What people say that dates and places captures.

    ``captured_on`` (ISO date) dates captures that neither a capture record nor what stands beside the answer dates.
    ``period`` (ISO dates, inclusive): captures that are known to lie outside it and the ``grace_days`` after it, be it
    by the day, month or quarter that their path names last or by the latest time in them, prove nothing. ``scope``
    places captures, where nothing else does, by the names and paths it gives to accounts.
    """

    captured_on: str | None = None
    period: tuple[str, str] | None = None
    grace_days: int = 45
    scope: tuple[ScopeEntry, ...] = ()


def captures_of(
    placed: Sequence[Placed], records: Mapping[str, Record], reading: CaptureContext, root: str
) -> tuple[list[Capture], list[Problem]]:
    """The answers as captures, and the problems with those that break their schemas or are of an emulator.

    ``root`` is the name of the folder or archive in which all of them lie, ``""`` if there are several.
    """
    captures: list[Capture] = []
    problems: list[Problem] = []
    parts, window = named_parts(placed), _window(reading)
    for number, capture in enumerate(placed):
        checked, broken = guarded(capture.recognised.path, partial(check, capture), _unchecked)
        problems += broken
        if capture.account_id == _EMULATED and checked.status in ("captured", "presence_only", "refused"):
            checked = replace(checked, status="invalid", detail=f"{_EMULATED} is the account of an emulator")
            problems.append(_emulated(capture))
        record = with_own(records.get(capture.recognised.path), capture.recognised.own)
        part = parts.get(number, WHOLE)
        captures.append(_capture(number, capture, checked, record, part, _dated(capture, record, reading.captured_on)))
    captures = [_within(window, root, capture) for capture in captures]
    if window is not None:
        captures, late = _not_told_after(window, captures)
        problems += late
    return continued(captures), problems


def _capture(
    number: int, placed: Placed, checked: Checked, record: Record | None, part: Part, dated: _Dated
) -> Capture:
    entry = placed.recognised
    arguments = None
    if record is not None and record.arguments is not None and not entry.about:  # which is what another call was asked
        narrowed = record.narrowed(entry.call)
        arguments = record.arguments if record.vouches or narrowed else None
        part = part if arguments is None else Part(narrowed, record.log_group)
    listed_by_file = entry.call.lists and not entry.about
    return Capture(
        number=number,
        file=entry.path,
        sha256=entry.sha256,
        size=entry.size,
        call=entry.call,
        place=Place(placed.account_id, placed.region, placed.resource),
        place_source=placed.source,
        label=placed.label,
        log_group=part.log_group,
        perhaps=placed.perhaps,
        rivals=placed.rivals,
        pages=entry.pages,
        page_pointers=entry.pointers,
        status=checked.status,
        detail=checked.detail,
        error_code=entry.error_code,
        skipped=checked.skipped,
        token=checked.token,
        arguments=arguments,
        narrowed=part.option or _left_out(entry) or _asked_by_another(placed, record),
        captured_at=dated[0],
        captured_at_source=dated[1],
        caller_arn=record.caller_arn if record is not None else "",
        cli_version=record.cli_version if record is not None else "",
        encoding=entry.encoding,
        share=named_share(entry.path, placed.resource or part.log_group) if listed_by_file else None,
        printed=entry.printed,
        about=entry.about,
    )


def _asked_by_another(placed: Placed, record: Record | None) -> str:
    """That somebody else than a topic's owner, who alone is told all, asked who is subscribed (N3); ``""`` if not."""
    if placed.recognised.call.id != LIST_SUBSCRIPTIONS_BY_TOPIC:
        return ""
    asker = (record.caller_account if record is not None else "") or placed.where.account_id
    return f"a caller of account {asker}, which does not own the topic" if asker not in ("", placed.account_id) else ""


def _left_out(entry: Recognised) -> str:
    """What the answer lacks that the command always prints, because it was cut out of it; ``""`` if nothing."""
    lists = entry.call.lists
    lacking = entry.pages and lists and not any(lists[0].member in page for page in entry.pages)
    return f"leaving out {lists[0].member}" if lacking else ""


def _dated(placed: Placed, record: Record | None, captured_on: str | None) -> _Dated:
    """When a call was made: by its record, else by what stands beside the answer, else as people say."""
    at = record.captured_at if record is not None else None
    at = at or next(filter(None, map(recorded_time, placed.recognised.pages)), None)
    if at is not None:
        return at, "record"
    return (f"{captured_on}T00:00:00Z", "option") if captured_on else (None, None)


def _within(window: tuple[str, str] | None, root: str, capture: Capture) -> Capture:
    """A capture, with whether it counts for the control period; one that is known not to proves nothing (L5)."""
    if window is None:
        return capture
    first, last = window
    days = days_of(capture, root)
    if days is None:
        return capture
    begun, ended = days
    named = begun if begun == ended else f"{begun} to {ended}"
    wording = f"captured at {capture.captured_at}" if capture.captured_at is not None else f"its path names {named}"
    if ended < first or begun > last:
        counts = capture.status in ("captured", "presence_only")
        status: CaptureStatus = "out_of_period" if counts else capture.status
        detail = f"{wording}, outside {first} to {last}" if counts else capture.detail
        return replace(capture, status=status, detail=detail, in_period=False)
    return replace(capture, in_period=True) if first <= begun and ended <= last else capture


def days_of(capture: Capture, root: str = "") -> Days | None:
    """The first and the last day on which a capture may have been made: by its time, else as its path below ``root``
    names them (L5); None where neither tells.
    """
    if capture.captured_at is not None:
        return Days(capture.captured_at[:10], capture.captured_at[:10])
    of_one = capture.call.place == "resource" or capture.log_group
    named_after = of_one and not capture.about  # what the name tells is no day of capture
    return days_named(f"{root}/{capture.file.rpartition('/')[0] if named_after else capture.file}")


def _not_told_after(window: tuple[str, str], captures: Sequence[Capture]) -> tuple[list[Capture], list[Problem]]:
    """The captures, those proving nothing that tell of a later time than any on which captures count, where their paths
    alone say on which day they were made, or nothing does; and the problems with these (L5).
    """
    first, last = window
    counting: list[Capture] = []
    problems: list[Problem] = []
    for capture in captures:
        latest = latest_told(capture) if capture.captured_at is None else None
        if latest is None or not is_later(latest.day, last):
            counting.append(capture)
            continue
        detail = f"it tells of {latest.day} ({latest.member}), outside {first} to {last}"
        counting.append(replace(capture, status="out_of_period", detail=detail, in_period=False))
        problems.append(told_after(capture, latest, first, last))
    return counting, problems


def _window(reading: CaptureContext) -> tuple[str, str] | None:
    """The first and the last day on which captures count, None where there is no control period."""
    if reading.period is None:
        return None
    end = date.fromisoformat(reading.period[1])
    return reading.period[0], (end + min(timedelta(days=reading.grace_days), date.max - end)).isoformat()


def _emulated(capture: Placed) -> Problem:
    call = capture.recognised.call
    return Problem(
        capture.recognised.path, "",
        f"is of account {_EMULATED}, which AWS gives nobody and emulators use: this is no answer of AWS.",
        f"Capture again from AWS: {call.request()}", "made-up",
    )  # fmt: skip


def _unchecked(problem: Problem) -> tuple[Checked, list[Problem]]:
    return Checked("invalid", problem.problem, frozenset(), ""), [problem]
