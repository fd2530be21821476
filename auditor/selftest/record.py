"""The record of a qualification: what ran where, and how every group of known answers came out."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import AuditorError
from auditor.selftest.answers import chains, matching, relations, reports, rules_of_gsl
from auditor.selftest.dependencies import Dependency, dependencies, dependency_group
from auditor.selftest.group import Group
from auditor.selftest.modules import module_digests, modules, modules_sha256
from auditor.version import __version__

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Qualification:
    """What a selftest came to. ``modules`` are SHA-256 by path; ``at`` is UTC, the only time that is of a clock."""

    groups: tuple[Group, ...]
    modules: dict[str, str]
    dependencies: tuple[Dependency, ...]
    at: str

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not any(group.failures for group in self.groups)

    @property
    def modules_sha256(self) -> str:
        """The digest of all files of the program."""
        return modules_sha256(self.modules)

    def record(self) -> dict[str, object]:
        """The record, ready to be written as JSON."""
        return {
            "ok": self.ok,
            "groups": [
                {
                    "name": entry.name,
                    "cases": entry.cases,
                    "failed": len(entry.failures),
                    "failures": list(entry.failures),
                    "remark": entry.remark,
                }
                for entry in self.groups
            ],
            "modules_sha256": self.modules_sha256,
            "tool": {"name": "auditor", "version": __version__},
            "tested_at": self.at,
            "python": {
                "version": platform.python_version(),
                "implementation": platform.python_implementation(),
                "build": sys.version,
            },
            "platform": {"system": platform.platform(), "machine": platform.machine()},
            "dependencies": [entry.facts() for entry in self.dependencies],
            "modules": [{"path": path, "sha256": digest} for path, digest in self.modules.items()],
        }

    def write(self, path: Path) -> None:
        """Writes the record. Raises AuditorError: it exists, or cannot be written."""
        if os.path.lexists(path):
            raise AuditorError(
                "exists already; a record is never overwritten.", file=str(path), remedy="Give a new name."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(self.record(), indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise AuditorError(
                f"cannot be written ({error.strerror or error}).", file=str(path), remedy="Choose another --record."
            ) from None


def qualify(progress: Progress | None = None) -> Qualification:
    """Runs every group; nothing that goes wrong in one keeps the others from being run."""
    installed = tuple(dependencies())
    tests: tuple[Callable[[], Group], ...] = (
        modules, lambda: dependency_group(list(installed)), matching, relations, rules_of_gsl, chains, reports,
    )  # fmt: skip
    groups = []
    for number, test in enumerate(tests):
        if progress is not None:
            progress(number, len(tests), "known answers")
        groups.append(test())
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Qualification(tuple(groups), module_digests(), installed, at)
