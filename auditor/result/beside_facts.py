"""What was given beside the evidence: recorded events, clients' scanners, and an earlier review.

Members of ``results.json`` (``auditor.result.document``).
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from auditor.verdict import (
    ClaimWord,
    DecidedWord,
    Outcome,
    ReviewStatus,
)


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


class EventPopulation(TypedDict):
    """What the logs held from which the replayed events were selected, as the query says that counts them."""

    accounts: int
    days: int
    events: int
    others: int  # entries of the logs that are no events
    selected: int
    received: int  # entries that were handed over; another number than ``selected`` is a problem


class ReplayCounts(TypedDict):
    """What a stream of recorded events came to. ``events`` counts those of other accounts too."""

    events: int
    of_other_accounts: int
    outside_period: int
    not_management: int
    not_events: int
    repeated: NotRequired[int]  # counted events that had been delivered before, by another trail; they count once
    population: NotRequired[EventPopulation]  # where events were selected by SQL
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
    claim: ClaimWord | None  # None of a silence
    muted: bool
    status: str  # the literal
    rule: str  # the scanner's own id
    time: str | None  # ISO 8601, with Z if the zone is known
    sentence: str  # the scanner's own
    attested: bool  # a person's word, not a test
    remark: str
    outcome: Outcome
    cause: str | None  # why it differs, in words
    cause_code: str  # "prowler/metric-name-alone"; "" if no known cause was proved
    cause_source: str
    predicted: ClaimWord | None  # what the scanner's own rule says of the captures, where it is simple and published
    because: str
    follows: bool | None  # whether the claim is what its rule predicts
    finding: str | None  # finding id; None: not audited
    verdict: DecidedWord | None
    objective: DecidedWord | None
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
