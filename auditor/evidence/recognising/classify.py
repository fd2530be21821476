"""What each member is: answers of calls, the refusal of one, a capture record, or another file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from auditor.bundle import Member
from auditor.errors import Problem, Severity
from auditor.evidence.call_ids import LIST_ACCOUNTS
from auditor.evidence.operations import (
    NO_OPERATION,
    Call,
    NamedOperation,
    calls,
    operation_called,
    operation_named,
    operation_recorded,
)
from auditor.evidence.reading import (
    ANSWER_ENDINGS,
    NO_OWNERS,
    Decoded,
    FileKind,
    Owners,
    Refusal,
    accounts_in_text,
    decode,
    error_object,
    owners_in,
    owners_in_answer,
    owners_of,
    remedy,
    says_gone,
)
from auditor.evidence.recognising.answers import Answer, answers
from auditor.evidence.recognising.record import Record, called_record, is_record, is_unmistakable, with_own_names
from auditor.text import listing, one_line
from auditor.verdict import CaptureStatus

_NO_FILES = ("unsafe-path", "long-path")  # of the bundle's problems: those with a name, not with a file


@dataclass(frozen=True, slots=True)
class OtherMember:
    """A member that is no capture, and what it is."""

    file: str
    sha256: str
    size: int
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """A member that was decoded. ``accounts`` are those that it names as a listing of accounts which is no JSON,
    ``owners`` those whose it is by what else it says.
    """

    path: str
    sha256: str
    size: int
    decoded: Decoded
    accounts: tuple[str, ...] = ()
    owners: Owners = NO_OWNERS

    def is_called(self, *names: str) -> bool:
        """Whether the file's own name begins with one of these, case aside."""
        return self.path.rpartition("/")[2].lower().startswith(names)


def document(member: Member) -> Document:
    """What a member's bytes say."""
    decoded = decode(member)
    accounts, owners = accounts_in_text(member, decoded), owners_of(member, decoded)
    return Document(member.path, member.sha256, member.size, decoded, accounts, owners)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The answers of one call in one member, or why there are none. ``spoken`` is the path with the members above them.

    ``spoilt`` are pointers of what cannot be relied upon, whatever the schema says of it; ``accounts`` those that a
    listing of accounts names of which there are no pages, ``owners`` those whose it is where it has none (rule X9).
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


@dataclass(frozen=True, slots=True)
class Classified:
    """What one member came to: answers of calls, or another file, and the problems met. ``owners``: whose the other
    file is, as it says itself.
    """

    recognised: tuple[Recognised, ...] = ()
    other: OtherMember | None = None
    problems: tuple[Problem, ...] = ()
    owners: Owners = NO_OWNERS


def texts_of_answers(path: str) -> bool:
    """Whether a file of this name may hold the answer of a call: JSON, or an archive of it."""
    return path.lower().endswith((".json", ".gz")) or "." not in path.rpartition("/")[2]


def unopened(problem: Problem) -> tuple[Recognised, ...]:
    """The capture of which nothing can be read, of a file that could not be opened and is named as a call's answer."""
    called = operation_named(problem.file).call if problem.code not in _NO_FILES else None
    if called is None or not problem.file.lower().endswith(ANSWER_ENDINGS):
        return ()
    detail = problem.problem.rstrip(".")
    path = problem.file
    return (Recognised(path, path, "", 0, "", called, status="unreadable", detail=f"it cannot be read: {detail}"),)


def is_capture_record(entry: Document) -> bool:
    """Whether a member is a capture record, by what it holds, or was to be one."""
    if entry.decoded.shape == "none":
        return called_record(entry.path)
    documents = [document for _, document in record_documents(entry.decoded)]
    called = entry.is_called("captures.") or called_record(entry.path)
    return bool(documents) and (is_record(documents[0]) if called else all(map(is_unmistakable, documents)))


def record_documents(decoded: Decoded) -> list[tuple[str, object]]:
    """The capture records in a file with their pointers: one, or several one after the other."""
    if decoded.shape == "array":
        return [("", with_own_names(list(decoded.pages)))]
    pages = [with_own_names(page) for page in decoded.pages]
    if len(pages) == 1 or all(isinstance(page, dict) and "captures" in page for page in pages):
        return list(zip(decoded.page_pointers, pages, strict=True))
    return [("", with_own_names(pages))]


