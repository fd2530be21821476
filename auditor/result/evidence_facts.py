"""What was handed in: the bundle, its captures and other files, the population, and what is wrong with them.

Members of ``results.json`` (``auditor.result.document``).
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from auditor.errors import Severity
from auditor.verdict import (
    CaptureStatus,
    Coverage,
    PlaceSource,
    PopulationSource,
    Seal,
    TimeSource,
)


class Tool(TypedDict):
    """The program that made the result."""

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
    """The bundle: digest, sizes, first and last capture time (ISO 8601, UTC), and its seal."""

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
    """An account that the audit should cover, and what the bundle holds of it."""

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
    """The accounts that the audit should cover, and who says so."""

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


class ProblemFacts(TypedDict):
    """What is wrong with a file, where (JSON pointer), and what to do."""

    file: str
    pointer: str
    problem: str
    remedy: str
    code: str
    severity: Severity


class RedactionFacts(TypedDict):
    """That subscribers are short forms, and the fingerprint of the key that tells who they are."""

    key: str
