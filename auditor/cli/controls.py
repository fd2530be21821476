"""`auditor controls`: what is tested, by which patterns and rules, for which requirements, with the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options, sql
from auditor.cli.output import progress, write_facts, write_heading, write_json, write_table
from auditor.text import listing

if TYPE_CHECKING:
    from auditor.catalogue import Control, Event, Framework, Misprint, Variant
    from auditor.patterns import Pattern

Fact = tuple[str, object]

_SHORT = 16  # characters of a name that still fits into the list
_BENCHMARK = re.compile(r"CIS (?P<version>[\d.]+) (?P<number>[\d.]+)")


@click.command("controls", short_help="List the controls, or show one.")
@options.control_id
@options.controls_dir
@click.option(
    "--sql",
    "dialect",
    type=click.Choice(sql.DIALECTS),
    help="Write SQL instead, which selects what the control (without ID: every control) counts from log files.",
)
@sql.place
@click.option(
    "--bundle",
    "bundles",
    multiple=True,
    type=options.FILE,
    metavar="BUNDLE",
    help="With --sql: select also what this bundle's metric filters count beyond the control (repeatable).",
)
@options.as_json
def command(
    control_id: str | None,
    controls_dir: Path | None,
    dialect: str | None,
    place: str | None,
    bundles: tuple[Path, ...],
    as_json: bool,
) -> None:
    """List the controls, or show one: patterns, rule, requirements, events, names elsewhere, sources.

    ID is a control's id or an alias (CloudGuard, CIS with its version, Security Hub, Prowler, Powerpipe), in any case;
    ID@VARIANT shows that variant alone.

    With --sql, the recommended pattern (by which events are replayed; with ID@VARIANT that variant's, too) is written
    as two queries over raw CloudTrail log files, as `auditor pattern sql` does; docs/replay.md is the recipe.

    \b
    Examples:
      auditor controls
      auditor controls D9.AWS.MON.23
      auditor controls "CIS 1.4.0 4.1"
      auditor controls unauthorized-api-calls@cis-1.3.0
      auditor controls ssm-actions --sql duckdb --from 'logs/**/*.json.gz' --bundle prod.zip > replay.sql
    """
    from auditor.catalogue import load_controls, load_frameworks, resolve_variant

    controls = load_controls(controls_dir)
    if dialect is not None:
        chosen = list(controls) if control_id is None else [control_id]
        chosen_variants = [(*resolve_variant(each, controls), "@" in each) for each in chosen]
        sql.write_queries(_to_replay(chosen_variants, bundles), dialect, place, as_json=as_json)
        return
    if place is not None or bundles:
        raise click.UsageError("--from and --bundle go with --sql.")
    if control_id is None:
        if as_json:
            write_json({"controls": list(controls.values())})
        else:
            _write_list(controls.values())
        return
    control, variant = resolve_variant(control_id, controls)
    if as_json:
        write_json(control)
    else:
        shown = [control.variants[variant]] if "@" in control_id else list(control.variants.values())
        _write(control, shown, load_frameworks(None, controls))


def _to_replay(variants: Iterable[tuple[Control, str, bool]], bundles: Sequence[Path]) -> list[Pattern]:
    """The patterns that select what a replay decides on."""
    import auditor
    from auditor.replay.selection import patterns_to_select

    filters: list[str] = []
    if bundles:
        with progress() as show:
            filters = (
                auditor.open_bundle(*bundles, progress=show).metric_filters["filter_pattern"].fillna("").tolist()
            )  # none: every event (L10)
    return [
        pattern
        for control, variant, named in variants
        for pattern in patterns_to_select(control, variant if named else None, filters)
    ]


def _write_list(controls: Iterable[Control]) -> None:
    write_table(
        ("Control", "Risk", "Title (names elsewhere)"),
        [
            (
                control.id,
                control.risk,
                f"{control.title} ({names})" if (names := _short_names(control)) else control.title,
            )
            for control in controls
        ],
    )


def _short_names(control: Control) -> str:
    """Up to three short names, each publisher's first one, of benchmark numbers the latest."""
    names = [
        every[-1] if _BENCHMARK.fullmatch(every[0]) else every[0] for every in control.aliases_by_publisher.values()
    ]
    return ", ".join([name for name in names if len(name) <= _SHORT][:3])


def _write(control: Control, variants: Iterable[Variant], frameworks: Mapping[str, Framework]) -> None:
    write_heading(control.id, control.title)
    spectral = {True: "yes", False: "no", None: "not known"}[control.covered_by_spectral]
    write_facts(
        [
            ("published title", control.rule_title if control.rule_title != control.title else ""),
            ("risk", f"{control.risk}, says {control.risk_publisher}"),
            ("category", control.category),
            ("cloud entity", control.cloud_entity),
            ("", control.cloud_entity_meaning),
            ("covered by Spectral", spectral),
            ("why", control.rationale),
            *_labelled("remark", control.remarks),
        ]
    )
    for variant in variants:
        recommended = variant.name == "default"
        write_heading(
            f"{control.id}@{variant.name}", "recommended: the objective is always judged by it" if recommended else ""
        )
        write_facts(_variant(control, variant, frameworks))
    write_heading("Events to notice")
    write_facts(_events(control.events))
    if control.aliases:
        write_heading("Names elsewhere")
        write_facts((publisher, _names(names)) for publisher, names in control.aliases_by_publisher.items())
    if control.references:
        write_heading("References")
        write_table(("",), [(reference,) for reference in control.references], indent=2)


def _variant(control: Control, variant: Variant, frameworks: Mapping[str, Framework]) -> Iterator[Fact]:
    yield "note", variant.note
    yield from _labelled("judges", _judged(control, variant, frameworks))
    for number, accepted in enumerate(variant.patterns, 1):
        yield (f"pattern {number}, any suffices" if variant.patterns[1:] else "pattern"), accepted.pattern
        yield "source", f"{accepted.publisher}: {accepted.source}"
        yield "remark", accepted.remark
    for misprint in variant.misprints:
        yield from _misprint(misprint, variant)
    if variant.rule is None:
        yield "rule", "none was published for this meaning"
        return
    yield "rule, as published", variant.rule
    yield "rule id", variant.rule_id
    yield "source", f"{variant.rule_publisher}: {variant.rule_source}"
    if variant.rule_repair:
        yield "broken", variant.rule_repair.fault
        yield "evaluated instead", variant.rule_repair.text
        yield "why so", variant.rule_repair.why


def _misprint(misprint: Misprint, variant: Variant) -> Iterator[Fact]:
    number = [accepted.pattern for accepted in variant.patterns].index(misprint.read_as) + 1
    yield "broken in print", misprint.text
    yield "source", f"{misprint.publisher}: {misprint.source}"
    yield "what is broken", misprint.fault
    yield "read as", f"pattern {number}" if variant.patterns[1:] else "the pattern above"
    yield "why so", misprint.why


def _judged(control: Control, variant: Variant, frameworks: Mapping[str, Framework]) -> list[str]:
    """The requirements that the variant judges, a line per framework."""
    lines = []
    for framework in frameworks.values():
        ids = [
            f"{requirement.id}{'' if mapping.counted else ' *'}"
            for requirement in framework.requirements
            for mapping in requirement.mappings
            if (mapping.control_id, mapping.variant) == (control.id, variant.name)
        ]
        if ids:
            lines.append(f"{framework.id}: {', '.join(ids)}")
    if any(" *" in line for line in lines):
        lines.append("* supporting: shown and not counted")
    return lines or ["no requirement of the product's frameworks"]


def _labelled(label: str, lines: Iterable[str]) -> Iterator[Fact]:
    """The label before the first line only."""
    for number, line in enumerate(lines):
        yield "" if number else label, line


def _events(events: Iterable[Event]) -> Iterator[Fact]:
    """Names by kind and source, as they follow each other."""
    groups: dict[tuple[str, str], list[str]] = {}
    for event in events:
        kind = "read" if event.read_only else "write"
        place = ", as a global service" if event.global_service else ""
        name = f"{event.name}{'' if event.certainty == 'certain' else '?'}"
        groups.setdefault((kind, f"{event.source}{place}"), []).append(name)
    for (kind, source), names in groups.items():
        every = names == ["*"]
        yield kind, f"any call{source.removeprefix('*')}" if every else f"{source}: {', '.join(names)}"
    if any("global service" in source for _, source in groups):
        yield "", "a global service records its calls in the partition's leading region, IAM users' sign-ins in any"
    if any(name.endswith("?") for names in groups.values() for name in names):
        yield "?", "read or write after the call's IAM access level; not seen in a recorded event"


def _names(names: Iterable[str]) -> str:
    """The names, benchmark numbers as number and versions: ``4.1 in 1.3.0 and 1.4.0``."""
    plain: list[str] = []
    versions: dict[str, list[str]] = {}
    for name in names:
        if benchmark := _BENCHMARK.fullmatch(name):
            versions.setdefault(benchmark["number"], []).append(benchmark["version"])
        else:
            plain.append(name)
    return "; ".join(
        [*plain, *(f"{number} in {listing(versions_of_number)}" for number, versions_of_number in versions.items())]
    )
