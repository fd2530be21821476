"""The generated bundle is the same every time, its defects are found, and the phases are measured."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.generate import DEFECTS, generate
from tests.benchmarks.phases import measure


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.json")):
        digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def test_same_sizes_give_the_same_bytes(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", accounts=3, regions=2)
    second = generate(tmp_path / "b", accounts=3, regions=2)
    assert first == second
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")


def test_a_hundred_accounts_have_each_defect_at_its_rate(tmp_path: Path) -> None:
    expected = generate(tmp_path, accounts=100, regions=1, noise_alarms=0)
    assert Counter(facts.defect for facts in expected.values()) == {defect.name: defect.percent for defect in DEFECTS}


@pytest.mark.benchmark
def test_phases_of_a_small_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the multiples; that every planted defect is found is checked while measuring."""
    expected = generate(tmp_path, accounts=27)
    figures = measure(tmp_path, expected, reports=False, rival=True)
    with capsys.disabled():
        print("", *figures.lines(), sep="\n")
    assert list(figures.phases) == [
        "load",
        "validate",
        "join",
        "judge",
        "judge sixteen controls",
        "rival: DuckDB, the chain by joins",
    ]
    assert {facts.defect for facts in expected.values()} == {defect.name for defect in DEFECTS}
