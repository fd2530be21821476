"""`auditor inventory` and `auditor validate`: what a bundle holds, and what is wrong with it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def whole(planted: Any, tmp_path: Path) -> Path:
    """An account of the planted bundle without any gap."""
    account = next(name for name, facts in planted.expected.items() if facts.defect == "none")
    copied: Path = shutil.copytree(planted.folder / account, tmp_path / "whole" / account).parent
    return copied


def test_whole_bundle_has_no_gap_and_no_problem(run: Run, whole: Path) -> None:
    assert run("inventory", whole).exit_code == 0
    result = run("validate", whole)
    assert (result.exit_code, result.stdout) == (
        0,
        "No problems: every capture is complete and follows its schema.\n",
    )
    assert json.loads(run("validate", whole, "--json").stdout) == {"problems": []}


def test_inventory_marks_a_missing_and_a_truncated_answer(run: Run, whole: Path) -> None:
    trails = json.loads((next(whole.iterdir()) / "eu-west-1" / "cloudtrail-describe-trails.json").read_bytes())
    home = next(one["HomeRegion"] for one in trails["trailList"] if one.get("CloudWatchLogsLogGroupArn"))
    region = next(whole.iterdir()) / home
    (region / "logs-describe-metric-filters.json").unlink()
    alarms = json.loads((region / "cloudwatch-describe-alarms.json").read_bytes())
    (region / "cloudwatch-describe-alarms.json").write_text(json.dumps(alarms | {"NextToken": "x"}))

    result = run("inventory", whole)
    assert result.exit_code == 1
    head, *lines = [re.split(r" {2,}", line) for line in result.stdout.splitlines() if "  " in line]
    column = next(number for number, name in enumerate(head) if home in name)
    told = {line[0]: line[column] for line in lines}
    assert told["logs:DescribeMetricFilters"] == "missing"
    assert told["cloudwatch:DescribeAlarms"] == "truncated"
    assert told["cloudtrail:DescribeTrails"] == "captured"
    assert "2 gaps" in result.stderr

    told_as_json = json.loads(run("inventory", whole, "--json").stdout)
    marked = {
        (row["region"], row["call"]): row["status"] for row in told_as_json["inventory"] if row["status"] != "captured"
    }
    assert marked == {
        (home, "logs:DescribeMetricFilters"): "missing",
        (home, "cloudwatch:DescribeAlarms"): "truncated",
    }
    audited = json.loads(run("audit", whole, "--json", "--fail-on", "never").stdout)
    assert told_as_json["gaps"] == audited["gaps"]


def test_inventory_names_accounts_of_which_nothing_was_captured(run: Run, whole: Path, tmp_path: Path) -> None:
    account = next(whole.iterdir()).name
    scope = tmp_path / "scope.csv"
    scope.write_text(f"account_id,regions\n{account},\n999988887777,us-east-1\n")
    result = run("inventory", whole, "--scope", scope)
    assert result.exit_code == 1
    assert "999988887777" in result.stdout
    assert "1 gap." in result.stderr


def test_that_aws_knows_no_such_topic_is_an_answer(run: Run, whole: Path) -> None:
    """It is neither missing nor refused, and nobody is asked for it again."""
    account = next(whole.iterdir()).name
    alarms = "".join(path.read_text() for path in whole.rglob("cloudwatch-describe-alarms.json"))
    answer = next(
        path for path in whole.rglob("sns-list-subscriptions-by-topic/*.json")
        if f":sns:{path.parents[1].name}:{account}:{path.stem}" in alarms
    )  # fmt: skip
    answer.unlink()
    refusal = "An error occurred (NotFound) when calling the ListSubscriptionsByTopic operation: Topic does not exist"
    answer.with_suffix(".err").write_text(refusal)
    result = run("inventory", whole)
    assert (result.exit_code, "not found" in result.stdout) == (0, True)
    audited = json.loads(run("audit", whole, "--json", "--fail-on", "never").stdout)
    assert (audited["gaps"], audited["requests"]) == ([], [])
    (capture,) = [one for one in audited["captures"] if one["file"].endswith(".err")]
    assert (capture["status"], capture["complete"], capture["valid"]) == ("not_found", True, True)


def test_regions_alike_share_a_column(run: Run, whole: Path) -> None:
    head = next(line for line in run("inventory", whole).stdout.splitlines() if line)
    assert head.split("   ", 1)[1].strip() == "ap-northeast-1, ap-northeast-2, ap-northeast-3 and 14 more"


def test_validate_names_place_and_remedy(run: Run, whole: Path) -> None:
    region = next(whole.iterdir()) / "eu-west-1"
    (region / "cloudtrail-describe-trails.json").write_text('{"trailList": [{"TrailARN": 5}]}')
    result = run("validate", whole)
    assert result.exit_code == 1
    assert "cloudtrail-describe-trails.json /trailList/0/TrailARN" in result.stdout
    (problem,) = [
        problem
        for problem in json.loads(run("validate", whole, "--json").stdout)["problems"]
        if problem["pointer"] == "/trailList/0/TrailARN"
    ]
    assert problem["severity"] == "error"
    assert problem["remedy"]


def test_notes_alone_are_no_problem(run: Run, whole: Path) -> None:
    (whole / "data.json").write_text('{"a": 1, "a": 2}')
    (whole / "README.txt").write_text("about")
    assert run("validate", whole).exit_code == 0


def test_names_from_evidence_cannot_reach_the_terminal(run: Run, whole: Path) -> None:
    region = next(whole.iterdir()) / "eu-west-1"
    (region / "a\x1b[31m[red]b-cloudtrail-describe-trails.json").write_text('{"trailList": [{"TrailARN": 5}]}')
    result = run("validate", whole)
    assert "\x1b" not in result.stdout
    assert "a\\x1b[31m[red]b-" in result.stdout


@pytest.mark.parametrize("command", ["inventory", "validate"])
def test_no_bundle_is_one_line(run: Run, command: str, tmp_path: Path) -> None:
    result = run(command, tmp_path / "nothing")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
