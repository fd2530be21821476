"""Captures of calls about one resource that name none: what they say against one is not dropped (T12, N4, X7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditor.arn import account_of, parse_arn
from auditor.chains.testimony import Testimony
from auditor.evidence import Capture, Place
from auditor.evidence.call_ids import LIST_SUBSCRIPTIONS_BY_TOPIC
from auditor.evidence.item import Item

_MOST_UNRELIABLE = 20  # of those that may be of one resource: one is enough to doubt it


class Nobodys:
    """The captures of calls about one resource that do not name theirs, so that they may be about any (T12, X7), and
    listings by topic that name several.
    """

    def __init__(self, captures: Sequence[Capture]) -> None:
        self._by_account: dict[tuple[str, str], list[tuple[Capture, Place]]] = defaultdict(list)
        self._unreliable: dict[tuple[str, str, str], dict[str, list[Capture]]] = {}
        for capture in captures:
            unnamed = not capture.place.resource or not capture.placed
            unnamed = unnamed or (capture.status == "misplaced" and capture.call.id == LIST_SUBSCRIPTIONS_BY_TOPIC)
            gone = capture.says_gone and capture.place.resource and not capture.placed
            if capture.call.place == "resource" and unnamed and (capture.usable or capture.spoiled or gone):
                for place in capture.possible_places:
                    self._by_account[(capture.call.id, place.account_id)].append((capture, place))
                    if capture.spoiled and not capture.placed:
                        by_name = self._unreliable.setdefault((capture.call.id, place.account_id, place.region), {})
                        alike = by_name.setdefault(_name(place).casefold(), [])
                        alike += [capture] if len(alike) < _MOST_UNRELIABLE else []
            elif capture.call.place == "resource" and capture.usable:
                for account, region in capture.perhaps:  # one account's folder within another's may be of both (V3)
                    place = Place(account, region, _name(capture.place))
                    self._by_account[(capture.call.id, account)].append((capture, place))

    def of(self, call_id: str, account_id: str, region: str, name: str) -> list[Capture]:
        """Those of a call that lie in an account and region, or nowhere that is known; there only if the resource has
        their name or they have none.
        """
        places = (*self._by_account.get((call_id, account_id), ()), *self._by_account.get((call_id, ""), ()))
        captures = {
            capture.number: capture
            for capture, place in places
            if place.region in ("", region)
            and _name(place).casefold() in ("", name.casefold())
            and account_of(place.resource) in ("", account_id)
        }
        return list(captures.values())

    def elsewhere(self, call_id: str, account_id: str, region: str, name: str, *, unnamed: bool) -> list[Capture]:
        """Those of a call that lie in another region, of this account or of none that is known, and have a resource's
        name, or, where ``unnamed`` ones count, none at all.
        """
        names = ("", name.casefold()) if unnamed else (name.casefold(),)
        places = (*self._by_account.get((call_id, account_id), ()), *self._by_account.get((call_id, ""), ()))
        return [
            capture
            for capture, place in places
            if place.region not in ("", region) and not capture.label and _name(place).casefold() in names
        ]

    def listings(self, call_id: str, account_id: str, region: str, name: str) -> list[Capture]:
        """Those of a listing by topic that may be a topic's and show nobody confirmed (N4)."""
        return [
            capture
            for capture in self.of(call_id, account_id, region, name)
            if (capture.spoiled and capture.status != "misplaced")
            or not any(_confirmed_in(page) for page in capture.pages)
        ]

    def differing(self, call_id: str, place: tuple[str, str, str], testimony: Testimony, member: str) -> list[Capture]:
        """Those that may be about a resource (account, region, name) and say another thing than its own answer does."""
        own = testimony.answer[1].get(member) if testimony.answer is not None else None
        return [
            capture
            for capture in self.of(call_id, *place)
            if capture.spoiled or any(page.get(member) != own for page in capture.pages)
        ]

    def gone(self, call_id: str, account_id: str, region: str, name: str) -> list[Capture]:
        """Those in which AWS knows no such resource, and which lie in no known place."""
        return [capture for capture in self.of(call_id, account_id, region, name) if capture.says_gone]

    def unreliable(self, call_id: str, account_id: str, region: str, name: str | None) -> list[Capture]:
        """Some of those that cannot be relied on, as they cannot be read, and lie in no known place; of any ``name`` if
        None.
        """
        captures: dict[int, Capture] = {}
        for known in dict.fromkeys([(account_id, region), (account_id, ""), ("", region), ("", "")]):
            by_name = self._unreliable.get((call_id, *known), {})
            for own in by_name if name is None else ("", name.casefold()):
                captures |= {capture.number: capture for capture in by_name.get(own, ())}
        return list(captures.values())[:_MOST_UNRELIABLE]


def _name(place: Place) -> str:
    """The name of a resource alone, whose ARN may be known."""
    return place.resource.rpartition(":")[2].removeprefix("trail/").removeprefix("key/")


def _confirmed_in(page: Item) -> bool:
    """Whether a listing of subscriptions shows a confirmed one (N1)."""
    return any(parse_arn(str(item.get("SubscriptionArn"))) is not None for item in page.get("Subscriptions") or ())
