"""Replayed events in words: what was counted, what was missed, and what was set aside."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.result import ReplayFacts
from auditor.workpaper import View, scope
from auditor.workpaper.events import (
    EventsRow,
    events_rows,
    files_in_words,
    missed_rows,
    replay_in_words,
    totals_in_words,
)


def row(required: int, missed: int, unsure: int = 0, others: int = 0) -> EventsRow:
    return EventsRow(
        {
            "account_id": "111122223333",
            "control": "ssm-actions@default",
            "filters": 1,
            "required_count": required,
            "noticed_count": required - missed - unsure,
            "noticed_by_others_count": others,
            "unsure_count": unsure,
            "missed_count": missed,
            "beyond_count": 0,
            "missed": [],
        },
        "main",
        "F-0001",
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0), "No such event recorded"),
        ((4, 0), "All would have been counted"),
        ((4, 0, 0, 3), "All would have been counted, 3 counted only by filters for other events"),
        ((1, 1), "1 of 1 event missed"),
        ((4000, 1200), "1,200 of 4,000 events missed"),
        ((4, 0, 4), "4 of 4 events open"),
        ((9, 1, 2, 3), "1 of 9 events missed, 2 open, 3 counted only by filters for other events"),
    ],
)
def test_result_in_words(counts: tuple[int, ...], words: str) -> None:
    assert row(*counts).result == words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(0, 0), (0, 0)], "None of the events that the controls must notice was recorded."),
        (
            [(4, 0), (0, 0)],
            "Events to notice were recorded in 1 of 2 pairs of account and control, 4 in all: "
            "all of them would have been counted.",
        ),
        (
            [(4, 1), (5, 2, 1)],
            "Events to notice were recorded in 2 of 2 pairs of account and control, 9 in all: "
            "3 of them missed (in 2 pairs); 1 of them left open by the captures (in 1 pair).",
        ),
    ],
)
def test_totals_in_words(rows: list[tuple[int, ...]], words: str) -> None:
    assert totals_in_words([row(*counts) for counts in rows]) == words


def test_each_missed_event_is_a_row_up_to_a_limit(seen: View) -> None:
    assert [one.event["eventID"] for one in missed_rows(seen)] == ["7c5c-1", "7c5c-2", "7c5c-3", "7c5c-2"]
    assert [one.event["eventID"] for one in missed_rows(seen, 1)] == ["7c5c-1", "7c5c-2"]


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
        ({}, "3 events of the accounts judged from A to B."),
        ({"first": None, "last": None}, "3 events of the accounts judged."),
        ({"events": 4, "of_other_accounts": 1}, " Set aside: 1 event of accounts that were not judged."),
        (
            {"events": 4, "outside_period": 1},
            "3 events of the accounts judged from A to B. Set aside: 1 event outside the period.",
        ),
        ({"events": 4, "not_management": 1}, " Set aside: 1 data event, which the controls are not about."),
        ({"unread": 1}, " from A to B. 1 file could not be read, or not to the end; see Problems."),
        ({"not_events": 1}, " Set aside: 1 entry that is no event of CloudTrail."),
        ({"not_events": 2}, " Set aside: 2 entries that are no event of CloudTrail."),
        ({"repeated": 2}, " Set aside: 2 counted events that another trail had delivered."),
    ],
)
def test_what_was_replayed_in_words(changes: Any, words: str) -> None:
    facts: ReplayFacts = {
        "files": [{"name": "logs", "files": 2, "bytes": 9, "sha256": "00"}],
        "unread": 0,
        "events": 3,
        "of_other_accounts": 0,
        "outside_period": 0,
        "not_management": 0,
        "not_events": 0,
        "first": "A",
        "last": "B",
        "watches": [],
    }
    told = replay_in_words(facts | changes)
    assert told.endswith(words)
    assert ("Set aside" in told) == bool(set(changes) - {"first", "last", "unread"})
    assert files_in_words(facts) == "Read from logs (2 files, SHA-256 00)."
