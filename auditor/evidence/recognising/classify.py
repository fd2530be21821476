"""What each member is: answers of calls, the refusal of one, or another file."""

from __future__ import annotations

from dataclasses import replace

from auditor.errors import Problem
from auditor.evidence.call_ids import DESCRIBE_ORGANIZATION, LIST_ACCOUNTS
from auditor.evidence.operations import (
    NO_OPERATION,
    Call,
    NamedOperation,
    calls,
    emulator_in,
    operation_named,
    operation_recorded,
)
from auditor.evidence.reading import (
    ANSWER_ENDINGS,
    NO_OWNERS,
    Document,
    FileKind,
    Owners,
    Refusal,
    error_object,
    owners_in,
    owners_in_answer,
    owners_in_json,
    owners_refused,
)
from auditor.evidence.recognising import objections
from auditor.evidence.recognising.answers import Answer, DocumentAnswers, answers
from auditor.evidence.recognising.envelope import name_beside, record_beside
from auditor.evidence.recognising.in_items import about_its_item, answers_beside_items, answers_put_into
from auditor.evidence.recognising.recognised import Classified, OtherMember, Printed, Recognised
from auditor.evidence.recognising.record import Record, with_own
from auditor.evidence.recognising.record_forms import called_record
from auditor.text import one_line

_OFFICE_ENDINGS = (".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".odt", ".odp", ".xls", ".doc", ".pdf")
_PAGES = (".html", ".htm", ".mht", ".mhtml", ".xhtml")  # as a browser saves an answer
_PROGRAMS = (".jar", ".whl")  # zip archives, too
_NO_FILES = ("unsafe-path", "long-path")  # of the bundle's problems: those with a name, not with a file


def unopened(problem: Problem) -> tuple[Recognised, ...]:
    """The capture of which nothing can be read, of a file that could not be opened and is named as a call's answer."""
    called = operation_named(problem.file).call if problem.code not in _NO_FILES else None
    if called is None or not problem.file.lower().endswith(ANSWER_ENDINGS):
        return ()
    detail = problem.problem.rstrip(".")
    path = problem.file
    return (Recognised(path, path, "", 0, "", called, status="unreadable", detail=f"it cannot be read: {detail}"),)


def classify(entry: Document, record: Record | None) -> Classified:
    """What a member is by its content, its name and what the capture record calls it (rules N3, X8).

    What an emulator or the CLI itself made up holds no answer of AWS, neither good nor bad (rule X5).
    """
    classified = _classified(entry, record)
    made_up = [_made_up(with_own(record, answer.own)) or _emulated(answer) for answer in classified.recognised]
    if not any(made_up):
        return classified
    return replace(
        classified,
        recognised=tuple(map(_none_of_aws, classified.recognised, made_up)),
        problems=(*classified.problems, objections.made_up(entry, next(filter(None, made_up)), classified.recognised)),
    )


def _made_up(record: Record | None) -> str:
    return record.made_up if record is not None else ""


def _emulated(answer: Recognised) -> str:
    """That another program than AWS answered, as the headers of an SDK's answer have it; ``""`` if none says so."""
    server = next(filter(None, map(emulator_in, answer.pages)), "")
    return f"its headers say that {one_line(server, 80)} answered, which is none of AWS's servers" if server else ""


def _none_of_aws(answer: Recognised, made_up: str) -> Recognised:
    if not made_up or answer.status not in ("captured", "presence_only", "refused"):
        return answer
    return replace(answer, status="invalid", detail=made_up, error_code="", printed="made up")


def _classified(entry: Document, record: Record | None) -> Classified:
    named = _named(entry.path, record)
    if named.other:
        other = _other(entry, f"answer of {named.other}, which is another operation")
        return replace(other, problems=(*other.problems, *objections.named_otherwise(entry.path, named)))
    if entry.decoded.shape == "none":
        return _without_json(entry, named, record)
    in_document = _in_document(entry, named)
    refusal = error_object(entry.decoded.pages[0]) if entry.decoded.shape == "object" else None
    if refusal is not None and named.call is not None and not any(answer.pages for answer in in_document.answers):
        return _refused(entry, refusal, named)
    problems = [
        *objections.recorded_as_another_call(entry, record, in_document.answers),
        *objections.misnamed(entry, named, record, in_document.answers),
    ]
    if not in_document.answers:
        problems += [objections.doubted(entry, call) for call in in_document.doubted]
        problems += [objections.no_record(entry)] if called_record(entry.path) else []
        other = _other(entry, "JSON of another kind")
        owners = entry.owners if entry.owners.accounts else owners_in_json(entry.decoded, entry.path)
        owners = owners if owners.accounts else owners_refused(entry.decoded.pages)
        problems += [objections.of_accounts(entry, owners)] if owners.accounts and not in_document.doubted else []
        listed = (*other.accounts, *in_document.accounts)
        return replace(other, problems=(*problems, *other.problems), accounts=listed, owners=owners)
    problems += [objections.strange(entry, place) for place in in_document.strange]
    in_items = answers_put_into(in_document.answers)
    problems += [
        objections.unlike(entry, answer)
        for answer in (*in_document.answers, *in_items)
        if answer.status in ("empty", "unreadable") or (answer.detail and not in_document.strange)
    ]
    recognised = tuple(_recognised(entry, answer) for answer in (*in_document.answers, *in_items))
    if record is not None and record.failure:
        recognised = tuple(_broken_off(answer, record.failure, record.error_code) for answer in recognised)
        problems += [objections.failed(entry.path, answer.call, record) for answer in recognised]
    else:
        problems += [objections.failed_beside(answer, entry.path) for answer in in_document.answers if answer.failure]
    return Classified(recognised, None, (*entry.decoded.problems, *problems))


def _in_document(entry: Document, named: NamedOperation) -> DocumentAnswers:
    """The answers that a document holds as such or, if it holds none, beside what they are about."""
    in_document = answers(entry.decoded, named)
    if not in_document.answers and named.call is None:
        return replace(in_document, answers=answers_beside_items(entry.decoded))
    about = tuple(about_its_item(answer, entry.decoded) for answer in in_document.answers)
    return replace(in_document, answers=about)


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
        accounts=answer.accounts or (entry.accounts if answer.call.id == LIST_ACCOUNTS and not answer.pages else ()),
        owners=NO_OWNERS if answer.pages or answer.about else _owners_of_unusable(entry, answer.call),
        about=answer.about,
        own=record_beside(answer.levels, answer.call, entry.path) if answer.levels else None,
        name=name_beside(answer.levels, answer.call),
    )
    return _broken_off(recognised, answer.failure) if answer.failure else recognised


