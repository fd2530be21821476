"""Requests of many accounts of which the same is asked: their text once, account and set filled in when it is read.

Of an account that has sent nothing everything is asked, 121 requests or 77 kB where seventeen regions count. A scope
lists hundreds of such accounts; as objects their requests would be what an audit takes its memory for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, overload

import orjson

from auditor.result.request_facts import Request

AS_OBJECTS = 10_000
"""So many requests are an ordinary list, which any writer of JSON takes."""

# Bytes that JSON never holds as they are, so that what they stand for comes back exactly.
_ACCOUNT, _SET = b"\x01", b"\x02"
_BETWEEN = b",\n"  # within a request JSON has no line end
_MARKS = b"\\u0001", b"\\u0002"  # how JSON writes the same characters


class SharedRequests(Sequence[Request]):
    """A list of requests that cannot be changed; made by :func:`requests_by_set`. Each reading makes them anew."""

    def __init__(self) -> None:
        self._texts: dict[bytes, bytes] = {}
        self._sets: list[tuple[bytes, str, str, int]] = []  # text, account, set, number of requests
        self._length = 0

    def add(self, requests: Sequence[Request]) -> None:
        """Takes the requests of one set, which are all of one account."""
        if not requests:
            return
        account, name = requests[0]["account_id"], requests[0].get("set", "")
        text = _BETWEEN.join(map(orjson.dumps, requests))
        for value, place in ((account, _ACCOUNT), (name, _SET)):
            text = text.replace(value.encode(), place) if value else text
        self._sets.append((self._texts.setdefault(text, text), account, name, len(requests)))
        self._length += len(requests)

    def texts(self) -> Iterator[bytes]:
        """The requests as JSON, a line each: of one set after the other, without the comma between two sets."""
        for text, account, name, _ in self._sets:
            yield _filled(text, account, name)

    def sets(self, accounts: Collection[str] | None = None) -> Iterator[list[Request]]:
        """The requests, set by set; of these accounts only, if they are given."""
        forms: dict[bytes, list[_Form]] = {}
        for text, account, name, _ in self._sets:
            if accounts is not None and account not in accounts:
                continue
            if any(mark in text for mark in _MARKS):  # a value that looks like a place to fill in
                yield orjson.loads(b"[" + _filled(text, account, name) + b"]")
                continue
            if text not in forms:  # accounts of one kind mostly follow each other
                forms = {text: _forms(text)}
            yield [form.filled(account, name) for form in forms[text]]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Request]:
        for requests in self.sets():
            yield from requests

    @overload
    def __getitem__(self, index: int) -> Request: ...

    @overload
    def __getitem__(self, index: slice) -> list[Request]: ...

    def __getitem__(self, index: int | slice) -> Request | list[Request]:
        if isinstance(index, slice):
            places = range(self._length)[index]
            return [self[place] for place in places]
        place = range(self._length)[index]
        for text, account, name, number in self._sets:
            if place < number:
                return cast("Request", orjson.loads(_filled(text, account, name).split(_BETWEEN)[place]))
            place -= number
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str | bytes) or len(self) != len(other):
            return False
        return all(own == another for own, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as of a list


def requests_by_set(sets: Iterable[Sequence[Request]], as_objects: int = AS_OBJECTS) -> Sequence[Request]:
    """All requests of these sets, of one account each: a list of few, :class:`SharedRequests` of many."""
    waiting = iter(sets)
    requests: list[Request] = []
    begun: list[Sequence[Request]] = []
    for of_set in waiting:
        requests += of_set
        begun.append(of_set)
        if len(requests) > as_objects:
            break
    else:
        return requests
    shared = SharedRequests()
    del requests
    begun.reverse()
    while begun:
        shared.add(begun.pop())
    for of_set in waiting:
        shared.add(of_set)
    return shared


def sets_of(requests: Sequence[Request], accounts: Collection[str] | None = None) -> Iterator[Sequence[Request]]:
    """Requests that follow each other in one set of one account, together; of these accounts only, if they are given.
    Those of older results, which name no set, are each on its own.
    """
    if isinstance(requests, SharedRequests):
        yield from requests.sets(accounts)
        return
    start = 0
    for place in range(1, len(requests) + 1):
        if place < len(requests) and _same_set(requests[start], requests[place]):
            continue
        if accounts is None or requests[start]["account_id"] in accounts:
            yield requests[start:place]
        start = place


def _same_set(left: Request, right: Request) -> bool:
    return bool(left.get("set")) and left.get("set") == right.get("set") and left["account_id"] == right["account_id"]


@dataclass(frozen=True, slots=True)
class _Form:
    """A request with places to fill in, which only the members of ``own`` have."""

    request: Mapping[str, object]
    own: Mapping[str, object]

    def filled(self, account: str, name: str) -> Request:
        """The request of an account, in a set of this name; what others have in common is theirs, too."""
        own = {member: _with(value, account, name) for member, value in self.own.items()}
        return cast("Request", {**self.request, **own})


def _forms(text: bytes) -> list[_Form]:
    written = text.replace(_ACCOUNT, _MARKS[0]).replace(_SET, _MARKS[1])
    requests: list[dict[str, object]] = orjson.loads(b"[" + written + b"]")
    return [
        _Form(request, {member: value for member, value in request.items() if _with(value, "", "") != value})
        for request in requests
    ]


def _with(value: object, account: str, name: str) -> object:
    """A value of a request, filled in."""
    if isinstance(value, str):
        return value.replace("\x01", account).replace("\x02", name)
    if isinstance(value, list):
        return [_with(member, account, name) for member in value]
    if isinstance(value, dict):
        return {member: _with(entry, account, name) for member, entry in value.items()}
    return value


def _filled(text: bytes, account: str, name: str) -> bytes:
    return text.replace(_ACCOUNT, account.encode()).replace(_SET, name.encode())
