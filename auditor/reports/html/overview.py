"""The page across frameworks, ``index.html``: one line a framework, one an account, each cause once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from auditor.reports.html import charts, completeness, security
from auditor.reports.html.brief import in_brief
from auditor.reports.html.page import environment, page_style, period
from auditor.result import AccountTotals, AuditResult, Finding, FrameworkResult, ResultDocument, account_totals
from auditor.text import count
from auditor.verdict import Verdict
from auditor.workpaper.overview import ACCOUNTS, AccountRow
from auditor.workpaper.reach import control_totals, reach
from auditor.workpaper.tiers import CauseKind, place_of, tiers
from auditor.workpaper.view import control_of, overview
from auditor.workpaper.wording import counts_in_words, tone


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """A framework with the tone and words of its result, and its accounts by their worst finding."""

    framework: FrameworkResult
    badge: tuple[str, str]
    controls: int  # that count
    totals: AccountTotals


def render_overview(result: AuditResult, framework_id: str = "") -> bytes:
    """The page across frameworks: UTF-8, the same bytes for the same result; it links to the pages beside it."""
    document = result.document
    everything = overview(result)
    counted = [finding for finding in everything.findings if place_of(everything, finding) != "outside"]
    totals = account_totals(counted)
    bundle = document["bundle"]
    client = document["engagement"]["client"] if document["engagement"] else ""
    head = " · ".join(filter(None, ["Overview", client, period(document)]))
    sheet = page_style(head, f"index.html · bundle {bundle['sha256'][:12]}")
    parts = tiers(everything)
    kinds = [kind for tier in parts if tier.key != "pass" for kind in tier.kinds]
    result_words = counts_in_words(everything.framework["verdict"], everything.framework["counts"])
    text = (
        environment()
        .get_template("overview.html.jinja")
        .render(
            document=document,
            totals=totals,
            badge=(tone(result_words).lower(), result_words),
            words=_in_words(totals, counted),
            brief=in_brief(document, parts, totals, len(everything.controls), {part.key: "causes" for part in parts}),
            counts=document["counts"],
            checks=completeness.checks(document),
            lines=[_line(framework, counted) for framework in document["frameworks"]],
            accounts=_worst_first(ACCOUNTS.records(everything)),
            kinds=[kind for kind in kinds if kind.verdict != Verdict.PASS],
            pages=_pages(document, kinds),
            controls=everything.controls,
            reach=charts.reach_bars(reach(counted), totals.accounts, len(everything.controls)),
            failing=charts.failing_bars(control_totals(everything, counted)),
            policy=security.policy(sheet),
            style=Markup(sheet),
        )
    )
    return text.encode()


def _in_words(totals: AccountTotals, findings: Iterable[Finding]) -> str:
    words = totals.exceptions_in_words() or f"No exceptions noted in {count(totals.accounts, 'account')}."
    material = {
        finding["account_id"]
        for finding in findings
        if finding["verdict"] == Verdict.PASS and any(point["material"] for point in finding["open_points"])
    }
    return f"{words} {count(len(material), 'account')} with material open points." if material else words


_ORDER = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)


def _worst_first(rows: Iterable[AccountRow]) -> list[AccountRow]:
    """Accounts that fail in most controls first; those without a finding last."""
    return sorted(rows, key=lambda row: tuple(-row.verdicts[verdict] for verdict in _ORDER))


def _line(framework: FrameworkResult, findings: Iterable[Finding]) -> FrameworkLine:
    words = counts_in_words(framework["verdict"], framework["counts"])
    counted = {
        mapping["control"]
        for requirement in framework["requirements"]
        for mapping in requirement["controls"]
        if mapping["counted"]
    }
    concerned = [finding for finding in findings if control_of(finding) in counted]
    controls = {control_of(finding) for finding in concerned}
    return FrameworkLine(framework, (tone(words).lower(), words), len(controls), account_totals(concerned))


def _pages(document: ResultDocument, kinds: Iterable[CauseKind]) -> dict[str, str]:
    """Per finding of a cause the page that shows it: of the framework that maps most of the cause's controls."""
    mapped = {
        framework["id"]: {
            mapping["control"] for requirement in framework["requirements"] for mapping in requirement["controls"]
        }
        for framework in document["frameworks"]
    }
    links: dict[str, str] = {}
    for row in (entry for kind in kinds for entry in kind.entries):
        controls = {control_of(finding) for finding in row.findings}
        widest = max(mapped, key=lambda framework: len(mapped[framework] & controls), default="")
        for finding in row.findings:
            page = widest if control_of(finding) in mapped.get(widest, ()) else _any(mapped, control_of(finding))
            if page:
                links[finding["number"]] = f"{page}.html#{finding['number']}"
    return links


def _any(mapped: dict[str, set[str]], control: str) -> str:
    return next((framework for framework, controls in mapped.items() if control in controls), "")
