"""The same calls for the command line and for notebooks; the only place that wires the rooms together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from auditor.attestation import Order, attest
from auditor.bundle import open_bundle as open_members
from auditor.catalogue import (
    Control,
    Framework,
    default_regions,
    further_controls,
    load_controls,
    load_frameworks,
    resolve_framework,
    resolve_variant,
)
from auditor.chains import Chains, population, spared
from auditor.engagement import read_engagement
from auditor.errors import AuditorError, Problem
from auditor.evidence import Evidence, load
from auditor.gsl import Rule
from auditor.gsl import parse as parse_rule
from auditor.judgement.entities import cloudtrail_entities
from auditor.judgement.entity_file import EntityFile, read_entity_file
from auditor.judgement.published import judge_entities, judge_rule, moment, outcome_facts, uses_time
from auditor.judgement.recorded import Recorded
from auditor.opened import Bundle
from auditor.period import parse_date, parse_period
from auditor.resources import data_files
from auditor.result import AuditResult, Period
from auditor.scope import ScopeEntry, read_scope

Progress = Callable[[int, int | None, str], None]

FOUNDING_FRAMEWORKS = (
    "cloudguard-best-practices",
    "cloudguard-soc2-tsc-2017",
    "hitrust-v11.0.0",
    "iso27001-2022",
    "mitre-attack-v10",
    "mitre-attack-v11.3",
    "nist-800-53-r5",
    "cloudguard-all-rules",
)


@contextmanager
def _collector_off() -> Iterator[None]:
    """No garbage collection while millions of objects without cycles are made: it would only walk them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def open_bundle(
    *paths: str | Path,
    captured_on: str | None = None,
    period: str | None = None,
    scope: str | Path | Sequence[ScopeEntry] = (),
    progress: Progress | None = None,
) -> Bundle:
    """Open folders, ``.zip`` and ``.tar.gz`` files as one evidence bundle.

    ``captured_on`` (ISO date) dates captures that no capture record dates; ``period`` (``2026Q3`` or
    ``START/END``) sets aside captures known to lie outside it and the 45 days after it. ``scope`` (a scope
    file) places captures whose path has an account's name or path instead of its id.

    Raises:
        AuditorError: a path is no bundle, or a date is none.
    """
    with _collector_off():
        evidence = load(
            open_members(paths),
            captured_on=parse_date(captured_on, "--captured-on") if captured_on is not None else None,
            period=parse_period(period) if period is not None else None,
            scope=read_scope(scope) if isinstance(scope, str | Path) else scope,
            progress=progress,
        )
    return Bundle(evidence)


def validate(*paths: str | Path, progress: Progress | None = None) -> tuple[Problem, ...]:
    """Every capture against its schema: the problems met, ordered by file and place."""
    return open_bundle(*paths, progress=progress).problems


@_collector_off()
def audit(
    bundle: Bundle | str | Path | Sequence[str | Path],
    *,
    frameworks: Sequence[str] | None = None,
    controls: Sequence[str] | None = None,
    engagement: Path | Mapping[str, Any] | None = None,
    period: str | None = None,
    captured_on: str | None = None,
    scope: str | Path | None = None,
    match: str = "equal",
    strict: bool = False,
    controls_dir: str | Path | None = None,
    frameworks_dir: str | Path | None = None,
    events: str | Path | Sequence[str | Path] = (),
    progress: Progress | None = None,
    command_line: str | None = None,
) -> AuditResult:
    """Judge every account of a bundle for the controls of the chosen frameworks.

    ``frameworks``: ids, or ``["all"]``; default: the eight of the founding rule and one's own. ``controls``: ids or
    aliases; default: those that the frameworks map, and one's own. ``controls_dir`` and ``frameworks_dir``: folder
    (or file) of one's own controls and frameworks, as ``auditor.catalogue`` loads them. ``scope``: a scope file
    (population and regions, see ``auditor.scope``). ``match="covers"`` lets a filter pass that notices every one of
    the control's events; ``strict`` turns material open points into unknown links (rule V5). ``events``: CloudTrail
    log files (files, folders and archives, gzipped or not) to replay over each account's filters.

    Raises:
        AuditorError: a path is no bundle; a framework, control, date or another file given is not usable.
    """
    from auditor import __version__  # noqa: PLC0415 (the package's own module)

    if match not in ("equal", "covers"):
        raise AuditorError(f"--match {match} is not known.", remedy="Choose equal or covers.")
    told = None if engagement is None else read_engagement(engagement)
    if told is not None:
        period = told.period if period is None else period
        scope = told.scope if scope is None else scope
    entries = read_scope(scope) if scope is not None else ()
    known = load_controls(_path(controls_dir))
    chosen = _frameworks(frameworks, load_frameworks(_path(frameworks_dir), known))
    variants = _variants(controls, known, chosen)
    further = further_controls(variants, chosen)
    logs = tuple(Path(path) for path in ([events] if isinstance(events, str | Path) else events))
    recorded = Recorded(logs) if logs else None  # a wrong path is told before the bundle is read
    if not isinstance(bundle, Bundle):
        paths = [bundle] if isinstance(bundle, str | Path) else list(bundle)
        bundle = open_bundle(*paths, captured_on=captured_on, period=period, scope=entries, progress=progress)
    span = parse_period(period) if period is not None else None
    options: dict[str, Any] = {
        "command_line": command_line,
        "match": match,
        "strict": strict,
        "frameworks": [framework.id for framework in chosen],
        "controls": [f"{control.id}@{variant}" for control, variant in variants],
        "captured_on": captured_on,
        "scope": _name(scope),
        "controls_dir": _name(controls_dir),
        "frameworks_dir": _name(frameworks_dir),
        "events": [path.resolve().name for path in logs] or None,
    }
    order = Order(
        frameworks=[*chosen, further] if further else chosen,
        controls=variants,
        covers=match == "covers",
        strict=strict,
        options=options,
        engagement=None if told is None else told.engagement,
        period=Period(start=span[0], end=span[1]) if span else None,
        tool={"name": "auditor", "version": __version__},
    )

    def judged(evidence: Evidence, chains: Chains) -> AuditResult:
        people = population(chains, evidence.captures, default_regions, entries, evidence.handed_in)
        return attest(evidence, chains, people, order, progress, recorded)

    return spared(bundle.evidence, bundle.chains, judged)


