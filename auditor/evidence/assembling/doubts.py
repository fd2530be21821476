"""Captures that may be other answers of a place than those that lie there: misplaced ones, and those of no known place.

Thousands of places may each have thousands of them, so that what is known of where they are from is kept with them, and
is looked up from each place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from auditor.arn import parse_arn
from auditor.evidence.assembling.contradictions import comparable, is_stub, shown_name
from auditor.evidence.assembling.response import Key
from auditor.evidence.call_ids import DESCRIBE_TRAILS, LIST_ACCOUNTS
from auditor.evidence.item import Item
from auditor.evidence.operations import ItemList
from auditor.evidence.placing import Capture
from auditor.evidence.recognising import content_place, place_shown_by_trails
from auditor.text import one_line

_Known = tuple[str, str]  # account and region, "" where it is not known
_ALL_STREAMS = ":*"  # behind the ARN of a log group, or left out (T4)
_Identity = tuple[str, bytes]  # the list in which a thing stands, and what names it


class Astray:
    """Captures that may be of one place and do not lie there, in their order; or what their schema makes unusable of
    those that do.
    """

    def __init__(self, *, spoilt_alone: bool = False) -> None:
        self.captures: list[Capture] = []
        self._spoilt_alone = spoilt_alone

    def add(self, capture: Capture) -> None:
        """Takes one more, before anything is asked."""
        self.captures.append(capture)

    @cached_property
    def _statements(self) -> Mapping[_Identity, Mapping[bytes, Capture]]:
        """What they tell of things that name themselves by a whole ARN, which surely are the same ones; of what is told
        in many ways two: one of them differs from any other.
        """
        statements: dict[_Identity, dict[bytes, Capture]] = defaultdict(dict)
        for capture in self.captures:
            for entry in capture.call.lists:
                items = () if self._spoilt_alone else capture.items(entry)
                for _, _, item in (*items, *capture.spoilt_items(entry)):
                    for identity in () if is_stub(item) else _named_surely(entry, item):
                        ways = statements[entry.member, identity]
                        if len(ways) < 2:
                            ways.setdefault(_content(entry, item), capture)
        return statements

    @cached_property
    def members(self) -> set[str]:
        """The lists in which they tell of such things."""
        return {member for member, _ in self._statements}

    def otherwise(self, identity: _Identity, content: bytes) -> Iterator[Capture]:
        """Those that tell something else of a thing."""
        for other, capture in self._statements.get(identity, {}).items():
            if other != content:
                yield capture


class Doubts:
    """What may be another answer of a place."""

    def __init__(self, captures: Sequence[Capture], groups: Mapping[Key, Sequence[Capture]]) -> None:
        """Misplaced ones that do not say themselves where they are from count in a further place unless an answer there
        holds the same.

        Of captures whose place is not known only such count as hold something, that no answer of theirs holds alike.
        Where the account is not known either, they may be those of any, but for a listing of accounts: whose it is
        decides nothing about whom it names.
        """
        self._misplaced: dict[Key, Astray] = defaultdict(Astray)
        self._answers: dict[Key, Collection[tuple[bytes, ...]]] = {}
        self._unplaced: dict[tuple[str, _Known], Astray] = defaultdict(Astray)
        self._unread: dict[tuple[str, _Known], str] = {}
        answers: dict[str, Mapping[_Known, Collection[tuple[bytes, ...]]]] = {}
        for capture in captures:
            call, place = capture.call, capture.place
            if capture.status == "misplaced":
                for possible in capture.possible_places:
                    region = "" if call.place == "account" else possible.region
                    key = (call.id, possible.account_id, region, possible.resource)
                    nobodys = call.place == "resource" and not possible.resource
                    if not nobodys and (possible == place or not self._is_copy(capture, key, groups)):
                        self._misplaced[key].add(capture)
                continue
            if call.place == "resource" or call.id == LIST_ACCOUNTS or (capture.placed and not capture.perhaps):
                continue
            if capture.hides_listing and not capture.printed and not capture.placed:
                self._unread.setdefault((call.id, (place.account_id, place.region)), capture.file)
            if not capture.usable:
                continue
            if call.id not in answers:
                answers[call.id] = _contents_by_place(call.id, groups)
            places = dict.fromkeys(capture.perhaps if capture.placed else [(place.account_id, place.region)])
            contents = _contents(capture)
            if contents and not any(contents in answers[call.id].get(known, ()) for known in places):
                for known in places:
                    self._unplaced[call.id, known].add(capture)

    def _is_copy(self, capture: Capture, key: Key, groups: Mapping[Key, Sequence[Capture]]) -> bool:
        """Whether an answer of a place lists what a misplaced capture does: it is the place's own, written twice."""
        if not capture.call.lists or key not in groups or _tells_its_place(capture):
            return False
        if key not in self._answers:
            self._answers[key] = {_contents(other) for other in groups[key] if other.usable}
        return _contents(capture) in self._answers[key]

    @property
    def places(self) -> Collection[Key]:
        """The places of which misplaced captures may be, whether or not anything lies there."""
        return self._misplaced.keys()

    def of(self, key: Key) -> list[Astray]:
        """What may be another answer of a place."""
        ways = (self._unplaced.get((key[0], known)) for known in _known_of(key))
        return [astray for astray in (self._misplaced.get(key), *ways) if astray is not None]

    def unread_of(self, key: Key) -> str:
        """A file that may hold another answer of a place, of which nothing can be read; ``""`` if there is none."""
        files = (self._unread.get((key[0], known), "") for known in (_known_of(key) if self._unread else ()))
        return next(filter(None, files), "")


