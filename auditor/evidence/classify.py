"""What each member is: the answer of a call, the refusal of one, a capture record, or another file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from auditor.bundle import Member
from auditor.errors import Problem
from auditor.evidence.capture import PlaceSource, Status
from auditor.evidence.decode import Decoded, decode
from auditor.evidence.place import PathPlace
from auditor.evidence.recognise import call_named, recognise
from auditor.evidence.record import Record, is_record, read_record
from auditor.evidence.registry import Call, calls
from auditor.evidence.validate import violations
from auditor.text import one_line


@dataclass(frozen=True, slots=True)
class OtherMember:
    """A member that is no capture, and what it is."""

    file: str
    sha256: str
    size: int
    what: str


@dataclass(slots=True)
class Found:
    """One member on its way to a capture: its call, its answers and their pointers, or why there are none."""

    path: str
    sha256: str
    size: int
    decoded: Decoded
    call: Call | None = None
    pages: tuple[Any, ...] = ()
    pointers: tuple[str, ...] = ()
    status: Status = "captured"
    detail: str = ""
    where: PathPlace | None = None
    account_id: str = ""
    region: str = ""
    resource: str = ""
    place_source: PlaceSource = ""
    skipped: set[tuple[int, str, int]] = field(default_factory=set)
    token_left: bool = False


@dataclass(slots=True)
class Sorted:
    """The members of a bundle, sorted."""

    found: list[Found]
    others: list[OtherMember]
    records: dict[str, Record]
    problems: list[Problem]


def sort_in(member: Member, into: Sorted) -> None:
    """Decode one member and put it where it belongs."""
    decoded = decode(member)
    entry = Found(member.path, member.sha256, member.size, decoded)
    if decoded.shape == "none":
        _refused_or_other(entry, into)
        return
    name = member.path.rpartition("/")[2].lower()
    value: Any = decoded.pages[0] if decoded.shape == "object" else list(decoded.pages)
    if name.startswith("captures.") and is_record(value):
        into.records.update(read_record(value, member.path[: -len(name)]))
        into.others.append(OtherMember(member.path, member.sha256, member.size, "capture record"))
        into.problems += decoded.problems
        return
    _recognise(entry)
    if entry.call is None:
        into.others.append(OtherMember(member.path, member.sha256, member.size, "JSON of another kind"))
        into.problems += [replace(problem, severity="note") for problem in decoded.problems]
        return
    into.problems += decoded.problems
    if entry.detail:
        remedy = f"Capture again without --query: {entry.call.request()} --output json"
        into.problems.append(Problem(entry.path, "", f"{entry.detail}.", remedy, "not-an-answer"))
    into.found.append(entry)


def _refused_or_other(entry: Found, into: Sorted) -> None:
    """A member that is no JSON: the CLI's refusal of a call, a spoiled capture, or another file."""
    decoded = entry.decoded
    named = call_named(entry.path)
    refusal = decoded.refusal
    if refusal is not None:
        operation = refusal.operation
        called = next((call for call in calls().values() if call.operation == operation), named)
        entry.call = called
        entry.status, entry.detail = "refused", one_line(refusal.message, 300)
        what = "refusal of the AWS CLI"
        if called is not None:
            into.problems.append(
                Problem(
                    entry.path, "",
                    f"the call was refused: {refusal.error_code or 'no error code'}"
                    f"{f' for {operation}' if operation else ''}: {entry.detail}",
                    f"Capture again with the permission {called.permission}: {called.request()}",
                    "refused", "warning",
                )
            )  # fmt: skip
            into.found.append(entry)
    elif named is not None and entry.path.lower().endswith((".json", ".json.gz", ".txt", ".out")):
        entry.call = named
        entry.status = "empty" if entry.size == 0 or decoded.what == "empty file" else "unreadable"
        entry.detail = "the file is empty" if entry.status == "empty" else f"the file is no JSON ({decoded.what})"
        what = decoded.what
        into.found.append(entry)
        if not decoded.problems:
            says = (
                "is empty: zero bytes are no evidence of absence"
                if entry.status == "empty"
                else f"is no JSON: {decoded.what}"
            )
            into.problems.append(
                Problem(entry.path, "", f"{says}.", f"Capture again: {named.request()} --output json", "not-json")
            )
    else:
        what = decoded.what
    into.problems += (
        decoded.problems if entry.call is not None else [replace(p, severity="note") for p in decoded.problems]
    )
    if entry.call is None or entry.status == "refused":
        into.others.append(OtherMember(entry.path, entry.sha256, entry.size, what))


def _recognise(entry: Found) -> None:
    """Find the call; tell an array of pages from a bare list that ``--query`` left."""
    decoded = entry.decoded
    objects = [page for page in decoded.pages if isinstance(page, dict)]
    if decoded.shape == "object" and objects:
        call = recognise(objects[0], entry.path)
        if call is not None:
            entry.call, entry.pages, entry.pointers = call, decoded.pages, decoded.page_pointers
            return
    named = call_named(entry.path)
    if decoded.shape in ("object", "concatenated", "array") and objects and len(objects) == len(decoded.pages):
        met = [recognise(page, entry.path) for page in objects]
        # Items that --query left can have the members of another call's answer; the file's name tells.
        projected = decoded.shape == "array" and named is not None and met[0] is not named
        if met[0] is not None and all(call is met[0] for call in met) and not projected:
            entry.call, entry.pages, entry.pointers = met[0], tuple(objects), decoded.page_pointers
            return
        if any(call is not None for call in met) and named is not None and not projected:
            entry.call, entry.status = named, "unreadable"
            entry.detail = "the file mixes answers of different calls"
            return
        if decoded.shape == "object" and named is not None:
            entry.call, entry.status = named, "empty" if not objects[0] else "unreadable"
            entry.detail = (
                "the answer is an empty object" if not objects[0] else "the members of this call's answer are missing"
            )
            return
    if named is not None and decoded.shape in ("array", "list", "scalar"):
        entry.call, entry.status = named, "unreadable"
        entry.detail = "the top level is a list, as --query leaves it"
        if len(named.lists) == 1 or named.id == "cloudwatch:DescribeAlarms":
            wrapped = {named.lists[0].member: list(decoded.pages)}
            if objects and len(objects) == len(decoded.pages) and not violations(named, wrapped):
                entry.pages, entry.pointers, entry.status = (wrapped,), ("",), "presence_only"
