"""The files of a result: all there, each whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl.worksheet._writer
import pytest

from auditor.errors import AuditorError
from auditor.reports import FORMATS, unlisted_reports, write, write_reports
from auditor.reports.folder import report_folder
from auditor.reports.registry import Format
from auditor.result import AuditResult
from tests.reports.example_result import example_document, example_result, passing_result

FRAMEWORKS = ("cloudguard-best-practices", "nist-800-53-r5", "own-iso")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def with_ids(*ids: str) -> AuditResult:
    document = example_document()
    document["frameworks"] = [{**document["frameworks"][0], "id": one} for one in ids]  # type: ignore[typeddict-item]
    return AuditResult(document)


def test_one_file_per_framework_and_format(tmp_path: Path) -> None:
    written = write_reports(example_result(), tmp_path / "new" / "report", ["xlsx", "html", "json"])
    expected = [f"{one}.{suffix}" for one in FRAMEWORKS for suffix in ("xlsx", "html")]
    expected += ["overview.xlsx", "index.html"]
    assert [path.name for path in written] == [*expected, "results.json", "requests.md", "requests.docx", "digest.txt"]
    assert names(tmp_path / "new" / "report") == sorted(path.name for path in written)


@pytest.mark.parametrize("name", [*FORMATS, "lines"])
def test_every_format_of_the_registry_leaves_files_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """One of each framework, or one of the whole; ``lines`` stands for a format that is still to come."""
    lines = Format("lines", "jsonl", lambda result, framework: b"{}\n", per_framework=False)
    monkeypatch.setattr(write, "FORMATS", {**FORMATS, "lines": lines})
    chosen = write.FORMATS[name]
    stems = FRAMEWORKS if chosen.per_framework else chosen.parts or ["results"]
    written = write_reports(example_result(), tmp_path, [name])
    wanted = {f"{stem}.{chosen.suffix}" for stem in stems} | ({chosen.overview[0]} if chosen.overview else set())
    assert wanted | {"results.json", "requests.md", "requests.docx", "digest.txt"} == {path.name for path in written}
    assert names(tmp_path) == sorted(path.name for path in written)
    suffixes = [(one.per_framework, one.suffix) for one in write.FORMATS.values()]
    assert len(suffixes) == len(set(suffixes)), "two formats would write one file"


def test_results_are_always_written_and_read_back(tmp_path: Path) -> None:
    write_reports(passing_result(), tmp_path, ["json", "json"])
    assert names(tmp_path) == ["digest.txt", "results.json"]
    assert AuditResult.load(tmp_path / "results.json").document == passing_result().document


def test_digests_are_those_of_the_files(tmp_path: Path) -> None:
    written = write_reports(example_result(), tmp_path, ["xlsx"])
    lines = (tmp_path / "digest.txt").read_text(encoding="utf-8").splitlines()
    found = dict(reversed(line.split("  ", 1)) for line in lines)
    expected = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written[:-1]}
    assert found == expected
    assert lines == sorted(lines, key=lambda line: line.split("  ")[1])


def test_writing_again_gives_the_same_bytes_and_drops_answered_requests(tmp_path: Path) -> None:
    write_reports(example_result(), tmp_path, ["xlsx"])
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_reports(example_result(), tmp_path, ["xlsx"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    write_reports(passing_result(), tmp_path, ["json"])
    assert not [name for name in names(tmp_path) if name.startswith("requests")]


def test_one_framework_alone_joins_what_is_there_of_the_same_result(tmp_path: Path) -> None:
    result = with_ids("iso", "soc")
    alone = write_reports(result, tmp_path, ["xlsx"], frameworks=["soc"])
    assert alone[0].name == "soc.xlsx"
    assert not {"iso.xlsx", "overview.xlsx"} & set(names(tmp_path))
    write_reports(result, tmp_path, ["html"], frameworks=["iso"])
    assert {"soc.xlsx", "iso.html"} <= set(names(tmp_path))
    assert unlisted_reports(tmp_path) == []
    write_reports(passing_result(), tmp_path, ["json"])
    assert not {"soc.xlsx", "iso.html"} & set(names(tmp_path)), "of another result"


def test_unknown_framework_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match="no framework 'pci'") as caught:
        write_reports(with_ids("iso", "soc"), tmp_path / "out", ["xlsx"], frameworks=["pci"])
    assert "iso, soc" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_unknown_format_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match=r"no format 'pdf'\. Choose among xlsx, html, "):
        write_reports(example_result(), tmp_path / "out", ["pdf"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "ids", [("../evil",), ("a/b",), ("",), (".hidden",), ("iso", "ISO"), ("results",), ("a\nb",), ("x" * 200,)]
)
def test_ids_that_are_no_file_names_are_refused(ids: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match="cannot be the name of a report"):
        write_reports(with_ids(*ids), tmp_path, ["json"])
    assert names(tmp_path) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_nothing_is_left_half_written(
    interruption: BaseException | type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_reports(example_result(), tmp_path, ["json"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(self: Path, target: Path) -> None:
        raise interruption

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((KeyboardInterrupt, AuditorError)):
        write_reports(passing_result(), tmp_path, ["json"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()}.items() <= before.items()
    assert not (tmp_path / "digest.txt").exists(), "nothing vouches for what an interrupted run left"


def test_interrupted_rendering_leaves_the_earlier_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(result: AuditResult, framework_id: str) -> bytes:
        raise KeyboardInterrupt

    write_reports(passing_result(), tmp_path, ["json"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stopped = {**FORMATS, "html": replace(FORMATS["html"], render=interrupt)}
    monkeypatch.setattr(write, "FORMATS", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_reports(example_result(), tmp_path, ["xlsx", "html"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_reports_of_an_earlier_result_go_and_changed_ones_are_named(tmp_path: Path) -> None:
    write_reports(example_result(), tmp_path, ["xlsx", "html"])
    with (tmp_path / "requests.md").open("a", encoding="utf-8") as file:
        file.write("sent on Monday")
    (tmp_path / "notes.html").write_text("the auditor's own", encoding="utf-8")
    write_reports(passing_result(), tmp_path, ["json"])
    assert names(tmp_path) == ["digest.txt", "notes.html", "requests.md", "results.json"]
    assert unlisted_reports(tmp_path) == ["notes.html", "requests.md"]


def test_two_results_at_once_do_not_mix(tmp_path: Path) -> None:
    with report_folder(tmp_path), pytest.raises(AuditorError, match="another audit is writing"):
        write_reports(passing_result(), tmp_path, ["json"])
    write_reports(passing_result(), tmp_path, ["json"])


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".auditor-left"
    left.mkdir()
    (left / "sheet").write_text("evidence", encoding="utf-8")
    write_reports(passing_result(), tmp_path, ["json"])
    assert not left.exists()


def test_scratch_files_of_libraries_stay_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch: list[Path] = []
    made = tempfile.NamedTemporaryFile

    def noted(*arguments: Any, **options: Any) -> Any:
        file = made(*arguments, **options)
        scratch.append(Path(file.name))
        return file

    for module in (tempfile, openpyxl.worksheet._writer):
        monkeypatch.setattr(module, "NamedTemporaryFile", noted)
    write_reports(example_result(), tmp_path, ["xlsx"])
    assert scratch
    assert all(path.is_relative_to(tmp_path) for path in scratch)


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    place = tmp_path / "report"
    place.write_text("a file", encoding="utf-8")
    with pytest.raises(AuditorError, match=r"report.*cannot be written.*Choose another folder with --out"):
        write_reports(example_result(), place, ["json"])
    assert place.read_text(encoding="utf-8") == "a file"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything is writable for root")
def test_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(AuditorError, match="cannot be written"):
            write_reports(example_result(), tmp_path, ["json"])
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_reports(passing_result(), tmp_path, ["json"])
    finally:
        os.umask(mask)
    assert (tmp_path / "results.json").stat().st_mode & 0o777 == 0o640
