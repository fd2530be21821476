"""What the SQL selects, by DuckDB, beside what ``match`` counts: never less, and the same where it says so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from auditor.patterns import match, parse
from tests.patterns import sampling
from tests.patterns.sql.engine import selected
from tests.patterns.sql.real import WILD, is_json
from tests.patterns.sql.variations import events_of


def compared(texts: Iterable[str], folder: Path, most: int = 400) -> tuple[int, int]:
    """How many decisions were compared, and how many events were counted. Fails where fewer are selected."""
    decisions = matched = 0
    for text in texts:
        pattern = parse(text)
        records = [
            json.dumps(event | {"#": [str(number)]}, ensure_ascii=bool(number % 2))
            for number, event in enumerate(events_of(pattern, most))
        ]
        counted = {str(number) for number, record in enumerate(records) if match(pattern, record)}
        written, chosen = selected([pattern], records, folder)
        assert not counted - chosen, (text, sorted(counted - chosen))
        if written.exact:
            assert chosen == counted, (text, sorted(chosen - counted))
        decisions += len(records)
        matched += len(counted)
    return decisions, matched


def test_real_patterns(tmp_path: Path) -> None:
    decisions, matched = compared(WILD, tmp_path, 12)
    assert decisions > 3_000
    assert matched > 500


def test_made_patterns(tmp_path: Path) -> None:
    random = Random(14)
    made = (sampling.json_pattern(random) for _ in range(40))
    assert compared(filter(is_json, made), tmp_path, 60)[1] > 100


@pytest.mark.long
def test_real_patterns_at_length(tmp_path: Path) -> None:
    assert compared(WILD, tmp_path)[0] > 40_000


@pytest.mark.long
def test_made_patterns_at_length(tmp_path: Path) -> None:
    random = Random(15)
    made = (sampling.json_pattern(random) for _ in range(5000))
    assert compared(filter(is_json, made), tmp_path)[1] > 10_000
