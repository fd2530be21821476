"""Which findings a framework shows, and the numbers by which sheets refer to each other."""

from __future__ import annotations

import pytest

from auditor.errors import AuditorError
from auditor.workpaper import View, view
from auditor.workpaper.finding_rows import finding_rows
from auditor.workpaper.rows import request_rows, requirement_rows
from tests.reports.example_result import CONTROL, ROOT_CONTROL, example_result


def test_unknown_framework_names_those_there_are() -> None:
    with pytest.raises(AuditorError, match=r"'iso'.*Choose one of: cloudguard-best-practices, nist-800-53-r5, own-iso"):
        view(example_result(), "iso")


def test_supporting_mappings_are_shown_apart(seen: View) -> None:
    assert seen.requirements == {CONTROL: ("AU-6", "SI-4", "SI-4(5)"), ROOT_CONTROL: ("AC-6(9)",)}
    assert seen.supporting == {CONTROL: ("AC-6(9)", "SI-4(20)")}
    first = next(iter(finding_rows(seen)))
    assert first.requirements == "AU-6, SI-4, SI-4(5)\nsupporting, not counted: AC-6(9), SI-4(20)"


def test_a_framework_shows_only_the_controls_it_maps() -> None:
    seen = view(example_result(), "cloudguard-best-practices")
    assert {finding["control_id"] for finding in seen.findings} == {"ssm-actions"}
    assert [control["id"] for control in seen.controls] == ["ssm-actions"]


def test_finding_outside_the_scope_says_that_it_is_not_counted() -> None:
    result = example_result()
    account = result.document["findings"][0]["account_id"]
    for person in result.document["population"]["accounts"]:
        person["in_scope"] = person["account_id"] != account
    seen = view(result, "nist-800-53-r5")
    rows = list(finding_rows(seen))
    assert "account out of scope, not counted" in rows[0].requirements
    assert "out of scope" not in rows[1].requirements


def test_evidence_numbers_are_positions_and_name_their_findings(seen: View) -> None:
    files = [capture["file"] for capture in seen.document["captures"]]
    assert seen.evidence[files[0]] == "E-00001"
    assert seen.evidence["README.txt"] == f"E-{len(files) + 1:05d}"
    assert seen.used_by[files[0]] == ("F-0001", "F-0016")
    items = seen.findings[0]["evidence"]
    assert seen.references(items).splitlines()[:2] == ["E-00001 /trailList/0", "E-00002 /metricFilters/3"]


def test_evidence_that_is_no_member_is_named_by_its_file(seen: View) -> None:
    item = {"file": "elsewhere.json", "sha256": "", "pointer": "/0", "captured_at": None}
    assert seen.references([item]) == "elsewhere.json /0"  # type: ignore[list-item]


def test_inferred_mapping_is_never_the_publishers(seen: View) -> None:
    rows = {row.requirement["id"]: row.mappings for row in requirement_rows(seen)}
    assert rows["SI-4"].startswith("ssm-actions: Inferred, not the publisher's: ")
    published, inferred = rows["AC-6(9)"].splitlines()
    assert published.startswith("root-usage: Published by Check Point")
    assert inferred.startswith("ssm-actions: Inferred, not the publisher's; supporting, not counted")


def test_the_full_list_of_regions_is_named_once() -> None:
    result = example_result()
    regions = [f"eu-west-{number}" for number in range(1, 6)]
    for account in result.document["population"]["accounts"]:
        account["regions_expected"] = regions
    seen = view(result, "nist-800-53-r5")
    assert seen.regions_in_words(regions) == "all 5 expected regions"
    assert seen.regions_in_words(regions[:4]) == "eu-west-1, eu-west-2, eu-west-3, eu-west-4"
    assert seen.regions_in_words([*regions, "us-east-1"]).endswith("eu-west-5, us-east-1")
    assert seen.regions_in_words([]) == ""


def test_requests_that_settle_findings_of_other_frameworks_are_left_out(seen: View) -> None:
    document = {**seen.document, "requests": [dict(one) for one in seen.document["requests"]]}
    document["requests"][0]["settles"] = ["101010101010/other@default"]
    document["requests"][1]["settles"] = []
    bare = View(**{name: getattr(seen, name) for name in View.__slots__} | {"document": document})
    assert [row.request["number"] for row in request_rows(bare)] == ["R-002.1"]