def gsl(
    rule: str,
    bundle: Bundle | str | Path | Sequence[str | Path] | None = None,
    *,
    entities: str | Path | Sequence[Any] | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Evaluate a GSL rule, per account of a bundle or on a list of entities (a JSON file, or the values).

    Returns ``{"accounts": [{"account_id", "result", "items", "readings", "explanation"}]}`` for a bundle, and the
    same of the list without ``account_id`` for ``entities``; each item says *because* of which values. ``result`` is
    *pass*, *fail* or *unknown*. ``as_of`` (ISO date or time) is "now" for ``before`` and ``after``; without it that of
    the entity file, or the bundle's latest capture time.

    Raises:
        AuditorError: the rule is not GSL, uses a name that the evidence does not provide, or needs ``as_of``.
    """
    parsed = parse_rule(rule)
    if as_of is not None:
        _moment(as_of)
    if entities is not None:
        file = read_entity_file(entities) if isinstance(entities, str | Path) else EntityFile(entities)
        now = as_of or file.now
        _needs_now(parsed, now)
        return outcome_facts(judge_entities(parsed, file.entities, now))
    if bundle is None:
        raise AuditorError("no bundle and no entities are given.", remedy="Give a bundle, or --entities FILE.")
    if not isinstance(bundle, Bundle):
        paths = [bundle] if isinstance(bundle, str | Path) else list(bundle)
        bundle = open_bundle(*paths, progress=progress)
    latest = max((capture.captured_at for capture in bundle.evidence.captures if capture.captured_at), default=None)
    now = as_of or latest
    _needs_now(parsed, now)
    accounts = []
    handed_in = bundle.evidence.handed_in
    for account in population(bundle.chains, bundle.evidence.captures, default_regions, (), handed_in).accounts:
        if account.in_scope:
            found = cloudtrail_entities(account.account_id, account.regions, bundle.chains, bundle.evidence.responses)
            outcome = judge_rule(parsed, found, now)
            accounts.append({"account_id": account.account_id, **outcome_facts(outcome)})
    return {"accounts": accounts}


def _needs_now(rule: Rule, now: str | None) -> None:
    if now is None and uses_time(rule):
        raise AuditorError(
            "the rule compares with now, and no capture is dated.", remedy="Give the moment with --as-of 2026-09-30."
        )


def _moment(text: str) -> None:
    try:
        moment(text)
    except ValueError:
        raise AuditorError(
            f"--as-of {text!r} is no date or time.", remedy="Write 2026-09-30 or 2026-09-30T12:00:00Z."
        ) from None


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)


def _name(given: str | Path | None) -> str | None:
    """The last name of a path: a report tells no folder."""
    return None if given is None else Path(given).resolve().name


def _own(folder: str, known: Iterable[str]) -> list[str]:
    """Those of the known ids that are a user's; the product's are named as its files."""
    shipped = {path.stem for path in data_files(folder)}
    return [id_ for id_ in known if id_ not in shipped]


def _frameworks(wanted: Sequence[str] | None, known: Mapping[str, Framework]) -> list[Framework]:
    names = list(wanted or (*FOUNDING_FRAMEWORKS, *_own("catalogue/frameworks", known)))
    if "all" in names:
        return list(known.values())
    chosen = {}
    for name in names:
        framework = resolve_framework(name, known)
        chosen[framework.id] = framework
    return list(chosen.values())


def _variants(
    wanted: Sequence[str] | None, known: Mapping[str, Control], frameworks: Sequence[Framework]
) -> list[tuple[Control, str]]:
    """The control variants to judge: those the frameworks map and the user's own, or of the wanted controls only."""
    mapped = {(mapping.control_id, mapping.variant) for framework in frameworks for mapping in framework.mappings}
    chosen: dict[tuple[str, str], None] = {}
    if wanted is None:
        unmapped = set(_own("catalogue/controls", known)) - {control for control, _ in mapped}
        mapped |= {(control, "default") for control in unmapped}
        return [(known[control], variant) for control, variant in sorted(mapped)]
    for name in wanted:
        control, named = resolve_variant(name, known)
        variants = sorted(variant for control_id, variant in mapped if control_id == control.id)
        for variant in [named] if "@" in name else variants or ["default"]:
            chosen[(control.id, variant)] = None
    return [(known[control_id], variant) for control_id, variant in chosen]
