"""What the SQL selects, by DuckDB, beside what ``match`` counts: never less, and the same where it says so."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from auditor.patterns import PatternSyntaxError, match, parse
from auditor.patterns.match import message_object
from tests.patterns import sampling
from tests.patterns.sql.engine import selected
from tests.patterns.sql.variations import events_of

DATA = Path(__file__).parents[1] / "data"


def wild() -> list[str]:
    cases = json.loads((DATA / "wild.json").read_text(encoding="utf-8"))
    texts = [*cases["reference"].values(), *(case["pattern"] for case in cases["patterns"])]
    kept = []
    for text in dict.fromkeys(texts):
        try:
            parsed = parse(text)
        except PatternSyntaxError:
            continue
        if parsed.kind == "json":
            kept.append(str(parsed))
    return list(dict.fromkeys(kept))


WILD = wild()


def compared(texts: list[str], tmp_path: Path, most: int = 400) -> tuple[int, int]:
    """How many decisions were compared, and how many events were matched. Fails where fewer are selected."""
    decisions = matched = 0
    for text in texts:
        pattern = parse(text)
        records = [
            json.dumps(event | {"#": [str(number)]}, ensure_ascii=bool(number % 2))
            for number, event in enumerate(events_of(pattern, most))
        ]
        counted = {message["#"][0] for message in map(message_object, records) if message and match(pattern, message)}
        written, chosen = selected([pattern], records, tmp_path)
        assert not counted - chosen, (text, sorted(counted - chosen))
        if written.exact:
            assert chosen == counted, (text, sorted(chosen - counted))
        decisions += len(records)
        matched += len(counted)
    return decisions, matched


@pytest.mark.parametrize("part", range(4))
def test_real_patterns(part: int, tmp_path: Path) -> None:
    decisions, matched = compared(WILD[part::4], tmp_path, 120)
    assert decisions > 1000
    assert matched > 100


def test_made_patterns(tmp_path: Path) -> None:
    random = Random(14)
    made = [sampling.json_pattern(random) for _ in range(40)]
    compared([text for text in made if _parses(text)], tmp_path, 100)


@pytest.mark.long
def test_many_made_patterns(tmp_path: Path) -> None:
    random = Random(15)
    compared([text for _ in range(5000) if _parses(text := sampling.json_pattern(random))], tmp_path)


def _parses(text: str) -> bool:
    try:
        return parse(text).kind == "json"
    except PatternSyntaxError:
        return False
