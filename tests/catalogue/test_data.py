"""The product's own controls and frameworks, held against reviewed facts and against each other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import Control, Framework, load_controls, load_frameworks
from auditor.resources import PACKAGE

CONTROLS = load_controls()
FRAMEWORKS = load_frameworks()
PLACEMENTS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "founding_placements.json").read_text(encoding="utf-8")
)["frameworks"]
PUBLISHED: dict[str, list[dict[str, str]]] = json.loads(
    (Path(__file__).parent / "published_mappings.json").read_text(encoding="utf-8")
)["frameworks"]


def test_the_founding_rule_stands_as_published() -> None:
    control = CONTROLS["ssm-actions"]
    variant = control.variants["default"]
    names = [event.name for event in control.events]
    assert control.rule_title == "Ensure a log metric filter and alarm exist for SSM actions"
    assert (control.risk, control.category, control.cloud_entity) == ("High", "Management Tools", "CloudTrail")
    assert control.covered_by_spectral is False
    assert control.aliases == ("D9.AWS.MON.23",)
    assert variant.rule_id == "D9.AWS.MON.23"
    # built here from the ten names in the rule's order, so that a slip of the pen in the file shows
    ten = [
        "ListCommands", "ListCommandInvocations", "SendCommand", "StartSession", "DescribeSessions",
        "GetConnectionStatus", "DescribeInstanceProperties", "DescribeInstanceInformation", "TerminateSession",
        "ResumeSession",
    ]  # fmt: skip
    assert names == ten
    pattern = "{" + "||".join(f"($.eventName={name})" for name in ten) + "}"
    assert [accepted.pattern for accepted in variant.patterns] == [pattern]
    assert variant.rule == (
        "List<CloudTrail> should have items with [hasSNSSubscriber='true' and metricFilters with "
        f"[filterPattern isFilterPatternEqual('{pattern}')] length() > 0]"
    )


def test_read_and_write_events_are_told_apart() -> None:
    # rule T16: a trail that logs write events only delivers these four
    written = {event.name for event in CONTROLS["ssm-actions"].events if not event.read_only}
    assert written == {"SendCommand", "StartSession", "TerminateSession", "ResumeSession"}


@pytest.mark.parametrize("facts", PLACEMENTS, ids=[facts["id"] for facts in PLACEMENTS])
def test_the_founding_rule_stands_where_the_facts_say(facts: dict[str, Any]) -> None:
    framework = FRAMEWORKS[facts["id"]]
    placed = [
        (requirement.id, mapping)
        for requirement in framework.requirements
        for mapping in requirement.mappings
        if mapping.control_id == "ssm-actions"
    ]
    assert framework.edition_date == facts["edition_date"]
    assert sorted(id_ for id_, mapping in placed if mapping.counted) == sorted(facts["primary"])
    assert sorted(id_ for id_, mapping in placed if not mapping.counted) == sorted(facts["supporting"])
    assert sorted(id_ for id_, mapping in placed if mapping.provenance == "published") == sorted(facts["published"])


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_mapping_says_whose_it_is(framework: Framework) -> None:
    for requirement in framework.requirements:
        assert requirement.mappings
        for mapping in requirement.mappings:
            published = mapping.provenance == "published"
            assert published == bool(mapping.publisher) == bool(mapping.source)
            assert mapping.note


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_what_is_called_published_was_published(framework: Framework) -> None:
    known = {
        (row["requirement"], row["publisher"], control)
        for row in PUBLISHED[framework.id]
        for control in row["controls"].split()
    }
    told = {
        (requirement.id, mapping.publisher, mapping.control_id)
        for requirement in framework.requirements
        for mapping in requirement.mappings
        if mapping.provenance == "published"
    }
    assert told <= known
    family = {mapping.control_id for requirement in framework.requirements for mapping in requirement.mappings}
    if family != {"ssm-actions"}:
        assert told == known  # and nothing published was left out


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_mapping_of_another_publisher_that_does_not_count_says_why(framework: Framework) -> None:
    for requirement in framework.requirements:
        for mapping in requirement.mappings:
            if mapping.provenance == "published" and not mapping.counted:
                assert mapping.note.endswith("so shown and not counted.")


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_a_control_is_complete(control: Control) -> None:
    assert control.references
    assert control.remarks
    assert len(set(control.events)) == len(control.events)
    for variant in control.variants.values():
        assert all(accepted.source for accepted in variant.patterns)
        for accepted in variant.patterns:
            # a name in the pattern that the control does not watch, or the reverse, would be a slip
            named = set(re.findall(r'eventName\s*=\s*"?([A-Za-z]+)', accepted.pattern))
            if named and variant.name == "default":
                assert named == {event.name for event in control.events}


@pytest.mark.parametrize("folder", ["controls", "frameworks"])
def test_no_source_is_named_in_vain(folder: str) -> None:
    for path in sorted((PACKAGE / "catalogue" / folder).glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        used = set(re.findall(r'"(?:rule_)?source": ?"([^"]+)"', json.dumps(document)))
        assert set(document.get("sources", {})) <= used, path.name
