"""The titles of the pages to which controls and remedies refer."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.catalogue import load_controls
from auditor.workpaper.references import reference_title, references_in_words, titles

PLANS = Path(__file__).parents[2] / "auditor" / "remediation" / "plans.json"


def test_every_page_has_its_title_and_no_other() -> None:
    used = {url for control in load_controls().values() for url in control.references}
    used |= {url for urls in json.loads(PLANS.read_text(encoding="utf-8"))["references"].values() for url in urls}
    assert set(titles()) == used
    assert len(set(titles().values())) == len(titles())


def test_an_address_that_is_not_known_stands_for_itself() -> None:
    known, own = next(iter(titles())), "https://wiki.example/controls"
    assert reference_title(own) == own
    assert references_in_words([known, own]) == f"{titles()[known]}: {known}\n{own}"
