"""The controls that are judged though no chosen framework maps them, as a framework, so that reports show them."""

from __future__ import annotations

from collections import abc

from auditor.catalogue.model import Control, Framework, Mapping, Requirement

FURTHER = "further-controls"


def further_controls(
    judged: abc.Iterable[tuple[Control, str]], frameworks: abc.Iterable[Framework]
) -> Framework | None:
    """A framework with a requirement per judged control variant that none of ``frameworks`` maps; None without one."""
    mapped = {(mapping.control_id, mapping.variant) for framework in frameworks for mapping in framework.mappings}
    requirements = tuple(
        Requirement(
            id=control.id if variant == "default" else f"{control.id}@{variant}",
            heading=control.title,
            group="",
            mappings=(Mapping(control.id, variant, "inferred", "", "", "The control itself.", "primary"),),
        )
        for control, variant in judged
        if (control.id, variant) not in mapped
    )
    if not requirements:
        return None
    return Framework(
        id=FURTHER,
        name="Further controls",
        version="own",
        publisher="own",
        edition_date=None,
        kind="list of controls",
        note="No framework, but the controls that were to be tested and that none of the chosen frameworks maps.",
        requirements=requirements,
    )
