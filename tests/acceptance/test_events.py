"""Real events replayed: CloudTrail files as the bucket holds them, with planted events that a filter misses."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditor.patterns import parse
from auditor.replay.count import Replay
from auditor.replay.files import Recorded
from auditor.replay.filters import Filter, Watch
from tests.acceptance.conftest import Run
from tests.textbook import ACCOUNT, PATTERN, metric_filter, textbook, trail, write

NARROW = PATTERN.replace("||($.eventName=TerminateSession)", "")
OTHER = "444455556666"
PLANTED = ("StartSession", "TerminateSession", "SendCommand", "TerminateSession", "ListBuckets")


def events(*names: str, account: str = ACCOUNT, region: str = "us-east-1") -> list[dict[str, Any]]:
    return [
        {
            "eventVersion": "1.11",
            "eventID": f"{account}-{region}-{number}",
            "eventTime": f"2026-08-{number + 1:02d}T09:00:00Z",
            "eventSource": "ssm.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "readOnly": False,
            "recipientAccountId": account,
        }
        for number, name in enumerate(names)
    ]


def deliver(folder: Path, found: list[dict[str, Any]], number: int = 0) -> None:
    """One log file under the key that CloudTrail gives it."""
    account, region, day = (found[0][name] for name in ("recipientAccountId", "awsRegion", "eventTime"))
    place = folder / "AWSLogs" / account / "CloudTrail" / region / day[:10].replace("-", "/")
    place.mkdir(parents=True, exist_ok=True)
    name = f"{account}_CloudTrail_{region}_{day[:10].replace('-', '')}T0905Z_{number:016d}.json.gz"
    (place / name).write_bytes(gzip.compress(json.dumps({"Records": found}).encode()))


def audited(run: Run, bundle: Path, *words: object) -> Any:
    answer = run("audit", bundle, "--control", "ssm-actions", "--json", "--fail-on", "never", *words)
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)["events"]


def narrow(folder: Path, **kind: Any) -> Path:
    return write(textbook(filters=[metric_filter(NARROW)], **kind), folder / "bundle")


def test_planted_events_are_counted_and_missed(run: Run, tmp_path: Path) -> None:
    deliver(tmp_path / "logs", events(*PLANTED))
    deliver(tmp_path / "logs", events("StartSession", account=OTHER))
    digests = tmp_path / "logs" / "AWSLogs" / ACCOUNT / "CloudTrail-Digest"
    digests.mkdir()
    (digests / "one.json.gz").write_bytes(gzip.compress(b'{"digestS3Bucket": "logs"}'))
    told = audited(run, narrow(tmp_path), "--events", tmp_path / "logs")
    assert (told["events"], told["of_other_accounts"], told["not_events"]) == (6, 1, 1)
    assert (told["first"], told["last"]) == ("2026-08-01T09:00:00Z", "2026-08-05T09:00:00Z")
    (watch,) = told["watches"]
    assert (watch["account_id"], watch["control"], watch["filters"]) == (ACCOUNT, "ssm-actions@default", 1)
    assert (watch["required_count"], watch["noticed_count"], watch["missed_count"]) == (4, 2, 2)
    assert [one["eventName"] for one in watch["missed"]] == ["TerminateSession"] * 2
    (files,) = told["files"]
    assert (files["name"], files["files"]) == ("logs", 3)


def test_without_events_the_result_and_the_reports_say_nothing(run: Run, tmp_path: Path) -> None:
    assert audited(run, narrow(tmp_path), "--out", tmp_path / "out") is None
    book = openpyxl.load_workbook(tmp_path / "out" / "iso27001-2022.xlsx", read_only=True)
    assert "Events" not in book.sheetnames


def test_workbook_and_page_show_what_was_missed(run: Run, tmp_path: Path) -> None:
    deliver(tmp_path / "logs", events(*PLANTED))
    words = ("--events", tmp_path / "logs", "--framework", "iso27001-2022", "--out", tmp_path / "out")
    audited(run, narrow(tmp_path), *words)
    book = openpyxl.load_workbook(tmp_path / "out" / "iso27001-2022.xlsx")
    cells = [str(cell.value) for row in book["Events"].iter_rows() for cell in row if cell.value is not None]
    assert "2 of 4 events missed" in cells
    missed = [[cell.value for cell in row] for row in book["Missed events"].iter_rows() if row[0].value == "F-0001"]
    assert [(row[4], row[-1]) for row in missed] == [("TerminateSession", f"{ACCOUNT}-us-east-1-{n}") for n in (1, 3)]
    page = (tmp_path / "out" / "iso27001-2022.html").read_text(encoding="utf-8")
    assert "2 of 4 events missed" in page
    assert f"{ACCOUNT}-us-east-1-3" in page
    again = run("report", tmp_path / "out" / "results.json", "--out", tmp_path / "again")
    assert again.exit_code == 0, again.stderr
    assert (tmp_path / "again" / "iso27001-2022.html").read_bytes() == page.encode()


def test_several_files_are_read_one_after_the_other(run: Run, tmp_path: Path) -> None:
    for number in (1, 2):
        found = [one | {"eventID": None} for one in events("StartSession")]  # which are never taken for one
        (tmp_path / f"{number}.json").write_text(json.dumps({"Records": found}), encoding="utf-8")
    told = audited(run, narrow(tmp_path), "--events", tmp_path / "1.json", "--events", tmp_path / "2.json")
    assert told["watches"][0]["required_count"] == 2
    assert [one["name"] for one in told["files"]] == ["1.json", "2.json"]
    assert told["files"][0]["sha256"] == told["files"][1]["sha256"]


@pytest.mark.parametrize(
    ("kind", "noticed", "unsure"),
    [
        ({}, 2, 0),
        # Its log group hears of one region only; which trails the other one has was not captured.
        ({"trails": [trail(IsMultiRegionTrail=False)]}, 1, 1),
        ({"trails": []}, 0, 1),
    ],
)
def test_a_filter_counts_what_its_trail_delivers(
    run: Run, tmp_path: Path, kind: dict[str, Any], noticed: int, unsure: int
) -> None:
    for region in ("us-east-1", "eu-west-1"):
        deliver(tmp_path / "logs", events("StartSession", region=region))
    told = audited(run, write(textbook(**kind), tmp_path / "bundle"), "--events", tmp_path / "logs")
    (watch,) = told["watches"]
    assert (watch["noticed_count"], watch["unsure_count"]) == (noticed, unsure)
    assert watch["missed_count"] == 2 - noticed - unsure


def test_a_filter_without_an_alarm_still_counts(run: Run, tmp_path: Path) -> None:
    deliver(tmp_path / "logs", events("StartSession"))
    told = audited(run, write(textbook(alarms=[]), tmp_path / "bundle"), "--events", tmp_path / "logs")
    assert told["watches"][0]["noticed_count"] == 1


@pytest.mark.parametrize(("name", "says"), [("none", "cannot be read"), ("empty", "holds no file of events")])
def test_events_that_are_none_stop_the_command(run: Run, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "empty").mkdir()
    answer = run("audit", narrow(tmp_path), "--events", tmp_path / name, "--json")
    assert answer.exit_code == 2
    (line,) = answer.stderr.splitlines()
    assert says in line
    assert str(tmp_path / name) in line


def test_filters_that_were_not_captured_leave_events_open(run: Run, tmp_path: Path) -> None:
    """A filter that the captures do not show may have counted them: they are not called missed."""
    deliver(tmp_path / "logs", events("StartSession"))
    files = textbook()
    del files[f"{ACCOUNT}/us-east-1/logs-describe-metric-filters.json"]
    (watch,) = audited(run, write(files, tmp_path / "bundle"), "--events", tmp_path / "logs")["watches"]
    assert (watch["unsure_count"], watch["missed_count"], watch["filters"]) == (1, 0, 0)


def test_filters_for_other_events_that_count_an_event_are_told_apart(run: Run, tmp_path: Path) -> None:
    """No filter is for refused calls, but two that are for other events would have counted these."""
    refused = [one | {"errorCode": "AccessDenied"} for one in events("StartSession", "CreateUser", "GetObject")]
    deliver(tmp_path / "logs", refused)
    others = [metric_filter(f"{{ $.eventName = {name} }}", filterName=name) for name in ("StartSession", "CreateUser")]
    bundle = write(textbook(filters=others), tmp_path / "bundle")
    answer = run("audit", bundle, "--control", "unauthorized-api-calls@default", "--json", "--fail-on", "never",
                 "--events", tmp_path / "logs")  # fmt: skip
    (watch,) = json.loads(answer.stdout)["events"]["watches"]
    assert (watch["required_count"], watch["noticed_count"], watch["noticed_by_others_count"]) == (3, 2, 2)
    assert [one["eventName"] for one in watch["missed"]] == ["GetObject"]


def test_a_broad_filter_shows_how_much_it_counts_besides(run: Run, tmp_path: Path) -> None:
    deliver(tmp_path / "logs", events(*PLANTED))
    bundle = write(textbook(filters=[metric_filter("{ $.eventSource = ssm* }")]), tmp_path / "bundle")
    (watch,) = audited(run, bundle, "--events", tmp_path / "logs")["watches"]
    assert (watch["required_count"], watch["noticed_count"], watch["beyond_count"]) == (4, 4, 1)


def test_events_outside_the_period_do_not_count(run: Run, tmp_path: Path) -> None:
    deliver(tmp_path / "logs", events(*PLANTED))
    words = ("--events", tmp_path / "logs", "--period", "2026-08-02/2026-08-03")
    told = audited(run, narrow(tmp_path), *words)
    assert (told["events"], told["outside_period"], told["watches"][0]["required_count"]) == (5, 3, 2)
    assert (told["first"], told["last"]) == ("2026-08-02T09:00:00Z", "2026-08-03T09:00:00Z")


def test_a_damaged_file_is_a_problem_and_the_others_count(run: Run, tmp_path: Path) -> None:
    deliver(tmp_path / "logs", events(*PLANTED))
    (tmp_path / "logs" / "cut.json").write_text(json.dumps({"Records": events(*PLANTED)})[:-20], encoding="utf-8")
    answer = run("audit", narrow(tmp_path), "--control", "ssm-actions", "--json", "--fail-on", "never", "--events",
                 tmp_path / "logs")  # fmt: skip
    document = json.loads(answer.stdout)
    assert (document["events"]["unread"], document["events"]["events"]) == (1, 9)
    (problem,) = (one for one in document["problems"] if one["file"] == "logs/cut.json")
    assert "breaks off" in problem["problem"]


def test_files_without_an_event_stop_the_command(run: Run, tmp_path: Path) -> None:
    """ "No such event recorded" for every control would read as a quiet quarter."""
    (tmp_path / "notes.txt").write_text("not a log\n", encoding="utf-8")
    answer = run("audit", narrow(tmp_path), "--events", tmp_path / "notes.txt", "--json")
    assert (answer.exit_code, answer.stdout) == (2, "")
    (line,) = answer.stderr.splitlines()
    assert "notes.txt: no event of CloudTrail" in line


PATH_BYTES = 1_500  # the path of a file as Python holds it while files are sorted; its events take twenty times that
ID_BYTES = 150  # what tells an event that counts from one that was delivered before, in a set that has just grown
MANY = ["TerminateSession"] * 28


def test_memory_does_not_grow_with_the_number_of_events(tmp_path: Path) -> None:
    """Of a file only its path is held: one is read at a time, and what is kept of its 28 events is bounded."""

    def peak(files: int) -> int:
        folder = tmp_path / str(files)
        for number in range(files):
            found = [one | {"eventID": f"{number}-{place}"} for place, one in enumerate(events(*MANY))]
            deliver(folder, found, number)
        replay = Replay([Watch(ACCOUNT, "ssm-actions@default", parse(PATTERN), (Filter(parse(NARROW)),))])
        tracemalloc.start()
        replay.run(Recorded((folder,)).events())
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert replay.document()["watches"][0]["missed_count"] == 28 * files
        return highest

    few = peak(30)
    assert peak(300) - few < 270 * (PATH_BYTES + len(MANY) * ID_BYTES)
    assert len(MANY) * ID_BYTES < 28 * 300  # far less than the events themselves
