"""Opens bundles: one or several folders and archives as one sequence of members."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.bundle.archive import ArchiveError, Packed
from auditor.bundle.folder import holds_a_file, read_folder, unreadable
from auditor.bundle.formats import archive_kind, check_archive, file_digest, read_archive
from auditor.bundle.limits import DEFAULT_LIMITS, Budget, LimitError, Limits
from auditor.bundle.member import Member, digest_of
from auditor.errors import AuditorError, Problem
from auditor.text import listing, one_line, path_name


class BundleError(AuditorError):
    """What was given is no bundle."""


@dataclass(frozen=True, slots=True)
class _Input:
    """One folder or archive that was given, with the name that tells it from the others."""

    name: str
    location: Path


class BundleReader:
    """Folders and archives of exported configuration, read as one sequence of members."""

    def __init__(self, inputs: Sequence[_Input], limits: Limits) -> None:
        self._inputs = tuple(inputs)
        self._limits = limits
        self._sha256: str | None = None

    def __repr__(self) -> str:
        return f"<BundleReader {self.name}>"

    def as_stored(self, digests: tuple[str, ...]) -> BundleReader:
        """The same bundle, its files as they are stored and with these digests (algorithms of hashlib)."""
        return BundleReader(self._inputs, replace(self._limits, digests=digests))

    @property
    def archives(self) -> tuple[str, ...]:
        """The prefixes under which the files of the archives that were given stand (``""`` of a single one)."""
        return tuple(self._prefix(item) for item in self._inputs if not item.location.is_dir())

    @property
    def names(self) -> tuple[str, ...]:
        """The base names of the folders and archives that were given."""
        return tuple(item.name for item in self._inputs)

    @property
    def name(self) -> str:
        """The base name of what was given; of several, the first three and how many more."""
        return listing((item.name for item in self._inputs), limit=3)

    @property
    def sha256(self) -> str:
        """The digest of the bundle.

        Of one archive that of its file; of a folder that of its sorted lines ``sha256  path``, as
        ``sha256sum`` prints them; of several inputs that of their sorted lines ``digest  name``. Reads the
        bundle unless that has been done. Files that could not be read are not part of it.
        """
        if self._sha256 is None:
            for _ in self.read():
                pass
        return self._sha256 or ""

    def read(self) -> Iterator[Member | Problem]:
        """Every member and every problem, sorted by path, one at a time. May be called again."""
        budget = Budget(self._limits)
        digests: list[tuple[str, str]] = []
        try:
            for item in self._inputs:
                yield from self._read_input(item, budget, digests)
        except LimitError as error:
            yield error.problem
        if len(self._inputs) == 1 and digests:
            self._sha256 = digests[0][0]
        else:
            self._sha256 = _digest(f"{digest}  {name}\n" for digest, name in digests)

    def _prefix(self, item: _Input) -> str:
        return f"{item.name}/" if len(self._inputs) > 1 else ""

    def _read_input(self, item: _Input, budget: Budget, digests: list[tuple[str, str]]) -> Iterator[Member | Problem]:
        prefix = self._prefix(item)
        try:
            if item.location.is_dir():
                lines: list[str] = []
                try:
                    yield from read_folder(item.location, prefix, budget, lines)
                finally:
                    digests.append((_digest(lines), item.name))
            else:
                digests.append((file_digest(str(item.location)), item.name))
                yield from read_archive(Packed.at(item.location, item.name), prefix, budget)
        except ArchiveError as error:
            yield error.problem
        except OSError as error:
            yield unreadable(item.name, error)


def open_bundle(paths: Sequence[str | Path], limits: Limits = DEFAULT_LIMITS) -> BundleReader:
    """The bundle that ``paths`` (folders, ``.zip``, ``.tar.gz``, ``.tar``) make together.

    A folder or an archive may hold such archives, which are read as folders of their name; those that lie deeper are
    problems. A path given twice counts once.
    Raises BundleError if one of them does not exist, is no bundle, or has nothing that can be read.
    """
    if not paths:
        raise BundleError("no bundle was given.", remedy="Give a folder, a .zip or a .tar.gz of exports.")
    locations = {}
    for path in paths:
        location = _checked(str(path), limits)
        locations[os.path.realpath(location)] = location
    inputs = []
    taken: set[str] = set()
    for _, location in sorted(locations.items()):
        name = _free_name(path_name(location) or "bundle", taken)
        taken.add(name)
        inputs.append(_Input(name, location))
    return BundleReader(sorted(inputs, key=lambda item: item.name + "/"), limits)


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _checked(path: str, limits: Limits) -> Path:
    """The location of ``path``. Raises BundleError if that is no bundle."""
    location = Path(path)
    shown = one_line(path)
    try:
        if not path or not location.exists():
            raise BundleError("there is no such file or folder.", file=shown, remedy="Check the spelling of the path.")
        if location.is_dir():
            if not holds_a_file(location):
                raise BundleError("the folder is empty.", file=shown, remedy="Give the folder that holds the exports.")
        elif not location.is_file() or archive_kind(Packed.at(location, shown)) is None:
            raise BundleError(
                "is not a bundle (a folder, .zip, .tar.gz or .tar).",
                file=shown,
                remedy="Give the folder that holds the exports; a single export goes into a folder ACCOUNT/REGION/.",
            )
        else:
            check_archive(Packed.at(location, shown), limits)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        raise BundleError(
            f"cannot be opened: {why}.", file=shown, remedy="Check the path and its permissions."
        ) from None
    except ArchiveError as error:
        raise BundleError(
            error.problem.problem, file=shown, remedy=error.problem.remedy, code=error.problem.code
        ) from None
    return location


def _digest(lines: Iterable[str]) -> str:
    return digest_of("".join(sorted(lines)).encode())
