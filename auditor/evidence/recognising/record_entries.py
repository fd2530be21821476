"""The entries of a capture record: what each says of the file of an answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from auditor.arn import ACCOUNT_ID
from auditor.evidence.item import letters_of
from auditor.evidence.operations import (
    NO_OPERATION,
    foreign_host,
    foreign_member,
    operation_recorded,
    recorded_commands,
)
from auditor.evidence.reading import CALL_NAMES
from auditor.evidence.recognising.envelope import Level, record_beside
from auditor.evidence.recognising.failure import failure_beside, token_beside
from auditor.evidence.recognising.record import Record
from auditor.evidence.recognising.recorded_time import recorded_time
from auditor.text import one_line

# Members of an entry that the schema describes: none says in words of its own that the call failed.
_MEMBERS = frozenset(
    {
        "file", "call", "arguments", "account_id", "region", "topic_arn", "resource", "caller_arn", "cli_version",
        "started_at", "ended_at", "exit_code", "error_code", "bytes", "sha256", "script_version", "host_clock_note",
    }
)  # fmt: skip
_FAILED = re.compile(r"-?0*[1-9][0-9]*")  # an exit code other than 0, of any length


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
        call = _text(entry, "call") or next(_calls_in(entry, commands), "")
        further = {name: value for name, value in entry.items() if name not in _MEMBERS}
        beside = record_beside((Level(further, "beside"),), operation_recorded(call).call, path)
        account = _text(entry, "account_id")
        record = Record(
            file=path,
            call=call,
            account_id=account if ACCOUNT_ID.fullmatch(account) else beside.account_id if beside else "",
            region=_text(entry, "region") or (beside.region if beside else ""),
            resource=_text(entry, "topic_arn") or _text(entry, "resource") or (beside.resource if beside else ""),
            arguments=commands[0] if commands else None,
            further=tuple(commands[1:]),
            caller_arn=_text(entry, "caller_arn") or (beside.caller_arn if beside else ""),
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


def _calls_in(entry: Mapping[str, object], commands: Iterable[Sequence[str]]) -> Iterator[str]:
    """The operation that an entry names in other members than ``call``, or whose command line it tells."""
    texts = (value for name, value in entry.items() if letters_of(name) in CALL_NAMES and isinstance(value, str))
    lines = (" ".join(words) for words in commands)
    return (text for text in (*texts, *lines) if operation_recorded(text) != NO_OPERATION)


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
