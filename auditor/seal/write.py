"""Seals a bundle: a bag of a copy of it, which is read again and verified."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from auditor.arn import ACCOUNT_WRITTEN_IN_TEXT
from auditor.bundle import DEFAULT_LIMITS, BundleReader, is_archive_name, open_bundle
from auditor.documents import read_bytes
from auditor.errors import Problem
from auditor.seal.bag_writer import BagWriter, SealError, bag_at
from auditor.seal.examine import examine
from auditor.seal.files import USUAL
from auditor.seal.manifest import PAYLOAD
from auditor.seal.signature import fingerprint, private_key
from auditor.text import one_line, path_name


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """A bag that was written. ``left_out`` are links, pipes and devices, which have no bytes of their own."""

    path: Path
    files: int
    bytes: int
    left_out: tuple[Problem, ...]
    fingerprint: str  # of the public key that fits the signature, "" if it is not signed


def default_out(bundle: Path) -> Path:
    """Where a sealed copy goes if nothing is said: a zip in the current folder, or a folder if the bundle is one that
    holds archives: within a zip, those in them would lie too deep to be read.
    """
    name = path_name(bundle)
    stem = re.sub(r"\.(zip|tar|tar\.gz|tgz)$", "", name, flags=re.IGNORECASE) if bundle.is_file() else name
    return Path(f"{stem}-sealed" if _holds_archives(bundle) else f"{stem}-sealed.zip")


def seal(bundle: Path, out: Path, key: Path | None = None) -> SealedCopy:
    """Writes a sealed copy of a bundle to ``out``: a zip if it is called so, else a folder. The bundle stays as it is.

    The payload is what the folder or archive holds, under ``data/``; archives in a folder stay as they were sent.
    ``key`` signs it.

    Raises:
        AuditorError: the bundle cannot be read or copied whole, ``out`` exists, or the key is none.
    """
    signer = None if key is None else private_key(key)
    reader = open_bundle([bundle])
    if out.suffix.lower() == ".zip" and _holds_archives(bundle):
        raise SealError(
            "holds archives: within a zip, those in them would lie too deep to be read.",
            file=str(bundle),
            remedy="Give a folder with --out.",
        )
    with bag_at(out) as sink:
        bag = BagWriter(sink, signer)
        left_out = _copy(bundle, reader, bag)
        info = [("External-Identifier", reader.name), ("Source-SHA256", reader.sha256)]
        bag.close(info)
    again = examine(open_bundle([out]))
    if not again.bags or not again.bags[0].ok:
        raise SealError("was written and cannot be verified.", file=str(out), remedy="Check the disk, and seal again.")
    return SealedCopy(out, bag.files, bag.bytes, left_out, fingerprint(signer.public_key()) if signer else "")


def _holds_archives(bundle: Path) -> bool:
    return bundle.is_dir() and any(is_archive_name(name) for _, _, names in os.walk(bundle) for name in names)


def _copy(bundle: Path, reader: BundleReader, bag: BagWriter) -> tuple[Problem, ...]:
    """Copies every file of the bundle into the bag's payload; the problems of what is no file."""
    # A bundle that is called as an account places what nothing else does: the name stays above its files.
    above = f"{PAYLOAD}{reader.name}/" if ACCOUNT_WRITTEN_IN_TEXT.search(reader.name) else PAYLOAD
    stored = reader.as_stored(USUAL)
    archives: list[str] = []
    left_out: list[Problem] = []
    for item in stored.read():
        path = item.file if isinstance(item, Problem) else item.path
        if path in archives or any(path.startswith(f"{archive}/") for archive in archives):
            continue  # the archive is copied as a file
        if isinstance(item, Problem):
            if item.code != "not-a-file":
                raise _cannot(item)
            left_out.append(item)
            continue
        data = item.data
        if is_archive_name(path):
            archives.append(path)
        if item.size and not data:
            data = read_bytes(bundle / path, DEFAULT_LIMITS.member_bytes, "Take it out of the bundle, or split it.")
        bag.add(above + _utf_8(path), data)
    return tuple(left_out)


def _cannot(problem: Problem) -> SealError:
    file = problem.file
    says = f"{problem.problem.rstrip('.')}, and a sealed copy must be whole; nothing was written."
    return SealError(says, file=file, remedy=problem.remedy, code=problem.code)


def _utf_8(path: str) -> str:
    try:
        path.encode()
    except UnicodeError:
        raise SealError(
            "has a name that is no UTF-8, which a manifest cannot hold; nothing was written.",
            file=one_line(path, 200),
            remedy="Give the file another name in a copy of the bundle, and seal that.",
        ) from None
    return path
