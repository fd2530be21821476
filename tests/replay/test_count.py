"""Replay of events: planted events are counted for their account, and what the filters miss is listed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from auditor.chains import Selector, TrailPath
from auditor.chains.model import ok
from auditor.patterns import Message, parse
from auditor.patterns.numbers import WrittenNumber
from auditor.replay import count as module
from auditor.replay.count import MISSED_KEPT, Replay, account_of
from auditor.replay.filters import Filter, Watch

ACCOUNT = "111122223333"
REQUIRED = "{ ($.eventName = StartSession) || ($.eventName = SendCommand) }"


def event(name: str, number: int = 0, **changes: Any) -> dict[str, Any]:
    base = {
        "eventID": f"id-{number}",
        "eventTime": f"2026-08-01T00:00:{number % 60:02d}Z",
        "eventName": name,
        "eventSource": "ssm.amazonaws.com",
        "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT,
    }
    return base | changes


def watch(*filters: str, path: TrailPath | None = None) -> Watch:
    found = tuple(Filter(parse(text), path) for text in filters)
    return Watch(ACCOUNT, "ssm-actions@default", parse(REQUIRED), found)


def trail(*regions: str, selectors: tuple[Selector, ...] | None = None) -> TrailPath:
    return TrailPath(
        trail_arn="", name="main", home_region="us-east-1", multi_region=False, organization=False, global_events=True,
        regions=frozenset(regions) or None, log_group=None, trail_link=ok(), log_group_link=ok(), selectors=selectors,
    )  # fmt: skip


def test_planted_events_are_counted_and_missed() -> None:
    planted = [event("StartSession", 1), event("SendCommand", 2), event("ListBuckets", 3), event("SendCommand", 4)]
    replay = Replay([watch("{ $.eventName = StartSession }")])
    replay.run(planted)
    (told,) = replay.document()["watches"]
    assert (told["required_count"], told["noticed_count"], told["missed_count"]) == (3, 1, 2)
    assert [missed["eventID"] for missed in told["missed"]] == ["id-2", "id-4"]
    assert (replay.first, replay.last) == ("2026-08-01T00:00:01Z", "2026-08-01T00:00:04Z")


def test_events_of_other_accounts_are_set_apart() -> None:
    replay = Replay([watch("{ $.eventName = * }")])
    replay.run([event("StartSession", recipientAccountId="444455556666"), event("StartSession")])
    assert (replay.events, replay.elsewhere) == (2, 1)


def test_what_is_no_event_is_set_apart() -> None:
    replay = Replay([watch("{ $.eventName = * }")])
    replay.run(["a raw message", {"digestS3Bucket": "logs"}, ["StartSession"], event("StartSession", eventTime=5)])
    assert (replay.events, replay.other, replay.elsewhere) == (1, 3, 0)
    assert replay.document()["first"] is None


def test_a_filter_counts_in_the_regions_of_its_trail_only() -> None:
    replay = Replay([watch(REQUIRED, path=trail("us-east-1"))])
    replay.run([event("StartSession"), event("StartSession", 1, awsRegion="eu-west-1")])
    (told,) = replay.document()["watches"]
    assert [missed["awsRegion"] for missed in told["missed"]] == ["eu-west-1"]


def test_a_filter_counts_what_the_selectors_of_its_trail_take() -> None:
    writes = (Selector(read_only=False),)
    replay = Replay([watch(REQUIRED, path=trail(selectors=writes))])
    told_kinds: list[dict[str, Any]] = [{}, {"readOnly": True}, {"readOnly": False}]
    replay.run(event("StartSession", number, **kind) for number, kind in enumerate(told_kinds))
    (told,) = replay.document()["watches"]
    assert [missed["eventID"] for missed in told["missed"]] == ["id-1"]


def test_several_filters_notice_together() -> None:
    replay = Replay([watch("{ $.eventName = StartSession }", "{ $.eventName = SendCommand }")])
    replay.run([event("StartSession"), event("SendCommand")])
    assert replay.document()["watches"][0]["missed_count"] == 0


def test_what_is_kept_does_not_grow() -> None:
    replay = Replay([watch()])
    replay.run(event("StartSession", number) for number in range(MISSED_KEPT + 50))
    (told,) = replay.document()["watches"]
    assert told["missed_count"] == MISSED_KEPT + 50
    assert len(told["missed"]) == MISSED_KEPT


def test_an_event_that_several_trails_deliver_counts_once() -> None:
    """By account and id; without an id none is taken for another."""
    replay = Replay([watch("{ $.eventName = StartSession }")])
    planted = [event("StartSession", 1), event("SendCommand", 2), event("ListBuckets", 3)]
    replay.run([*planted, *reversed(planted), event("SendCommand", 2, awsRegion="eu-west-1")])
    told = replay.document()
    (counts,) = told["watches"]
    assert (told["events"], told["repeated"]) == (7, 3)
    assert (counts["required_count"], counts["noticed_count"], counts["missed_count"]) == (2, 1, 1)
    assert len(counts["missed"]) == 1
    for unknown in (None, "", 5):
        replay.run([event("StartSession", eventID=unknown)] * 2)
    assert replay.document()["watches"][0]["required_count"] == 8


def test_the_same_id_in_two_accounts_is_two_events() -> None:
    other = "444455556666"
    replay = Replay([watch(REQUIRED), Watch(other, "ssm-actions@default", parse(REQUIRED), ())])
    replay.run([event("StartSession", 1), event("StartSession", 1, recipientAccountId=other)])
    assert [one["required_count"] for one in replay.document()["watches"]] == [1, 1]


def test_only_events_that_count_are_remembered_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    replay = Replay([watch()])
    replay.run(event("ListBuckets", number) for number in range(100))
    assert not replay.forgotten
    replay.run([event("StartSession", 1), event("StartSession", 2), event("StartSession", 1)])
    assert not replay.forgotten
    replay.run([event("StartSession", 3), event("StartSession", 3), event("StartSession", 2)])
    assert replay.forgotten
    assert (replay.repeated, replay.document()["watches"][0]["required_count"]) == (2, 4)


def test_terms_see_the_message_as_it_was_written() -> None:
    """Rule 20a of the pattern semantics: in a replay as in a file."""
    text = '{"eventName": "StartSession", "n": 1.50, "recipientAccountId": "111122223333"}'
    written = Message(text, json.loads(text))
    for pattern, noticed in (('"1.50"', 1), ('"1.5,"', 0), ('"\\"eventName\\": "', 1), ('"\\"eventName\\":\\"S"', 0)):
        replay = Replay([watch(pattern)])
        replay.run([written])
        assert replay.document()["watches"][0]["noticed_count"] == noticed, pattern


def test_the_account_of_an_event() -> None:
    assert account_of({"userIdentity": {"accountId": ACCOUNT}}) == ACCOUNT
    assert account_of({"userIdentity": "root"}) == ""
    assert account_of("text") == ""


def outcome(**changes: Any) -> tuple[int, ...]:
    """Required, noticed, of these by others, open, missed and beyond, after one StartSession and one ListBuckets."""
    replay = Replay([Watch(ACCOUNT, "ssm-actions@default", parse(REQUIRED), **changes)])
    replay.run([event("StartSession"), event("ListBuckets", 1, readOnly=True)])
    (told,) = replay.document()["watches"]
    names = ("required", "noticed", "noticed_by_others", "unsure", "missed", "beyond")
    counts = tuple(told[f"{name}_count"] for name in names)
    assert counts[0] == counts[1] + counts[3] + counts[4]
    assert len(told["missed"]) == counts[4]
    return counts


START, ALL, NONE = parse("{ $.eventName = StartSession }"), parse(""), parse("{ $.eventName = Nothing }")


@pytest.mark.parametrize(
    ("filters", "others", "counts"),
    [
        ((), (), (1, 0, 0, 0, 1, 0)),
        ((Filter(START),), (), (1, 1, 0, 0, 0, 0)),
        ((Filter(ALL),), (), (1, 1, 0, 0, 0, 1)),
        ((Filter(NONE),), (Filter(START),), (1, 1, 1, 0, 0, 0)),
        ((Filter(START),), (Filter(ALL),), (1, 1, 0, 0, 0, 0)),
        ((Filter(START, sure=False),), (), (1, 0, 0, 1, 0, 0)),
        ((Filter(START, sure=False),), (Filter(START),), (1, 1, 1, 0, 0, 0)),
        ((Filter(NONE), Filter(None, sure=False)), (), (1, 0, 0, 1, 0, 0)),
        ((Filter(None, trail("eu-west-1"), sure=False),), (), (1, 0, 0, 0, 1, 0)),
        ((Filter(None, sure=False), Filter(ALL)), (), (1, 1, 0, 0, 0, 1)),
    ],
)
def test_what_is_sure_what_is_open_and_what_is_missed(
    filters: tuple[Filter, ...], others: tuple[Filter, ...], counts: tuple[int, ...]
) -> None:
    assert outcome(filters=filters, others=others) == counts


def test_events_outside_the_period_are_set_apart() -> None:
    replay = Replay([watch("{ $.eventName = * }")], ("2026-07-01", "2026-08-01"))
    times = ("2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z", "2026-08-01T23:59:59Z", "2026-08-02T00:00:00Z")
    replay.run(event("StartSession", number, eventTime=time) for number, time in enumerate(times))
    assert (replay.outside, replay.document()["watches"][0]["required_count"]) == (2, 2)
    assert (replay.first, replay.last) == times[1:3]


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ({"eventCategory": "Management", "managementEvent": True}, 1),
        ({"eventCategory": "Data", "managementEvent": False}, 0),
        ({"eventCategory": "NetworkActivity"}, 0),
        ({"managementEvent": False}, 0),
        ({}, 1),
    ],
)
def test_only_management_events_are_counted(kind: dict[str, Any], counted: int) -> None:
    replay = Replay([watch(REQUIRED)])
    replay.run([event("StartSession", **kind)])
    assert (replay.document()["watches"][0]["required_count"], replay.data) == (counted, 1 - counted)


@pytest.mark.parametrize(("source", "missed"), [("iam.amazonaws.com", 1), ("ssm.amazonaws.com", 0)])
def test_a_trail_without_global_service_events_delivers_none(source: str, missed: int) -> None:
    replay = Replay([watch(REQUIRED, path=replace(trail("us-east-1"), global_events=False))])
    replay.run([event("StartSession", eventSource=source)])
    assert replay.document()["watches"][0]["missed_count"] == missed


def test_an_event_that_cannot_be_matched_is_set_apart() -> None:
    pattern = parse("{ $.eventName = x* && $.n = %1% }")
    replay = Replay([Watch(ACCOUNT, "c", pattern, ())])
    replay.run([event("xyz", n=WrittenNumber("1e99999")), event("xyz")])
    assert (replay.events, replay.other) == (1, 1)
