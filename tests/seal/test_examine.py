"""Bags held against their manifests: each change is named, each fault is one line."""

from __future__ import annotations

import encodings
import hashlib
import pkgutil
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.seal.tags import read_declaration, tag_text
from tests.seal.bags import FILES, differences, own_bag, sealed, seals, write, zipped

ALARMS = "data/111122223333/eu-west-1/cloudwatch-describe-alarms.json"
Change = Callable[[Path], object]


def append(name: str, data: bytes) -> Change:
    return lambda bag: (bag / name).write_bytes((bag / name).read_bytes() + data)


def cut(name: str, end: int) -> Change:
    return lambda bag: (bag / name).write_bytes((bag / name).read_bytes()[:end])


def new(name: str, data: bytes = b"{}") -> Change:
    return lambda bag: write(bag, {name: data})


def gone(name: str) -> Change:
    return lambda bag: (bag / name).unlink()


# What is done to a sealed folder; altered, missing, added; what a problem says ("": there is none).
CHANGES: dict[str, tuple[Change, list[str], list[str], list[str], str]] = {
    "one byte more": (append(ALARMS, b" "), [ALARMS], [], [], "Payload-Oxum"),
    "other bytes of one length": (new(ALARMS, b'{"MetricAlarms": {}}'), [ALARMS], [], [], ""),
    "a file lost": (gone(ALARMS), [], [ALARMS], [], "Payload-Oxum"),
    "a file added": (new("data/more.json"), [], [], ["data/more.json"], "Payload-Oxum"),
    "a file beside data": (new("beside.json"), [], [], ["beside.json"], ""),
    "a link added": (lambda bag: (bag / "data/l.json").symlink_to("notes.txt"), [], [], ["data/l.json"], "link"),
    "the record": (append("captures.json", b" "), ["captures.json"], [], [], ""),
    "the declaration lost": (gone("bagit.txt"), [], ["bagit.txt"], [], ""),
    "a count of no digits": (append("bag-info.txt", b"Payload-Oxum: \xb2.\xb2\n"), ["bag-info.txt"], [], [], "Oxum"),
    "a count of twos": (append("bag-info.txt", "Payload-Oxum: ².²\n".encode()), ["bag-info.txt"], [], [], "Oxum"),
    "a count too long": (append("bag-info.txt", b"Payload-Oxum: 1.%05000d\n" % 1), ["bag-info.txt"], [], [], "Oxum"),
    "bag-info lost": (gone("bag-info.txt"), [], ["bag-info.txt"], [], ""),
    "a manifest lost": (gone("manifest-sha256.txt"), [], ["manifest-sha256.txt"], [], ""),
    "both manifests lost": (
        lambda bag: [gone("manifest-sha256.txt")(bag), gone("manifest-sha512.txt")(bag)],
        [], ["manifest-sha256.txt", "manifest-sha512.txt"], [], "has no manifest",
    ),
    "a manifest cut in a digest": (cut("manifest-sha256.txt", 40), ["manifest-sha256.txt"], [], [], "line 1"),
    "a manifest cut in a path": (
        cut("manifest-sha256.txt", 80), ["manifest-sha256.txt"], ["data/111122223"], [], "does not list",
    ),
    "a manifest of other bytes": (
        append("manifest-sha512.txt", b"\xff\xfe\n"), ["manifest-sha512.txt"], [], [], "no UTF-8",
    ),
    "a manifest out of the bag": (
        append("manifest-sha256.txt", b"0" * 64 + b"  data/../../etc/passwd\n"),
        ["manifest-sha256.txt"], [], [], "outside the bag",
    ),
    "an absolute path": (
        append("manifest-sha256.txt", b"0" * 64 + b"  /etc/passwd\n"),
        ["manifest-sha256.txt"], [], [], "outside the bag",
    ),
    "a manifest of tag files": (
        append("manifest-sha256.txt", b"0" * 64 + b"  bagit.txt\n"),
        ["manifest-sha256.txt"], [], [], "does not lie under data/",
    ),
    "files to fetch": (new("fetch.txt", b"http://x 1 data/y"), [], [], ["fetch.txt"], "never done"),
    "an unknown digest": (new("manifest-crc32.txt", b"00 data/x"), [], [], ["manifest-crc32.txt"], "not known"),
    "a tagmanifest of another kind": (
        new("tagmanifest-md5.txt", b"0" * 32 + b"  bagit.txt\n"), ["bagit.txt"], [], [], "",
    ),
    "all gone": (lambda bag: shutil.rmtree(bag / "data"), [], [f"data/{name}" for name in sorted(FILES)], [], "Oxum"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_named(tmp_path: Path, change: str) -> None:
    do, altered, missing, added, says = CHANGES[change]
    bag = sealed(tmp_path)
    assert seals(bag).intact
    do(bag)
    assert differences(bag) == {"altered": altered, "missing": missing, "added": added}
    assert not seals(bag).intact
    told = [problem.line() for problem in seals(bag).problems]
    assert all("\n" not in line for line in told)
    assert any(says in line for line in told) if says else not told, told


def test_a_zip_says_the_same_and_what_lies_beside_the_bag(tmp_path: Path) -> None:
    bag = sealed(tmp_path)
    append(ALARMS, b" ")(bag)
    archive = zipped(bag)
    assert differences(archive) == {"altered": [f"bag/{ALARMS}"], "missing": [], "added": []}
    loose = zipped(bag.rename(tmp_path / "moved"), top="")
    assert differences(loose) == {"altered": [ALARMS], "missing": [], "added": []}


def test_a_file_beside_the_bag_in_its_archive_was_added(tmp_path: Path) -> None:
    whole = tmp_path / "all"
    sealed(tmp_path).rename(write(whole, {"evil.json": b"{}"}) / "bag")
    states = seals(zipped(whole, top=""))
    assert states.beside == {"evil.json"}
    assert not states.intact
    assert seals(whole).outside == ("evil.json",)
    assert seals(whole).intact, "in a folder it is a file that nobody sealed"


def test_several_bags_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "received"
    folder.mkdir()
    for name in ("prod", "dev"):
        zipped(sealed(tmp_path, name=name)).rename(folder / f"{name}.zip")
    assert seals(folder).intact
    assert [bag.root for bag in seals(folder).bags] == ["dev.zip/bag/", "prod.zip/bag/"]
    broken = sealed(tmp_path, name="third")
    append(ALARMS, b" ")(broken)
    zipped(broken).rename(folder / "third.zip")
    assert differences(folder)["altered"] == [f"third.zip/bag/{ALARMS}"]


def test_an_inner_bag_is_verified_by_its_own_manifests(tmp_path: Path) -> None:
    inner = sealed(tmp_path, name="inner")
    append(ALARMS, b" ")(inner)
    files = {path.relative_to(inner).as_posix(): path.read_bytes() for path in inner.rglob("*") if path.is_file()}
    outer = sealed(tmp_path, files, name="outer")
    assert differences(outer)["altered"] == [f"data/{ALARMS}"]


@pytest.mark.parametrize(
    ("version", "line", "intact"),
    [("1.0", "data/50%25.json", True), ("0.97", "data/50%.json", True), ("1.0", "data/50%.json", True),
     ("0.97", "data/50%25.json", False)],
)  # fmt: skip
def test_percent_is_encoded_since_version_1(tmp_path: Path, version: str, line: str, intact: bool) -> None:
    bag = own_bag(tmp_path / "bag", {"50%.json": b"{}"}, version=version)
    (bag / "manifest-sha256.txt").write_text(f"{hashlib.sha256(b'{}').hexdigest()} *{line}\r\n")
    assert seals(bag).intact is intact


def test_names_are_compared_however_they_are_composed(tmp_path: Path) -> None:
    bag = own_bag(tmp_path / "bag", {"A\u0308.json": b"{}"})
    (bag / "manifest-sha256.txt").write_text(f"{hashlib.sha256(b'{}').hexdigest()}  data/Ä.json\n", encoding="utf-8")
    assert seals(bag).intact


def test_another_encoding_is_read_as_declared(tmp_path: Path) -> None:
    bag = own_bag(tmp_path / "bag", {"Ä.json": b"{}"})
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: ISO-8859-1\n")
    assert not seals(bag).intact
    (bag / "manifest-sha256.txt").write_text(f"{hashlib.sha256(b'{}').hexdigest()}  data/Ä.json\n", "latin-1")
    assert seals(bag).intact


@pytest.mark.parametrize(
    "encoding", ["rot13", "zlib", "idna", "punycode", "unicode_escape", "undefined", "\0", "x" * 9_999]
)
def test_what_is_no_character_set_is_not_known(tmp_path: Path, encoding: str) -> None:
    bag = own_bag(tmp_path / "bag", FILES)
    (bag / "bagit.txt").write_text(f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n")
    (bag / "bag-info.txt").write_bytes(b"Source-Organization: \xff.a\n")
    assert any("not known" in problem.line() for problem in seals(bag).problems)


@pytest.mark.long
def test_any_codec_of_python_is_used_or_not_known() -> None:
    for module in pkgutil.iter_modules(encodings.__path__):
        declared = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {module.name}\n".encode()
        declaration, _ = read_declaration(declared)
        for text in (bytes(range(256)), b"\xff", b"+AGE-\xff", b"\xfe\xff\xd8"):
            assert isinstance(tag_text(text, declaration.encoding)[0], str)


def test_a_bag_without_tagmanifest_is_one(tmp_path: Path) -> None:
    bag = own_bag(tmp_path / "bag", FILES)
    assert seals(bag).intact
    write(bag, {"beside.json": b"{}"})
    assert differences(bag)["added"] == ["beside.json"]


def test_weak_digests_are_said(tmp_path: Path) -> None:
    bag = own_bag(tmp_path / "bag", FILES, "md5")
    assert seals(bag).intact
    assert [problem.code for problem in seals(bag).problems] == ["weak-digest"]


def test_a_forged_manifest_proves_nothing(tmp_path: Path) -> None:
    """Who alters a file and both manifests, and forgets the tagmanifests, proves no file of the payload."""
    bag = sealed(tmp_path)
    data = b'{"MetricAlarms": [ ]}'
    (bag / ALARMS).write_bytes(data)
    for algorithm in ("sha256", "sha512"):
        manifest = bag / f"manifest-{algorithm}.txt"
        old = hashlib.new(algorithm, FILES[ALARMS.removeprefix("data/")]).hexdigest()
        manifest.write_text(manifest.read_text().replace(old, hashlib.new(algorithm, data).hexdigest()))
    states = seals(bag)
    assert states.of_state("altered") == ("manifest-sha256.txt", "manifest-sha512.txt")
    assert set(states.of_state("unproved")) == {f"data/{name}" for name in FILES}


def test_one_forged_manifest_leaves_the_other(tmp_path: Path) -> None:
    bag = sealed(tmp_path)
    append("manifest-sha256.txt", b"\n")(bag)
    states = seals(bag)
    assert states.of_state("altered") == ("manifest-sha256.txt",)
    assert states.of_state("unproved") == ()
