"""Responses: the complete answer to one call in one place, assembled from its captures.

Pages, duplicates, doubts and left-over tokens are decided here. A response that is not complete can
never prove that something is absent (rule V3).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.errors import Problem
from auditor.evidence.assembling.contradictions import (
    comparable,
    contradictions,
    of_stubs,
    repeats,
)
from auditor.evidence.assembling.doubts import Astray, Doubts, told_otherwise
from auditor.evidence.assembling.numbered import missing_page, missing_part
from auditor.evidence.assembling.pieces import without_pieces
from auditor.evidence.assembling.response import Key, Lack, Response, Responses
from auditor.evidence.item import Item
from auditor.evidence.operations import ItemList, alarm_types, violations
from auditor.evidence.placing import Capture
from auditor.text import count, listing, one_line
from auditor.verdict import CaptureStatus

# Why a capture proves no absence, worst last: the best of several captures of a place speaks for it.
_STATUS_CODES: tuple[Lack, ...] = (
    "truncated",
    "narrowed",
    "presence_only",
    "invalid",
    "out_of_period",
    "misplaced",
    "altered",
    "lost",
    "refused",
    "unreadable",
    "empty",
    "added",
)


# Why the items of a page are not read though others follow it.
_LOST: tuple[CaptureStatus, ...] = ("invalid", "misplaced", "out_of_period")
# What may have held a page, though others are whole: it is not as it was sealed (X10).
_UNSEALED: tuple[CaptureStatus, ...] = ("altered", "lost")


def assemble(captures: Sequence[Capture]) -> tuple[Responses, list[Problem]]:
    """Group placed captures by call and place, and decide whether each answer is complete."""
    groups: dict[Key, list[Capture]] = defaultdict(list)
    for capture in captures:
        if capture.placed:
            place = capture.place
            region = "" if capture.call.place == "account" else place.region
            groups[(capture.call.id, place.account_id, region, place.resource)].append(capture)
    doubts = Doubts(captures, groups)
    problems: list[Problem] = []
    contested: set[tuple[int, int, str, int]] = set()
    by_key = {}
    for key in sorted({*groups, *doubts.places}):
        if key in groups:
            response = _response(key, groups[key], contested, problems)
            if not response.unread and (unread := doubts.unread_of(key)):
                response = replace(response, unread=unread)
            by_key[key] = _doubted(response, groups[key], doubts.of(key), contested)
        else:
            misplaced = _first(doubts.of(key))
            call, detail = misplaced.call, misplaced.detail
            by_key[key] = Response(call, *key[1:], (), False, "misplaced", detail, None, detail)
    return Responses(by_key, frozenset(contested)), problems


def _doubted(
    response: Response, group: Sequence[Capture], doubts: Sequence[Astray], contested: set[tuple[int, int, str, int]]
) -> Response:
    """An answer beside captures that may be others of its place: it is not whole, and what they tell otherwise decides
    nothing. Every speaker is heard, wherever its file lies; which of them is right no rule says.
    """
    code: Lack = "contradictory"
    detail = told_otherwise([capture for capture in group if capture.usable], doubts, contested)
    if not detail:
        if not doubts or not (response.complete or response.log_groups):
            return response
        code, detail = "misplaced", _first(doubts).detail or "another capture, whose place is not known, may be of it"
    return replace(response, complete=False, code=code, detail=detail, dispute=detail, log_groups=frozenset())


def _first(doubts: Sequence[Astray]) -> Capture:
    return min((astray.captures[0] for astray in doubts), key=lambda capture: capture.number)


def _response(
    key: Key, group: list[Capture], contested: set[tuple[int, int, str, int]], problems: list[Problem]
) -> Response:
    call = group[0].call
    usable = [capture for capture in group if capture.usable]
    if not call.lists:
        kept = without_pieces([(capture, page) for capture in usable for page in capture.pages])
        numbers_kept = {capture.number for capture, _ in kept}
        usable = [capture for capture in usable if capture.number in numbers_kept or not capture.pages]
    dispute = next((capture.detail for capture in group if capture.spoiled), "")
    if not usable:
        best = min(group, key=lambda capture: _STATUS_CODES.index(_code_of(capture)))
        return Response(
            call, *key[1:], (), False, _code_of(best), best.detail, None, dispute,
            best.error_code if best.status == "refused" else "",
        )  # fmt: skip
    alone = not any(capture.token_left for capture in usable)
    codes = {capture.number: _code_of(capture) or (_composites_only(capture) if alone else "") for capture in usable}
    code, detail = _lack(group, usable, codes)
    if len(usable) > 1 or repeats(usable[0]):
        whole = [capture for capture in usable if not codes[capture.number]]
        differing = contradictions(call, usable, whole, contested)
        if differing:
            code, detail = "contradictory", differing
            problems.append(_contradiction(usable, differing))
    if any(capture.skipped for capture in usable):
        dispute = dispute or _spoilt(usable)
    denied = call.place == "resource" and any(capture.says_gone for capture in group)
    if denied:
        dispute = dispute or f"one capture holds it, and in another AWS knows no such {call.resource}"
    dispute = detail if code == "contradictory" else dispute
    arguments = usable[0].arguments if len({capture.arguments for capture in usable}) == 1 else None
    numbers = tuple(capture.number for capture in usable)
    groups = _log_groups(group) if code == "narrowed" else frozenset()
    unread = next((capture.file for capture in group if _unread(capture, usable)), "")
    unread = unread or next((capture.lost_beside for capture in usable if capture.lost_beside), "")
    types = [alarm_types(capture.arguments) for capture in usable if not capture.token_left]
    return Response(
        call, *key[1:], numbers, code == "", code, detail, arguments, dispute, log_groups=groups, denied=denied,
        alarm_types=frozenset().union(*types), unread=unread,
    )  # fmt: skip


def _lack(group: Sequence[Capture], usable: Sequence[Capture], codes: Mapping[int, Lack]) -> tuple[Lack, str]:
    """Why the captures of one place prove no absence together, and in what words; ``("", "")`` if they do.

    ``codes`` say it of each of the usable ones alone, by number.
    """
    only_parts = all(codes[capture.number] or capture.share is not None for capture in usable)
    if only_parts and (missing := missing_part(usable)):
        return "truncated", missing
    if all(codes.values()):
        untruncated = [capture for capture in usable if codes[capture.number] != "truncated"]
        best = min(untruncated or usable, key=lambda capture: _STATUS_CODES.index(codes[capture.number]))
        code, detail = codes[best.number], best.detail or best.narrowed
        if code == "invalid" and not detail:
            detail = _spoilt(usable)
        elif code == "narrowed" and not detail and of_stubs(best):
            detail = "--children-of-alarm-name or --parents-of-alarm-name, as it seems: it holds names and states alone"
        elif code == "narrowed" and not detail:
            detail = "--alarm-types, as it seems: it holds composite alarms and none that they could name"
        return code, detail
    if any(capture.skipped for capture in usable):
        return "invalid", _spoilt(usable)
    if lost := next((of_group for of_group in group if of_group.token_left and of_group.status in _LOST), None):
        return lost.status, lost.detail  # a page that others follow: what it held is missing
    if piece := _narrowed_page(usable, [capture for capture in usable if not codes[capture.number]]):
        return ("narrowed", piece.narrowed) if piece.narrowed else ("presence_only", piece.detail)
    if missing := missing_page(usable):
        return "truncated", missing
    if unsealed := next((of_group for of_group in group if of_group.status in _UNSEALED), None):
        return unsealed.status, unsealed.detail
    if unread := next((of_group for of_group in group if _may_list_more(of_group, usable)), None):
        return unread.status, unread.detail
    return "", ""


def _may_list_more(capture: Capture, usable: Sequence[Capture]) -> bool:
    """Whether a file that cannot be used may be another answer than those that can. People print one in two formats:
    one that the CLI wrote lists something if they do, and nothing if they do not (X5).
    """
    if not capture.hides_listing:
        return False
    return not capture.printed or capture.printed != ("items" if any(other.records for other in usable) else "nothing")


def _unread(capture: Capture, usable: Sequence[Capture]) -> bool:
    """Whether a file may be another answer than those that can be used, and nothing of it can."""
    all_spoilt = capture.usable and bool(capture.skipped) and len(capture.skipped) == capture.records
    return (all_spoilt and len(usable) > 1) or _may_list_more(capture, usable)


def _narrowed_page(usable: Sequence[Capture], whole: Sequence[Capture]) -> Capture | None:
    """A page that others follow and that was narrowed, so that all of them are a piece; None if what it lists stands in
    an answer that is whole by itself (X1, X3).
    """
    pieces = [page for page in usable if page.token_left and (page.narrowed or page.status == "presence_only")]
    if not pieces:
        return None
    listed = {_identity(entry, item) for capture in whole for entry in capture.call.lists
              for *_, item in capture.items(entry)}  # fmt: skip
    for page in pieces:
        own = {_identity(entry, item) for entry in page.call.lists for *_, item in page.items(entry)}
        if not (own and own <= listed):
            return page
    return None


def _identity(entry: ItemList, item: Item) -> tuple[str, bytes]:
    return entry.member, comparable(item, entry.identity)


def _contradiction(usable: Sequence[Capture], differing: str) -> Problem:
    """The problem that captures of one place, or the parts of one, tell something differently."""
    names = ", ".join(one_line(capture.file, 120) for capture in usable)
    other = f"another capture of the same call and place ({names})" if len(usable) > 1 else "itself"
    remedy = "Keep the capture of the audited day and leave the other out."
    return Problem(usable[-1].file, "", f"contradicts {other}: {differing}.", remedy, "contradictory")


def _log_groups(group: Sequence[Capture]) -> frozenset[str]:
    """The log groups whose filters captures of one place hold to the last, each listed by itself (X3)."""
    spoilt = {capture.log_group for capture in group if capture.skipped or capture.status != "captured"}
    whole = {capture.log_group for capture in group if not capture.token_left}
    return frozenset(whole - spoilt - {""}) if "" not in spoilt else frozenset()


def _spoilt(usable: Sequence[Capture]) -> str:
    """What breaks its schema, in words that names and pages of the files do not change: the problems say where."""
    broken = Counter(member for capture in usable for _, member, _ in capture.skipped)
    return listing(
        f"{count(number, 'item')} of {member} {'is' if number == 1 else 'are'} not as AWS writes "
        f"{'it' if number == 1 else 'them'}{_example(usable, member)}"
        for member, number in sorted(broken.items())
    )


def _example(usable: Sequence[Capture], member: str) -> str:
    """A member of a broken item with what was expected of it and what stands there; ``""`` if no schema says so."""
    faults = {
        (violation.pointer.split("/", 3)[3], violation.expected, violation.actual)
        for capture in usable
        for number in {page for page, listed, _ in capture.skipped if listed == member}
        for violation in violations(capture.call, capture.pages[number])
        if violation.pointer.startswith(f"/{member}/") and violation.pointer.count("/") > 2
    }
    if not faults:
        return ""
    name, expected, present = min(faults)
    return f" ({name.replace('/', '.')}: expected {expected}, found {present})"


def _code_of(capture: Capture) -> Lack:
    """Why this capture alone proves no absence, ``""`` if it does."""
    if capture.status != "captured":
        return capture.status
    if capture.token_left:
        return "truncated"
    if capture.narrowed or of_stubs(capture):
        return "narrowed"
    return "invalid" if capture.skipped else ""


def _composites_only(capture: Capture) -> Lack:
    """``narrowed`` for an answer of composite alarms alone: those that they name were not asked for (C1, C3)."""
    kinds = {
        entry.asked_by for entry in capture.call.lists if entry.asked_by and any(True for _ in capture.items(entry))
    }
    return "narrowed" if capture.arguments is None and kinds == {"CompositeAlarm"} else ""
