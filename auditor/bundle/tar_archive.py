"""Members of a tar archive, compressed or not, read forwards only."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO

from auditor.bundle.archive import (
    DAMAGE,
    ArchiveError,
    Entry,
    Opening,
    Packed,
    damaged_member,
    plan,
    too_many_entries,
    unpacked,
)
from auditor.bundle.empty_folders import empty_account_folders
from auditor.bundle.limits import MEBIBYTE, Allowance, Budget, Limits, megabytes
from auditor.bundle.member import GZIP_MAGIC, Member
from auditor.errors import Problem

# A tar has no directory: the first reading lists it, further ones collect this much each, in the order of
# the paths. So a tar in any order is delivered sorted, and never held whole.
_COLLECTED_BYTES = 64 * MEBIBYTE

# A header of real archivers is one block, with long names or extended attributes a few kilobytes; tarfile
# itself would read whatever length a header claims.
_HEADER_BYTES = 256 * 1024

_OBSTACLES = {
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.LNKTYPE: "a link to another file",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.GNUTYPE_SPARSE: "a file with holes",
}


class _Stream:
    """What ``tarfile`` sees of the archive: forwards only, bounded in all and per header."""

    def __init__(self, file: IO[bytes], shown: str, allowed: int) -> None:
        self._file = file
        self._shown = shown
        self._allowed = allowed
        self.header_left = _HEADER_BYTES
        self.last = b""

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, position: int) -> None:
        if position < self._file.tell():
            raise tarfile.ReadError("an entry of negative size")
        self._check(position)
        self._file.seek(position)

    def read(self, size: int) -> bytes:
        self.header_left -= size
        if self.header_left < 0:
            raise tarfile.ReadError("a header too long")
        self.last = self.content(size)
        return self.last

    def content(self, size: int) -> bytes:
        self._check(self._file.tell() + size)
        return self._file.read(size)

    def _check(self, position: int) -> None:
        if position > self._allowed:
            raise ArchiveError(
                f"the archive unpacks to more than {megabytes(self._allowed)}, as only a harmful one of its "
                "size does; the rest of it was not read.",
                file=self._shown,
                remedy="Pack the exports again.",
                code="archive-ratio",
            )


@contextmanager
def _opened(packed: Packed, allowed: int) -> Iterator[_Stream]:
    """The archive's bytes, unpacked: no more than ``allowed``."""
    with packed.open() as file:
        compressed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not compressed:
            yield _Stream(file, packed.shown, allowed)
            return
        with gzip.GzipFile(fileobj=file) as contents:
            yield _Stream(contents, packed.shown, allowed)  # type: ignore[arg-type]


def _list(packed: Packed, limits: Limits, allowance: Allowance) -> tuple[list[Entry[int]], list[str], Problem | None]:
    """The entries that are not folders, with the offsets of their bytes, the folders, and the damage behind them."""
    entries: list[Entry[int]] = []
    folders: list[str] = []
    most, reached = allowance.files, 0
    try:
        with _opened(packed, allowance.bytes) as stream:
            try:
                for info in _headers(stream):
                    if len(entries) + len(folders) == most:
                        raise too_many_entries(packed.shown, limits)
                    if info.isdir():
                        folders.append(f"{info.name.rstrip('/')}/")
                    else:
                        entries.append(Entry(info.name, info.offset_data, info.size, _obstacle(info)))
            finally:
                reached = stream.tell()
    except ArchiveError as error:
        return entries, folders, error.problem
    except DAMAGE:
        return entries, folders, _damaged(packed.shown).problem
    finally:
        allowance.spend(reached, len(entries))
    return entries, folders, None


def tar_holds_a_file(packed: Packed, limits: Limits) -> bool:
    """Whether the archive has an entry that is not a folder. Raises ArchiveError before the first one."""
    try:
        with _opened(packed, limits.of_archive(packed.size)) as stream:
            return any(not info.isdir() for info in _headers(stream))
    except DAMAGE:
        raise _damaged(packed.shown) from None


@dataclass(slots=True)
class TarPart:
    """The bytes of one entry, read forwards."""

    stream: _Stream
    size: int
    left: int

    def read(self, size: int, /) -> bytes:
        """The next bytes, ``b""`` at the end. Raises what ``DAMAGE`` lists if the archive ends before the entry."""
        data = self.stream.content(min(size, self.left)) if self.left > 0 else b""
        if self.left > 0 and not data:
            raise tarfile.ReadError("the archive ends within the entry")
        self.left -= len(data)
        return data