def _tells_its_place(capture: Capture) -> bool:
    """Whether an answer says itself where it is from, so that its path or record is wrong about it."""
    accounts, regions = content_place(capture.call, capture.pages)
    return bool(accounts or regions or any(place_shown_by_trails(capture.call, capture.pages)))


def told_otherwise(
    usable: Sequence[Capture], doubts: Sequence[Astray], contested: set[tuple[int, int, str, int]]
) -> str:
    """Mark items of a place that are told otherwise by captures which may be of it, and do not lie there, or by items
    that their schema makes unusable; one sentence about the first, ``""`` if none.

    Only what names itself by a whole ARN is surely the same thing. Copies of a trail are compared where they are put
    together, since old ones leave members out (T3).
    """
    first = ""
    if not usable or usable[0].call.id == DESCRIBE_TRAILS:
        return first
    spoilt = Astray(spoilt_alone=True)
    for capture in usable:
        if capture.skipped:
            spoilt.add(capture)
    for entry in usable[0].call.lists:
        speakers = [astray for astray in (*doubts, spoilt) if entry.member in astray.members]
        for capture in usable if speakers else ():
            for page, index, item in capture.items(entry):
                content = _content(entry, item)
                identities = [(entry.member, identity) for identity in _named_surely(entry, item)]
                others = [
                    other
                    for astray in speakers
                    for identity in identities
                    for other in astray.otherwise(identity, content)
                ]
                if others and not is_stub(item):
                    file = min(others, key=lambda other: other.number).file
                    name = shown_name(comparable(item, entry.identity))
                    first = first or f"{name} is told differently in {one_line(file, 120)}"
                    contested.add((capture.number, page, entry.member, index))
    return first


def _named_surely(entry: ItemList, item: Item) -> list[bytes]:
    """What surely names a thing, wherever it is told: each of its own ARNs, else the members that tell two apart if an
    ARN is among them.
    """
    if entry.own_arns:
        arns = (str(item.get(member)).removesuffix(_ALL_STREAMS) for member in entry.own_arns)
        return [arn.encode("utf-8", "replace") for arn in dict.fromkeys(arns) if parse_arn(arn) is not None]
    named = any(parse_arn(str(item.get(member))) for member in entry.identity)
    return [comparable(item, entry.identity)] if named else []


def _content(entry: ItemList, item: Item) -> bytes:
    """What is told of a thing, whichever form its ARNs have (rule T4)."""
    arns = {
        member: text.removesuffix(_ALL_STREAMS)
        for member in entry.own_arns
        if isinstance(text := item.get(member), str)
    }
    return comparable({**item, **arns}, entry.used, entry.volatile)


def _contents_by_place(
    call_id: str, groups: Mapping[Key, Sequence[Capture]]
) -> Mapping[_Known, set[tuple[bytes, ...]]]:
    """What the answers to a call hold, by what may be known of their place."""
    by_place: dict[_Known, set[tuple[bytes, ...]]] = defaultdict(set)
    for key, group in groups.items():
        if key[0] == call_id:
            contents = {_contents(capture) for capture in group}
            for known in _known_of(key):
                by_place[known] |= contents
    return by_place


def _known_of(key: Key) -> Collection[_Known]:
    """What may be known of a place: account and region, one of them, or neither."""
    _, account, region, _ = key
    return dict.fromkeys([(account, region), (account, ""), ("", region), ("", "")])


def _contents(capture: Capture) -> tuple[bytes, ...]:
    """What a capture lists, in an order of its own."""
    lists = capture.call.lists
    return tuple(sorted(comparable(item, entry.used) for entry in lists for _, _, item in capture.items(entry)))
