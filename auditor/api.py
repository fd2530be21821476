"""The same calls for the command line and for notebooks; the only place that wires the rooms together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from auditor.audit_options import AuditOptions, judging_options
from auditor.bundle import open_bundle as open_members
from auditor.catalogue import (
    chosen_frameworks,
    chosen_variants,
    default_regions,
    further_controls,
    load_controls,
    load_frameworks,
)
from auditor.chains import Chains, Population, population, spared
from auditor.claims.model import Reading
from auditor.comparison import compare as compare_results
from auditor.engagement.facts import read_engagement
from auditor.engagement.scope import ScopeEntry
from auditor.errors import AuditorError, Problem
from auditor.evidence import CaptureContext, Evidence, InventoryEntry, read_members
from auditor.evidence import inventory as inventory_of
from auditor.findings import Beside, Order, attest
from auditor.notebook import AuditResult, Bundle, ReadingOptions, chains_of
from auditor.patterns import Relating
from auditor.patterns import relate as relate_patterns
from auditor.published.entity_file import EntityFile, read_entity_file
from auditor.published.evaluation import BundleOutcome, OutcomeFacts, judge_accounts, judge_listed, rule_asked
from auditor.replay.files import Recorded
from auditor.result import AuditResult as Result
from auditor.result import Comparison, Gap, Period, ProblemFacts, result_at
from auditor.review import read_reviews
from auditor.text import path_name
from auditor.version import __version__
from auditor.waivers import read_waivers

Progress = Callable[[int, int | None, str], None]
T = TypeVar("T")


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


@_collector_off()
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
    file) places captures whose path has an account's name or path instead of its id. An audit of the bundle takes
    these unless it is told others.

    Raises:
        AuditorError: a path is no bundle, or a date is none.
    """
    reading_options = ReadingOptions(
        captured_on, period, Path(scope) if isinstance(scope, str | Path) else tuple(scope) or None
    )
    bundle = _opened(paths, reading_options, reading_options.reading(), progress)
    _ = bundle.evidence  # read while the garbage collector is off
    return bundle


def _opened(
    paths: Sequence[str | Path], reading_options: ReadingOptions, reading: CaptureContext, progress: Progress | None
) -> Bundle:
    members = read_members(open_members(paths), progress)
    return Bundle(members, tuple(map(path_name, paths)), reading_options, reading)


def validate(*paths: str | Path, progress: Progress | None = None) -> tuple[Problem, ...]:
    """Every capture against its schema: the problems met, ordered by file and place."""
    return open_bundle(*paths, progress=progress).problems


