"""The trail link: which trails serve an account, and whether they log (T1–T13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, joined, ok, unknown
from auditor.chains.selectors import LEFT_OUT, read_selectors
from auditor.chains.testimony import Answer, Testimony
from auditor.evidence.call_ids import DESCRIBE_TRAILS, GET_EVENT_SELECTORS, GET_TRAIL_STATUS
from auditor.evidence.item import Item
from auditor.rules.steering import DELIVERY_NEVER, DELIVERY_OLD, DELIVERY_STOPPED
from auditor.verdict import State

_OF_DELIVERIES = ("LatestCloudWatchLogsDeliveryTime", "LatestCloudWatchLogsDeliveryError", "LatestDeliveryTime")
_DAY = 86_400  # seconds; CIS 3.4 takes delivery within about a day as working


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One trail after its shadow copies were put together; ``contradictory``: those that speak for it differ;
    ``left_out``: the members that AWS always prints and the one that speaks lacks (X6).
    """

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
    item: Item = field(default_factory=dict)  # as describe-trails printed it
    contradictory: bool = False
    left_out: str = ""


def needs_of(trail: TrailRow, call_id: str) -> tuple[Need, ...]:
    """The capture of a call about a trail: its own account and home region answer (T12)."""
    return (Need(call_id, trail.account_id, trail.home_region, trail.trail_arn),)


def trail_link(trail: TrailRow, status: Testimony, selectors: Testimony) -> LinkState:
    """Whether the trail logs at all. What its selectors take is asked per event (:func:`auditor.chains.takes`).

    Rules T9, T12 (``IsLogging`` false is broken) and T15 (a field that is not known).
    """
    facts = {"trail": trail.trail_arn}
    link = joined(ok(*trail.sources), _status_link(trail, status, facts))
    if trail.left_out:
        need = Need(DESCRIBE_TRAILS, trail.account_id, trail.home_region)
        cut = unknown("trail-members-left-out", *trail.sources, members=trail.left_out, **facts)
        link = joined(link, cut.needing(need))
    return link if link.state is State.BROKEN else joined(link, _selectors_link(trail, selectors, facts))


def _status_link(trail: TrailRow, status: Testimony, facts: Mapping[str, str]) -> LinkState:
    """Rule T12; no status at all is an open point (T9)."""
    needs = needs_of(trail, GET_TRAIL_STATUS)
    doubted = status.doubt("trail-status-contradictory", *needs, **facts)
    if doubted is not None:
        return doubted
    if status.gone:
        return _gone(trail, status, facts)
    if status.answer is None:
        return ok(open_points=(OpenPoint("trail-status-not-captured", facts=facts, needs=needs),))
    capture, answer = status.answer
    source = Source(capture.number, f"{capture.page_pointers[0]}/IsLogging")
    if answer.get("IsLogging") is not True:  # the schema lets nothing else through than true or false
        return broken("trail-not-logging", *trail.sources, source, **facts)
    return ok(source)


def _gone(trail: TrailRow, testimony: Testimony, facts: Mapping[str, str]) -> LinkState:
    """A trail that is listed, and of which AWS says, asked about it, that there is none."""
    link = unknown("trail-gone", *testimony.sources, **facts)
    return link.needing(Need(DESCRIBE_TRAILS, trail.account_id, trail.home_region))


def says_off(trail: TrailRow, answer: Answer) -> bool:
    """Whether a status would say of a trail that it does not log or deliver, or leave it open (T12, T13)."""
    link = _status_link(trail, Testimony(answer), {"trail": trail.trail_arn})
    delivered = delivery(trail, answer)
    return link.state is not State.OK or (delivered is not None and delivered.state is not State.OK)