def _owners_of_unusable(entry: Document, call: Call) -> Owners:
    """Whose JSON is that is called as the answer of a call and cannot be used as one."""
    owners = owners_in_json(entry.decoded, entry.path)
    return owners if owners.sure else owners_in_answer(entry.decoded.pages, call)


def _broken_off(answer: Recognised, failure: str, error_code: str = "") -> Recognised:
    """What a file holds of an answer whose call failed: a piece of a list, or nothing to rely on (rule X5)."""
    detail = f"the call did not end well ({one_line(failure, 200)})"
    if answer.status == "empty" and error_code:
        return replace(answer, status="refused", detail=detail, error_code=error_code)
    if answer.status not in ("captured", "presence_only"):
        return answer
    return replace(answer, status="presence_only" if answer.call.lists else "invalid", detail=detail)


def _other(entry: Document, what: str) -> Classified:
    """Another file; what is odd in it is nobody's concern."""
    other = OtherMember(entry.path, entry.sha256, entry.size, what)
    notes = tuple(replace(problem, severity="note") for problem in entry.decoded.problems)
    return Classified((), other, notes, entry.accounts, entry.owners)


def _without_json(entry: Document, named: NamedOperation, record: Record | None) -> Classified:
    """A member that is no JSON: the CLI's refusal of a call, a spoiled capture, or another file."""
    decoded = entry.decoded
    if decoded.refusal is not None:
        return _refused(entry, decoded.refusal, named)
    if decoded.kind.litter:
        return replace(_other(entry, decoded.what), problems=())
    if entry.accounts and (named.call is None or named.call.id == DESCRIBE_ORGANIZATION):
        named = NamedOperation(calls()[LIST_ACCOUNTS])
    if named.call is None:
        other = _other(entry, decoded.what)
        if entry.path.lower().endswith(_OFFICE_ENDINGS):
            return replace(other, problems=(*other.problems, objections.of_office(entry)))
        if not decoded.kind.archive or entry.path.lower().endswith(_PROGRAMS):
            return other
        return replace(other, problems=(objections.packed(entry),))
    if not entry.path.lower().endswith(ANSWER_ENDINGS):
        other = _other(entry, decoded.what)
        if not decoded.kind.binary and not entry.path.lower().endswith(_PAGES):
            return other  # a script, or notes, on the call
        return replace(
            other, problems=(objections.no_json(entry, named.call, f"is no JSON but: {decoded.what}", "warning"),)
        )
    empty = decoded.kind is FileKind.EMPTY
    spoiled = Recognised(
        entry.path, entry.path, entry.sha256, entry.size, decoded.encoding, named.call,
        status="empty" if empty else "unreadable",
        detail="the file is empty" if empty else f"the file is no JSON ({decoded.what})",
        accounts=entry.accounts, owners=entry.owners,
        printed=_printed(entry),
    )  # fmt: skip
    if empty and record is not None and record.error_code:
        refused = _broken_off(spoiled, record.failure, record.error_code)
        return Classified((refused,), None, (objections.failed(entry.path, named.call, record),))
    says = "is empty: zero bytes are no evidence of absence" if empty else f"is no JSON: {decoded.what}"
    problems = decoded.problems or (objections.no_json(entry, named.call, says),)
    return Classified((spoiled,), None, problems)


def _printed(entry: Document) -> Printed:
    """What a file lists in which somebody kept an answer in another format than JSON."""
    kind = entry.decoded.kind
    table = kind is FileKind.TEXT and entry.path.lower().endswith((".csv", ".tsv"))
    return "nothing" if kind.lists_nothing else "items" if kind.cli_output or table else ""


def _refused(entry: Document, refusal: Refusal, named: NamedOperation) -> Classified:
    """What the CLI said instead of an answer; of a call that is no evidence, another file."""
    other = _other(entry, entry.decoded.what)
    called = next((call for call in calls().values() if call.operation == refusal.operation), named.call)
    if called is None:
        return other
    detail = one_line(refusal.message, 300)
    captured = Recognised(
        entry.path, entry.path, entry.sha256, entry.size, entry.decoded.encoding, called,
        status="refused", detail=detail, error_code=refusal.error_code,
        owners=entry.owners if entry.owners.accounts else owners_in(refusal.message, named, FileKind.REFUSAL),
    )  # fmt: skip
    return Classified((captured,), other.other, (*entry.decoded.problems, objections.refused(entry, refusal, called)))
