"""Events that hold what no result can: they are counted, and what is shown of them can be written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import ACCOUNT, REGION, textbook, write

EVENT = {
    "eventID": "1", "eventTime": "2026-08-01T00:00:00Z", "recipientAccountId": ACCOUNT, "awsRegion": REGION,
    "eventName": "StartSession", "eventSource": "ssm.amazonaws.com",
}  # fmt: skip
HALF = "\ud800"


def replayed(folder: Path, *records: dict[str, Any]) -> dict[str, Any]:
    bundle = write(textbook(filters=[]), folder / "bundle")
    logs = write({"logs.json": json.dumps({"Records": records}).encode()}, folder / "logs")
    result = audit(bundle, events=logs, controls=["ssm-actions"], frameworks=["iso27001-2022"])
    events: dict[str, Any] = json.loads(result.to_json())["events"]
    return events


@pytest.mark.parametrize("text", [HALF, "x" * 50_000, "\x1b[2J", "9999-99-99", "2026-08-02T00:00:00Z" + HALF])
@pytest.mark.parametrize("member", ["eventID", "eventTime", "awsRegion", "errorCode", "userAgent"])
def test_texts_of_events_are_shown_cleaned_and_short(tmp_path: Path, member: str, text: str) -> None:
    events = replayed(tmp_path, EVENT, EVENT | {"eventID": "2", member: text})
    assert events["events"] == 2
    assert (events["first"], events["last"]) == ("2026-08-01T00:00:00Z",) * 2
    for missed in (one for watch in events["watches"] for one in watch["missed"]):
        assert all(len(value) <= 200 and value.isprintable() for value in missed.values())


@pytest.mark.parametrize("number", [10**30, -1, 2**63, "9" * 19, "9" * 400, 1.5, True, None, HALF])
def test_counts_that_nobody_has_are_none(tmp_path: Path, number: Any) -> None:
    row = {"account": HALF, "day": HALF, "events": number, "others": number, "selected": number}
    population = replayed(tmp_path, EVENT, *[row] * 3)["population"]
    assert population["received"] == 1
    assert 0 <= population["events"] <= 3
