"""A framework's document, valid against its schema, as a :class:`Framework`."""

from __future__ import annotations

from collections import abc
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.catalogue.document import CatalogueError
from auditor.catalogue.model import Control, Framework, Mapping, Requirement, Support
from auditor.catalogue.names import resolve_variant
from auditor.catalogue.sources import Sources
from auditor.text import one_line, pointer


def framework_of(document: dict[str, Any], path: Path, controls: abc.Mapping[str, Control]) -> Framework:
    """The framework that ``document`` describes.

    Raises:
        CatalogueError: a requirement or a mapping twice, a source that it lacks, a control not in ``controls``.
    """
    sources = Sources(document, path)
    requirements: dict[str, Requirement] = {}
    for number, facts in enumerate(document["requirements"]):
        place = ("requirements", number)
        if facts["id"] in requirements:
            raise CatalogueError(
                f"has the requirement {one_line(facts['id'])} twice.",
                file=str(path),
                pointer=pointer(*place, "id"),
                remedy="Put its mappings into one entry.",
            )
        requirements[facts["id"]] = Requirement(
            id=facts["id"],
            heading=facts["heading"],
            group=facts.get("group", ""),
            mappings=_mappings(facts["mappings"], sources, controls, path, (*place, "mappings")),
            support=tuple(
                Support(*sources(support["source"], *place, "support", index, "source"), support["note"])
                for index, support in enumerate(facts.get("support", ()))
            ),
            profile=MappingProxyType(facts.get("profile", {})),
        )
    return Framework(
        id=document["id"],
        name=document["name"],
        version=document["version"],
        publisher=document["publisher"],
        edition_date=document.get("edition_date"),
        kind=document.get("kind", ""),
        note=document.get("note", ""),
        requirements=tuple(requirements.values()),
    )


def _mappings(
    entries: abc.Sequence[dict[str, Any]],
    sources: Sources,
    controls: abc.Mapping[str, Control],
    path: Path,
    place: tuple[str | int, ...],
) -> tuple[Mapping, ...]:
    """One mapping per control: an entry may name several that share provenance, source, note and strength."""
    mappings: dict[tuple[str, str], Mapping] = {}
    for number, entry in enumerate(entries):
        publisher, source = sources(entry["source"], *place, number, "source") if "source" in entry else ("", "")
        alone = isinstance(entry["control"], str)
        for index, name in enumerate([entry["control"]] if alone else entry["control"]):
            at = (*place, number, "control", *(() if alone else (index,)))
            control_id, variant = _control(name, controls, path, at)
            if (control_id, variant) in mappings:
                raise CatalogueError(
                    f"maps the requirement to {control_id}@{variant} a second time.",
                    file=str(path),
                    pointer=pointer(*at),
                    remedy="Keep one of the mappings.",
                    code="invalid-framework",
                )
            mappings[control_id, variant] = Mapping(
                control_id=control_id,
                variant=variant,
                provenance=entry["provenance"],
                publisher=publisher,
                source=source,
                note=entry.get("note", ""),
                strength=entry.get("strength", "primary"),
            )
    return tuple(mappings.values())


def _control(
    name: str, controls: abc.Mapping[str, Control], path: Path, place: tuple[str | int, ...]
) -> tuple[str, str]:
    control_id, _, variant = name.partition("@")
    if control_id in controls and (variant or "default") in controls[control_id].variants:
        return control_id, variant or "default"
    try:
        control, variant = resolve_variant(name, controls)
    except CatalogueError as error:
        problem = error.problem
        raise CatalogueError(
            problem.problem, file=str(path), pointer=pointer(*place), remedy=problem.remedy, code="invalid-framework"
        ) from None
    return control.id, variant
