"""What a member came to: answers of calls, or a file of another kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from auditor.errors import Problem
from auditor.evidence.operations import Call
from auditor.evidence.reading import NO_OWNERS, Owners
from auditor.evidence.recognising.record import Record
from auditor.verdict import CaptureStatus

# "": not by the CLI, for all that is known; "made up": by somebody else than AWS
Printed = Literal["", "nothing", "items", "made up"]


@dataclass(frozen=True, slots=True)
class OtherMember:
    """A member that is no capture, and what it is."""

    file: str
    sha256: str
    size: int
    what: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """The answers of one call in one member, or why there are none. ``spoken`` is the path with the members above them.

    ``spoilt`` are pointers of what cannot be relied upon, whatever the schema says of it; ``accounts`` those that a
    listing of accounts names of which there are no pages, ``owners`` those whose it is where it has none (rule X9).
    ``printed`` says whether it lists anything where the CLI printed it in another format than JSON. ``about`` is the
    ARN of the item of a listing into which a script put it, ``own`` what its file itself says of its call; ``name``
    stands beside it, and may be that of what it is about.
    """

    path: str
    spoken: str
    sha256: str
    size: int
    encoding: str
    call: Call
    pages: tuple[Any, ...] = ()
    pointers: tuple[str, ...] = ()
    status: CaptureStatus = "captured"
    detail: str = ""
    error_code: str = ""
    spoilt: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    owners: Owners = NO_OWNERS
    printed: Printed = ""
    about: str = ""
    own: Record | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Classified:
    """What one member came to: answers of calls, or another file, and the problems met. ``accounts`` are those that the
    other file lists, ``owners`` those whose it is, as it says itself (rule X9).
    """

    recognised: tuple[Recognised, ...] = ()
    other: OtherMember | None = None
    problems: tuple[Problem, ...] = ()
    accounts: tuple[str, ...] = ()
    owners: Owners = NO_OWNERS
