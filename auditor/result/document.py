"""The types of the result document: what ``results.json`` holds (schema ``schemas/results.schema.json``).

Every list has its final order, so that the same bundle gives the same bytes.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from auditor.engagement.facts import Engagement
from auditor.errors import Severity
from auditor.result.changes import Comparison
from auditor.rules.law import Known
from auditor.verdict import (
    CaptureStatus,
    Coverage,
    PlaceSource,
    PopulationSource,
    Provenance,
    Purpose,
    ReviewStatus,
    Seal,
    Strength,
    TimeSource,
    WaiverStatus,
    WitnessKind,
)

SCHEMA_VERSION = "1"


class Tool(TypedDict):
    name: str
    version: str


class Period(TypedDict):
    """Inclusive dates, ISO 8601."""

    start: str
    end: str


class SealDifferences(TypedDict):
    """Files that are not as they were when the bundle was sealed; all empty where only the seal itself is faulty."""

    altered: list[str]
    missing: list[str]
    added: list[str]


class BundleFacts(TypedDict):
    name: str
    sha256: str
    captures: int
    accounts: int
    captured_from: str | None
    captured_to: str | None
    seal: Seal
    other_files: NotRequired[int]  # members that are no captures, where there are more than are listed
    seal_differences: NotRequired[SealDifferences]  # of a broken seal


class PopulationAccount(TypedDict):
    account_id: str
    name: str
    owner: str
    organization: str  # organisation id, "" if none is shown
    organization_state: str  # as the organisation lists the account (ACTIVE …), "" if it is not listed
    in_scope_file: bool | None  # None: there is none
    status: Coverage
    in_scope: bool
    reason: str
    regions_expected: list[str]
    regions_captured: list[str]
    captures: int


class PopulationFacts(TypedDict):
    source: PopulationSource
    reconciled: bool  # false: "not reconciled to an independent source"
    note: str
    accounts: list[PopulationAccount]


class CaptureFacts(TypedDict):
    """One capture: one member of the bundle recognised as the output of one call in one place."""

    file: str
    sha256: str
    bytes: int
    call: str  # "cloudtrail:DescribeTrails"
    account_id: str  # "" if not placed
    region: str
    resource: str  # topic ARN, trail, … for calls about one resource
    place_source: PlaceSource
    captured_at: str | None  # ISO 8601, UTC, "…Z"
    captured_at_source: TimeSource | None
    arguments: list[str] | None  # None: not recorded
    caller_arn: str
    cli_version: str
    records: int
    pages: int
    status: CaptureStatus
    complete: bool
    valid: bool
    in_period: bool | None
    encoding: str


class OtherFile(TypedDict):
    """A member that is no capture, and what it is."""

    file: str
    sha256: str
    bytes: int
    what: str


class RequiredPattern(TypedDict):
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


class LinkFacts(TypedDict):
    state: str  # ok | broken | unknown
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
    pattern_relation: str | None
    missed: list[str]
    added: list[str]
    witness: Any
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
    first_broken: str | None
    decides: bool  # this chain decided the finding


class OpenPointFacts(TypedDict):
    link: NotRequired[str]  # the link that it is about; older results have none
    code: str
    material: bool
    text: str
    command: str
    place: str  # where the command is run, if not in the finding's account: "account 111122223333"


class Assumption(TypedDict):
    code: str
    text: str


class EvidenceItem(TypedDict):
    file: str
    sha256: str
    pointer: str
    captured_at: str | None
    excerpt: NotRequired[int | None]  # position in ``ResultDocument.excerpts``; None: the file has nothing to show


class Excerpt(TypedDict):
    """What a place of a capture holds, bounded: the members on which verdicts may depend."""

    file: str
    pointer: str
    value: Any  # JSON; long texts and lists are cut
    left_out: int  # members and items that are not shown


class TopicFacts(TypedDict):
    """Who is subscribed to a topic that a shown chain leads to."""

    topic_arn: str
    complete: bool  # whether the topic's own listing is whole
    subscribers: list[str]  # in words: "email: soc@example.com (not confirmed)"


class RemediationSteps(TypedDict):
    link: str
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


class OwnText(TypedDict):
    """What people wrote into a column of their own."""

    header: str
    text: str


class Before(TypedDict):
    """A finding as the workbook has it in which somebody concluded on it; empty texts where it does not say."""

    verdict: str
    reason: str
    basis: str  # digests of what the conclusion rests on, see auditor/workpaper/basis.py
    as_of: str


class ReviewFacts(TypedDict):
    """What people wrote beside a finding in earlier workbooks, and what became of it."""

    finding: str  # finding id; "" if none can be told
    number: str  # F-0001, "" if it could not be placed
    status: ReviewStatus
    conclusion: str
    comment: str
    own: list[OwnText]
    earlier: str  # what no longer stands, one conclusion a line
    changed: list[str]  # the parts of the finding that changed, in words
    why: str  # why it could not be placed, or does not stand; "" otherwise
    before: Before
    where: str  # file, sheet and cell in which it stands


class Finding(TypedDict):
    """The verdict of one control variant in one account."""

    id: str
    number: str  # F-0001
    account_id: str
    account_name: str
    control_id: str
    variant: str
    verdict: str
    as_published: str | None
    as_published_because: NotRequired[str]  # why it differs from the verdict, "" if it does not
    objective: str
    reason_code: str
    reason: str
    rule: NotRequired[str]  # number of the rule on which the reason rests: "T12"; older results have none
    broken_link: str | None
    resource: str  # what the deciding link is about (an ARN, a log group …), "" if nothing
    links: dict[str, str]  # link → ok | broken | unknown | n/a, of the deciding chain
    regions: list[str]  # required regions whose obligations are not met; [] for PASS
    chains: list[ChainFacts]
    open_points: list[OpenPointFacts]
    assumptions: list[Assumption]
    remarks: list[str]
    settles: list[str]  # commands
    evidence: list[EvidenceItem]
    remediation: RemediationSteps | None
    waiver: Waiver | None


class ControlMapping(TypedDict):
    control: str  # control@variant
    provenance: Provenance
    publisher: str
    source: str
    note: str
    strength: Strength
    counted: bool
    verdict: str


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
    id: str
    heading: str
    group: str
    verdict: str  # PASS | FAIL | INCONCLUSIVE | NOT_ASSESSED, of the mapped controls tested
    words: str  # "No exceptions noted in the 1 mapped control tested", "3 of 14 accounts: …"
    counts: Counts
    controls: list[ControlMapping]


class FrameworkResult(TypedDict):
    id: str
    name: str
    version: str
    publisher: str
    edition_date: str | None
    kind: str
    note: str
    verdict: str
    words: str
    counts: Counts
    settling: str  # how many INCONCLUSIVE one answer would settle, in words; "" if none
    requirements: list[RequirementResult]


class Gap(TypedDict):
    account_id: str
    region: str
    call: str
    resource: str
    code: str
    reason: str


class Replaced(TypedDict):
    """A file of the bundle that holds the answer and cannot be used; the new one takes its place."""

    file: str
    fault: str  # one sentence; how to avoid it


class Request(TypedDict):
    """One export, or one answer in words."""

    number: str  # the first of the set R-001
    account_id: str
    region: str
    call: str
    what: str
    why: str
    command: str
    save_as: str  # path under the folder that is sent; "" if no command answers
    settles: list[str]  # ids of the findings that wait for this very answer
    settles_alone: list[str]  # those of them that need nothing else, if the answer names nothing elsewhere
    # Older results have none of these.
    set: NotRequired[str]  # all that is asked of one account at once
    purpose: NotRequired[Purpose]
    resource: NotRequired[str]  # "" unless the call is about one
    arguments: NotRequired[list[str]]  # the options of the command, as a capture record tells them
    permission: NotRequired[str]  # IAM action
    leads_to: NotRequired[list[str]]  # calls that its answer may make necessary, about resources it names first
    replaces: NotRequired[list[Replaced]]
    material: NotRequired[bool]  # of what strengthens: whether a finding may turn out otherwise
    findings: NotRequired[int]  # of what strengthens: how many findings have the open point


class RequestSet(TypedDict):
    """All that is asked of one account, so that one round is enough."""

    number: str
    account_id: str
    exports: int
    settles: list[str]  # ids of the findings that wait for something of it
    settles_alone: list[str]  # those of them that need nothing but this set


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


class CauseRemedy(TypedDict):
    """One remediation for several findings of a cause."""

    findings: list[str]
    steps: RemediationSteps


class Cause(TypedDict):
    """One thing that is broken or missing in an account, or in several that share it, and all that it decides."""

    number: NotRequired[str]  # C-001, in the order of the list; older results have none of the optional members
    code: str
    link: str
    verdict: str
    letter: NotRequired[bool]  # fails by the letter alone: every event of the controls is counted
    resource: str  # what its findings have in common, "" if each has its own
    reason: str  # one sentence for all of its findings; what differs in them is listed or counted
    accounts: list[str]
    findings: list[str]
    remedies: NotRequired[list[CauseRemedy]]  # for those sets of two and more findings that a framework maps


class ProblemFacts(TypedDict):
    file: str
    pointer: str
    problem: str
    remedy: str
    code: str
    severity: Severity


class EventFiles(TypedDict):
    """A file, folder or archive of recorded events, with its digest."""

    name: str
    files: int
    bytes: int
    sha256: str


class WatchFacts(TypedDict):
    """One control in one account: real events that must be noticed, and those that its filters count."""

    account_id: str
    control: str  # control@variant
    filters: int
    required_count: int  # = noticed + unsure + missed
    noticed_count: int
    noticed_by_others_count: int  # those of them that only filters for other events count
    unsure_count: int
    missed_count: int
    beyond_count: int  # counted by its filters, though not required
    missed: list[dict[str, str]]  # the first ones, members as CloudTrail names them


class ReplayCounts(TypedDict):
    """What a stream of recorded events came to. ``events`` counts those of other accounts too."""

    events: int
    of_other_accounts: int
    outside_period: int
    not_management: int
    not_events: int
    repeated: NotRequired[int]  # counted events that had been delivered before, by another trail; they count once
    first: str | None
    last: str | None
    watches: list[WatchFacts]


class ReplayFacts(ReplayCounts):
    """Recorded events replayed, and the files that they stand in."""

    files: list[EventFiles]
    unread: int  # files that could not be read, or not to their end


class ClaimFacts(TypedDict):
    """What a scanner of the client says of a control in an account, held against the finding; it never settles one."""

    number: str  # C-00001
    file: str
    pointer: str  # place in the file
    tool: str
    version: str
    account: str | None  # None: the scanner failed for every account of the file
    account_name: str
    control: str
    region: str | None
    claim: str | None  # PASS | FAIL | UNDECIDED; None of a silence
    muted: bool
    status: str  # the literal
    rule: str  # the scanner's own id
    time: str | None  # ISO 8601, with Z if the zone is known
    sentence: str  # the scanner's own
    attested: bool  # a person's word, not a test
    remark: str
    outcome: (
        str  # agree | overstates | understates | undecided | silent | muted | superseded | inconclusive | not-audited
    )
    cause: str | None  # why it differs, in words
    cause_code: str  # "prowler/metric-name-alone"; "" if no known cause was proved
    cause_source: str
    predicted: str | None  # what the scanner's own rule says of the captures, where it is simple and published
    because: str
    follows: bool | None  # whether the claim is what its rule predicts
    finding: str | None  # finding id; None: not audited
    verdict: str | None
    objective: str | None
    waiver: str | None  # of a mute: the waiver in force that covers it


class RelianceFacts(TypedDict):
    """How far one check of one scanner can be relied on; accounts, each counted once."""

    tool: str
    control: str
    accounts: int
    agreed: int
    overstated: int
    understated: int
    undecided: int
    silent: int
    muted: int
    inconclusive: int
    advice: str


class RedactionFacts(TypedDict):
    """That subscribers are short forms, and the fingerprint of the key that tells who they are."""

    key: str


class ResultDocument(TypedDict):
    schema_version: str
    tool: Tool
    options: dict[str, Any]  # command_line, match, strict, frameworks, controls, captured_on …
    engagement: Engagement | None
    period: Period | None
    as_of: str | None  # ISO date: end of the period, else the latest capture time, never the clock
    bundle: BundleFacts
    population: PopulationFacts
    captures: list[CaptureFacts]
    other_files: list[OtherFile]
    controls: list[ControlFacts]
    findings: list[Finding]
    rules: NotRequired[list[RuleFacts]]  # those that the findings cite; older results have none
    frameworks: list[FrameworkResult]
    counts: Counts
    settling: str  # as in FrameworkResult, for all findings
    gaps: list[Gap]
    requests: list[Request]
    request_sets: NotRequired[list[RequestSet]]  # older results have none
    strengthening: NotRequired[list[Request]]  # what would close open points; older results have none
    causes: list[Cause]
    excerpts: NotRequired[list[Excerpt]]  # of the evidence that findings cite, each place once
    topics: NotRequired[list[TopicFacts]]  # those of the findings' chains; older results have none
    waivers: NotRequired[list[WaiverFacts]]  # all that were given, in their order; older results have none
    review: list[ReviewFacts] | None  # of earlier workbooks, in the order of the findings; None: none was given
    events: ReplayFacts | None
    claims: NotRequired[list[ClaimFacts] | None]  # None: none were given; older results have no such member
    reliance: NotRequired[list[RelianceFacts] | None]
    changes: Comparison | None  # since the quarters before; None: none was given
    problems: list[ProblemFacts]
    redaction: NotRequired[RedactionFacts]  # of a redacted result
