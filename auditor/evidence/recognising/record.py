"""The capture record ``captures.json``: what each capture is, with which arguments, by whom and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from auditor.arn import ACCOUNT_ID, REGION, account_of
from auditor.evidence.call_ids import DESCRIBE_METRIC_FILTERS
from auditor.evidence.operations import (
    NO_OPERATION,
    Call,
    calls,
    foreign_host,
    foreign_member,
    log_group_asked,
    narrowed_by,
    operation_called,
    operation_named,
    prints_no_answer,
    recorded_commands,
    starting_token,
    value_of,
)
from auditor.evidence.recognising.failure import failure_beside, token_beside
from auditor.evidence.recognising.recorded_time import recorded_time
from auditor.text import one_line

_CALLED = re.compile(r"(?:(?:copy of|kopie von|copie de|copia de)\s+)?captures?(?![a-z]).*\.json(?:l|\.txt|\.gz)*$")
# Members of an entry that the schema describes: none says in words of its own that the call failed.
_MEMBERS = frozenset(
    {
        "file", "call", "arguments", "account_id", "region", "topic_arn", "resource", "caller_arn", "cli_version",
        "started_at", "ended_at", "exit_code", "error_code", "bytes", "sha256", "script_version", "host_clock_note",
    }
)  # fmt: skip
_FAILED = re.compile(r"-?0*[1-9][0-9]*")  # an exit code other than 0, of any length

THE_FILE = "the file itself"  # that holds the answer, where it tells of its call as a capture record does


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a capture record. ``captured_at`` is the time the call ended, as far as it tells that, in UTC.

    ``arguments`` is None where none are told; ``further`` are the other command lines that it tells.
    """

    file: str
    call: str
    account_id: str
    region: str
    resource: str
    arguments: tuple[str, ...] | None
    further: tuple[tuple[str, ...], ...]
    caller_arn: str
    cli_version: str
    captured_at: str | None
    error_code: str = ""  # AWS's, of a call that failed
    failure: str = ""  # how the call ended where it did not end well
    disputed: bool = False  # two entries tell it differently, or one entry itself
    sha256: str = ""  # of the bytes that were captured, "" if it is not told
    vouches: bool = True  # that nothing narrowed the answer (X3): not if the file has another digest
    host: str = ""  # that was asked and is none of AWS's
    speaker: str = "the capture record"  # or THE_FILE

    @property
    def caller_account(self) -> str:
        """The account of the principal that made the call, ``""`` if it is not told."""
        return account_of(self.caller_arn)

    @property
    def asked_account(self) -> str:
        """The account in which the call was made, ``""`` if nothing tells it.

        A topic, trail or key that a call is about may be another account's than the caller's.
        """
        call = operation_called(self.call).call
        accounts = (self.account_id, self.caller_account)
        of_resource = call is not None and call.place == "resource"
        return next(filter(None, reversed(accounts) if of_resource else accounts), "")

    def narrowed(self, call: Call | None) -> str:
        """What among all that was run narrowed the answer of a call, or may have; ``""`` if nothing did (rule X3)."""
        lines = (self.arguments, *self.further)
        token = next(filter(None, map(starting_token, self.further)), "")
        elsewhere = "--starting-token" if token and token != starting_token(self.arguments) else ""
        return next(filter(None, (narrowed_by(words, call) for words in lines)), elsewhere)

    @property
    def log_group(self) -> str:
        """The log group whose metric filters alone were asked for, ``""`` if something else narrowed the answer."""
        group, call = log_group_asked(self.arguments), calls()[DESCRIBE_METRIC_FILTERS]
        further = [words for words in self.further if narrowed_by(words, call)]
        return group if all(log_group_asked(words) == group for words in further) else ""

    @property
    def made_up(self) -> str:
        """Why what was run prints no answer of AWS (rule X5), ``""`` if nothing says so."""
        lines = [words for words in (self.arguments, *self.further) if words]
        host = next(filter(None, map(foreign_host, lines)), self.host)
        if host:
            return f"the call was made to {one_line(host, 80)}, which is none of AWS's endpoints"
        return "--generate-cli-skeleton prints no answer of AWS" if any(map(prints_no_answer, lines)) else ""

    @property
    def asked_region(self) -> str:
        """The region that the arguments ask, ``""`` if they name none."""
        region = self.option_value("--region").lower()
        return region if REGION.fullmatch(region) else ""

    def option_value(self, option: str) -> str:
        """The value that an option of the command has, ``""`` if none or one that stands elsewhere."""
        value = value_of(self.arguments, option)
        return "" if value.startswith(("$", "file:")) else value


def called_record(path: str) -> bool:
    """Whether a file is called as a capture record is, case, copy marks and what stands behind aside.

    >>> [called_record(name) for name in ("a/captures (1).json", "capture.JSON.txt", "captured-alarms.json")]
    [True, True, False]
    """
    return _CALLED.match(path.rpartition("/")[2].lower()) is not None and operation_named(path) == NO_OPERATION


