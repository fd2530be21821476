"""Rules X1, V3: numbers in the names of files show that a page is missing, and only where they count pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from auditor.evidence.call_ids import DESCRIBE_ALARMS
from tests.textbook import ACCOUNT, REGION, alarm, write

PLACE = f"{ACCOUNT}/{REGION}"
CASES = [
    ("alarms_page1", "alarms_page3", "alarms_page2"),
    ("alarms-1", "alarms-3", "alarms-2"),
    ("alarms-2", "alarms-3", "alarms-1"),
    ("alarms.001", "alarms.003", "alarms.2"),
    ("alarms (part 1)", "alarms (part 3)", "alarms (part 2)"),
    ("alarms", "alarms_3", "alarms_2"),
    ("page-1/alarms", "page-3/alarms", "page-2/alarms"),
    ("alarms-20260928-1", "alarms-20260928-3", "alarms-20260928-2"),
    ("alarms-1", "alarms-2", ""),
    ("alarms-0", "alarms-1", ""),
    ("alarms", "alarms.page2", ""),
    ("alarms-us-east-1", "alarms-us-east-1.page2", ""),
    ("2026-09-28/alarms", "2026-09-30/alarms", ""),
]


def lacking(folder: Path, *names: str, token: bool = True) -> str:
    """What the alarms of a place lack, where all files but the last leave a token."""
    files = {
        f"{PLACE}/{name}.json": {"MetricAlarms": [alarm(name=f"a{number}")], "CompositeAlarms": []}
        | ({"NextToken": f"t{number}"} if token and number < len(names) - 1 else {})
        for number, name in enumerate(names)
    }
    response = load(open_bundle([write(files, folder)])).responses.get(DESCRIBE_ALARMS, ACCOUNT, REGION)
    return response.detail if response.code == "truncated" else ""


@pytest.mark.parametrize(("first", "last", "missing"), CASES)
def test_a_page_between_two(tmp_path: Path, first: str, last: str, missing: str) -> None:
    detail = lacking(tmp_path, first, last)
    assert (f"{PLACE}/{missing}" in detail) if missing else detail == ""


@pytest.mark.parametrize(
    ("names", "is_missing"),
    [
        pytest.param(("describe-alarms.page2",), True, id="a second page alone"),
        pytest.param(("homepage2",), False, id="no word of its own"),
        pytest.param(("alarms-2",), False, id="a number alone"),
        pytest.param(("alarms-1", "alarms-3"), False, id="two answers that are whole"),
    ],
)
def test_where_no_file_leaves_a_token(tmp_path: Path, names: tuple[str, ...], is_missing: bool) -> None:
    assert bool(lacking(tmp_path, *names, token=False)) is is_missing
