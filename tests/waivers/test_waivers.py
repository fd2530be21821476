"""Waivers stand beside findings and change none; whatever is wrong with one is told, with the nearest name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from auditor.api import audit
from auditor.catalogue import load_controls
from auditor.errors import AuditorError
from auditor.reports.excel import render
from auditor.resources import schema
from auditor.result import AuditResult, Finding
from auditor.waivers import MEMBERS, REQUIRED, put_beside, read_waivers
from tests.processor import Watch
from tests.reports.example_result import finding
from tests.textbook import ACCOUNT, textbook, write

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))["cases"]
BASE = {"account": ACCOUNT, "control": "ssm-actions", "owner": "Ann", "reason": "Why", "expiry": "2026-12-31"}
NAMES = {"111122223333": "payments-prod", "222233334444": "payments-test", "333344445555": "web-prod"}
VERDICTS = {"111122223333": "FAIL", "222233334444": "PASS", "333344445555": "INCONCLUSIVE"}
AS_OF = "2026-09-30"


def findings() -> list[Finding]:
    return [
        finding(account, NAMES[account], verdict, None if verdict == "PASS" else "alarm")
        for account, verdict in VERDICTS.items()
    ]


def beside(rows: list[dict[str, Any]], folder: Path, as_of: str | None = AS_OF) -> tuple[list[Finding], Any, Any]:
    file = folder / "waivers.json"
    file.write_text(json.dumps(rows))
    accounts: Any = [{"account_id": account, "name": name} for account, name in NAMES.items()]
    judged = findings()
    waivers, problems = put_beside(judged, read_waivers(file), accounts, load_controls(), as_of)
    return judged, waivers, problems


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    row = {name: value for name, value in {**BASE, **case["waiver"]}.items() if value is not None}
    judged, waivers, problems = beside([row], tmp_path)
    assert {one["account_id"]: one["waiver"]["status"] for one in judged if one["waiver"]} == case.get("beside", {})
    assert [one for waiver in waivers for one in waiver["findings"]] == [one["id"] for one in judged if one["waiver"]]
    assert {one["account_id"]: one["verdict"] for one in judged} == VERDICTS
    expected = case.get("problems", [])
    assert [problem.code for problem in problems] == [code for code, _ in expected]
    for problem, (_, words) in zip(problems, expected, strict=True):
        assert words in problem.line()
        assert (problem.file, problem.pointer) == ("waivers.json", "/0")


def test_a_waiver_of_evidence_without_a_day_is_not_called_active(tmp_path: Path) -> None:
    judged, _, problems = beside([BASE], tmp_path, as_of=None)
    assert [one["waiver"] and one["waiver"]["status"] for one in judged] == ["undated", None, None]
    assert [problem.code for problem in problems] == ["waiver-undated"]


def test_of_several_the_one_in_force_stands_then_the_closest_then_the_longest(tmp_path: Path) -> None:
    rows = [
        BASE | {"id": "expired", "expiry": "2026-01-01"},
        BASE | {"id": "wide", "account": "*"},
        BASE | {"id": "short", "expiry": "2026-10-01"},
        BASE | {"id": "close"},
    ]
    judged, waivers, problems = beside(rows, tmp_path)
    stands = {one["account_id"]: one["waiver"]["id"] for one in judged if one["waiver"]}
    assert stands == {"111122223333": "close", "333344445555": "wide"}
    assert {one["id"]: len(one["findings"]) for one in waivers} == {"expired": 0, "wide": 1, "short": 0, "close": 1}
    overlapping = [problem.problem for problem in problems if problem.code == "waiver-overlapping"]
    assert [words.split()[1] for words in overlapping] == ["expired", "wide", "short"]
    assert all("close stands" in words for words in overlapping)


def test_many_waivers_of_one_finding_take_time_by_their_number(tmp_path: Path) -> None:
    seconds = []
    for number in (1000, 8000):
        rows = [BASE | {"id": f"W{place}", "expiry": "2026-12-31"} for place in range(number)]
        with Watch() as watch:
            judged, _, _ = beside(rows, tmp_path)
        assert judged[0]["waiver"]["id"] == "W0"
        seconds.append(watch.seconds)
    assert seconds[1] < 24 * seconds[0], seconds  # by the square it takes 64 times as much


def forms(rows: list[dict[str, str]], folder: Path) -> dict[str, Path]:
    """The same waivers in each form."""
    table = io.StringIO()
    writer = csv.DictWriter(table, ["ticket", *REQUIRED], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "w.yaml").write_text("".join(f"- {line}\n" if not n else f"  {line}\n" for row in rows
                                           for n, line in enumerate(yaml.safe_dump(row).splitlines())))  # fmt: skip
    (folder / "w.yml").write_text("waivers:\n" + (folder / "w.yaml").read_text())
    (folder / "w.json").write_text(json.dumps(rows))
    (folder / "w.csv").write_text(table.getvalue(), "utf-8-sig")
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Account", "Control", "Owner", "Reason", "Expiry", "My remark", "Ticket"])
    for row in rows:
        sheet.append([row["account"], row["control"], row["owner"], row["reason"], row["expiry"], "x", row["ticket"]])
    book.save(folder / "w.xlsx")
    return {path.name: path for path in folder.glob("w.*")}


def test_every_form_says_the_same(tmp_path: Path) -> None:
    rows = [BASE | {"account": "012345678901", "ticket": "T-1"}, BASE | {"reason": "No: never", "ticket": "T-2"}]
    read = {name: read_waivers(path) for name, path in forms(rows, tmp_path).items()}
    assert len(read) == 5
    said = [{name: getattr(one, name) for name in (*REQUIRED, "ticket", "id")} for one in read["w.json"].entries]
    assert said == [row | {"id": f"W-{number:03d}"} for number, row in enumerate(rows, 1)]
    for name, file in read.items():
        assert file.problems == (), name
        same = [{member: getattr(one, member) for member in (*REQUIRED, "ticket", "id")} for one in file.entries]
        assert same == said, name


def test_our_own_workbook_gives_its_waivers_back(tmp_path: Path) -> None:
    write(textbook(filters=[]), tmp_path / "bundle")
    rows = [BASE | {"approver": "=1+1", "granted": "2026-01-01", "ticket": "T-1", "compensating_control": "SIEM"}]
    (tmp_path / "w.json").write_text(json.dumps([*rows, BASE | {"account": "9*", "id": "unused"}]))
    told: Any = {"controls": ["ssm-actions"], "frameworks": ["iso27001-2022"], "captured_on": AS_OF}
    first = audit(tmp_path / "bundle", waivers=tmp_path / "w.json", **told)
    assert first.document["findings"][0]["verdict"] == "FAIL"
    (tmp_path / "old.xlsx").write_bytes(render(first, "iso27001-2022"))
    again = audit(tmp_path / "bundle", waivers=tmp_path / "old.xlsx", **told)
    assert first.document["waivers"] == again.document["waivers"]
    assert [one["id"] for one in again.document["waivers"]] == ["W-001", "unused"]


def test_everything_but_the_waiver_stays_as_it_was(tmp_path: Path) -> None:
    """An audit that is told of waivers says the same of every finding, and counts them apart."""
    write(textbook(filters=[]), tmp_path / "bundle")
    (tmp_path / "w.json").write_text(json.dumps([BASE | {"control": "*"}]))
    told: Any = {"controls": ["ssm-actions"], "captured_on": AS_OF}
    without = audit(tmp_path / "bundle", **told).document
    document = audit(tmp_path / "bundle", waivers=tmp_path / "w.json", **told).document
    assert document["counts"] == without["counts"] | {"waivers": 1}
    assert document["findings"] == [one | {"waiver": document["findings"][0]["waiver"]} for one in without["findings"]]
    assert (
        document["frameworks"][0]["words"] == without["frameworks"][0]["words"] + " 1 finding with a waiver beside it."
    )
    assert AuditResult.from_json(AuditResult(document).to_json()).document == document


def test_the_engagement_file_may_name_the_waivers(tmp_path: Path) -> None:
    write(textbook(filters=[]), tmp_path / "bundle")
    (tmp_path / "w.csv").write_text("account,control,owner,reason,expiry\n" + ",".join(BASE.values()) + "\n")
    (tmp_path / "e.yaml").write_text("client: A\nwaivers: w.csv\n")
    told: Any = {"controls": ["ssm-actions"], "captured_on": AS_OF}
    document = audit(tmp_path / "bundle", engagement=tmp_path / "e.yaml", **told).document
    assert document["findings"][0]["waiver"]["id"] == "W-001"
    assert document["options"]["waivers"] == "w.csv"
    (tmp_path / "none.json").write_text("[]")
    other = audit(tmp_path / "bundle", engagement=tmp_path / "e.yaml", waivers=tmp_path / "none.json", **told).document
    assert other["findings"][0]["waiver"] is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("w.yaml", "account: 1\n", "is no list of waivers"),
        ("w.yaml", "- a\n", "/0: is no waiver"),
        ("w.json", "[", "is not JSON"),
        ("w.csv", "acount,control\n1,2\n", "has no columns account and control"),
        ("w.xlsx", "no archive", "is no workbook"),
    ],
)
def test_a_file_in_no_form_is_refused(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(AuditorError, match=words):
        read_waivers(tmp_path / name)


def test_a_workbook_without_waivers_is_refused_with_the_columns(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "w.xlsx")
    with pytest.raises(AuditorError, match=r"has no sheet of waivers\. Write one with the columns Waiver id, Account"):
        read_waivers(tmp_path / "w.xlsx")


def test_the_schema_has_the_members_that_are_read() -> None:
    items = schema("waivers")["items"]
    assert set(items["properties"]) == set(MEMBERS)
    assert tuple(items["required"]) == REQUIRED
