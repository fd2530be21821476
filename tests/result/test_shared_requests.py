"""Requests of many accounts, whose text is kept once: the same to a reader, whatever holds them."""

from __future__ import annotations

import csv
import gc
import json
import tracemalloc
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import api
from auditor.redaction import RedactionKey, redacted
from auditor.reports import rendered
from auditor.result import AuditResult, Request, SharedRequests, requests_by_set, sets_of
from auditor.result.shared_requests import AS_OBJECTS

ACCOUNTS = ("111122223333", "R-1", 'a"b', "é", "")
TEXTS = st.one_of(st.sampled_from([*ACCOUNTS, "R-1.1", "arn:111122223333:R-12", "\x01", "\x02", "\\u0001"]), st.text())


def _set(number: int, account: str, texts: list[str]) -> list[Request]:
    """Requests of one set whose members hold anything."""
    name = f"R-{number}"
    return [
        {
            "number": f"{name}.{place}", "set": name, "account_id": account, "region": text, "call": "c", "what": text,
            "why": f"{account} {text}", "command": text, "save_as": f"{account}/{text}", "settles": [f"{account}/x"],
            "settles_alone": [],
        }
        for place, text in enumerate(texts, start=1)
    ]  # fmt: skip


SETS = st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.lists(TEXTS, min_size=1, max_size=3)), max_size=5).map(
    lambda drawn: [_set(number, account, texts) for number, (account, texts) in enumerate(drawn, start=1)]
)


@given(SETS)
def test_requests_come_back_as_they_were(sets: list[list[Request]]) -> None:
    plain = [request for of_set in sets for request in of_set]
    shared = requests_by_set(sets, as_objects=0)
    assert isinstance(shared, SharedRequests) == bool(plain)
    assert (list(shared), len(shared), shared == plain, plain == shared) == (plain, len(plain), True, True)
    assert [shared[place] for place in range(-len(plain), len(plain))] == [*plain, *plain]
    assert shared[1:3] == plain[1:3]
    assert [list(of_set) for of_set in sets_of(shared)] == [list(of_set) for of_set in sets_of(plain)] == sets
    assert list(sets_of(shared, {"é"})) == list(sets_of(plain, {"é"}))
    if plain:
        assert shared != plain[1:]
        assert orjson.loads(b"[" + b",\n".join(shared.texts()) + b"]") == plain


def test_requests_without_a_set_are_each_on_their_own() -> None:
    older = [{**request, "set": ""} for request in _set(1, "111122223333", ["a", "b"])]
    assert [list(of_set) for of_set in sets_of(older)] == [[older[0]], [older[1]]]  # type: ignore[arg-type]


def test_a_place_beyond_the_last_is_none() -> None:
    shared = requests_by_set([_set(1, "111122223333", ["a"])], as_objects=0)
    with pytest.raises(IndexError):
        shared[1]


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The result of a scope of which hardly anything was captured."""
    return _of_scope(tmp_path_factory.mktemp("silent"), AS_OBJECTS // 121 + 20)


def _of_scope(folder: Path, accounts: int) -> AuditResult:
    """One account with a capture, and so many without any."""
    capture = folder / "bundle" / "111122223333" / "us-east-1" / "sns-list-topics.json"
    capture.parent.mkdir(parents=True)
    capture.write_text(json.dumps({"Topics": [{"TopicArn": "arn:aws:sns:us-east-1:111122223333:security"}]}))
    scope = folder / "scope.csv"
    with scope.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["account_id", "name", "owner"])
        rows.writerows([200_000_000_000 + number, f"member-{number}", "platform"] for number in range(accounts))
    return api.audit(folder / "bundle", controls=["ssm-actions"], frameworks="cloudguard-best-practices", scope=scope)


def test_accounts_that_sent_nothing_share_their_requests(silent: AuditResult) -> None:
    requests = silent.document["requests"]
    assert isinstance(requests, SharedRequests)
    assert len(requests) > AS_OBJECTS
    again = AuditResult.from_json(silent.to_json())
    assert type(again.document["requests"]) is list
    assert again.document["requests"] == requests
    assert again.to_json() == silent.to_json() == b"".join(silent.json_parts())
    first, second = (list(of_set) for of_set in list(sets_of(requests))[:2])
    assert {request["account_id"] for request in second} == {second[0]["account_id"]}
    assert {request["save_as"].partition("/")[0] for request in first} == {first[0]["account_id"]}


def test_reports_of_shared_requests_are_those_of_a_list(silent: AuditResult) -> None:
    again = AuditResult.from_json(silent.to_json())
    names = ("requests.md", "results.json", "requests.csv", "index.html")
    shared, plain = (
        {name: data for name, data in rendered(result, ("json", "csv", "html")) if name in names}
        for result in (silent, again)
    )
    assert set(shared) == set(names)
    assert shared == plain


def test_shared_requests_are_redacted_like_a_list(silent: AuditResult) -> None:
    key = RedactionKey(b"k" * 32)
    again = AuditResult.from_json(silent.to_json())
    assert redacted(silent, key).to_json() == redacted(again, key).to_json()


def test_an_account_that_sent_nothing_costs_little(tmp_path: Path) -> None:
    """It took 150 kB before its requests were shared, and as much again while they were made and written."""
    peaks = []
    for accounts in (100, 160):
        folder = tmp_path / str(accounts)
        folder.mkdir()
        gc.collect()
        tracemalloc.start()
        try:
            for _ in _of_scope(folder, accounts).json_parts():
                pass
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 60 < 30_000
