"""Each account of each sample gets the verdict that ``samples/expected.json`` states, for the reason it states."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import auditor
from tests.acceptance.conftest import Run
from tests.sample_results import quarterly_under_all

SAMPLES = Path(__file__).parents[2] / "samples"


def read_expected() -> dict[str, Any]:
    """What each audit must find; one under a scope file has the accounts of its bundle but where it says otherwise."""
    audits: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))
    del audits["about"]
    for audit in audits.values():
        if "bundle" in audit:
            accounts = audits[audit["bundle"]]["accounts"] | audit["accounts"]
            audit["accounts"] = {account_id: facts for account_id, facts in accounts.items() if facts is not None}
    return audits


EXPECTED = read_expected()
NAMES = list(EXPECTED)
CONTROL = "ssm-actions"
ACCOUNTS = [(name, account) for name in NAMES for account in EXPECTED[name]["accounts"]]
FAMILIES = [pair for pair in ACCOUNTS if "family" in EXPECTED[pair[0]]["accounts"][pair[1]]]
BENCHMARKS = [
    (*pair, benchmark)
    for pair in FAMILIES
    for benchmark in EXPECTED[pair[0]]["accounts"][pair[1]]["family"].get("benchmarks", ())
]
HOLDS = ("PASS", "holds", "PASS")


@pytest.fixture(scope="module")
def documents() -> dict[tuple[str, bool], Any]:
    """The result of each sample, usual and strict."""
    return {
        (name, strict): auditor.audit(bundle_of(name), controls=[CONTROL], strict=strict, scope=scope_of(name)).document
        for name in NAMES
        for strict in (False, True)
    }


@pytest.fixture(scope="module")
def families() -> dict[str, Any]:
    """The result of each sample that shows the whole family, under every framework."""
    return {
        name: (
            quarterly_under_all()
            if name == "quarterly"
            else auditor.audit(bundle_of(name), frameworks=["all"], scope=scope_of(name))
        ).document
        for name in dict.fromkeys(name for name, _ in FAMILIES)
    }


def bundle_of(name: str) -> Path:
    bundle: str = EXPECTED[name].get("bundle", name)
    return SAMPLES / bundle


def scope_of(name: str) -> Path | None:
    return SAMPLES / EXPECTED[name]["scope"] if "scope" in EXPECTED[name] else None


def finding(document: Any, account_id: str) -> Any:
    found = [one for one in document["findings"] if one["account_id"] == account_id]
    assert len(found) == 1, f"{len(found)} findings for {account_id}"
    return found[0]


def told(one: Any) -> dict[str, Any]:
    return {name: one[name] for name in ("verdict", "broken_link", "objective", "reason_code")}


@pytest.mark.parametrize(("name", "account_id"), ACCOUNTS)
def test_verdict(documents: dict[tuple[str, bool], Any], name: str, account_id: str) -> None:
    expected = EXPECTED[name]["accounts"][account_id]
    one = finding(documents[name, False], account_id)
    assert told(one) == {key: expected[key] for key in told(one)}, one["reason"]
    assert [point["code"] for point in one["open_points"] if point["material"]] == expected["material"]


@pytest.mark.parametrize(("name", "account_id"), ACCOUNTS)
def test_verdict_when_strict(documents: dict[tuple[str, bool], Any], name: str, account_id: str) -> None:
    expected = EXPECTED[name]["accounts"][account_id]
    one = finding(documents[name, True], account_id)
    assert told(one) == {key: expected.get("strict", expected)[key] for key in told(one)}, one["reason"]


@pytest.mark.parametrize(
    ("name", "account_id"), [pair for pair in ACCOUNTS if "missed" in EXPECTED[pair[0]]["accounts"][pair[1]]]
)
def test_missed_events_are_named(documents: dict[tuple[str, bool], Any], name: str, account_id: str) -> None:
    one = finding(documents[name, False], account_id)
    expected = EXPECTED[name]["accounts"][account_id]["missed"]
    (chain,) = (chain for chain in one["chains"] if chain["decides"])
    assert sorted(chain["missed"]) == sorted(expected)
    assert chain["witness"]["eventName"] in expected
    assert all(event in one["reason"] for event in expected)


def answers(document: Any, account_id: str) -> dict[str, tuple[str, ...]]:
    """Verdict, reason code and objective of each finding of the account, by ``control@variant``."""
    return {
        f"{one['control_id']}@{one['variant']}": (one["verdict"], one["reason_code"], one["objective"])
        for one in document["findings"]
        if one["account_id"] == account_id
    }


def assert_answers(found: dict[str, tuple[str, ...]], rest: Sequence[str], but: dict[str, list[str]]) -> None:
    """Each control got what is stated for it, or else what the rest get."""
    assert set(but) <= set(found)
    assert found == {control: tuple(but.get(control, rest)[:3]) for control in found}


@pytest.mark.parametrize(("name", "account_id"), FAMILIES)
def test_family(families: dict[str, Any], name: str, account_id: str) -> None:
    """Every control as it is recommended: what is expected of all, but for those that are named."""
    facts = EXPECTED[name]["accounts"][account_id]
    found = answers(families[name], account_id)
    recommended = {one.removesuffix("@default"): answer for one, answer in found.items() if one.endswith("@default")}
    assert len(recommended) == 16
    own = [facts["verdict"], facts["reason_code"], facts["objective"]]
    assert_answers(recommended, facts["family"]["rest"], facts["family"].get("but", {}) | {CONTROL: own})


@pytest.mark.parametrize(("name", "account_id", "benchmark"), BENCHMARKS)
def test_benchmark(families: dict[str, Any], name: str, account_id: str, benchmark: str) -> None:
    """One account under one version of a benchmark: its controls hold by its letter, but for those that are named."""
    (framework,) = (one for one in families[name]["frameworks"] if one["id"] == benchmark)
    found = answers(families[name], account_id)
    mapped = [one["control"] for requirement in framework["requirements"] for one in requirement["controls"]]
    but = EXPECTED[name]["accounts"][account_id]["family"]["benchmarks"][benchmark]
    assert_answers({one.partition("@")[0]: found[one] for one in mapped}, HOLDS, but)


@pytest.mark.parametrize("name", NAMES)
def test_no_other_account_has_a_finding(documents: dict[tuple[str, bool], Any], name: str) -> None:
    found = sorted(one["account_id"] for one in documents[name, False]["findings"])
    assert found == sorted(EXPECTED[name]["accounts"])


@pytest.mark.parametrize("name", ["quarterly", "organization", "organization-scope"])
def test_account_names_come_from_listing_or_scope(documents: dict[tuple[str, bool], Any], name: str) -> None:
    names = {one["account_id"]: one["account_name"] for one in documents[name, False]["findings"]}
    assert names == {account: facts.get("name", "") for account, facts in EXPECTED[name]["accounts"].items()}


def test_population_is_the_organisation(documents: dict[tuple[str, bool], Any]) -> None:
    population = documents["quarterly", False]["population"]
    assert population["source"] == "organization"
    missing = [account["account_id"] for account in population["accounts"] if account["status"] == "missing"]
    assert missing == ["900010002000"]


@pytest.mark.parametrize(("name", "source"), [("organization", "organization"), ("organization-scope", "scope")])
def test_status_of_each_account(documents: dict[tuple[str, bool], Any], name: str, source: str) -> None:
    population = documents[name, False]["population"]
    assert population["source"] == source
    statuses = {account["account_id"]: account["status"] for account in population["accounts"]}
    assert statuses == EXPECTED[name]["population"]


def test_calls_that_close_open_points_close_them(documents: dict[tuple[str, bool], Any]) -> None:
    """Mute rules and filter policies were captured for the one chain, and not for those of the other sample."""
    open_points = {
        name: {
            point["code"]
            for one in documents[name, False]["findings"]
            if one["verdict"] == "PASS"
            for point in one["open_points"]
        }
        for name in ("organization", "quarterly")
    }
    assert open_points["organization"] == set()
    assert {"mute-rules-not-captured", "filter-policy-not-captured"} <= open_points["quarterly"]


def test_why_an_account_is_out_of_scope(documents: dict[tuple[str, bool], Any]) -> None:
    listed, scoped = (
        {account["account_id"]: account["reason"] for account in documents[name, False]["population"]["accounts"]}
        for name in ("organization", "organization-scope")
    )
    assert "SUSPENDED" in listed["111100008888"]
    assert "does not name it" in scoped["111100008888"]
    assert "sold in August 2026" in scoped["444400001111"]


@pytest.mark.parametrize("name", ["organization", "organization-scope"])
def test_one_cause_is_told_once(documents: dict[tuple[str, bool], Any], name: str) -> None:
    """What fails three accounts stands there once, with all three."""
    causes = documents[name, False]["causes"]
    told = [{key: cause[key] for key in ("code", "link", "resource", "accounts")} for cause in causes]
    assert told == EXPECTED[name]["causes"]


@pytest.mark.parametrize("name", ["organization", "organization-scope"])
def test_requests_name_account_and_region(documents: dict[tuple[str, bool], Any], name: str) -> None:
    """What is missing of a chain is asked for where the chain leads, not where it begins."""
    requests = documents[name, False]["requests"]
    for wanted in EXPECTED[name]["requests"]:
        settles = [f"{account_id}/{CONTROL}@default" for account_id in wanted["settles"]]
        assert [
            one["settles"]
            for one in requests
            if all(one[key] == wanted[key] for key in ("account_id", "region", "command"))
        ] == [settles]


def test_capture_record_dates_the_captures(documents: dict[tuple[str, bool], Any]) -> None:
    recorded, unrecorded = documents["quarterly", False], documents["loose", False]
    assert recorded["as_of"] == "2026-09-28"
    assert all(capture["captured_at_source"] == "record" for capture in recorded["captures"])
    assert not any(one["assumptions"] for one in recorded["findings"])
    assert unrecorded["as_of"] is None
    assert all(
        [assumption["code"] for assumption in one["assumptions"]] == ["arguments-not-recorded"]
        for one in unrecorded["findings"]
    )


@pytest.mark.parametrize("account_id", ["444455556666", "666677778888", "777788889999", "888899990000"])
def test_remedy_of_an_alarm_keeps_its_topic(documents: dict[tuple[str, bool], Any], account_id: str) -> None:
    """The alarm names a topic with a confirmed subscription: only the alarm is to be mended."""
    remediation = finding(documents["quarterly", False], account_id)["remediation"]
    assert "aws cloudwatch " in remediation["cli"]
    assert "aws sns " not in remediation["cli"]


@pytest.mark.parametrize("name", NAMES)
def test_problems(documents: dict[tuple[str, bool], Any], name: str) -> None:
    """Each expected problem is there with its remedy, and no other file has one."""
    problems = documents[name, False]["problems"]
    expected = EXPECTED[name].get("problems", [])
    for one in expected:
        texts = [problem["problem"] for problem in problems if problem["file"] == one["file"]]
        assert any(one["says"] in text for text in texts), texts
    assert {problem["file"] for problem in problems} == {one["file"] for one in expected}
    assert all(problem["remedy"] and "{" not in problem["remedy"] for problem in problems)


@pytest.mark.parametrize("name", NAMES)
def test_other_files_are_listed(documents: dict[tuple[str, bool], Any], name: str) -> None:
    listed = [file["file"] for file in documents[name, False]["other_files"]]
    expected = EXPECTED[name].get("other_files", [])
    assert [file for file in listed if file in expected] == expected


@pytest.mark.parametrize("name", NAMES)
def test_two_runs_give_the_same_bytes(run: Run, name: str) -> None:
    scope = ("--scope", scope_of(name)) if scope_of(name) else ()
    command = ("audit", bundle_of(name), *scope, "--control", CONTROL, "--json", "--fail-on", "never")
    first, second = run(*command), run(*command)
    assert first.exit_code == second.exit_code == 0
    assert first.stdout_bytes == second.stdout_bytes


@pytest.mark.parametrize(("sample", "number"), [("loose", 8), pytest.param("quarterly", 8, marks=pytest.mark.long)])
def test_reports_are_written_twice_alike(run: Run, tmp_path: Path, sample: str, number: int) -> None:
    """The README's first command, whose bundle takes longer: workbooks, pages, the result and the requests."""
    for folder in ("first", "second"):
        answer = run("audit", SAMPLES / sample, "--out", tmp_path / folder, "--fail-on", "never")
        assert answer.exit_code == 0, answer.stderr
    first = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "second").iterdir()}
    assert {"results.json", "requests.md"} <= set(first)
    pages, books = ({name[:-5] for name in first if name.endswith(end)} for end in (".html", ".xlsx"))
    books.discard("overview")
    pages.discard("index")
    assert len(pages) == number
    assert pages == books
    assert first == second


