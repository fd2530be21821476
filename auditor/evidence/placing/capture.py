"""A capture: one member of the bundle, recognised as the output of one AWS call in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from auditor.arn import account_of, parse_arn
from auditor.evidence.item import Item
from auditor.evidence.operations import Call, ItemList, cuts_items
from auditor.evidence.placing.part_name import NamedShare
from auditor.evidence.reading import says_gone, says_no_organization
from auditor.evidence.recognising import NO_ENVELOPE, OTHERWISE_SPELT, PERHAPS_CUT, WITHOUT_ENVELOPE, Printed
from auditor.text import pointer, position
from auditor.verdict import CaptureStatus, PlaceSource, TimeSource


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer comes from: account, region (``""`` for calls about an account) and resource."""

    account_id: str = ""
    region: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture. ``pages`` are its answers, ``page_pointers`` the JSON pointer of each within the file.

    ``skipped`` holds (page, list, item) of the items that the schema or duplicate keys make unusable;
    ``detail`` says in words why a capture that is not ``captured`` is none (the CLI's refusal, …), ``error_code``
    is AWS's of a refusal. ``token`` is what its last page leaves where further pages exist (rule X1). ``label`` is what
    its path calls the resource of a call about one where that is none that is shown: it is nobody's (rule T12).
    ``log_group`` is that of a listing of filters that is whole but for being of this group alone.
    ``perhaps`` are the further accounts and regions of which it may be, as it is misplaced or its path names several
    accounts; ``rivals`` the further resources.
    ``share`` is the part of a list that its name says it holds, None if it says none.
    ``printed`` is what it lists where the CLI printed it in another format than JSON. ``about`` is the ARN of the item
    of a listing into which a script put it, in whose file it stands. ``lost_beside`` is a file with another answer of
    its call and place that a capture record names and that is not there.
    ``arguments`` is None where no capture record tells them. ``captured_at`` is UTC, ISO 8601 with ``Z``.
    """

    number: int
    file: str
    sha256: str
    size: int
    call: Call
    place: Place
    place_source: PlaceSource
    pages: tuple[Any, ...]
    page_pointers: tuple[str, ...]
    status: CaptureStatus = "captured"
    detail: str = ""
    error_code: str = ""
    skipped: frozenset[tuple[int, str, int]] = frozenset()
    token: str = ""
    arguments: tuple[str, ...] | None = None
    narrowed: str = ""
    captured_at: str | None = None
    captured_at_source: TimeSource | None = None
    caller_arn: str = ""
    cli_version: str = ""
    encoding: str = "utf-8"
    in_period: bool | None = None
    label: str = ""
    log_group: str = ""
    perhaps: tuple[tuple[str, str], ...] = ()
    rivals: tuple[str, ...] = ()
    share: NamedShare | None = None
    printed: Printed = ""
    about: str = ""
    lost_beside: str = ""

    @property
    def caller_account(self) -> str:
        """The account of the principal that made the call, ``""`` if no record tells it."""
        return account_of(self.caller_arn)

    @property
    def token_left(self) -> bool:
        """Whether further pages of its answer exist that it does not hold, as a token or its name says (rule X1)."""
        return bool(self.token) or (self.share is not None and self.share.goes_on)

    @property
    def usable(self) -> bool:
        """Whether the capture's items may be read at all."""
        return self.status in ("captured", "presence_only")

    @property
    def astray(self) -> bool:
        """Whether it holds an answer that lies in a wrong place or in none that is known: what it says against a thing
        that it names is heard, what it says for one proves nothing.
        """
        return self.status == "misplaced" or (self.usable and not self.placed)

    @property
    def complete(self) -> bool:
        """Whether every page is there and nothing narrowed the answer; items may still break its schema."""
        whole = not self.token_left and self.share is None
        return self.status == "captured" and whole and not self.narrowed

    @property
    def cut(self) -> bool:
        """Whether something shows that members of its items may have been cut away: the command, or how it was kept."""
        return cuts_items(self.narrowed) or self.detail in PERHAPS_CUT

    def left_out(self, member: str, item: Item) -> tuple[str, ...]:
        """The members that AWS always prints of the items of a list, and that one lacks: it was cut (rule X6)."""
        entry = next((entry for entry in self.call.lists if entry.member == member), None)
        return () if entry is None else entry.left_out(item, cut=self.cut)

    @property
    def hides_listing(self) -> bool:
        """Whether it may hold a listing by AWS of which nothing can be used (X5)."""
        return self.status in ("unreadable", "invalid") and bool(self.call.lists) and self.printed != "made up"

    @property
    def spoiled(self) -> bool:
        """Whether it holds something that cannot be relied on, which may be all that shows a link to be broken; an
        empty file holds nothing.
        """
        return self.status in ("invalid", "misplaced", "unreadable", "altered", "lost")

    @property
    def possible_places(self) -> tuple[Place, ...]:
        """What it may speak of: its place, and every other that record, content or path of a misplaced one tell."""
        if self.status != "misplaced":
            return (self.place,)
        resources = dict.fromkeys((self.place.resource, *self.rivals))
        named = [arn for resource in resources if (arn := parse_arn(resource)) is not None]
        own = [(arn.account_id, arn.region) for arn in named if arn.account_id and arn.region]
        places = dict.fromkeys([(self.place.account_id, self.place.region), *self.perhaps, *own])
        return tuple(
            replace(self.place, account_id=account, region=region, resource=resource)
            for resource in resources
            for account, region in places
        )

    @property
    def says_gone(self) -> bool:
        """Whether it holds AWS's answer that what was asked for does not exist there."""
        return self.status == "refused" and says_gone(self.error_code)

    @property
    def says_none(self) -> bool:
        """Whether it holds AWS's answer that there is nothing of the kind: no such resource, or no organisation."""
        about_one = self.call.place == "resource" and self.says_gone
        return about_one or (self.status == "refused" and says_no_organization(self.error_code))

    @property
    def placed(self) -> bool:
        """Whether the account and, for calls about a region, the region are known."""
        return bool(self.place.account_id) and (bool(self.place.region) or self.call.place == "account")

    @property
    def records(self) -> int:
        """Number of items in the answer's lists; 1 for an answer without lists."""
        if not self.call.lists:
            return len(self.pages)
        return sum(
            len(page[entry.member])
            for page in self.pages
            for entry in self.call.lists
            if isinstance(page.get(entry.member), list)
        )

    def at(self, pointer: str) -> Any:
        """What stands at a JSON pointer of the file (RFC 6901); None if nothing does, or nothing that could be read."""
        for page, place in zip(self.pages, self.page_pointers, strict=True):
            if pointer == place or pointer.startswith(f"{place}/"):
                value: object = page
                for part in pointer[len(place) :].split("/")[1:]:
                    name = part.replace("~1", "/").replace("~0", "~")
                    if isinstance(value, dict):
                        value = value.get(name)
                    elif isinstance(value, list) and (number := position(name)) is not None and number < len(value):
                        value = value[number]
                    else:
                        return None
                return value
        return None

    def in_file(self, pointer: str) -> str:
        """JSON pointer within the file of what stands at a place of an answer as the CLI prints it.

        Of a list of the whole response the place begins with its name. What was kept without its envelope has not the
        members above; of what has other names, or was sorted into several lists, only the whole has a place.
        """
        places = [place for place in self.page_pointers if pointer == place or pointer.startswith(f"{place}/")]
        place = next(iter(places or self.page_pointers), "")
        below = (pointer.removeprefix(place) if places else pointer).split("/")[1:]
        if self.detail == OTHERWISE_SPELT or (self._left_out and any(len(page) > 1 for page in self.pages)):
            return place
        return "/".join((place, *below[self._left_out :]))

    @property
    def _left_out(self) -> int:
        """How many members of an answer as the CLI prints it the file has not around what it holds of it."""
        if self.detail not in WITHOUT_ENVELOPE:
            return 0
        return 2 if self.detail == NO_ENVELOPE and self.call.lists else 1

    def shown_at(self, pointer: str) -> Any:
        """What stands at a JSON pointer of the file, None if nothing of this answer does (:meth:`in_file`)."""
        for page, place in zip(self.pages, self.page_pointers, strict=True):
            if pointer == place or pointer.startswith(f"{place}/"):
                above = "".join(f"/{name}" for name in [*page, 0][: self._left_out]) if len(page) == 1 else ""
                return self.at(place + above + pointer.removeprefix(place))
        return None

    def items(self, entry: ItemList) -> Iterator[tuple[int, int, Item]]:
        """The usable items of one list as (page, index in the page, item)."""
        for number, page in enumerate(self.pages):
            items = page.get(entry.member)
            if not isinstance(items, list):
                continue
            if self.skipped:
                for index, item in enumerate(items):
                    if (number, entry.member, index) not in self.skipped:
                        yield number, index, item
            else:
                for index, item in enumerate(items):
                    yield number, index, item

    def spoilt_items(self, entry: ItemList) -> Iterator[tuple[int, int, Item]]:
        """The items of one list that the schema makes unusable, as far as they are objects, in the same form."""
        for number, member, index in sorted(self.skipped):
            item = self.pages[number][member][index] if member == entry.member else None
            if isinstance(item, dict):
                yield number, index, item

    @property
    def spoilt_place(self) -> str:
        """JSON pointer of the first item that the schema makes unusable, ``""`` if it makes none so."""
        page, member, index = min(self.skipped, default=(0, "", 0))
        return self.pointer_to(member, index, page) if member else ""

    def pointer_to(self, member: str, index: int, page: int = 0) -> str:
        """JSON pointer of an item within the file."""
        return self.page_pointers[page] + pointer(member, index)