def classify(entry: Document, record: Record | None) -> Classified:
    """What a member is by its content, its name and what the capture record calls it (rules N3, X8)."""
    named = _named(entry.path, record)
    if named.other:
        other = _other(entry, f"answer of {named.other}, which is another operation")
        return replace(other, problems=(*other.problems, *_recorded_as_another(entry.path, named)))
    if entry.decoded.shape == "none":
        return _without_json(entry, named, record)
    in_document = answers(entry.decoded, named)
    refusal = error_object(entry.decoded.pages[0]) if entry.decoded.shape == "object" else None
    if refusal is not None and named.call is not None and not any(answer.pages for answer in in_document.answers):
        return _refused(entry, refusal, named)
    problems = [
        *_contradicted(entry, record, in_document.answers),
        *_misnamed(entry, named, record, in_document.answers),
    ]
    if not in_document.answers:
        problems += [_doubt(entry, call) for call in in_document.doubted]
        problems += [_no_record(entry)] if called_record(entry.path) else []
        other = _other(entry, "JSON of another kind")
        return replace(other, problems=(*problems, *other.problems))
    for place in in_document.strange:
        problems.append(
            Problem(
                entry.path, place, "is no answer of a call that this program knows, beside others that are.",
                "Save each answer as it is, in a file of its own.", "not-an-answer", "warning",
            )
        )  # fmt: skip
    problems += [
        Problem(
            entry.path, "" if answer.pages and not answer.within else "".join(answer.pointers[:1]), f"{answer.detail}.",
            f"Capture again without --query: {answer.call.request()} --output json", "not-an-answer",
        )
        for answer in in_document.answers
        if answer.status in ("empty", "unreadable") or (answer.detail and not in_document.strange)
    ]  # fmt: skip
    recognised = tuple(_recognised(entry, answer) for answer in in_document.answers)
    if record is not None and record.failure:
        recognised = tuple(_broken_off(answer, record.failure, record.error_code) for answer in recognised)
        problems += [_failed(entry.path, answer.call, record) for answer in recognised]
    else:
        problems += [_failed_beside(answer, entry.path) for answer in in_document.answers if answer.failure]
    return Classified(recognised, None, (*entry.decoded.problems, *problems))


def _named(path: str, record: Record | None) -> NamedOperation:
    """The operation that the capture record names, else the path (rule X8)."""
    recorded = operation_recorded(record.call) if record is not None else NO_OPERATION
    return operation_named(path) if recorded == NO_OPERATION else recorded


def _recognised(entry: Document, answer: Answer) -> Recognised:
    decoded = entry.decoded
    recognised = Recognised(
        path=entry.path,
        spoken="/".join((entry.path, *answer.within)),
        sha256=entry.sha256,
        size=entry.size,
        encoding=decoded.encoding,
        call=answer.call,
        pages=answer.pages,
        pointers=answer.pointers if answer.pages else (),
        status=answer.status,
        detail=answer.detail,
        spoilt=decoded.spoilt_pointers,
        accounts=answer.accounts,
        owners=NO_OWNERS if answer.pages else owners_in_answer(decoded.pages, answer.call),
    )
    return _broken_off(recognised, answer.failure) if answer.failure else recognised


def _recorded_as_another(path: str, named: NamedOperation) -> Iterator[Problem]:
    """The problem of a file that is called as an answer of ours where the record says another operation (rule X8)."""
    called = operation_named(path).call
    if called is not None:
        yield Problem(
            path, "", f"is called as an answer of {called.words}, and the capture record says {one_line(named.other)}.",
            f"Correct the entry of the capture record, or capture again: {called.request()}", "contradictory-call",
            "warning",
        )  # fmt: skip


def _broken_off(answer: Recognised, failure: str, error_code: str = "") -> Recognised:
    """What a file holds of an answer whose call failed: a piece of a list, or nothing to rely on (rule X5)."""
    detail = f"the call did not end well ({one_line(failure, 200)})"
    if answer.status == "empty" and error_code:
        return replace(answer, status="refused", detail=detail, error_code=error_code)
    if answer.status not in ("captured", "presence_only"):
        return answer
    return replace(answer, status="presence_only" if answer.call.lists else "invalid", detail=detail)


def _failed(path: str, call: Call, record: Record) -> Problem:
    """The problem of a file whose call failed as the capture record has it, so that it holds no whole answer."""
    return Problem(
        path, "",
        f"the capture record says how the call ended ({one_line(record.failure, 200)}): this is no whole answer.",
        f"{remedy(record.error_code, call.permission) if record.error_code else 'Capture again'}: {call.request()}",
        "refused", "warning",
    )  # fmt: skip


def _failed_beside(answer: Answer, path: str) -> Problem:
    """The problem of an answer beside which its file says that the call failed, or that more of it exists."""
    where = answer.pointers[0] if answer.pointers else ""
    return Problem(
        path, where, f"beside the answer stands that it is not whole ({answer.failure}).",
        f"Capture again until nothing fails: {answer.call.request()}", "refused", "warning",
    )  # fmt: skip


def _contradicted(entry: Document, record: Record | None, document_answers: tuple[Answer, ...]) -> Iterator[Problem]:
    """The problem of a file in whose answers no call is the one that the capture record names (rule N3)."""
    recorded = operation_called(record.call).call if record is not None else None
    held_calls = [answer.call for answer in document_answers if answer.pages]
    if recorded is not None and held_calls and recorded not in held_calls:
        yield Problem(
            entry.path, "",
            f"the capture record says {recorded.words}, and the answer is one of "
            f"{listing(dict.fromkeys(call.words for call in held_calls))}.",
            "Correct the entry of the capture record, or capture again.", "contradictory-call", "warning",
        )  # fmt: skip


