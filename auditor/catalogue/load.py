"""Loads controls and frameworks: those of the product, then a user's own, which may add and may not redefine."""

from __future__ import annotations

from collections import abc
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.catalogue.document import CatalogueError, read_document
from auditor.catalogue.model import (
    AcceptedPattern,
    Control,
    Event,
    Framework,
    Mapping,
    Misprint,
    Requirement,
    Support,
    Variant,
)
from auditor.catalogue.table import read_table
from auditor.resources import data_files
from auditor.text import listing, one_line, pointer


def load_controls(extra: Path | None = None) -> dict[str, Control]:
    """All controls by id, sorted; ``extra`` is a folder of a user's own control files, or one such file.

    Raises:
        CatalogueError: a file is not usable, or redefines a control; names file, place and remedy.
    """
    found: dict[str, Control] = {}
    for path in [*data_files("catalogue/controls"), *_files(extra, ".json")]:
        control = _control(read_document(path, "control"), path)
        _refuse_second(control.id, found, path, "control")
        found[control.id] = control
    return dict(sorted(found.items()))


def load_frameworks(
    extra: Path | None = None, controls: abc.Mapping[str, Control] | None = None
) -> dict[str, Framework]:
    """All frameworks by id, the product's first, each set sorted by file.

    ``extra`` is a folder of a user's own files, or one such file: JSON, or a table (see ``catalogue.table``).
    ``controls`` are those that mappings may name; the product's own without it.

    Raises:
        CatalogueError: a file is not usable, redefines a framework or maps to an unknown control.
    """
    known = load_controls() if controls is None else controls
    found: dict[str, Framework] = {}
    for path in [*data_files("catalogue/frameworks"), *_files(extra, ".json", ".csv")]:
        is_table = path.suffix.lower() == ".csv"
        document = read_table(path, known) if is_table else read_document(path, "framework")
        framework = _framework(document, path, known)
        _refuse_second(framework.id, found, path, "framework")
        found[framework.id] = framework
    return found


def _files(given: Path | None, *endings: str) -> list[Path]:
    if given is None:
        return []
    kinds = listing((ending[1:].upper() for ending in endings), "or")
    if given.is_file() and given.suffix.lower() in endings:
        return [given]
    if not given.is_dir():
        raise CatalogueError("is not a folder.", file=str(given), remedy=f"Name a folder that holds {kinds} files.")
    files = sorted(path for path in given.iterdir() if path.suffix.lower() in endings and path.is_file())
    if not files:
        raise CatalogueError(f"holds no {kinds} file.", file=str(given), remedy="Name the folder of your files.")
    return files


def _refuse_second(id_: str, found: abc.Container[str], path: Path, kind: str) -> None:
    if id_ in found:
        is_table = path.suffix.lower() == ".csv"  # whose name gives the id
        raise CatalogueError(
            f"defines the {kind} {id_} a second time.",
            file=str(path),
            pointer="" if is_table else "/id",
            remedy="Rename the file." if is_table else f"Give your {kind} an id of its own.",
        )


class _Sources:
    """The publications a file names, by key; an unknown key is an error at the place that uses it."""

    def __init__(self, document: dict[str, Any], path: Path) -> None:
        self._sources = document.get("sources", {})
        self._path = path

    def __call__(self, key: str, *place: str | int) -> tuple[str, str]:
        """Publisher and whereabouts of the source ``key``, used at ``place``."""
        if key not in self._sources:
            known = listing(sorted(self._sources), "or") or "none"
            raise CatalogueError(
                f"names the source {one_line(key)}, which the file does not have.",
                file=str(self._path),
                pointer=pointer(*place),
                remedy=f"Add it under /sources, or use one of these: {known}.",
            )
        source = self._sources[key]
        return source["publisher"], source["where"]


