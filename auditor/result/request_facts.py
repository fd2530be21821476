"""What is missing, and what the client is asked for.

Members of ``results.json`` (``auditor.result.document``).
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from auditor.verdict import (
    Purpose,
)


class Gap(TypedDict):
    """An answer that a finding misses, and why it cannot be used."""

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