def tar_streams(
    packed: Packed, limits: Limits, note: Callable[[Problem], None]
) -> Iterator[tuple[str, str, Callable[[], AbstractContextManager[TarPart]]]]:
    """Name, obstacle and what opens the bytes of each entry, in the order of the archive, which is read once if they
    are opened in turn; one that is opened again is sought from the start. The damage is told to ``note``.
    """
    allowed = limits.of_archive(packed.size)
    entries, _, damage = _list(packed, limits, Allowance(limits, packed.size))
    if damage:
        note(damage)
    with _opened(packed, allowed) as forward:
        for entry in sorted(entries, key=lambda entry: entry.handle):
            yield entry.name, entry.obstacle, partial(_part, packed, allowed, forward, entry)


@contextmanager
def _part(packed: Packed, allowed: int, forward: _Stream, entry: Entry[int]) -> Iterator[TarPart]:
    if forward.tell() <= entry.handle:
        forward.seek(entry.handle)
        yield TarPart(forward, entry.size, entry.size)
        return
    with _opened(packed, allowed) as again:
        again.seek(entry.handle)
        yield TarPart(again, entry.size, entry.size)


def _damaged(shown: str) -> ArchiveError:
    return ArchiveError(
        "the tar archive is damaged or cut short; what follows the damage was not read.",
        file=shown,
        remedy="Copy or pack it again.",
        code="damaged-archive",
    )


def _headers(stream: _Stream) -> Iterator[tarfile.TarInfo]:
    archive = tarfile.TarFile(fileobj=stream, encoding="utf-8", errors="surrogateescape")  # type: ignore[arg-type]
    while (info := archive.next()) is not None:
        if info.size < 0:
            raise tarfile.ReadError("an entry of negative size")
        yield info
        archive.members.clear()  # type: ignore[attr-defined]  # tarfile keeps all it has seen
        archive.pax_headers = {}
        stream.header_left = _HEADER_BYTES
    if stream.last != bytes(tarfile.BLOCKSIZE):
        raise tarfile.ReadError("no end mark")  # tarfile takes a broken header for the end
    while stream.content(MEBIBYTE):
        pass  # the checksum of gzip stands at its very end


def _obstacle(info: tarfile.TarInfo) -> str:
    if info.issparse():
        return _OBSTACLES[tarfile.GNUTYPE_SPARSE]
    return "" if info.isreg() else _OBSTACLES.get(info.type, "an entry of unknown kind")


def read_tar(
    packed: Packed, prefix: str, budget: Budget, allowance: Allowance, opening: Opening | None
) -> Iterator[Member | Problem]:
    """Every file of the archive as a member under ``prefix``, sorted by path, and every problem. ``opening`` reads the
    archives in it. Raises OSError.
    """
    allowed = allowance.bytes
    entries, folders, damage = _list(packed, budget.limits, allowance)
    if damage:
        yield damage
    yield from empty_account_folders(folders, prefix, (entry.name for entry in entries))
    for batch in _batches(plan(entries, prefix, budget.limits, open_archives=opening is not None)):
        wanted = [entry for _, entry in batch if isinstance(entry, Entry)]
        contents = _collect(packed, allowed, wanted)
        for path, entry in batch:
            if isinstance(entry, Problem):
                yield entry
                continue
            stored = contents.pop(entry.handle, b"")
            if len(stored) != entry.size:
                yield damaged_member(path)
                continue
            yield from unpacked(path, stored, budget, allowance, opening)


_Planned = tuple[str, Entry[int] | Problem]


def _batches(planned: list[_Planned]) -> Iterator[list[_Planned]]:
    batch: list[_Planned] = []
    size = 0
    for item in planned:
        batch.append(item)
        size += item[1].size if isinstance(item[1], Entry) else 0
        if size > _COLLECTED_BYTES:
            yield batch
            batch, size = [], 0
    yield batch


def _collect(packed: Packed, allowed: int, wanted: list[Entry[int]]) -> dict[int, bytes]:
    """The bytes of ``wanted`` by their offset; what lies behind damage is absent."""
    contents: dict[int, bytes] = {}
    try:
        with _opened(packed, allowed) as stream:
            for entry in sorted(wanted, key=lambda entry: entry.handle):
                stream.seek(entry.handle)
                contents[entry.handle] = stream.content(entry.size)
    except (ArchiveError, *DAMAGE):
        pass  # the listing has said so already
    return contents
