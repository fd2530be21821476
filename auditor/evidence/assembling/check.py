"""A capture held against its call's schema: which items are unusable, and whether pages are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from shlex import quote

from auditor.errors import Problem
from auditor.evidence.assembling.agreement import disagreements
from auditor.evidence.assembling.response import Responses
from auditor.evidence.call_ids import DESCRIBE_TRAILS
from auditor.evidence.item import Item, token_member
from auditor.evidence.operations import Call, violations
from auditor.evidence.placing import Capture, Placed
from auditor.evidence.recognising import WITHOUT_ENVELOPE
from auditor.text import listing, position
from auditor.verdict import CaptureStatus


@dataclass(frozen=True, slots=True)
class Checked:
    """What the schema leaves of an answer: ``skipped`` are (page, list, item) of what cannot be used."""

    status: CaptureStatus
    detail: str
    skipped: frozenset[tuple[int, str, int]]
    token: str  # what stands in its last page where further pages exist


def check(placed: Placed) -> tuple[Checked, list[Problem]]:
    """Hold every page against the call's schema, and note whether pages are missing."""
    entry = placed.recognised
    call = entry.call
    whole = ""
    problems: list[Problem] = []
    skipped: set[tuple[int, str, int]] = set()
    for number, place in _spoilt_in(entry.pointers, entry.spoilt):
        pointer = _in_envelope(entry.pages[number], place) if entry.detail in WITHOUT_ENVELOPE else place
        whole = _blame(call, number, pointer, skipped) or whole
    for number, page in enumerate(entry.pages):
        prefix = entry.pointers[number]
        for violation in violations(call, page):
            says = f"expected {violation.expected}, found {violation.actual}."
            problems.append(Problem(entry.path, prefix + violation.pointer, says, violation.remedy, "schema"))
            whole = _blame(call, number, violation.pointer, skipped) or whole
        for pointer, problem in disagreements(call, page):
            remedy = f"Capture again and leave the file as it is: {call.request()} --output json"
            problems.append(Problem(entry.path, prefix + pointer, problem, remedy, "disagreement"))
            whole = _blame(call, number, pointer, skipped) or whole
    status, detail = placed.status, placed.detail
    if whole and status in ("captured", "presence_only"):
        status, detail = "invalid", whole
    token = _left(entry.pages[-1]) if entry.pages else ""
    return Checked(status, detail, frozenset(skipped), token), problems


