"""The same claims however the file reaches us: encodings, line ends, archives, names, spreadsheets, appended runs."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.claims.model import Reading
from auditor.claims.read import read_claims

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["claims"]
FILES = sorted({claim["file"] for claim in EXPECTED if not claim["file"].startswith("custodian")})
TABLES = [file for file in FILES if file.endswith(".csv")]
ARRAYS = ["prowler5/prowler-output-012345678901-20260930091001.ocsf.json"]

Form = Callable[[bytes], bytes]
FORMS: dict[str, tuple[str, Form]] = {
    "renamed": ("export.txt", lambda data: data),
    "utf-8 with mark": ("a", lambda data: b"\xef\xbb\xbf" + data),
    "utf-16 of PowerShell": ("a", lambda data: data.decode().replace("\n", "\r\n").encode("utf-16")),
    "utf-16 big endian": ("a", lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be")),
    "utf-16 without mark": ("a", lambda data: data.decode().encode("utf-16-le")),
    "line ends of Windows": ("a", lambda data: data.replace(b"\n", b"\r\n")),
    "blank line after each": ("a", lambda data: data.replace(b"\n", b"\r\r\n")),
    "blank before and after": ("a", lambda data: b"\n" + data + b"\n\n"),
    "gzip": ("a.gz", gzip.compress),
    "gzip under another name": ("a.json", gzip.compress),
    "gzip in two members": ("a.gz", lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:])),
}  # fmt: skip


def told(reading: Reading, *, file: bool = False) -> list[tuple[object, ...]]:
    names = ("tool", "account", "control", "region", "claim", "muted", "status", "rule", *(("file",) if file else ()))
    return sorted((tuple(getattr(claim, name) for name in names) for claim in reading.claims), key=str)


def expected(*files: str) -> list[tuple[object, ...]]:
    names = ("tool", "account", "control", "region", "claim", "muted", "status", "rule")
    return sorted((tuple(claim[name] for name in names) for claim in EXPECTED if claim["file"] in files), key=str)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_told_by_its_content(form: str, file: str, tmp_path: Path) -> None:
    name, change = FORMS[form]
    (tmp_path / name).write_bytes(change((SAMPLES / file).read_bytes()))
    reading = read_claims([tmp_path])
    assert told(reading) == expected(file)
    assert not [problem for problem in reading.problems if problem.code != "claims-next-token"]


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path / "claims.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(SAMPLES.rglob("*")):
            archive.write(file, file.relative_to(SAMPLES))
    return path / "claims.zip"


def tarred(path: Path) -> Path:
    with tarfile.open(path / "claims.tar.gz", "w:gz") as archive:
        archive.add(SAMPLES, ".")
    return path / "claims.tar.gz"


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_is_read_as_its_folder(pack: Callable[[Path], Path], tmp_path: Path) -> None:
    archive = pack(tmp_path)
    assert told(read_claims([archive]), file=True) == told(read_claims([SAMPLES]), file=True)
    within = read_claims([tmp_path])
    assert {claim.file for claim in within.claims} == {f"{archive.name}/{claim['file']}" for claim in EXPECTED}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("file", TABLES)
def test_a_table_resaved_in_a_spreadsheet(file: str, separator: str, tmp_path: Path) -> None:
    text = (SAMPLES / file).read_text()
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    made = io.StringIO()
    for row in rows:
        cells = [cell.upper() if cell in ("True", "False") else cell for cell in row]
        csv.writer(made, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    (tmp_path / "export.csv").write_bytes(b"\xef\xbb\xbf" + f"sep={separator}\r\n{made.getvalue()}".encode())
    assert told(read_claims([tmp_path])) == expected(file)


@pytest.mark.parametrize("file", TABLES)
def test_concatenated_tables_repeat_their_header(file: str, tmp_path: Path) -> None:
    others = [other for other in TABLES if other.split("/")[0].startswith("prowler") and other != file]
    parts = [(SAMPLES / name).read_bytes() for name in (file, file)]
    (tmp_path / "all.csv").write_bytes(b"".join(parts))
    assert told(read_claims([tmp_path])) == sorted([*expected(file), *expected(file)], key=str)
    if file.startswith("prowler5/prowler"):  # another version's columns after it, of the same separator
        other = next(name for name in others if name.startswith("prowler3"))
        (tmp_path / "all.csv").write_bytes(parts[0] + (SAMPLES / other).read_bytes())
        assert told(read_claims([tmp_path])) == expected(file, other)


APPENDED: dict[str, Callable[[str], str]] = {
    "second run without bracket": lambda text: text.rstrip() + text.strip()[1:],
    "second run with comma": lambda text: text.rstrip() + "," + text.strip()[1:],
    "two arrays": lambda text: text + text,
    "records without comma": lambda text: text.rstrip()[:-1] + text.strip()[1:],
}


@pytest.mark.parametrize("kind", APPENDED)
@pytest.mark.parametrize("file", ARRAYS)
def test_appended_runs_are_read_value_after_value(file: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(APPENDED[kind]((SAMPLES / file).read_text()))
    reading = read_claims([tmp_path])
    assert told(reading) == sorted([*expected(file), *expected(file)], key=str)
    assert [problem.code for problem in reading.problems] == ["claims-appended"]
    assert reading.files[0].complete


@pytest.mark.parametrize("file", [*ARRAYS, "securityhub/get-findings-consolidated.json"])
def test_one_object_a_line(file: str, tmp_path: Path) -> None:
    document = json.loads((SAMPLES / file).read_text())
    records = document if isinstance(document, list) else document["Findings"]
    (tmp_path / "a.json").write_text("\n".join(json.dumps(record) for record in records))
    assert told(read_claims([tmp_path])) == expected(file)
    (tmp_path / "a.json").write_text("\n".join(json.dumps({"detail": {"findings": [record]}}) for record in records))
    if file.startswith("securityhub"):  # events of a bus
        assert told(read_claims([tmp_path])) == expected(file)


def test_a_line_that_is_damaged_costs_itself(tmp_path: Path) -> None:
    lines = (SAMPLES / "cloudbeat/findings.ndjson").read_text().splitlines()
    (tmp_path / "a.ndjson").write_text("\n".join(["INFO starting", lines[0], lines[1][:200], lines[2], "x" * 90]))
    reading = read_claims([tmp_path])
    assert [claim.control for claim in reading.claims] == ["organizations-changes", "root-usage"]
    assert not reading.files[0].complete
    assert {problem.pointer for problem in reading.problems} == {"line 1", "line 3", "line 5"}


@pytest.mark.parametrize("file", FILES)
def test_a_file_cut_anywhere_loses_no_claim_before_the_cut(file: str, tmp_path: Path) -> None:
    data = (SAMPLES / file).read_bytes()
    before: list[tuple[object, ...]] = []
    for share in range(1, 12):
        (tmp_path / "a.json").write_bytes(data[: len(data) * share // 12])
        reading = read_claims([tmp_path])
        now = told(reading)
        assert set(now) <= set(expected(file))
        assert len(now) >= len(before)
        before = now
        assert reading.problems or not reading.files or file.endswith(("csv", "ndjson"))


def test_the_last_row_of_a_table_cut_short_is_no_claim(tmp_path: Path) -> None:
    data = (SAMPLES / "prowler2/prowler-output-111122223333-20221102090000.csv").read_bytes()
    (tmp_path / "a.csv").write_bytes(data.rstrip()[:-40])
    reading = read_claims([tmp_path])
    assert len(reading.claims) == 3
    assert not reading.files[0].complete
    assert "ends within this row" in reading.problems[0].problem


def test_an_open_quotation_mark_costs_no_row_after_it(tmp_path: Path) -> None:
    rows = ["account,control,status,region,note", '111122223333,root-usage,FAIL,,"open']
    rows += [f"22223333{number:04d},root-usage,PASS,,n" for number in range(200)]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    reading = read_claims([tmp_path])
    assert len(reading.claims) == 201
    assert reading.problems[0].pointer == "line 2"
