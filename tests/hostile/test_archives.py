"""Archives made to harm: each costs at most itself; its neighbours are read, quickly and in little memory."""

from __future__ import annotations

import gzip
import random
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.bundle import Member, open_bundle
from tests.hostile.packing import AFTER, GOOD, MEBIBYTE, block, in_zip, patched, pax, read_beside_neighbours


def zip_link() -> bytes:
    link = zipfile.ZipInfo("a.json")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return in_zip((link, b"/etc/passwd"), ("b.json", GOOD))


def zip_twice(first: str, second: str) -> bytes:
    """Two entries of names that are the same; ``zipfile`` itself would warn of them."""
    placeholder = "x" * len(second)
    return in_zip((first, b"1"), (placeholder, b"2"), ("b.json", GOOD)).replace(placeholder.encode(), second.encode())


def two() -> bytes:
    return in_zip(("a.json", GOOD), ("b.json", GOOD))


BOMB = bytes(40 * MEBIBYTE)
ZIPS: list[tuple[str, Callable[[], bytes], list[str]]] = [
    ("a bomb", lambda: in_zip(("a.json", BOMB), ("b.json", GOOD)), ["a.json: member-too-large", "b.json"]),
    (
        "a gzip bomb inside",
        lambda: in_zip(("a.json", gzip.compress(BOMB)), ("b.json", GOOD)),
        ["a.json: member-too-large", "b.json"],
    ),
    ("an archive inside", lambda: in_zip(("a.zip", two())), ["a.zip/a.json", "a.zip/b.json"]),
    (
        "an archive inside an archive inside",
        lambda: in_zip(("a.zip", in_zip(("a.zip", two()), ("c.json", GOOD)))),
        ["a.zip/a.zip: nested-archive", "a.zip/c.json"],
    ),
    ("an archive inside that is none", lambda: in_zip(("a.zip", GOOD)), ["a.zip: damaged-archive"]),
    (
        "an archive inside, cut",
        lambda: in_zip(("a.zip", two()[:-30]), ("b.json", GOOD)),
        ["a.zip/a.json: damaged-member", "a.zip/b.json: damaged-member", "a.zip: damaged-archive", "b.json"],
    ),
    (
        "an archive inside with names that climb",
        lambda: in_zip(("a.zip", in_zip(("../../b.json", GOOD), ("/c.json", GOOD), ("d.json", GOOD)))),
        ["a.zip/../../b.json: unsafe-path", "a.zip//c.json: unsafe-path", "a.zip/d.json"],
    ),
    (
        "an archive inside, encrypted",
        lambda: in_zip(("a.zip", patched(two(), {6: b"\1"}, {8: b"\1"}))),
        ["a.zip/a.json: encrypted", "a.zip/b.json"],
    ),
    (
        "an archive inside, twice",
        lambda: in_zip(("a.zip", two()), ("x.zip", two())).replace(b"x.zip", b"a.zip"),
        ["a.zip: duplicate-name"],
    ),
    (
        "an archive inside, and its files beside it",
        lambda: in_zip(("a.zip", two()), ("a.zip/a.json", b"{}"), ("b.json", GOOD)),
        ["a.zip: duplicate-name", "a.zip/a.json", "b.json"],
    ),
    (
        "an archive inside that unpacks to itself",
        lambda: in_zip(("a.zip", two()), ("b.zip", BOMB)),
        ["a.zip/a.json", "a.zip/b.json", "b.zip: member-too-large"],
    ),
    ("a link", zip_link, ["a.json: not-a-file", "b.json"]),
    ("a name that climbs", lambda: in_zip(("../a.json", GOOD), ("b.json", GOOD)), ["../a.json: unsafe-path", "b.json"]),
    ("an absolute name", lambda: in_zip(("/a.json", GOOD), ("b.json", GOOD)), ["/a.json: unsafe-path", "b.json"]),
    ("a drive", lambda: in_zip(("C:\\a.json", GOOD), ("b.json", GOOD)), ["C:/a.json: unsafe-path", "b.json"]),
    ("backslashes", lambda: in_zip(("x\\a.json", GOOD), ("b.json", GOOD)), ["b.json", "x/a.json"]),
    (
        "a zero byte in a name",
        lambda: two().replace(b"a.json", b"a\0json"),
        ["a\\x00json: unsafe-path", "b.json"],
    ),
    ("an escape code in a name", lambda: in_zip(("\x1b[2J.json", GOOD)), ["\\x1b[2J.json"]),
    ("the same name twice", lambda: zip_twice("a.json", "a.json"), ["a.json: duplicate-name", "b.json"]),
    ("the same path twice", lambda: zip_twice("x/a.json", "x\\a.json"), ["b.json", "x/a.json: duplicate-name"]),
    ("an encrypted entry", lambda: patched(two(), {6: b"\1"}, {8: b"\1"}), ["a.json: encrypted", "b.json"]),
    ("an unknown method", lambda: patched(two(), {8: b"\x63"}, {10: b"\x63"}), ["a.json: zip-method", "b.json"]),
    (
        "a method that takes any memory",
        lambda: in_zip(("a.json", GOOD), method=zipfile.ZIP_LZMA),
        ["a.json: zip-method"],
    ),
    ("another checksum", lambda: patched(two(), {}, {16: b"\0\0\0\0"}), ["a.json: damaged-member", "b.json"]),
    (
        "a size too small",
        lambda: patched(two(), {}, {24: struct.pack("<L", 5)}),
        ["a.json: damaged-member", "b.json"],
    ),
    (
        "a size too large",
        lambda: patched(two(), {}, {24: struct.pack("<L", 99)}),
        ["a.json: damaged-member", "b.json"],
    ),
    (
        "a size of gigabytes",
        lambda: patched(two(), {}, {24: struct.pack("<L", 0xFFFFFFF0)}),
        ["a.json: member-too-large", "b.json"],
    ),
    (
        "a compressed size of gigabytes",
        lambda: patched(two(), {}, {20: struct.pack("<L", 0xFFFFFFF0)}),
        ["a.json: damaged-member", "b.json"],
    ),
    (
        "another name in the local header",
        lambda: patched(two(), {30: b"c.json"}, {}),
        ["a.json: damaged-member", "b.json"],
    ),
    (
        "an entry beyond the end",
        lambda: patched(two(), {}, {42: struct.pack("<L", 0x7FFFFFFF)}),
        ["a.json: damaged-member", "b.json"],
    ),
    (
        "two entries of the same bytes",
        lambda: patched(two(), {}, {42: struct.pack("<L", two().rindex(b"PK\x03\x04"))}),
        ["a.json: damaged-member", "b.json: damaged-member"],
    ),
    ("bytes before it", lambda: b"#!/bin/sh\nexit\n" + two(), ["a.json", "b.json"]),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("make", "expected"), [case[1:] for case in ZIPS], ids=[case[0] for case in ZIPS])
