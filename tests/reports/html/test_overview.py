"""The page across frameworks: each cause once, with links that lead to the finding on a framework's page."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.reports import write_reports
from auditor.reports.html import render, render_overview
from auditor.result import AuditResult
from auditor.workpaper.tiers import SHOWN
from tests.reports.example_result import HOSTILE, large_result
from tests.reports.html.test_browser import violations
from tests.reports.html.test_page import ACTIVE_ATTRIBUTES, ACTIVE_ELEMENTS, Outline


@pytest.fixture(scope="module")
def quarterly() -> AuditResult:
    return audit("samples/quarterly", frameworks=["cloudguard-soc2-tsc-2017", "cloudguard-best-practices"])


def section(page: str, name: str) -> str:
    return page[page.index(f'<section id="{name}"') :].partition("</section>")[0]


def test_the_same_result_gives_the_same_bytes(example: AuditResult) -> None:
    assert render_overview(example) == render_overview(AuditResult(copy.deepcopy(example.document)))


def test_it_runs_nothing_and_fetches_nothing(example: AuditResult) -> None:
    outline = Outline(render_overview(example).decode())
    assert not {tag for tag, _ in outline.elements} & {*ACTIVE_ELEMENTS, "script"}
    assert not [name for _, found in outline.elements for name in found if ACTIVE_ATTRIBUTES.match(name)]
    assert all(re.match(r"#|[a-z0-9.-]+\.html(#F-\d+)?$", link["href"]) for link in outline.all("a"))
    assert HOSTILE["command"] in outline.text


def test_every_cause_stands_once(quarterly: AuditResult) -> None:
    rows = section(render_overview(quarterly).decode(), "causes").count("<tr>") - 1
    assert rows == len(quarterly.document["causes"])


def test_every_link_leads_to_a_finding_of_a_page(quarterly: AuditResult) -> None:
    page = render_overview(quarterly).decode()
    pages = {
        one["id"]: Outline(render(quarterly, one["id"]).decode()).all("li") for one in quarterly.document["frameworks"]
    }
    links = {link["href"] for link in Outline(page).all("a") if "#F-" in link["href"]}
    assert links
    for link in links:
        framework, _, number = link.partition(".html#")
        assert {"id": number} in pages[framework]


def test_accounts_are_counted_by_their_worst_finding(quarterly: AuditResult) -> None:
    page = render_overview(quarterly).decode()
    text = re.sub(r"\s*\n\s*", "", Outline(page).text)
    counts = quarterly.document["counts"]
    assert f"FAIL{counts['accounts_failed']}{counts['accounts_letter']} by the letter only" in text
    assert "3 of 19 accounts: could not be concluded. 1 account with material open points." in text
    assert section(page, "accounts").count("<tr>") - 1 == len(quarterly.document["population"]["accounts"])


def test_it_is_written_with_the_pages(passing: AuditResult, tmp_path: Path) -> None:
    write_reports(passing, tmp_path, ["html"])
    page = (tmp_path / "index.html").read_text("utf-8")
    for link in Outline(page).all("a"):
        if not link["href"].startswith("#"):
            assert (tmp_path / link["href"].partition("#")[0]).exists()
    assert "None: no exceptions noted" in page


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_it_can_be_read_by_all(open_page: Callable[..., Any], example: AuditResult, scheme: str, width: int) -> None:
    page = open_page(render_overview(example), color_scheme=scheme, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_of_many_accounts_with_one_cause_the_first_are_told_and_the_others_named() -> None:
    """Ten accounts could not be concluded, each by an entry of its own; the ten that fail share one entry."""
    page = section(render_overview(large_result(30)).decode(), "causes")
    assert page.count("<tr>") == 1 + 1 + SHOWN
    further = page.partition('<tr class="further">')[2].partition("</tr>")[0]
    assert f"{10 - SHOWN} more accounts</summary>" in further
    assert further.count("<li><a href=") == 10 - SHOWN


def test_of_few_accounts_with_one_cause_all_are_told() -> None:
    page = section(render_overview(large_result(6 * SHOWN)).decode(), "causes")
    assert page.count("<tr>") == 1 + 1 + 2 * SHOWN
    assert "further" not in page
