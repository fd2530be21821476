"""What zip and tar archives have in common: which entries are read, in which order, and what is refused."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, TypeVar

from auditor.bundle.limits import Allowance, Budget, Limits, megabytes
from auditor.bundle.member import Member, digest_of, make_member, too_large
from auditor.bundle.names import duplicate_name, member_path, not_a_file, repeated
from auditor.errors import AuditorError, Problem
from auditor.text import count

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")

# What zipfile, tarfile and zlib raise on bytes that nobody's archiver wrote; the readers of the standard
# library check little of what they unpack from headers.
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    ArithmeticError,
    LookupError,
    RuntimeError,
)

# File types of POSIX modes that hold no bytes of their own, as a problem names them.
OBSTACLES = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

Handle = TypeVar("Handle")


class ArchiveError(AuditorError):
    """An archive cannot be read, or not to its end."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive: a file, or the bytes of an entry of another archive. ``shown`` is how problems call it."""

    location: Path | None
    data: bytes
    shown: str

    @classmethod
    def at(cls, location: Path, shown: str) -> Packed:
        """The archive that is a file."""
        return cls(location, b"", shown)

    @property
    def size(self) -> int:
        """Its bytes as stored. Raises OSError."""
        return len(self.data) if self.location is None else self.location.stat().st_size

    def open(self) -> IO[bytes]:
        """Its bytes from the beginning. Raises OSError."""
        return io.BytesIO(self.data) if self.location is None else self.location.open("rb")


@dataclass(frozen=True, slots=True)
class Entry(Generic[Handle]):
    """One name in a folder or an archive, with what its reader needs to read it.

    ``size`` is as declared; ``obstacle`` says why there is no file under the name (``"a symbolic link"``).
    """

    name: str
    handle: Handle
    size: int = 0
    obstacle: str = ""


def plan(
    entries: Iterable[Entry[Handle]],
    prefix: str,
    limits: Limits,
    *,
    open_archives: bool = False,
    out_of_reach: Iterable[Problem] = (),
) -> list[tuple[str, Entry[Handle] | Problem]]:
    """Every entry with its path under ``prefix``, sorted by path; a problem for each that is not read.

    ``out_of_reach`` are problems of what has no entry, to be sorted in.
    """
    named = [(member_path(entry.name, prefix, limits), entry) for entry in entries]
    paths = [path for path, _ in named if isinstance(path, str)]
    ambiguous = repeated(paths) | _also_folders(paths)
    planned: dict[str, Entry[Handle] | Problem] = {}
    refused = [(problem.file, problem) for problem in out_of_reach]
    for path, entry in named:
        if isinstance(path, Problem):
            refused.append((path.file, path))
        elif path in ambiguous:
            planned[path] = duplicate_name(path)
        elif entry.obstacle:
            planned[path] = not_a_file(path, entry.obstacle)
        elif entry.size > limits.member_bytes:
            planned[path] = too_large(path, f"is larger than {megabytes(limits.member_bytes)}")
        elif not open_archives and not limits.digests and is_archive_name(path):
            planned[path] = _nested(path)
        else:
            planned[path] = entry
    return sorted([*planned.items(), *refused], key=lambda item: _order(item[0]))


def _also_folders(paths: list[str]) -> frozenset[str]:
    """The paths of archives beside files that stand as if the archive held them."""
    archives = {path for path in paths if is_archive_name(path)}
    if not archives:
        return frozenset()
    return frozenset(path[:end] for path in paths for end in _slashes(path) if path[:end] in archives)


def _slashes(path: str) -> Iterator[int]:
    return (place for place, character in enumerate(path) if character == "/")


def _order(path: str) -> str:
    """An archive stands where its members do: ``a.zip/`` comes after ``a.zip-notes``."""
    return path + "/" if is_archive_name(path) else path


def _nested(path: str) -> Problem:
    return Problem(
        path,
        "",
        "is an archive in an archive that lies in another one; it was not opened.",
        "Put it into the folder beside the others, or unpack it.",
        "nested-archive",
    )


def is_archive_name(name: str) -> bool:
    """Whether a file of this name is opened as an archive."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


Opening = Callable[[Packed, Allowance], Iterator[Member | Problem]]


def unpacked(
    path: str, stored: bytes, budget: Budget, allowance: Allowance, opening: Opening | None
) -> Iterator[Member | Problem]:
    """The member that an entry of an archive is; of an archive, what it holds by ``opening``, if that is done here."""
    limits = budget.limits
    is_opened = opening is not None and is_archive_name(path)
    if not is_opened or limits.digests:
        member = make_member(path, stored, digest_of(stored), limits)
        if isinstance(member, Member):
            budget.spend(len(member.data), path)
            allowance.spend(len(member.data) if member.compressed else 0)
        elif member.code == "member-too-large":
            allowance.spend(limits.of_file(len(stored)))
        yield member
    if opening is not None and is_opened:
        yield from opening(Packed(None, stored, path), allowance)


def too_many_entries(shown: str, limits: Limits) -> ArchiveError:
    """The error of the archive ``shown`` that has more entries than a bundle may have files."""
    return ArchiveError(
        f"the archive has more than {count(limits.members, 'file')}; the rest of it was not read.",
        file=shown,
        remedy="Split it by account.",
        code="archive-too-large",
    )


def damaged_member(path: str) -> Problem:
    """The problem of an entry whose bytes are not what its archive declares."""
    return Problem(path, "", "is damaged in its archive.", "Copy or pack the archive again.", "damaged-member")
