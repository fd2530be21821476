"""Responses: the complete answer to one call in one place, assembled from its captures.

Pages, duplicates, doubts and left-over tokens are decided here. A response that is not complete can
never prove that something is absent (rule V3).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.errors import Problem
from auditor.evidence.assembling.contradictions import comparable, contradictions, of_stubs, repeats
from auditor.evidence.assembling.numbered import missing_page, missing_part
from auditor.evidence.assembling.response import Key, Lack, Response, Responses
from auditor.evidence.call_ids import LIST_ACCOUNTS
from auditor.evidence.operations import alarm_types, violations
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
    doubts = _doubts(captures, groups)
    problems: list[Problem] = []
    contested: set[tuple[int, int, str, int]] = set()
    by_key = {}
    for key in sorted({*groups, *doubts}):
        if key in groups:
            by_key[key] = _doubted(_response(key, groups[key], contested, problems), doubts.get(key))
        else:
            call, detail = doubts[key].call, doubts[key].detail
            by_key[key] = Response(call, *key[1:], (), False, "misplaced", detail, None, detail)
    return Responses(by_key, frozenset(contested)), problems


def _doubts(captures: Sequence[Capture], groups: Mapping[Key, Sequence[Capture]]) -> dict[Key, Capture]:
    """By place the first capture that may be another answer of it: a misplaced one, or one whose place is not known.

    Of these only such as hold something count, that no answer of theirs holds alike. Where the account is not known
    either, they may be those of any, but for a listing of accounts: whose it is decides nothing about whom it names.
    """
    doubts: dict[Key, Capture] = {}
    answers: dict[str, _Answers] = {}
    for capture in captures:
        call, place = capture.call, capture.place
        if capture.status == "misplaced":
            for possible in capture.possible_places:
                region = "" if call.place == "account" else possible.region
                if possible.resource or call.place != "resource":
                    doubts.setdefault((call.id, possible.account_id, region, possible.resource), capture)
            continue
        if call.place == "resource" or (capture.placed and not capture.perhaps) or not capture.usable:
            continue
        if call.id == LIST_ACCOUNTS:
            continue
        if call.id not in answers:
            answers[call.id] = _Answers({key: group for key, group in groups.items() if key[0] == call.id})
        places = capture.perhaps if capture.placed else ((place.account_id, place.region),)
        for key in answers[call.id].doubted_by(capture, places):
            doubts.setdefault(key, capture)
    return doubts


class _Answers:
    """The answers to one call, by what may be known of a place: account and region, one of them, or none."""

    def __init__(self, groups: Mapping[Key, Sequence[Capture]]) -> None:
        self._keys: dict[tuple[str, str], list[Key]] = defaultdict(list)
        self._contents: dict[tuple[str, str], set[tuple[bytes, ...]]] = defaultdict(set)
        for key, group in groups.items():
            contents = {_contents(capture) for capture in group}
            for known in {(key[1], key[2]), (key[1], ""), ("", key[2]), ("", "")}:
                self._keys[known].append(key)
                self._contents[known] |= contents
        self._doubted: set[tuple[str, str]] = set()

    def doubted_by(self, capture: Capture, places: Sequence[tuple[str, str]]) -> list[Key]:
        """Those of ``places`` that hold nothing like a capture, without those that another one doubts already."""
        contents = _contents(capture)
        if not contents or any(contents in self._contents.get(known, ()) for known in places):
            return []
        fresh = [known for known in dict.fromkeys(places) if known not in self._doubted]
        self._doubted.update(fresh)
        return [key for known in fresh for key in self._keys.get(known, ())]


def _contents(capture: Capture) -> tuple[bytes, ...]:
    """What a capture lists, in an order of its own."""
    lists = capture.call.lists
    return tuple(sorted(comparable(item, entry.used) for entry in lists for _, _, item in capture.items(entry)))


def _doubted(response: Response, doubt: Capture | None) -> Response:
    """A whole answer beside a capture that may be another of its place."""
    if doubt is None or not (response.complete or response.log_groups):
        return response
    detail = doubt.detail or "another capture, whose place is not known, may be of it"
    return replace(
        response, complete=False, code="misplaced", detail=detail, dispute=detail, log_groups=frozenset()
    )  # fmt: skip


def _response(
    key: Key, group: list[Capture], contested: set[tuple[int, int, str, int]], problems: list[Problem]
) -> Response:
    call = group[0].call
    usable = [capture for capture in group if capture.usable]
    dispute = next((capture.detail for capture in group if capture.spoiled), "")
    if not usable:
        best = min(group, key=lambda capture: _STATUS_CODES.index(_code_of(capture)))
        return Response(
            call, *key[1:], (), False, _code_of(best), best.detail, None, dispute, best.error_code
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
    types = [alarm_types(capture.arguments) for capture in usable if not capture.token_left]
    return Response(
        call, *key[1:], numbers, code == "", code, detail, arguments, dispute, log_groups=groups, denied=denied,
        alarm_types=frozenset().union(*types),
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
    if missing := missing_page(usable):
        return "truncated", missing
    if unsealed := next((of_group for of_group in group if of_group.status in _UNSEALED), None):
        return unsealed.status, unsealed.detail
    return "", ""


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
