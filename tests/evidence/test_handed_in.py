"""Rule X9: an account that a folder, archive or file is named after was handed in, whatever can be read of it."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

import auditor
from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import ACCOUNT, REGION, Files, textbook, write

OTHER = "444455556666"
PNG = b"\x89PNG\r\n\x1a\n1234"


def handed_in(folder: Path, files: dict[str, Any]) -> tuple[str, ...]:
    return load(open_bundle([write(files, folder)])).handed_in


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (f"{OTHER}/{REGION}/alarms.png", PNG),
        (f"client/{OTHER}/screenshot.pdf", b"%PDF-1.4"),
        ("4444-5555-6666/screenshot.pdf", b"%PDF-1.4"),
        (f"{OTHER}.7z", b"7z\xbc\xaf\x27\x1c1234"),
        (f"{OTHER}.rar", b"Rar!\x1a\x071234"),
        (f"{OTHER}.tar.xz", b"\xfd7zXZ\x001234"),
        (f"{OTHER}.zip", b"PK\x03\x04cut"),
        (f"{OTHER}.zip", zipped({"us-east-1/a.png": PNG})),
        (f"{OTHER}-2026Q3.7z", b"7z\xbc\xaf\x27\x1c1234"),
        (f"evidence_{OTHER}_2026Q3.tar.bz2", b"BZh91234"),
        (f"evidence-{OTHER}.zip (1)", b"PK\x03\x041234"),
        (f"account_{OTHER}.pdf", b"%PDF-1.4"),
        (f"{OTHER}/cloudtrail-describe-trails.json.gz", b"\x1f\x8b\x08broken"),
        (f"{OTHER}/{REGION}/notes.txt", "seen in the console"),
    ],
)
def test_an_account_of_which_nothing_can_be_read(tmp_path: Path, path: str, content: Any) -> None:
    assert handed_in(tmp_path, textbook() | {path: content}) == (ACCOUNT, OTHER)


@pytest.mark.parametrize(
    "path",
    [
        "shots/202609301015.png",
        f"{ACCOUNT}/202609301015/alarms.png",
        f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/{OTHER}.txt",
        "invoice-444455556666.pdf",
        "1444455556666/a.png",
    ],
)
def test_what_names_no_account(tmp_path: Path, path: str) -> None:
    assert handed_in(tmp_path, textbook() | {path: PNG}) == (ACCOUNT,)


def moved(folder: str) -> Files:
    return {path.replace(ACCOUNT, folder, 1): content for path, content in textbook().items()}


@pytest.mark.parametrize(
    "folder",
    [
        f"{ACCOUNT}/202609301015",
        f"202609301015/{ACCOUNT}",
        f"260930101500/{ACCOUNT}",
        "202609301015",
        f"{ACCOUNT}_202609301015",
    ],
)
def test_content_chooses_among_the_accounts_of_a_path(tmp_path: Path, folder: str) -> None:
    found = load(open_bundle([write(moved(folder), tmp_path)]))
    assert {capture.place.account_id for capture in found.captures} == {ACCOUNT}
    assert set(found.handed_in) <= {ACCOUNT}
    assert not found.problems


@pytest.mark.parametrize("folder", [f"{ACCOUNT}/{OTHER}", f"{OTHER}/{ACCOUNT}", f"{OTHER}/2026/{ACCOUNT}/202609301015"])
def test_each_account_of_a_path_was_handed_in(tmp_path: Path, folder: str) -> None:
    found = load(open_bundle([write(moved(folder), tmp_path)]))
    assert {capture.place.account_id for capture in found.captures} == {ACCOUNT}
    assert found.handed_in == (ACCOUNT, OTHER)


def test_digits_that_could_be_a_time_are_an_account_where_nothing_says_otherwise(tmp_path: Path) -> None:
    assert handed_in(tmp_path, textbook() | {"202609301015/alarms.png": PNG}) == (ACCOUNT, "202609301015")
    own = textbook("202609301015")
    found = load(open_bundle([write(own, tmp_path / "own")]))
    assert {capture.place.account_id for capture in found.captures} == {"202609301015"}


def test_it_has_a_finding_that_asks_for_its_captures(tmp_path: Path) -> None:
    bundle = write(textbook() | {f"{OTHER}/a.png": PNG}, tmp_path)
    document = auditor.audit(bundle, controls=["ssm-actions"], frameworks=["iso27001-2022"]).document
    verdicts = {one["account_id"]: one["verdict"] for one in document["findings"]}
    assert verdicts == {ACCOUNT: "PASS", OTHER: "INCONCLUSIVE"}
    assert {one["account_id"] for one in document["requests"]} == {OTHER}
    assert {one["account_id"]: one["status"] for one in document["population"]["accounts"]}[OTHER] == "missing"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param({"Id": int(OTHER), "Name": "dev"}, (OTHER,), id="a number"),
        pytest.param(
            {"Id": None, "Arn": f"arn:aws:organizations::{ACCOUNT}:account/o-abcdefghij/{OTHER}"},
            (OTHER,),
            id="its ARN",
        ),
        pytest.param({"Id": 4444, "Name": "dev"}, (), id="no account"),
        pytest.param([OTHER], (OTHER,), id="a list of its id"),
        pytest.param(OTHER, (OTHER,), id="its id alone"),
    ],
)
def test_an_entry_of_a_listing_that_cannot_be_used(tmp_path: Path, entry: Any, expected: tuple[str, ...]) -> None:
    files = textbook() | {f"{ACCOUNT}/organizations-list-accounts.json": {"Accounts": [{"Id": ACCOUNT}, entry]}}
    assert handed_in(tmp_path, files) == (ACCOUNT, *expected)


ARN = f"arn:aws:organizations::{ACCOUNT}:account/o-abcdefghij/{OTHER}"
TABLE = f"""-----------------------------------
|          ListAccounts           |
+---------------------------------+
||  Arn   |  {ARN}  ||
||  Email |  aws+777788889999@example.com  ||
||  Id    |  {OTHER}  ||
"""
TEXT = f"ACCOUNTS\t{ARN}\taws+777788889999@example.com\t{OTHER}\tINVITED\t1599000000.0\tdev\tACTIVE\n"
CUT = f'{{"Accounts": [{{"Id": "{OTHER}", "Arn": "{ARN}", "Email": "777788889999@example.com"}}, {{"Id": "66667777'


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("accounts.json", [OTHER]),
        ("accounts.json", [[OTHER, "dev"]]),
        ("accounts.json", [{"Account": OTHER, "Alias": "dev"}]),
        ("list-accounts.json", {"accounts": [{"id": OTHER, "arn": ARN}]}),
        ("all.json", {"organizations-list-accounts": [OTHER]}),
        ("organizations-list-accounts.txt", TEXT),
        ("organizations-list-accounts.txt", TABLE),
        ("organizations-list-accounts.txt", f"{OTHER}\tdev\n"),
        ("organizations-list-accounts.yaml", f"Accounts:\n- Arn: {ARN}\n  Id: '{OTHER}'\n"),
        ("organizations-list-accounts.json", CUT),
        ("export.txt", TEXT),
        ("export.txt", TABLE),
        ("export.json", CUT),
    ],
)
def test_whom_a_listing_names(tmp_path: Path, path: str, content: Any) -> None:
    assert handed_in(tmp_path, textbook() | {path: content}) == (ACCOUNT, OTHER)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("notes.txt", f"The auditors' own account {OTHER} was closed; see {ARN}.\n"),
        ("policy.json", {"Statement": [{"Resource": ARN, "Principal": {"AWS": OTHER}}]}),
        ("accounts.md", f"Do not ask {OTHER} for anything.\n"),
    ],
)
def test_who_is_merely_mentioned(tmp_path: Path, path: str, content: Any) -> None:
    assert handed_in(tmp_path, textbook() | {path: content}) == (ACCOUNT,)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"call": "logs:DescribeMetricFilters", "account_id": OTHER}, (OTHER,)),
        ({"call": "logs:DescribeMetricFilters", "caller_arn": f"arn:aws:sts::{OTHER}:assumed-role/a/b"}, (OTHER,)),
        ({"call": "sts:GetCallerIdentity", "account_id": OTHER, "error_code": "AccessDenied"}, (OTHER,)),
        ({"call": "sns:GetTopicAttributes", "account_id": OTHER, "caller_arn": f"arn:aws:iam::{ACCOUNT}:user/a"}, ()),
        ({"call": "logs:DescribeMetricFilters"}, ()),
    ],
    ids=["account", "caller", "refused", "topic asked by another", "nothing"],
)
def test_where_calls_were_made_whose_files_are_gone(
    tmp_path: Path, entry: dict[str, str], expected: tuple[str, ...]
) -> None:
    files = textbook() | {"captures.json": {"captures": [{"file": "gone.json", **entry}]}}
    assert set(handed_in(tmp_path, files)) == {ACCOUNT, *expected}


def test_t2_trails_show_whose_they_are(tmp_path: Path) -> None:
    from tests.textbook import trail

    own = trail(IsMultiRegionTrail=False) | {"TrailARN": f"arn:aws:cloudtrail:eu-west-1:{OTHER}:trail/main"}
    for name, listed, place in (
        ("own", [own], (OTHER, "eu-west-1")),
        ("multi", [own | {"IsMultiRegionTrail": True}], (OTHER, "")),
        ("organization", [own | {"IsOrganizationTrail": True}], ("", "")),
    ):
        found = load(open_bundle([write({"trails.json": {"trailList": listed}}, tmp_path / name)]))
        assert [(c.place.account_id, c.place.region) for c in found.captures] == [place], name


def test_an_empty_folder_of_an_account(tmp_path: Path) -> None:
    write(textbook(), tmp_path)
    for folder in (f"{OTHER}/{REGION}", "notes", f"{ACCOUNT}/eu-west-1"):
        (tmp_path / folder).mkdir(parents=True)
    evidence = load(open_bundle([tmp_path]))
    assert evidence.handed_in == (ACCOUNT, OTHER)
    assert [problem.file for problem in evidence.problems if problem.code == "empty-folder"] == [f"{OTHER}/{REGION}/"]


def test_t8_an_organisation_trail_proves_it(tmp_path: Path) -> None:
    from tests.textbook import trail

    own = trail(IsOrganizationTrail=True)
    item = {"Id": OTHER, "Name": "dev", "State": "ACTIVE",
            "Arn": f"arn:aws:organizations::{ACCOUNT}:account/o-abcdefghij/{OTHER}"}  # fmt: skip
    files = textbook(trails=[own]) | {
        f"{OTHER}/a.png": PNG, f"{ACCOUNT}/organizations-list-accounts.json": {"Accounts": [item]}
    }  # fmt: skip
    document = auditor.audit(write(files, tmp_path), controls=["ssm-actions"], frameworks=["iso27001-2022"]).document
    assert {one["account_id"]: one["verdict"] for one in document["findings"]}[OTHER] == "PASS"


def test_a_bundle_named_after_its_account(tmp_path: Path) -> None:
    filters = {"us-east-1/logs-describe-metric-filters.json": {"metricFilters": []}}
    found = load(open_bundle([write(filters, tmp_path / OTHER)]))
    assert found.handed_in == (OTHER,)
    assert [capture.place.account_id for capture in found.captures] == [OTHER]


@pytest.mark.parametrize("folder", ["444455556666", "4444-5555-6666", "4444 5555 6666", "4444.5555.6666"])
def test_an_empty_folder_of_an_account_in_an_archive(tmp_path: Path, folder: str) -> None:
    (tmp_path / "in").mkdir()
    entries = {f"{folder}/eu-west-1/": b"", f"{ACCOUNT}/us-east-1/x.json": b"{}", "notes/": b""}
    (tmp_path / "in" / "evidence.zip").write_bytes(zipped(entries))
    with tarfile.open(tmp_path / "in" / "more.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo(f"{folder.replace('6666', '7777')}/eu-west-1")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    named = load(open_bundle([tmp_path / "in"])).handed_in
    assert named == (ACCOUNT, "444455556666", "444455557777")


@pytest.mark.parametrize("folder", ["4444 5555 6666", "4444.5555.6666", "acme 4444.5555.6666"])
def test_ids_with_blanks_or_dots(tmp_path: Path, folder: str) -> None:
    assert handed_in(tmp_path, {f"{folder}/eu-west-1/x.png": b"\x89PNG"}) == ("444455556666",)


@pytest.mark.parametrize("name", [OTHER, ACCOUNT, "eu-west-1", "202609301015", f"{ACCOUNT}.zip"])
@pytest.mark.parametrize("region", [f"{REGION}/", ""])
def test_x8_a_folder_given_is_read_as_its_parent_given(tmp_path: Path, name: str, region: str) -> None:
    files = {region + path.partition(f"{REGION}/")[2]: content for path, content in textbook().items()}
    if name.endswith(".zip"):
        packed = zipped({path: json.dumps(content).encode() for path, content in files.items()})
        (tmp_path / name).write_bytes(packed)
    else:
        write(files, tmp_path / name)
    places = [
        [(capture.call.id, capture.place, capture.status) for capture in load(open_bundle([given])).captures]
        for given in (tmp_path, tmp_path / name)
    ]
    assert places[0] == places[1]


@pytest.mark.parametrize(
    ("path", "content", "codes"),
    [
        pytest.param("dev.tar.bz2", b"BZh91234", ["not-opened"], id="X9 of another kind"),
        pytest.param("dev.zip (1)", b"PK\x03\x041234", ["not-opened"], id="X9 called otherwise"),
        pytest.param("notes.xlsx", b"PK\x03\x041234", ["not-an-answer"], id="X9 an office document"),
        pytest.param("chart.png", PNG, [], id="X9 a picture"),
    ],
)
def test_an_archive_that_is_not_opened_is_told(tmp_path: Path, path: str, content: bytes, codes: list[str]) -> None:
    found = load(open_bundle([write(textbook() | {path: content}, tmp_path)]))
    assert [problem.code for problem in found.problems if problem.file == path] == codes
