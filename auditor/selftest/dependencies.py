"""Installed dependencies: versions against what the program requires, files against what their wheels brought."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import tomllib
from dataclasses import asdict, dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from auditor.resources import PACKAGE
from auditor.selftest.group import Group, group
from auditor.selftest.modules import own_distribution

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?\s*(;.*)?")
_BOUND = re.compile(r"(>=|==)\s*([0-9][0-9A-Za-z.]*)")
PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package that the program needs, itself or through another. ``required`` is its bound, ``""`` if any will do.

    ``files`` counts those of its wheel whose digests were compared; ``altered`` names those that differ.
    """

    name: str
    required: str
    version: str  # "" if it is not installed
    files: int
    altered: tuple[str, ...]
    shadowed: str  # where its module is imported from, if not from it

    @property
    def fault(self) -> str:
        """What is wrong with it, ``""`` if nothing is."""
        if not self.version:
            return f"{self.name} is not installed"
        if not _fits(self.version, self.required):
            return f"{self.name} is {self.version}, and {self.required} is required"
        if self.shadowed:
            return f"{self.name} is imported from elsewhere: {self.shadowed}"
        if self.altered:
            return f"{self.name} {self.version} is not as its wheel brought it: {', '.join(self.altered[:3])}"
        return ""

    def facts(self) -> dict[str, object]:
        """The dependency as a record has it."""
        return asdict(self)


def dependencies() -> list[Dependency]:
    """Every package that the program needs, in order of names."""
    waiting = [(name, bound) for name, bound, marker in _own_requirements() if not marker]
    by_name: dict[str, Dependency] = {}
    while waiting:
        name, bound = waiting.pop()
        key = _normal(name)
        if key in by_name and not bound:
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            by_name[key] = Dependency(key, bound, "", 0, (), "")
            continue
        first = key not in by_name
        before = by_name.get(key)
        files, altered = _files(installed) if before is None else (before.files, before.altered)
        bounds = ",".join(filter(None, dict.fromkeys([before.required if before else "", bound])))
        by_name[key] = Dependency(key, bounds, installed.version, files, altered, _shadow(installed))
        if first:
            # What a marker demands is needed only where it is installed, or on another system.
            waiting += [
                (inner, limit)
                for inner, limit, marker in map(_parsed, installed.requires or ())
                if inner and "extra" not in marker and (not marker or _is_installed(inner))
            ]
    return [by_name[name] for name in sorted(by_name)]


def dependency_group(checked: list[Dependency]) -> Group:
    """Python and every dependency: installed, of a version that fits, and as its wheel brought it."""
    python = "" if sys.version_info >= PYTHON else f"Python is {sys.version.split()[0]}, and 3.11 is required"
    return group("dependencies", [*(dependency.fault for dependency in checked), python], lambda fault: fault)


def _own_requirements() -> list[tuple[str, str, str]]:
    own = own_distribution()
    if own is not None and own.requires:
        return [requirement for requirement in map(_parsed, own.requires) if "extra" not in requirement[2]]
    project = PACKAGE.parent / "pyproject.toml"
    if not project.is_file():
        return [("evidence-bundle-auditor", "", "")]  # nothing says what it needs: not installed is the fault
    document = tomllib.loads(project.read_text(encoding="utf-8"))
    return [_parsed(text) for text in document["project"]["dependencies"]]


def _parsed(requirement: str) -> tuple[str, str, str]:
    """Name, bounds and marker of a requirement (PEP 508); empty texts if it is none."""
    match = _REQUIREMENT.fullmatch(requirement)
    return (match[1], (match[2] or "").strip(), match[3] or "") if match else ("", "", "")


def _fits(version: str, required: str) -> bool:
    """Whether a version is at least every lower bound (upper ones are the other package's own matter)."""
    for sign, bound in _BOUND.findall(required):
        if (sign == "==" and _numbers(version) != _numbers(bound)) or _numbers(version) < _numbers(bound):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"[0-9]+", re.split(r"[a-z+]", version.lower())[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _files(installed: Distribution) -> tuple[int, tuple[str, ...]]:
    """The number of files with a digest in its RECORD, and those that differ or are missing."""
    number, altered = 0, []
    for file in installed.files or ():
        if file.hash is None or file.hash.mode != "sha256":
            continue
        number += 1
        path = Path(str(installed.locate_file(file)))
        digest = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            altered.append(str(file))
    return number, tuple(altered)


def _shadow(installed: Distribution) -> str:
    """From where the package's module comes, if not from it: another one of that name stands before it."""
    own = {Path(str(installed.locate_file(file))).resolve() for file in installed.files or ()}
    for top in sorted({name for file in installed.files or () if (name := _imported_as(file.parts))}):
        spec = find_spec(top)
        if spec is not None and spec.origin and Path(spec.origin).resolve() not in own:
            return spec.origin
    return ""


def _imported_as(parts: tuple[str, ...]) -> str:
    """The name under which a file of a distribution is imported, if it is a module at the top; else ``""``."""
    name = parts[0] if parts[1:] == ("__init__.py",) else parts[0].removesuffix(".py") if len(parts) == 1 else ""
    return name if name.isidentifier() else ""


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
