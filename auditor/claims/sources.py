"""The files that were given as claims: plain, in folders, in archives, gzipped; opened as streams, never held whole.

Claims are as untrusted as a bundle and may be larger: what unpacks to more than any real file of its size is read as
far as its limit and no further.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from auditor.bundle.archive import DAMAGE, OBSTACLES, Packed, is_archive_name
from auditor.bundle.limits import Limits, megabytes
from auditor.bundle.names import member_path, not_a_file
from auditor.bundle.tar_archive import TarPart, tar_streams
from auditor.bundle.zip_archive import files, is_encrypted, opened_zip
from auditor.documents import apart
from auditor.errors import AuditorError, Problem
from auditor.patterns import event_files
from auditor.text import one_line, path_name

# Compliance exports repeat themselves: measured at most 90 bytes unpacked for one stored (Prowler CSV, gzip -9).
LIMITS = Limits(members=200_000, member_bytes=1 << 40, total_bytes=1 << 42)
_GZIP, _ZIP, _TAR, _TAR_AT = b"\x1f\x8b", b"PK\x03\x04", b"ustar", 257
_HEAD = 512
_AGAIN = "Ask for the file again; what stands before the damage was read."

Note = Callable[[Problem], None]


class Readable(Protocol):
    """What the readers of formats need of a file."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, ``b""`` at the end."""


class DamagedStreamError(Exception):
    """The bytes break off, or are not what their archive declares; ``problem`` says it."""

    def __init__(self, problem: str, code: str) -> None:
        super().__init__(problem)
        self.problem, self.code = problem, code


@dataclass(frozen=True, slots=True)
class GivenFile:
    """One file: ``name`` as claims name it, ``named`` if it was itself given (then it must be a scanner's)."""

    name: str
    named: bool
    opened: Callable[[], AbstractContextManager[Readable]]


def given_files(paths: Sequence[Path], note: Note) -> Iterator[GivenFile]:
    """Every file of ``paths``, path after path and sorted; what cannot be opened is told to ``note``.

    Of one folder or archive names are relative to it; of several each begins with the last name of its path. A path
    given twice, or below another one, counts once.
    """
    separate = apart(paths)
    numbers: Counter[str] = Counter()
    for path in separate:
        shown = path_name(path)
        numbers[shown] += 1
        shown = shown if numbers[shown] == 1 else f"{shown} ({numbers[shown]})"
        prefix = "" if len(separate) == 1 else f"{shown}/"
        try:
            if path.is_dir():
                for file in event_files(path, partial(_passed, note, path, prefix)):
                    name = one_line(prefix + file.relative_to(path).as_posix(), 1000)
                    yield from _file(file, name, f"{name}/", False, note)
            else:
                yield from _file(path, shown, prefix, True, note)
        except OSError as error:
            note(_unreadable(shown, error))


def check_paths(paths: Sequence[Path]) -> None:
    """Raises AuditorError if a path is missing, or is neither file nor folder."""
    for path in paths:
        shown = one_line(str(path))
        try:
            if not path.exists():
                raise AuditorError("there is no such file or folder.", file=shown, remedy="Check the spelling.")
            if not path.is_dir() and not path.is_file():
                raise AuditorError("is neither a file nor a folder.", file=shown, remedy="Save the claims in a file.")
            if path.is_file():
                path.open("rb").close()
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
            raise AuditorError(f"cannot be read ({why}).", file=shown, remedy="Check path and permissions.") from None


def _file(path: Path, name: str, prefix: str, named: bool, note: Note) -> Iterator[GivenFile]:
    """The file, or those in the archive that it is by its first bytes."""
    try:
        kind = _kind(path)
        if kind == "zip":
            yield from _zip(path, name, prefix, note)
        elif kind == "tar":
            yield from _tar(path, name, prefix, note)
        else:
            yield GivenFile(name, named, lambda: _plain(path))
    except OSError as error:
        note(_unreadable(name, error))
    except AuditorError as error:
        what = error.problem
        note(Problem(name, "", what.problem, what.remedy, what.code))


