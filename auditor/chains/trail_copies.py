"""One trail out of its copies: its own region shows it, others do, and so do the accounts that it serves (T3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from auditor.arn import parse_arn
from auditor.chains.model import Source
from auditor.chains.trail import TrailRow
from auditor.evidence.tables import Row

_TRAIL_MEMBERS = ("name", "multi_region", "organization", "global_events", "custom_selectors")
_TRAIL_DECIDES = ("multi_region", "organization", "log_group_arn")
_TRAIL_TELLS = ("global_events", "custom_selectors")  # older exports leave them out, which contradicts nothing


def one_trail(arn: str, rows: Sequence[Row], source: Callable[[Row], Source]) -> TrailRow:
    """A trail by its ``rows`` of the table of trails, from whatever account and region; ``source`` says where one is.

    The copies of the trail's own account speak, that of its region first; the others fill in what older CLIs leave
    out, and must not say otherwise (T3, T6). A trail without a log group has no such member, so that this one is never
    filled in (X6).
    """
    parts = parse_arn(arn)
    home = next((row["home_region"] for row in rows if row["home_region"]), parts.region if parts else "")
    account = parts.account_id if parts else ""

    def distance(row: Row) -> int:
        return 0 if (row["account_id"], row["region"]) == (account, home) else 1 + (row["account_id"] != account)

    rows = sorted(rows, key=lambda row: (distance(row), row["capture"]))
    speaking = [row for row in rows if row["account_id"] in (account, "")] or rows
    differing = list(_differing(rows, speaking))
    first = {name: next((row[name] for row in rows if row[name] is not None), None) for name in _TRAIL_MEMBERS}
    for name in differing:  # a trail that may serve more accounts leaves more open, in whatever order it is told
        if name in first:
            first[name] = max((row[name] for row in rows if row[name] is not None), key=str)
    return TrailRow(
        trail_arn=arn,
        name=first["name"] or (parts.resource.partition("/")[2] if parts else arn),
        home_region=home,
        account_id=account,
        multi_region=first["multi_region"],
        organization=first["organization"],
        global_events=first["global_events"],
        log_group_arn=rows[0]["log_group_arn"] or "",
        custom_selectors=first["custom_selectors"],
        sources=tuple(source(row) for row in (_each_telling(rows) if differing else rows[:1])),
        item=rows[0]["item"],
        contradictory=bool(differing),
    )


def _differing(rows: Sequence[Row], speaking: Sequence[Row]) -> Iterator[str]:
    """The members that copies tell differently. What older exports leave out contradicts nothing."""
    for name in (*_TRAIL_DECIDES, *_TRAIL_TELLS):
        values = {row[name] for row in rows}
        own = {row[name] for row in speaking}
        if name in _TRAIL_TELLS or (name != "log_group_arn" and len(own) == 1):
            values -= {None}
        if len(values) > 1:
            yield name


def _each_telling(rows: Sequence[Row]) -> Sequence[Row]:
    """Of the copies that tell a trail alike the first."""
    return list(
        {tuple(row[name] for name in (*_TRAIL_DECIDES, *_TRAIL_TELLS)): row for row in reversed(rows)}.values()
    )[::-1]
