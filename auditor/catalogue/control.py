"""A control's document, valid against its schema, as a :class:`Control`."""

from __future__ import annotations

from collections import abc
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.catalogue.document import CatalogueError
from auditor.catalogue.model import AcceptedPattern, Control, Event, Misprint, RuleRepair, Variant
from auditor.catalogue.sources import Sources
from auditor.text import pointer


def control_of(document: dict[str, Any], path: Path) -> Control:
    """The control that ``document`` describes.

    Raises:
        CatalogueError: it names a source that it lacks, or reads a misprint as a pattern that it does not accept.
    """
    sources = Sources(document, path)
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
            {name: _variant(name, facts, sources, path) for name, facts in document["variants"].items()}
        ),
        events=tuple(event for facts in document["events"] for event in _events(facts)),
        references=tuple(document.get("references", ())),
        remediation=MappingProxyType(document["remediation"]),
    )


def _events(facts: dict[str, Any]) -> list[Event]:
    names = [facts["name"]] if isinstance(facts["name"], str) else facts["name"]
    return [
        Event(
            source=facts["source"],
            name=name,
            read_only=facts["read_only"],
            global_service=facts.get("global_service", False),
            certainty=facts.get("certainty", "inferred"),
        )
        for name in names
    ]


def _variant(name: str, facts: dict[str, Any], sources: Sources, path: Path) -> Variant:
    accepted = []
    for number, each in enumerate(facts["patterns"]):
        publisher, source = sources(each["source"], "variants", name, "patterns", number, "source")
        accepted.append(AcceptedPattern(each["pattern"], publisher, source, each.get("remark", "")))
    rule_publisher, rule_source = None, None
    if "rule" in facts:
        rule_publisher, rule_source = sources(facts["rule_source"], "variants", name, "rule_source")
    return Variant(
        name=name,
        patterns=tuple(accepted),
        misprints=tuple(
            _misprint(each, accepted, sources, path, ("variants", name, "misprints", number))
            for number, each in enumerate(facts.get("misprints", ()))
        ),
        note=facts.get("note", ""),
        rule=facts.get("rule"),
        rule_id=facts.get("rule_id"),
        rule_publisher=rule_publisher,
        rule_source=rule_source,
        rule_repair=RuleRepair(**facts["rule_repair"]) if "rule_repair" in facts else None,
    )


def _misprint(
    facts: dict[str, Any],
    accepted: abc.Sequence[AcceptedPattern],
    sources: Sources,
    path: Path,
    place: tuple[str | int, ...],
) -> Misprint:
    read_as = facts.get("read_as", accepted[0].pattern)
    if read_as not in {accepted_pattern.pattern for accepted_pattern in accepted}:
        raise CatalogueError(
            "is read as a pattern that the variant does not accept.",
            file=str(path),
            pointer=pointer(*place, "read_as"),
            remedy="Copy one of the variant's patterns, or leave read_as out: the first one then.",
        )
    return Misprint(facts["text"], *sources(facts["source"], *place, "source"), facts["fault"], read_as, facts["why"])
