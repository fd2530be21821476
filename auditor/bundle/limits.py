"""How much a bundle may hold. Every limit is far above real evidence and keeps time and memory bounded."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.errors import AuditorError
from auditor.text import count

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one bundle.

    ``members``: 100 accounts × 17 regions × 5 calls are 8,500 files; this is sixty times as many.
    ``member_bytes``: unpacked size of one member; 100,000 alarms of one region are about 150 MB.
    ``total_bytes``: unpacked size of all members; the 8,500 files above are 0.1 GB.
    ``ratio``: unpacked bytes per stored byte of a compressed file or an archive; 10,000 alarms alike in all
    but their number reach 140, deflate itself 1,032. What is small when unpacked harms nobody, so a file may
    always unpack to ``file_free_bytes``, and an archive to ``archive_free_bytes`` more than the ratio gives.
    ``path_characters``: the longest key of S3, from where bundles are often copied, has 1,024 bytes.
    ``digests``: names of algorithms of hashlib. With any, files are handed over as they are stored: with these digests,
    not unpacked, under their own names, an archive of a folder as a file before what it holds, and a file too large to
    be held without its bytes.
    """

    members: int = 500_000
    member_bytes: int = 256 * MEBIBYTE
    total_bytes: int = 8_192 * MEBIBYTE
    ratio: int = 250
    file_free_bytes: int = MEBIBYTE
    archive_free_bytes: int = 64 * MEBIBYTE
    path_characters: int = 1_024
    digests: tuple[str, ...] = ()

    def of_file(self, stored: int) -> int:
        """What a compressed file of ``stored`` bytes may unpack to."""
        return min(self.member_bytes, max(self.file_free_bytes, self.ratio * stored))

    def of_archive(self, stored: int) -> int:
        """What an archive of ``stored`` bytes may unpack to."""
        return self.archive_free_bytes + self.ratio * stored


DEFAULT_LIMITS = Limits()


class LimitError(AuditorError):
    """The whole bundle is too large: reading ends here, and its problem says so."""


class Allowance:
    """What may still come out of an archive, the archives in it included: few bytes must not hold many bombs."""

    __slots__ = ("_above", "_bytes", "_files")

    def __init__(self, limits: Limits, stored: int, above: Allowance | None = None) -> None:
        self._bytes = limits.of_archive(stored)
        self._files = limits.members
        self._above = above

    @property
    def bytes(self) -> int:
        """How many bytes it may still unpack to."""
        return self._bytes if self._above is None else min(self._bytes, self._above.bytes)

    @property
    def files(self) -> int:
        """How many files it may still list."""
        return self._files if self._above is None else min(self._files, self._above.files)

    def spend(self, size: int, files: int = 0) -> None:
        """Counts ``size`` bytes that were unpacked, and ``files`` that were listed."""
        self._bytes -= size
        self._files -= files
        if self._above is not None:
            self._above.spend(size, files)


class Budget:
    """What has been read of one bundle so far, held against its limits."""

    __slots__ = ("_bytes", "_members", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._members = 0
        self._bytes = 0

    def spend(self, size: int, path: str) -> None:
        """Counts one member of ``size`` bytes. Raises LimitError, naming ``path``, if that is too much."""
        self._members += 1
        self._bytes += size
        if self._members > self.limits.members:
            what = f"the bundle has more than {count(self.limits.members, 'file')}"
        elif self._bytes > self.limits.total_bytes:
            what = f"the bundle has more than {megabytes(self.limits.total_bytes)} of content"
        else:
            return
        raise LimitError(
            f"{what}; this file and all after it were not read.",
            file=path,
            remedy="Split the bundle by account and audit the parts.",
            code="bundle-too-large",
        )


def megabytes(size: int) -> str:
    """``size`` in words: ``64 MiB``."""
    return f"{size / MEBIBYTE:,.0f} MiB" if size >= MEBIBYTE else f"{size:,} bytes"
