"""Rule X10: in a sealed bundle a file is evidence only as it was sealed; a seal never makes a verdict better."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit, open_bundle
from auditor.result import AuditResult
from auditor.seal import seal
from tests.chains.chain import PLACE
from tests.chains.corroborating import CASES
from tests.chains.test_listings import LISTINGS
from tests.seal.bags import own_bag, zipped
from tests.textbook import ACCOUNT, REGION, Files, textbook, write

CODES = {
    "trails": "trails-altered",
    "filters": "filters-altered",
    "alarms": "alarms-altered",
    "subscriptions": "subscriptions-altered",
}
ALARMS = f"{PLACE}/cloudwatch-describe-alarms.json"


def sealed(tmp_path: Path, files: Files) -> Path:
    seal(write(files, tmp_path / "in"), tmp_path / "bag")
    return tmp_path / "bag"


def judged(path: Path, **told: Any) -> AuditResult:
    return audit(path, controls=["ssm-actions"], **told)


def told(path: Path) -> tuple[str, str, str | None, str]:
    """Seal, verdict, broken link and reason code."""
    document = judged(path).document
    (finding,) = document["findings"]
    return document["bundle"]["seal"], finding["verdict"], finding["broken_link"], finding["reason_code"]


def altered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"{", b"{ ", 1))


def test_x10_a_sealed_copy_is_judged_as_the_bundle(tmp_path: Path) -> None:
    record = {"captures": [{"file": ALARMS, "call": "cloudwatch:DescribeAlarms", "account_id": ACCOUNT}]}
    bag = sealed(tmp_path, textbook() | {"captures.json": record, "notes.txt": "sent by mail"})
    plain, again, packed = (judged(path).document for path in (tmp_path / "in", bag, zipped(bag)))
    assert (plain["bundle"]["seal"], again["bundle"]["seal"], packed["bundle"]["seal"]) == (
        "absent", "verified", "verified",
    )  # fmt: skip
    for document in (again, packed):
        assert document["counts"] == plain["counts"]
        assert [one["call"] for one in document["captures"]] == [one["call"] for one in plain["captures"]]
        assert document["problems"] == plain["problems"]
        assert all(file["what"] in ("part of the seal (BagIt)", "capture record", "text")
                   for file in document["other_files"])  # fmt: skip


@pytest.mark.parametrize("way", ["altered", "lost"])
@pytest.mark.parametrize("what", LISTINGS)
def test_x10_a_listing_that_is_not_as_sealed_proves_nothing(tmp_path: Path, what: str, way: str) -> None:
    name, _, _, link = LISTINGS[what]
    bag = sealed(tmp_path, textbook())
    assert told(bag) == ("verified", "PASS", None, "holds")
    file = bag / "data" / PLACE / f"{name}.json"
    altered(file) if way == "altered" else file.unlink()
    assert told(bag) == ("broken", "INCONCLUSIVE", link, CODES[what])


@pytest.mark.parametrize("way", ["altered", "lost"])
@pytest.mark.parametrize("case", CASES)
def test_x10_what_shows_a_break_cannot_be_taken_away(tmp_path: Path, case: str, way: str) -> None:
    files, path, good, bad, _ = CASES[case]
    bag = sealed(tmp_path, files | {f"{PLACE}/{path}.json": bad})
    file = bag / "data" / PLACE / f"{path}.json"
    if way == "altered":
        write({file.name: good}, file.parent)
    else:
        file.unlink()
    seal_, verdict, *_ = told(bag)
    assert (seal_, verdict != "PASS") == ("broken", True)


@pytest.mark.parametrize("name", ["111122223333/eu-west-1/cloudtrail-describe-trails.json", "more.json"])
def test_x10_a_file_added_since_is_no_evidence(tmp_path: Path, name: str) -> None:
    files = textbook()
    alarms = files.pop(ALARMS)
    bag = sealed(tmp_path, files)
    assert told(bag) == ("verified", "INCONCLUSIVE", "alarm", "alarms-not-captured")
    write({ALARMS: alarms}, bag / "data")
    assert told(bag) == ("broken", "INCONCLUSIVE", "alarm", "alarms-altered")
    shutil.rmtree(bag / "data" / PLACE.split("/")[0] / "more", ignore_errors=True)
    whole = sealed(tmp_path / "whole", textbook())
    write({name: {"trailList": []}}, whole / "data")
    assert told(whole) == ("broken", "PASS", None, "holds"), "what was sealed still proves what it proved"


@pytest.mark.parametrize("beside", ["bag/", ""])
def test_x10_captures_beside_the_payload_are_no_evidence(tmp_path: Path, beside: str) -> None:
    files = textbook()
    alarms = files.pop(ALARMS)
    folder = tmp_path / "all"
    sealed(tmp_path, files)
    shutil.move(tmp_path / "bag", folder / "bag")
    write({f"{beside}{ALARMS}": alarms}, folder)
    verdict = told(zipped(folder, top=""))
    assert verdict[:3] == ("broken", "INCONCLUSIVE", "alarm")


def test_x10_a_sealed_and_an_unsealed_part_are_not_verified_together(tmp_path: Path) -> None:
    files = textbook()
    alarms = files.pop(ALARMS)
    folder = tmp_path / "all"
    sealed(tmp_path, files)
    shutil.move(tmp_path / "bag", folder / "bag")
    write({ALARMS: alarms}, folder)
    assert told(folder) == ("absent", "PASS", None, "holds")
    assert [problem.code for problem in open_bundle(folder).problems] == ["partly-sealed"]


def forged(bag: Path) -> None:
    for manifest in bag.glob("manifest-*.txt"):
        manifest.write_text(manifest.read_text() + "\n")


def narrowed(bag: Path) -> None:
    record = {"captures": [{"file": f"data/{ALARMS}", "call": "cloudwatch:DescribeAlarms", "arguments": []}]}
    (bag / "captures.json").write_text(json.dumps(record))


SPOILT: dict[str, Callable[[Path], object]] = {
    "every manifest forged": forged,
    "the manifests gone": lambda bag: [path.unlink() for path in bag.glob("manifest-*.txt")],
    "the record altered": narrowed,
    "the record gone": lambda bag: (bag / "captures.json").unlink(),
    "the record in the payload altered": lambda bag: altered(bag / "data" / "captures.json"),
    "the record in the payload gone": lambda bag: (bag / "data" / "captures.json").unlink(),
    "a file of which nothing tells what it was": lambda bag: altered(bag / "data" / "1.json"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_x10_what_hangs_on_a_spoilt_manifest_or_record_is_open(tmp_path: Path, case: str) -> None:
    entry = {"file": ALARMS, "call": "cloudwatch:DescribeAlarms", "arguments": ["--region", REGION]}
    bag = sealed(tmp_path, textbook() | {"captures.json": [entry], "1.json": {"a": 1}})
    assert told(bag)[:2] == ("verified", "PASS")
    SPOILT[case](bag)
    assert told(bag)[:2] == ("broken", "INCONCLUSIVE")


@pytest.mark.parametrize("name", ["notes.md", "readme.txt", "screen.png"])
def test_x10_an_altered_file_that_is_no_answer_leaves_the_rest(tmp_path: Path, name: str) -> None:
    bag = sealed(tmp_path, textbook() | {name: "as mailed"})
    (bag / "data" / name).write_text("otherwise")
    assert told(bag)[:2] == ("broken", "PASS")


def test_x10_an_altered_answer_is_what_its_name_says(tmp_path: Path) -> None:
    """Whoever puts another answer into a file does not make the call that it was unasked."""
    bag = sealed(tmp_path, textbook())
    write({ALARMS: textbook()[f"{PLACE}/cloudtrail-describe-trails.json"]}, bag / "data")
    assert told(bag) == ("broken", "INCONCLUSIVE", "alarm", "alarms-altered")


def test_x10_a_page_that_was_lost_leaves_its_listing_open(tmp_path: Path) -> None:
    files = textbook()
    files[f"{PLACE}/again/cloudwatch-describe-alarms.json"] = files[ALARMS]
    bag = sealed(tmp_path, files)
    assert told(bag)[1] == "PASS"
    (bag / "data" / PLACE / "again" / "cloudwatch-describe-alarms.json").unlink()
    seal_, verdict, *_ = told(bag)
    assert seal_ == "broken"
    assert verdict == "PASS", "what the other page holds is enough, and nothing is missing for it"
    alarms = bag / "data" / ALARMS
    alarms.write_bytes(b'{"MetricAlarms": []}')
    assert told(bag) == ("broken", "INCONCLUSIVE", "alarm", "alarms-altered")


def test_an_account_whose_files_were_all_lost_keeps_its_finding(tmp_path: Path) -> None:
    bag = sealed(tmp_path, textbook() | {f"444455556666/{REGION}/sns-list-topics.json": {"Topics": []}})
    shutil.rmtree(bag / "data" / "444455556666")
    findings = judged(bag).document["findings"]
    assert [(one["account_id"], one["verdict"]) for one in findings] == [
        (ACCOUNT, "PASS"), ("444455556666", "INCONCLUSIVE"),
    ]  # fmt: skip


def test_each_difference_is_a_problem_and_on_the_result(tmp_path: Path) -> None:
    bag = sealed(tmp_path, textbook() | {"notes.txt": "x"})
    altered(bag / "data" / ALARMS)
    (bag / "data" / "notes.txt").unlink()
    write({"more.json": {}}, bag / "data")
    document = judged(bag).document
    assert document["bundle"]["seal_differences"] == {
        "altered": [f"data/{ALARMS}"], "missing": ["data/notes.txt"], "added": ["data/more.json"],
    }  # fmt: skip
    told_ = {problem["file"]: problem["severity"] for problem in document["problems"] if problem["code"] == "seal"}
    assert {f"data/{ALARMS}", "data/notes.txt", "data/more.json"} <= set(told_)
    assert AuditResult.from_json(judged(bag).to_json()).document == document
    (request,) = [one for one in document["requests"] if one["call"] == "cloudwatch:DescribeAlarms"]
    assert "not as they were sealed" in request["why"]


@pytest.mark.parametrize("above", ["data/", ""])
def test_a_bag_whose_record_is_a_tag_file_is_dated_and_placed_by_it(tmp_path: Path, above: str) -> None:
    """As a capture script writes it: record, log and script beside the payload, all listed in a tagmanifest."""
    files = textbook()
    bag = own_bag(tmp_path / "bag", {path: json.dumps(content).encode() for path, content in files.items()})
    entry = {"call": "cloudwatch:DescribeAlarms", "account_id": ACCOUNT, "region": REGION,
             "ended_at": "2026-09-28T08:00:00Z", "arguments": ["--alarm-types", "MetricAlarm"]}  # fmt: skip
    (bag / "captures.json").write_text(json.dumps({"captures": [{"file": above + ALARMS, **entry}]}))
    (bag / "collect.log").write_text("started\n")
    (bag / "collect.sh").write_text("#!/bin/bash\n")
    tags = [path for path in bag.iterdir() if path.is_file()]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in tags]
    (bag / "tagmanifest-sha256.txt").write_text("".join(lines))
    document = judged(zipped(bag)).document
    assert (document["bundle"]["seal"], document["problems"]) == ("verified", [])
    (alarms,) = [capture for capture in document["captures"] if capture["file"].endswith("describe-alarms.json")]
    assert alarms["captured_at"] == "2026-09-28T08:00:00Z"
    assert alarms["arguments"] == ["--alarm-types", "MetricAlarm"]
    assert alarms["place_source"] == "record"
    assert {file["what"] for file in document["other_files"]} == {"part of the seal (BagIt)", "capture record"}


def test_an_account_that_the_capture_script_could_not_enter_was_asked_for(tmp_path: Path) -> None:
    files = {path: json.dumps(content).encode() for path, content in textbook().items()}
    bag = own_bag(tmp_path / "aws-evidence", files)
    log = "2026-10-01T08:00:00Z 444455556666: not captured, since the role's credentials do not work.\n"
    (bag / "collect.log").write_text(log, encoding="utf-8")
    findings = audit(bag, controls=["ssm-actions"]).document["findings"]
    assert {one["account_id"]: one["verdict"] for one in findings}["444455556666"] == "INCONCLUSIVE"
