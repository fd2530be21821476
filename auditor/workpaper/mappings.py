"""The controls that a requirement maps, those of one provenance, source and note together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.result import RequirementResult
from auditor.text import count
from auditor.verdict import Provenance

FEW = 4
_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Mapped:
    """Controls that are mapped alike, each with its verdict."""

    provenance: Provenance
    counted: bool
    publisher: str
    source: str
    note: str
    controls: tuple[tuple[str, str], ...]

    @property
    def names(self) -> str:
        """The controls in one line."""
        return ", ".join(name for name, _ in self.controls)

    @property
    def names_in_short(self) -> str:
        """The controls by name if they are few, else their number."""
        return self.names if len(self.controls) <= FEW else count(len(self.controls), "control")


def mapped(requirement: RequirementResult) -> list[Mapped]:
    """The groups of a requirement's controls in the order of their first ones; the counted ones first."""
    groups: dict[tuple[Provenance, bool, str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for mapping in requirement["controls"]:
        key = (
            mapping["provenance"], mapping["counted"], mapping["publisher"], mapping["source"], mapping["note"],
        )  # fmt: skip
        name = mapping["control"].removesuffix("@default")
        groups[key].append((name, mapping["verdict"].replace("_", " ")))
    mapped_groups = [Mapped(*key, tuple(controls)) for key, controls in groups.items()]
    return sorted(mapped_groups, key=lambda group: not group.counted)


def in_natural_order(requirements: Sequence[RequirementResult]) -> list[RequirementResult]:
    """The requirements by id, ``CC7.2`` before ``CC7.10``."""
    return sorted(requirements, key=lambda requirement: natural(requirement["id"]))


def natural(requirement_id: str) -> list[tuple[bool, int, str]]:
    """The key that puts ``CC7.2`` before ``CC7.10``."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _NUMBERS.split(requirement_id)]
