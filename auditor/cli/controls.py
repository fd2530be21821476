"""`auditor controls`: what is tested, with the sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import write_facts, write_heading, write_json, write_table
from auditor.text import listing

if TYPE_CHECKING:
    from auditor.catalogue import Control


@click.command("controls", short_help="List the controls, or show one.")
@options.control_id
@options.controls_dir
@options.as_json
def command(control_id: str | None, controls_dir: Path | None, as_json: bool) -> None:
    """List the controls, or show one: pattern, events, names elsewhere, sources.

    ID is a control's id or an alias (CloudGuard, CIS, Security Hub …).

    \b
    Examples:
      auditor controls
      auditor controls D9.AWS.MON.23
    """
    from auditor.catalogue import load_controls, resolve_control

    controls = load_controls(controls_dir)
    if control_id is None:
        if as_json:
            write_json({"controls": list(controls.values())})
        else:
            write_table(
                ("Control", "Risk", "Title", "Also known as"),
                [
                    (control.id, control.risk, control.title, listing(control.aliases, limit=4))
                    for control in controls.values()
                ],
            )
        return
    control = resolve_control(control_id, controls)
    if as_json:
        write_json(control)
    else:
        _write(control)


def _write(control: Control) -> None:
    write_heading(control.id, control.title)
    spectral = {True: "yes", False: "no", None: "not known"}[control.covered_by_spectral]
    write_facts(
        [
            ("risk", f"{control.risk} ({control.risk_publisher})"),
            ("category", control.category),
            ("cloud entity", f"{control.cloud_entity}: {control.cloud_entity_meaning}"),
            ("published title", control.rule_title),
            ("also known as", ", ".join(control.aliases)),
            ("covered by Spectral", spectral),
            ("why", control.rationale),
            *(("remark", remark) for remark in control.remarks),
        ]
    )
    for variant in control.variants.values():
        write_heading(f"{control.id}@{variant.name}", variant.note)
        for accepted in variant.patterns:
            write_facts(
                [
                    ("pattern", accepted.pattern),
                    ("source", f"{accepted.publisher}: {accepted.source}"),
                    ("remark", accepted.remark),
                ]
            )
        for misprint in variant.misprints:
            write_facts(
                [
                    ("misprint", misprint.text),
                    ("source", f"{misprint.publisher}: {misprint.source}"),
                    ("what is broken", misprint.fault),
                ]
            )
        write_facts(
            [
                ("rule", variant.rule),
                ("rule id", variant.rule_id),
                ("source", f"{variant.rule_publisher}: {variant.rule_source}" if variant.rule else ""),
            ]
        )
    write_heading("Events")
    write_table(
        ("Event", "Source", "Kind", "Known"),
        [
            (event.name, event.source, "read" if event.read_only else "write", event.certainty)
            for event in control.events
        ],
        indent=2,
    )
    if control.references:
        write_heading("References")
        write_table(("",), [(reference,) for reference in control.references], indent=2)
