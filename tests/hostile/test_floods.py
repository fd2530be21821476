"""Many of one thing, made so that each would be held against every other: four times as many cost no sixteen times."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from auditor.reports.requests_docx import requests_document
from auditor.result import AuditResult
from tests.processor import Watch
from tests.reports.example_result import example_document
from tests.textbook import ACCOUNT, REGION, metric_filter

FEW, TIMES = 300, 4
MOST = 8.0  # times as much for four times as many; what is quadratic takes sixteen

Files = dict[str, bytes]
EMPTY = b'{"Topics": []}\n'


def record(files: Files, call: str, arguments: Callable[[int], list[str]]) -> Files:
    entries = [
        {
            "file": name, "call": call, "account_id": ACCOUNT, "region": REGION, "arguments": arguments(number),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for number, (name, data) in enumerate(files.items())
    ]  # fmt: skip
    return {"captures.json": json.dumps({"captures": entries}).encode()}


def moved_and_empty(number: int) -> Files:
    recorded = {f"q{place}/sns-list-topics.json": EMPTY for place in range(number)}
    return {f"x/y{place}/z.json": EMPTY for place in range(number)} | record(
        recorded, "sns list-topics", lambda place: []
    )


def page(place: int, left: str) -> bytes:
    topic = {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t{place}"}
    return json.dumps({"Topics": [topic]} | ({"NextToken": left} if left else {})).encode()


def pages(number: int) -> Files:
    name = f"{ACCOUNT}/{REGION}/sns-list-topics-{{}}.json".format
    files = {name(place): page(place, f"t{place}" if place < number - 1 else "") for place in range(number)}
    begun = record(files, "sns list-topics", lambda place: ["--next-token", f"t{place - 1}"] if place else [])
    return files | begun


def pages_without_a_first(number: int) -> Files:
    name = f"{ACCOUNT}/{REGION}/sns-list-topics-{{}}.json".format
    files = {name(place): page(place, f"t{place}") for place in range(number)}
    return files | record(files, "sns list-topics", lambda place: ["--next-token", f"t{(place - 1) % number}"])


def of_accounts_and_of_nobody(number: int) -> Files:
    def listing(place: int) -> bytes:
        return json.dumps({"metricFilters": [metric_filter(filterName=f"f{place}")]}).encode()

    own = {f"{place:012}/{REGION}/logs-describe-metric-filters.json": listing(place) for place in range(number // 2)}
    return own | {f"u{place}/logs-describe-metric-filters.json": listing(-place - 1) for place in range(number // 2)}


SHAPES = [
    moved_and_empty,
    pages,
    pages_without_a_first,
    of_accounts_and_of_nobody,
]


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_takes_time_by_the_number(tmp_path: Path, shape: Callable[[int], Files]) -> None:
    seconds = []
    for number in (FEW, TIMES * FEW):
        with zipfile.ZipFile(tmp_path / f"{number}.zip", "w") as archive:
            for name, data in shape(number).items():
                archive.writestr(name, data)
        load(open_bundle([tmp_path / f"{FEW}.zip"]))  # what is made once is made
        with Watch() as watch:
            load(open_bundle([tmp_path / f"{number}.zip"]))
        seconds.append(watch.seconds)
    assert seconds[1] < MOST * seconds[0], seconds


def asking(accounts: int) -> AuditResult:
    """A result that asks so many accounts for the same."""
    document: Any = example_document()
    base = document["requests"][0]
    document["requests"] = [
        {
            **base, "number": f"R-{number:05d}.1", "set": f"R-{number:05d}", "account_id": f"{number:012}",
            "save_as": f"{number:012}/us-east-1/sns-list-topics.json", "settles": [], "replaces": [],
        }
        for number in range(accounts)
    ]  # fmt: skip
    return AuditResult(document)


@pytest.mark.long
def test_a_letter_to_many_accounts_takes_time_by_their_number() -> None:
    seconds = []
    for accounts in (600, TIMES * 600):
        with Watch() as watch:
            requests_document(asking(accounts))
        seconds.append(watch.seconds)
    assert seconds[1] < MOST * seconds[0], seconds
