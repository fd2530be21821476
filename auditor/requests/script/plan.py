"""Which calls a capture script makes, in which order: all of the registry, or those that open requests ask for."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.arn import ACCOUNT_ID
from auditor.evidence import Call, calls
from auditor.evidence.call_ids import (
    DESCRIBE_ORGANIZATION,
    GET_CALLER_IDENTITY,
    LIST_REGIONS,
)
from auditor.result import Request

USUAL_REGIONS = 17  # on by default in the partition aws
# A call takes half a second to a second from CloudShell, the start of the CLI included.
_SECONDS_A_CALL = (0.5, 1.0)
_BYTES_AN_ANSWER = 2_600  # mean of the 267 answers in samples/quarterly


@dataclass(frozen=True, slots=True)
class Step:
    """A call as the script makes it. ``words`` are the CLI's after ``aws``, ``{resource}`` among them, no region."""

    call: Call
    words: tuple[str, ...]

    @classmethod
    def of(cls, call: Call, command: str = "") -> Step:
        """The step of a call, by its usual command or another one."""
        words = shlex.split(command or call.command)[1:]
        return cls(call, tuple(word for word in words if word not in ("--region", "{region}")))

    @property
    def otherwise(self) -> Step | None:
        """The same call with a command for services that do not know a value of the usual one."""
        command = self.call.collecting.otherwise
        return Step.of(self.call, command) if command else None

    @property
    def instead_of(self) -> str:
        """The name of the call in whose place this one is made, ``""`` if it is made on its own."""
        return calls()[self.call.collecting.instead_of].name if self.call.collecting.instead_of else ""

    @property
    def named_in(self) -> str:
        """The name of the call whose answers name what this one is about."""
        return calls()[self.call.collecting.named_in].name


@dataclass(frozen=True, slots=True)
class Wanted:
    """One call that is asked for, in its place. ``region`` and ``resource`` are ``""`` where the call has none."""

    account_id: str
    region: str
    resource: str
    step: Step

    @property
    def words(self) -> tuple[str, ...]:
        """The CLI's words after ``aws`` with the resource filled in, without the region."""
        return self._filled(self.step.words)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The same for services that do not know a value of the usual command, empty if none is unknown anywhere."""
        return self._filled(self.step.otherwise.words) if self.step.otherwise else ()

    def _filled(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word.replace("{resource}", self.resource) for word in words)


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What a script captures. ``wants`` are the calls that requests ask for, None for everything."""

    wants: tuple[Wanted, ...] | None = None

    @property
    def account(self) -> tuple[Step, ...]:
        """The calls about a whole account, those first on whose answers others wait."""
        first = (GET_CALLER_IDENTITY, LIST_REGIONS, DESCRIBE_ORGANIZATION)
        rest = [call.id for call in _collected() if call.place == "account" and call.id not in first]
        return tuple(Step.of(calls()[call_id]) for call_id in (*first, *rest))

    @property
    def region(self) -> tuple[Step, ...]:
        """The calls about a region: required ones side by side, so that little can change between them."""
        collected = [call for call in _collected() if call.place == "region"]
        return tuple(Step.of(call) for call in sorted(collected, key=lambda call: not call.required))

    @property
    def named(self) -> tuple[Step, ...]:
        """The calls about single resources, each after the one whose answers name them."""
        collected = [call for call in _collected() if call.place == "resource"]
        return tuple(Step.of(call) for call in sorted(collected, key=lambda call: _depth(call.id)))

    @property
    def asks_otherwise(self) -> bool:
        """Whether a call is among those first made that may have to be made with another command."""
        steps = (*self.account, *self.region) if self.wants is None else tuple(want.step for want in self.wants)
        return any(step.otherwise for step in steps)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts of which something is asked, in order."""
        return tuple(sorted({want.account_id for want in self.wants or ()}))

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call that the script may make, by id."""
        if self.wants == ():
            return ()
        usual = self.named if self.wants is not None else (*self.account, *self.region, *self.named)
        requested = [want.step for want in self.wants or ()]
        return tuple(sorted({step.call for step in (*usual, *requested)}, key=lambda call: call.id))

    @property
    def minutes(self) -> tuple[int, int]:
        """How long one account of the usual regions, or all that is wanted, takes at least and at most."""
        low, high = (max(1, round(self._usual * seconds / 60)) for seconds in _SECONDS_A_CALL)
        return low, max(high, low + 1)

    @property
    def megabytes(self) -> float:
        """How much the same leaves, before it is packed."""
        return max(0.1, round(self._usual * _BYTES_AN_ANSWER / 1_000_000, 1))

    @property
    def _usual(self) -> int:
        """The number of calls: of one account of the usual regions, or all that is wanted."""
        always = sum(step.call.collecting.when == "always" for step in self.region)
        return always * USUAL_REGIONS if self.wants is None else len(self.wants)


def complete_plan() -> CapturePlan:
    """The plan of everything that the registry of calls does not keep for requests."""
    return CapturePlan()


def plan_for(requests: Sequence[Request]) -> tuple[CapturePlan, tuple[Request, ...]]:
    """The plan of what requests of a result ask for, and those that no call answers or whose account is not known.

    Of each account that is asked, the caller is captured too, and what the new answers name.
    """
    wants: dict[tuple[str, str, str, str], Wanted] = {}
    others = []
    for request in requests:
        wanted = _wanted(request)
        if wanted is None:
            others.append(request)
            continue
        identity = Wanted(wanted.account_id, "", "", Step.of(calls()[GET_CALLER_IDENTITY]))
        for want in (identity, wanted):
            wants.setdefault((want.account_id, want.region, want.step.call.id, want.resource), want)
    return CapturePlan(tuple(wants[key] for key in sorted(wants))), tuple(others)


def _wanted(request: Request) -> Wanted | None:
    call = calls().get(request["call"])
    if call is None or not ACCOUNT_ID.fullmatch(request["account_id"]):
        return None
    if (call.place != "account") is not bool(request["region"]):
        return None
    resource = request.get("resource", "")
    if call.place == "resource" and not resource:  # older results tell it in the command alone
        resource = _resource(call, request["command"])
    if (call.place == "resource") is not bool(resource):
        return None
    return Wanted(request["account_id"], request["region"], resource, Step.of(call))


def _resource(call: Call, command: str) -> str:
    """The resource that stands in a command where the registry's has ``{resource}``, ``""`` if it is not that one."""
    pattern, words = shlex.split(call.command), shlex.split(command)
    place = pattern.index("{resource}")
    return words[place] if words[:place] == pattern[:place] and len(words) > place else ""


def _collected() -> Iterator[Call]:
    return (call for call in calls().values() if call.collecting.when != "requested")


def _depth(call_id: str) -> int:
    """How many answers must be there before a call can be made."""
    before = calls()[call_id].collecting.named_in
    return 1 + _depth(before) if before else 0
