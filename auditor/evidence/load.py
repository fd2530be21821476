"""The way from the members of a bundle to evidence, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from auditor.bundle import BundleReader
from auditor.errors import Problem
from auditor.evidence.assembling import (
    Responses,
    assemble,
    future_problems,
    shadow_problems,
    token_problems,
    with_places,
    without_lost_answers,
)
from auditor.evidence.call_ids import LIST_ACCOUNTS
from auditor.evidence.captures import CaptureContext, captures_of
from auditor.evidence.operations import is_place
from auditor.evidence.placing import (
    Capture,
    accounts_handed_in,
    accounts_listed,
    accounts_of_texts,
    located,
    unplaced,
)
from auditor.evidence.reading import Document, Membership, Owners, document, guarded
from auditor.evidence.recognising import (
    NEVER_SEALED,
    Classified,
    OtherMember,
    Recognised,
    Record,
    SealFacts,
    classify,
    digests_of,
    is_capture_record,
    partly_sealed,
    read_record_files,
    read_sealing,
    unopened,
)

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bundle says: captures, responses assembled from them, other files, and problems met.

    ``handed_in`` are the accounts after which its folders, archives and files are named, those that capture records and
    unusable listings of accounts name, and those that files which are no captures say to be of (rule X9).
    ``memberships`` are what such listings and files say of accounts' organisations (rule T8).
    """

    name: str
    sha256: str
    captures: tuple[Capture, ...]
    others: tuple[OtherMember, ...]
    responses: Responses
    problems: tuple[Problem, ...]
    handed_in: tuple[str, ...] = ()
    memberships: frozenset[Membership] = frozenset()
    seal: SealFacts = NEVER_SEALED


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a bundle, decoded and recognised: evidence once a :class:`CaptureContext` dates and places them.

    ``names`` are those of the paths opened, ``paths`` those of the members that were decoded, ``not_read`` the
    problems with those that were not, ``recorded_accounts`` those in which calls were made as capture records and the
    files of answers have it,
    ``listed`` those that files which are no captures list, ``memberships`` in which organisations they say them to be,
    ``texts`` such files that say whose they are.
    """

    name: str
    names: tuple[str, ...]
    sha256: str
    paths: tuple[str, ...]
    not_read: tuple[Problem, ...]
    records: Mapping[str, Record]
    recognised: tuple[Recognised, ...]
    others: tuple[OtherMember, ...]
    problems: tuple[Problem, ...]
    recorded_accounts: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    memberships: frozenset[Membership] = frozenset()
    texts: tuple[tuple[str, Owners], ...] = ()
    seal: SealFacts = NEVER_SEALED


def read_members(bundle: BundleReader, progress: Progress | None = None) -> Members:
    """Every member of a bundle, decoded and recognised."""
    members: list[Document] = []
    others: list[OtherMember] = []
    not_read: list[Problem] = []
    as_saved: dict[str, frozenset[str]] = {}
    for number, item in enumerate(bundle.read()):
        if isinstance(item, Problem):
            not_read.append(item)
            continue
        if progress is not None and number % 200 == 0:
            progress(number, None, "reading")
        read = guarded(item.path, partial(document, item), lambda problem: problem)
        if isinstance(read, Problem):
            others.append(OtherMember(item.path, item.sha256, item.size, "file that cannot be read"))
            not_read.append(read)
        else:
            members.append(read)
            as_saved[item.path] = digests_of(item)
    sealing = read_sealing(bundle, [*(entry.path for entry in members), *(problem.file for problem in not_read)])
    entries = [entry for entry in members if not sealing.is_tag(entry.path)]
    others += [sealing.other(entry) for entry in members if sealing.is_tag(entry.path)]
    record_files = {entry.path for entry in entries if is_capture_record(entry) and sealing.believes(entry.path)}
    written = read_record_files(
        (entry for entry in entries if entry.path in record_files),
        {entry.path: entry.sha256 for entry in entries},
        as_saved,
    )
    records = sealing.records(written.records)
    classified = [
        sealing.judged(entry, _classified(entry, records.get(entry.path)), records.get(entry.path))
        for entry in entries
        if entry.path not in record_files
    ]
    captures = [capture for member in classified for capture in member.recognised]
    captures += [capture for problem in not_read for capture in unopened(problem)]
    recognised = sealing.doubted([*captures, *sealing.lost(records)], records)
    seal = sealing.facts(recognised)
    others += [*written.files, *(member.other for member in classified if member.other is not None)]
    return Members(
        name=bundle.name,
        names=bundle.names,
        sha256=bundle.sha256,
        paths=(*(entry.path for entry in entries), *sealing.lost_paths()),
        not_read=tuple(not_read),
        records=records,
        recognised=tuple(recognised),
        others=tuple(sorted(others, key=lambda other: other.file)),
        problems=(
            *not_read,
            *written.problems,
            *(problem for member in classified for problem in member.problems),
            *sealing.problems,
            *partly_sealed(seal, sealing, recognised),
            *_recorded_but_missing(records, {*(entry.path for entry in entries), *sealing.states}),
        ),
        recorded_accounts=(*written.accounts, *_asked_by_themselves(recognised)),
        listed=(
            *(account for member in classified for account in member.accounts),
            *(account for entry in members if sealing.is_tag(entry.path) for account in entry.accounts),
        ),
        memberships=_memberships(entries, classified),
        texts=tuple(
            (member.other.file, member.owners)
            for member in classified
            if member.other is not None and member.owners.accounts
        ),
        seal=seal,
    )


def load(bundle: BundleReader, reading: CaptureContext | None = None, progress: Progress | None = None) -> Evidence:
    """The evidence in a bundle."""
    return evidence_of(read_members(bundle, progress), reading or CaptureContext())


def evidence_of(members: Members, reading: CaptureContext) -> Evidence:
    """The evidence in a bundle's members, dated and placed by ``reading``; the members stay as they are."""
    root = members.names[0].split(".", 1)[0] if len(members.names) == 1 else ""
    above = f"{root}/" if is_place(root) else ""
    placed, misplaced = located(members.recognised, members.records, reading.scope, above, members.texts)
    captures, broken = captures_of(placed, members.records, reading, members.names[0] if root else "")
    captures = without_lost_answers(captures, members.records, frozenset(members.paths))
    problems = [*members.problems, *misplaced, *broken]
    responses, contradictions = assemble(captures)
    problems += [*contradictions, *shadow_problems(captures), *token_problems(captures, responses), *unplaced(captures)]
    problems += future_problems(captures)
    problems = with_places(problems, captures)
    problems.sort(key=lambda problem: (problem.file, problem.pointer, problem.code, problem.problem))
    return Evidence(
        name=members.name,
        sha256=members.sha256,
        captures=tuple(captures),
        others=members.others,
        responses=responses,
        problems=tuple(problems),
        handed_in=(
            *accounts_handed_in(members.names, members.paths, members.not_read, placed),
            *accounts_listed(captures, placed, members.listed),
            *accounts_of_texts(members.texts, placed, above),
            *members.recorded_accounts,
        ),
        memberships=members.memberships,
        seal=members.seal,
    )


