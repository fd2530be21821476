"""Loading controls and frameworks: what a user adds, and how a bad file is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import CatalogueError, load_controls, load_frameworks, resolve_control

HERE = Path(__file__).parent
BAD_CONTROLS: list[dict[str, Any]] = json.loads((HERE / "bad_controls.json").read_text(encoding="utf-8"))
BAD_FRAMEWORKS: list[dict[str, Any]] = json.loads((HERE / "bad_frameworks.json").read_text(encoding="utf-8"))


def changed(file: Path, case: dict[str, Any]) -> dict[str, Any]:
    """The document in ``file`` with one place removed or set."""
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    *parents, last = (case.get("remove") or case["set"]).split("/")[1:]
    place: Any = document
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    key = int(last) if isinstance(place, list) else last
    if "remove" in case:
        del place[key]
    elif "value_times" in case:
        text, times = case["value_times"]
        place[key] = text * times
    else:
        place[key] = case["value"]
    return document


def test_a_user_adds_a_control_for_another_service() -> None:
    controls = load_controls(HERE / "own_controls")
    own = controls["secrets-deleted"]
    assert list(controls) == sorted(controls)
    assert own.rule_title == own.title
    assert own.covered_by_spectral is None
    assert own.events[0].certainty == "inferred"
    assert own.multi_region
    assert own.variants["default"].patterns[0].publisher == "Example & Partners"
    assert own.variants["default"].rule_source == "Handbook, chapter 7"
    assert own.variants["default"].rule_id is None
    assert resolve_control("h-17", controls) is own
    assert set(controls) - set(load_controls()) == {"secrets-deleted"}


def test_a_user_adds_a_framework() -> None:
    framework = load_frameworks(HERE / "own_frameworks")["client-policy"]
    first, second = framework.requirements
    assert (first.mappings[0].control_id, first.mappings[0].variant) == ("ssm-actions", "default")
    assert first.mappings[0].counted
    assert first.mappings[0].publisher == ""
    assert second.mappings[0].publisher == "Example Ltd"
    assert not second.mappings[0].counted
    assert second.support[0].source == "Logging policy, version 3"


def test_a_framework_may_map_only_to_the_controls_given(tmp_path: Path) -> None:
    document = json.loads((HERE / "own_frameworks" / "client-policy.json").read_text(encoding="utf-8"))
    document["requirements"][0]["mappings"][0]["control"] = "secrets-deleted"
    (tmp_path / "client-policy.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CatalogueError, match="secrets-deleted"):
        load_frameworks(tmp_path)
    assert "client-policy" in load_frameworks(tmp_path, load_controls(HERE / "own_controls"))


@pytest.mark.parametrize("case", BAD_CONTROLS, ids=[case["why"] for case in BAD_CONTROLS])
def test_a_bad_control_is_told_with_file_place_and_remedy(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "secrets-deleted.json"
    path.write_text(json.dumps(changed(HERE / "own_controls" / path.name, case)), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_controls(tmp_path)
    problem = caught.value.problem
    assert (problem.file, problem.pointer) == (str(path), case["pointer"])
    assert case["says"] in problem.line()
    assert problem.remedy


@pytest.mark.parametrize("case", BAD_FRAMEWORKS, ids=[case["why"] for case in BAD_FRAMEWORKS])
def test_a_bad_framework_is_told_with_file_place_and_remedy(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "client-policy.json"
    path.write_text(json.dumps(changed(HERE / "own_frameworks" / path.name, case)), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_frameworks(tmp_path)
    problem = caught.value.problem
    assert (problem.file, problem.pointer) == (str(path), case["pointer"])
    assert case["says"] in problem.line()
    assert problem.remedy


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"not json", "is not JSON"),
        (b"\xff\xfe\x00", "is no UTF-8 text"),
        (b"[]", "is no control"),
        (b'{"id": NaN}', "NaN"),
        (b'{"id": "a", "id": "b"}', "'id' stands twice"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_control_is_one_line(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(CatalogueError) as caught:
        load_controls(tmp_path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    own = HERE / "own_controls" / "secrets-deleted.json"
    (tmp_path / own.name).write_bytes(b"\xef\xbb\xbf" + own.read_bytes())
    assert "secrets-deleted" in load_controls(tmp_path)


def test_the_products_own_control_cannot_be_redefined(tmp_path: Path) -> None:
    document = json.loads((HERE / "own_controls" / "secrets-deleted.json").read_text(encoding="utf-8"))
    (tmp_path / "ssm-actions.json").write_text(json.dumps(document | {"id": "ssm-actions"}), encoding="utf-8")
    with pytest.raises(CatalogueError, match="a second time"):
        load_controls(tmp_path)


def test_a_mapping_names_controls_by_any_name_and_several_at_once(tmp_path: Path) -> None:
    document = json.loads((HERE / "own_frameworks" / "client-policy.json").read_text(encoding="utf-8"))
    named = ["CIS 1.4.0 4.1", "CloudWatch.4@security-hub", "ssm-actions"]
    document["requirements"][0]["mappings"][0]["control"] = named
    (tmp_path / "client-policy.json").write_text(json.dumps(document), encoding="utf-8")
    first = load_frameworks(tmp_path)["client-policy"].requirements[0]
    assert [(mapping.control_id, mapping.variant) for mapping in first.mappings] == [
        ("unauthorized-api-calls", "default"), ("iam-policy-changes", "security-hub"), ("ssm-actions", "default"),
    ]  # fmt: skip
    assert len({(mapping.provenance, mapping.note, mapping.strength) for mapping in first.mappings}) == 1


def test_events_that_share_everything_but_the_name_stand_in_one_entry(tmp_path: Path) -> None:
    document = json.loads((HERE / "own_controls" / "secrets-deleted.json").read_text(encoding="utf-8"))
    document["events"][0]["name"] = ["DeleteSecret", "UpdateSecret"]
    (tmp_path / "secrets-deleted.json").write_text(json.dumps(document), encoding="utf-8")
    events = load_controls(tmp_path)["secrets-deleted"].events
    assert [event.name for event in events] == ["DeleteSecret", "UpdateSecret"]
    assert {(event.source, event.read_only) for event in events} == {("secretsmanager.amazonaws.com", False)}


def test_a_broken_rule_is_kept_and_its_repair_is_what_is_evaluated(tmp_path: Path) -> None:
    document = json.loads((HERE / "own_controls" / "secrets-deleted.json").read_text(encoding="utf-8"))
    published = "CloudTrail should have metricFilters with [filterPattern isFilterPatternEqual('{ $.a = b c }')]"
    repaired = published.replace("b c", '"b c"')
    document["variants"]["default"] |= {
        "rule": published, "rule_repair": {"fault": "No quotes.", "text": repaired, "why": "The value holds a blank."},
    }  # fmt: skip
    (tmp_path / "secrets-deleted.json").write_text(json.dumps(document), encoding="utf-8")
    variant = load_controls(tmp_path)["secrets-deleted"].variants["default"]
    assert (variant.rule, variant.evaluated_rule) == (published, repaired)
    assert variant.rule_repair is not None
    assert variant.rule_repair.why == "The value holds a blank."
    assert load_controls()["ssm-actions"].variants["default"].evaluated_rule == (
        load_controls()["ssm-actions"].variants["default"].rule
    )


def test_what_is_not_there_or_of_another_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"missing: does not exist\. Check the path of the JSON file or folder\."):
        load_controls(tmp_path / "missing")
    with pytest.raises(CatalogueError, match=r"policy\.csv: does not exist\. Check the path of the JSON or CSV file"):
        load_frameworks(tmp_path / "policy.csv")
    with pytest.raises(CatalogueError, match="holds no JSON or CSV file"):
        load_frameworks(tmp_path)
    sheet = tmp_path / "policy.xlsx"
    sheet.write_bytes(b"PK")
    with pytest.raises(
        CatalogueError, match=r"neither a folder nor a JSON or CSV file\. Save the sheet as CSV UTF-8\."
    ):
        load_frameworks(sheet)


@pytest.mark.parametrize("litter", [".policy.csv", "._policy.csv", "~$policy.csv"])
def test_what_programs_leave_beside_a_sheet_is_not_read(tmp_path: Path, litter: str) -> None:
    (tmp_path / litter).write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "policy.csv").write_text("requirement,heading,control\nA,x,\n", encoding="utf-8")
    assert "policy" in load_frameworks(tmp_path)
