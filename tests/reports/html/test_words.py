"""Texts made safe and codes made readable."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reports.html import security, words
from auditor.verdict import Relation


@pytest.mark.parametrize("module", [words, security])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@given(st.text())
def test_a_css_string_cannot_be_left(text: str) -> None:
    inside = security.css_string(text)[1:-1]
    assert not set(inside) & set("\"'<>\n\r()")
    assert inside.isascii()


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (None, "unknown"),
        ("", "unknown"),
        ("2026-10-01T00:30:00+02:00", "2026-09-30 22:30:00 UTC"),
        ("2026-10-02T08:15:30Z", "2026-10-02 08:15:30 UTC"),
        ("2026-10-02T08:15:30", "2026-10-02T08:15:30"),
        ("yesterday", "yesterday"),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59"),
    ],
)
def test_utc(moment: str | None, shown: str) -> None:
    assert words.utc(moment) == shown


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("arn:aws:cloudtrail:us-east-1:111122223333:trail/main", "main"),
        ("arn:aws:logs:us-east-1:111122223333:log-group:a/b:*", "a/b"),
        ("arn:aws:cloudwatch:us-east-1:111122223333:alarm:ssm:2", "ssm:2"),
        ("arn:broken", "arn:broken"),
        ("CISBenchmark/SsmActions", "CISBenchmark/SsmActions"),
        ("", ""),
    ],
)
def test_short_name(name: str, short: str) -> None:
    assert words.short_name(name) == short


def test_every_relation_has_words() -> None:
    assert set(words.RELATION_WORDS) == set(Relation)
