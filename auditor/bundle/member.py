"""A member of a bundle: one file, its digest and its bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass

from auditor.bundle.limits import Limits, megabytes
from auditor.errors import Problem

GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle.

    ``path`` is relative to the bundle, with ``/``, printable throughout. ``size`` and ``sha256`` speak of
    the bytes as stored; ``data`` are these bytes, unpacked if they are gzip (then ``compressed``). ``digests`` are
    those that the limits ask for, in their order.
    """

    path: str
    size: int
    sha256: str
    data: bytes
    compressed: bool
    digests: tuple[str, ...] = ()


def make_member(path: str, stored: bytes, sha256: str, limits: Limits) -> Member | Problem:
    """The member that ``stored`` is, or the problem that its gzip data has."""
    if limits.digests:
        return Member(path, len(stored), sha256, stored, False, digests_of(stored, limits.digests))
    if stored[:2] != GZIP_MAGIC:
        return Member(path, len(stored), sha256, stored, False)
    allowed = limits.of_file(len(stored))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(stored)) as stream:
            data = stream.read(allowed + 1)
    except (OSError, EOFError, zlib.error):
        return Problem(path, "", "the gzip data is damaged.", "Copy or capture the file again.", "damaged-gzip")
    if len(data) > allowed:
        return too_large(path, f"unpacks from {len(stored):,} bytes to more than {megabytes(allowed)}")
    return Member(path, len(stored), sha256, data, True)


def digest_of(data: bytes) -> str:
    """The SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digests_of(data: bytes, algorithms: tuple[str, ...]) -> tuple[str, ...]:
    """The digests of ``data`` by these algorithms of hashlib, in hexadecimal."""
    return tuple(hashlib.new(name, data, usedforsecurity=False).hexdigest() for name in algorithms)


def too_large(path: str, what: str) -> Problem:
    """The problem of a member that ``what`` ("is larger than …")."""
    return Problem(
        path,
        "",
        f"{what}, which no export of AWS configuration does; it was not read.",
        "Take the file out of the bundle.",
        "member-too-large",
    )