def test_a_zip_made_to_harm_costs_only_itself(tmp_path: Path, make: Callable[[], bytes], expected: list[str]) -> None:
    found = read_beside_neighbours(tmp_path, "bad.zip", make())
    assert found == [f"bad.zip/{line}" for line in expected]


@pytest.mark.timeout(60)
def test_many_small_bombs_leave_room_for_the_rest(tmp_path: Path) -> None:
    bombs = [(f"{number:03}.json", bytes(MEBIBYTE)) for number in range(150)]
    found = read_beside_neighbours(tmp_path, "bad.zip", in_zip(*bombs, ("b.json", GOOD)))
    refused = [line for line in found if line.endswith(": member-too-large")]
    assert found[-1] == "bad.zip/b.json"
    assert len(found) == 151
    assert 40 < len(refused) < 60


WHOLE = [
    ("bad.zip", b"", "damaged-archive"),
    ("bad.zip", b"PK\x05\x06", "damaged-archive"),
    ("bad.zip", GOOD, "damaged-archive"),
    ("bad.tar", b"", "damaged-archive"),
    ("bad.tar", GOOD * 99, "damaged-archive"),
    ("bad.tgz", b"\x1f\x8b\x08", "damaged-archive"),
    ("bad.tar.gz", gzip.compress(GOOD), "damaged-archive"),
    ("bad.tar.gz", b"\x1f\x8b" + bytes(100), "damaged-archive"),
]


