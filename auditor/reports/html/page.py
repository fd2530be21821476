"""From the result to the bytes of a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
import orjson
from markupsafe import Markup

from auditor.reports.html import charts, completeness, security, tables, words
from auditor.reports.html.brief import in_brief
from auditor.reports.html.claims import claimed
from auditor.reports.html.entries import PLAIN_BODIES, entries
from auditor.reports.html.events import replayed
from auditor.reports.html.findings_data import findings_data
from auditor.reports.html.matrix import matrix
from auditor.reports.html.requirements import requirements
from auditor.reports.html.store import Store, free_mark
from auditor.reports.page_templates import page_templates, trimmed
from auditor.result import AuditResult, ResultDocument, account_totals
from auditor.workpaper import legend
from auditor.workpaper.assumed import assumed_in_words, assumed_points, closing_script
from auditor.workpaper.cover import making
from auditor.workpaper.procedure import STEPS
from auditor.workpaper.reach import control_totals, reach
from auditor.workpaper.references import reference_title
from auditor.workpaper.results import RESULT_COLUMNS
from auditor.workpaper.rows import rule_rows
from auditor.workpaper.scope import scope
from auditor.workpaper.tiers import place_of
from auditor.workpaper.view import View, view
from auditor.workpaper.wording import counts_in_words, events_in_words, framework_in_words, tone, visible

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
    names = {finding["account_id"]: finding["account_name"] for finding in framework_view.findings}
    places = {account: place for place, account in enumerate(names)}
    shown = entries(framework_view, ledger, store, plain_bodies)
    rows = findings_data(framework_view, ledger, store, places, shown.anchors)
    declared = _tables(framework_view, ledger)
    claims = claimed(framework_view)
    if claims is not None:
        declared |= claims.tables
    events = replayed(framework_view)
    if events is not None:
        declared |= events.tables
    data = {
        "mark": store.mark,
        "framework": framework_id,
        "accounts": [[visible(part) for part in pair] for pair in names.items()],
        "controls": [visible(control["id"]) for control in framework_view.controls],
        "columns": [column.header for column in RESULT_COLUMNS],
        "findings": rows,
        "bodies": shown.lazy,
        "tables": {
            table.id: [
                [account, store.add(row, account)]
                for row, account in zip(table.rows[table.plain :], table.accounts[table.plain :], strict=True)
            ]
            for table in declared.values()
            if len(table.rows) > table.plain
        },
        "entries": store.entries,
    }
    counted = [one for one in framework_view.findings if place_of(framework_view, one) == "counted"]
    points = assumed_points(framework_view.findings)
    totals = account_totals(counted)
    style, script = _style(framework_view), _script()
    text = (
        environment()
        .get_template("page.html.jinja")
        .render(
            document=document,
            framework=framework_view.framework,
            controls=framework_view.controls,
            totals=totals,
            brief=in_brief(
                document,
                shown.parts,
                totals,
                len(framework_view.requirements),
                {part.key: f"tier-{part.key}" for part in shown.parts},
            ),
            rules=list(rule_rows(framework_view)),
            scope=scope(framework_view),
            making=making(framework_view),
            checks=completeness.checks(document),
            matrix=matrix(framework_view),
            requirements=requirements(framework_view),
            reach=charts.reach_bars(reach(counted), totals.accounts, len(framework_view.requirements)),
            failing=charts.failing_bars(
                [one for one in control_totals(framework_view, counted) if one.key in framework_view.requirements]
            ),
            points=points,
            rule_of=framework_view.rule_of,
            points_in_words=assumed_in_words(
                points, sum(finding["verdict"] == "PASS" for finding in framework_view.findings)
            ),
            points_script=closing_script(points),
            tiers=shown.tiers,
            tables=declared,
            events=events,
            claims=claims,
            data=data,
            evidence_rows=ledger.rows,
            policy=security.policy(style, script),
            style=Markup(style),
            script=Markup(script),
        )
    )
    return text.encode()


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


def evidence_of(document: ResultDocument) -> str:
    """On which days the evidence was captured: ``Evidence of 2026-09-28``; ``""`` if no capture says."""
    first, last = (document["bundle"][name] for name in ("captured_from", "captured_to"))
    if not first or not last:
        return ""
    days = dict.fromkeys((first[:10], last[:10]))
    return f"Evidence of {' to '.join(days)}"


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
        "framework_in_words": framework_in_words,
        "evidence_of": evidence_of,
        "events_in_words": events_in_words,
        "references": lambda urls: [(reference_title(url), url) for url in urls],
        "provenance_words": words.PROVENANCE_WORDS,
    }
    return environment