def read_claims(*paths: str | Path, progress: Progress | None = None) -> Reading:
    """What clients' scanners claim in files, folders and archives, as read and held against nothing.

    Raises:
        AuditorError: a path is missing or cannot be read.
    """
    from auditor.claims.read import read_claims as read_files  # noqa: PLC0415 (a tenth of what an audit imports)

    return read_files(paths, progress)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a bundle holds, what its population needs and it lacks, and what is wrong with it, as an audit tells."""

    entries: tuple[InventoryEntry, ...]
    gaps: tuple[Gap, ...]
    problems: tuple[ProblemFacts, ...]


def inventory(*paths: str | Path, scope: str | Path | None = None, progress: Progress | None = None) -> Inventory:
    """Accounts × regions × calls of a bundle and of the accounts that a scope file or an organisation's listing names.

    Raises:
        AuditorError: a path is no bundle, or the scope file is none.
    """
    bundle = open_bundle(*paths, scope=scope or (), progress=progress)
    document = audit(bundle, progress=progress).document
    gaps = document["gaps"]
    lacking = [(gap["account_id"], gap["region"], gap["call"]) for gap in gaps if gap["code"] == "not_captured"]
    entries = inventory_of(bundle.evidence.responses, lacking)
    return Inventory(tuple(entries), tuple(gaps), tuple(document["problems"]))


@_collector_off()
def audit(
    bundle: Bundle | str | Path | Sequence[str | Path],
    *,
    frameworks: Sequence[str] | None = None,
    controls: Sequence[str] | None = None,
    engagement: str | Path | Mapping[str, object] | None = None,
    scope: str | Path | None = None,
    waivers: str | Path | None = None,
    review: str | Path | Sequence[str | Path] = (),
    since: str | Path | Sequence[str | Path] = (),
    period: str | None = None,
    captured_on: str | None = None,
    events: str | Path | Sequence[str | Path] = (),
    claims: str | Path | Sequence[str | Path] = (),
    match: str = "equal",
    strict: bool = False,
    controls_dir: str | Path | None = None,
    frameworks_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """Judge every account of a bundle for the controls of the chosen frameworks.

    ``frameworks``: ids, or ``["all"]``; default: the eight of the founding rule and one's own. ``controls``: ids or
    aliases; default: those that the frameworks map, and one's own. ``controls_dir`` and ``frameworks_dir``: folder
    (or file) of one's own controls and frameworks, as ``auditor.catalogue`` loads them. ``scope``: a scope file
    (population and regions, see ``auditor.engagement.scope``). ``waivers``: a file of accepted deviations
    (``auditor.waivers``), which stand beside findings and change no verdict. ``review``: workbooks of an earlier
    build in which people concluded (``auditor.review``). ``since``: quarters before, the oldest first, as
    :func:`compare` takes them; what changed is part of the result. ``match="covers"`` lets a filter pass that
    notices every one of the control's events; ``strict`` turns material open points into unknown links (rule V5).
    ``events``: CloudTrail log files (files, folders and archives, gzipped or not) to replay over each account's
    filters. ``claims``: what the client's own scanners say (files, folders and archives), held against the
    findings, which stay.

    ``engagement``: a file, or a mapping, of client, engagement, firm, period and so on
    (``auditor.engagement.facts``). ``period``: the control period, ``2026Q3`` or ``START/END``; captures known to lie
    outside it and the 45 days after it are set aside. ``captured_on`` (ISO date): the day of captures that no capture
    record dates.

    An opened bundle gives the same result as its paths: its captures are dated and placed as this audit is told.
    ``period``, ``captured_on`` and ``scope`` that are not given, here or by the engagement, are those that the bundle
    was opened with.

    Raises:
        AuditorError: a path is no bundle; a framework, control, date or another file given is not usable.
    """
    options = AuditOptions(
        frameworks=_texts(frameworks),
        controls=_texts(controls),
        engagement=engagement if isinstance(engagement, Mapping) else _path(engagement),
        scope=_path(scope),
        waivers=_path(waivers),
        review=_paths(review),
        since=_paths(since),
        period=period,
        captured_on=captured_on,
        events=_paths(events),
        claims=_paths(claims),
        match=match,
        strict=strict,
        controls_dir=_path(controls_dir),
        frameworks_dir=_path(frameworks_dir),
    )
    return audit_by_options(bundle, options, progress)


def audit_by_options(
    bundle: Bundle | str | Path | Sequence[str | Path], options: AuditOptions, progress: Progress | None = None
) -> AuditResult:
    """:func:`audit`, its options as one value."""
    facts = None if options.engagement is None else read_engagement(options.engagement)
    by_engagement = ReadingOptions() if facts is None else ReadingOptions(period=facts.period, scope=facts.scope)
    opened_with = bundle.opened_with if isinstance(bundle, Bundle) else ReadingOptions()
    reading_options = ReadingOptions(
        captured_on=_first(options.captured_on, opened_with.captured_on),
        period=_first(options.period, by_engagement.period, opened_with.period),
        scope=options.scope or by_engagement.scope or opened_with.scope,
    )
    reading = reading_options.reading()
    all_controls = load_controls(options.controls_dir)
    chosen = chosen_frameworks(options.frameworks, load_frameworks(options.frameworks_dir, all_controls))
    variants = chosen_variants(options.controls, all_controls, chosen)
    further = further_controls(variants, chosen)
    # A wrong path is told before the bundle is read.
    waivers = _first(options.waivers, None if facts is None else facts.waivers)
    beside = Beside(
        None if waivers is None else read_waivers(waivers),
        read_reviews(options.review) if options.review else None,
        read_claims(*options.claims, progress=progress) if options.claims else None,
    )
    recorded = Recorded(options.events) if options.events else None
    if isinstance(bundle, Bundle):
        bundle = bundle.read_as(reading)
    else:
        paths = [bundle] if isinstance(bundle, str | Path) else list(bundle)
        bundle = _opened(paths, reading_options, reading, progress)
    order = Order(
        frameworks=[*chosen, further] if further else chosen,
        controls=variants,
        covers=options.match == "covers",
        strict=options.strict,
        options={
            "command_line": _command_line(bundle, options, reading_options, by_engagement),
            **_in_effect(options, reading_options, waivers).facts(),
            "frameworks": [framework.id for framework in chosen],
            "controls": [f"{control.id}@{variant}" for control, variant in variants],
        },
        engagement=None if facts is None else facts.engagement,
        names=all_controls,
        period=Period(start=reading.period[0], end=reading.period[1]) if reading.period else None,
        tool={"name": "auditor", "version": __version__},
    )

    def judged(evidence: Evidence, chains: Chains) -> AuditResult:
        people = _people(bundle, evidence, chains)
        return AuditResult(attest(evidence, chains, people, order, progress, recorded, beside).document)

    def joined(evidence: Evidence) -> Chains:
        return bundle.chains if evidence is bundle.evidence else chains_of(evidence)

    result = spared(bundle.evidence, joined, judged)
    if not options.since:
        return result
    earlier = options.for_earlier_quarter()
    before = [result_at(path) or audit_by_options(path, earlier, progress) for path in options.since]
    return AuditResult({**result.document, "changes": compare_results([*before, result])})


def _in_effect(options: AuditOptions, reading_options: ReadingOptions, waivers: Path | None) -> AuditOptions:
    """The options with what engagement and bundle put in the place of those that were not given."""
    scope = reading_options.scope
    return replace(
        options,
        captured_on=reading_options.captured_on,
        period=reading_options.period,
        scope=scope if isinstance(scope, Path) else None,
        waivers=waivers,
    )


def _command_line(
    bundle: Bundle, options: AuditOptions, reading_options: ReadingOptions, by_engagement: ReadingOptions
) -> str | None:
    """The command that makes the same result, with what only the opening of the bundle was told; None if there is
    none.
    """
    scope = options.scope if by_engagement.scope else reading_options.scope
    if isinstance(scope, tuple):
        return None
    period = options.period if by_engagement.period else reading_options.period
    whole = replace(options, captured_on=reading_options.captured_on, period=period, scope=scope)
    return whole.command_line(bundle.paths)


def load_result(path: str | Path) -> AuditResult:
    """The result of an earlier audit: a ``results.json``, or the folder of reports that holds it.

    Raises:
        AuditorError: unreadable, or no result of this program.
    """
    path = Path(path)
    return AuditResult.load(path / "results.json" if path.is_dir() else path)


def relate(found: str, required: str) -> Relating:
    """The relation of a found filter pattern to a required one: ``relation`` (*equal*, *broader* …), events that only
    the ``left_only`` found one counts, only the ``right_only`` required one, or ``both``, and the event names
    ``missed`` and ``added``.
    """
    return relate_patterns(found, required)


def compare(
    quarters: Sequence[Result | Bundle | str | Path], *, progress: Progress | None = None, **audit_options: object
) -> Comparison:
    """What changed between two or more quarters, the oldest first: results, ``results.json`` files, folders of reports,
    opened bundles or paths of bundles, in any mixture.

    ``audit_options`` are the options of :func:`audit` for the bundles among them; what is not told of frameworks,
    controls, match and strict is taken from the first result that is given, so that a bundle is judged as that was.

    Raises:
        AuditorError: fewer than two quarters, or one that is neither a result nor a bundle.
    """
    if len(quarters) < 2:
        raise AuditorError("one quarter alone cannot be compared.", remedy="Give the earlier and the later one.")
    results_or_bundles = [
        quarter if isinstance(quarter, Result | Bundle) else result_at(Path(quarter)) or quarter for quarter in quarters
    ]
    first = next((quarter for quarter in results_or_bundles if isinstance(quarter, Result)), None)
    options = {**(judging_options(first.document["options"]) if first else {}), **audit_options}
    return compare_results(
        [
            quarter if isinstance(quarter, Result) else audit(quarter, progress=progress, **options)
            for quarter in results_or_bundles
        ]
    )


def gsl(
    rule: str,
    bundle: Bundle | str | Path | Sequence[str | Path] | None = None,
    *,
    entities: str | Path | Sequence[object] | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
) -> OutcomeFacts | BundleOutcome:
    """Evaluate a GSL rule, per account of a bundle or on a list of entities (a JSON file, or the values).

    Returns ``{"accounts": [{"account_id", "result", "items", "readings", "explanation"}]}`` for a bundle, and the
    same of the list without ``account_id`` for ``entities``; each item says *because* of which values. ``result`` is
    *pass*, *fail* or *unknown*. ``as_of`` (ISO date or time) is "now" for ``before`` and ``after``; without it that of
    the entity file, or the bundle's latest capture time.

    Raises:
        AuditorError: the rule is not GSL, uses a name that the evidence does not provide, or needs ``as_of``.
    """
    parsed = rule_asked(rule, as_of)
    if entities is not None:
        listed = read_entity_file(entities) if isinstance(entities, str | Path) else EntityFile(entities)
        return judge_listed(parsed, listed, as_of)
    if bundle is None:
        raise AuditorError("no bundle and no entities are given.", remedy="Give a bundle, or --entities FILE.")
    if not isinstance(bundle, Bundle):
        paths = [bundle] if isinstance(bundle, str | Path) else list(bundle)
        bundle = open_bundle(*paths, progress=progress)
    people = _people(bundle, bundle.evidence, bundle.chains)
    return judge_accounts(parsed, people, bundle.chains, bundle.evidence, as_of)


def _people(bundle: Bundle, evidence: Evidence, chains: Chains) -> Population:
    """The accounts that a bundle is about, as it was opened."""
    return population(chains, evidence.captures, default_regions, bundle.reading.scope, evidence.handed_in)


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)


def _paths(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    return tuple(map(Path, [given] if isinstance(given, str | Path) else given))


def _texts(given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Ids as a tuple; one id may be given as it is."""
    return None if given is None else (given,) if isinstance(given, str) else tuple(given)


def _first(*values: T | None) -> T | None:
    """The first value that is given."""
    return next((value for value in values if value is not None), None)