def _misnamed(
    entry: Document, named: NamedOperation, record: Record | None, document_answers: tuple[Answer, ...]
) -> Iterator[Problem]:
    """The problem of a file that is called as a call and holds answers of others only (rule X8)."""
    base = entry.path.rpartition("/")[2].split(".", 1)[0]
    named_call = operation_called(base).call if record is None and named.call is not None else None
    if (
        named_call is not None
        and document_answers
        and all(answer.call is not named_call for answer in document_answers)
    ):
        yield Problem(
            entry.path, "",
            f"is called as an answer of {named_call.words}, and holds one of {document_answers[0].call.words}.",
            f"Name the file after what it holds, and capture again what is missing: {named_call.request()}",
            "contradictory-call", "warning",
        )  # fmt: skip


def _doubt(entry: Document, call: Call) -> Problem:
    return Problem(
        entry.path, "",
        f"has members of an answer of {call.words}, of which no record follows the schema and which nothing names: "
        "it is taken for another kind of JSON.",
        f"If it is that answer, name the file after it and leave it as it is: {call.request()} --output json",
        "not-an-answer", "note",
    )  # fmt: skip


def _no_record(entry: Document) -> Problem:
    return Problem(
        entry.path, "", "is called as a capture record is, and holds none: nothing is known of arguments and times.",
        "Ask for the record as the capture script wrote it, or rename the file.", "capture-record", "warning",
    )  # fmt: skip


def _other(entry: Document, what: str) -> Classified:
    """Another file; what is odd in it is nobody's concern."""
    other = OtherMember(entry.path, entry.sha256, entry.size, what)
    return Classified(
        (), other, tuple(replace(problem, severity="note") for problem in entry.decoded.problems), entry.owners
    )


def _without_json(entry: Document, named: NamedOperation, record: Record | None) -> Classified:
    """A member that is no JSON: the CLI's refusal of a call, a spoiled capture, or another file."""
    decoded = entry.decoded
    if decoded.refusal is not None:
        return _refused(entry, decoded.refusal, named)
    if named.call is None and entry.accounts:
        named = NamedOperation(calls()[LIST_ACCOUNTS])
    if named.call is None:
        return _other(entry, decoded.what)
    if not entry.path.lower().endswith(ANSWER_ENDINGS):
        other = _other(entry, decoded.what)
        if not decoded.kind.binary:
            return other  # a script, or notes, on the call
        return replace(other, problems=(_no_json(entry, named.call, f"is no JSON but: {decoded.what}", "warning"),))
    empty = decoded.kind is FileKind.EMPTY
    spoiled = Recognised(
        entry.path, entry.path, entry.sha256, entry.size, decoded.encoding, named.call,
        status="empty" if empty else "unreadable",
        detail="the file is empty" if empty else f"the file is no JSON ({decoded.what})",
        accounts=entry.accounts, owners=entry.owners,
    )  # fmt: skip
    if empty and record is not None and record.error_code:
        refused = _broken_off(spoiled, record.failure, record.error_code)
        return Classified((refused,), None, (_failed(entry.path, named.call, record),))
    says = "is empty: zero bytes are no evidence of absence" if empty else f"is no JSON: {decoded.what}"
    problems = decoded.problems or (_no_json(entry, named.call, says),)
    return Classified((spoiled,), None, problems)


def _no_json(entry: Document, call: Call, says: str, severity: Severity = "error") -> Problem:
    remedy = f"Capture again: {call.request()} --output json"
    return Problem(entry.path, "", f"{says}.", remedy, "not-json", severity)


def _refused(entry: Document, refusal: Refusal, named: NamedOperation) -> Classified:
    """What the CLI said instead of an answer; of a call that is no evidence, another file."""
    other = _other(entry, entry.decoded.what)
    called = next((call for call in calls().values() if call.operation == refusal.operation), named.call)
    if called is None:
        return other
    detail = one_line(refusal.message, 300)
    operation = f" for {refusal.operation}" if refusal.operation else ""
    verb = "AWS answered" if says_gone(refusal.error_code) else "the call was refused:"
    problem = Problem(
        entry.path, "", f"{verb} {refusal.error_code or 'no error code'}{operation}: {detail}",
        f"{remedy(refusal.error_code, called.permission)}: {called.request()}", "refused", "warning",
    )  # fmt: skip
    refused = Recognised(
        entry.path, entry.path, entry.sha256, entry.size, entry.decoded.encoding, called,
        status="refused", detail=detail, error_code=refusal.error_code,
        owners=entry.owners if entry.owners.accounts else owners_in(refusal.message, named, FileKind.REFUSAL),
    )  # fmt: skip
    return Classified((refused,), other.other, (*entry.decoded.problems, problem))
