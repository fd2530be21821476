"""`auditor frameworks`: requirements and the controls mapped to them."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import write_facts, write_heading, write_json, write_table
from auditor.errors import AuditorError
from auditor.text import count, one_line

if TYPE_CHECKING:
    from auditor.catalogue import Framework


@click.command("frameworks", short_help="List the frameworks, or show one.")
@options.framework_id
@options.controls_dir
@options.frameworks_dir
@options.as_json
def command(framework_id: str | None, controls_dir: Path | None, frameworks_dir: Path | None, as_json: bool) -> None:
    """List the frameworks, or show one: requirements, mapped controls, who says so.

    A mapping is published (its publisher and source are named) or inferred (our own reasoning). Supporting
    mappings are shown in reports and not counted.

    \b
    Examples:
      auditor frameworks
      auditor frameworks nist-800-53-r5
      auditor frameworks policy --frameworks policy.csv
    """
    from auditor.catalogue import load_controls, load_frameworks

    frameworks = load_frameworks(frameworks_dir, load_controls(controls_dir))
    if framework_id is None:
        if as_json:
            write_json({"frameworks": list(frameworks.values())})
        else:
            write_table(
                ("Framework", "Name", "Version", "Publisher", "Requirements"),
                [
                    (
                        framework.id,
                        framework.name,
                        framework.version,
                        framework.publisher,
                        count(len(framework.requirements), "requirement"),
                    )
                    for framework in frameworks.values()
                ],
            )
        return
    if framework_id not in frameworks:
        near = difflib.get_close_matches(framework_id, frameworks, n=1, cutoff=0.4)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise AuditorError(
            f"There is no framework {one_line(framework_id)!r}.",
            remedy=f"{hint}`auditor frameworks` lists all of them.",
        )
    if as_json:
        write_json(frameworks[framework_id])
    else:
        _write(frameworks[framework_id])


def _write(framework: Framework) -> None:
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
        facts: list[tuple[str, object]] = [("group", requirement.group)]
        for mapping in requirement.mappings:
            counted = "" if mapping.counted else ", supporting: shown, not counted"
            facts += [
                ("control", f"{mapping.control_id}@{mapping.variant} ({mapping.provenance}{counted})"),
                ("source", f"{mapping.publisher}: {mapping.source}" if mapping.publisher else ""),
                ("note", mapping.note),
            ]
        for support in requirement.support:
            facts.append(("supported by", f"{support.publisher}: {support.source}"))
            facts.append(("", support.note))
        write_facts(facts)
