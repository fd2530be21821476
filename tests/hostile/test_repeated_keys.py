"""A member that stands twice, and a number that is none, say two things or nothing: no PASS rests on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.processor import Watch
from tests.textbook import ACCOUNT, REGION, textbook, write

NEIGHBOUR = "444455556666"
PLACE = f"{ACCOUNT}/{REGION}"
FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
GOOD = json.dumps(textbook()[FILTERS])
ENTRY = f'"file":"{FILTERS}","call":"logs:DescribeMetricFilters","account_id":"{ACCOUNT}","region":"{REGION}"'


def judged(folder: Path, name: str, text: str) -> tuple[str, str, set[str]]:
    """The verdicts of the account with the file and of its neighbour, and the codes of problems."""
    result = audit(write(textbook() | textbook(NEIGHBOUR) | {name: text}, folder), controls=["ssm-actions"])
    verdicts = {one["account_id"]: one["verdict"] for one in result.document["findings"]}
    return verdicts[ACCOUNT], verdicts[NEIGHBOUR], {one["code"] for one in result.document["problems"]}


SAYING_ONE_THING = [
    (FILTERS, GOOD),
    (FILTERS, f'{{"{REGION}": {GOOD}}}'),
    ("captures.json", f'[{{{ENTRY},"exit_code":0}}]'),
]
SAYING_TWO: list[tuple[str, str, str]] = [
    (FILTERS, f'{{"{REGION}": {{"metricFilters": []}}, "{REGION}": {GOOD}}}', "duplicate-keys"),
    (FILTERS, f'{{"answer": {{"{REGION}": {{}}, "{REGION}": {GOOD}}}}}', "duplicate-keys"),
    (FILTERS, f'{{"metricFilters": [], {GOOD[1:]}', "duplicate-keys"),
    (FILTERS, GOOD.replace('"filterName"', '"filterName": "a", "filterName"'), "duplicate-keys"),
    ("captures.json", f'[{{{ENTRY},"exit_code":254,"exit_code":0}}]', "duplicate-keys"),
    ("captures.json", f'{{"captures":[{{{ENTRY},"arguments":["--max-items","1"],"arguments":[]}}]}}', "duplicate-keys"),
    ("captures.json", f'{{"captures":[],"captures":[{{{ENTRY}}}]}}', "duplicate-keys"),
    ("captures.json", f'[{{{ENTRY},"exit_code":NaN}}]', "nan"),
    ("captures.json", f'[{{{ENTRY},"exit_code":1e999}}]', "nan"),
    ("captures.json", f'[{{{ENTRY},"exit_code":{"9" * 400}}}]', "huge-integer"),
]


@pytest.mark.parametrize(("name", "text"), SAYING_ONE_THING)
def test_what_says_one_thing_is_relied_upon(tmp_path: Path, name: str, text: str) -> None:
    assert judged(tmp_path, name, text)[:2] == ("PASS", "PASS")


@pytest.mark.parametrize(("name", "text", "code"), SAYING_TWO)
def test_what_says_two_things_is_not(tmp_path: Path, name: str, text: str, code: str) -> None:
    found, neighbour, codes = judged(tmp_path, name, text)
    assert (found, neighbour) == ("INCONCLUSIVE", "PASS")
    assert code in codes


FLOODS: list[tuple[str, Any]] = [
    ("objects with a repeated key", '{"a":1,"a":2}'),
    ("no numbers", "NaN"),
    ("integers past 64 bits", "9" * 30),
    ("halves of characters", '"\\ud800"'),
    ("empty objects", "{}"),
]


@pytest.mark.parametrize(("what", "item"), FLOODS, ids=[what for what, _ in FLOODS])
def test_a_flood_of_oddities_costs_its_length(tmp_path: Path, what: str, item: str) -> None:
    with Watch() as watch:
        found, neighbour, _ = judged(tmp_path, FILTERS, f'{{"metricFilters":[{",".join([item] * 30_000)}]}}')
        assert (found, neighbour) == ("INCONCLUSIVE", "PASS")
    assert watch.seconds < 5


def test_an_array_of_answers_each_with_a_repeated_key_is_not_held_against_every_one_of_them(tmp_path: Path) -> None:
    with Watch() as watch:
        page = '{"metricFilters":[],"a":1,"a":1}'
        assert judged(tmp_path, FILTERS, f"[{','.join([page] * 5_000)}]")[:2] == ("INCONCLUSIVE", "PASS")
    assert watch.seconds < 10
