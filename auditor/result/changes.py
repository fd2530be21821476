"""What a comparison holds: ``changes`` of a result, and what ``auditor compare --json`` prints."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from auditor.verdict import DecidedWord, LinkWord, RelationWord

# What became of a finding. The first four are keys of the comparison with the findings' ids; *settled* and *unsettled*
# are decided now, or no longer, although settings changed as well; *same* passes as before.
Group = Literal[
    "newly_failing", "fixed", "still_failing", "evidence_only", "settled", "unsettled", "still_inconclusive", "same"
]


class Quarter(TypedDict):
    """One of the results, in the order in which they were given."""

    name: str
    as_of: str | None
    sha256: str
    accounts: int
    captures: int


class Change(TypedDict):
    """One setting of a finding's deciding chain that is not as it was; ``relation`` is of a pattern now to then."""

    finding: str
    link: LinkWord
    field: str
    before: object
    after: object
    words: str
    relation: NotRequired[RelationWord]
    witness: NotRequired[object]  # an event that only one of two patterns counts


class ComparedFinding(TypedDict):
    """One finding then and now; ``before`` is None where the account or the control was not there."""

    finding: str
    account_id: str
    account_name: str
    control: str  # control@variant
    group: Group
    before: DecidedWord | None
    after: DecidedWord
    since: str | None  # as of which quarter it has had its verdict without a break; None: no quarter says its day
    code_before: str
    code_after: str
    reason_before: str
    reason_after: str
    evidence: list[str]  # captures that were there in one of the two only, in words
    letter: NotRequired[bool]  # it fails now, and every event is noticed: by the letter alone


class PopulationChange(TypedDict):
    """An account that joined or left between two quarters."""

    account_id: str
    name: str
    what: Literal["joined", "left"]
    why: str


class PointsChanged(TypedDict):
    """Open points of a finding whose verdict stays, that are new or closed."""

    finding: str
    opened: list[str]
    closed: list[str]


class History(TypedDict):
    """The verdicts of a finding in every quarter; None where there was none."""

    finding: str
    verdicts: list[DecidedWord | None]
    since: str | None


class Comparison(TypedDict):
    """The last two of the quarters compared, and the history over all of them."""

    quarters: list[Quarter]
    newly_failing: list[str]
    fixed: list[str]
    still_failing: list[str]
    evidence_only: list[str]
    settled: list[str]
    unsettled: list[str]
    still_inconclusive: list[str]
    changed: list[Change]
    open_points: list[PointsChanged]
    joined: list[str]
    left: list[str]
    population: list[PopulationChange]
    not_compared: list[str]  # findings of controls that only one of the two tested
    findings: list[ComparedFinding]  # all but those that are the same
    history: list[History]
    remarks: list[str]
