"""On which day a capture was made: by its record in any form, by what stands beside the answer, by its path (L5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.evidence.reading import days_named
from auditor.evidence.recognising import recorded_time
from tests.textbook import Files, textbook, write


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-06-30/111122223333/trails.json", "2026-06-30", "2026-06-30"),
        ("trails_20260630.json", "2026-06-30", "2026-06-30"),
        ("trails-20260630T101500Z.json", "2026-06-30", "2026-06-30"),
        ("2026/06/30/trails.json", "2026-06-30", "2026-06-30"),
        ("30.06.2026", "2026-06-30", "2026-06-30"),
        ("6/30/2026", "2026-06-30", "2026-06-30"),
        ("05-06-2026", "2026-05-06", "2026-06-05"),
        ("30 June 2026", "2026-06-30", "2026-06-30"),
        ("jun2026", "2026-06-01", "2026-06-30"),
        ("2026-02/x", "2026-02-01", "2026-02-28"),
        ("2026/06/111122223333/x", "2026-06-01", "2026-06-30"),
        ("Q2-2026", "2026-04-01", "2026-06-30"),
        ("2026q4", "2026-10-01", "2026-12-31"),
        ("2026 06 30", "2026-06-30", "2026-06-30"),
        ("2026-6-30", "2026-06-30", "2026-06-30"),
        ("Jun-30-2026", "2026-06-30", "2026-06-30"),
        ("June 30, 2026", "2026-06-30", "2026-06-30"),
        ("20260630101500", "2026-06-30", "2026-06-30"),
        ("30. Juni 2026/x", "2026-06-30", "2026-06-30"),
        ("30 de junio de 2026", "2026-06-30", "2026-06-30"),
        ("1-août-2026", "2026-08-01", "2026-08-01"),
        ("1-aou\u0302t-2026", "2026-08-01", "2026-08-01"),
        ("März 2026", "2026-03-01", "2026-03-31"),
        ("2026-W27", "2026-06-29", "2026-07-05"),
        ("KW27_2026", "2026-06-29", "2026-07-05"),
        ("2026H1", "2026-01-01", "2026-06-30"),
        ("H2 2026", "2026-07-01", "2026-12-31"),
        ("2026Q3/2026-06-30", "2026-06-30", "2026-06-30"),
    ],
)
def test_days_that_a_name_names(text: str, first: str, last: str) -> None:
    assert days_named(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "111122223333",
        "202606301015",
        "20260630991500",
        "2026-W54",
        "ch1-2026",
        "iso27001-2022",
        "market-2026",
        "v2026.1",
        "2026-02-30",
        "us-east-1",
    ],
)
def test_names_that_name_no_day(text: str) -> None:
    assert days_named(text) is None


@pytest.mark.parametrize(
    ("members", "time"),
    [
        ({"started_at": "2026-06-30T08:00:00Z", "ended_at": "2026-06-30T08:00:01Z"}, "2026-06-30T08:00:01Z"),
        ({"captured_at": "2026-10-01T00:30:00+02:00"}, "2026-09-30T22:30:00Z"),
        ({"captured_at_utc": "2026-06-30T08:00Z"}, "2026-06-30T08:00:00Z"),
        ({"started": "2026-06-30", "datum": "2026-07-01"}, "2026-06-30T00:00:00Z"),
        ({"Datum": "30.06.2026"}, "2026-06-30T00:00:00Z"),
        ({"Capture-Date": "2026-06-30"}, "2026-06-30T00:00:00Z"),
        ({"timestamp": "30/06/2026 08:00"}, "2026-06-30T00:00:00Z"),
        ({"ended_at": "soon", "date": "Tue, 30 Jun 2026 08:00:00 GMT"}, "2026-06-30T08:00:00Z"),
        ({"collectedAt": 1782806400}, "2026-06-30T08:00:00Z"),
        ({"collectedAt": 1782806400000}, "2026-06-30T08:00:00Z"),
        ({"ResponseMetadata": {"HTTPHeaders": {"date": "Tue, 30 Jun 2026 08:00:00 GMT"}}}, "2026-06-30T08:00:00Z"),
        ({"date": "05/06/2026"}, None),
        ({"time": True, "date": 10**400, "when": "0001-01-01T00:00:00+14:00"}, None),
        ({"creationTime": 1782806400000}, None),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value),
)
def test_a_time_in_any_form(members: dict[str, Any], time: str | None) -> None:
    assert recorded_time(members) == time


def verdict(tmp_path: Path, files: Files, **options: Any) -> tuple[str, str, list[str]]:
    (one,) = audit(write(files, tmp_path), controls=["ssm-actions"], period="2026Q3", **options).document["findings"]
    return one["verdict"], one["reason_code"], [assumption["code"] for assumption in one["assumptions"]]


def below(folder: str) -> Files:
    return {f"{folder}/{path}": content for path, content in textbook().items()}


@pytest.mark.parametrize("folder", ["2026-06-30", "2026Q2", "quarter Q2 2026", "2026-05"])
def test_a_folder_of_another_quarter_is_outside_the_period(tmp_path: Path, folder: str) -> None:
    assert verdict(tmp_path, below(folder))[:2] == ("INCONCLUSIVE", "trails-out-of-period")


@pytest.mark.parametrize("folder", ["2026-09-30", "2026Q3", "2026-10"])
def test_a_folder_of_the_quarter_counts_for_it(tmp_path: Path, folder: str) -> None:
    assert verdict(tmp_path, below(folder)) == ("PASS", "holds", ["arguments-not-recorded"])


def test_what_people_say_goes_before_folders(tmp_path: Path) -> None:
    assert verdict(tmp_path, below("2026-06-30"), captured_on="2026-09-30")[0] == "PASS"


def test_captures_that_nothing_dates_are_read_as_of_the_period(tmp_path: Path) -> None:
    assert verdict(tmp_path, textbook()) == ("PASS", "holds", ["arguments-not-recorded", "days-not-recorded"])


def test_a_time_beside_an_answer_dates_it(tmp_path: Path) -> None:
    files = {path: {**content, "captured_at": "2026-06-30T08:00:00Z"} for path, content in textbook().items()}
    assert verdict(tmp_path, files)[:2] == ("INCONCLUSIVE", "trails-out-of-period")
