"""What a scanner's file says: claims, rows that are none, and what is wrong; one type for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.errors import Problem
from auditor.verdict import ClaimWord


@dataclass(frozen=True, slots=True)
class Claim:
    """What one row of a scanner says of one control in one account.

    ``account`` None: the scanner failed for every account of the file. ``claim`` is its own answer, ``muted`` beside
    it: a muted FAIL stays FAIL; where muting destroyed the answer it is UNDECIDED. ``status`` is the literal,
    ``sentence`` the scanner's own reason, ``rule`` its id. ``time`` is ISO 8601, with ``Z`` if the zone is known.
    ``pointer`` is the place in the file. ``attested``: a person's word, not a test. ``remark`` stands beside the
    claim in reports. ``reason_code`` is Security Hub's.
    """

    file: str
    tool: str
    account: str | None
    control: str
    region: str | None
    claim: ClaimWord
    muted: bool
    status: str
    rule: str
    time: str | None = None
    pointer: str = ""
    sentence: str = ""
    version: str = ""
    attested: bool = False
    remark: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rows of one rule that are no claim, and why."""

    file: str
    rule: str
    reason: str
    records: int


@dataclass(slots=True)
class Voice:
    """What one scanner's rows in one file show besides claims, by which its silence is read.

    ``accounts``: those of which any row speaks. ``passes``: whether any row at all passes; a file without one may hold
    failures only.
    """

    accounts: set[str] = field(default_factory=set)
    passes: bool = False


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """A file that was read: ``complete`` False: it broke off, or later pages are missing; its silence proves nothing.

    ``voices``: per scanner what its rows show.
    """

    file: str
    complete: bool
    voices: dict[str, Voice]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read, in order: claims by file, control, account, region; ``others`` are files of no scanner."""

    claims: tuple[Claim, ...]
    ignored: tuple[Ignored, ...]
    problems: tuple[Problem, ...]
    files: tuple[ClaimsFile, ...]
    others: tuple[str, ...]
