"""The counts of a replay beside a count by brute force: every event, every pattern, one after the other."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import load_controls
from auditor.patterns import match
from tests.acceptance.conftest import Run
from tests.textbook import metric_filter, textbook, trail, write

REQUIRED = {control.id: control.variants["default"].patterns[0].pattern for control in load_controls().values()}
CALLS = [
    (event.source, event.name, event.read_only)
    for control in load_controls().values()
    for event in control.events
    if event.source != "*"
] + [("ec2.amazonaws.com", "DescribeInstances", True), ("lambda.amazonaws.com", "Invoke20150331", False)]
REGIONS = ("us-east-1", "eu-west-1")
ACCOUNTS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "111122223333": (tuple(REQUIRED.values()), {}),
    "222233334444": (("{ $.eventName = Start* }", "{ $.eventName = Create* }"), {"IsMultiRegionTrail": False}),
    "333344445555": (("{ $.errorCode = * }", "{ $.userIdentity.type = Root }", "?Delete ?Stop"), {}),
    "444455556666": ((), {}),
}
ELSEWHERE = "999988887777"


def recorded(seed: int, number: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    found = []
    for place in range(number):
        source, name, read_only = chance.choice(CALLS)
        event: dict[str, Any] = {
            "eventID": f"id-{place}",
            "eventTime": f"2026-08-{1 + place % 28:02d}T10:00:00Z",
            "eventSource": source,
            "eventName": name,
            "awsRegion": chance.choice(REGIONS),
            "readOnly": read_only,
            "eventType": chance.choice(["AwsApiCall", "AwsServiceEvent"]),
            "recipientAccountId": chance.choice([*ACCOUNTS, ELSEWHERE]),
            "userIdentity": {"type": chance.choice(["AssumedRole", "Root"])},
        }
        if chance.random() < 0.3:
            event["errorCode"] = chance.choice(["AccessDenied", "Client.UnauthorizedOperation", "Throttling"])
        if name == "ConsoleLogin":
            event["additionalEventData"] = {"MFAUsed": chance.choice(["Yes", "No"])}
            event["errorMessage"] = chance.choice(["Failed authentication", None])
        found.append(event)
    return found


def deliver(folder: Path, events: list[dict[str, Any]]) -> None:
    places: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for event in events:
        key = (event["recipientAccountId"], event["awsRegion"], event["eventTime"][:10].replace("-", "/"))
        places.setdefault(key, []).append(event)
    for (account, region, day), found in places.items():
        place = folder / "AWSLogs" / account / "CloudTrail" / region / day
        place.mkdir(parents=True)
        name = f"{account}_CloudTrail_{region}_{day.replace('/', '')}T1005Z_a1.json.gz"
        (place / name).write_bytes(gzip.compress(json.dumps({"Records": found}).encode()))


def heard(event: dict[str, Any]) -> bool:
    """Whether the account's trail delivers the event: one has a trail of its home region only."""
    return bool(event["awsRegion"] == REGIONS[0] or event["recipientAccountId"] != "222233334444")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_counts_are_those_of_brute_force(run: Run, tmp_path: Path, seed: int) -> None:
    bundle = tmp_path / "bundle"
    for account, (patterns, settings) in ACCOUNTS.items():
        filters = [metric_filter(text, filterName=f"filter-{place}") for place, text in enumerate(patterns)]
        files = textbook(account, trails=[trail(account, **settings)], filters=filters)
        if settings:
            files[f"{account}/{REGIONS[1]}/cloudtrail-describe-trails.json"] = {"trailList": []}
        write(files, bundle)
    events = recorded(seed, 3000)
    deliver(tmp_path / "logs", events)
    required: Counter[tuple[str, str]] = Counter()
    noticed: Counter[tuple[str, str]] = Counter()
    for event in events:
        account = event["recipientAccountId"]
        if account == ELSEWHERE:
            continue
        counted = heard(event) and any(match(text, event) for text in ACCOUNTS[account][0])
        for control, text in REQUIRED.items():
            if match(text, event):
                required[account, control] += 1
                noticed[account, control] += counted
    words = [word for control in REQUIRED for word in ("--control", f"{control}@default")]
    answer = run("audit", bundle, *words, "--events", tmp_path / "logs", "--json", "--fail-on", "never")
    assert answer.exit_code == 0, answer.stderr
    told = json.loads(answer.stdout)["events"]
    assert len(told["watches"]) == len(ACCOUNTS) * len(REQUIRED)
    assert told["of_other_accounts"] == sum(event["recipientAccountId"] == ELSEWHERE for event in events)
    for watch in told["watches"]:
        pair = watch["account_id"], watch["control"].partition("@")[0]
        assert (watch["required_count"], watch["noticed_count"]) == (required[pair], noticed[pair]), pair
        assert watch["required_count"] == watch["noticed_count"] + watch["unsure_count"] + watch["missed_count"]
        assert watch["missed_count"] == 0 or watch["account_id"] != "111122223333"
    assert all(required[account, control] for account in ACCOUNTS for control in REQUIRED)
