"""Catalogue: the controls and frameworks that can be audited, and the regions that are on by default. All data."""

from __future__ import annotations

from auditor.catalogue.document import CatalogueError
from auditor.catalogue.further import further_controls
from auditor.catalogue.load import load_controls, load_frameworks
from auditor.catalogue.model import (
    AcceptedPattern,
    Control,
    Event,
    Framework,
    Mapping,
    Misprint,
    Requirement,
    RuleRepair,
    Support,
    Variant,
)
from auditor.catalogue.names import resolve_control, resolve_framework, resolve_variant
from auditor.catalogue.regions import default_regions, is_global, is_regional, leading_regions
from auditor.catalogue.selection import FOUNDING_FRAMEWORKS, chosen_frameworks, chosen_variants

__all__ = [
    "FOUNDING_FRAMEWORKS",
    "AcceptedPattern",
    "CatalogueError",
    "Control",
    "Event",
    "Framework",
    "Mapping",
    "Misprint",
    "Requirement",
    "RuleRepair",
    "Support",
    "Variant",
    "chosen_frameworks",
    "chosen_variants",
    "default_regions",
    "further_controls",
    "is_global",
    "is_regional",
    "leading_regions",
    "load_controls",
    "load_frameworks",
    "resolve_control",
    "resolve_framework",
    "resolve_variant",
]
