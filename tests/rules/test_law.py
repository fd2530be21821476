"""The law is whole: what is cited exists, each rule has a reason or says why not, and its page is current."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from auditor.rules import Known, chapters, reasons, rules
from auditor.rules.page import page
from auditor.verdict import LINKS

ROOT = Path(__file__).parents[2]
# Not times (T23:59), wildcards of them (*T22) or cells of a spreadsheet ('calc'!A0).
CITED = re.compile(r"(?<![A-Za-z0-9!*}$])[VTLMACSNX][0-9]{1,2}(?![0-9A-Za-z]|:[0-9])")
TEXTS = {".py", ".md", ".json", ".jinja"}


def texts() -> Iterator[Path]:
    for folder in ("auditor", "tests", "docs", "schemas"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in TEXTS)
    yield from ROOT.glob("*.md")


def test_every_rule_that_is_cited_exists() -> None:
    cited = {number: path.name for path in texts() for number in CITED.findall(path.read_text(encoding="utf-8"))}
    assert len(cited) > 80, "few rules are cited: the search is wrong"
    assert {number: name for number, name in cited.items() if number not in rules()} == {}


def test_rules_are_numbered_without_a_gap_by_their_chapter() -> None:
    for chapter in chapters():
        numbers = [f"{chapter.letter}{number}" for number in range(1, len(chapter.rules) + 1)]
        assert [rule.id for rule in chapter.rules] == numbers


@pytest.mark.parametrize("number", rules())
def test_a_rule_is_whole(number: str) -> None:
    rule = rules()[number]
    assert rule.title[0].isupper()
    assert rule.says.endswith(".")
    assert set(rule.links) <= set(LINKS)
    assert rule.known, "it does not say how it is known"
    assert set(rule.known) <= set(get_args(Known))
    assert rule.sources or (rule.no_reason and "documented" not in rule.known), "a verdict rests on it without a source"


@pytest.mark.parametrize("number", rules())
def test_a_rule_has_a_reason_or_says_why_not(number: str) -> None:
    named = [reason.code for reason in reasons().values() if reason.rule == number]
    assert bool(named) != bool(rules()[number].no_reason), named


@pytest.mark.parametrize("code", reasons())
def test_a_reason_rests_on_a_rule_of_its_link(code: str) -> None:
    reason = reasons()[code]
    rule = rules()[reason.rule]
    assert not reason.link or not rule.links or reason.link in rule.links


def test_the_page_is_made_from_the_data() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m auditor.rules.page > docs/rules.md"
