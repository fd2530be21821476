"""The files of a bundle as they are stored: their digests, and the text of those that may belong to a seal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.bundle import BundleReader, Member
from auditor.errors import Problem
from auditor.seal.manifest import MANIFEST_NAME, algorithm_of

USUAL = ("sha256", "sha512")
DECLARATION, INFO, FETCH = "bagit.txt", "bag-info.txt", "fetch.txt"
SIGNATURE_SUFFIX = ".sig"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file. ``digests`` by algorithm; ``text``: its bytes if it may be a tag file, else None."""

    size: int
    digests: Mapping[str, str]
    text: bytes | None


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """All files of a bundle by path, those of opened archives below the archive's; ``archives``: their prefixes."""

    files: Mapping[str, StoredFile]
    archives: tuple[str, ...]
    problems: tuple[Problem, ...]

    def container(self, path: str) -> str:
        """The prefix of the innermost archive that holds a path, ``""`` if none does, or the only one given."""
        return max((prefix for prefix in self.archives if path.startswith(prefix)), key=len, default="")


def may_be_tag(name: str) -> bool:
    """Whether a file of this name may be one by which bags are verified."""
    return (
        name in (DECLARATION, INFO, FETCH)
        or bool(MANIFEST_NAME.fullmatch(name))
        or (name.endswith(SIGNATURE_SUFFIX) and may_be_tag(name.removesuffix(SIGNATURE_SUFFIX)))
    )


def stored_files(bundle: BundleReader) -> StoredFiles:
    """Every file of a bundle with the digests that its manifests are made of."""
    first = _read(bundle, USUAL)
    names = {path.rpartition("/")[2] for path in first.files}
    others = {algorithm for name in names if (algorithm := algorithm_of(name))}.difference(USUAL)
    return _read(bundle, (*USUAL, *sorted(others))) if others else first


def _read(bundle: BundleReader, algorithms: tuple[str, ...]) -> StoredFiles:
    files: dict[str, StoredFile] = {}
    problems: list[Problem] = []
    for item in bundle.as_stored(algorithms).read():
        if isinstance(item, Problem):
            problems.append(item)
        else:
            files[item.path] = _stored(item, algorithms)
    # What could be hashed is a file, though its content, as an archive, could not be opened.
    problems = [problem for problem in problems if problem.file not in files]
    return StoredFiles(files, tuple(_archives(files, bundle.archives)), tuple(problems))


def _stored(member: Member, algorithms: Iterable[str]) -> StoredFile:
    text = member.data if may_be_tag(member.path.rpartition("/")[2]) else None
    return StoredFile(member.size, dict(zip(algorithms, member.digests, strict=True)), text)


def _archives(files: Mapping[str, StoredFile], given: Iterable[str]) -> list[str]:
    """The prefixes of the archives that were opened: a path that is a file and has files below it is one."""
    above = {path[:end] for path in files for end in range(len(path)) if path[end] == "/"}
    return sorted({*given, *(f"{path}/" for path in above if path in files)})
