"""Members of a folder, read near the speed of the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from auditor.bundle.archive import OBSTACLES, ArchiveError, Entry, Packed, is_archive_name, plan
from auditor.bundle.empty_folders import empty_account_folders
from auditor.bundle.formats import file_digest, file_digests, read_archive
from auditor.bundle.limits import Budget, LimitError, Limits, megabytes
from auditor.bundle.member import Member, digest_of, make_member, too_large
from auditor.bundle.names import shown_path
from auditor.errors import Problem
from auditor.text import count, one_line

# A link or a pipe put in a file's place after the folder was listed is neither followed nor waited for.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


def holds_a_file(root: Path) -> bool:
    """Whether anything lies in the folder or below it, other than folders. Raises OSError."""
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as names:
                for entry in names:
                    if not entry.is_dir(follow_symlinks=False):
                        return True
                    waiting.append(entry.path)
        except OSError:
            if folder == str(root):
                raise
            return True  # what is out of reach below is for the reading to report
    return False


def read_folder(root: Path, prefix: str, budget: Budget, lines: list[str]) -> Iterator[Member | Problem]:
    """Every file of the folder as a member under ``prefix``, sorted by path, and every problem.

    Appends to ``lines`` what ``sha256sum`` prints for the files, by paths relative to the folder.
    """
    limits = budget.limits
    entries, out_of_reach = _walk(str(root), prefix, limits)
    for path, entry in plan(entries, prefix, limits, open_archives=True, out_of_reach=out_of_reach):
        if isinstance(entry, Problem):
            yield entry
        elif is_archive_name(path):
            if limits.digests:
                yield _as_file(path, entry.handle, limits)
            yield from _archive(path, prefix, entry.handle, budget, lines)
        else:
            item = _member(path, prefix, entry.handle, limits, lines)
            if isinstance(item, Member):
                budget.spend(len(item.data), path)
            yield item


def _walk(root: str, prefix: str, limits: Limits) -> tuple[list[Entry[str]], list[Problem]]:
    """All names below ``root`` with their locations, the folders that cannot be read, and those of accounts that hold
    nothing.
    """
    entries: list[Entry[str]] = []
    out_of_reach: list[Problem] = []
    empty: list[str] = []
    waiting = [(root, "")]
    while waiting:
        folder, above = waiting.pop()
        is_empty = True
        try:
            with os.scandir(folder) as names:
                for entry in names:
                    is_empty = False
                    name = above + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, name + "/"))
                    elif entry.is_file(follow_symlinks=False):
                        entries.append(Entry(name, entry.path))
                    else:
                        entries.append(Entry(name, entry.path, obstacle=_kind(entry)))
        except OSError as error:
            out_of_reach.append(unreadable(one_line(prefix + above), error))
            continue
        if is_empty:
            empty.append(above)
        if len(entries) > limits.members:
            raise LimitError(
                f"the folder has more than {count(limits.members, 'file')}; none of them was read.",
                file=prefix.rstrip("/"),
                remedy="Split the bundle by account and audit the parts.",
                code="bundle-too-large",
            )
    return entries, [*out_of_reach, *empty_account_folders(empty, prefix, (entry.name for entry in entries))]


def _kind(entry: os.DirEntry[str]) -> str:
    return OBSTACLES.get(stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode), "a special file")


def _member(path: str, prefix: str, location: str, limits: Limits, lines: list[str]) -> Member | Problem:
    try:
        stored = _bytes_of(location, limits.member_bytes)
        sha256 = file_digest(location) if stored is None else digest_of(stored)
    except OSError as error:
        return unreadable(path, error)
    lines.append(f"{sha256}  {shown_path(path[len(prefix) :])}\n")
    if stored is None and limits.digests:
        return _as_file(path, location, limits)
    if stored is None:
        return too_large(path, f"is larger than {megabytes(limits.member_bytes)}")
    return make_member(path, stored, sha256, limits)


def _as_file(path: str, location: str, limits: Limits) -> Member | Problem:
    """A file that is not held, by its digests alone."""
    try:
        size, digests = file_digests(location, ("sha256", *limits.digests))
    except OSError as error:
        return unreadable(path, error)
    return Member(path, size, digests[0], b"", False, digests[1:])


def _bytes_of(location: str, most: int) -> bytes | None:
    """The file's content, or None if that is more than ``most`` bytes. Raises OSError."""
    descriptor = os.open(location, _OPEN_FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "no longer a file")
        if status.st_size > most:
            return None
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size:  # it grows or shrinks at this moment, or the system reads in parts
            while len(data) <= most and (more := os.read(descriptor, most + 1 - len(data))):
                data += more
        return data if len(data) <= most else None
    finally:
        os.close(descriptor)


def _archive(path: str, prefix: str, location: str, budget: Budget, lines: list[str]) -> Iterator[Member | Problem]:
    try:
        lines.append(f"{file_digest(location)}  {shown_path(path[len(prefix) :])}\n")
        yield from read_archive(Packed.at(Path(location), path), f"{path}/", budget)
    except OSError as error:
        yield unreadable(path, error)
    except ArchiveError as error:
        yield error.problem


def unreadable(path: str, error: OSError) -> Problem:
    """The problem of what the system does not let us read."""
    why = error.strerror or str(error)
    return Problem(path, "", f"cannot be read: {why}.", "Grant access to it, or copy it again.", "unreadable-file")
