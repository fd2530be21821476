"""Replay of events: planted events are counted for their account, and what the filters miss is listed."""

from __future__ import annotations

from typing import Any

from auditor.judgement.replay import MISSED_KEPT, Replay, Watch, account_of, parsed
from auditor.patterns import parse

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


def watch(*filters: str) -> Watch:
    return Watch(ACCOUNT, "ssm-actions@default", parse(REQUIRED), parsed(filters))


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
    replay.run([event("StartSession", recipientAccountId="444455556666"), "a raw message", event("StartSession")])
    assert (replay.events, replay.elsewhere) == (3, 2)


def test_several_filters_notice_together() -> None:
    replay = Replay([watch("{ $.eventName = StartSession }", "{ $.eventName = SendCommand }", "{ broken")])
    replay.run([event("StartSession"), event("SendCommand")])
    assert replay.document()["watches"][0]["missed_count"] == 0


def test_what_is_kept_does_not_grow() -> None:
    replay = Replay([watch()])
    replay.run(event("StartSession", number) for number in range(MISSED_KEPT + 50))
    (told,) = replay.document()["watches"]
    assert told["missed_count"] == MISSED_KEPT + 50
    assert len(told["missed"]) == MISSED_KEPT


def test_the_account_of_an_event() -> None:
    assert account_of({"userIdentity": {"accountId": ACCOUNT}}) == ACCOUNT
    assert account_of({"userIdentity": "root"}) == ""
    assert account_of("text") == ""
