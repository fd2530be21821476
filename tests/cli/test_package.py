"""`verify` of reports, `package` and `--redact`: that reports follow from exactly this bundle can be shown later."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from auditor.reports import FORMATS
from tests.cli.conftest import Run
from tests.textbook import textbook
from tests.textbook import write as write_bundle

FRAMEWORK = ("--framework", "iso27001-2022", "--control", "ssm-actions", "--fail-on", "never")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_bundle(textbook(), tmp_path / "captures")


@pytest.fixture
def report(run: Run, tmp_path: Path, bundle: Path) -> Path:
    assert run("audit", bundle, "--out", tmp_path / "report", *FRAMEWORK).exit_code == 0
    return tmp_path / "report"


def unpacked(archive: Path) -> Path:
    with zipfile.ZipFile(archive) as file:
        file.extractall(archive.parent / "unpacked")
    (folder,) = (archive.parent / "unpacked").iterdir()
    return folder


def test_reports_are_held_against_their_digests(run: Run, report: Path) -> None:
    number = len(list(report.iterdir())) - 1  # but for the list itself
    assert run("verify", report).stdout == f"report: verified. {number} files as the audit wrote them (SHA-256).\n"
    (report / "iso27001-2022.html").write_bytes(b"better")
    (report / "notes.txt").write_bytes(b"mine")
    (report / "iso27001-2022.xlsx").unlink()
    told = run("verify", report, "--json")
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert (found["altered"], found["missing"], found["added"]) == (
        ["iso27001-2022.html"], ["iso27001-2022.xlsx"], ["notes.txt"],
    )  # fmt: skip
    assert "NOT as the audit wrote it" in run("verify", report).stdout


def test_a_list_of_digests_that_was_cut_is_told(run: Run, report: Path) -> None:
    listed = (report / "digest.txt").read_bytes()
    (report / "digest.txt").write_bytes(listed[: len(listed) - 30])
    told = run("verify", report)
    assert told.exit_code == 2
    assert "cut short" in told.stderr


def test_a_report_is_reproduced_from_its_bundle(run: Run, report: Path, bundle: Path) -> None:
    told = run("verify", report, "--bundle", bundle)
    assert told.exit_code == 0
    assert "files came out of captures again byte for byte, by" in told.stdout
    assert "auditor audit captures --framework iso27001-2022 --control ssm-actions" in told.stdout


def test_the_time_that_build_tools_set_is_named_where_it_is_the_reason(
    run: Run, report: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    told = run("verify", report, "--bundle", bundle)
    assert told.exit_code == 1
    assert "only workbooks differ: they bear the time in SOURCE_DATE_EPOCH where that is set; here it is" in told.stdout


def test_every_format_is_reproduced(run: Run, tmp_path: Path, bundle: Path) -> None:
    formats = [word for name in FORMATS for word in ("--format", name)]
    assert run("audit", bundle, "--out", tmp_path / "all", *FRAMEWORK, *formats).exit_code == 0
    told = run("verify", tmp_path / "all", "--bundle", bundle)
    assert told.exit_code == 0, told.stdout


def test_a_forged_report_is_not_reproduced(run: Run, report: Path, bundle: Path) -> None:
    """Who alters result and digests alike is found by auditing again."""
    result = json.loads((report / "results.json").read_bytes())
    result["findings"][0]["reason"] = "All is well."
    run("report", written(report.parent / "forged.json", result), "--out", report)
    assert run("verify", report).exit_code == 0
    told = json.loads(run("verify", report, "--bundle", bundle, "--json").stdout)
    assert (told["ok"], told["reproduced"]) == (False, False)
    assert "results.json" in told["differing"]
    assert told["why"] == ["the result differs in findings"]


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document))
    return path


def test_another_bundle_is_told(run: Run, report: Path, bundle: Path) -> None:
    alarms = next(bundle.rglob("cloudwatch-describe-alarms.json"))
    alarms.write_bytes(alarms.read_bytes() + b" ")
    for words in (("verify", report, "--bundle", bundle), ("package", report, "--bundle", bundle)):
        told = run(*words)
        assert told.exit_code == 2
        assert "is not the bundle that the result was made from" in told.stderr
        assert len(told.stderr.splitlines()) == 1


def test_files_of_the_audit_are_looked_for(run: Run, tmp_path: Path, bundle: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "scope.csv").write_text("account_id,name\n111122223333,prod\n")
    (given / "engagement.yaml").write_text("client: Meridian\nscope: scope.csv\nperiod: 2026Q3\n")
    out = tmp_path / "out" / "report"
    assert run("audit", bundle, "--engagement", given / "engagement.yaml", "--out", out, *FRAMEWORK).exit_code == 0
    told = run("verify", out, "--bundle", bundle)
    assert told.exit_code == 2
    assert "engagement.yaml" in told.stderr
    assert "--files" in told.stderr
    assert run("verify", out, "--bundle", bundle, "--files", given).exit_code == 0
    archive = tmp_path / "p.zip"
    packed = run("package", out, "--bundle", bundle, "--files", given, "--out", archive)
    assert packed.exit_code == 0, packed.stderr
    data = unpacked(archive) / "data"
    assert sorted(path.name for path in (data / "inputs").iterdir()) == ["engagement.yaml", "scope.csv"]
    words = ("verify", data / "reports", "--bundle", data / "evidence" / "captures", "--files", data / "inputs")
    assert run(*words).exit_code == 0
    assert "Meridian" in (data / "letter.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_package_proves_itself(run: Run, tmp_path: Path, bundle: Path, form: str) -> None:
    if form == "zip":
        bundle = Path(shutil.make_archive(str(tmp_path / "captures"), "zip", bundle))
    out, archive = tmp_path / "report", tmp_path / "package.zip"
    run("audit", bundle, "--out", out, *FRAMEWORK)
    packed = json.loads(run("package", out, "--bundle", bundle, "--out", archive, "--json").stdout)
    assert packed["left_out"] == []
    assert run("verify", archive).exit_code == 0
    data = unpacked(archive) / "data"
    for path in out.iterdir():
        assert (data / "reports" / path.name).read_bytes() == path.read_bytes()
    again = run("verify", data / "reports", "--bundle", data / "evidence" / bundle.name)
    assert again.exit_code == 0, again.stdout + again.stderr
    assert packed["sha256"] in run("verify", archive, "--json").stdout or len(packed["sha256"]) == 64


def test_without_evidence_its_digests_stand_for_it(run: Run, tmp_path: Path, report: Path, bundle: Path) -> None:
    archive = tmp_path / "package.zip"
    assert run("package", report, "--bundle", bundle, "--without-evidence", "--out", archive).exit_code == 0
    data = unpacked(archive) / "data"
    (listed,) = (data / "evidence").iterdir()
    digest = json.loads((report / "results.json").read_bytes())["bundle"]["sha256"]
    import hashlib

    assert hashlib.sha256(listed.read_bytes()).hexdigest() == digest
    assert "not in this package" in (data / "letter.html").read_text(encoding="utf-8")


def test_altered_reports_are_not_packed(run: Run, tmp_path: Path, report: Path, bundle: Path) -> None:
    (report / "iso27001-2022.html").write_bytes(b"better")
    told = run("package", report, "--bundle", bundle, "--out", tmp_path / "package.zip")
    assert told.exit_code == 2
    assert "iso27001-2022.html" in told.stderr
    assert not (tmp_path / "package.zip").exists()


def test_a_redacted_package_names_nobody(run: Run, tmp_path: Path, report: Path, bundle: Path) -> None:
    archive = tmp_path / "package.zip"
    told = run("package", report, "--bundle", bundle, "--redact", "--out", archive)
    assert told.exit_code == 0, told.stderr
    key = tmp_path / "package-redaction-key.json"
    (address,) = json.loads(key.read_bytes())["forms"].values()
    folder = unpacked(archive)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert address.encode() in (report / "results.json").read_bytes()
    assert address.encode() not in everything
    assert json.loads(key.read_bytes())["secret"].encode() not in everything
    reports = folder / "data" / "reports"
    assert run("verify", reports, "--bundle", bundle).exit_code == 2
    assert run("verify", reports, "--bundle", bundle, "--redaction-key", key).exit_code == 0
    other = tmp_path / "other.json"
    run("audit", bundle, "--out", tmp_path / "again", "--redact", "--redaction-key", other, *FRAMEWORK)
    assert run("verify", reports, "--bundle", bundle, "--redaction-key", other).exit_code == 2


def test_audit_and_report_redact_alike(run: Run, tmp_path: Path, report: Path, bundle: Path) -> None:
    key = ("--redact", "--redaction-key", tmp_path / "key.json")
    assert run("audit", bundle, "--out", tmp_path / "a", *FRAMEWORK, *key).exit_code == 0
    assert run("report", report / "results.json", "--out", tmp_path / "b", *key).exit_code == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
    assert run("report", tmp_path / "a" / "results.json", "--out", tmp_path / "c", *key).exit_code == 2
    inside = ("--redact", "--redaction-key", tmp_path / "d" / "key.json")
    told = run("report", report / "results.json", "--out", tmp_path / "d", *inside)
    assert told.exit_code == 2
    assert "among the reports" in told.stderr


def test_what_cannot_be_meant_is_told(run: Run, tmp_path: Path, report: Path, bundle: Path) -> None:
    assert run("package", bundle, "--bundle", bundle).exit_code == 2
    assert run("package", report, "--bundle", bundle, "--out", tmp_path / "package").exit_code == 2
    assert run("verify", bundle, "--bundle", bundle).exit_code == 2
    assert run("verify", report, "--public-key", tmp_path / "k").exit_code == 2
