"""The controls that a requirement maps, those of one provenance, source and note together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from auditor.reports.html.words import PROVENANCE_WORDS
from auditor.result import Requirement


@dataclass(frozen=True, slots=True)
class Mapped:
    """Controls that are mapped alike, each with its verdict."""

    provenance: str  # published | inferred
    words: str
    counted: bool
    source: str
    controls: tuple[tuple[str, str], ...]


def mapped(requirement: Requirement) -> list[Mapped]:
    """The groups of a requirement's controls in the order of their first ones; the counted ones first."""
    groups: dict[tuple[str, bool, str], list[tuple[str, str]]] = defaultdict(list)
    for mapping in requirement["controls"]:
        source = " · ".join(filter(None, [mapping["publisher"], mapping["source"], mapping["note"]]))
        key = (mapping["provenance"], mapping["counted"], source)
        groups[key].append((mapping["control"].removesuffix("@default"), mapping["verdict"].replace("_", " ")))
    made = [
        Mapped(provenance, PROVENANCE_WORDS.get(provenance, provenance), counted, source, tuple(controls))
        for (provenance, counted, source), controls in groups.items()
    ]
    return sorted(made, key=lambda one: not one.counted)
