"""The cited objects of the evidence, and the members of them that decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from auditor.result import ChainFacts, EvidenceItem, Excerpt, Finding
from auditor.rules import reasons
from auditor.verdict import LINKS, Link
from auditor.workpaper.view import View

ABSENT, ANSWER = "absent", "answer"
_TOKENS = ("NextToken", "nextToken")  # with --max-items, with --no-paginate


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

    Where it names none, those of the cited objects that are not as AWS writes them, else the token that an answer
    leaves whose next page is missing.
    """
    reason = reasons().get(finding["reason_code"])
    if reason and reason.members:
        return reason.members
    items = deciding_items(finding)
    faults = dict.fromkeys(
        place.removeprefix(f"{item['pointer']}/").partition("/")[0]
        for item in items
        for place in view.faults.get(item["file"], ())
        if item["pointer"] and place.startswith(f"{item['pointer']}/")
    )
    answers = [excerpt["value"] for item in items if not item["pointer"] and (excerpt := excerpt_of(view, item))]
    tokens = (name for name in _TOKENS for answer in answers if isinstance(answer, Mapping) and name in answer)
    return tuple(faults or dict.fromkeys(tokens))


def decides_by_itself(finding: Finding) -> bool:
    """Whether the link that decides cites evidence; if not, what it needs is missing, or nothing is there to cite."""
    return any(chain["decides"] and _cited(finding, chain, finding["broken_link"]) for chain in finding["chains"])


def deciding_items(finding: Finding) -> list[EvidenceItem]:
    """The evidence of the link that decides in the deciding chain; where it cites none, that of the link before it
    which leads there; without a chain all of the finding's.
    """
    for chain in finding["chains"]:
        if chain["decides"] and finding["broken_link"] in LINKS:
            for link in reversed(LINKS[: LINKS.index(Link(finding["broken_link"])) + 1]):
                if cited := _cited(finding, chain, link):
                    return cited
    return finding["evidence"]


def _cited(finding: Finding, chain: ChainFacts, link: str | None) -> list[EvidenceItem]:
    facts = chain["links"].get(link) if link else None
    return [finding["evidence"][index] for index in facts["evidence"]] if facts else []


def deciding_members(view: View, finding: Finding) -> tuple[DecidingMember, ...]:
    """The deciding members in the objects that the deciding link cites, in the order of the reason, then what AWS
    answered in the place of an object.
    """
    names = members_that_decide(view, finding)
    cited = [(item, excerpt["value"]) for item in deciding_items(finding) if (excerpt := excerpt_of(view, item))]
    objects = [(item, value) for item, value in cited if not is_answer(item, value)]
    members = [
        _deciding(view, item, value, name, json_text(member))
        for name in names
        for item, value in objects
        for member in _members(value, name, item["pointer"])
    ]
    if not members and names and objects:
        members = [_deciding(view, *objects[-1], name, ABSENT) for name in names]
    answers = [
        _deciding(view, item, value, ANSWER, json_text(value)) for item, value in cited if is_answer(item, value)
    ]
    return (*members, *answers)


def _deciding(view: View, item: EvidenceItem, value: object, member: str, text: str) -> DecidingMember:
    named = object_name(value) or ("" if item["pointer"] else view.calls.get(item["file"], ""))
    return DecidingMember(view.evidence.get(item["file"], ""), item["pointer"], named, member, text)


def is_answer(item: EvidenceItem, value: object) -> bool:
    """Whether an excerpt is what AWS answered in the place of what was asked for."""
    return isinstance(value, str) and not item["pointer"]


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


# What an object is, by the member that names it and, where several kinds have that one, by another.
_KINDS = (
    ("AlarmName", "", "alarm"),
    ("filterName", "", "metric filter"),
    ("Name", "TrailARN", "trail"),
    ("Name", "Id", "account"),
    ("logGroupName", "", "log group"),
    ("Endpoint", "", "subscription of"),
    ("TopicArn", "", "topic"),
    ("Name", "", ""),
)


def object_name(value: object) -> str:
    """What a captured object is and calls itself (``alarm ssm-actions``); ``""`` if it has no name."""
    if not isinstance(value, Mapping):
        return ""
    named = (
        f"{kind} {value[name]}".strip()
        for name, beside, kind in _KINDS
        if isinstance(value.get(name), str) and (not beside or beside in value)
    )
    return next(named, "")


def json_text(value: object) -> str:
    """``value`` as compact JSON."""
    return orjson.dumps(value).decode()