def _control(document: dict[str, Any], path: Path) -> Control:
    sources = _Sources(document, path)
    risk_publisher, risk_source = sources(document["risk"]["source"], "risk", "source")
    aliases = {publisher: tuple(names) for publisher, names in document.get("aliases", {}).items()}
    return Control(
        id=document["id"],
        title=document["title"],
        rule_title=document.get("rule_title", document["title"]),
        risk=document["risk"]["level"],
        risk_publisher=risk_publisher,
        risk_source=risk_source,
        category=document["category"],
        cloud_entity=document["cloud_entity"],
        cloud_entity_meaning=document["cloud_entity_meaning"],
        covered_by_spectral=document.get("covered_by_spectral"),
        rationale=document["rationale"],
        remarks=tuple(document.get("remarks", ())),
        aliases=tuple(dict.fromkeys(name for names in aliases.values() for name in names)),
        aliases_by_publisher=MappingProxyType(aliases),
        variants=MappingProxyType(
            {name: _variant(name, facts, sources) for name, facts in document["variants"].items()}
        ),
        events=tuple(
            Event(
                source=event["source"],
                name=event["name"],
                read_only=event["read_only"],
                global_service=event.get("global_service", False),
                certainty=event.get("certainty", "inferred"),
            )
            for event in document["events"]
        ),
        references=tuple(document.get("references", ())),
        remediation=MappingProxyType(document["remediation"]),
    )


def _variant(name: str, facts: dict[str, Any], sources: _Sources) -> Variant:
    patterns = []
    for number, accepted in enumerate(facts["patterns"]):
        publisher, source = sources(accepted["source"], "variants", name, "patterns", number, "source")
        patterns.append(AcceptedPattern(accepted["pattern"], publisher, source, accepted.get("remark", "")))
    rule_publisher, rule_source = None, None
    if "rule" in facts:
        rule_publisher, rule_source = sources(facts["rule_source"], "variants", name, "rule_source")
    return Variant(
        name=name,
        patterns=tuple(patterns),
        misprints=tuple(
            Misprint(
                misprint["text"],
                *sources(misprint["source"], "variants", name, "misprints", number, "source"),
                misprint["fault"],
            )
            for number, misprint in enumerate(facts.get("misprints", ()))
        ),
        note=facts.get("note", ""),
        rule=facts.get("rule"),
        rule_id=facts.get("rule_id"),
        rule_publisher=rule_publisher,
        rule_source=rule_source,
    )


def _framework(document: dict[str, Any], path: Path, controls: abc.Mapping[str, Control]) -> Framework:
    sources = _Sources(document, path)
    requirements: list[Requirement] = []
    for number, facts in enumerate(document["requirements"]):
        place = ("requirements", number)
        if facts["id"] in {requirement.id for requirement in requirements}:
            raise CatalogueError(
                f"has the requirement {one_line(facts['id'])} twice.",
                file=str(path),
                pointer=pointer(*place, "id"),
                remedy="Put its mappings into one entry.",
            )
        requirements.append(
            Requirement(
                id=facts["id"],
                heading=facts["heading"],
                group=facts.get("group", ""),
                mappings=tuple(
                    _mapping(mapping, sources, controls, path, (*place, "mappings", index))
                    for index, mapping in enumerate(facts["mappings"])
                ),
                support=tuple(
                    Support(*sources(support["source"], *place, "support", index, "source"), support["note"])
                    for index, support in enumerate(facts.get("support", ()))
                ),
                profile=MappingProxyType(facts.get("profile", {})),
            )
        )
    return Framework(
        id=document["id"],
        name=document["name"],
        version=document["version"],
        publisher=document["publisher"],
        edition_date=document.get("edition_date"),
        kind=document.get("kind", ""),
        note=document.get("note", ""),
        requirements=tuple(requirements),
    )


def _mapping(
    facts: dict[str, Any],
    sources: _Sources,
    controls: abc.Mapping[str, Control],
    path: Path,
    place: tuple[str | int, ...],
) -> Mapping:
    control_id, _, named = facts["control"].partition("@")
    variant = named or "default"
    control = controls.get(control_id)
    if control is None or variant not in control.variants:
        missing = f"control {one_line(control_id)}" if control is None else f"variant {one_line(facts['control'])}"
        choice = controls if control is None else control.variants
        raise CatalogueError(
            f"maps to the {missing}, which is not known.",
            file=str(path),
            pointer=pointer(*place, "control"),
            remedy=f"Use one of these: {listing(sorted(choice), 'or')}.",
        )
    publisher, source = sources(facts["source"], *place, "source") if "source" in facts else ("", "")
    return Mapping(
        control_id=control_id,
        variant=variant,
        provenance=facts["provenance"],
        publisher=publisher,
        source=source,
        note=facts.get("note", ""),
        strength=facts.get("strength", "primary"),
    )
