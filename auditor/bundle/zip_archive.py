"""Members of a zip archive, read from where they lie."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from auditor.bundle.archive import (
    DAMAGE,
    OBSTACLES,
    ArchiveError,
    Entry,
    Opening,
    Packed,
    damaged_member,
    plan,
    too_many_entries,
    unpacked,
)
from auditor.bundle.cut_zip import names_in_damaged
from auditor.bundle.empty_folders import empty_account_folders
from auditor.bundle.limits import Allowance, Budget, Limits, megabytes
from auditor.bundle.member import Member, too_large
from auditor.errors import Problem

_DAMAGED = "damaged-archive"
_ENTRY_MAGIC = b"PK\x01\x02"
_LOCAL_HEADER_BYTES = 30  # without name and extra field: APPNOTE 6.3.10, 4.3.7
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # entry, strong, and masked headers: APPNOTE 6.3.10, 4.4.4
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA lets the archive choose how much memory it takes


class _Directory:
    """The archive's bytes; refuses a directory of too many entries before ``zipfile`` makes objects of them."""

    def __init__(self, file: IO[bytes], shown: str, limits: Limits) -> None:
        self._file = file
        self._shown = shown
        self._limits = limits
        self.opening = True
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        if self.opening and data.count(_ENTRY_MAGIC) > self._limits.members:
            raise too_many_entries(self._shown, self._limits)
        return data


@contextmanager
def opened_zip(packed: Packed, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive with its directory read. Raises ArchiveError."""
    shown = packed.shown
    with ExitStack() as stack:
        try:
            directory = _Directory(stack.enter_context(packed.open()), shown, limits)
            archive = stack.enter_context(zipfile.ZipFile(directory))
            directory.opening = False
        except DAMAGE:
            raise ArchiveError(
                "the zip archive cannot be read: it is damaged, cut short, or no zip.",
                file=shown,
                remedy="Copy or pack it again.",
                code=_DAMAGED,
            ) from None
        yield archive


def files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The archive's entries that are not folders."""
    return [info for info in archive.infolist() if not _is_folder(info)]


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\"))


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Whether the entry cannot be read without a password."""
    return bool(info.flag_bits & _ENCRYPTED)


def read_zip(
    packed: Packed, prefix: str, budget: Budget, allowance: Allowance, opening: Opening | None
) -> Iterator[Member | Problem]:
    """Every file of the archive as a member under ``prefix``, sorted by path, and every problem. ``opening`` reads the
    archives in it.

    Raises ArchiveError if there is no way into the archive, behind the problems of the entries whose names can be read,
    and OSError.
    """
    limits = budget.limits
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(opened_zip(packed, limits))
        except ArchiveError as error:
            if error.problem.code == _DAMAGED and not limits.digests:
                yield from _lost(packed, prefix, limits, allowance)
            raise
        allowance.spend(0, len(archive.infolist()))
        overlapping = _overlapping(archive.infolist(), packed.size)
        for path, entry in plan(map(_entry, files(archive)), prefix, limits, open_archives=opening is not None):
            if isinstance(entry, Problem):
                yield entry
                continue
            if entry.handle.header_offset in overlapping:
                yield damaged_member(path)
                continue
            stored = _stored(archive, path, entry, allowance.bytes, limits)
            if isinstance(stored, Problem):
                yield stored
                continue
            allowance.spend(len(stored))
            yield from unpacked(path, stored, budget, allowance, opening)
        folders = [_name(info).replace("\\", "/") for info in archive.infolist() if _is_folder(info)]
        yield from empty_account_folders(folders, prefix, map(_name, files(archive)))


def _lost(packed: Packed, prefix: str, limits: Limits, allowance: Allowance) -> Iterator[Problem]:
    """The problems of the entries of an archive of which names alone can be read."""
    names = names_in_damaged(packed, limits, allowance.files)
    allowance.spend(0, len(names))
    for path, entry in plan((Entry(name, None) for name in names), prefix, limits, open_archives=True):
        yield entry if isinstance(entry, Problem) else damaged_member(path)


def _overlapping(entries: list[zipfile.ZipInfo], size: int) -> frozenset[int]:
    """The offsets of entries that reach into the next one; so a small archive could unpack to anything.

    Later versions of ``zipfile`` refuse them, too (CPython issue 109858).
    """
    ordered = sorted(entries, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in ordered[1:]), size]
    return frozenset(
        info.header_offset
        for info, end in zip(ordered, ends, strict=False)
        if info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size > end
    )


def _entry(info: zipfile.ZipInfo) -> Entry[zipfile.ZipInfo]:
    mode = info.external_attr >> 16
    obstacle = OBSTACLES.get(stat.S_IFMT(mode), "")
    return Entry(_name(info), info, info.file_size, obstacle)


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's name; UTF-8 where it is that, though (as macOS does it) not flagged so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _stored(
    archive: zipfile.ZipFile, path: str, entry: Entry[zipfile.ZipInfo], left: int, limits: Limits
) -> bytes | Problem:
    """The bytes of the entry, which are at most ``left``, or why they are not read."""
    if is_encrypted(entry.handle):
        return Problem(
            path,
            "",
            "is encrypted.",
            "Unpack the archive with its password, and give the folder.",
            "encrypted",
        )
    if entry.handle.compress_type not in _METHODS:
        return Problem(
            path,
            "",
            "is compressed by a method that is not read here.",
            "Pack the archive again with the usual method (deflate).",
            "zip-method",
        )
    if entry.size > min(left, limits.of_file(entry.handle.compress_size)):
        return too_large(path, f"unpacks from {entry.handle.compress_size:,} bytes to {megabytes(entry.size)}")
    try:
        with archive.open(entry.handle) as stream:
            data = stream.read(entry.size + 1)  # zipfile gives no more than the declared size
    except DAMAGE:
        return damaged_member(path)
    return data if len(data) == entry.size else damaged_member(path)
