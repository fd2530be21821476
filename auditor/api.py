"""The same calls for the command line and for notebooks; the only place that wires the rooms together."""

from __future__ import annotations

import gc
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.attestation import Order, attest
from auditor.bundle import open_bundle as open_members
from auditor.catalogue import (
    Control,
    Framework,
    default_regions,
    load_controls,
    load_frameworks,
    resolve_control,
)
from auditor.chains import Chains, population
from auditor.engagement import read_engagement
from auditor.errors import AuditorError, Problem
from auditor.evidence import Evidence, calls, load
from auditor.gsl import Rule
from auditor.gsl import parse as parse_rule
from auditor.judgement.entities import cloudtrail_entities
from auditor.judgement.published import (
    judge_entities,
    judge_rule,
    moment,
    outcome_facts,
    read_entities,
    uses_time,
)  # fmt: skip
from auditor.judgement.recorded import Recorded
from auditor.resources import data_files
from auditor.result import AuditResult, Engagement, Period
from auditor.scope import ScopeEntry, read_scope
from auditor.text import count

if TYPE_CHECKING:
    import pandas as pd

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
_QUARTER = re.compile(r"([0-9]{4})-?Q([1-4])", re.IGNORECASE)


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


class Bundle:
    """An opened evidence bundle: what it holds as tidy tables, and what is wrong with it.

    ``trails``, ``metric_filters``, ``alarms`` and ``subscriptions`` are copies; their columns are described in
    ``auditor.evidence.tables``. ``problems`` are those met while reading.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    @property
    def name(self) -> str:
        """Name of the folder or archive."""
        return self.evidence.name

    @property
    def sha256(self) -> str:
        """Digest of the archive, or of the folder's sorted ``sha256  path`` lines."""
        return self.evidence.sha256

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the bundle, ordered by file and place."""
        return self.evidence.problems

    @cached_property
    def chains(self) -> Chains:
        """The join, made once."""
        return Chains(self.evidence.captures, self.evidence.responses)

    @property
    def trails(self) -> pd.DataFrame:
        """One row per trail: the copy in its own account and region speaks for its shadows.

        Columns as ``auditor.evidence.tables.TRAILS``.
        """
        frame = self.chains.tables.trails
        home = frame["region"] != frame["home_region"]
        return (
            frame.assign(_shadow=home)
            .sort_values(["trail_arn", "_shadow", "capture"])
            .drop_duplicates("trail_arn")
            .drop(columns=["_shadow", "item"])
            .reset_index(drop=True)
        )

    @property
    def metric_filters(self) -> pd.DataFrame:
        """One row per metric filter; columns as ``auditor.evidence.tables.METRIC_FILTERS`` without ``item``."""
        return self.chains.tables.metric_filters.drop(columns="item")

    @property
    def alarms(self) -> pd.DataFrame:
        """One row per alarm of any kind; columns as ``auditor.evidence.tables.ALARMS`` without ``item``."""
        return self.chains.tables.alarms.drop(columns="item")

    @property
    def subscriptions(self) -> pd.DataFrame:
        """One row per subscription and listing; columns as ``auditor.evidence.tables.SUBSCRIPTIONS``."""
        return self.chains.tables.subscriptions.copy()

    @property
    def captures(self) -> pd.DataFrame:
        """One row per capture: ``file call account_id region resource status records complete captured_at
        place_source bytes sha256 detail``.
        """
        import pandas as pd  # noqa: PLC0415 (keeps `import auditor` quick)

        rows = [
            {
                "file": capture.file,
                "call": capture.call.id,
                "account_id": capture.place.account_id,
                "region": capture.place.region,
                "resource": capture.place.resource,
                "status": capture.status,
                "records": capture.records if capture.usable else 0,
                "complete": capture.status == "captured" and not capture.token_left and not capture.narrowed,
                "captured_at": capture.captured_at,
                "place_source": capture.place_source,
                "bytes": capture.size,
                "sha256": capture.sha256,
                "detail": capture.detail,
            }
            for capture in self.evidence.captures
        ]
        columns = [
            "file", "call", "account_id", "region", "resource", "status", "records", "complete", "captured_at",
            "place_source", "bytes", "sha256", "detail",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def inventory(self) -> pd.DataFrame:
        """Accounts × regions × calls: ``account_id region call required status files``.

        ``status`` is *captured*, *missing* (a required call that no file answers where others of the region
        do), or why an answer is not whole (*refused*, *truncated*, *invalid* …).
        """
        import pandas as pd  # noqa: PLC0415

        rows: dict[tuple[str, str, str], dict[str, Any]] = {}
        for response in self.evidence.responses.all():
            key = (response.account_id, response.region, response.call.id)
            status = "captured" if response.complete else response.code
            row = rows.setdefault(
                key,
                {
                    "account_id": response.account_id,
                    "region": response.region,
                    "call": response.call.id,
                    "required": response.call.required,
                    "status": status,
                    "files": 0,
                },
            )
            row["files"] += len(response.captures)
            if status != "captured":
                row["status"] = status
        places = {(account, region) for account, region, _ in rows if region}
        for account, region in places:
            for call in calls().values():
                if call.required and call.place == "region" and (account, region, call.id) not in rows:
                    rows[(account, region, call.id)] = {
                        "account_id": account,
                        "region": region,
                        "call": call.id,
                        "required": True,
                        "status": "missing",
                        "files": 0,
                    }
        columns = ["account_id", "region", "call", "required", "status", "files"]
        return pd.DataFrame([rows[key] for key in sorted(rows)], columns=columns)

    def __repr__(self) -> str:
        accounts = {capture.place.account_id for capture in self.evidence.captures} - {""}
        return (
            f"<Bundle {self.name!r}: {count(len(self.evidence.captures), 'capture')} of "
            f"{count(len(accounts), 'account')}, {count(len(self.problems), 'problem')}>"
        )

    def _repr_html_(self) -> str:
        frame = self.inventory()
        table = frame.pivot_table(
            index=["account_id", "region"], columns="call", values="status", aggfunc="first", fill_value="–"
        )
        return f"<p><strong>{html.escape(repr(self)[1:-1])}</strong></p>{table.to_html(escape=True, max_rows=60)}"


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
            captured_on=_date(captured_on, "--captured-on") if captured_on else None,
            period=parse_period(period) if period else None,
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
    log files (files and folders, gzipped or not) to replay over each account's filters.

    Raises:
        AuditorError: a path is no bundle; a framework, control, date or another file given is not usable.
    """
    from auditor import __version__  # noqa: PLC0415 (the package's own module)

    if match not in ("equal", "covers"):
        raise AuditorError(f"--match {match} is not known.", remedy="Choose equal or covers.")
    facts, told_period = _engagement(engagement)
    entries = read_scope(scope) if scope is not None else ()
    period = period or told_period
    known = load_controls(_path(controls_dir))
    chosen = _frameworks(frameworks, load_frameworks(_path(frameworks_dir), known))
    variants = _variants(controls, known, chosen)
    if not isinstance(bundle, Bundle):
        paths = [bundle] if isinstance(bundle, str | Path) else list(bundle)
        bundle = open_bundle(*paths, captured_on=captured_on, period=period, scope=entries, progress=progress)
    span = parse_period(period) if period else None
    logs = tuple(Path(path) for path in ([events] if isinstance(events, str | Path) else events))
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
        frameworks=chosen,
        controls=variants,
        covers=match == "covers",
        strict=strict,
        options=options,
        engagement=facts,
        period=Period(start=span[0], end=span[1]) if span else None,
        tool={"name": "auditor", "version": __version__},
    )
    people = population(bundle.chains, bundle.evidence.captures, default_regions, entries)
    return attest(bundle.evidence, bundle.chains, people, order, progress, Recorded(logs) if logs else None)


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
    same of the list without ``account_id`` for ``entities``. ``result`` is *pass*, *fail* or *unknown*. ``as_of``
    (ISO date or time) is "now" for ``before`` and ``after``; for a bundle the latest capture time without it.

    Raises:
        AuditorError: the rule is not GSL, uses a name that the evidence does not provide, or needs ``as_of``.
    """
    parsed = parse_rule(rule)
    if as_of is not None:
        _moment(as_of)
    if entities is not None:
        given = read_entities(entities) if isinstance(entities, str | Path) else entities
        _needs_now(parsed, as_of)
        return outcome_facts(judge_entities(parsed, given, as_of))
    if bundle is None:
        raise AuditorError("no bundle and no entities are given.", remedy="Give a bundle, or --entities FILE.")
    if not isinstance(bundle, Bundle):
        paths = [bundle] if isinstance(bundle, str | Path) else list(bundle)
        bundle = open_bundle(*paths, progress=progress)
    latest = max((capture.captured_at for capture in bundle.evidence.captures if capture.captured_at), default=None)
    now = as_of or latest
    _needs_now(parsed, now)
    accounts = []
    for account in population(bundle.chains, bundle.evidence.captures, default_regions).accounts:
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


def parse_period(text: str) -> tuple[str, str]:
    """First and last day of ``2026Q3`` or ``START/END`` (ISO dates, inclusive).

    >>> parse_period("2026Q3")
    ('2026-07-01', '2026-09-30')
    """
    quarter = _QUARTER.fullmatch(text.strip())
    if quarter:
        year, number = int(quarter.group(1)), int(quarter.group(2))
        last = {1: "03-31", 2: "06-30", 3: "09-30", 4: "12-31"}[number]
        return f"{year}-{3 * number - 2:02d}-01", f"{year}-{last}"
    start, slash, end = text.partition("/")
    if not slash:
        raise AuditorError(f"--period {text!r} is no period.", remedy="Write 2026Q3 or 2026-07-01/2026-09-30.")
    span = (_date(start, "--period"), _date(end, "--period"))
    if span[0] > span[1]:
        raise AuditorError(f"--period {text!r} ends before it starts.", remedy="Write START/END.")
    return span


def _date(text: str, option: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise AuditorError(f"{option} {text!r} is no date.", remedy="Write it as 2026-09-30.") from None


def _engagement(given: Path | Mapping[str, Any] | None) -> tuple[Engagement | None, str | None]:
    if given is None:
        return None, None
    facts = read_engagement(given)
    return facts.engagement, facts.period


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
        if name not in known:
            raise AuditorError(
                f"framework {name!r} is not known.", remedy=f"Choose among: {', '.join(known)} (or all)."
            )
        chosen[name] = known[name]
    return list(chosen.values())


def _variants(
    wanted: Sequence[str] | None, known: Mapping[str, Control], frameworks: Sequence[Framework]
) -> list[tuple[Control, str]]:
    """The control variants to judge: those the frameworks map and the user's own, or of the wanted controls only."""
    mapped = {
        (mapping.control_id, mapping.variant)
        for framework in frameworks
        for requirement in framework.requirements
        for mapping in requirement.mappings
    }
    chosen: dict[tuple[str, str], None] = {}
    if wanted is None:
        unmapped = set(_own("catalogue/controls", known)) - {control for control, _ in mapped}
        mapped |= {(control, "default") for control in unmapped}
        return [(known[control], variant) for control, variant in sorted(mapped)]
    for name in wanted:
        control = resolve_control(name, known)
        variants = sorted(variant for control_id, variant in mapped if control_id == control.id)
        for variant in variants or ["default"]:
            chosen[(control.id, variant)] = None
    return [(known[control_id], variant) for control_id, variant in chosen]
