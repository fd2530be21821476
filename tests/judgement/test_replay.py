"""Replay of events: planted events are counted for their account, and what the filters miss is listed."""

from __future__ import annotations

from typing import Any

from auditor.chains import Selector, TrailPath
from auditor.chains.model import ok
from auditor.judgement.replay import MISSED_KEPT, Filter, Replay, Watch, account_of
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


def test_progress_is_told_now_and_then() -> None:
    told: list[tuple[int, int | None, str]] = []
    Replay([watch()]).run((event("x") for _ in range(2500)), lambda *words: told.append(words))
    assert [done for done, _, _ in told] == [1000, 2000]


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


def test_the_account_of_an_event() -> None:
    assert account_of({"userIdentity": {"accountId": ACCOUNT}}) == ACCOUNT
    assert account_of({"userIdentity": "root"}) == ""
    assert account_of("text") == ""
