"""Counts set against each other, in the order of the sheet."""

from __future__ import annotations

import re

import pytest

from auditor.reports.html.completeness import checks
from auditor.workpaper import View, view
from auditor.workpaper.completeness import tests as completeness
from auditor.workpaper.wording import CAPTURE_STATUSES
from tests.reports.example_result import example_result

PAGES = "The answer is whole: every page is there and nothing narrowed it"


def by_name(seen: View) -> dict[str, tuple[int | None, int | None, int | None, str]]:
    return {one.test: (one.population, one.evidence, one.difference, one.result) for one in completeness(seen)}


def test_example(seen: View) -> None:
    found = by_name(seen)
    assert found["Who ran the call is recorded"] == (51, 50, 1, "1 exception noted")
    schema = "The file holds an answer that follows the schema of the call"
    assert found[schema] == (51, 50, 1, "1 exception noted")
    assert found[PAGES] == (50, 49, 1, "1 exception noted")
    assert found["Account and region of the capture are known"] == (51, 51, 0, "No exception noted")
    accounts = "Every account in scope has captures or is proven by an organisation trail"
    assert found[accounts] == (15, 14, 1, "1 exception noted")
    regions = "Every expected region of an account has captures, or a result needs none from it"
    assert found[regions] == (30, 29, 1, "1 exception noted")
    assert found["Files have the digests recorded when the bundle was sealed"] == (None, None, None, "Not tested")


def test_exceptions_are_named(seen: View) -> None:
    notes = {one.test: one.note for one in completeness(seen)}
    assert "333344445555/us-east-1/cloudwatch-describe-alarms.json" in notes[PAGES]
    regions = "Every expected region of an account has captures, or a result needs none from it"
    assert notes[regions].endswith("Needed: 202020202020 us-east-1.")
    assert "202020202020" in notes["Every account in scope has captures or is proven by an organisation trail"]


def test_a_refusal_is_no_missing_page() -> None:
    example = example_result()
    for capture in example.document["captures"][:3]:
        capture |= {"status": "refused", "complete": False, "valid": False}
    found = {one.test: one for one in completeness(view(example, "nist-800-53-r5"))}
    assert (found[PAGES].population, found[PAGES].difference) == (47, 1)
    schema = found["The file holds an answer that follows the schema of the call"]
    assert (schema.difference, schema.result) == (4, "4 exceptions noted")
    assert schema.note.startswith("1 not following the schema, 3 refused by AWS. Not so: ")


def test_what_shows_presence_only_is_no_exception_of_precision() -> None:
    example = example_result()
    for capture in example.document["captures"][:2]:
        capture |= {"status": "presence_only", "complete": False}
    found = {one.test: one for one in completeness(view(example, "nist-800-53-r5"))}
    assert found["The file holds an answer that follows the schema of the call"].note.startswith(
        "1 not following the schema. Not so: "
    )
    assert found[PAGES].difference == 3


@pytest.mark.parametrize("status", sorted(CAPTURE_STATUSES))
def test_page_and_workbook_count_the_same_flaws(status: str) -> None:
    example = example_result()
    whole = status in ("captured", "not_found")
    for capture in example.document["captures"][:3]:
        capture |= {"status": status, "complete": whole, "valid": whole or status == "presence_only"}
    found = {one.test: one for one in completeness(view(example, "nist-800-53-r5"))}
    schema = found["The file holds an answer that follows the schema of the call"]
    (line,) = [check.text for check in checks(example.document) if check.title == "Captures with flaws"]
    assert sum(map(int, re.findall(r"(\d+) [a-z]", line.partition(", of ")[0]))) == sum(
        filter(None, [schema.difference, found[PAGES].difference])
    )


def test_population_from_the_bundle_is_not_reconciled(passing_view: View) -> None:
    found = {one.test: one for one in completeness(passing_view)}
    accounts = found["Every account in scope has captures or is proven by an organisation trail"]
    assert accounts.result == "Not tested"
    assert accounts.note == "Population from the bundle itself, not reconciled to an independent source."
    assert found["The capture counts for the control period"].result == "Not tested"


@pytest.mark.parametrize(("seal", "result"), [("verified", "No exception noted"), ("broken", "Exception noted")])
def test_seal(seal: str, result: str) -> None:
    example = example_result()
    example.document["bundle"]["seal"] = seal
    found = by_name(view(example, "nist-800-53-r5"))
    assert found["Files have the digests recorded when the bundle was sealed"][3] == result
