"""Answers that a capture record names and that are not in the bundle: what they held is missing (rules X1, X3, V3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from auditor.arn import ACCOUNT_ID
from auditor.evidence.operations import Call, is_place, operation_called
from auditor.evidence.placing import Capture
from auditor.evidence.recognising import Record

_Place = tuple[str, str, str]


def without_lost_answers(
    captures: Sequence[Capture], records: Mapping[str, Record], present: Collection[str]
) -> list[Capture]:
    """The captures, those marked beside which the record names an answer of the same call and place that is lost.

    It may be a page of one that seems to be the last, as nothing tells with which token that was asked for, so that it
    is narrowed; beside one that the record knows to be whole it may be another answer (``lost_beside``).
    """
    lost: dict[_Place, str] = {}
    for path, record in sorted(records.items()):
        call = operation_called(record.call).call
        if path not in present and call is not None and call.lists and not record.failure:
            lost[_place(call, *_asked_place(path, record))] = path
    if not lost:
        return list(captures)
    places = [_place(capture.call, capture.place.account_id, capture.place.region) for capture in captures]
    begun = {place for capture, place in zip(captures, places, strict=True) if capture.token_left}
    return [
        _beside(capture, lost[place], begun=place in begun) if place in lost else capture
        for capture, place in zip(captures, places, strict=True)
    ]


def _beside(capture: Capture, lost: str, *, begun: bool) -> Capture:
    if capture.token_left or capture.narrowed:
        return capture
    of_one = capture.call.place == "resource"  # a lost one may be about another resource
    if capture.arguments is None and (begun or not of_one):
        return replace(capture, narrowed=f"the loss of an answer that the capture record names ({lost})")
    return capture if of_one else replace(capture, lost_beside=lost)


def _asked_place(path: str, record: Record) -> tuple[str, str]:
    """The account and region of an entry, by itself, else by its path."""
    folders = [part for part in path.split("/") if is_place(part)]
    account = next(filter(ACCOUNT_ID.fullmatch, folders), "")
    return record.account_id or account, record.region or next((part for part in folders if part != account), "")


def _place(call: Call, account_id: str, region: str) -> _Place:
    return call.id, account_id, region if call.place != "account" else ""
