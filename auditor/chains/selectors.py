"""What the event selectors of a trail take (T9, T14–T16)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.chains.model import Selector, Source, TrailPath
from auditor.chains.testimony import Answer
from auditor.evidence.item import Item

SOURCE_ENDING = ".amazonaws.com"  # of every event source (CloudTrail record contents: eventSource)
LEFT_OUT = "left out: "  # before the members that AWS always prints and a selector lacks
_OF_DATA = Selector(fields=(("eventCategory", "Equals", ("Data",)),))  # what a basic one takes besides (T14)
_MOST_EVENTS = 20_000  # kinds that are tried; no selectors that people write tell as many apart
_VALUES = 500  # of all conditions of a trail's advanced selectors (CloudTrail user guide, "Quotas")


def read_selectors(answer: Answer | None) -> tuple[tuple[Selector, ...] | None, str, tuple[Source, ...]]:
    """Selectors of a get-event-selectors answer; a field that is not known; where they stand (T14, T15)."""
    if answer is None:
        return None, "", ()
    capture, body = answer
    base = capture.page_pointers[0]
    advanced, basic = body.get("AdvancedEventSelectors"), body.get("EventSelectors")
    if advanced:
        selectors = tuple(_advanced(entry) for entry in advanced)
        if sum(len(values) for selector in selectors for _, _, values in selector.fields) > _VALUES:
            selectors = (Selector(unknown=f"more than {_VALUES} values"),)
        unclear = next((selector.unknown for selector in selectors if selector.unknown), "")
        if any(selector.takes_all for selector in selectors):  # whatever another one means
            unclear = ""
        return selectors, unclear, (Source(capture.number, f"{base}/AdvancedEventSelectors"),)
    selectors = (
        *(_basic(entry, cut=capture.cut) for entry in basic or () if entry.get("IncludeManagementEvents", True)),
        *dict.fromkeys(_OF_DATA for entry in basic or () if entry.get("DataResources")),
    )
    unclear = next((selector.unknown for selector in selectors if selector.unknown), "")
    if Selector() in selectors:  # one takes everything, whatever another one means
        unclear = ""
    return selectors, unclear, (Source(capture.number, f"{base}/EventSelectors"),)


def _basic(entry: Item, *, cut: bool) -> Selector:
    """What a basic selector takes (T14). AWS always prints its kind; where something shows that the answer was cut,
    whatever it leaves out may have been told (X6).
    """
    kind = entry.get("ReadWriteType")
    if kind not in ("All", "ReadOnly", "WriteOnly"):
        return Selector(unknown=f"ReadWriteType {kind}" if kind else f"{LEFT_OUT}ReadWriteType")
    if cut and not {"IncludeManagementEvents", "ExcludeManagementEventSources"} <= entry.keys():
        return Selector(unknown=f"{LEFT_OUT}IncludeManagementEvents or ExcludeManagementEventSources")
    return Selector(
        read_only={"All": None, "ReadOnly": True, "WriteOnly": False}[kind],
        excluded_sources=frozenset(entry.get("ExcludeManagementEventSources") or ()),
    )


_OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
_KNOWN_FIELDS = ("eventCategory", "readOnly", "eventSource", "eventName")


def _advanced(entry: Item) -> Selector:
    fields: list[tuple[str, str, tuple[str, ...]]] = []
    unread = ""  # a condition that says nothing this reader knows
    for condition in entry.get("FieldSelectors") or ():
        name = str(condition.get("Field"))
        if not any(condition.get(operator) for operator in _OPERATORS) or set(condition) - {"Field", *_OPERATORS}:
            unread = unread or name
        fields += [
            (name, operator, tuple(str(value) for value in condition[operator]))
            for operator in _OPERATORS
            if condition.get(operator)
        ]
    category = [values for name, operator, values in fields if name == "eventCategory" and operator == "Equals"]
    if category and "Management" not in category[0]:
        return Selector(fields=tuple(fields))
    unclear = next((name for name, _, _ in fields if name not in _KNOWN_FIELDS), unread)
    return Selector(fields=tuple(fields), unknown=unclear)


def delivers(path: TrailPath, source: str, name: str, read_only: bool, *, globally: bool) -> bool:
    """Whether a trail may deliver a management event, apart from its region; ``globally``: recorded as one of a global
    service (T11).
    """
    return not (globally and path.global_events is False) and takes(path.selectors, source, name, read_only)


def takes(selectors: tuple[Selector, ...] | None, source: str, name: str, read_only: bool) -> bool:
    """Whether a management event may be delivered: any selector takes it; the default ones take all (T9, T14–T16).

    A condition on a field that is not known rules nothing out: the trail link is unknown then (T15).
    """
    return selectors is None or any(_takes(selector, source, name, read_only) for selector in selectors)


def overlap(first: tuple[tuple[Selector, ...], ...], second: tuple[tuple[Selector, ...], ...]) -> bool:
    """Whether the selectors of one trail and of another may take one management event; without any they take all."""
    if not first or not second:
        return True
    conditions = [selector for of_trail in (*first, *second) for selector in of_trail]
    sources, names = told_apart(conditions, "eventSource", SOURCE_ENDING), told_apart(conditions, "eventName")
    events = itertools.product((*sources.named, *sources.others), (*names.named, *names.others), (True, False))
    return any(
        all(any(takes(of_trail, *event) for of_trail in trail) for trail in (first, second))
        for event in itertools.islice(events, _MOST_EVENTS)
    )


@dataclass(frozen=True, slots=True)
class Values:
    """Values of a field of events that stand for all: ``named`` ones that selectors name, each for itself, and
    ``others``, each for all values that it is like and that are not named; ``sign`` stands in these for whatever does.
    """

    named: tuple[str, ...]
    others: tuple[str, ...]
    sign: str

    @property
    def any_other(self) -> str:
        """The one that begins and ends as no selector asks."""
        return min(self.others, key=len)


def told_apart(selectors: Iterable[Selector], field: str, ending: str = "") -> Values:
    """The values of ``eventSource`` or ``eventName`` that tell selectors apart, if every value has this ending.

    What is not named and begins and ends alike, every condition treats alike.
    """
    named: set[str] = set()
    beginnings, endings = {""}, {ending}
    for selector in selectors:
        if field == "eventSource":
            named |= selector.excluded_sources
        for member, operator, values in selector.fields:
            if member == field:
                kind = operator.removeprefix("Not")
                into = {"Equals": named, "StartsWith": beginnings, "EndsWith": endings}[kind]
                into.update(values)
    texts = "".join((*named, *beginnings, *endings))
    sign = next(letter for letter in map(chr, range(0xE000, 0xF8FF)) if letter not in texts)
    others = [
        f"{first}{sign}{last}" for first in sorted(beginnings) for last in sorted(endings) if last.endswith(ending)
    ]
    return Values(tuple(sorted(named)), tuple(others), sign)


def _takes(selector: Selector, source: str, name: str, read_only: bool) -> bool:
    if not selector.fields:
        right_kind = selector.read_only in (None, read_only)
        return selector.unknown != "" or (right_kind and source not in selector.excluded_sources)
    values = {
        "eventCategory": "Management", "readOnly": str(read_only).lower(), "eventSource": source, "eventName": name,
    }  # fmt: skip
    if not any(field == "eventCategory" for field, _, _ in selector.fields):
        return False
    conditions = [condition for condition in selector.fields if condition[0] in values]
    return all(_holds(operator, values[field], right_kind) for field, operator, right_kind in conditions)


def _holds(operator: str, value: str, values: tuple[str, ...]) -> bool:
    kind = operator.removeprefix("Not")
    if kind == "Equals":
        holds = value in values
    elif kind == "StartsWith":
        holds = value.startswith(values)
    else:
        holds = value.endswith(values)
    return not holds if operator.startswith("Not") else holds
