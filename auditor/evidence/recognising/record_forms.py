"""Capture records in the forms that scripts write: lists of files and calls under any name, maps by path, tables.

Each is made the form of ``captures.json``: a list of entries, or ``{"captures": […]}``, whose members have the names of
the schema (rule X3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from auditor.evidence.item import letters_of
from auditor.evidence.operations import NO_OPERATION, operation_named, operation_recorded, recorded_commands
from auditor.evidence.reading import CALL_NAMES, FILE_NAMES
from auditor.evidence.recognising.recognise import recognise

_CALLED = re.compile(
    r"(?:(?:copy of|kopie von|copie de|copia de)\s+)?captures?(?![a-z]).*\.(?:json|csv|tsv)(?:l|\.txt|\.gz)*$"
)
_PATH = re.compile(r"[^\n]{1,1000}\.(?:json|jsonl|ndjson|ya?ml|txt|out|log|err)(?:\.gz)?", re.IGNORECASE)
_LOOKED_AT = 20  # entries of a list: some name a file if it is a record
_LONGEST_NAME = 20  # of a member that names a file


def called_record(path: str) -> bool:
    """Whether a file is called as a capture record is, case, copy marks and what stands behind aside.

    >>> [called_record(name) for name in ("a/captures (1).json", "capture.JSON.txt", "captured-alarms.json")]
    [True, True, False]
    """
    return _CALLED.match(path.rpartition("/")[2].lower()) is not None and operation_named(path) == NO_OPERATION


def in_own_form(document: object) -> object:
    """A capture record with the names of the schema, whatever its form and the case of its names; else the document."""
    if isinstance(document, list):
        return _entries(document)
    if not isinstance(document, dict) or recognise(document):
        return document
    own = next((name for name in document if name.lower() == "captures"), None)
    if own is not None:
        return {**_without(document, own), "captures": _entries(document[own])}
    if _tells_a_call(_with_own_names(document)):
        return [_with_own_names(document)]  # a line of a record in lines
    name = next((name for name, value in document.items() if _is_list_of_files(_entries(value))), None)
    if name is not None:
        return {**_without(document, name), "captures": _entries(document[name])}
    entries = _entries(document)
    return entries if _is_list_of_files(entries) else document


def _without(document: Mapping[str, object], name: str) -> dict[str, object]:
    return {other: value for other, value in document.items() if other != name}


def is_unmistakable(document: object) -> bool:
    """Whether a document in this form can only be a capture record: every entry names a file and a call, and nothing
    but single values stands beside them.

    A result of this program also lists the captures of a bundle, but not alone.
    """
    entries = document
    if isinstance(document, dict):
        entries = document.get("captures")
        others = (value for name, value in document.items() if name != "captures")
        if any(_holds_objects(value) for value in others):
            return False
    return _is_list_of_files(entries)


def is_record(document: object) -> bool:
    """Whether a JSON document is a capture record: a list (or ``{"captures": […]}``) some entry of which has ``file``.

    It need not follow the schema of capture records in all its entries.
    """
    if isinstance(document, dict) and "captures" in document:
        return True
    return isinstance(document, list) and any(isinstance(entry, dict) and "file" in entry for entry in document)


def _entries(value: object) -> object:
    """The entries of a list, or of a map of what is told by the path of its file."""
    if isinstance(value, list):
        if not any(isinstance(entry, dict) and _names_a_file(entry) for entry in value[:_LOOKED_AT]):
            return value
        return [_with_own_names(entry) if isinstance(entry, dict) else entry for entry in value]
    if not isinstance(value, dict) or not value or not all(map(_PATH.fullmatch, value)):
        return value
    return [
        {**_with_own_names(entry), "file": path} if isinstance(entry, dict) else {"file": path, "command": entry}
        for path, entry in value.items()
        if isinstance(entry, dict | str)
    ]


def _names_a_file(entry: Mapping[str, Any]) -> bool:
    return any(letters_of(name) in FILE_NAMES for name in entry if len(name) <= _LONGEST_NAME)


def _with_own_names(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with lower-case names, and ``file`` for whatever it calls the file of the answer; an answer as it is."""
    if recognise(dict(entry)):
        return dict(entry)
    members = {name.lower(): value for name, value in entry.items()}
    if "file" in members:
        return members
    by_letters = {letters_of(name): name for name in members}
    named = (by_letters[letters] for letters in FILE_NAMES if letters in by_letters)
    name = next((name for name in named if isinstance(members[name], str) and _PATH.fullmatch(members[name])), None)
    return members if name is None else {"file": members.pop(name), **members}


def _is_list_of_files(entries: object) -> bool:
    return isinstance(entries, list) and bool(entries) and all(map(_tells_a_call, entries))


def _tells_a_call(entry: object) -> bool:
    """Whether an entry names the file of an answer, and the call."""
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"] or recognise(entry):
        return False
    texts = (value for name, value in entry.items() if letters_of(name) in CALL_NAMES and isinstance(value, str))
    lines = (" ".join(words) for words in recorded_commands(entry, ("file",)))
    return bool(entry.get("call")) or any(operation_recorded(text) != NO_OPERATION for text in (*texts, *lines))


def _holds_objects(value: object) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(child, dict | list) for child in children)
