"""What the bundle holds of one call in one place, and all of it by call and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.evidence.item import Item
from auditor.evidence.operations import Call, ItemList, calls
from auditor.evidence.placing import Capture
from auditor.evidence.reading import says_gone, says_no_organization
from auditor.verdict import CaptureStatus

# Why an answer is not complete: what became of its captures, or of them together; "": it is.
Lack = CaptureStatus | Literal["", "not_captured", "truncated", "narrowed", "contradictory"]


@dataclass(frozen=True, slots=True)
class Response:
    """What the bundle holds of one call in one place.

    ``complete`` means: what is not listed does not exist there. ``code`` says why it is not complete, ``""`` if it
    is; ``detail`` says it in words. ``captures`` are the captures it rests on.
    ``dispute`` says in words why captures of it cannot be relied on: they contradict each other, their schema or
    their place. Such a call was asked, so that a link which it may harm is unknown. ``error_code`` is AWS's where
    all that is left is a refusal. ``denied``: beside its captures AWS answered that there is no such thing.
    ``arguments`` are those of every capture, None if they differ or none were recorded. ``log_groups`` are those whose
    filters are whole though the listing is not, ``alarm_types`` those that whole captures asked for by name.
    ``unread`` is the file beside them that may hold another answer and cannot be read, ``""`` if there is none.
    """

    call: Call
    account_id: str
    region: str
    resource: str
    captures: tuple[int, ...]
    complete: bool
    code: Lack = ""
    detail: str = ""
    arguments: tuple[str, ...] | None = None
    dispute: str = ""
    error_code: str = ""
    log_groups: frozenset[str] = frozenset()
    denied: bool = False
    alarm_types: frozenset[str] = frozenset()
    unread: str = ""

    def complete_for(self, log_group: str) -> bool:
        """Whether what is not listed of a log group does not exist there."""
        return self.complete or log_group in self.log_groups

    def asked_for(self, alarm_type: str) -> bool:
        """Whether the recorded arguments of a whole capture asked for alarms of this type (rule C1)."""
        return alarm_type in self.alarm_types

    @property
    def gone(self) -> bool:
        """Whether AWS answered that the resource does not exist there."""
        return not self.captures and bool(self.resource) and says_gone(self.error_code)

    @property
    def says_none(self) -> bool:
        """Whether AWS answered that there is nothing of the kind: no such resource, or no organisation."""
        return self.gone or (not self.captures and says_no_organization(self.error_code))

    @property
    def captured(self) -> bool:
        """Whether any answer, even a partial one, is there."""
        return bool(self.captures)


Key = tuple[str, str, str, str]


class Responses:
    """All responses of a bundle by call and place. Asking for one that is not there gives ``not_captured``."""

    def __init__(self, by_key: Mapping[Key, Response], contested: frozenset[tuple[int, int, str, int]]) -> None:
        self._by_key = dict(by_key)
        self._by_account: dict[tuple[str, str], list[Response]] = defaultdict(list)
        for (call_id, account_id, _, _), response in self._by_key.items():
            self._by_account[(call_id, account_id)].append(response)
        self.contested = contested

    def get(self, call_id: str, account_id: str, region: str = "", resource: str = "") -> Response:
        """The response of a call in a place; ``code`` is ``not_captured`` if the bundle lacks it."""
        response = self._by_key.get((call_id, account_id, region, resource))
        if response is not None:
            return response
        unnamed = self._by_key.get((call_id, account_id, region, "")) if resource else None
        if unnamed is not None and not unnamed.captured:
            return unnamed  # a refusal or an empty file that does not say which resource was asked for
        return Response(calls()[call_id], account_id, region, resource, (), False, "not_captured")

    def of(self, call_id: str, account_id: str) -> list[Response]:
        """All responses of one call in one account, in the order of their places."""
        return self._by_account.get((call_id, account_id), [])

    def all(self) -> Iterable[Response]:
        """Every response, ordered by call and place."""
        return self._by_key.values()


def kept_items(
    capture: Capture, entry: ItemList, contested: frozenset[tuple[int, int, str, int]]
) -> Iterable[tuple[int, int, Item]]:
    """The items of a capture that are valid and uncontested, as (page, index, item)."""
    if not contested:
        return capture.items(entry)
    return (
        (page, index, item)
        for page, index, item in capture.items(entry)
        if (capture.number, page, entry.member, index) not in contested
    )
