"""What a user installs: pinned by hash, under licences that are listed, none of which binds the user's own work."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
HASHED = re.compile(r"^([a-z0-9-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)
# As SPDX writes them, and as older metadata do. All let anybody use, change and pass on, and ask for a notice alone.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0", "Zlib",
    "Apache Software License", "BSD License", "MIT License", "PSFL", "Python Software Foundation License",
}  # fmt: skip
# Copyleft of single files, in a library that is used as it was published: docs/security.md says why it may be.
EXCEPTIONS = {"orjson": "MPL-2.0"}


def required() -> set[str]:
    """What the program and its seal require, and what that requires, by canonical name."""
    names: set[str] = set()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    seal = re.search(r"^seal = \[(.*)\]$", project, re.MULTILINE)
    assert declared
    assert seal
    waiting = re.findall(r'"([^"]+)"', declared[1] + seal[1])
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name not in names and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            names.add(name)
            waiting += distribution(name).requires or ()
    return names


def licence(name: str) -> str:
    """The licence that a distribution declares: its expression, else its classifiers, else a short text."""
    metadata = distribution(name).metadata
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    classified = [str(one).rpartition(" :: ")[2] for one in metadata.get_all("Classifier") or () if "License ::" in one]
    return " OR ".join(classified) or str(metadata.get("License") or "none")


def binding(expression: str) -> set[str]:
    """What of a licence binds more than a notice does; of alternatives none if one does not."""
    bare = expression.replace("(", " ").replace(")", " ")
    return {
        part.strip()
        for part in bare.split(" AND ")
        if not any(choice.strip() in PERMISSIVE for choice in part.split(" OR "))
    }


@pytest.mark.parametrize(
    ("expression", "bound"),
    [
        ("MIT", set()),
        ("BSD-3-Clause AND ISC", set()),
        ("GPL-3.0-only OR MIT", set()),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", {"MPL-2.0"}),
        ("GPL-3.0-or-later", {"GPL-3.0-or-later"}),
        ("MIT AND LGPL-2.1-only", {"LGPL-2.1-only"}),
        ("none", {"none"}),
    ],
)
def test_a_copyleft_is_noticed(expression: str, bound: set[str]) -> None:
    assert binding(expression) == bound


def test_no_dependency_is_copyleft() -> None:
    found = {name: binding(licence(name)) for name in sorted(required())}
    assert {name: bound for name, bound in found.items() if bound} == {
        name: {bound} for name, bound in EXCEPTIONS.items()
    }


def test_the_licences_are_listed() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    table = page.partition("| package | licence |\n|---|---|\n")[2]
    listed = dict(re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \|$", table, re.MULTILINE))
    assert listed == {name: licence(name) for name in required()}


def test_what_is_installed_offline_is_pinned_by_hash() -> None:
    text = (ROOT / "requirements-offline.txt").read_text(encoding="utf-8")
    pinned = {name: version for name, version, _ in HASHED.findall(text)}
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    exact = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+)$", constraints, re.MULTILINE)
    }
    assert required() <= pinned.keys()
    assert pinned == {name: exact[name] for name in pinned}
    assert HASHED.sub("", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).strip() == ""


def test_the_environment_of_the_tests_is_the_pinned_one() -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    exact = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+)$", constraints, re.MULTILINE)
    }
    installed: dict[str, Distribution] = {name: distribution(name) for name in required()}
    assert {name: one.version for name, one in installed.items()} == {name: exact[name] for name in installed}
