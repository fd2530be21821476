"""The Word document: what is copied from a block of the same form is what would be written."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document

from auditor.reports import requests_docx
from auditor.reports.requests_docx import requests_document
from auditor.result import AuditResult
from tests.reports.example_result import example_document

ACCOUNTS = ("444455556666", "555566667777", "666677778888")


def _of_alike_accounts(changed: Callable[[int, dict[str, Any]], None] = lambda number, request: None) -> AuditResult:
    document: Any = example_document()
    base = document["requests"][0]
    document["requests"] = []
    for number, account in enumerate(ACCOUNTS, start=1):
        request = {
            **base, "number": f"R-{number:03d}.1", "set": f"R-{number:03d}", "account_id": account,
            "save_as": f"{account}/us-east-1/sns-list-topics.json", "why": f"Account {account} has sent nothing.",
            "settles": [], "replaces": [],
        }  # fmt: skip
        changed(number, request)
        document["requests"].append(request)
    return AuditResult(document)


def _differing(number: int, request: dict[str, Any]) -> None:
    request["why"] = f"Reason {number}."


def _with_places(number: int, request: dict[str, Any]) -> None:
    request["why"] = "\ue000 and \ue001" if number == 1 else f"{request['account_id']} and {request['set']}"


@pytest.mark.parametrize("changed", [lambda number, request: None, _differing, _with_places])
def test_copied_blocks_are_those_that_would_be_written(
    monkeypatch: pytest.MonkeyPatch, changed: Callable[[int, dict[str, Any]], None]
) -> None:
    copied = requests_document(_of_alike_accounts(changed))
    monkeypatch.setattr(requests_docx, "_form", lambda block: None)
    assert requests_document(_of_alike_accounts(changed)) == copied


def test_each_block_is_of_its_own_account() -> None:
    word = Document(io.BytesIO(requests_document(_of_alike_accounts())))
    scripts = [paragraph.text for paragraph in word.paragraphs if paragraph.text.startswith("save ")]
    assert [script.split("/")[0] for script in scripts] == [f"save {account}" for account in ACCOUNTS]
    begun = [paragraph.text for paragraph in word.paragraphs if paragraph.text.startswith("begin ")]
    assert begun == [f"begin {account} && {{" for account in ACCOUNTS]
    assert sum("R-002" in paragraph.text for paragraph in word.paragraphs) == 2