def _spoilt_in(pages: Sequence[str], spoilt: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Number of the page and place in it of each spoilt place; of a page within what is spoilt, the whole of it."""
    numbers = {pointer: number for number, pointer in enumerate(pages)}
    for pointer in spoilt:
        for above in _with_all_above(pointer):
            if above in numbers:
                yield numbers[above], pointer[len(above) :]
    outside = set(spoilt)
    for number, page in enumerate(pages):
        if any(above in outside for above in _with_all_above(page)):
            yield number, ""


def _in_envelope(page: Item, place: str) -> str:
    """The pointer, in a page with its envelope, of a place in the content alone (rule X3); of all if in doubt."""
    if len(page) != 1:
        return ""
    ((member, content),) = page.items()
    if not isinstance(content, list) or position(place[1:].partition("/")[0]) is not None:
        return f"/{member}{place}"
    return f"/{member}/0{place}" if len(content) == 1 else ""


def _with_all_above(pointer: str) -> Iterator[str]:
    """The pointer, and those of all that it stands in: ``#2/a/0``, ``#2/a``, ``#2`` and the file itself."""
    yield pointer
    while pointer:
        pointer = pointer[: max(pointer.rfind("/"), 0)]
        yield pointer


def _left(page: Item) -> str:
    """The token that a page leaves, ``""`` if there is none; one that is no text is one all the same."""
    member = token_member(page)
    return str(page[member]) if member else ""


def token_problems(captures: Iterable[Capture], responses: Responses) -> list[Problem]:
    """A problem for each token left over, and each part of an answer by its name, where no other capture of the place
    has the last page or the other parts (rule X1).
    """
    problems = []
    for capture in captures:
        if not capture.token_left and capture.share is None:
            continue
        place = capture.place
        response = responses.get(capture.call.id, place.account_id, place.region, place.resource)
        if capture.placed and response.code != "truncated":
            continue
        command = capture.call.request(place.region, place.resource)
        if capture.token:
            where = f"{capture.page_pointers[-1]}/{token_member(capture.pages[-1])}"
            says = "a token is left over: further pages of this answer exist."
            remedy = f"Capture again without --max-items and --no-paginate: {command}"
        else:
            where, says = "", "its name says that it is a part of the answer, and not all parts of it are there."
            remedy = f"Ask the client for the other parts, or capture again: {command}"
        problems.append(Problem(capture.file, where, says, remedy, "truncated", "warning"))
    return problems


def with_places(problems: Iterable[Problem], captures: Iterable[Capture]) -> list[Problem]:
    """The problems, each command in a remedy with the region and resource that its file is a capture of."""
    problems = list(problems)
    files = {problem.file for problem in problems}
    commands: dict[str, dict[str, set[str]]] = {}
    for capture in captures:
        if capture.file in files:
            region, resource = (
                name if quote(name) == name else "" for name in (capture.place.region, capture.place.resource)
            )
            placed = capture.call.request(region, resource)
            commands.setdefault(capture.file, {}).setdefault(capture.call.request(), set()).add(placed)
    return [replace(problem, remedy=_placed(problem.remedy, commands.get(problem.file, {}))) for problem in problems]


def _placed(remedy: str, commands: Mapping[str, set[str]]) -> str:
    for unplaced, placed in commands.items():
        if len(placed) == 1:
            remedy = remedy.replace(unplaced, min(placed))
    return remedy


def _blame(call: Call, page: int, pointer: str, skipped: set[tuple[int, str, int]]) -> str:
    """What a broken place makes unusable: an item (noted in ``skipped``), the whole answer (a sentence), nothing."""
    parts = pointer.split("/")[1:]
    lists = {entry.member: entry for entry in call.lists}
    if not parts:
        return "the answer as a whole does not follow its schema"
    entry = lists.get(parts[0])
    if entry is None:
        if call.lists or (call.members_used and parts[0] not in call.members_used):
            return ""
        return f"{parts[0]} does not follow its schema"
    if len(parts) == 1 or (number := position(parts[1])) is None:
        return f"{parts[0]} does not follow its schema"
    if len(parts) == 2 or parts[2] in entry.used or parts[2] in entry.identity:
        skipped.add((page, parts[0], number))
    return ""


def shadow_problems(captures: list[Capture]) -> list[Problem]:
    """A multi-region trail must appear in every region's describe-trails of its account (rule T2)."""
    by_account: dict[str, Counter[str]] = {}
    lists: dict[str, list[tuple[Capture, set[str]]]] = {}
    for capture in captures:
        if capture.call.id != DESCRIBE_TRAILS or not capture.usable or not capture.placed:
            continue
        arns = {
            trail["TrailARN"]
            for entry in capture.call.lists
            for _, _, trail in capture.items(entry)
            if trail.get("IsMultiRegionTrail")
        }
        lists.setdefault(capture.place.account_id, []).append((capture, arns))
        by_account.setdefault(capture.place.account_id, Counter()).update(arns)
    problems = []
    for account, counted in sorted(by_account.items()):
        for capture, arns in lists[account]:
            lacking = listing(sorted(set(counted) - arns), limit=2)
            if not capture.narrowed and lacking:
                problems.append(
                    Problem(
                        capture.file, "/trailList", f"lacks {lacking}, which another region of the account shows.",
                        "Capture again without --no-include-shadow-trails; what the other region shows stands.",
                        "shadow-trail-missing", "note",
                    )
                )  # fmt: skip
    return problems
