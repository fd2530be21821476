"""Controls that no chosen framework maps, as a framework."""

from __future__ import annotations

from pathlib import Path

from auditor.catalogue import further_controls, load_controls, load_frameworks

CONTROLS = load_controls(Path(__file__).parent / "own_controls")
FRAMEWORKS = load_frameworks(None, CONTROLS)


def test_a_control_that_no_framework_maps_gets_a_requirement_of_its_own() -> None:
    judged = [(CONTROLS["secrets-deleted"], "default"), (CONTROLS["ssm-actions"], "default")]
    framework = further_controls(judged, [FRAMEWORKS["iso27001-2022"]])
    assert framework is not None
    assert framework.id == "further-controls"
    assert framework.id not in FRAMEWORKS
    (requirement,) = framework.requirements
    assert (requirement.id, requirement.heading) == ("secrets-deleted", "Alarm on deletion of secrets")
    (mapping,) = requirement.mappings
    assert (mapping.control_id, mapping.variant, mapping.provenance) == ("secrets-deleted", "default", "inferred")
    assert mapping.counted


def test_a_variant_that_no_framework_maps_is_told_from_the_one_that_is_mapped() -> None:
    control = CONTROLS["unauthorized-api-calls"]
    framework = further_controls([(control, "default"), (control, "cis-1.3.0")], [FRAMEWORKS["cis-aws-1.2.0"]])
    assert framework is not None
    assert [requirement.id for requirement in framework.requirements] == ["unauthorized-api-calls@cis-1.3.0"]


def test_there_is_none_if_all_are_mapped() -> None:
    assert further_controls([(CONTROLS["root-usage"], "default")], [FRAMEWORKS["cis-aws-1.2.0"]]) is None
    assert further_controls([], []) is None
