"""`auditor gsl`: a pasted rule gets a right answer per account, or a precise refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import load_controls, resolve_control
from tests.cli.conftest import Run
from tests.textbook import ACCOUNT, metric_filter, subscription, textbook, write

RULE = resolve_control("ssm-actions", load_controls()).variants["default"].rule or ""


def bundle(folder: Path, **changes: Any) -> str:
    return str(write(textbook(**changes), folder / "bundle"))


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, "pass"),
        # An uncaptured region may hold a single-region trail that has what the list form asks for.
        ({"filters": [metric_filter("{ $.eventName = X }")]}, "unknown"),
        ({"subscriptions": [subscription(SubscriptionArn="PendingConfirmation")]}, "unknown"),
    ],
    ids=["holds", "another pattern", "pending"],
)
def test_the_published_rule_on_a_bundle(run: Run, tmp_path: Path, changes: dict[str, Any], result: str) -> None:
    done = run("gsl", RULE, bundle(tmp_path, **changes), "--json")
    (account,) = json.loads(done.stdout)["accounts"]
    assert (account["account_id"], account["result"]) == (ACCOUNT, result)
    assert done.exit_code == (0 if result == "pass" else 1)


def test_a_rule_on_entities(run: Run, tmp_path: Path) -> None:
    entities = tmp_path / "entities.json"
    entities.write_text('[{"name": "a", "open": true}, {"name": "b", "open": {"$unevidenced": true}}]')
    assert (
        json.loads(run("gsl", "Door should not have open=true", "--entities", str(entities), "--json").stdout)["result"]
        == "fail"
    )
    assert (
        json.loads(run("gsl", "Door should have open=true", "--entities", str(entities), "--json").stdout)["result"]
        == "unknown"
    )


def test_now_comes_from_the_evidence_or_the_option_never_from_the_clock(run: Run, tmp_path: Path) -> None:
    rule = "CloudTrail should have status.latestDeliveryTime after(-1, 'days')"
    refused = run("gsl", rule, bundle(tmp_path))
    assert refused.exit_code == 2
    assert "--as-of" in refused.stderr
    assert run("gsl", rule, bundle(tmp_path), "--as-of", "2026-09-30").exit_code == 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("CloudTrail should have isMultiRegionTrial=true", "isMultiRegionTrail"),
        ("Instance should have name", "Instance"),
        ("CloudTrail should have (name", "column"),
        ("CloudTrail should have name split(',') length() > 1", "split"),
        ("cloudtrail where event.name='StopLogging'", "query over the logs"),
    ],
)
def test_a_refusal_is_one_precise_line(run: Run, tmp_path: Path, rule: str, said: str) -> None:
    done = run("gsl", rule, bundle(tmp_path))
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_either_a_bundle_or_entities(run: Run, tmp_path: Path) -> None:
    assert run("gsl", RULE).exit_code == 2
    assert run("gsl", RULE, bundle(tmp_path), "--entities", "x.json").exit_code == 2


def test_entities_in_a_wrapper_fix_now(run: Run, tmp_path: Path) -> None:
    entities = tmp_path / "entities.json"
    entities.write_text('{"now": "2026-07-01T00:00:00Z", "entities": [{"t": "2026-06-30T12:00:00Z"}]}')
    rule = "Door should have t after(-1, 'days')"
    assert run("gsl", rule, "--entities", str(entities)).exit_code == 0
    assert run("gsl", rule, "--entities", str(entities), "--as-of", "2026-08-01").exit_code == 1


def test_for_people_breaches_stand_first_each_with_its_reason(run: Run, tmp_path: Path) -> None:
    entities = tmp_path / "entities.json"
    entities.write_text(
        '[{"name": "a", "open": true}, {"name": "b", "open": "false"}, {"name": "c", "open": false, "old": true},'
        ' {"name": "d"}, {"$unevidenced": true}]'
    )
    rule = "Door where name should not have open='false' exclude old"
    assert run("gsl", rule, "--entities", str(entities)).stdout.splitlines() == [
        "fail",
        "  Door: 5 tested, 4 in scope, 1 in breach, 1 not decided.",
        "  - b does not comply: open = 'false' holds (open is 'false').",
        "  - entity 4, which no capture shows is open",
        "  - a complies: open = 'false' does not hold (open is True).",
        "  - c is excluded: old holds (old is True).",
        "  - d complies: open = 'false' does not hold (open is absent).",
    ]


def test_readings_are_named_with_the_result_and_explained_once(run: Run, tmp_path: Path) -> None:
    entities = tmp_path / "entities.json"
    entities.write_text("[{}]")
    lines = run("gsl", "Door should have open != 'yes'", "--entities", str(entities)).stdout.splitlines()
    assert "  Depends on a reading: absent-not-equal." in lines
    assert lines[-1].startswith("Reading absent-not-equal: an absent field != any value; the other one: ")


def test_accounts_are_counted_by_result(run: Run, tmp_path: Path) -> None:
    folder = write(textbook("111122223333") | textbook("444455556666"), tmp_path / "bundle")
    lines = run("gsl", RULE, str(folder)).stdout.splitlines()
    assert "2 accounts: 2 pass, 0 fail, 0 unknown" in lines


@pytest.mark.parametrize("text", ["[1]", '"x"', "{", '{"entities": 1}'])
def test_a_file_without_entities_is_refused_in_one_line(run: Run, tmp_path: Path, text: str) -> None:
    entities = tmp_path / "entities.json"
    entities.write_text(text)
    done = run("gsl", "Door should have a", "--entities", str(entities))
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "entities.json" in done.stderr
