"""Every reason has a title of its own that fits a heading."""

from __future__ import annotations

from auditor.judgement.reasons import reasons
from auditor.workpaper.titles import _titles, reason_title

HEADING = 80  # characters of one line of the page's headings


def test_every_reason_has_a_title_and_no_title_is_without_a_reason() -> None:
    assert set(_titles()) == set(reasons())


def test_titles_are_unlike_each_other_and_fit_a_heading() -> None:
    titles = [reason_title(code) for code in reasons()]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= HEADING
    assert all(title[0].isupper() and not title.endswith(".") for title in titles)


def test_a_code_of_another_version_is_shown_in_its_own_words() -> None:
    assert reason_title("a-later-code") == "A later code"
