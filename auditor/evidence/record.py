"""The capture record ``captures.json``: what each capture is, with which arguments, by whom and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

# Options of the AWS CLI that make an answer say less without showing it (rule X3).
NARROWING = frozenset(
    {
        "--filter-name-prefix", "--metric-name", "--metric-namespace", "--alarm-names", "--alarm-name-prefix",
        "--action-prefix", "--state-value", "--children-of-alarm-name", "--parents-of-alarm-name",
        "--log-group-name", "--log-group-name-prefix", "--log-group-name-pattern", "--log-group-class",
        "--log-group-identifiers", "--account-identifiers", "--policy-name", "--trail-name-list",
        "--no-include-shadow-trails", "--query", "--cli-input-json", "--cli-input-yaml", "--region-names",
        "--filters", "--statuses", "--rule-name-prefix", "--service-principal",
    }
)  # fmt: skip
# They say where an answer goes on: with a token that another capture left, the two are one answer.
_CONTINUING = ("--starting-token", "--next-token")
_OTHERS = ("--region", "--alarm-name")
_FROM_FILES = ("file://", "fileb://")  # any argument may stand in it


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a capture record. ``captured_at`` is the time the call ended, in UTC."""

    file: str
    call: str
    account_id: str
    region: str
    resource: str
    arguments: tuple[str, ...] | None
    caller_arn: str
    cli_version: str
    captured_at: str | None
    disputed: bool = False  # two entries tell it differently


def is_record(document: Any) -> bool:
    """Whether a JSON document is a capture record: a list (or ``{"captures": […]}``) some entry of which has ``file``.

    It need not follow the schema of capture records in all its entries.
    """
    if isinstance(document, dict) and "captures" in document:
        return True
    return isinstance(document, list) and any(isinstance(entry, dict) and "file" in entry for entry in document)


def read_record(document: Any, folder: str) -> dict[str, Record]:
    """The entries of a capture record by the member's path; ``folder`` is where the record lies.

    Entries that name no file are left out, and so are members of the wrong kind: they are problems of the record.
    """
    entries = document["captures"] if isinstance(document, dict) else document
    records: dict[str, Record] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not _text(entry, "file"):
            continue
        path = entry["file"].replace("\\", "/").removeprefix("./")
        told = Record(
            file=path,
            call=_text(entry, "call"),
            account_id=_text(entry, "account_id"),
            region=_text(entry, "region"),
            resource=_text(entry, "topic_arn") or _text(entry, "resource"),
            arguments=_arguments(entry.get("arguments")),
            caller_arn=_text(entry, "caller_arn"),
            cli_version=_text(entry, "cli_version"),
            captured_at=utc(_text(entry, "ended_at") or _text(entry, "started_at")),
        )
        add(records, f"{folder}{path}", told)
    return records


def add(records: dict[str, Record], path: str, told: Record) -> None:
    """Remember what a record says of a member; a second entry that says otherwise makes both disputed."""
    before = records.get(path, told)
    differ = before.disputed or told.disputed or replace(before, file="") != replace(told, file="")
    records[path] = replace(told, disputed=differ)


def narrowed_by(arguments: tuple[str, ...] | None) -> str:
    """The option among ``arguments`` that narrowed the answer, ``""`` if none (rule X3).

    The CLI takes the beginning of an option's name for the option. One that tells where the answer goes on is for
    :func:`starting_token`.
    """
    for argument in arguments or ():
        option, _, value = argument.partition("=")
        if option == "--alarm-types":
            if not any("MetricAlarm" in one for one in arguments or ()):
                return option
        elif (value or argument).startswith(_FROM_FILES):
            return argument
        elif option.startswith("--") and option not in _CONTINUING and _is_option(option, NARROWING):
            return option
    return ""


def _is_option(text: str, options: Iterable[str]) -> bool:
    """Whether a text is one of the options or the beginning of its name, and no other option's whole name."""
    return text not in _OTHERS and len(text) > len("--x") and any(option.startswith(text) for option in options)


def starting_token(arguments: tuple[str, ...] | None) -> str:
    """The token with which ``arguments`` ask for the rest of an answer, ``""`` if they do not (rule X3).

    >>> starting_token(("logs", "describe-metric-filters", "--starting-token", "abc"))
    'abc'
    """
    words = arguments or ()
    for number, argument in enumerate(words):
        option, _, value = argument.partition("=")
        if option.startswith("--") and _is_option(option, _CONTINUING):
            return value or next(iter(words[number + 1 : number + 2]), "") or option
    return ""


def utc(text: str) -> str | None:
    """An ISO 8601 time with zone as UTC with ``Z``, whole seconds; None if it is none.

    >>> utc("2026-10-01T00:30:00+02:00")
    '2026-09-30T22:30:00Z'
    """
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    if time.tzinfo is None:
        return None
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _arguments(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return tuple(re.findall(r"\S+", value))
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    return None
