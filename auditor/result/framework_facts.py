"""What was tested: controls, the rules of the law that findings cite, and frameworks with their requirements.

Members of ``results.json`` (``auditor.result.document``).
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from auditor.rules.law import Known
from auditor.verdict import (
    Provenance,
    Strength,
    VerdictWord,
)


class RequiredPattern(TypedDict):
    """A filter pattern that a control accepts, and who states it."""

    pattern: str
    publisher: str
    source: str
    remark: str


class RuleRepairFacts(TypedDict):
    """What ``as_published`` evaluates instead of a rule that is broken as published."""

    fault: str
    text: str
    why: str


class ControlFacts(TypedDict):
    """One variant of a control: what it watches, why, and the rule as it was published."""

    id: str
    variant: str
    title: str
    risk: str
    category: str
    cloud_entity: str
    cloud_entity_meaning: str
    covered_by_spectral: bool | None  # None: not known
    rationale: str
    aliases: list[str]
    accepted_patterns: list[str]
    patterns: list[RequiredPattern]  # the same with their sources
    rule: str | None  # the published GSL text
    rule_id: str | None
    rule_repair: RuleRepairFacts | None  # None: the rule can be evaluated as published
    events: list[str]
    references: list[str]


class RuleSource(TypedDict):
    """Where a rule is stated."""

    name: str  # "CloudTrail User Guide: creating-trail-organization"
    url: str  # "" if none is known


class RuleFacts(TypedDict):
    """A rule on which findings of the result rest."""

    id: str  # "T12"
    title: str
    says: str
    known: list[Known]
    sources: list[RuleSource]
    codes: list[str]  # the reason codes of this result that rest on it


class ControlMapping(TypedDict):
    """A control under a requirement, who places it there and how firmly; ``counted``: it decides the requirement."""

    control: str  # control@variant
    provenance: Provenance
    publisher: str
    source: str
    note: str
    strength: Strength
    counted: bool
    verdict: VerdictWord


class Counts(TypedDict):
    """Numbers of findings; ``open`` and ``material`` are PASS findings with (material) open points,
    ``failed_material`` FAIL findings that ``--strict`` would not conclude; ``accounts_…`` count accounts.
    """

    accounts: int
    passed: int
    failed: int
    inconclusive: int
    open: int
    material: int
    failed_material: int
    objective_not_letter: int
    waivers: int  # findings beside which a waiver stands that is in force
    accounts_failed: NotRequired[int]  # accounts by their worst finding; older results have none
    accounts_letter: NotRequired[int]  # those of them in which no FAIL misses the objective
    accounts_inconclusive: NotRequired[int]
    accounts_passed: NotRequired[int]


class RequirementResult(TypedDict):
    """A requirement with the findings of the controls that are mapped to it."""

    id: str
    heading: str
    group: str
    verdict: VerdictWord  # of the mapped controls tested
    words: str  # "No exceptions noted in the 1 mapped control tested", "3 of 14 accounts: …"
    counts: Counts
    controls: list[ControlMapping]


class FrameworkResult(TypedDict):
    """A framework with its requirements, and what comes of them."""

    id: str
    name: str
    version: str
    publisher: str
    edition_date: str | None
    kind: str
    note: str
    verdict: VerdictWord
    words: str
    counts: Counts
    settling: str  # how many INCONCLUSIVE one answer would settle, in words; "" if none
    requirements: list[RequirementResult]
