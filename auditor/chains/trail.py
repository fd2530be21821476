"""The trail link: which trails serve an account, whether they log, and what their selectors take (T1–T18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from auditor.chains.model import LinkState, Need, OpenPoint, Selector, Source, broken, joined, ok, unknown
from auditor.chains.testimony import Answer, Testimony
from auditor.verdict import State

_LISTING = "cloudtrail:DescribeTrails"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One trail after its shadow copies were put together; ``contradictory``: those that speak for it differ."""

    trail_arn: str
    name: str
    home_region: str
    account_id: str
    multi_region: bool | None
    organization: bool | None
    global_events: bool | None
    log_group_arn: str
    custom_selectors: bool | None
    sources: tuple[Source, ...]
    item: Mapping[str, Any] = field(default_factory=dict)  # as describe-trails printed it
    contradictory: bool = False


def needs_of(trail: TrailRow, call_id: str) -> tuple[Need, ...]:
    """The capture of a call about a trail: its own account and home region answer (T12)."""
    return (Need(call_id, trail.account_id, trail.home_region, trail.trail_arn),)


def trail_link(trail: TrailRow, status: Testimony, selectors: Testimony) -> LinkState:
    """Whether the trail logs at all. What its selectors take is asked per event (:func:`takes`).

    Rules T9, T12 (``IsLogging`` false is broken) and T15 (a field that is not known).
    """
    facts = {"trail": trail.trail_arn}
    link = joined(ok(*trail.sources), _status_link(trail, status, facts))
    return link if link.state is State.BROKEN else joined(link, _selectors_link(trail, selectors, facts))


def _status_link(trail: TrailRow, status: Testimony, facts: Mapping[str, str]) -> LinkState:
    """Rule T12; no status at all is an open point (T9)."""
    needs = needs_of(trail, "cloudtrail:GetTrailStatus")
    doubted = status.doubt("trail-status-contradictory", *needs, **facts)
    if doubted is not None:
        return doubted
    if status.gone:
        return unknown("trail-gone", *status.sources, **facts).needing(
            Need(_LISTING, trail.account_id, trail.home_region)
        )
    if status.answer is None:
        return ok(open_points=(OpenPoint("trail-status-not-captured", facts=facts, needs=needs),))
    capture, answer = status.answer
    source = Source(capture.number, f"{capture.page_pointers[0]}/IsLogging")
    if answer.get("IsLogging") is False:
        return broken("trail-not-logging", *trail.sources, source, **facts)
    if answer.get("IsLogging") is not True:
        return unknown("trail-status-unclear", source, **facts).needing(*needs)
    return ok(source)


def says_off(trail: TrailRow, answer: Answer) -> bool:
    """Whether a status would say of a trail that it does not log or deliver, or leave it open (T12, T13)."""
    link = _status_link(trail, Testimony(answer), {"trail": trail.trail_arn})
    return link.state is not State.OK or delivery(trail, answer) is not None


def _selectors_link(trail: TrailRow, selectors: Testimony, facts: Mapping[str, str]) -> LinkState:
    """Rules T9 and T15 as far as they need no event."""
    needs = needs_of(trail, "cloudtrail:GetEventSelectors")
    doubted = selectors.doubt("selectors-contradictory", *needs, **facts)
    if doubted is not None:
        return doubted
    if selectors.answer is not None:
        _, unclear, where = read_selectors(selectors.answer)
        if unclear:
            return unknown("selector-field-unknown", *where, field=unclear, **facts).needing(*needs)
        return ok(*where)
    if trail.custom_selectors:
        return ok(open_points=(OpenPoint("selectors-custom-not-captured", True, facts, needs),))
    if trail.custom_selectors is None:
        return ok(open_points=(OpenPoint("selectors-not-captured", False, facts, needs),))
    return ok()


def delivery(trail: TrailRow, status: Answer | None) -> LinkState | None:
    """What the trail's status says about its deliveries to the log group (T13); None: nothing against it."""
    if status is None:
        return None
    capture, answer = status
    time, error = (
        answer.get("LatestCloudWatchLogsDeliveryTime"),
        answer.get("LatestCloudWatchLogsDeliveryError"),
    )
    source = Source(capture.number, f"{capture.page_pointers[0]}/LatestCloudWatchLogsDeliveryError")
    facts = {"trail": trail.trail_arn, "error": str(error or "none")}
    need = needs_of(trail, "cloudtrail:GetTrailStatus")
    if time is None:
        if error:
            return broken("delivery-never", source, **facts)
        if answer.get("LatestDeliveryTime") is not None:
            return unknown("delivery-not-shown", source, **facts).needing(*need)
        return None
    s3, logs = seconds(answer.get("LatestDeliveryTime")), seconds(time)
    if s3 is not None and logs is not None and s3 - logs > _DAY:
        if error:
            return broken("delivery-stopped", source, **facts)
        return unknown("delivery-late", source, **facts).needing(*need)
    return None


_DAY = 86_400  # seconds; CIS 3.4 takes delivery within about a day as working


