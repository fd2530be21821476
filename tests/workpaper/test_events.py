"""Replayed events in words: what was counted, what was missed, and what was set aside."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.result import ReplayFacts
from auditor.workpaper import View, scope
from auditor.workpaper.events import SHOWN, EventsRow, events_rows, replay_in_words


def row(required: int, missed: int, kept: int) -> EventsRow:
    return EventsRow(
        {
            "account_id": "111122223333",
            "control": "ssm-actions@default",
            "filters": 1,
            "required_count": required,
            "noticed_count": required - missed,
            "missed_count": missed,
            "missed": [{"eventName": "StartSession", "eventID": f"id-{number}"} for number in range(kept)],
        },
        "main",
        "F-0001",
    )


@pytest.mark.parametrize(
    ("required", "missed", "words"),
    [
        (0, 0, "No such event recorded"),
        (4, 0, "All would have been counted"),
        (1, 1, "1 of 1 event missed"),
        (4000, 1200, "1,200 of 4,000 events missed"),
    ],
)
def test_result_in_words(required: int, missed: int, words: str) -> None:
    assert row(required, missed, min(missed, 3)).result == words


def test_first_missed_events_are_listed_and_the_rest_counted() -> None:
    assert row(1, 1, 1).missed == "StartSession id-0"
    lines = row(400, 300, 200).missed.splitlines()
    assert len(lines) == SHOWN + 1
    assert lines[-1] == f"and {300 - SHOWN} more events"
    assert row(2, 0, 0).missed == ""


def test_rows_are_those_of_the_framework_most_missed_first(seen: View) -> None:
    rows = list(events_rows(seen))
    assert {one.finding for one in rows} == set(seen.numbers.values())
    missed = [one.watch["missed_count"] for one in rows]
    assert missed == sorted(missed, reverse=True)
    assert missed[0] == 3


def test_without_events_nothing_is_said(passing_view: View) -> None:
    assert list(events_rows(passing_view)) == []


def test_scope_speaks_of_the_replay_only_where_there_was_one(seen: View, passing_view: View) -> None:
    def period(view: View) -> str:
        return " ".join(next(one.texts for one in scope(view) if one.heading == "Period"))

    assert "were replayed" in period(seen)
    assert "replayed" not in period(passing_view)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "3 events of the accounts judged from A to B, read from logs (2 files, SHA-256 00)."),
        ({"first": None, "last": None}, "3 events of the accounts judged, read from logs (2 files, SHA-256 00)."),
        ({"events": 4, "of_other_accounts": 1}, " Set aside: 1 event of accounts that were not judged."),
        ({"not_events": 1}, " Set aside: 1 entry that is no event of CloudTrail."),
        ({"not_events": 2}, " Set aside: 2 entries that are no event of CloudTrail."),
    ],
)
def test_what_was_replayed_in_words(changes: Any, words: str) -> None:
    facts: ReplayFacts = {
        "files": [{"name": "logs", "files": 2, "bytes": 9, "sha256": "00"}],
        "events": 3,
        "of_other_accounts": 0,
        "not_events": 0,
        "first": "A",
        "last": "B",
        "watches": [],
    }
    told = replay_in_words(facts | changes)
    assert told.endswith(words)
    assert "Set aside" in told or not set(changes) & {"of_other_accounts", "not_events"}
