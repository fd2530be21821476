"""Sealed copies: what stands in them, that others read them, and that nothing is sealed by halves."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import bagit
import pytest

from auditor.bundle import Member, open_bundle
from auditor.errors import AuditorError
from auditor.seal import default_out, seal
from tests.bundle.test_open import write_tar, write_zip
from tests.seal.bags import FILES, differences, record, sealed, seals, write

NOTHING: dict[str, list[str]] = {"altered": [], "missing": [], "added": []}


def test_a_sealed_folder_is_a_bag_for_other_tools(tmp_path: Path) -> None:
    bag = sealed(tmp_path)
    assert bagit.Bag(str(bag)).validate()
    assert {path.name for path in bag.iterdir()} == {
        "bag-info.txt", "bagit.txt", "captures.json", "data", "manifest-sha256.txt", "manifest-sha512.txt",
        "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    }  # fmt: skip
    assert {path.relative_to(bag / "data").as_posix() for path in (bag / "data").rglob("*") if path.is_file()} == {
        *FILES
    }


@pytest.mark.parametrize("algorithms", [["md5"], ["sha1"], ["sha256", "sha512"], ["md5", "sha3_256"]])
def test_a_bag_of_another_tool_is_verified(tmp_path: Path, algorithms: list[str]) -> None:
    bag = write(tmp_path / "bag", {**FILES, "two\nlines.json": b"{}", "Ä 50%.json": b"{}"})
    bagit.make_bag(str(bag), checksums=algorithms)
    assert seals(bag).intact
    assert differences(bag) == NOTHING
    (bag / "data" / "Ä 50%.json").write_bytes(b"[]")
    assert differences(bag) == NOTHING | {"altered": ["data/Ä 50%.json"]}


@pytest.mark.parametrize("out", ["bag", "bag.zip"])
def test_names_are_encoded_as_the_format_says(tmp_path: Path, out: str) -> None:
    files = {"50%.json": b"{}", "two\nlines\r.json": b"[]", "Ä/ü.json": b"1", "%0A.json": b"2", " blank .json": b"3"}
    seal(write(tmp_path / "in", files), tmp_path / out)
    assert seals(tmp_path / out).intact
    assert differences(tmp_path / out) == NOTHING
    if out == "bag":
        manifest = (tmp_path / out / "manifest-sha256.txt").read_text(encoding="utf-8")
        for line in ("data/50%25.json", "data/two%0Alines%0D.json", "data/Ä/ü.json", "data/%250A.json"):
            assert f"  {line}\n" in manifest


def test_the_same_bundle_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a" / "in"), write(tmp_path / "b" / "in")
    os.utime(second / "notes.txt", (0, 0))
    for folder in (first, second):
        seal(folder, folder.parent / "bag.zip")
    assert (tmp_path / "a" / "bag.zip").read_bytes() == (tmp_path / "b" / "bag.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a" / "bag.zip") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"bag"}


@pytest.mark.parametrize("name", ["in.zip", "in.tar.gz"])
def test_an_archive_is_sealed_as_the_folder_that_it_holds(tmp_path: Path, name: str) -> None:
    source = (write_zip if name.endswith("zip") else write_tar)(tmp_path / name, FILES)
    before = source.read_bytes()
    seal(source, tmp_path / "bag")
    assert source.read_bytes() == before
    assert (tmp_path / "bag" / "data" / "notes.txt").read_bytes() == FILES["notes.txt"]
    assert default_out(source) == Path("in-sealed.zip")


def test_archives_in_a_folder_stay_as_they_were_sent(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"notes.txt": b"x", "broken.zip": b"no zip"})
    write_zip(folder / "prod.zip", FILES)
    assert default_out(folder) == Path("in-sealed")
    with pytest.raises(AuditorError, match=r"too deep.*--out"):
        seal(folder, tmp_path / "bag.zip")
    seal(folder, tmp_path / "bag")
    assert (tmp_path / "bag" / "data" / "prod.zip").read_bytes() == (folder / "prod.zip").read_bytes()
    assert seals(tmp_path / "bag").intact


def test_archives_in_an_archive_stay_as_they_were_sent_and_are_read(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "prod.zip", FILES).read_bytes()
    source = write_zip(tmp_path / "in.zip", {"prod.zip": inner, "notes.txt": b"x"})
    seal(source, tmp_path / "bag.zip")
    assert seals(tmp_path / "bag.zip").intact
    with zipfile.ZipFile(tmp_path / "bag.zip") as archive:
        assert archive.read("bag/data/prod.zip") == inner
        assert len([name for name in archive.namelist() if "/data/" in name]) == 2
    read = [item.path for item in open_bundle([tmp_path / "bag.zip"]).read() if isinstance(item, Member)]
    assert {f"bag/data/prod.zip/{name}" for name in FILES} < set(read)


def test_the_clients_own_record_is_the_bags_record(tmp_path: Path) -> None:
    name = "111122223333/eu-west-1/sns-list-topics.json"
    entry = {"file": f"./{name}", "call": "sns:ListTopics", "arguments": []}
    bag = sealed(tmp_path, {**FILES, "captures.json": record(entry, {"file": "no-call.json"})})
    held = json.loads((bag / "captures.json").read_bytes())
    assert held == {"captures": [{"file": f"data/{name}", "call": "sns:ListTopics", "arguments": []}]}


def test_a_name_that_is_an_account_stays_above_its_files(tmp_path: Path) -> None:
    bag = sealed(tmp_path, name="111122223333")
    assert (bag / "data" / "111122223333-source" / "notes.txt").exists()


def test_links_are_left_out_and_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "in")
    (folder / "link.json").symlink_to("notes.txt")
    copy = seal(folder, tmp_path / "bag")
    assert [problem.file for problem in copy.left_out] == ["link.json"]
    assert copy.files == len(FILES)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / os.fsdecode(b"caf\xe9.json")).write_bytes(b"{}"), "no UTF-8"),
        (lambda folder: write_zip(folder / "in.zip", {"a.json": b"{}", "b/../a.json": b"{}"}), "climbs out"),
    ],
)
def test_what_cannot_be_copied_whole_is_refused(tmp_path: Path, spoil: object, says: str) -> None:
    folder = write(tmp_path / "in")
    made = spoil(folder)  # type: ignore[operator]
    source = made if isinstance(made, Path) else folder
    with pytest.raises(AuditorError, match=says):
        seal(source, tmp_path / "bag")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    bag = sealed(tmp_path)
    with pytest.raises(AuditorError, match="exists already"):
        seal(write(tmp_path / "other", {"a": b"b"}), bag)
    assert seals(bag).intact