def moment_of(value: Any) -> str | None:
    """A time as the CLI prints it as ISO 8601 in UTC, whole seconds; None if it is none."""
    moment = seconds(value)
    try:
        return None if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None


def seconds(value: Any) -> float | None:
    """A time as the CLI prints it (epoch seconds or ISO 8601) in seconds since 1970; None if it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            return None
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    return None


def read_selectors(answer: Answer | None) -> tuple[tuple[Selector, ...] | None, str, tuple[Source, ...]]:
    """Selectors of a get-event-selectors answer; a field that is not known; where they stand (T14, T15)."""
    if answer is None:
        return None, "", ()
    capture, body = answer
    base = capture.page_pointers[0]
    advanced, basic = body.get("AdvancedEventSelectors"), body.get("EventSelectors")
    if advanced:
        selectors = tuple(_advanced(entry) for entry in advanced)
        unclear = next((selector.unknown for selector in selectors if selector.unknown), "")
        return selectors, unclear, (Source(capture.number, f"{base}/AdvancedEventSelectors"),)
    return (
        tuple(_basic(entry) for entry in basic or () if entry.get("IncludeManagementEvents", True)),
        "",
        (Source(capture.number, f"{base}/EventSelectors"),),
    )


def _basic(entry: Mapping[str, Any]) -> Selector:
    kind = entry.get("ReadWriteType", "All")
    if kind not in ("All", "ReadOnly", "WriteOnly"):
        return Selector(unknown=f"ReadWriteType {kind}")
    return Selector(
        read_only={"All": None, "ReadOnly": True, "WriteOnly": False}[kind],
        excluded_sources=frozenset(entry.get("ExcludeManagementEventSources") or ()),
    )


_OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
_KNOWN_FIELDS = ("eventCategory", "readOnly", "eventSource", "eventName")


def _advanced(entry: Mapping[str, Any]) -> Selector:
    fields: list[tuple[str, str, tuple[str, ...]]] = []
    unread = ""  # a condition that says nothing this reader knows
    for condition in entry.get("FieldSelectors") or ():
        name = str(condition.get("Field"))
        if not any(condition.get(operator) for operator in _OPERATORS) or set(condition) - {"Field", *_OPERATORS}:
            unread = unread or name
        fields += [
            (name, operator, tuple(str(value) for value in condition[operator]))
            for operator in _OPERATORS
            if condition.get(operator)
        ]
    category = [values for name, operator, values in fields if name == "eventCategory" and operator == "Equals"]
    if category and "Management" not in category[0]:
        return Selector(fields=tuple(fields))
    unclear = next((name for name, _, _ in fields if name not in _KNOWN_FIELDS), unread)
    return Selector(fields=tuple(fields), unknown=unclear)


ANY = "*"  # as source and name of an event: any call


def takes(selectors: tuple[Selector, ...] | None, source: str, name: str, read_only: bool) -> bool:
    """Whether a management event may be delivered: any selector takes it; the default ones take all (T9, T14–T16).

    Of any call (``ANY``): whether every call is, each by whichever selector. A condition on a field that is not known
    rules nothing out: the trail link is unknown then (T15).
    """
    if selectors is None:
        return True
    if source != ANY:
        return any(_takes(selector, source, name, read_only) for selector in selectors)
    plain = [selector for selector in selectors if _tells_calls_apart_by_equality(selector)]
    sources, names = _telling(plain, "eventSource"), _telling(plain, "eventName")
    return all(any(_takes(selector, one, other, read_only) for selector in plain) for one in sources for other in names)


def _tells_calls_apart_by_equality(selector: Selector) -> bool:
    """Whether the calls that it names and one that it does not name speak for all; of another it is not asked."""
    by_call = [operator for field, operator, _ in selector.fields if field in ("eventSource", "eventName")]
    return all(operator.removeprefix("Not") == "Equals" for operator in by_call)


def _telling(selectors: Sequence[Selector], field: str) -> set[str]:
    """The values of a field that selectors name, and one that none of them names."""
    named = {value for selector in selectors for one, _, values in selector.fields if one == field for value in values}
    if field == "eventSource":
        named = named.union(*(selector.excluded_sources for selector in selectors))
    return {*named, ANY.join(["", *sorted(named), ""])}


def _takes(selector: Selector, source: str, name: str, read_only: bool) -> bool:
    if not selector.fields:
        wanted = selector.read_only in (None, read_only)
        return selector.unknown != "" or (wanted and source not in selector.excluded_sources)
    values = {
        "eventCategory": "Management", "readOnly": str(read_only).lower(), "eventSource": source, "eventName": name,
    }  # fmt: skip
    if not any(field == "eventCategory" for field, _, _ in selector.fields):
        return False
    known = [condition for condition in selector.fields if condition[0] in values]
    return all(_holds(operator, values[field], wanted) for field, operator, wanted in known)


def _holds(operator: str, value: str, wanted: tuple[str, ...]) -> bool:
    kind = operator.removeprefix("Not")
    if kind == "Equals":
        found = value in wanted
    elif kind == "StartsWith":
        found = value.startswith(wanted)
    else:
        found = value.endswith(wanted)
    return not found if operator.startswith("Not") else found
