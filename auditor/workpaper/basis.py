"""What a conclusion on a finding rests on, as short digests: by them a later build knows what has changed since.

They stand in the workbook beside the finding, since a workbook is all that a reviewer hands back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson

from auditor.result import ChainFacts, Finding
from auditor.verdict import LINKS, Link
from auditor.workpaper.procedure import LINK_NAMES

RESULT, POINTS, WAIVER = "result and reason", "open points", "waiver"
PARTS: tuple[str, ...] = (RESULT, *(LINK_NAMES[link] for link in LINKS), POINTS, WAIVER)
_DIGITS = 8
_SORTED = orjson.OPT_SORT_KEYS
_WRITTEN = "~"  # before the digest of what the build itself wrote into the columns of people
# What the deciding chain says of each link; numbers of evidence and of chains change with every bundle.
_MEMBERS: Mapping[Link, tuple[str, ...]] = {
    Link.TRAIL: ("trail_arn", "home_region", "multi_region", "organization_trail", "covers"),
    Link.LOG_GROUP: ("log_group",),
    Link.METRIC_FILTER: ("filter_name", "filter_pattern", "required_pattern", "pattern_relation"),
    Link.METRIC: ("metric",),
    Link.ALARM: ("alarm_arn", "composite_arns"),
    Link.TOPIC: ("topic_arn",),
    Link.SUBSCRIPTION: ("subscription_arn", "protocol", "endpoint"),
}


def basis(finding: Finding, conclusion: str = "", comment: str = "") -> str:
    """The digests of the parts of a finding, in the order of :data:`PARTS`, and of the conclusion and comment that a
    build writes beside it: by the last one is known whether somebody has changed them.
    """
    deciding = [chain for chain in finding["chains"] if chain["decides"]]
    parts = [
        _digest([finding[name] for name in ("verdict", "objective", "reason_code", "reason", "resource", "regions")]),
        *(
            _digest(sorted(orjson.dumps(_members_of(chain, link), option=_SORTED).decode() for chain in deciding))
            for link in LINKS
        ),
        _digest(
            [
                sorted([point["code"], point["material"], point["text"]] for point in finding["open_points"]),
                sorted(assumption["code"] for assumption in finding["assumptions"]),
            ]
        ),
        _digest(finding["waiver"]),
    ]
    written = f"{_WRITTEN}{written_digest(conclusion, comment)}" if conclusion or comment else ""
    return ".".join(parts) + written


def changed_parts(before: str, finding: Finding) -> list[str]:
    """The parts of a finding that are not as they were when ``before`` was written; all of them if that is no basis."""
    old, new = before.partition(_WRITTEN)[0].split("."), basis(finding).split(".")
    if len(old) != len(new):
        return list(PARTS)
    return [part for part, then, now in zip(PARTS, old, new, strict=True) if then != now]


def is_basis(text: str) -> bool:
    """Whether ``text`` is a basis as this version writes it."""
    return len(text.partition(_WRITTEN)[0].split(".")) == len(PARTS)


def as_written(before: str, conclusion: str, comment: str) -> bool:
    """Whether conclusion and comment are those that the build wrote beside the basis ``before``."""
    digest = before.partition(_WRITTEN)[2]
    return digest == written_digest(conclusion, comment)


def carries(before: str) -> bool:
    """Whether the build wrote a conclusion or comment beside the basis."""
    return _WRITTEN in before


def written_digest(conclusion: str, comment: str) -> str:
    """The digest of what stands in the two columns of people, however a spreadsheet program breaks its lines."""
    return _digest([" ".join(conclusion.split()), " ".join(comment.split())])


def _members_of(chain: ChainFacts, link: Link) -> list[object]:
    facts = chain["links"][link.value]
    members = [chain[name] for name in _MEMBERS[link]]  # type: ignore[literal-required]
    if link is Link.ALARM and chain["alarm"]:
        members.append({name: value for name, value in chain["alarm"].items() if name != "words"})
    return [*members, facts["state"], facts["code"]]


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value, option=_SORTED)).hexdigest()[:_DIGITS]