def _selectors_link(trail: TrailRow, selectors: Testimony, facts: Mapping[str, str]) -> LinkState:
    """Rules T9 and T15 as far as they need no event."""
    needs = needs_of(trail, GET_EVENT_SELECTORS)
    doubted = selectors.doubt("selectors-contradictory", *needs, **facts)
    if doubted is not None:
        return doubted
    if selectors.gone:
        return _gone(trail, selectors, facts)
    if selectors.answer is not None:
        _, unclear, where = read_selectors(selectors.answer)
        if unclear.startswith(LEFT_OUT):
            members = unclear.removeprefix(LEFT_OUT)
            return unknown("selector-members-left-out", *where, members=members, **facts).needing(*needs)
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
    code = _against_delivery(status)
    if not code:
        return None
    source = Source(capture.number, f"{capture.page_pointers[0]}/LatestCloudWatchLogsDeliveryError")
    error = str(answer.get("LatestCloudWatchLogsDeliveryError") or "none")
    facts = {"trail": trail.trail_arn, "error": error}
    if code == DELIVERY_OLD:
        facts |= {"latest": moment_of(_latest_sign(answer)) or "", "captured": moment_of(_asked_at(status)) or ""}
        return ok(source, open_points=(OpenPoint(code, True, facts, needs_of(trail, GET_TRAIL_STATUS)),))
    if code in (DELIVERY_NEVER, DELIVERY_STOPPED):
        return broken(code, source, **facts)
    return unknown(code, source, **facts).needing(*needs_of(trail, GET_TRAIL_STATUS))


def hides_deliveries(status: Answer) -> bool:
    """Whether a status says nothing of deliveries, or may have been cut out of more (T13, X6)."""
    capture, answer = status
    missing = [member for member in _OF_DELIVERIES if member not in answer]
    return len(missing) == len(_OF_DELIVERIES) or (capture.cut and bool(missing))


def status_says(answer: Answer) -> tuple[object, str]:
    """What a status comes to: whether the trail is on, and what is against its deliveries (T12, T13). Two captures
    differ in their times and may say the same.
    """
    return answer[1].get("IsLogging"), _behind_the_bucket(answer[1])


def _against_delivery(status: Answer) -> str:
    """The reason code of what a status says against deliveries to the log group, ``""`` if nothing."""
    _, answer = status
    code = _behind_the_bucket(answer)
    if code:
        return code
    latest, captured = _latest_sign(answer), _asked_at(status)
    return "" if latest is None or captured is None or captured - latest <= _DAY else DELIVERY_OLD


def _behind_the_bucket(answer: Item) -> str:
    """The same as far as deliveries to the log group differ from those to S3."""
    time, error = answer.get("LatestCloudWatchLogsDeliveryTime"), answer.get("LatestCloudWatchLogsDeliveryError")
    bucket = answer.get("LatestDeliveryTime")
    if time is None:
        return "delivery-never" if error else "" if bucket is None else "delivery-not-shown"
    s3, logs = seconds(bucket), seconds(time)
    if logs is None or (bucket is not None and s3 is None):  # what is no time cannot be compared
        return "delivery-not-shown"
    if s3 is None or s3 - logs <= _DAY:
        return ""
    return "delivery-stopped" if error else "delivery-late"


def _latest_sign(answer: Item) -> float | None:
    """When a trail last delivered or was switched on, in seconds since 1970; None if its status tells no such time."""
    members = ("LatestDeliveryTime", "LatestCloudWatchLogsDeliveryTime", "StartLoggingTime")
    return max((time for time in map(seconds, map(answer.get, members)) if time is not None), default=None)


def _asked_at(status: Answer) -> float | None:
    """When a status was asked for, in seconds since 1970: by the service's own date, which SDKs keep, else by the
    capture record or the day that the audit is told; None if nobody says it.
    """
    capture, answer = status
    metadata = answer.get("ResponseMetadata")
    headers = metadata.get("HTTPHeaders") if isinstance(metadata, dict) else None
    date = headers.get("date") if isinstance(headers, dict) else None
    try:
        return parsedate_to_datetime(date).timestamp() if isinstance(date, str) else seconds(capture.captured_at)
    except (OverflowError, ValueError):
        return seconds(capture.captured_at)


def moment_of(value: object) -> str | None:
    """A time as the CLI prints it as ISO 8601 in UTC, whole seconds; None if it is none."""
    moment = seconds(value)
    try:
        return None if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None


def seconds(value: object) -> float | None:
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
