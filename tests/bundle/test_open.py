"""Folders and archives as one sequence of members."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.bundle import BundleError, BundleReader, Limits, Member, open_bundle
from auditor.errors import AuditorError, Problem

FILES = {
    "111122223333/eu-west-1/alarms.json": b'{"MetricAlarms": []}',
    "111122223333/eu-west-1.json": b"{}",  # sorts before the folder of the same name
    ".DS_Store": b"\x00\x00\x00\x01Bud1",
    "README.md": b"# read me",
    "empty.json": b"",
    "Ä.json": b"{}",
}


def write_folder(where: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        file = where / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return where


def write_zip(where: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(where, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return where


def write_tar(where: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(where, "w:gz" if where.name.endswith(("gz", "tgz")) else "w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return where


def members(bundle: BundleReader) -> list[Member]:
    items = list(bundle.read())
    assert not [item for item in items if isinstance(item, Problem)]
    return [item for item in items if isinstance(item, Member)]


def contents(bundle: BundleReader) -> dict[str, bytes]:
    return {member.path: member.data for member in members(bundle)}


WRITERS: list[tuple[str, Callable[[Path, Mapping[str, bytes]], Path]]] = [
    ("folder", write_folder),
    ("b.zip", write_zip),
    ("B.ZIP", write_zip),
    ("b.tar", write_tar),
    ("b.tar.gz", write_tar),
    ("b.tgz", write_tar),
    ("without-ending", write_zip),
    ("without-ending", write_tar),
]


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_every_form_gives_the_same_members(
    tmp_path: Path, name: str, write: Callable[[Path, Mapping[str, bytes]], Path]
) -> None:
    bundle = open_bundle([write(tmp_path / name, FILES)])
    found = members(bundle)
    assert {member.path: member.data for member in found} == FILES
    assert [member.path for member in found] == sorted(FILES)
    assert bundle.name == name
    for member in found:
        assert member.sha256 == hashlib.sha256(FILES[member.path]).hexdigest()
        assert member.size == len(FILES[member.path])
        assert not member.compressed
    assert members(bundle) == found, "a second reading gives the same"


def test_the_digest_of_an_archive_is_that_of_its_file(tmp_path: Path) -> None:
    for path in (write_zip(tmp_path / "a.zip", FILES), write_tar(tmp_path / "a.tar.gz", FILES)):
        assert open_bundle([path]).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_of_a_folder_is_that_of_its_sorted_lines(tmp_path: Path) -> None:
    files = {"b.json": b"1", "a/c.json.gz": gzip.compress(b"{}")}
    folder = write_folder(tmp_path / "folder", files)
    archive = write_zip(folder / "z.zip", FILES)
    files["z.zip"] = archive.read_bytes()
    lines = sorted(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    assert open_bundle([folder]).sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_digest_of_several_inputs_is_that_of_their_sorted_lines(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder", FILES)
    archive = write_zip(tmp_path / "a.zip", FILES)
    bundle = open_bundle([folder, archive])
    digests = {"folder": open_bundle([folder]).sha256, "a.zip": open_bundle([archive]).sha256}
    lines = sorted(f"{digest}  {name}\n" for name, digest in digests.items())
    assert bundle.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert bundle.name == "a.zip and folder"


def test_several_inputs_are_told_apart_by_name_in_any_order(tmp_path: Path) -> None:
    first = write_folder(tmp_path / "q2" / "prod", {"a.json": b"1"})
    second = write_folder(tmp_path / "q3" / "prod", {"a.json": b"2"})
    archive = write_zip(tmp_path / "prod.zip", {"a.json": b"3"})
    bundle = open_bundle([archive, second, first, second])
    assert list(contents(bundle).items()) == [
        ("prod (2)/a.json", b"2"),
        ("prod.zip/a.json", b"3"),
        ("prod/a.json", b"1"),
    ]
    assert members(open_bundle([first, second, archive])) == members(bundle)


def test_archives_in_a_folder_are_read_and_archives_in_them(tmp_path: Path) -> None:
    deeper = write_zip(tmp_path / "deeper.zip", FILES).read_bytes()
    inner = write_zip(tmp_path / "inner.zip", {"deeper.tgz": deeper, "w.json": b"0"}).read_bytes()
    folder = tmp_path / "mailed"
    write_folder(folder, {"a.zip-notes": b"n", "sub/note.txt": b"n"})
    write_zip(folder / "a.zip", {"x.json": b"1", "inner.zip": inner})
    write_tar(folder / "sub" / "B.TGZ", {"y.json": b"2"})
    write_tar(folder / "sub" / "c.tar", {"z.json": b"3"})
    items = list(open_bundle([folder]).read())
    assert [item.path if isinstance(item, Member) else f"{item.file} {item.code}" for item in items] == [
        "a.zip-notes",
        "a.zip/inner.zip/deeper.tgz nested-archive",
        "a.zip/inner.zip/w.json",
        "a.zip/x.json",
        "sub/B.TGZ/y.json",
        "sub/c.tar/z.json",
        "sub/note.txt",
    ]


def test_gzip_members_are_unpacked_by_content_and_keep_their_stored_digest(tmp_path: Path) -> None:
    stored = gzip.compress(b'{"a": 1}') + gzip.compress(b"\n")
    for path in (
        write_folder(tmp_path / "folder", {"a.json": stored}),
        write_zip(tmp_path / "a.zip", {"a.json": stored}),
        write_tar(tmp_path / "a.tgz", {"a.json": stored}),
    ):
        (member,) = members(open_bundle([path]))
        assert member == Member("a.json", len(stored), hashlib.sha256(stored).hexdigest(), b'{"a": 1}\n', True)


def test_a_common_top_folder_stays(tmp_path: Path) -> None:
    assert list(contents(open_bundle([write_zip(tmp_path / "a.zip", {"bag/data/x": b""})]))) == ["bag/data/x"]


def test_names_differing_in_case_are_two_members(tmp_path: Path) -> None:
    assert set(contents(open_bundle([write_zip(tmp_path / "a.zip", {"A": b"", "a": b""})]))) == {"A", "a"}


def test_macos_writes_utf8_names_without_saying_so(tmp_path: Path) -> None:
    name = "Prüfung.json"
    path = write_zip(tmp_path / "a.zip", {"Pr__fung.json": b"{}"})
    path.write_bytes(path.read_bytes().replace(b"Pr__fung.json", name.encode()))
    assert list(contents(open_bundle([path]))) == [name]


def test_older_names_are_code_page_437(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"Pr_fung.json": b"{}"})
    path.write_bytes(path.read_bytes().replace(b"Pr_fung.json", "Prüfung.json".encode("cp437")))
    assert list(contents(open_bundle([path]))) == ["Prüfung.json"]


def test_long_names_of_tar(tmp_path: Path) -> None:
    name = "/".join(["x" * 150] * 3) + "/ü.json"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        path = tmp_path / f"{form}.tar"
        with tarfile.open(path, "w", format=form) as archive:
            entry = tarfile.TarInfo(name)
            entry.size = 2
            archive.addfile(entry, io.BytesIO(b"{}"))
        assert contents(open_bundle([path])) == {name: b"{}"}


def test_zip64_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("a.json", "w", force_zip64=True) as file:
        file.write(b"{}")
    assert contents(open_bundle([path])) == {"a.json": b"{}"}


def test_the_system_s_own_tar_and_its_unsorted_order(tmp_path: Path) -> None:
    files = {f"{number:03}/{number % 7}.json": os.urandom(700_000) for number in range(200, 0, -1)}
    path = write_tar(tmp_path / "big.tar", files)
    found = members(open_bundle([path]))
    assert [member.path for member in found] == sorted(files)
    assert all(files[member.path] == member.data for member in found)


NO_BUNDLES: list[tuple[str, Callable[[Path], object], str]] = [
    ("missing", lambda path: None, "there is no such file or folder"),
    ("empty", lambda path: path.mkdir(), "the folder is empty"),
    ("hollow", lambda path: (path / "a" / "b").mkdir(parents=True), "the folder is empty"),
    ("alarms.json", lambda path: path.write_bytes(b"{}"), "is not a bundle"),
    ("notes", lambda path: path.write_bytes(b""), "is not a bundle"),
    ("a.zip", lambda path: path.write_bytes(b""), "the zip archive cannot be read"),
    ("b.zip", lambda path: path.write_bytes(b"PK\x03\x04 cut short"), "the zip archive cannot be read"),
    ("c.zip", lambda path: write_zip(path, {}), "the archive holds no file"),
    ("d.zip", lambda path: write_zip(path, {"folder/": b""}), "the archive holds no file"),
    ("a.tar", lambda path: path.write_bytes(b"no tar at all" * 99), "the tar archive is damaged"),
    ("b.tar.gz", lambda path: path.write_bytes(gzip.compress(b"{}")), "the tar archive is damaged"),
    ("c.tgz", lambda path: path.write_bytes(b"\x1f\x8b cut short"), "the tar archive is damaged"),
    ("d.tar", lambda path: write_tar(path, {}), "the archive holds no file"),
    ("pipe", os.mkfifo, "is not a bundle"),
    ("loop", lambda path: path.symlink_to(path), "no such file|cannot be opened"),
    ("too-long-a-name" * 40, lambda path: None, "cannot be opened"),
    ("zero\0byte", lambda path: None, "no such file|cannot be opened"),
]


@pytest.mark.parametrize(("name", "make", "says"), NO_BUNDLES, ids=[case[0][:20] for case in NO_BUNDLES])
def test_what_is_no_bundle_is_refused_in_one_line(
    tmp_path: Path, name: str, make: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(BundleError, match=says) as caught:
        open_bundle([path])
    assert str(caught.value).isprintable()
    assert caught.value.problem.file.startswith(str(tmp_path))
    assert caught.value.problem.remedy
    assert isinstance(caught.value, AuditorError)


@pytest.mark.parametrize("paths", [[], [""]])
def test_nothing_given_is_refused(paths: list[str]) -> None:
    with pytest.raises(BundleError):
        open_bundle(paths)


def test_an_unreadable_file_costs_nothing_but_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path / "folder", {"a.json": b"1", "b.json": b"2", "c/d.json": b"3"})
    really_open, really_scan = os.open, os.scandir

    def refuse_b(path: str, flags: int) -> int:
        if path.endswith("b.json"):
            raise PermissionError(13, "Permission denied")
        return really_open(path, flags)

    def refuse_c(path: str) -> object:
        if path.endswith("c"):
            raise PermissionError(13, "Permission denied")
        return really_scan(path)

    bundle = open_bundle([folder])
    monkeypatch.setattr(os, "open", refuse_b)
    monkeypatch.setattr(os, "scandir", refuse_c)
    items = list(bundle.read())
    assert [item.path if isinstance(item, Member) else f"{item.file} {item.code}" for item in items] == [
        "a.json",
        "b.json unreadable-file",
        "c/ unreadable-file",
    ]


def test_a_folder_out_of_reach_at_the_top_is_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(BundleError, match="cannot be opened: Permission denied"):
        open_bundle([tmp_path])


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path / "folder", {"a.json": b"1" * 10})
    really_read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: really_read(descriptor, min(size, 3)))
    assert contents(open_bundle([folder])) == {"a.json": b"1" * 10}


def test_too_much_content_ends_the_reading_with_a_problem(tmp_path: Path) -> None:
    files = {f"{number}.json": b"x" * 100 for number in range(5)}
    for path in (
        write_folder(tmp_path / "folder", files),
        write_zip(tmp_path / "a.zip", files),
        write_tar(tmp_path / "a.tar", files),
    ):
        *read, problem = open_bundle([path], Limits(total_bytes=350)).read()
        assert isinstance(problem, Problem)
        assert problem.file == "3.json"
        assert "the bundle has more than 350 bytes of content" in problem.problem
        assert [item.path for item in read if isinstance(item, Member)] == ["0.json", "1.json", "2.json"]


def test_too_many_files_end_the_reading_with_a_problem(tmp_path: Path) -> None:
    files = {f"{number}.json": b"" for number in range(5)}
    folder = write_folder(tmp_path / "folder", files)
    (problem,) = open_bundle([folder], Limits(members=4)).read()
    assert isinstance(problem, Problem)
    assert "the folder has more than 4 files" in problem.problem
    others = tmp_path / "others"
    write_folder(others, {"z.json": b"{}"})
    write_zip(others / "a.zip", files)
    write_tar(others / "b.tar", files)
    items = list(open_bundle([others], Limits(members=4)).read())
    codes = [(item.file, item.code) for item in items if isinstance(item, Problem)]
    assert codes[:2] == [("a.zip", "archive-too-large"), ("b.tar", "archive-too-large")]
    with pytest.raises(BundleError, match="the archive has more than 4 files"):
        open_bundle([others / "a.zip"], Limits(members=4))


def test_a_member_past_the_limit_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = {"a.json": b"1", "b.json": b"x" * 101, "c.json": b"2"}
    limits = Limits(member_bytes=100)
    for path in (
        write_folder(tmp_path / "folder", files),
        write_zip(tmp_path / "a.zip", files),
        write_tar(tmp_path / "a.tar.gz", files),
    ):
        items = list(open_bundle([path], limits).read())
        assert [item.path if isinstance(item, Member) else item.code for item in items] == [
            "a.json",
            "member-too-large",
            "c.json",
        ]
    lines = sorted(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    folder = open_bundle([tmp_path / "folder"], limits)
    assert folder.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest(), "its digest counts all the same"


part = st.text(st.sampled_from("ab-._é"), min_size=1, max_size=3).filter(lambda text: text.strip("."))
trees = st.dictionaries(st.lists(part, min_size=1, max_size=3).map("/".join), st.binary(max_size=50), min_size=1)


def _consistent(files: Mapping[str, bytes]) -> bool:
    return not any(other.startswith(name + "/") for name in files for other in files)


@given(trees.filter(_consistent))
@settings(max_examples=50)
def test_law_the_container_does_not_matter(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    where = tmp_path_factory.mktemp("law")
    from_folder = list(open_bundle([write_folder(where / "folder", files)]).read())
    for path in (write_zip(where / "a.zip", files), write_tar(where / "a.tgz", files)):
        assert list(open_bundle([path]).read()) == from_folder