def with_own_names(document: object) -> object:
    """A document in which the members of a capture record have the names of the schema, whatever their case was."""
    if isinstance(document, list):
        return [{name.lower(): value for name, value in e.items()} if isinstance(e, dict) else e for e in document]
    if not isinstance(document, dict) or not any(name.lower() == "captures" for name in document):
        return document
    return {
        lower if (lower := name.lower()) == "captures" else name: with_own_names(value)
        if lower == "captures"
        else value
        for name, value in document.items()
    }


def is_unmistakable(document: object) -> bool:
    """Whether a document can only be a capture record: every entry names a file and a call, and nothing stands beside.

    A result of this program also lists the captures of a bundle, but not alone.
    """
    entries = document
    if isinstance(document, dict):
        entries = document.get("captures")
        if any(isinstance(value, dict | list) for name, value in document.items() if name != "captures"):
            return False
    return (
        isinstance(entries, list)
        and bool(entries)
        and all(isinstance(entry, dict) and _text(entry, "file") and _text(entry, "call") for entry in entries)
    )


def is_record(document: object) -> bool:
    """Whether a JSON document is a capture record: a list (or ``{"captures": […]}``) some entry of which has ``file``.

    It need not follow the schema of capture records in all its entries.
    """
    if isinstance(document, dict) and "captures" in document:
        return True
    return isinstance(document, list) and any(isinstance(entry, dict) and "file" in entry for entry in document)


def read_record(document: object, folder: str, spoilt: Collection[str] = ()) -> list[tuple[str, Record]]:
    """The entries of a capture record, each with the member's path; ``folder`` is where the record lies.

    Entries that name no file are left out, and so are members of the wrong kind: they are problems of the record.
    ``spoilt`` are pointers of what cannot be relied upon: the entries there are disputed.
    """
    entries = document["captures"] if isinstance(document, dict) else document
    within = "/captures" if isinstance(document, dict) else ""
    doubtful = {place.removeprefix(within).split("/")[1] for place in spoilt if place.startswith(f"{within}/")}
    all_doubtful = any(not place.startswith(f"{within}/") for place in spoilt)
    host = foreign_member(document) if isinstance(document, dict) else ""
    of_all = recorded_time(document) if isinstance(document, dict) else None
    records: list[tuple[str, Record]] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict) or not _text(entry, "file"):
            continue
        path = entry["file"].replace("\\", "/").removeprefix("./")
        commands = recorded_commands(entry, _MEMBERS)
        record = Record(
            file=path,
            call=_text(entry, "call"),
            account_id=account if ACCOUNT_ID.fullmatch(account := _text(entry, "account_id")) else "",
            region=_text(entry, "region"),
            resource=_text(entry, "topic_arn") or _text(entry, "resource"),
            arguments=commands[0] if commands else None,
            further=tuple(commands[1:]),
            caller_arn=_text(entry, "caller_arn"),
            cli_version=_text(entry, "cli_version"),
            captured_at=recorded_time(entry) or of_all,
            error_code=_text(entry, "error_code"),
            failure=_failure(entry),
            disputed=all_doubtful or str(number) in doubtful,
            sha256=_text(entry, "sha256").lower(),
            host=foreign_host(_text(entry, "call").split()) or foreign_member(entry, _MEMBERS) or host,
        )
        records.append((f"{folder}{path}", record))
    return records


def add(records: dict[str, Record], path: str, record: Record) -> None:
    """Remember what a record says of a member; a second entry that says otherwise makes both disputed."""
    before = records.get(path, record)
    same = replace(before, file="", sha256="") == replace(record, file="", sha256="")
    differ = before.disputed or record.disputed or not same
    records[path] = replace(record, disputed=differ)


def with_own(record: Record | None, own: Record | None) -> Record | None:
    """What a capture record and an answer's own file say of its call; where the two differ both are disputed."""
    if record is None or own is None:
        return record or own
    pairs = ((record.account_id, own.account_id), (record.region, own.region))
    differ = any(first and second and first != second for first, second in pairs)
    commands = [words for words in (record.arguments, own.arguments) if words is not None]
    return replace(
        record,
        account_id=record.account_id or own.account_id,
        region=record.region or own.region,
        resource=record.resource or own.resource,
        arguments=commands[0] if commands else None,
        further=(*commands[1:], *record.further, *own.further),
        caller_arn=record.caller_arn or own.caller_arn,
        captured_at=record.captured_at or own.captured_at,
        disputed=record.disputed or own.disputed or differ,
        host=record.host or own.host,
    )


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _failure(entry: Mapping[str, object]) -> str:
    """How the call ended where it did not end well, ``""`` if it did or nothing is told."""
    error = _text(entry, "error_code")
    exit_code = str(entry.get("exit_code", "")).strip()
    ended = f"exit code {one_line(exit_code, 20)}" if _FAILED.fullmatch(exit_code) else ""
    return " and ".join(filter(None, (ended, error and f"error {error}", _failure_in_words(entry))))


def _failure_in_words(entry: Mapping[str, object]) -> str:
    """What further members of an entry say of how the call ended, or of a token that it left (rules X1, X5)."""
    return failure_beside(entry, _MEMBERS) or token_beside(entry, _MEMBERS)
