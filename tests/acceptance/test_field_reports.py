"""Report, scale and usability cases from the field: what the files hold and how people open them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import auditor
from auditor.reports.html import render
from tests.acceptance.conftest import Run
from tests.acceptance.field_cases import Case, cases, lay_out, parameters

CELL_LIMIT = 32_767  # characters, Excel specifications and limits
PAGE_LIMIT = 20_000_000
DECORATED = "===="
ACCOUNTS = ("111122223333", "222233334444", "444455556666")


def workbook(folder: Path) -> Any:
    (path, *_) = sorted(folder.glob("*.xlsx"))
    return openpyxl.load_workbook(path)


def cells(book: Any) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def audited(run: Run, bundle: Path, out: Path, *options: object) -> Any:
    answer = run("audit", bundle, "--out", out, "--fail-on", "never", *options)
    assert answer.exit_code == 0, answer.stderr
    return answer


def no_cell_is_too_long(accounts: int, run: Run, folder: Path) -> None:
    """The first account's topic has 1,200 subscriptions; those of the others have none and fail for one reason."""
    numbers = [f"{100000000000 + number:012d}" for number in range(accounts)]
    captures = cases("verdict")["field-v-greater-than-zero"]["captures"]
    for account in numbers:
        subscribed = many_subscriptions(account) if account == numbers[0] else []
        lay_out({"captures": moved(captures, account, subscribed)}, folder / "bundle")
    chosen = ("--framework", "cloudguard-best-practices", "--control", "ssm-actions")
    audited(run, folder / "bundle", folder / "out", "--format", "xlsx", *chosen)
    texts = [str(cell.value) for cell in cells(workbook(folder / "out"))]
    assert max(map(len, texts)) <= CELL_LIMIT
    together = "\n".join(texts)
    assert all(account in together for account in numbers)