def test_samples_given_together_are_one_bundle(run: Run) -> None:
    """The mailed archives one by one give what the folder of them gives."""
    archives = sorted(path for path in (SAMPLES / "mailed").iterdir())
    answer = run("audit", *archives, "--control", CONTROL, "--json", "--fail-on", "never")
    findings = {one["account_id"]: one["verdict"] for one in json.loads(answer.stdout)["findings"]}
    expected = EXPECTED["mailed"]["accounts"]
    assert findings == {account: facts["verdict"] for account, facts in expected.items()}


def test_audit_writes_nothing_into_the_bundle(run: Run, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in SAMPLES.rglob("*")}
    run("audit", SAMPLES / "loose", "--out", tmp_path / "report", "--control", CONTROL)
    assert {path: path.stat().st_mtime_ns for path in SAMPLES.rglob("*")} == before


@pytest.mark.parametrize(
    ("fail_on", "sample", "code"),
    [("never", "loose", 0), ("fail", "loose", 1), pytest.param("inconclusive", "mailed", 1, marks=pytest.mark.long)],
)
def test_exit_code_of_a_process_of_its_own(tmp_path: Path, fail_on: str, sample: str, code: int) -> None:
    command = [sys.executable, "-c", "from auditor.cli import main; main()", "audit", str(SAMPLES / sample)]
    command += ["--control", CONTROL, "--fail-on", fail_on, "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout)["schema_version"] == "1"
    assert list(tmp_path.iterdir()) == []
