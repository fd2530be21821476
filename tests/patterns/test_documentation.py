"""docs/patterns.md: its examples run, and every assumption stands in it in the words of the code."""

from __future__ import annotations

import doctest
from pathlib import Path

from auditor.patterns import READINGS

PAGE = Path(__file__).parents[2] / "docs" / "patterns.md"


def test_examples() -> None:
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted


def test_assumptions() -> None:
    rows = PAGE.read_text("utf-8").splitlines()
    for name, reading in READINGS.items():
        assert f"| `{name}` | {reading.taken} | {reading.other} |" in rows
