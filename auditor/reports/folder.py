"""The folder that reports are written into: one audit at a time, each file whole or not at all, nothing left behind."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import AuditorError
from auditor.locks import locked
from auditor.reports.digest import DIGEST, digest_lines, listed_digests
from auditor.reports.registry import Content
from auditor.reports.workers import left_alone, shared_out

_WORK = ".auditor-"
_REPORT = re.compile(r"[^.].*\.(?:xlsx|html|json|md|docx|csv|parquet)")


class ReportFolder:
    """Takes the files of one result; made by ``report_folder``."""

    def __init__(self, folder: Path, work: Path) -> None:
        self._folder = folder
        self._work = work
        self._digests: dict[str, str] = {}

    def put(self, name: str, data: Content) -> Path:
        """Takes a file; gives the path that it will have."""
        self._digests[name] = self._kept(name, data)
        return self._folder / name

    def put_all(self, files: Sequence[tuple[str, Callable[[], Content]]], jobs: int) -> list[Path]:
        """Takes files, by name and what makes each; ``jobs`` processes make them."""
        with left_alone():
            done = shared_out(len(files), lambda number: self._kept(files[number][0], files[number][1]()), jobs)
            for number, (name, make) in enumerate(files):
                self._digests[name] = done[number] if number in done else self._kept(name, make())
        return [self._folder / name for name, _ in files]

    def _kept(self, name: str, data: Content) -> str:
        """Writes a file, which is on the disk when this returns, and gives its digest."""
        digest = hashlib.sha256()
        with (self._work / name).open("wb") as file:
            for part in (data,) if isinstance(data, bytes) else data:
                file.write(part)
                digest.update(part)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest()

    def finish(self, result: str = "") -> Path:
        """Puts all that was taken into its place, with the list of digests, whose path is returned.

        ``result`` names the file from which the others were made: further reports made of the same one stay. Those of
        an earlier one that stand as it left them are removed. The list goes first and comes last: where it is missing,
        the files may be of two results.
        """
        listed = listed_digests(self._folder)
        same = bool(result) and listed.get(result) == self._digests[result]
        earlier = {name: digest for name, digest in listed.items() if self._stands(name, digest)}
        self._kept(DIGEST, digest_lines({**(earlier if same else {}), **self._digests}))
        (self._folder / DIGEST).unlink(missing_ok=True)
        for name in () if same else earlier:
            (self._folder / name).unlink()
        for name in (*self._digests, DIGEST):
            (self._work / name).replace(self._folder / name)
        return self._folder / DIGEST

    def _stands(self, name: str, digest: str) -> bool:
        """Whether a file that is not written again is as the list has it."""
        path = self._folder / name
        return name not in self._digests and path.is_file() and _digest_of(path) == digest


@contextmanager
def report_folder(folder: Path) -> Iterator[ReportFolder]:
    """The folder, made if it is not there, for this process alone.

    Libraries that need scratch files (openpyxl, one a sheet) get them in it too: a sheet is evidence and belongs
    nowhere else. What a killed run left there is removed.

    Raises:
        AuditorError: another audit is writing into the folder, or it cannot be written.
    """
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except RecursionError:  # pathlib makes a folder in the folder that it makes
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(folder)) from None
        with locked(folder) as alone:
            if not alone:
                raise _taken(folder)
            _clear(folder)
            try:
                with tempfile.TemporaryDirectory(dir=folder, prefix=_WORK, ignore_cleanup_errors=True) as work:
                    usual, tempfile.tempdir = tempfile.tempdir, work
                    try:
                        yield ReportFolder(folder, Path(work))
                    finally:
                        tempfile.tempdir = usual
            finally:
                _clear(folder)  # a signal may have ended even the making or removing of it
    except OSError as error:
        raise AuditorError(
            f"cannot be written ({error.strerror or error}).",
            file=str(error.filename or folder),
            remedy="Choose another folder with --out, or make this one writable.",
            code="out",
        ) from None


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)


def unlisted_reports(folder: Path) -> list[str]:
    """The names of files that look like reports and that ``digest.txt`` does not list, sorted."""
    listed = listed_digests(folder)
    names = (path.name for path in folder.iterdir() if path.is_file())
    return sorted(name for name in names if _REPORT.fullmatch(name) and name not in listed)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _taken(folder: Path) -> AuditorError:
    return AuditorError(
        "another audit is writing its reports into it.",
        file=str(folder),
        remedy="Wait for it to end, or choose another folder with --out.",
        code="out",
    )