def _kind(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if head.startswith(_ZIP):
            return "zip"
        if head.startswith(_GZIP):
            stream.seek(0)
            try:
                with gzip.GzipFile(fileobj=stream) as unpacked:
                    head = unpacked.read(_HEAD)
            except DAMAGE:
                head = b""
    return "tar" if head[_TAR_AT:].startswith(_TAR) else ""


@contextmanager
def _plain(path: Path) -> Iterator[Readable]:
    with path.open("rb") as stream:
        yield _unpacked(stream, path.stat().st_size)


def _zip(path: Path, name: str, prefix: str, note: Note) -> Iterator[GivenFile]:
    with opened_zip(Packed.at(path, name), LIMITS) as archive:
        for info in sorted(files(archive), key=lambda info: info.orig_filename):
            member = _member(info.orig_filename, prefix, note)
            if member is None:
                continue
            if obstacle := OBSTACLES.get((info.external_attr >> 16) & 0o170000, ""):
                note(not_a_file(member, obstacle))
            elif is_encrypted(info):
                note(Problem(member, "", "is encrypted.", "Unpack the archive, and give the folder.", "encrypted"))
            elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                what = "is compressed by a method that is not read here."
                note(Problem(member, "", what, "Pack the archive again with deflate.", "zip-method"))
            else:
                yield GivenFile(member, False, lambda info=info: _zip_member(archive, info))  # type: ignore[misc]


@contextmanager
def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[Readable]:
    try:
        with archive.open(info) as stream:
            yield _unpacked(stream, info.compress_size)
    except (zipfile.BadZipFile, NotImplementedError):
        raise DamagedStreamError("is damaged in its archive", "damaged-member") from None


def _tar(path: Path, name: str, prefix: str, note: Note) -> Iterator[GivenFile]:
    for entry, obstacle, opened in tar_streams(Packed.at(path, name), LIMITS, note):
        member = _member(entry, prefix, note)
        if member is None:
            continue
        if obstacle:
            note(not_a_file(member, obstacle))
        else:
            yield GivenFile(member, False, lambda opened=opened: _tar_member(opened))  # type: ignore[misc]


@contextmanager
def _tar_member(opened: Callable[[], AbstractContextManager[TarPart]]) -> Iterator[Readable]:
    try:
        with opened() as part:
            yield _unpacked(part, part.size)
    except (tarfile.TarError, AuditorError):
        raise DamagedStreamError("is damaged in its archive", "damaged-member") from None


def _member(entry: str, prefix: str, note: Note) -> str | None:
    """The printable name of an archive's file; hidden files and what macOS puts beside files are left out."""
    path = member_path(entry, prefix, LIMITS)
    if isinstance(path, Problem):
        note(path)
        return None
    last = path.rpartition("/")[2]
    if last.startswith(".") or "__MACOSX/" in path:
        return None
    if is_archive_name(last):
        what = "is an archive inside an archive; it was not opened."
        note(Problem(path, "", what, "Put it into the folder beside the others.", "nested-archive"))
        return None
    return path


class _Stream:
    """Bytes of one file, unpacked if they are gzip, with the first ones given back, and held against the limits."""

    def __init__(self, read: Callable[[int], bytes], allowed: int | None) -> None:
        self._read, self._left = read, allowed

    def read(self, size: int, /) -> bytes:
        try:
            data = self._read(size)
        except EOFError:
            raise DamagedStreamError("the gzip data breaks off", "damaged-gzip") from None
        except DAMAGE as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "damaged"
            raise DamagedStreamError(f"the bytes cannot be read to their end ({why})", "damaged-file") from None
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                what = "unpacks to more than a file of its size does"
                raise DamagedStreamError(what, "unpacks-too-large")
        return data


class _Joined:
    """A head that was looked at, and what follows it; as much as ``gzip`` asks of a file."""

    def __init__(self, head: bytes, rest: IO[bytes] | Readable) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        if self._head:
            data, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
            return data
        return self._rest.read(size)


def _unpacked(stream: IO[bytes] | Readable, stored: int) -> Readable:
    head = stream.read(2)
    joined = _Joined(head, stream)
    allowed = max(LIMITS.archive_free_bytes + LIMITS.ratio * stored, stored)
    if head != _GZIP:
        return _Stream(joined.read, allowed)
    return _Stream(gzip.GzipFile(fileobj=joined, mode="rb").read1, allowed)  # type: ignore[call-overload]


def _passed(note: Note, path: Path, prefix: str, passed: Path) -> None:
    note(not_a_file(one_line(prefix + passed.relative_to(path).as_posix(), 1000), "a link or special file"))


def _unreadable(name: str, error: OSError) -> Problem:
    return Problem(name, "", f"cannot be read ({error.strerror}).", "Check its permissions.", "unreadable-file")


def damage_problem(name: str, error: DamagedStreamError) -> Problem:
    """The problem of a file whose bytes could not be read to their end."""
    if error.code == "unpacks-too-large":
        return Problem(name, "", f"{error.problem}; the rest was not read.", f"Unpack it; {megabytes(1 << 26)} and "
                       "250 times its size are read at most.", error.code)  # fmt: skip
    return Problem(name, "", f"{error.problem}.", _AGAIN, error.code)
