"""From the result to the bytes of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import jinja2
import orjson
from markupsafe import Markup

from auditor.reports.html import charts, completeness, security, tables, words
from auditor.reports.html.brief import in_brief
from auditor.reports.html.claims import claimed
from auditor.reports.html.entries import PLAIN_BODIES, Entries, entries
from auditor.reports.html.events import replayed
from auditor.reports.html.findings_data import findings_data
from auditor.reports.html.matrix import matrix
from auditor.reports.html.requirements import requirements
from auditor.reports.html.store import Store, free_mark
from auditor.reports.page_templates import page_templates, trimmed
from auditor.result import AuditResult, ResultDocument, account_totals
from auditor.verdict import Verdict
from auditor.workpaper import legend
from auditor.workpaper.assumed import assumed_in_words, assumed_points, closing_script
from auditor.workpaper.cover import making
from auditor.workpaper.procedure import STEPS
from auditor.workpaper.reach import control_totals, reach
from auditor.workpaper.references import reference_title
from auditor.workpaper.results import RESULT_COLUMNS
from auditor.workpaper.rows import rule_rows
from auditor.workpaper.scope import scope
from auditor.workpaper.tiers import TierOfKinds, place_of
from auditor.workpaper.view import View, view
from auditor.workpaper.wording import (
    REGIONS_WITHOUT_CAPTURES,
    counts_in_words,
    events_in_words,
    evidence_of,
    framework_in_words,
    tone,
    visible,
)

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = ("blocks.js", "data.js", "tables.js", "matrix.js", "findings.js", "start.js")


def render(result: AuditResult, framework_id: str, *, plain_bodies: int = PLAIN_BODIES) -> bytes:
    """The page of one framework: UTF-8, the same bytes for the same result.

    ``plain_bodies``: characters of entries that are drawn into the page; the others are data that its script draws.

    Raises:
        AuditorError: the result does not hold that framework.
    """
    document = result.document
    framework_view = view(result, framework_id)
    store = Store(free_mark(part.decode() for part in result.json_parts()))
    ledger = tables.Ledger(framework_view)
    shown = entries(framework_view, ledger, store, plain_bodies)
    findings = _findings(framework_view, ledger, store, shown)
    declared = _tables(framework_view, ledger)
    claims, events = claimed(framework_view), replayed(framework_view)
    for section in (claims, events):
        declared |= section.tables if section is not None else {}
    style, script = _style(framework_view), _script()
    text = (
        environment()
        .get_template("page.html.jinja")
        .render(
            **_counted(framework_view, shown.parts),
            **_points(framework_view),
            document=document,
            framework=framework_view.framework,
            controls=framework_view.controls,
            rules=list(rule_rows(framework_view)),
            scope=scope(framework_view),
            making=making(framework_view),
            checks=completeness.checks(document),
            matrix=matrix(framework_view),
            requirements=requirements(framework_view),
            rule_of=framework_view.rule_of,
            tiers=shown.tiers,
            tables=declared,
            events=events,
            claims=claims,
            data={
                "mark": store.mark,
                "framework": framework_id,
                **findings,
                "tables": _rows_of_script(declared.values(), store),
                "entries": store.entries,
            },
            evidence_rows=ledger.rows,
            policy=security.policy(style, script),
            style=Markup(style),
            script=Markup(script),
        )
    )
    return text.encode()


def _findings(framework_view: View, ledger: tables.Ledger, store: Store, shown: Entries) -> dict[str, object]:
    """What the script lists as findings: names, columns, rows, and the bodies of entries that it draws."""
    names = {finding["account_id"]: finding["account_name"] for finding in framework_view.findings}
    places = {account: place for place, account in enumerate(names)}
    return {
        "accounts": [[visible(part) for part in pair] for pair in names.items()],
        "controls": [visible(control["id"]) for control in framework_view.controls],
        "columns": [column.header for column in RESULT_COLUMNS],
        "findings": findings_data(framework_view, ledger, store, places, shown.anchors),
        "bodies": shown.lazy,
    }


def _rows_of_script(declared: Iterable[tables.Table], store: Store) -> dict[str, object]:
    """Of each table the rows that the script draws: the account that a row is about, and its place in the store."""
    return {
        table.id: [
            [account, store.add(row, account)]
            for row, account in zip(table.rows[table.plain :], table.accounts[table.plain :], strict=True)
        ]
        for table in declared
        if len(table.rows) > table.plain
    }


def _counted(framework_view: View, parts: Sequence[TierOfKinds]) -> dict[str, object]:
    """What the page says of the findings that count: totals, the brief, and the two pictures."""
    required = framework_view.requirements
    counted = [finding for finding in framework_view.findings if place_of(framework_view, finding) == "counted"]
    totals = account_totals(counted)
    controls = [control for control in control_totals(framework_view, counted) if control.key in required]
    anchors = {part.key: f"tier-{part.key}" for part in parts}
    return {
        "totals": totals,
        "brief": in_brief(framework_view.document, parts, totals, len(required), anchors),
        "reach": charts.reach_bars(reach(counted), totals.accounts, len(required)),
        "failing": charts.failing_bars(controls),
    }


def _points(framework_view: View) -> dict[str, object]:
    """The points that are open in nearly every PASS, said once, with the commands that close them."""
    points = assumed_points(framework_view.findings)
    passes = sum(finding["verdict"] == Verdict.PASS for finding in framework_view.findings)
    return {
        "points": points,
        "points_in_words": assumed_in_words(points, passes),
        "points_script": closing_script(points),
    }


def _tables(framework_view: View, ledger: tables.Ledger) -> dict[str, tables.Table]:
    document = framework_view.document
    return {
        "population": tables.population(document),
        "completeness": tables.completeness(framework_view),
        "requests": tables.requests(document, framework_view.numbers),
        "evidence": ledger.table(),
        "problems": tables.problems(document["problems"]),
        "gaps": tables.gaps(document),
    }


def _style(framework_view: View) -> str:
    document, framework = framework_view.document, framework_view.framework
    client = document["engagement"]["client"] if document["engagement"] else ""
    head = " · ".join(filter(None, [framework["name"], client, period(document)]))
    return page_style(head, f"{framework['id']}.html · bundle {document['bundle']['sha256'][:12]}")


def page_style(head: str, foot: str) -> str:
    """The style sheet with the words that are printed above and below each sheet of paper."""
    return (
        _text("style.css")
        .replace('"PAGE-HEAD"', security.css_string(visible(head)))
        .replace('"PAGE-FOOT"', security.css_string(visible(foot)))
    )


def _script() -> str:
    parts = "\n".join(_text(name) for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();\n'


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def period(document: ResultDocument) -> str:
    """The control period as ``2026-07-01 to 2026-09-30``, ``""`` if none is given."""
    dates = document["period"]
    return f"{dates['start']} to {dates['end']}" if dates else ""


@cache
def environment() -> jinja2.Environment:
    """The templates with what all of them may call."""
    environment = page_templates(_TEMPLATES)
    environment.policies["json.dumps_function"] = lambda value, **_: orjson.dumps(value).decode()
    environment.globals |= {
        "utc": words.utc,
        "trimmed": trimmed,
        "period": period,
        "verdict_in_words": counts_in_words,
        "tone": tone,
        "legend": legend,
        "steps": STEPS,
        "regions_without_captures": REGIONS_WITHOUT_CAPTURES,
        "framework_in_words": framework_in_words,
        "evidence_of": evidence_of,
        "events_in_words": events_in_words,
        "references": lambda urls: [(reference_title(url), url) for url in urls],
        "provenance_words": words.PROVENANCE_WORDS,
    }
    return environment
