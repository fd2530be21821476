"""Which kind of archive a file is, and its reader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from auditor.bundle.archive import ArchiveError, Opening, Packed, too_many_entries
from auditor.bundle.limits import MEBIBYTE, Allowance, Budget, Limits
from auditor.bundle.member import GZIP_MAGIC, Member
from auditor.bundle.tar_archive import read_tar, tar_holds_a_file
from auditor.bundle.zip_archive import files, is_encrypted, opened_zip, read_zip
from auditor.errors import Problem

_ZIP_MAGIC = b"PK"
_TAR_MAGIC = b"ustar"
_TAR_MAGIC_AT = 257  # POSIX pax, "ustar Interchange Format"


def archive_kind(packed: Packed) -> Literal["zip", "tar"] | None:
    """What it is by its first bytes, else by its name. Raises OSError."""
    with packed.open() as file:
        head = file.read(512)
    name = packed.shown.lower() if packed.location is None else packed.location.name.lower()
    if head.startswith(_ZIP_MAGIC):
        return "zip"
    if head.startswith(GZIP_MAGIC) or head[_TAR_MAGIC_AT:].startswith(_TAR_MAGIC):
        return "tar"
    if name.endswith(".zip"):
        return "zip"
    return "tar" if name.endswith((".tar", ".tar.gz", ".tgz")) else None


def read_archive(packed: Packed, prefix: str, budget: Budget) -> Iterator[Member | Problem]:
    """Every file of the archive as a member under ``prefix``, sorted by path, and every problem.

    Archives in it are read as folders of their name, under the same limits and within what the outer one may hold;
    those in them are problems. Raises ArchiveError, naming the archive as it is shown, and OSError.
    """
    return _read(packed, prefix, budget, Allowance(budget.limits, packed.size), partial(_inner, budget))


def _read(
    packed: Packed, prefix: str, budget: Budget, allowance: Allowance, opening: Opening | None
) -> Iterator[Member | Problem]:
    read = read_zip if archive_kind(packed) == "zip" else read_tar
    empty = True
    for member in read(packed, prefix, budget, allowance, opening):
        empty = False
        yield member
    if empty:
        yield _empty(packed.shown).problem


def _empty(shown: str) -> ArchiveError:
    remedy = "Pack the folder of exports again."
    return ArchiveError("the archive holds no file.", file=shown, remedy=remedy, code="empty-bundle")


def _inner(budget: Budget, packed: Packed, above: Allowance) -> Iterator[Member | Problem]:
    """The files of an archive that lies in another one."""
    try:
        if above.files <= 0:
            raise too_many_entries(packed.shown, budget.limits)
        allowance = Allowance(budget.limits, packed.size, above)
        yield from _read(packed, f"{packed.shown}/", budget, allowance, None)
    except ArchiveError as error:
        yield error.problem


def check_archive(packed: Packed, limits: Limits) -> None:
    """Raises ArchiveError if nothing of the archive can be read."""
    shown = packed.shown
    if archive_kind(packed) == "zip":
        with opened_zip(packed, limits) as archive:
            members = files(archive)
            if members and all(is_encrypted(info) for info in members):
                raise ArchiveError(
                    "the zip archive is encrypted.",
                    file=shown,
                    remedy="Unpack it with its password, and give the folder.",
                    code="encrypted",
                )
            empty = not members
    else:
        empty = not tar_holds_a_file(packed, limits)
    if empty:
        raise _empty(shown)


def file_digest(location: str) -> str:
    """The SHA-256 of a file of any size, in hexadecimal. Raises OSError."""
    with Path(location).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_digests(location: str, algorithms: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """The size of a file of any size and its digests by these algorithms, in hexadecimal. Raises OSError."""
    hashes = [hashlib.new(name, usedforsecurity=False) for name in algorithms]
    size = 0
    with Path(location).open("rb") as file:
        while block := file.read(MEBIBYTE):
            size += len(block)
            for digest in hashes:
                digest.update(block)
    return size, tuple(digest.hexdigest() for digest in hashes)
