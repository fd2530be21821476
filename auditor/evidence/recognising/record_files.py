"""Capture records as they lie in a bundle: what each says of other members, and what is broken in it."""

from __future__ import annotations

from bisect import bisect_left
from codecs import BOM_UTF8
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from auditor.bundle import Member
from auditor.errors import Problem
from auditor.evidence.operations import record_violations
from auditor.evidence.reading import Document, guarded
from auditor.evidence.recognising.other_roots import OtherRoots
from auditor.evidence.recognising.recognised import OtherMember
from auditor.evidence.recognising.record import Record, add
from auditor.evidence.recognising.record_entries import read_record
from auditor.evidence.recognising.record_forms import called_record, in_own_form, is_record, is_unmistakable


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """What all capture records of a bundle say, by the path of the member, and what is wrong with them.

    ``accounts`` are those in which calls were made, whether or not their files are there.
    """

    records: Mapping[str, Record]
    accounts: tuple[str, ...]
    files: tuple[OtherMember, ...]
    problems: tuple[Problem, ...]


def is_capture_record(entry: Document) -> bool:
    """Whether a member is a capture record, by what it holds, or was to be one."""
    documents = [document for _, document in _record_documents(entry)]
    if not documents:
        return called_record(entry.path)
    called = entry.is_called("captures.") or called_record(entry.path)
    return is_record(documents[0]) if called else all(map(is_unmistakable, documents))


def read_record_files(
    entries: Iterable[Document], digests: Mapping[str, str], as_saved: Mapping[str, frozenset[str]]
) -> RecordFiles:
    """What the capture records among the members of a bundle say.

    ``digests`` are those of the members by path, ``as_saved`` those they may have had before they were saved again. Of
    several entries about one file those that tell its digest speak: the others are of a file that it replaced. If none
    does, it is another file than was captured, for which no entry vouches. An entry about a file that is not there
    speaks for the one that has its digest: folders are moved, files packed and renamed.
    """
    by_path: dict[str, list[Record]] = defaultdict(list)
    files: list[OtherMember] = []
    problems: list[Problem] = []
    for entry in entries:
        files.append(OtherMember(entry.path, entry.sha256, entry.size, "capture record"))
        problems += entry.decoded.problems
        documents = _record_documents(entry)
        if not documents:
            if not entry.decoded.problems:
                problems.append(
                    Problem(
                        entry.path, "", f"the capture record cannot be read: {entry.decoded.what}.",
                        "Ask for the record as the capture script wrote it, or leave it out.", "capture-record",
                    )
                )  # fmt: skip
            continue
        folder = entry.path[: entry.path.rfind("/") + 1]
        for prefix, document in documents:
            spoilt = [place[len(prefix) :] for place in entry.decoded.spoilt_pointers if place.startswith(prefix)]
            read = guarded(entry.path, partial(read_record, document, folder, spoilt), lambda problem: problem)
            if isinstance(read, Problem):
                problems.append(read)
                continue
            for path, record in read:
                by_path[path].append(record)
            problems += [
                Problem(
                    entry.path, prefix + violation.pointer,
                    f"expected {violation.expected}, found {violation.actual}.", violation.remedy, "capture-record",
                )
                for violation in record_violations(document)
            ]  # fmt: skip
    _follow_moved(by_path, digests)
    records: dict[str, Record] = {}
    for path, every in by_path.items():
        own = as_saved.get(path) or frozenset(filter(None, [digests.get(path)]))
        fitting = [record for record in every if record.sha256 in own]
        of_another = bool(own) and not fitting and all(record.sha256 for record in every)
        for record in fitting or every:
            add(records, path, replace(record, vouches=not of_another))
        if of_another:
            problems.append(_another_file(path))
    accounts = {record.asked_account for every in by_path.values() for record in every} - {""}
    return RecordFiles(records, tuple(sorted(accounts)), tuple(files), tuple(problems))


def digests_of(member: Member) -> frozenset[str]:
    """The SHA-256 of a member as it is, unpacked, and as it was before a program gave it other line endings or a byte
    order mark, or took its last line ending away; none where the file is as it was written."""
    plain = member.data.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
    if plain == member.data and plain.endswith(b"\n") and not member.compressed:
        return frozenset()
    texts = (member.data, plain, plain + b"\n", plain.removesuffix(b"\n"))
    return frozenset({member.sha256, *(sha256(text).hexdigest() for text in texts)})


def _another_file(path: str) -> Problem:
    return Problem(
        path, "",
        "is not the file that was captured, or was saved again: its digest is another than the capture record tells.",
        "Ask for the file as it was captured, or capture again.", "record-digest", "warning",
    )  # fmt: skip


def _follow_moved(by_path: dict[str, list[Record]], digests: Mapping[str, str]) -> None:
    """Put the entries about files that are not there to the one that has their digest, or else their path's end.

    It has the same path in another root, or another name, in the folder of the record, and no entry of its own; what
    is empty is alike in many places, so that then no other entry may have the digest.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for member, digest in digests.items():
        members[digest].append(member)
    absent = {path: by_path.pop(path) for path in [*by_path] if path not in digests}
    entries_with = Counter(record.sha256 for every in absent.values() for record in every)
    endings = {digest: _Endings(members[digest]) for digest in entries_with if digest in members}
    elsewhere = OtherRoots(member for member in digests if member not in by_path) if absent else None
    for path, every in absent.items():
        for record in every:
            digest = record.sha256
            moved = endings[digest].like(path) if digest in endings else set()
            if not moved and entries_with[digest] == 1:
                folder = path.removesuffix(record.file)
                alike = members.get(digest, ())
                moved = {member for member in alike if member.startswith(folder) and member not in by_path}
            if not moved and elsewhere is not None and digest not in members:
                moved = elsewhere.of(record.file)
            by_path[moved.pop() if len(moved) == 1 else path].append(record)


class _Endings:
    """Members of one digest by how their paths end; thousands that are empty have the same."""

    def __init__(self, members: Iterable[str]) -> None:
        self._members: dict[str, list[str]] = defaultdict(list)
        for member in members:
            self._members[_ending(member)].append(member)
        self._lengths = {len(ending) for ending in self._members}
        self._backwards = sorted(ending[::-1] for ending in self._members)

    def like(self, path: str) -> set[str]:
        """The members whose path is the other in another root, case and packing aside: of several at least two."""
        ending = _ending(path)
        shorter = (ending[at:] for at, mark in enumerate(ending) if mark == "/" and len(ending) - at in self._lengths)
        members = {member for end in shorter for member in self._members.get(end, ())}
        # What ends in the path stands side by side, read backwards and sorted.
        backwards = ending[::-1]
        at = bisect_left(self._backwards, backwards)
        longer = (other[::-1] for other in self._backwards[at : at + 2] if other.startswith(backwards))
        return members.union(*(self._members[end] for end in longer))


def _ending(path: str) -> str:
    return "/" + path.casefold().removesuffix(".gz")


def _record_documents(entry: Document) -> list[tuple[str, object]]:
    """The capture records in a file with their pointers: one, or several one after the other; [] if it is no JSON and
    no table of files and calls.
    """
    decoded = entry.decoded
    if decoded.shape == "none":
        return [("", in_own_form(list(entry.rows)))] if entry.rows else []
    if decoded.shape == "array":
        return [("", in_own_form(list(decoded.pages)))]
    if len(decoded.pages) == 1 or all(isinstance(page, dict) and "captures" in page for page in decoded.pages):
        return [(place, in_own_form(page)) for place, page in zip(decoded.page_pointers, decoded.pages, strict=True)]
    return [("", in_own_form(list(decoded.pages)))]