def _classified(entry: Document, record: Record | None) -> Classified:
    other = OtherMember(entry.path, entry.sha256, entry.size, "file that cannot be read")
    return guarded(entry.path, partial(classify, entry, record), lambda problem: Classified((), other, (problem,)))


def _asked_by_themselves(recognised: Sequence[Recognised]) -> Iterator[str]:
    """The accounts in which answers were asked for, as their own files have it."""
    yield from dict.fromkeys(entry.own.asked_account for entry in recognised if entry.own and entry.own.asked_account)


def _memberships(entries: Sequence[Document], classified: Sequence[Classified]) -> frozenset[Membership]:
    """What files say of accounts' organisations that are no answer of list-accounts, or none that can be read."""
    answers = {
        capture.path
        for member in classified
        for capture in member.recognised
        if capture.call.id == LIST_ACCOUNTS and capture.pages
    }
    return frozenset[Membership]().union(*(entry.memberships for entry in entries if entry.path not in answers))


def _recorded_but_missing(records: Mapping[str, Record], present: Collection[str]) -> list[Problem]:
    return [
        Problem(
            path, "", "is named in the capture record and is not in the bundle.", "Ask the client for the file.",
            "recorded-file-missing", "warning",
        )
        for path in sorted(records)
        if path not in present
    ]  # fmt: skip
