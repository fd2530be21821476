"""From the result to the bytes of a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
import orjson
from markupsafe import Markup

from auditor.reports.html import cards, charts, completeness, security, tables, words
from auditor.reports.html.claims import claimed
from auditor.reports.html.events import replayed
from auditor.reports.html.matrix import matrix
from auditor.reports.html.store import Store, free_mark
from auditor.result import AuditResult, ResultDocument
from auditor.workpaper import legend
from auditor.workpaper.mappings import mapped
from auditor.workpaper.procedure import STEPS
from auditor.workpaper.rows import rule_rows
from auditor.workpaper.scope import scope
from auditor.workpaper.view import View, view
from auditor.workpaper.wording import counts_in_words, tone, visible

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = ("blocks.js", "data.js", "tables.js", "findings.js", "start.js")


def render(result: AuditResult, framework_id: str, *, plain_cards: int = cards.PLAIN_CARDS) -> bytes:
    """The page of one framework: UTF-8, the same bytes for the same result.

    ``plain_cards``: how many findings are drawn into the page; the others are data that its script draws.

    Raises:
        AuditorError: the result does not hold that framework.
    """
    document = result.document
    seen = view(result, framework_id)
    store = Store(free_mark(orjson.dumps(document).decode()))
    ledger = tables.Ledger(seen)
    accounts = {finding["account_id"]: finding["account_name"] for finding in seen.findings}
    positions = {account: position for position, account in enumerate(accounts)}
    entries = cards.groups(seen, ledger, store, positions, plain_cards)
    shown = {
        "population": tables.population(document),
        "completeness": tables.completeness(seen),
        "requests": tables.requests(document, seen.numbers),
        "evidence": ledger.table(),
        "problems": tables.problems(document["problems"]),
        "gaps": tables.gaps(document),
    }
    claims = claimed(seen)
    if claims is not None:
        shown |= claims.tables
    events = replayed(seen)
    if events is not None:
        shown |= events.tables
    data = {
        "mark": store.mark,
        "accounts": [[visible(part) for part in pair] for pair in accounts.items()],
        "controls": [visible(control["id"]) for control in seen.controls],
        "groups": {entry.anchor: entry.lazy for entry in entries if entry.lazy},
        "tables": {
            table.id: [
                [account, store.add(row, account)]
                for row, account in zip(table.rows[table.plain :], table.accounts[table.plain :], strict=True)
            ]
            for table in shown.values()
            if len(table.rows) > table.plain
        },
        "entries": store.entries,
    }
    style, script = _style(document, seen), _script()
    text = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            document=document,
            framework=seen.framework,
            controls=seen.controls,
            counted=list(seen.requirements),
            rules=list(rule_rows(seen)),
            scope=scope(seen),
            checks=completeness.checks(document),
            matrix=matrix(seen),
            tiers=cards.by_tier(entries),
            tables=shown,
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


def _style(document: ResultDocument, seen: View) -> str:
    client = document["engagement"]["client"] if document["engagement"] else ""
    head = " · ".join(filter(None, [seen.framework["name"], client, period(document)]))
    foot = f"{seen.framework['id']}.html · bundle {document['bundle']['sha256'][:12]}"
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
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.policies["json.dumps_function"] = lambda value, **_: orjson.dumps(value).decode()
    environment.globals |= {
        "segments": charts.segments,
        "bar_in_words": charts.in_words,
        "utc": words.utc,
        "period": period,
        "verdict_in_words": counts_in_words,
        "tone": tone,
        "legend": legend,
        "steps": STEPS,
        "mapped": mapped,
        "provenance_words": words.PROVENANCE_WORDS,
    }
    return environment


def _finalize(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
