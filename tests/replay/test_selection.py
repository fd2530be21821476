"""A replay of what SQL selected from a folder of log files gives the counts of a replay of everything."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import auditor
from auditor.catalogue import load_controls
from auditor.judgement.question import question
from auditor.patterns import parse
from auditor.patterns.sql import DIALECTS, queries
from auditor.replay.count import Replay
from auditor.replay.files import Recorded
from auditor.replay.filters import Filter, watch_of
from auditor.replay.selection import patterns_to_select
from auditor.workpaper.events import replay_in_words
from tests.patterns.sql.engine import count, select

ACCOUNTS = ("111122223333", "444455556666")
CONTROLS = load_controls()
FOUND = {
    "ssm-actions": ["{ $.eventName = *Session* || $.eventName = SendCommand }"],
    "root-usage": ['{ $.userIdentity.type = "Root" }'],
    "unauthorized-api-calls": ["{ $.errorCode = AccessDenied* }", "{ $.errorCode = * && $.readOnly IS FALSE }"],
    "s3-bucket-policy-changes": ["{ $.eventSource = s3.amazonaws.com && $.eventName = Put* }"],
}
NUMBER = 400
SAMPLE = Path(__file__).parents[2] / "samples" / "quarterly"


def recorded(random: Random, number: int) -> dict[str, Any]:
    control = random.choice(list(CONTROLS.values()))
    named = random.choice(control.events)
    name = random.choice([named.name, "ListBuckets", "GetObject", "TerminateSession", "PutObject"])
    event: dict[str, Any] = {
        "eventID": f"id-{number}",
        "eventTime": f"2026-08-0{random.randint(1, 3)}T00:00:00Z",
        "eventName": "ListBuckets" if name == "*" else name,
        "eventSource": random.choice([named.source.replace("*", "s3.amazonaws.com"), "s3.amazonaws.com"]),
        "awsRegion": "eu-west-1",
        "recipientAccountId": random.choice((*ACCOUNTS, "777788889999")),
        "readOnly": random.random() < 0.5,
        "managementEvent": random.random() < 0.9,
        "userIdentity": {"type": random.choice(["Root", "IAMUser", "AssumedRole"]), "arn": 'a "Zoë"\\\n'},
        "requestParameters": random.choice([None, {"n": [1.5, 10**20]}]),
    }
    if random.random() < 0.3:
        event["errorCode"] = random.choice(
            ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "x"]
        )
    if random.random() < 0.3:
        event["userIdentity"]["invokedBy"] = "ec2.amazonaws.com"
    if event["eventName"] == "ConsoleLogin":
        event["responseElements"] = {"ConsoleLogin": random.choice(["Success", "Failure"])}
        event["additionalEventData"] = {"MFAUsed": random.choice(["Yes", "No"])}
    return event


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    random = Random(14)
    events = [recorded(random, number) for number in range(NUMBER)]
    events += events[:10]  # delivered twice
    for number in range(0, len(events), 50):
        folder = tmp_path / "AWSLogs" / ACCOUNTS[0] / "CloudTrail" / f"{number}"
        folder.mkdir(parents=True)
        text = json.dumps({"Records": events[number : number + 50]}, ensure_ascii=number % 100 == 0)
        (folder / "log.json.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "AWSLogs" / "digest.json.gz").write_bytes(gzip.compress(b'{"digestS3Object": "x"}'))
    return tmp_path / "AWSLogs"


def replayed(path: Path) -> Replay:
    watches = []
    for account in ACCOUNTS:
        for name, control in CONTROLS.items():
            asked = question(control, control.variants["default"], covers=False, strict=False)
            filters = (Filter(parse(text)) for text in FOUND.get(name, ()))
            watches.append(watch_of(account, name, asked, filters))
    replay = Replay(watches)
    files = Recorded([path])
    replay.run(files.events())
    assert not files.problems
    return replay


def test_the_counts_are_those_of_everything(logs: Path, tmp_path: Path) -> None:
    patterns = [
        pattern
        for name, control in CONTROLS.items()
        for pattern in patterns_to_select(control, None, FOUND.get(name, ()))
    ]
    written = queries(patterns, DIALECTS["duckdb"], f"{logs}/**/*.json.gz")
    chosen = select(written, tmp_path)
    rows = count(written, tmp_path)
    everything, selected = replayed(logs), replayed(tmp_path / "selected.json.gz")
    assert selected.document()["watches"] == everything.document()["watches"]
    assert sum(watch.counted for watch in everything.watches) > 40
    assert sum(watch.beyond for watch in everything.watches) > 10
    assert sum(len(watch.missed) for watch in everything.watches) > 40
    assert sum(row["events"] for row in rows) == everything.events == NUMBER + 10
    assert sum(row["selected"] for row in rows) == selected.events == len(chosen) < NUMBER
    assert {row["account"] for row in rows} == {*ACCOUNTS, "777788889999"}


def test_the_first_query_is_the_population(logs: Path, tmp_path: Path) -> None:
    """The command as the recipe has it: both answers handed over, whole, cut, and none selected."""
    written = queries([parse("{ $.eventName = ListBuckets }")], DIALECTS["duckdb"], f"{logs}/**/*.json.gz")
    chosen = select(written, tmp_path)
    rows = count(written, tmp_path)
    replay = Replay([])
    for path in ("counts.json", "selected.json.gz"):
        replay.run(Recorded([tmp_path / path]).events())
    assert replay.document()["population"] == {
        "accounts": 3, "days": 3, "events": NUMBER + 10, "others": 0, "selected": len(chosen), "received": len(chosen),
    }  # fmt: skip
    assert (replay.events, replay.other) == (len(chosen), 0)
    assert replay.population.problem("x") is None

    partly = Replay([])
    partly.run(Recorded([tmp_path / "counts.json"]).events())
    partly.run(message for message in chosen[1:])
    problem = partly.population.problem("selected.json.gz")
    assert problem is not None
    assert problem.code == "selection-not-whole"
    assert f"{len(chosen) - 1:,} were received" in problem.problem

    plain = Replay([])
    plain.run(chosen)
    assert "population" not in plain.document()
    assert plain.population.problem("x") is None
    assert sum(row["selected"] for row in rows) == len(chosen)


@pytest.mark.parametrize(("given", "problems", "words"), [
    (0, [], "0 selected and received."), (2, ["selection-not-whole"], "2 selected and 0 received; see Problems."),
])  # fmt: skip
def test_an_audit_of_a_selection_without_events(tmp_path: Path, given: int, problems: list[str], words: str) -> None:
    """Nothing selected of logs that held events is an answer; that something was selected and is not there, none."""
    counts = {"account": ACCOUNTS[0], "day": "2026-08-01", "events": 900, "others": 0, "selected": given}
    (tmp_path / "counts.json").write_text(json.dumps(counts), encoding="utf-8")
    result = auditor.audit(SAMPLE, events=tmp_path / "counts.json", controls=["ssm-actions"])
    document = json.loads(result.to_json())
    codes = [problem["code"] for problem in document["problems"] if problem["file"] == "counts.json"]
    assert codes == problems
    assert document["events"]["population"]["events"] == 900
    assert replay_in_words(document["events"]).endswith(
        f"They were selected by SQL from 900 events in 1 account on 1 day: {words}"
    )


def test_filters_for_other_events_select_nothing_more() -> None:
    control = CONTROLS["ssm-actions"]
    required = parse(control.variants["default"].patterns[0].pattern)
    narrow = "{ $.eventName = SendCommand }"
    filters = [narrow, "{ $.eventName = DeleteTrail }", "{ no pattern", narrow]
    assert patterns_to_select(control, None, filters) == (required, parse(narrow))
    assert patterns_to_select(control, None, [""]) == (required, parse(""))


def test_a_named_variant_is_selected_beside_the_recommended_pattern() -> None:
    control = CONTROLS["unauthorized-api-calls"]
    name, variant = next((name, each) for name, each in control.variants.items() if name != "default")
    wanted = [control.variants["default"].patterns[0], *variant.patterns]
    assert set(patterns_to_select(control, name, ())) == {parse(each.pattern) for each in wanted}
