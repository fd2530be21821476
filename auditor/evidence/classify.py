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
from auditor.evidence.record import Record, add, is_record, read_record
from auditor.evidence.refusal import remedy
from auditor.evidence.registry import Call, calls
from auditor.evidence.validate import record_violations, violations
from auditor.text import one_line

_RECORD_NAMES = ("captures.json", "captures.json.gz")


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
    error_code: str = ""
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
    if _is_capture_record(entry, into):
        return
    if decoded.shape == "none":
        _refused_or_other(entry, into)
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


def _is_capture_record(entry: Found, into: Sorted) -> bool:
    """Whether a member is a capture record, which is then read; what is broken in it is a problem each."""
    decoded = entry.decoded
    name = entry.path.rpartition("/")[2].lower()
    documents: list[tuple[str, Any]] = [("", list(decoded.pages))]
    if decoded.shape != "array" and (
        len(decoded.pages) == 1 or all(isinstance(page, dict) and "captures" in page for page in decoded.pages)
    ):
        documents = list(zip(decoded.page_pointers, decoded.pages, strict=True))
    unreadable = decoded.shape == "none" and name in _RECORD_NAMES
    if not unreadable and not (name.startswith("captures.") and documents and is_record(documents[0][1])):
        return False
    into.others.append(OtherMember(entry.path, entry.sha256, entry.size, "capture record"))
    into.problems += decoded.problems
    if unreadable:
        if not decoded.problems:
            into.problems.append(
                Problem(
                    entry.path, "", f"the capture record cannot be read: {decoded.what}.",
                    "Ask for the record as the capture script wrote it, or leave it out.", "capture-record",
                )
            )  # fmt: skip
        return True
    for prefix, document in documents:
        for path, told in read_record(document, entry.path[: -len(name)]).items():
            add(into.records, path, told)
        into.problems += [
            Problem(
                entry.path,
                prefix + violation.pointer,
                f"expected {violation.expected}, found {violation.found}.",
                violation.remedy,
                "capture-record",
            )
            for violation in record_violations(document)
        ]
    return True


def believe_call(entry: Found, record: Record, problems: list[Problem]) -> None:
    """Take the call that the capture record names, unless the answer's members contradict it (rule N3)."""
    assert entry.call is not None
    if record.call == entry.call.id or record.call not in calls():
        return
    wanted = calls()[record.call]
    if not entry.pages or all(recognise(page, entry.path, record.call) is wanted for page in entry.pages):
        entry.call = wanted
        return
    problems.append(
        Problem(
            entry.path, "",
            f"the capture record says {wanted.words}, and the answer is one of {entry.call.words}.",
            "Correct the entry of the capture record, or capture again.", "contradictory-call", "warning",
        )
    )  # fmt: skip


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
        entry.error_code = refusal.error_code
        what = "refusal of the AWS CLI"
        if called is not None:
            into.problems.append(
                Problem(
                    entry.path, "",
                    f"the call was refused: {refusal.error_code or 'no error code'}"
                    f"{f' for {operation}' if operation else ''}: {entry.detail}",
                    f"{remedy(refusal.error_code, called.permission)}: {called.request()}",
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