@pytest.mark.parametrize(("name", "data", "code"), WHOLE, ids=range(len(WHOLE)))
def test_an_archive_without_a_way_in_is_one_problem(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    assert read_beside_neighbours(tmp_path, name, data) == [f"{name}: {code}"]


# Zip archives without a way in, of which the names can be read.
NAMES_ALONE = [
    two()[:-30],
    two()[:120],
    two().replace(b"PK\x01\x02", b"PK\x01\x03"),
    patched(two(), {}, {6: b"\xff"}),  # a zip version nobody knows
    patched(two(), {}, {8: b"\x00\x08", 46: b"\xff"}),  # no UTF-8, though it says so
]


@pytest.mark.parametrize("data", NAMES_ALONE, ids=range(len(NAMES_ALONE)))
def test_of_a_zip_without_a_way_in_the_names_are_told(tmp_path: Path, data: bytes) -> None:
    lost = [f"bad.zip/{name}.json: damaged-member" for name in ("a", "b")]
    assert read_beside_neighbours(tmp_path, "bad.zip", data) == [*lost, "bad.zip: damaged-archive"]


def test_names_that_climb_out_of_a_cut_zip_are_refused(tmp_path: Path) -> None:
    data = in_zip(("../../b.json", GOOD), ("d.json", GOOD))[:-30]
    assert read_beside_neighbours(tmp_path, "bad.zip", data) == [
        "bad.zip/../../b.json: unsafe-path", "bad.zip/d.json: damaged-member", "bad.zip: damaged-archive",
    ]  # fmt: skip


TARS: list[tuple[str, Callable[[], bytes], list[str]]] = [
    ("a symbolic link", lambda: block("a", kind=tarfile.SYMTYPE) + AFTER, ["a: not-a-file", "b.json"]),
    ("a hard link", lambda: block("a", kind=tarfile.LNKTYPE) + AFTER, ["a: not-a-file", "b.json"]),
    ("a pipe", lambda: block("a", kind=tarfile.FIFOTYPE) + AFTER, ["a: not-a-file", "b.json"]),
    ("a character device", lambda: block("a", kind=tarfile.CHRTYPE) + AFTER, ["a: not-a-file", "b.json"]),
    ("a block device", lambda: block("a", kind=tarfile.BLKTYPE) + AFTER, ["a: not-a-file", "b.json"]),
    ("an unknown kind", lambda: block("a", kind=b"Z") + AFTER, ["a: not-a-file", "b.json"]),
    ("holes", lambda: block("a", kind=tarfile.GNUTYPE_SPARSE) + AFTER, ["a: not-a-file", "b.json"]),
    ("a folder", lambda: block("a/", kind=tarfile.DIRTYPE) + AFTER, ["b.json"]),
    ("a name that climbs", lambda: block("../a", GOOD) + AFTER, ["../a: unsafe-path", "b.json"]),
    ("an absolute name", lambda: block("/a", GOOD) + AFTER, ["/a: unsafe-path", "b.json"]),
    (
        "a climbing pax name",
        lambda: pax(path="x/../../a") + block("a", GOOD) + AFTER,
        ["b.json", "x/../../a: unsafe-path"],
    ),
    ("the same name twice", lambda: block("a", b"1") + block("a", b"2") + AFTER, ["a: duplicate-name", "b.json"]),
    ("an archive inside", lambda: block("a.zip", two()) + AFTER, ["a.zip/a.json", "a.zip/b.json", "b.json"]),
    ("a tar inside", lambda: block("a.tgz", gzip.compress(AFTER)) + AFTER, ["a.tgz/b.json", "b.json"]),
    ("an archive inside that is none", lambda: block("a.tgz", GOOD) + AFTER, ["a.tgz: damaged-archive", "b.json"]),
    (
        "an archive inside an archive inside",
        lambda: block("a.tar", block("c.tar", AFTER) + AFTER) + AFTER,
        ["a.tar/b.json", "a.tar/c.tar: nested-archive", "b.json"],
    ),
    ("a name that is no text", lambda: block("a", GOOD).replace(b"a\0", b"\xff\0", 1) + AFTER, [": damaged-archive"]),
    ("a pax header of gigabytes", lambda: block("a", b"", tarfile.XHDTYPE, 8**10) + AFTER, [": damaged-archive"]),
    (
        "a long name of gigabytes",
        lambda: block("a", b"", tarfile.GNUTYPE_LONGNAME, 8**10) + AFTER,
        [": damaged-archive"],
    ),
    ("500 pax headers", lambda: pax(comment="x") * 500 + block("a", GOOD) + AFTER, [": damaged-archive"]),
    ("a negative size", lambda: block("a", GOOD, size=-512) + AFTER, [": damaged-archive"]),
    ("a negative pax size", lambda: pax(size="-1024") + block("a", GOOD) + AFTER, [": damaged-archive"]),
    ("a size that is no number", lambda: pax(size="x") + block("a", GOOD) + AFTER, [": damaged-archive", "a"]),
    (
        "a size of exabytes",
        lambda: block("c", GOOD) + block("a", GOOD, size=2**62) + AFTER,
        [": archive-ratio", "a: member-too-large", "c"],
    ),
    ("a broken header", lambda: block("c", GOOD) + b"x" * 512 + AFTER, [": damaged-archive", "c"]),
    ("no end", lambda: block("c", GOOD), [": damaged-archive", "c"]),
    (
        "an end within a file",
        lambda: block("c", GOOD) + block("a", GOOD)[:520],
        [": damaged-archive", "a: damaged-member", "c"],
    ),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["bad.tar", "bad.tar.gz"])
@pytest.mark.parametrize(("make", "expected"), [case[1:] for case in TARS], ids=[case[0] for case in TARS])
def test_a_tar_made_to_harm_costs_only_itself(
    tmp_path: Path, name: str, make: Callable[[], bytes], expected: list[str]
) -> None:
    data = make()
    found = read_beside_neighbours(tmp_path, name, gzip.compress(data) if name.endswith("gz") else data)
    assert found == [name + (line if line.startswith(":") else f"/{line}") for line in expected]


def test_a_compressed_tar_with_a_wrong_checksum_says_so(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(AFTER))
    data[-8] ^= 1
    assert read_beside_neighbours(tmp_path, "bad.tgz", bytes(data)) == [
        "bad.tgz: damaged-archive",
        "bad.tgz/b.json",
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["bad.zip", "bad.tgz", "bad.json.gz"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15 if name == "bad.zip" else 31)
    if name == "bad.zip":
        data = in_zip(("a.json", bytes(200 * MEBIBYTE)))
    elif name == "bad.tgz":
        data = compressor.compress(block("a.json", size=200 * MEBIBYTE))
        data += b"".join(compressor.compress(bytes(MEBIBYTE)) for _ in range(200)) + compressor.flush()
    else:
        data = b"".join(compressor.compress(bytes(MEBIBYTE)) for _ in range(200)) + compressor.flush()
    assert len(data) < MEBIBYTE
    tracemalloc.start()
    try:
        found = read_beside_neighbours(tmp_path, name, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) <= 2
    assert all(line.endswith((": member-too-large", ": archive-ratio", ": damaged-member")) for line in found)
    assert peak < 128 * MEBIBYTE


def _spoilt(data: bytes, source: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(source.randint(1, 8)):
        place = source.randrange(len(spoilt))
        match source.randrange(3):
            case 0:
                spoilt[place] = source.choice([0, 0xFF, source.randrange(256)])
            case 1:
                del spoilt[place : place + source.randrange(1, 20)]
            case _:
                spoilt[place:place] = bytes(source.randrange(256) for _ in range(source.randrange(1, 20)))
        if not spoilt:
            break
    return bytes(spoilt)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["bad.zip", "bad.tar", "bad.tgz"])
def test_spoilt_archives_never_stop_the_reading(tmp_path: Path, name: str) -> None:
    tar = pax(path="ü" * 200) + block("a.json", GOOD * 50) + block("x/", kind=tarfile.DIRTYPE) + AFTER
    whole = {"bad.zip": two(), "bad.tar": tar, "bad.tgz": gzip.compress(tar)}[name]
    source = random.Random(20260901)
    outcomes = set()
    for _ in range(400):
        found = read_beside_neighbours(tmp_path, name, _spoilt(whole, source))
        outcomes.update(line.rpartition(": ")[2] for line in found if ": " in line)
    for length in range(0, len(whole), 7):
        read_beside_neighbours(tmp_path, name, whole[:length])
    assert "damaged-archive" in outcomes
    (tmp_path / name).write_bytes(whole)
    assert all(isinstance(item, Member) for item in open_bundle([tmp_path]).read())
