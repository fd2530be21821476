"""`auditor audit`: exit codes, what is printed, what is written."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from auditor.cli.summary import report_files
from auditor.rules import reason_title

Run = Callable[..., Result]
ONE = ("--control", "ssm-actions", "--framework", "iso27001-2022")  # where nothing depends on how many there are


@pytest.fixture(scope="session")
def document(planted: Any) -> dict[str, Any]:
    """The result of the planted bundle, as ``--json`` prints it."""
    from click.testing import CliRunner

    from auditor.cli.program import program

    result = CliRunner().invoke(program, ["audit", str(planted.folder), "--control", "ssm-actions", "--json"])
    assert result.stderr == ""
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_every_planted_defect_is_found(planted: Any, document: dict[str, Any]) -> None:
    found = {entry["account_id"]: (entry["verdict"], entry["broken_link"]) for entry in document["findings"]}
    assert found == {account: (facts.verdict, facts.broken_link) for account, facts in planted.expected.items()}
    assert {verdict for verdict, _ in found.values()} == {"PASS", "FAIL", "INCONCLUSIVE"}


def test_json_writes_no_file_unless_asked(
    run: Run, planted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("audit", planted.folder, *ONE, "--json").exit_code == 1
    assert list(tmp_path.iterdir()) == []
    run("audit", planted.folder, *ONE, "--json", "--out", "there", "--format", "json")
    assert {path.name for path in (tmp_path / "there").iterdir()} == {
        "results.json",
        "requests.md",
        "requests.docx",
        "digest.txt",
    }


def test_reports_go_to_report_unless_told_otherwise(
    run: Run, planted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("audit", planted.folder, *ONE)
    written = {path.name for path in (tmp_path / "report").iterdir()}
    assert written >= {"iso27001-2022.html", "iso27001-2022.xlsx", "results.json"}
    assert result.stdout.splitlines()[-1].startswith("Reports in report: ")


def test_two_runs_into_different_folders_give_the_same_bytes(run: Run, planted: Any, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("audit", planted.folder, "--out", tmp_path / name, *ONE)
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert first == second
    assert len(first) >= 3


def test_report_makes_the_same_bytes_from_the_result_alone(run: Run, planted: Any, tmp_path: Path) -> None:
    run("audit", planted.folder, "--out", tmp_path / "one", *ONE)
    again = run("report", tmp_path / "one" / "results.json", "--out", tmp_path / "two", "--json")
    assert again.exit_code == 0
    written = [Path(name) for name in json.loads(again.stdout)["files"]]
    assert written
    for path in written:
        assert path.read_bytes() == (tmp_path / "one" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(("fail_on", "code"), [("fail", 1), ("inconclusive", 1), ("never", 0)])
def test_fail_on_sets_what_counts(run: Run, planted: Any, fail_on: str, code: int) -> None:
    assert run("audit", planted.folder, *ONE, "--json", "--fail-on", fail_on).exit_code == code


def test_inconclusive_alone_fails_only_where_it_counts(run: Run, planted: Any) -> None:
    (account,) = [name for name, facts in planted.expected.items() if facts.verdict == "INCONCLUSIVE"]
    folder = planted.folder / account
    words = ("audit", folder, "--control", "ssm-actions", "--json")
    assert run(*words).exit_code == 1
    assert run(*words, "--fail-on", "fail").exit_code == 0


def test_summary_names_frameworks_causes_and_files(
    run: Run, planted: Any, document: dict[str, Any], tmp_path: Path
) -> None:
    words = ("--control", "ssm-actions", "--out", tmp_path, "--format", "json")
    text = run("audit", planted.folder, *words).stdout
    assert text.startswith(f"bundle: {len(planted.expected)} accounts, ")
    for framework in document["frameworks"]:
        assert framework["name"] in text
    for code in dict.fromkeys(cause["code"] for cause in document["causes"]):
        alike = [cause for cause in document["causes"] if cause["code"] == code]
        assert f"{reason_title(code)}: {sum(len(cause['accounts']) for cause in alike)} account" in text
        cause = alike[0]
        first = next(entry for entry in document["findings"] if entry["id"] == cause["findings"][0])
        assert first["reason"] in text
    assert "population not reconciled" in text
    assert f"Reports in {tmp_path}: results.json, requests.md, requests.docx and digest.txt." in text
    assert "\x1b" not in text


def test_files_of_one_kind_are_counted_in_the_summary() -> None:
    names = ("soc2.html", "nist.html", "soc2.oscal.json", "index.html", "results.json", "causes.csv", "findings.csv")
    assert report_files([Path("report", name) for name in names]) == (
        "Reports in report: 2 pages, 1 OSCAL document, 2 CSV tables, index.html and results.json."
    )


def test_recorded_command_line_repeats_the_result_and_tells_no_folder(run: Run, planted: Any, tmp_path: Path) -> None:
    engagement = tmp_path / "our client.yaml"
    engagement.write_text("client: Example Ltd\nperiod: 2026Q3\n")
    words = [*ONE, "--engagement", engagement, "--strict", "--out", tmp_path / "r"]
    document = json.loads(run("audit", planted.folder, *words, "--json").stdout)
    assert document["options"]["command_line"] == (
        "auditor audit bundle --framework iso27001-2022 --control ssm-actions --engagement 'our client.yaml' --strict"
    )
    assert document["engagement"]["client"] == "Example Ltd"
    assert document["period"] == {"start": "2026-07-01", "end": "2026-09-30"}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("nowhere",), "nowhere"),
        (("{bundle}", "--framework", "iso27002"), "iso27002"),
        (("{bundle}", "--control", "nothing"), "nothing"),
        (("{bundle}", "--period", "2026Q5"), "2026Q5"),
        (("{bundle}", "--period", "0000Q1"), "'0000-01-01' is no date"),
        (("{bundle}", "--captured-on", "yesterday"), "yesterday"),
        (("{bundle}", "--engagement", "nowhere.yaml"), "nowhere.yaml"),
        (("{bundle}", "--controls", "nowhere"), "nowhere: does not exist."),
        (("{bundle}", "--frameworks", "nowhere.csv"), "nowhere.csv: does not exist."),
        (("{bundle}", "--events", "nowhere.json.gz"), "nowhere.json.gz: cannot be read"),
    ],
)
def test_what_cannot_be_carried_out_is_one_line(run: Run, planted: Any, words: tuple[str, ...], line: str) -> None:
    result = run("audit", *(word.format(bundle=planted.folder) for word in words), "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("auditor: ")
    assert result.stderr.count("\n") == 1
    assert line in result.stderr


def test_recorded_command_line_names_own_files_and_events(run: Run, planted: Any, tmp_path: Path) -> None:
    sheet, logs = tmp_path / "our policy.csv", tmp_path / "logs.json"
    sheet.write_text("requirement,heading,control\nA,Sessions,ssm-actions\n", encoding="utf-8")
    logs.write_text('{"Records": [{"eventName": "StartSession"}]}', encoding="utf-8")
    words = ["--frameworks", sheet, "--framework", "our-policy", "--events", logs]
    options = json.loads(run("audit", planted.folder, *words, "--json").stdout)["options"]
    assert options["command_line"] == (
        "auditor audit bundle --framework our-policy --events logs.json --frameworks 'our policy.csv'"
    )
    assert (options["frameworks_dir"], options["controls_dir"]) == ("our policy.csv", None)
    assert options["events"] == ["logs.json"]


def test_out_that_is_a_file_is_one_line(run: Run, planted: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = run("audit", planted.folder, "--out", tmp_path / "taken", "--format", "json")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "taken" in result.stderr


def test_quiet_says_nothing_on_standard_error_and_verbose_lists_problems(
    run: Run, planted: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    (account,) = [name for name, facts in planted.expected.items() if facts.defect == "alarms truncated"]
    region = folder / account / "us-east-1"
    region.mkdir(parents=True)
    for path in (planted.folder / account / "us-east-1").glob("*.json"):
        (region / path.name).write_bytes(path.read_bytes())
    (region / "sns-list-topics.json").write_bytes(b'{"Topics": 5}')
    assert run("audit", folder, *ONE, "--json", "-q").stderr == ""
    assert run("audit", folder, *ONE, "--json").stderr == ""
    assert "sns-list-topics.json" in run("audit", folder, *ONE, "--json", "-v").stderr


@pytest.mark.parametrize(
    ("member", "value"),
    [("controls", []), ("findings", "x" * 100_000), ("schema_version", {"\u202e": "\x1b[2J"})],
)
def test_a_result_that_does_not_hold_together_is_one_line(
    run: Run, document: dict[str, Any], tmp_path: Path, member: str, value: Any
) -> None:
    given = tmp_path / "results.json"
    given.write_text(json.dumps({**document, member: value}), encoding="utf-8")
    result = run("report", given, "--out", tmp_path / "again", "--format", "html")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert str(given) in result.stderr
    assert len(result.stderr) < 1_000
    assert result.stderr.isascii() or "…" in result.stderr
    assert not list((tmp_path / "again").glob("*"))


@pytest.mark.parametrize("out", [None, "report", ".", "111122223333/report", "../link/report"])
def test_nothing_is_ever_written_into_the_bundle(
    run: Run, planted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str | None
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(planted.folder, bundle)
    (tmp_path / "link").symlink_to(bundle, target_is_directory=True)
    monkeypatch.chdir(bundle)
    before = sorted(bundle.rglob("*"))
    result = run("audit", ".", *(("--out", out) if out else ()), *ONE)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"auditor: {out or 'report'}: lies in the bundle .")
    assert "--out" in result.stderr
    assert sorted(bundle.rglob("*")) == before


def test_nothing_is_written_into_anything_else_that_is_given(run: Run, planted: Any, tmp_path: Path) -> None:
    """Reports in a folder of events would be replayed as events by the next audit."""
    for name in ("logs", "sheets", "texts"):
        (tmp_path / name).mkdir()
    (tmp_path / "logs" / "one.json").write_text('{"Records": [{"eventName": "StartSession"}]}')
    (tmp_path / "sheets" / "own.csv").write_text("requirement,heading,control\nA,Sessions,ssm-actions\n")
    (tmp_path / "scope.csv").write_text("account_id\n111122223333\n")
    (tmp_path / "link").symlink_to(tmp_path / "logs")
    before = sorted(tmp_path.rglob("*"))
    for option, given, out in (
        ("--events", "logs", "logs"),
        ("--events", "logs", "logs/report"),
        ("--events", "logs", "link/report"),
        ("--events", "link", "logs/report"),
        ("--events", "logs/one.json", "logs/one.json"),
        ("--frameworks", "sheets", "sheets/report"),
        ("--controls", "texts", "texts/a/b"),
        ("--scope", "scope.csv", "scope.csv"),
    ):
        result = run("audit", planted.folder, option, tmp_path / given, "--out", tmp_path / out)
        assert result.exit_code == 2, (option, given, out)
        assert result.stderr.startswith(f"auditor: {tmp_path / out}: ")
        assert result.stderr.count("\n") == 1
        assert sorted(tmp_path.rglob("*")) == before


def test_out_that_can_be_no_folder_is_told_before_the_audit(run: Run, planted: Any, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "file").write_text("")
    for out, words in (
        (tmp_path / "loop", "a link to itself"),
        (tmp_path / "loop" / "below", "a link to itself"),
        (tmp_path / "nowhere", "leads nowhere"),
        (tmp_path / "file", "is no folder"),
        (tmp_path / "file" / "below", "is no folder"),
        ("", "the path is empty"),
    ):
        result = run("audit", planted.folder, "--control", "ssm-actions", "--format", "json", "--out", out)
        assert result.exit_code == 2, out
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def test_reports_may_lie_beside_and_above_the_bundle(run: Run, planted: Any, tmp_path: Path) -> None:
    shutil.copytree(planted.folder, tmp_path / "bundle")
    for out in (tmp_path, tmp_path / "bundle-report"):
        run("audit", tmp_path / "bundle", "--control", "ssm-actions", "--format", "json", "--out", out)
        assert (out / "results.json").is_file()


def test_a_bundle_in_which_nothing_can_be_judged_is_no_success(run: Run, planted: Any, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("to do: export")
    nobody = tmp_path / "scope.csv"
    nobody.write_text("account_id,in_scope\n999900001111,no\n")
    for words in ([tmp_path / "notes"], [planted.folder, "--scope", nobody]):
        result = run("audit", *words, "--out", tmp_path / "out", "--fail-on", "never")
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "no account that could be judged" in result.stderr
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["audit", "inventory"])
def test_an_archive_that_lies_too_deep_is_named(run: Run, tmp_path: Path, command: str) -> None:
    inner = tmp_path / "inner.zip"
    zipped(inner, "111122223333/us-east-1/cloudtrail-describe-trails.json", b'{"trailList": []}')
    zipped(tmp_path / "middle.zip", "inner.zip", inner.read_bytes())
    zipped(tmp_path / "outer.zip", "middle.zip", (tmp_path / "middle.zip").read_bytes())
    result = run(command, tmp_path / "outer.zip")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "middle.zip/inner.zip is an archive in an archive that lies in another one" in result.stderr
    assert "unpack it" in result.stderr


def zipped(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, data)


def test_reports_that_are_audited_are_told_for_what_they_are(run: Run, planted: Any, tmp_path: Path) -> None:
    reports, mail = tmp_path / "reports", tmp_path / "mail"
    run("audit", planted.folder, "--out", reports, "--control", "ssm-actions", "--format", "json", "--fail-on", "never")
    mail.mkdir()
    shutil.make_archive(str(mail / "q3"), "zip", reports)
    for command in (["audit", "--out", tmp_path / "out"], ["inventory"]):
        for given, place in ((reports, "reports: holds the"), (mail, "mail: holds in q3.zip the")):
            result = run(*command, given)
            assert result.exit_code == 2
            assert result.stderr.count("\n") == 1
            assert f"{place} reports of an earlier audit, which are no evidence" in result.stderr
            assert "`auditor report REPORT-DIR` writes reports again" in result.stderr
    # Evidence beside reports is read.
    shutil.copytree(planted.folder, mail / "captures")
    words = (*ONE, "--format", "json", "--fail-on", "never")
    assert run("audit", mail, "--out", tmp_path / "out", *words).exit_code == 0


def test_reports_are_written_again_from_their_folder(run: Run, planted: Any, tmp_path: Path) -> None:
    words = ("--control", "ssm-actions", "--format", "csv")
    run("audit", planted.folder, "--out", tmp_path / "first", *words, "--fail-on", "never")
    for number, given in enumerate((tmp_path / "first", tmp_path / "first" / "results.json")):
        again = tmp_path / f"again{number}"
        assert run("report", given, "--out", again, "--format", "csv").exit_code == 0
        assert (again / "digest.txt").read_bytes() == (tmp_path / "first" / "digest.txt").read_bytes()


@pytest.mark.parametrize("option", ["bundle", "--scope", "--engagement", "--events", "--frameworks", "--controls"])
def test_names_that_are_no_utf_8_are_shown_with_an_escape(run: Run, planted: Any, tmp_path: Path, option: str) -> None:
    account = next(iter(planted.expected))
    event = {"eventName": "StartSession", "recipientAccountId": account}
    texts = {
        "--scope": f"account_id\n{account}\n",
        "--engagement": "client: Example Ltd\n",
        "--events": json.dumps({"Records": [event]}),
        "--frameworks": "requirement,heading,control\nA,Sessions,ssm-actions\n",
        "--controls": (Path(__file__).parents[1] / "catalogue/own_controls/secrets-deleted.json").read_text(),
    }
    odd = tmp_path / os.fsdecode(b"pr\xfcfung")
    bundle = planted.folder / account
    if option == "bundle":
        shutil.copytree(bundle, odd / account)
        bundle = odd
    else:
        odd.mkdir()
    words: list[Any] = ["--control", "ssm-actions"] if option == "--frameworks" else [*ONE]
    if option != "bundle":
        name = {"--controls": b"secrets-deleted.json", "--frameworks": b"policy\xff.csv"}.get(option, b"file\xff.csv")
        (odd / os.fsdecode(name)).write_text(texts[option])
        folder = option in ("--events", "--controls")
        words += [option, odd if folder else odd / os.fsdecode(name)]
    result = run("audit", bundle, *words, "--out", tmp_path / os.fsdecode(b"out\xff"), "--json", "--fail-on", "never")
    assert (result.exit_code, result.stderr) == (0, "")
    line = json.loads(result.stdout)["options"]["command_line"]
    assert ("\\udcfc" if "--events --controls bundle".count(option) else "\\udcff") in line
    assert list((tmp_path / os.fsdecode(b"out\xff")).glob("*.html"))
