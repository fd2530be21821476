"""Every file of the program against the list that it came with: the wheel's RECORD, or the commit of a clone."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from auditor.resources import PACKAGE
from auditor.selftest.group import Group

NAME = "evidence-bundle-auditor"
_SCHEMAS = PACKAGE.parent / "schemas"  # beside the package in a clone, within it in a wheel
_ZONE = "schemas/"
_LEFT_OUT = ("__pycache__", ".mypy_cache", ".ruff_cache", ".DS_Store")

Hash = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A list of digests: where it comes from, in words, the digests by path, and how they are made."""

    source: str
    digests: Mapping[str, str]
    of: Hash


def module_files() -> dict[str, Path]:
    """Every file of the program by its path, which is the same in a wheel and in a clone."""
    files = {_common(f"auditor/{below}"): path for below, path in _below(PACKAGE)}
    if not (PACKAGE / "schemas").is_dir() and _SCHEMAS.is_dir():
        files |= {_ZONE + below: path for below, path in _below(_SCHEMAS)}
    return dict(sorted(files.items()))


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part in _LEFT_OUT or part.endswith(".pyc") for part in parts):
            yield "/".join(parts), path


def _common(path: str) -> str:
    return path.removeprefix("auditor/") if path.startswith(f"auditor/{_ZONE}") else path


def module_digests() -> dict[str, str]:
    """SHA-256 of every file of the program, by path."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in module_files().items()}


def modules_sha256(digests: Mapping[str, str]) -> str:
    """One digest of them all: of the sorted lines ``SHA-256  path``. A release has one, however it is installed."""
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def modules() -> Group:
    """Whether every file of the program is as it was released or committed, none lacking and none added."""
    reference = _of_wheel() or _of_commit()
    files = module_files()
    if reference is None:
        failure = "there is no list of digests to compare with: install the wheel, or run it in a git clone"
        return Group("modules", len(files), (failure,), "no list of digests")
    failures = []
    for name, path in files.items():
        if name not in reference.digests:
            failures.append(f"{name} was added")
        elif reference.of(path.read_bytes()) != reference.digests[name]:
            failures.append(f"{name} was altered")
    failures += [f"{name} is missing" for name in sorted(reference.digests.keys() - files.keys())]
    failures += _from_elsewhere()
    return Group("modules", len(files), tuple(failures), reference.source)


def _from_elsewhere() -> list[str]:
    """Modules of the program that were imported from another place than the package."""
    loaded = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    return [
        f"{name} was imported from elsewhere: {file}"
        for name, file in sorted(loaded.items())
        if name.startswith("auditor.") and file and not Path(file).resolve().is_relative_to(PACKAGE)
    ]


def own_distribution() -> Distribution | None:
    """The installed distribution whose files are those that run; None if the program is not installed as such."""
    for distribution in distributions(name=NAME):
        if Path(str(distribution.locate_file("auditor/version.py"))).resolve() == PACKAGE / "version.py":
            return distribution
    return None


def _of_wheel() -> Reference | None:
    own = own_distribution()
    listed = {
        _common(str(file).replace("\\", "/")): file.hash.value
        for file in (own.files if own is not None else None) or ()
        if file.hash is not None and file.hash.mode == "sha256" and str(file).startswith("auditor")
    }
    if "auditor/version.py" not in listed or own is None:
        return None
    return Reference(f"RECORD of the wheel, version {own.version}", listed, _record_digest)


def _record_digest(data: bytes) -> str:
    """A digest as RECORD has it: URL-safe base64 without padding (PEP 376)."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _of_commit() -> Reference | None:
    """The files of the commit that is checked out, if the package lies in a git clone of this program."""
    root = PACKAGE.parent
    if not (root / ".git").exists():
        return None
    commit = _git(root, "rev-parse", "HEAD")
    listing = _git(root, "ls-tree", "-r", "-z", "HEAD", "--", "auditor", "schemas")
    if not commit or not listing:
        return None
    blobs = {}
    for entry in listing.split("\0"):
        facts, tab, path = entry.partition("\t")
        if tab:
            blobs[_common(path)] = facts.split(" ")[2]
    algorithm = "sha256" if len(commit.strip()) == 64 else "sha1"
    return Reference(f"commit {commit.strip()}", blobs, lambda data: _blob_digest(algorithm, data))


def _blob_digest(algorithm: str, data: bytes) -> str:
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _git(root: Path, *words: str) -> str:
    try:
        ran = subprocess.run(["git", "-C", str(root), *words], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.decode("utf-8", "surrogateescape")
