"""Which frameworks and which control variants an audit judges, from what its user wants."""

from __future__ import annotations

from collections import abc

from auditor.catalogue.model import Control, Framework
from auditor.catalogue.names import resolve_framework, resolve_variant
from auditor.resources import data_files

# The frameworks that publish the founding rule.
FOUNDING_FRAMEWORKS = (
    "cloudguard-best-practices",
    "cloudguard-soc2-tsc-2017",
    "hitrust-v11.0.0",
    "iso27001-2022",
    "mitre-attack-v10",
    "mitre-attack-v11.3",
    "nist-800-53-r5",
    "cloudguard-all-rules",
)


def chosen_frameworks(names: abc.Sequence[str] | None, frameworks: abc.Mapping[str, Framework]) -> list[Framework]:
    """The frameworks of an audit: those that are wanted (ids, or *all*), else the founding ones and the user's own.

    Raises:
        CatalogueError: a name is not known, with the nearest one.
    """
    names = list(names or (*FOUNDING_FRAMEWORKS, *_own("catalogue/frameworks", frameworks)))
    if "all" in names:
        return list(frameworks.values())
    chosen = {}
    for name in names:
        framework = resolve_framework(name, frameworks)
        chosen[framework.id] = framework
    return list(chosen.values())


def chosen_variants(
    names: abc.Sequence[str] | None, controls: abc.Mapping[str, Control], frameworks: abc.Sequence[Framework]
) -> list[tuple[Control, str]]:
    """The control variants to judge: those the frameworks map and the user's own, or of the wanted controls only.

    Raises:
        CatalogueError: a name is not known, with the nearest one.
    """
    mapped = {(mapping.control_id, mapping.variant) for framework in frameworks for mapping in framework.mappings}
    chosen: dict[tuple[str, str], None] = {}
    if names is None:
        unmapped = set(_own("catalogue/controls", controls)) - {control for control, _ in mapped}
        mapped |= {(control, "default") for control in unmapped}
        return [(controls[control], variant) for control, variant in sorted(mapped)]
    for name in names:
        control, named = resolve_variant(name, controls)
        variants = sorted(variant for control_id, variant in mapped if control_id == control.id)
        for variant in [named] if "@" in name else variants or ["default"]:
            chosen[(control.id, variant)] = None
    return [(controls[control_id], variant) for control_id, variant in chosen]


def _own(folder: str, ids: abc.Iterable[str]) -> list[str]:
    """Those of the known ids that are a user's; the product's are named as its files."""
    shipped = {path.stem for path in data_files(folder)}
    return [id_ for id_ in ids if id_ not in shipped]
