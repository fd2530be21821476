"""The pages of docs/: made parts are current, examples hold, and all of them build to a site offline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

import auditor
from auditor.reports.excel.table import PROMPT
from auditor.result.tables import TABLES
from auditor.verdict import LINKS
from auditor.workpaper import OVERVIEW_TABLES, OVERVIEW_TITLES, TITLES
from auditor.workpaper import TABLES as SHEETS
from auditor.workpaper.meanings import meanings as meanings_of_sheets
from tests.project.pages import DOCS, MADE_BY, ROOT, current, meaning, meanings, sample_view

AUDITORS = (DOCS / "for-auditors.md").read_text(encoding="utf-8")
ANALYSTS = (DOCS / "for-analysts.md").read_text(encoding="utf-8")


def test_made_pages_are_current() -> None:
    stale = [name for name, text in current().items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert not stale, f"run `{MADE_BY}`"


def test_every_column_has_its_meaning_and_no_other() -> None:
    columns = {(table, column) for table, declared in TABLES.items() for column in declared.columns}
    assert all(meaning(table, column) for table, column in columns)
    assert set(meanings()) == {column for _, column in columns}


def test_every_column_of_a_sheet_has_its_sentence_and_no_other() -> None:
    sheets = {sheet.title: sheet for sheet in (*SHEETS, *OVERVIEW_TABLES)}
    names = {title: {column.name for column in sheet.columns(sample_view())} for title, sheet in sheets.items()}
    shared = meanings_of_sheets()[""]
    for title, columns in names.items():
        own = meanings_of_sheets()[title]
        assert {name for name in columns if "@" not in name} <= {*own, *shared}, title
        assert {*own} - {""} <= columns, title
        assert ("" in own) == any("@" in name for name in columns), title
    assert {*meanings_of_sheets()} == {"", *names}
    assert {*shared} <= set().union(*names.values())
    sentences = [text for texts in meanings_of_sheets().values() for text in texts.values()]
    assert all(text[0].isupper() and text.endswith(".") and len(text) <= PROMPT for text in sentences)


def test_every_name_of_the_interface_is_explained() -> None:
    told = set(re.findall(r"^### `auditor\.(\w+)`$", ANALYSTS, re.MULTILINE))
    assert told == set(auditor.__all__) - {"__version__"}


@pytest.mark.parametrize("title", sorted({*TITLES, *OVERVIEW_TITLES}))
def test_auditors_are_told_how_to_read_every_sheet(title: str) -> None:
    assert f"**{title}**" in AUDITORS


TEMPLATES = (ROOT / "auditor" / "reports" / "html" / "templates").glob("*.jinja")
SECTIONS = {
    re.sub(r"{{.*?}}", "controls", heading)
    for template in TEMPLATES
    for heading in re.findall(r"<h2 id=[^>]*>(.*?)</h2>", template.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("heading", sorted(SECTIONS))
def test_auditors_are_told_how_to_read_every_section(heading: str) -> None:
    assert f"**{heading}**" in AUDITORS.replace("\n", " ")


EXAMPLES = re.findall(r"^\| [A-G] ([\w ]+) \| .*? \| `([\w-]+)` \| (\w+): .* \| `([\w-]+)` \|$", AUDITORS, re.MULTILINE)


def test_there_is_an_example_for_every_link() -> None:
    assert [link.replace(" ", "_") for link, *_ in EXAMPLES] == [str(link) for link in LINKS]


@pytest.mark.parametrize(("link", "name", "verdict", "code"), EXAMPLES, ids=[link for link, *_ in EXAMPLES])
def test_example_of_a_link_is_what_the_sample_shows(link: str, name: str, verdict: str, code: str) -> None:
    accounts = json.loads((ROOT / "samples" / "expected.json").read_bytes())["quarterly"]["accounts"]
    (expected,) = [account for account in accounts.values() if account["name"] == name]
    shown = expected["broken_link"], expected["verdict"], expected["reason_code"]
    assert shown == (link.replace(" ", "_"), verdict, code)


def test_every_page_has_its_place_in_the_site() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    assert not {page.name for page in DOCS.glob("*.md")} - set(re.findall(r"[\w-]+\.md", text)), "add it to mkdocs.yml"


_LOADED = re.compile(r"<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=\"?((?:https?:)?//[^\s\">]+)")


def _loaded(folder: Path) -> Iterator[str]:
    for page in folder.rglob("*.html"):
        yield from _LOADED.findall(page.read_text(encoding="utf-8"))


@pytest.mark.filterwarnings("default")  # what mkdocs and its theme warn of in Python is not ours
def test_site_builds_strictly_without_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True))  # sockets are closed
    assert {"index.html", "for-auditors.html", "notebooks"} <= {path.name for path in (tmp_path / "site").iterdir()}
    assert not list(_loaded(tmp_path / "site"))
