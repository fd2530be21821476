"""The tails of a bundle in tests: the textbook's log group, and where a tail first fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.chains import Chains, LogGroup, Tail
from auditor.rules import sentence
from auditor.verdict import Link, State
from tests.textbook import ACCOUNT, REGION, Files

Join = Callable[[Files], Chains]
Audit = Callable[..., dict[str, Any]]
GROUP = LogGroup("aws", ACCOUNT, REGION, "ct")
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
ALARM_ARN = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:"
PLACE = f"{ACCOUNT}/{REGION}"


def first_fault(tail: Tail) -> tuple[str, str, str]:
    """Link, state and code of the first link that is not ok; three empty strings if all are."""
    for link in Link:
        state = tail.links.get(link)
        if state is not None and state.state is not State.OK:
            assert "(no " not in sentence(state.code, state.facts), "the sentence asks for a fact that is not given"
            return link.value, state.state.value, state.code
    return "", "", ""


def faults(chains: Chains) -> list[tuple[str, str, str]]:
    """The first fault of every tail of the textbook's log group."""
    return [first_fault(tail) for tail in chains.tails(GROUP)]


def needed(tail: Tail, link: Link) -> list[str]:
    """The calls that would settle a link or one of its open points."""
    state = tail.links[link]
    needs = [*state.needs, *(need for point in state.open_points for need in point.needs)]
    return [need.call_id for need in needs]


PASS = ("PASS", None, "holds")


def outcome(finding: dict[str, Any]) -> tuple[str, str | None, str]:
    """Verdict, broken link and reason code of a finding."""
    return finding["verdict"], finding["broken_link"], finding["reason_code"]