def cell_limit(case: Case, run: Run, folder: Path) -> None:
    """As many subscriptions as the case has and a thirtieth of its accounts; all of them in the long set.

    That what is longer is cut and marked is tried in tests/reports/excel.
    """
    no_cell_is_too_long(case["generate"]["accounts"] // 30, run, folder)


@pytest.mark.long
def test_no_cell_is_too_long_with_three_thousand_accounts(run: Run, tmp_path: Path) -> None:
    no_cell_is_too_long(3000, run, tmp_path)


def moved(captures: Any, account: str, subscriptions: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Captures of a case as another account's; with ``subscriptions`` in place of its own."""
    own: dict[str, Any] = json.loads(json.dumps(captures).replace("111122223333", account))
    if subscriptions is not None:
        for path in own:
            if "sns-list-subscriptions-by-topic" in path:
                own[path] = {"Subscriptions": subscriptions}
    return own


def many_subscriptions(account: str) -> list[dict[str, str]]:
    topic = f"arn:aws:sns:us-east-1:{account}:alerts"
    return [
        {
            "SubscriptionArn": f"{topic}:00000000-0000-4000-8000-{number:012d}",
            "Owner": account,
            "Protocol": "email",
            "Endpoint": f"user{number:04d}@example.com",
            "TopicArn": topic,
        }
        for number in range(1, 1201)
    ]


def equals_line(case: Case, run: Run, folder: Path) -> None:
    chosen = ("--framework", "cloudguard-best-practices")
    audited(run, lay_out(case, folder / "bundle"), folder / "out", "--format", "xlsx", *chosen)
    decorated = [cell for cell in cells(workbook(folder / "out")) if DECORATED in str(cell.value)]
    assert decorated
    assert {cell.data_type for cell in decorated} == {"s"}
    if office := shutil.which("soffice"):
        (path, *_) = sorted((folder / "out").glob("*.xlsx"))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "csv", "--outdir", str(folder), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
        assert (folder / f"{path.stem}.csv").exists()


def locale_of_windows(case: Case, run: Run, folder: Path) -> None:
    lay_out(case, folder / "bundle")
    command = [sys.executable, "-c", "from auditor.cli import main; main()", "audit", "bundle"]
    command += ["--control", "ssm-actions"]  # the bundle holds the chain of this control alone
    done = subprocess.run(
        [*command, "--format", "html", "--format", "json", "--out", "out"],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = {path.name for path in (folder / "out").glob("*.html")} - {"index.html"}  # which describes no alarm
    assert pages
    for page in (folder / "out" / name for name in pages):
        text = page.read_bytes().decode("utf-8")
        assert "操作 → 当番" in text
        assert 'charset="utf-8"' in text.lower() or "charset=utf-8" in text.lower()


def sheet_names(case: Case, run: Run, folder: Path) -> None:
    frameworks = folder / "frameworks"
    frameworks.mkdir()
    title = "ISO/IEC 27001:2022 – Annex A [controls] for the whole group *"
    mapping = {"control": "ssm-actions", "provenance": "inferred", "note": "Remote administration."}
    requirements = [{"id": "1", "heading": "Sessions are noticed", "mappings": [mapping]}]
    for name, text in (("a", title), ("b", title.upper())):
        own = {"id": name, "name": text, "version": "1", "publisher": "own", "requirements": requirements}
        (frameworks / f"{name}.json").write_text(json.dumps(own), "utf-8")
    bundle = lay_out(case, folder / "bundle")
    audited(run, bundle, folder / "out", "--frameworks", frameworks, "--format", "xlsx")
    assert {"a.xlsx", "b.xlsx"} <= {path.name for path in (folder / "out").iterdir()}
    for path in (folder / "out").glob("*.xlsx"):
        titles = openpyxl.load_workbook(path, read_only=True).sheetnames
        assert all(len(one) <= 31 and not set(one) & set("[]:*?/\\") for one in titles)
        assert len({one.lower() for one in titles}) == len(titles)
        assert "history" not in {one.lower() for one in titles}


def time_zones(case: Case, run: Run, folder: Path) -> None:
    audited(run, lay_out(case, folder / "bundle"), folder / "out", "--period", "2026Q3", "--format", "xlsx")
    texts = [str(cell.value) for cell in cells(workbook(folder / "out"))]
    assert any("2026-09-30 22:30" in text or "2026-09-30T22:30" in text for text in texts)


def size_of_page(accounts: int, folder: Path) -> int:
    """Bytes of the page of all controls on ``accounts`` accounts, of which each tenth fails."""
    captures = cases("verdict")["field-v-textbook-all"]["captures"]
    for number in range(accounts):
        subscriptions: list[dict[str, str]] | None = [] if number % 10 == 0 else None
        own = moved(captures, f"{100000000000 + number:012d}", subscriptions)
        lay_out({"captures": own}, folder / "bundle")
    result = auditor.audit(folder / "bundle", frameworks=["pci-dss-4.0.1"])
    assert len(result.document["findings"]) == accounts * 16
    return len(render(result, "pci-dss-4.0.1"))


def page_size(case: Case, run: Run, folder: Path) -> None:
    """The page of 1,000 accounts will be small, going by what an account more adds.

    The whole is made below, in the long set; how quickly a page of that size works is tried in tests/reports/html.
    """
    few, more = (size_of_page(accounts, folder / str(accounts)) for accounts in (20, 60))
    assert 0 < few < more
    assert more + (1000 - 60) * (more - few) / (60 - 20) < PAGE_LIMIT


@pytest.mark.long
def test_the_page_of_sixteen_thousand_findings_is_small(tmp_path: Path) -> None:
    assert size_of_page(1000, tmp_path) < PAGE_LIMIT


def compare(case: Case, run: Run, folder: Path) -> None:
    old = lay_out({"captures": case["bundle_old"]}, folder / "old")
    new = lay_out({"captures": case["bundle_new"]}, folder / "new")
    answer = run("compare", old, new, "--json")
    assert answer.exit_code == 1
    assert all(account in answer.stdout for account in case["expected"])


def one_report(case: Case, run: Run, folder: Path) -> None:
    audited(run, lay_out(case, folder / "bundle"), folder / "out", "--framework", "cloudguard-best-practices")
    written = {path.name for path in (folder / "out").iterdir()}
    assert set(case["expected"]["files"]) <= written
    across = {"overview.xlsx", "index.html"}  # the case names the files of the frameworks
    assert {name for name in written if name.endswith((".xlsx", ".html"))} - across <= set(case["expected"]["files"])
    findings = json.loads((folder / "out" / "results.json").read_bytes())["findings"]
    keys = [(one["account_id"], one["control_id"], one["variant"]) for one in findings]
    controls = {control for _, control, _ in keys}
    assert sorted(keys) == sorted((account, control, "default") for account in ACCOUNTS for control in controls)


def which_edition(case: Case, run: Run, folder: Path) -> None:
    bundle = lay_out(case, folder / "bundle")
    editions = ["--framework", "cis-aws-1.2.0", "--framework", "cis-aws-1.4.0"]
    chosen = ["--control", "console-signin-without-mfa", *editions]
    answer = run("audit", bundle, *chosen, "--json", "--fail-on", "never")
    assert answer.exit_code == 0, answer.stderr
    verdicts = {one["id"]: one["verdict"] for one in json.loads(answer.stdout)["frameworks"]}
    assert verdicts == {"cis-aws-1.2.0": "FAIL", "cis-aws-1.4.0": "PASS"}


def log_events_are_unwrapped(case: Case, run: Run, folder: Path) -> None:
    """What ``logs filter-log-events`` prints holds the events as texts: they are matched, or the form is named."""
    events = lay_out({"captures": case["extra_files"]}, folder) / "events.json"
    answer = run("pattern", "match", case["left"], events, "--json")
    assert answer.exit_code == 0, answer.stderr
    counted = json.loads(answer.stdout)
    assert (counted["matched"], counted["total"]) == (1, 1)


CHECKS = {
    "field-r-cell-limit": cell_limit,
    "field-r-equals-line": equals_line,
    "field-r-locale": locale_of_windows,
    "field-r-sheet-names": sheet_names,
    "field-r-time-zones": time_zones,
    "field-s-html": page_size,
    "field-u-compare": compare,
    "field-u-one-report": one_report,
    "field-u-which-edition": which_edition,
    "t2-u-events-filter-log-events": log_events_are_unwrapped,
}


@pytest.mark.parametrize("case", parameters("report", "scale", "usability"))
def test_case(case: Case, run: Run, tmp_path: Path) -> None:
    CHECKS[case["id"]](case, run, tmp_path)
