"""A folder of reports held against its ``digest.txt``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from auditor.bundle import Member, open_bundle
from auditor.errors import AuditorError
from auditor.reports.digest import DIGEST, listed_digests
from auditor.result import AuditResult

RESULT = "results.json"


@dataclass(frozen=True, slots=True)
class FolderState:
    """The files that ``digest.txt`` lists, by name with their SHA-256, and those that differ from it."""

    listed: dict[str, str]
    altered: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the folder is as the audit wrote it."""
        return not (self.altered or self.missing or self.added)


def is_report_folder(path: Path) -> bool:
    """Whether a path is a folder that an audit wrote."""
    return path.is_dir() and (path / DIGEST).is_file() and not (path / "bagit.txt").exists()


def reports_among(paths: Sequence[Path]) -> str:
    """Where reports of an earlier audit lie in what was given as a bundle, as its files are shown; ``""``: nowhere."""
    reader = open_bundle(paths)
    names = {entry.path if isinstance(entry, Member) else entry.file for entry in reader.read()}
    lists = (name.removesuffix(DIGEST) for name in sorted(names) if PurePosixPath(name).name == DIGEST)
    return next((folder.strip("/") or reader.name for folder in lists if f"{folder}{RESULT}" in names), "")


def folder_state(folder: Path) -> FolderState:
    """Every file of a report folder against ``digest.txt``. Raises AuditorError: the list is none."""
    listed = listed_digests(folder)
    lines = (folder / DIGEST).read_bytes().decode("utf-8", "replace").splitlines()
    if len(listed) != len(lines) or RESULT not in listed:
        raise AuditorError(
            "is not the list of digests that an audit wrote, or was cut short.",
            file=str(folder / DIGEST),
            remedy="Write the reports again: auditor report REPORT-DIR.",
        )
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    altered = [name for name in listed if name in present and _digest(present[name]) != listed[name]]
    return FolderState(
        listed,
        tuple(altered),
        tuple(name for name in listed if name not in present),
        tuple(sorted(present.keys() - listed.keys() - {DIGEST})),
    )


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_result(folder: Path) -> AuditResult:
    """The result that a report folder is made from. Raises AuditorError."""
    return AuditResult.load(folder / RESULT)


def check_origin(result: AuditResult, bundles: tuple[Path, ...]) -> str:
    """The digest of the bundle. Raises AuditorError: the result was not made from it."""
    facts = result.document["bundle"]
    reader = open_bundle(bundles)
    if reader.sha256 != facts["sha256"]:
        raise AuditorError(
            f"is not the bundle that the result was made from: its SHA-256 is {reader.sha256}, and that of "
            f"{facts['name']} was {facts['sha256']}.",
            file=", ".join(map(str, bundles)),
            remedy="Give the bundle as it was audited: the same file or folder, unchanged.",
            code="another-bundle",
        )
    return facts["sha256"]
