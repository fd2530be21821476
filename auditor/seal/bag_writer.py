"""Writes bags of BagIt 1.0 (RFC 8493): a folder or one zip, of the same bytes for the same payload."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditor.arn import ACCOUNT_WRITTEN_IN_TEXT
from auditor.errors import AuditorError
from auditor.seal.files import DECLARATION, INFO, USUAL
from auditor.seal.manifest import manifest_text
from auditor.seal.signature import SIGNATURE, SIGNED, signed
from auditor.seal.tags import info_text
from auditor.seal.work_folder import work_folder
from auditor.version import __version__

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RECORD = "captures.json"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold: the bytes depend on no clock
_MUCH = 100  # what deflate makes smaller than by this is stored, since such a zip looks harmful to its readers


class SealError(AuditorError):
    """A bundle has no seal that could be verified, or cannot be sealed."""


class Sink(Protocol):
    """Where the files of a bag go."""

    def add(self, path: str, data: bytes) -> None:
        """Writes one file of the bag."""


class BagWriter:
    """A bag that is being written: payload first, then the tag files that fix it."""

    def __init__(self, sink: Sink, signer: Ed25519PrivateKey | None = None) -> None:
        self._sink = sink
        self._signer = signer
        self._payload: dict[str, tuple[str, ...]] = {}
        self._records: list[object] = []
        self.bytes = 0

    @property
    def files(self) -> int:
        """Number of files of the payload."""
        return len(self._payload)

    def add(self, path: str, data: bytes) -> None:
        """One file of the payload; ``path`` begins with ``data/``."""
        self._payload[path] = _digests(data)
        self.bytes += len(data)
        self._sink.add(path, data)
        if path.rpartition("/")[2].lower() == RECORD:
            self._records += _records(data, path[: path.rfind("/") + 1])

    def close(self, info: Iterable[tuple[str, str]]) -> None:
        """Writes the tag files. ``info`` goes into ``bag-info.txt``."""
        tags = {
            DECLARATION: b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            INFO: info_text(
                [
                    *info,
                    ("Bag-Software-Agent", f"auditor {__version__}"),
                    ("Payload-Oxum", f"{self.bytes}.{len(self._payload)}"),
                ]
            ),
            RECORD: json.dumps({"captures": self._records}, indent=1).encode() + b"\n",
        }
        for number, algorithm in enumerate(USUAL):
            entries = ((path, digests[number]) for path, digests in self._payload.items())
            tags[f"manifest-{algorithm}.txt"] = manifest_text(entries)
        for path, data in sorted(tags.items()):
            self._sink.add(path, data)
        for number, algorithm in enumerate(USUAL):
            text = manifest_text((path, _digests(data)[number]) for path, data in tags.items())
            self._sink.add(f"tagmanifest-{algorithm}.txt", text)
            if self._signer is not None and f"tagmanifest-{algorithm}.txt" == SIGNED:
                self._sink.add(SIGNATURE, signed(text, self._signer))


def _digests(data: bytes) -> tuple[str, ...]:
    return tuple(hashlib.new(algorithm, data).hexdigest() for algorithm in USUAL)


def _records(data: bytes, folder: str) -> list[object]:
    """The entries of a client's own capture record, their files by the paths that they have in the bag."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return []  # what is wrong with it is told where it is read as evidence
    entries = document.get("captures") if isinstance(document, dict) else document
    return [
        {**entry, "file": folder + entry["file"].replace("\\", "/").removeprefix("./")}
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("file"), str) and isinstance(entry.get("call"), str)
    ]


class _FolderSink:
    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, path: str, data: bytes) -> None:
        location = self._root / path
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_bytes(data)


class _ZipSink:
    """One top folder, entries of one time and mode."""

    def __init__(self, archive: zipfile.ZipFile, top: str) -> None:
        self._archive = archive
        self._top = top

    def add(self, path: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(f"{self._top}/{path}", _ZIP_TIME)
        entry.external_attr = 0o100644 << 16
        entry.create_system = 3  # Unix, wherever it is written
        small = len(data) > _MUCH and len(zlib.compress(data)) * _MUCH < len(data)
        entry.compress_type = zipfile.ZIP_STORED if small else zipfile.ZIP_DEFLATED
        self._archive.writestr(entry, data)


@contextmanager
def bag_at(out: Path) -> Iterator[Sink]:
    """A sink whose files are at ``out`` when all went well, and nowhere else: a zip if it is called so, else a folder.

    Raises:
        SealError: ``out`` exists, or cannot be written.
    """
    if os.path.lexists(out) and not (out.is_dir() and not any(out.iterdir())):
        raise SealError("exists already; nothing is overwritten.", file=str(out), remedy="Choose another --out.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with work_folder(out, "bag") as bag:
            if out.suffix.lower() == ".zip":
                top = "bag" if ACCOUNT_WRITTEN_IN_TEXT.search(out.stem) else out.stem
                with zipfile.ZipFile(bag, "w", zipfile.ZIP_DEFLATED) as archive:
                    yield _ZipSink(archive, top)
            else:
                bag.mkdir()
                yield _FolderSink(bag)
            if out.is_dir() and out.suffix.lower() == ".zip":
                out.rmdir()
            shutil.move(bag, out) if not out.is_dir() else bag.replace(out)
    except OSError as error:
        raise SealError(
            f"cannot be written ({error.strerror or error}).", file=str(out), remedy="Choose another --out."
        ) from None
