"""Files made to harm cost at most themselves: bombs, endless texts, depth, entities, names; in little memory."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.claims.read import read_claims
from auditor.claims.table_rows import CELL_LIMIT

SAMPLES = Path(__file__).parent / "samples"
A = "111122223333"
MEBIBYTE = 1 << 20
GOOD = f"account,control,status\n{A},root-usage,PASS\n"


def codes(path: Path) -> tuple[int, list[str]]:
    reading = read_claims([path])
    return len(reading.claims), [problem.code for problem in reading.problems]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "claims-damaged"),
        ('{"a":' * 100_000, "claims-damaged"),
        ('[{"CheckID": ' + "9" * 200_000 + "}]", None),
        ('[{"CheckID": 1e99999999999999999999}]', "claims-damaged"),
        ('[{"CheckID": 1e999999999, "Status": "PASS", "AccountId": "1"}, {]', "claims-damaged"),
        ('{"Findings": [' + '{"a": "b"},' * 1_000 + "NaN]}", "claims-damaged"),
        ("\x00" * 1_000 + "[", None),
        ("<test-run>" + "<a>" * 10_000, "claims-damaged"),
        ('<test-run><a b="' + "x" * 100_000, "claims-damaged"),
        ("scoutsuite_results =", "claims-damaged"),
        ('scoutsuite_results =\n{"account_id": ', "claims-damaged"),
    ],
)
def test_a_harmful_text_is_a_problem(text: str, code: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    (tmp_path / "good.csv").write_text(GOOD)
    assert codes(tmp_path) == (1, [code] if code else [])


@pytest.mark.parametrize(
    ("damaged", "rows", "words"),
    [
        ("4444\r55556666,ssm-actions,PASS", 2, "half of a line end"),
        (f"444455556666,ssm-actions,{'x' * (CELL_LIMIT + 1)}", 2, "longer than any"),
        (f'444455556666,ssm-actions,"{"x" * (CELL_LIMIT + 1)}"', 2, "longer than any"),
        ('"444455556666,ssm-actions,PASS\n' * 120 + f"444455556666,ssm-actions,PASS,{'x' * 10_000}", 123, "not closed"),
    ],
    ids=["half-line-end", "long", "long-in-quotes", "long-after-many-quotes"],
)
def test_a_row_that_csv_refuses_costs_itself(damaged: str, rows: int, words: str, tmp_path: Path) -> None:
    """Once ended the command as a defect of the program."""
    file = tmp_path / "claims.csv"
    row = "111122223333,ssm-actions,PASS\n"
    file.write_bytes(f"account,control,status\n{row}{damaged}\n{row}".encode())
    reading = read_claims([file])
    assert len(reading.claims) == rows
    assert any(words in problem.problem for problem in reading.problems)


def test_formulas_and_escapes_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"account,control,status,tool\n{A},root-usage,=cmd|'/c calc'!A1,\x1b[31mred\n{A},vpc-changes,FAIL,@SUM(1)\n"
    )
    claims = {claim.control: claim for claim in read_claims([tmp_path]).claims}
    assert claims["root-usage"].status == "=cmd|'/c calc'!A1"
    assert all(claim.tool.isprintable() for claim in claims.values())


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_names_in_archives(kind: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text(GOOD)
    path = tmp_path / f"claims.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as zip_file:
            for name in ("../up.csv", "/root.csv", "ok/a.csv", "__MACOSX/ok/._a.csv", "b.zip"):
                zip_file.writestr(name, GOOD)
    else:
        with tarfile.open(path, "w:gz") as tar:
            for name in ("../up.csv", "../root.csv", "ok/a.csv", "__MACOSX/ok/._a.csv", "b.zip"):
                tar.add(tmp_path / "in/a.csv", name)
    reading = read_claims([path])
    assert [claim.file for claim in reading.claims] == ["ok/a.csv"]
    assert sorted(problem.code for problem in reading.problems) == ["nested-archive", "unsafe-path", "unsafe-path"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert codes(tmp_path) == (1, ["not-a-file", "not-a-file"])


@pytest.mark.parametrize("cut", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["a.csv.gz", "a.tar.gz", "a.zip"])
def test_damaged_archives(kind: str, cut: float, tmp_path: Path) -> None:
    rows = "".join(f"{number:012d},root-usage,PASS,{number * 7919 % 104729}\n" for number in range(20_000))
    (tmp_path / "x.csv").write_text(f"account,control,status,note\n{rows}")
    path = tmp_path / kind
    if kind == "a.zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(tmp_path / "x.csv", "x.csv")
    elif kind == "a.tar.gz":
        with tarfile.open(path, "w:gz") as tar:
            tar.add(tmp_path / "x.csv", "x.csv")
    else:
        path.write_bytes(gzip.compress((tmp_path / "x.csv").read_bytes()))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    number, problems = codes(path)
    assert problems
    if kind == "a.csv.gz":
        assert 0 < number < 20_000


# Not ru_maxrss, in which a child starts with what its parent had.
MEASURE = """
import re, sys
from pathlib import Path
from auditor.claims.read import read_claims
reading = read_claims(sys.argv[1:])
print(len(reading.claims), sorted({problem.code for problem in reading.problems}))
print(int(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def measured(path: Path) -> tuple[str, int]:
    """What was read, and the most memory that it took, in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, timeout=1800
    )
    told, size = done.stdout.splitlines()
    return told, int(size)


def prowler_csv(size: int) -> Iterator[str]:
    """A Prowler export of about so many bytes, most rows of other checks, one in fifty ours."""
    lines = (SAMPLES / "prowler5/prowler-output-111122223333-20260930081542.csv").read_text()
    head, rest = lines.split("\n", 1)
    row = rest.split("profile: audit;")[1]
    yield head + "\n"
    other = row.replace("cloudwatch_log_metric_filter_root_usage", "s3_bucket_public_access")
    for number in range(size // len(row)):
        account = f"{number:012d}"
        yield f"profile: audit;{(row if number % 50 == 0 else other).replace(A, account)}"


def ocsf(size: int) -> Iterator[str]:
    record = json.loads((SAMPLES / "prowler5/prowler-output-012345678901-20260930091001.ocsf.json").read_text())[0]
    text = json.dumps(record, indent=4)
    other = text.replace("cloudwatch_log_metric_filter_root_usage", "s3_bucket_public_access")
    for number in range(size // len(text)):
        ours = number % 50 == 0
        yield ("," if number else "[") + (text if ours else other).replace("012345678901", f"{number:012d}")
    yield "]"


def scoutsuite(size: int) -> Iterator[str]:
    text = (SAMPLES / "scoutsuite/scoutsuite-results/scoutsuite_results_aws-111122223333.js").read_text()
    head, rest = text.split('"services": {', 1)
    yield head + '"services": {"s3": {"buckets": {'
    bucket = json.dumps({"acls": [{"grantee": "x" * 50, "n": number} for number in range(20)]})
    for number in range(size // len(bucket)):
        yield f'"bucket-{number}": {bucket},'
    yield '"last": {}}},' + rest


def endless(size: int) -> Iterator[str]:
    yield '[{"CheckID": "'
    for _ in range(size // MEBIBYTE):
        yield "x" * MEBIBYTE


LARGE = {
    "a.csv": (prowler_csv, ""),
    "a.json": (ocsf, ""),
    "a.js": (scoutsuite, ""),
    "b.json": (endless, "claims-damaged"),
}


def check_memory(name: str, size: int, most: int, path: Path) -> None:
    make, code = LARGE[name]
    with (path / name).open("w") as file:
        for piece in make(size):
            file.write(piece)
    told, used = measured(path)
    assert used <= most, f"{used} MiB"
    assert (code in told) if code else "[]" in told
    assert not told.startswith("0 ") or code


@pytest.mark.parametrize("name", LARGE)
def test_memory_does_not_grow_with_the_file(name: str, tmp_path: Path) -> None:
    check_memory(name, 12 * MEBIBYTE, 130, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", LARGE)
def test_a_gigabyte_is_read_within_200_megabytes(name: str, tmp_path: Path) -> None:
    check_memory(name, 1024 * MEBIBYTE, 200, tmp_path)


@pytest.mark.parametrize("inner", ["zeros", "blanks"])
def test_a_bomb_is_read_to_its_limit_only(inner: str, tmp_path: Path) -> None:
    byte = b"\x00" if inner == "zeros" else b" "
    with gzip.open(tmp_path / "a.json.gz", "wb", 9) as file:
        file.write(b"[")
        for _ in range(40):
            file.write(byte * MEBIBYTE)
    told, used = measured(tmp_path)
    assert told.startswith("0 ")
    assert used <= 130
