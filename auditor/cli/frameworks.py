"""`auditor frameworks`: requirements, the controls mapped to them and who says so, the patterns that judge them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import write_facts, write_heading, write_json, write_table

if TYPE_CHECKING:
    from auditor.catalogue import Control, Framework, Requirement
    from auditor.catalogue import Mapping as Tie

Fact = tuple[str, object]


@click.command("frameworks", short_help="List the frameworks, or show one.")
@options.framework_id
@options.controls_dir
@options.frameworks_dir
@options.as_json
def command(framework_id: str | None, controls_dir: Path | None, frameworks_dir: Path | None, as_json: bool) -> None:
    """List the frameworks, or show one: requirements, mapped controls and who says so, patterns that judge them.

    A mapping is published (its publisher and source are named) or inferred (our own reasoning). Supporting
    mappings are shown in reports and not counted.

    \b
    Examples:
      auditor frameworks
      auditor frameworks nist-800-53-r5
      auditor frameworks policy --frameworks policy.csv
    """
    from auditor.catalogue import load_controls, load_frameworks, resolve_framework

    controls = load_controls(controls_dir)
    frameworks = load_frameworks(frameworks_dir, controls)
    if framework_id is None:
        if as_json:
            write_json({"frameworks": list(frameworks.values())})
        else:
            _write_list(frameworks.values())
        return
    framework = resolve_framework(framework_id, frameworks)
    if as_json:
        write_json(framework)
    else:
        _write(framework, controls)


def _write_list(frameworks: Iterable[Framework]) -> None:
    write_table(
        ("Framework", "Requirements", "Controls", "Name"),
        [
            (
                framework.id,
                len(framework.requirements),
                len({mapping.control_id for mapping in framework.mappings}),
                framework.name,
            )
            for framework in frameworks
        ],
    )


def _write(framework: Framework, controls: Mapping[str, Control]) -> None:
    sources = _numbered(framework)
    write_heading(framework.id, framework.name)
    write_facts(
        [
            ("version", framework.version),
            ("edition", framework.edition_date),
            ("publisher", framework.publisher),
            ("kind", framework.kind),
            ("note", framework.note),
        ]
    )
    for requirement in framework.requirements:
        write_heading(requirement.id, requirement.heading)
        write_facts(_requirement(requirement, sources))
    write_heading("Patterns that judge these requirements")
    write_facts(_patterns(framework, controls))
    if sources:
        write_heading("Sources")
        write_facts((f"[{number}]", f"{publisher}: {where}") for (publisher, where), number in sources.items())


def _numbered(framework: Framework) -> dict[tuple[str, str], int]:
    """Publisher and whereabouts of each source → its number, in the order of their use."""
    numbers: dict[tuple[str, str], int] = {}
    for requirement in framework.requirements:
        for mapping in requirement.mappings:
            if mapping.publisher:
                numbers.setdefault((mapping.publisher, mapping.source), len(numbers) + 1)
        for support in requirement.support:
            numbers.setdefault((support.publisher, support.source), len(numbers) + 1)
    return numbers


def _requirement(requirement: Requirement, sources: Mapping[tuple[str, str], int]) -> Iterator[Fact]:
    yield "group", requirement.group
    for carrier, words in requirement.profile.items():
        yield f"level, by {carrier}", words
    if not requirement.mappings:
        yield "controls", "none: the requirement is not assessed"
    groups: dict[tuple[str, str, str, str, bool], list[str]] = {}
    for mapping in requirement.mappings:
        alike = (mapping.provenance, mapping.publisher, mapping.source, mapping.note, mapping.counted)
        groups.setdefault(alike, []).append(_judge(mapping))
    for (provenance, publisher, source, note, counted), names in groups.items():
        yield provenance, ", ".join(names)
        if publisher:
            yield "by", f"{publisher} [{sources[publisher, source]}]"
        yield "note", note
        yield "strength", "" if counted else "supporting: shown, not counted"
    for support in requirement.support:
        yield "backed by", f"{support.publisher} [{sources[support.publisher, support.source]}]"
        yield "", support.note


def _judge(mapping: Tie) -> str:
    return mapping.control_id if mapping.variant == "default" else f"{mapping.control_id}@{mapping.variant}"


def _patterns(framework: Framework, controls: Mapping[str, Control]) -> Iterator[Fact]:
    judges = {_judge(mapping): (mapping.control_id, mapping.variant) for mapping in framework.mappings}
    for name, (control_id, variant) in judges.items():
        yield "control", name
        for number, accepted in enumerate(controls[control_id].variants[variant].patterns):
            yield ("or" if number else "pattern"), accepted.pattern
            yield "remark", accepted.remark
