"""Pages that a capture record names and that are not in the bundle: what they held is missing (rules X1, V3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from auditor.arn import ACCOUNT_ID
from auditor.evidence.operations import Call, is_place, operation_called
from auditor.evidence.placing import Capture
from auditor.evidence.recognising import Record

_Place = tuple[str, str, str]


def without_lost_pages(
    captures: Sequence[Capture], records: Mapping[str, Record], present: Collection[str]
) -> list[Capture]:
    """The captures, those marked as narrowed that seem to be the last page of an answer in pages of which the record
    names one that is lost, as nothing tells with which token they were asked for.
    """
    lost: dict[_Place, str] = {}
    for path, record in sorted(records.items()):
        call = operation_called(record.call).call
        if path not in present and call is not None and call.token is not None:
            lost[_place(call, *_asked_place(path, record))] = path
    if not lost:
        return list(captures)
    places = [_place(capture.call, capture.place.account_id, capture.place.region) for capture in captures]
    begun = {place for capture, place in zip(captures, places, strict=True) if capture.token_left}
    return [
        replace(capture, narrowed=f"the loss of a page that the capture record names ({lost[place]})")
        if place in lost and place in begun and _seems_last(capture)
        else capture
        for capture, place in zip(captures, places, strict=True)
    ]


def _seems_last(capture: Capture) -> bool:
    """Whether it leaves no token, and nothing tells where it begins."""
    return not capture.token_left and not capture.narrowed and capture.arguments is None


def _asked_place(path: str, record: Record) -> tuple[str, str]:
    """The account and region of an entry, by itself, else by its path."""
    folders = [part for part in path.split("/") if is_place(part)]
    account = next(filter(ACCOUNT_ID.fullmatch, folders), "")
    return record.account_id or account, record.region or next((part for part in folders if part != account), "")


def _place(call: Call, account_id: str, region: str) -> _Place:
    return call.id, account_id, region if call.place != "account" else ""
