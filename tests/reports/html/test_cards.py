"""Headings of the groups of findings."""

from __future__ import annotations

import pytest

from auditor.reports.html.cards import _title
from auditor.reports.html.selection import Group


@pytest.mark.parametrize(
    ("tier", "verdict", "open_points", "title"),
    [
        ("fail", "FAIL", "", "The metric filter counts fewer events than required"),
        ("letter", "FAIL", "", "The metric filter counts fewer events than required, objective met"),
        ("pass", "PASS", "material", "PASS with material open points"),
        ("pass", "PASS", "", "no exceptions noted"),
    ],
)
def test_a_heading_tells_the_groups_apart(tier: str, verdict: str, open_points: str, title: str) -> None:
    assert _title(Group(tier, "filter-narrower", "metric_filter", verdict, open_points)) == title
