"""What is said against a member: its name, its capture record and what it holds disagree, or hold no answer."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.errors import Problem, Severity
from auditor.evidence.operations import Call, NamedOperation, operation_called, operation_named
from auditor.evidence.reading import Document, Owners, Refusal, remedy, says_gone
from auditor.evidence.recognising.answers import Answer
from auditor.evidence.recognising.recognised import Recognised
from auditor.evidence.recognising.record import Record
from auditor.text import listing, one_line


def named_otherwise(path: str, named: NamedOperation) -> Iterator[Problem]:
    """The problem of a file that is called as an answer of ours where the record says another operation (rule X8)."""
    called = operation_named(path).call
    if called is not None:
        yield Problem(
            path, "", f"is called as an answer of {called.words}, and the capture record says {one_line(named.other)}.",
            f"Correct the entry of the capture record, or capture again: {called.request()}", "contradictory-call",
            "warning",
        )  # fmt: skip


def failed(path: str, call: Call, record: Record) -> Problem:
    """The problem of a file whose call failed as the capture record has it, so that it holds no whole answer."""
    return Problem(
        path, "",
        f"the capture record says how the call ended ({one_line(record.failure, 200)}): this is no whole answer.",
        f"{remedy(record.error_code, call.permission) if record.error_code else 'Capture again'}: {call.request()}",
        "refused", "warning",
    )  # fmt: skip


def made_up(entry: Document, why: str, answers: tuple[Recognised, ...]) -> Problem:
    """The problem of a file whose answers AWS did not give."""
    request = listing(dict.fromkeys(answer.call.request() for answer in answers), limit=2)
    return Problem(
        entry.path, "", f"{why}: this is no answer of AWS, and no evidence.", f"Capture again from AWS: {request}",
        "made-up",
    )  # fmt: skip


def failed_beside(answer: Answer, path: str) -> Problem:
    """The problem of an answer beside which its file says that the call failed, or that more of it exists."""
    where = answer.pointers[0] if answer.pointers else ""
    return Problem(
        path, where, f"beside the answer stands that it is not whole ({answer.failure}).",
        f"Capture again until nothing fails: {answer.call.request()}", "refused", "warning",
    )  # fmt: skip


def recorded_as_another_call(entry: Document, record: Record | None, answers: tuple[Answer, ...]) -> Iterator[Problem]:
    """The problem of a file in whose answers no call is the one that the capture record names (rule N3)."""
    recorded = operation_called(record.call).call if record is not None else None
    held_calls = [answer.call for answer in answers if answer.pages]
    if recorded is not None and held_calls and recorded not in held_calls:
        yield Problem(
            entry.path, "",
            f"the capture record says {recorded.words}, and the answer is one of "
            f"{listing(dict.fromkeys(call.words for call in held_calls))}.",
            "Correct the entry of the capture record, or capture again.", "contradictory-call", "warning",
        )  # fmt: skip


def misnamed(
    entry: Document, named: NamedOperation, record: Record | None, answers: tuple[Answer, ...]
) -> Iterator[Problem]:
    """The problem of a file that is called as a call and holds answers of others only (rule X8)."""
    base = entry.path.rpartition("/")[2].split(".", 1)[0]
    named_call = operation_called(base).call if record is None and named.call is not None else None
    if named_call is not None and answers and all(answer.call is not named_call for answer in answers):
        yield Problem(
            entry.path, "",
            f"is called as an answer of {named_call.words}, and holds one of {answers[0].call.words}.",
            f"Name the file after what it holds, and capture again what is missing: {named_call.request()}",
            "contradictory-call", "warning",
        )  # fmt: skip


def doubted(entry: Document, call: Call) -> Problem:
    """The problem of a file that may be an answer of a call, and is not taken for one."""
    return Problem(
        entry.path, "",
        f"has members of an answer of {call.words}, of which no record follows the schema and which nothing names: "
        "it is taken for another kind of JSON.",
        f"If it is that answer, name the file after it and leave it as it is: {call.request()} --output json",
        "not-an-answer", "note",
    )  # fmt: skip


def of_accounts(entry: Document, owners: Owners) -> Problem:
    """The problem of JSON of another kind that says of which accounts it is: nothing that it holds is evidence (X9)."""
    says = "alarms, trails, topics or log groups of" if owners.sure or owners.regions else "account"
    return Problem(
        entry.path, "",
        f"names {says} {listing(owners.accounts, limit=3)} and is no answer of a call: nothing in it is evidence.",
        "Ask for the answers of the calls as the AWS CLI prints them.", "not-an-answer",
        "warning" if owners.sure or owners.regions else "note",
    )  # fmt: skip


def packed(entry: Document) -> Problem:
    """The problem of an archive that is not opened: by its name it is none, or it is none of those that are read."""
    return Problem(
        entry.path, "", f"is packed ({entry.decoded.what}) and was not opened: nothing in it is evidence.",
        "Ask for what it holds as a .zip or .tar.gz archive, or unpack it.", "not-opened", "warning",
    )  # fmt: skip


def of_office(entry: Document) -> Problem:
    """The problem of a document for people: whatever it shows is no evidence, but it may name accounts."""
    return Problem(
        entry.path, "", f"is a document for people ({entry.decoded.what}): nothing in it is evidence.",
        "If it holds evidence or a list of accounts, ask for these as JSON or CSV.", "not-an-answer", "note",
    )  # fmt: skip


def no_record(entry: Document) -> Problem:
    """The problem of a file that is called as a capture record is, and is another kind of JSON."""
    return Problem(
        entry.path, "", "is called as a capture record is, and holds none: nothing is known of arguments and times.",
        "Ask for the record as the capture script wrote it, or rename the file.", "capture-record", "warning",
    )  # fmt: skip


def no_json(entry: Document, call: Call, says: str, severity: Severity = "error") -> Problem:
    """The problem of a file that is named as an answer of a call and is no JSON; ``says`` begins with the verb."""
    return Problem(entry.path, "", f"{says}.", f"Capture again: {call.request()} --output json", "not-json", severity)


def strange(entry: Document, place: str) -> Problem:
    """The problem of what stands at a JSON pointer of a file beside answers, and is none."""
    return Problem(
        entry.path, place, "is no answer of a call that this program knows, beside others that are.",
        "Save each answer as it is, in a file of its own.", "not-an-answer", "warning",
    )  # fmt: skip


def unlike(entry: Document, answer: Answer) -> Problem:
    """The problem of an answer that is not as the CLI prints it, for the reason that the answer itself gives."""
    return Problem(
        entry.path, "" if answer.pages and not answer.within else "".join(answer.pointers[:1]), f"{answer.detail}.",
        f"Capture again without --query: {answer.call.request()} --output json", "not-an-answer",
    )  # fmt: skip


def refused(entry: Document, refusal: Refusal, call: Call) -> Problem:
    """The problem of a file that holds what the CLI said when a call failed."""
    operation = f" for {refusal.operation}" if refusal.operation else ""
    verb = "AWS answered" if says_gone(refusal.error_code) else "the call was refused:"
    return Problem(
        entry.path, "",
        f"{verb} {refusal.error_code or 'no error code'}{operation}: {one_line(refusal.message, 300)}",
        f"{remedy(refusal.error_code, call.permission)}: {call.request()}", "refused", "warning",
    )  # fmt: skip
