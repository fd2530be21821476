"""`auditor collect`: the script and the policy on standard output, what to expect on standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import auditor

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def results(planted: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result that asks for the alarms of one account."""
    folder = tmp_path_factory.mktemp("asked")
    (bundle := folder / "bundle").mkdir()
    account = next(name for name, facts in planted.expected.items() if facts.defect == "none")
    for path in (planted.folder / account).rglob("*.json"):
        if path.name != "cloudwatch-describe-alarms.json":
            target = bundle / account / path.relative_to(planted.folder / account)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "results.json").write_bytes(auditor.audit(bundle, controls=["ssm-actions"]).to_json())
    return folder / "results.json"


@pytest.mark.parametrize(("shell", "start"), [("bash", "#!/usr/bin/env bash\n"), ("powershell", "#Requires")])
def test_the_script_alone_is_on_standard_output(run: Run, shell: str, start: str) -> None:
    result = run("collect", "--shell", shell)
    assert result.exit_code == 0
    assert result.stdout.startswith(start)
    assert b"\r" not in result.stdout_bytes
    assert "17 regions takes 1 to 3 minutes" in result.stderr
    assert run("collect", "--shell", shell, "-q").stderr == ""


def test_the_policy_is_one_that_iam_takes(run: Run) -> None:
    document = json.loads(run("collect", "--policy").stdout)
    (statement,) = document["Statement"]
    assert document["Version"] == "2012-10-17"
    assert {"cloudtrail:DescribeTrails", "sns:ListSubscriptionsByTopic"} <= set(statement["Action"])
    assert "sts:GetCallerIdentity" not in statement["Action"]
    assert json.loads(run("collect", "--json").stdout)["policy"] == document


def test_only_what_a_result_asks_for(run: Run, results: Path) -> None:
    document = json.loads(results.read_bytes())
    asked = {one["call"] for one in (*document["requests"], *document["strengthening"])} - {""}
    assert "cloudwatch:DescribeAlarms" in asked
    told = json.loads(run("collect", "--for", results, "--json").stdout)
    assert asked <= set(told["calls"])
    assert "logs:DescribeMetricFilters" not in told["calls"]
    assert told["policy"]["Statement"][0]["Action"] == sorted(set(told["calls"]) - {"sts:GetCallerIdentity"})
    script = run("collect", "--for", results).stdout
    assert script == told["script"]
    for one in (*document["requests"], *document["strengthening"]):
        assert f"want {one['account_id']} {one['region'] or repr('')} {one['call']} " in script


def test_nothing_asked_is_no_script(run: Run, results: Path, tmp_path: Path) -> None:
    document = json.loads(results.read_bytes()) | {"requests": [], "strengthening": []}
    answered = tmp_path / "results.json"
    answered.write_text(json.dumps(document))
    result = run("collect", "--for", answered)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing that a call could answer is asked for" in result.stderr


def test_what_is_no_result_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    result = run("collect", "--for", tmp_path / "other.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
