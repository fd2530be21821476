"""What was found: findings with their chains, evidence and remediation, and the causes that they share.

Members of ``results.json`` (``auditor.result.document``).
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from auditor.verdict import (
    AttributeWord,
    DecidedWord,
    LinkWord,
    RelationWord,
    StateWord,
    WaiverStatus,
    WitnessKind,
)


class LinkFacts(TypedDict):
    """One link of a chain: whether it holds, and why not."""

    state: StateWord
    code: str  # reason code, "" when ok without remark
    reason: str  # one sentence, "" when ok without remark
    evidence: list[int]  # indexes into the finding's evidence


class AlarmSettings(TypedDict):
    """The settings that decide whether one event trips the alarm; None = absent in the capture."""

    words: str
    description: str
    configured_at: str | None  # ISO 8601, UTC
    statistic: str | None
    threshold: float | None
    comparison: str | None
    period: int | None
    evaluation_periods: int | None
    datapoints_to_alarm: int | None
    treat_missing_data: str | None
    actions_enabled: bool | None


class Covers(TypedDict):
    """What the trail of a chain delivers: regions, and names of the control's events."""

    regions: list[str]
    events: list[str]


class ChainFacts(TypedDict):
    """One joined path trail → … → subscription, with the relation of its filter to the required pattern."""

    number: int
    trail_arn: str
    home_region: str
    multi_region: bool | None
    organization_trail: bool | None
    log_group: str
    filter_name: str
    filter_pattern: str | None
    required_pattern: str
    pattern_relation: RelationWord | None
    missed: list[str]
    added: list[str]
    witness: object
    witness_kind: WitnessKind
    assumptions: list[str]
    metric: str  # "namespace/name"
    alarm_arn: str
    alarm: AlarmSettings | None
    composite_arns: list[str]
    topic_arn: str
    subscription_arn: str
    protocol: str
    endpoint: str
    covers: Covers
    links: dict[str, LinkFacts]  # keys: the seven links in chain order
    first_broken: LinkWord | None
    decides: bool  # this chain decided the finding


class OpenPointFacts(TypedDict):
    """What the captures do not show of a link, and the command that closes it (rule V5)."""

    link: NotRequired[LinkWord]  # the link that it is about; older results have none
    code: str
    material: bool
    text: str
    command: str
    place: str  # where the command is run, if not in the finding's account: "account 111122223333"


class Assumption(TypedDict):
    """A reading, taken where AWS is silent, on which the verdict rests."""

    code: str
    text: str


class EvidenceItem(TypedDict):
    """A place of a capture that a finding cites: file, digest and JSON pointer."""

    file: str
    sha256: str
    pointer: str
    captured_at: str | None
    excerpt: NotRequired[int | None]  # position in ``ResultDocument.excerpts``; None: the file has nothing to show


class Excerpt(TypedDict):
    """What a place of a capture holds, bounded: the members on which verdicts may depend."""

    file: str
    pointer: str
    value: object  # JSON; long texts and lists are cut; of a refused call a text, AWS's code and words
    left_out: int  # members and items that are not shown


class TopicFacts(TypedDict):
    """Who is subscribed to a topic that a shown chain leads to."""

    topic_arn: str
    complete: bool  # whether the topic's own listing is whole
    subscribers: list[str]  # in words: "email: soc@example.com (not confirmed)"


class RemediationSteps(TypedDict):
    """What mends a link: steps in the console, commands of the CLI, Terraform."""

    link: LinkWord
    summary: str
    portal: list[str]
    cli: str
    terraform: str
    references: list[str]


class Waiver(TypedDict):
    """A deviation that the client has accepted. It stands beside a verdict and never changes it."""

    id: str
    account: str  # id, name, or a glob of either
    control: str
    owner: str
    reason: str
    expiry: str  # ISO date
    approver: NotRequired[str]
    ticket: NotRequired[str]
    granted: NotRequired[str]  # ISO date
    compensating_control: NotRequired[str]
    status: WaiverStatus


class WaiverFacts(Waiver):
    """A waiver that was given, with the findings that it stands beside."""

    findings: list[str]  # finding ids, [] if it covers none that is not PASS


class Finding(TypedDict):
    """The verdict of one control variant in one account."""

    id: str
    number: str  # F-0001
    account_id: str
    account_name: str
    control_id: str
    variant: str
    verdict: DecidedWord
    as_published: DecidedWord | None
    as_published_because: NotRequired[str]  # why it differs from the verdict, "" if it does not
    objective: DecidedWord
    reason_code: str
    reason: str
    rule: NotRequired[str]  # number of the rule on which the reason rests: "T12"; older results have none
    broken_link: LinkWord | None
    resource: str  # what the deciding link is about (an ARN, a log group …), "" if nothing
    links: dict[str, AttributeWord]  # of the deciding chain; keys: the seven links in chain order
    regions: list[str]  # required regions whose obligations are not met; [] for PASS
    chains: list[ChainFacts]
    open_points: list[OpenPointFacts]
    assumptions: list[Assumption]
    remarks: list[str]
    settles: list[str]  # commands
    evidence: list[EvidenceItem]
    remediation: RemediationSteps | None
    waiver: Waiver | None


class CauseRemedy(TypedDict):
    """One remediation for several findings of a cause."""

    findings: list[str]
    steps: RemediationSteps


class Cause(TypedDict):
    """One thing that is broken or missing in an account, or in several that share it, and all that it decides."""

    number: NotRequired[str]  # C-001, in the order of the list; older results have none of the optional members
    code: str
    link: LinkWord | Literal[""]  # "" of what holds
    verdict: DecidedWord
    letter: NotRequired[bool]  # fails by the letter alone: every event of the controls is counted
    resource: str  # what its findings have in common, "" if each has its own
    reason: str  # one sentence for all of its findings; what differs in them is listed or counted
    accounts: list[str]
    findings: list[str]
    remedies: NotRequired[list[CauseRemedy]]  # for those sets of two and more findings that a framework maps
