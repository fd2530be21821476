"""The cited objects of the evidence, and the members of them that decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from auditor.result import EvidenceItem, Excerpt, Finding
from auditor.rules import reasons
from auditor.workpaper.view import View

ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DecidingMember:
    """A member of a cited object on which the finding turns, with its value as JSON, ``absent`` if it is not there."""

    evidence: str  # E-00001
    pointer: str
    object: str  # what the object is called
    member: str
    value: str

    def __str__(self) -> str:
        return f"{self.member} of {self.object or self.pointer}: {self.value}"


def excerpt_of(view: View, item: EvidenceItem) -> Excerpt | None:
    """The excerpt of a cited place; None where there is none."""
    position = item.get("excerpt")
    excerpts = view.document.get("excerpts", [])
    return excerpts[position] if position is not None and position < len(excerpts) else None


def members_that_decide(view: View, finding: Finding) -> tuple[str, ...]:
    """Names of the members that the finding's reason is about; of two, they should agree.

    Where it names none, those of the cited objects that are not as AWS writes them.
    """
    reason = reasons().get(finding["reason_code"])
    if reason and reason.members:
        return reason.members
    return tuple(
        dict.fromkeys(
            place.removeprefix(f"{item['pointer']}/").partition("/")[0]
            for item in deciding_items(finding)
            for place in view.faults.get(item["file"], ())
            if item["pointer"] and place.startswith(f"{item['pointer']}/")
        )
    )


def deciding_items(finding: Finding) -> list[EvidenceItem]:
    """The evidence of the link that decides: what it names in the deciding chain, else all of the finding's."""
    link = finding["broken_link"]
    for chain in finding["chains"]:
        if chain["decides"] and link in chain["links"]:
            cited = [finding["evidence"][index] for index in chain["links"][link]["evidence"]]
            if cited:
                return cited
    return finding["evidence"]


def deciding_members(view: View, finding: Finding) -> tuple[DecidingMember, ...]:
    """The deciding members in the objects that the deciding link cites, in the order of the reason."""
    names = members_that_decide(view, finding)
    objects = [(item, excerpt["value"]) for item in deciding_items(finding) if (excerpt := excerpt_of(view, item))]
    members = [
        DecidingMember(
            view.evidence.get(item["file"], ""), item["pointer"], object_name(value), name, json_text(member)
        )
        for name in names
        for item, value in objects
        for member in _members(value, name, item["pointer"])
    ]
    if not members and names and objects:
        item, value = objects[-1]
        members = [
            DecidingMember(view.evidence.get(item["file"], ""), item["pointer"], object_name(value), name, ABSENT)
            for name in names
        ]
    return tuple(members)


def _members(value: object, name: str, pointer: str = "") -> Iterator[object]:
    if pointer.rpartition("/")[2] == name:
        yield value
    elif isinstance(value, Mapping):
        if name in value:
            yield value[name]
        else:
            for member in value.values():
                if isinstance(member, dict | list):
                    yield from _members(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _members(member, name)


_NAMES = ("AlarmName", "filterName", "Name", "logGroupName", "Endpoint", "TopicArn")


def object_name(value: object) -> str:
    """What a captured object calls itself; ``""`` if it has no name."""
    if not isinstance(value, Mapping):
        return ""
    return next((value[name] for name in _NAMES if isinstance(value.get(name), str)), "")


def json_text(value: object) -> str:
    """``value`` as compact JSON."""
    return orjson.dumps(value).decode()
