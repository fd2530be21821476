"""What a control and a framework are. The JSON form is described by ``schemas/{control,framework}.schema.json``."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from typing import Literal

from auditor.verdict import Provenance, Strength


@dataclass(frozen=True, slots=True)
class AcceptedPattern:
    """A filter pattern that a variant accepts, with its source."""

    pattern: str
    publisher: str
    source: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Misprint:
    """A published text that is no filter pattern: what is broken, the accepted pattern it is read as, and why that."""

    text: str
    publisher: str
    source: str
    fault: str
    read_as: str
    why: str


@dataclass(frozen=True, slots=True)
class RuleRepair:
    """What is evaluated instead of a published rule that is broken: what is broken, the repaired text, and why that."""

    fault: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One published meaning of a control: any one of ``patterns`` suffices; ``rule`` is GSL as published."""

    name: str
    patterns: tuple[AcceptedPattern, ...]
    misprints: tuple[Misprint, ...] = ()
    note: str = ""
    rule: str | None = None
    rule_id: str | None = None
    rule_publisher: str | None = None
    rule_source: str | None = None
    rule_repair: RuleRepair | None = None

    @property
    def evaluated_rule(self) -> str | None:
        """The rule that ``as_published`` evaluates: the repaired text of one that is broken as published."""
        return self.rule_repair.text if self.rule_repair else self.rule


@dataclass(frozen=True, slots=True)
class Event:
    """A CloudTrail event to notice; ``*`` as source and name is any call.

    A ``global_service`` event is recorded in the partition's leading region (rule T11); sign-ins of IAM users in any.
    ``certainty`` is *certain* where ``read_only`` was seen in a recorded or published event.
    """

    source: str
    name: str
    read_only: bool
    global_service: bool
    certainty: Literal["certain", "inferred"]


@dataclass(frozen=True, slots=True)
class Control:
    """What must hold. ``variants`` has at least ``default``, whose first pattern says what the objective is.

    ``title`` is ours, ``rule_title`` the published rule's. ``aliases_by_publisher`` has the same names as
    ``aliases``. ``remediation`` holds the names proposed where an account has none of its own (keys
    ``filter_name metric_name metric_namespace alarm_name alarm_description topic_name trail_name log_group``).
    """

    id: str
    title: str
    rule_title: str
    risk: str
    risk_publisher: str
    risk_source: str
    category: str
    cloud_entity: str
    cloud_entity_meaning: str
    covered_by_spectral: bool | None  # None: not known
    rationale: str
    remarks: tuple[str, ...]
    aliases: tuple[str, ...]
    aliases_by_publisher: abc.Mapping[str, tuple[str, ...]]
    variants: abc.Mapping[str, Variant]
    events: tuple[Event, ...]
    references: tuple[str, ...]
    remediation: abc.Mapping[str, str]

    @property
    def multi_region(self) -> bool:
        """Whether the events happen in every region, so that each region has to be covered (rule T10)."""
        return any(not event.global_service for event in self.events)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A requirement's tie to a control variant.

    *published*: ``publisher`` maps it in ``source``, which is that publisher's opinion. *inferred*: own
    reasoning, which ``note`` gives; publisher and source are empty.
    """

    control_id: str
    variant: str
    provenance: Provenance
    publisher: str
    source: str
    note: str
    strength: Strength

    @property
    def counted(self) -> bool:
        """Whether the control's findings count towards the requirement; supporting mappings are only shown."""
        return self.strength == "primary"


@dataclass(frozen=True, slots=True)
class Support:
    """A publication that backs inferred mappings of a requirement without mapping this very check."""

    publisher: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a framework; ``group`` is its place there, ``profile`` level and status per carrier."""

    id: str
    heading: str
    group: str
    mappings: tuple[Mapping, ...]
    support: tuple[Support, ...] = ()
    profile: abc.Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Framework:
    """A named, versioned set of requirements; ``edition_date`` is a year, month or day, None if not known."""

    id: str
    name: str
    version: str
    publisher: str
    edition_date: str | None
    kind: str
    note: str
    requirements: tuple[Requirement, ...]

    @property
    def mappings(self) -> abc.Iterator[Mapping]:
        """The mappings of all requirements, requirement after requirement."""
        return (mapping for requirement in self.requirements for mapping in requirement.mappings)
