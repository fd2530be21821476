"""Which steps lead from the first broken link to a whole chain (data: plans.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.arn import parse_arn
from auditor.remediation.target import shown
from auditor.resources import PACKAGE
from auditor.verdict import LINKS, Link


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it is done, the template with its Terraform, pages that explain it."""

    id: str
    place: str  # trail | group | topic
    terraform: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in the order in which they are done; ``forgotten`` are names not to be used again."""

    steps: tuple[Step, ...]
    forgotten: frozenset[str]


def plan(broken: Link, reason_code: str, facts: Mapping[str, str]) -> Plan:
    """Mends the broken link, or creates it where the account has none, then creates what must follow it.

    Behind an element that stays, what the facts do not show may well be there: the join goes no further than
    the first broken link. It is left to the next audit, apart from what a new or rewritten element needs.
    """
    data = _data()
    wanted: set[str] = set()
    forgotten: frozenset[str] = frozenset()
    mends = data["mend"][broken.value]
    mend = mends.get(reason_code) or mends.get("*")
    if mend is not None and shown(broken, facts):
        wanted |= set(mend["steps"])
        forgotten = frozenset(mend.get("forget", ()))
    else:
        wanted |= set(data["create"][broken.value])
    left = {name: "" if name in forgotten else value for name, value in facts.items()}
    new = _is_new(broken, wanted, left)
    for link in LINKS[LINKS.index(broken) + 1 :]:
        if not shown(link, left):
            # a trail shows whether it has a log group, a filter whether an alarm watches its metric
            if not (new or link in (Link.LOG_GROUP, Link.ALARM) or (link is Link.TOPIC and "alarm-put" in wanted)):
                break
            wanted |= set(data["create"][link.value])
        new = _is_new(link, wanted, left)
    if "trail-create" in wanted:  # the new trail is created with its log group
        wanted.discard("trail-attach")
    topic = parse_arn(left["topic_arn"])
    if "topic-create" in wanted and topic is not None and topic.account_id != left["log_group_account"]:
        wanted.add("topic-policy")  # a new topic's own policy lets in the alarms of its owner alone (rule S5)
    if "alarm-put" in wanted:  # which enables the actions too
        wanted.discard("alarm-enable")
    return Plan(tuple(step for step in _steps() if step.id in wanted), forgotten)


def _is_new(link: Link, wanted: set[str], facts: Mapping[str, str]) -> bool:
    """Whether the element of ``link`` is made by the plan, so that nothing can hang behind it yet."""
    return not shown(link, facts) or not wanted.isdisjoint(_data()["anew"].get(link.value, ()))


@cache
def _data() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PACKAGE / "remediation" / "plans.json").read_text(encoding="utf-8"))
    return document


@cache
def _steps() -> tuple[Step, ...]:
    data = _data()
    return tuple(
        Step(
            step["id"],
            step["place"],
            step.get("terraform", step["id"]),
            tuple(data["references"].get(step["id"], ())),
        )
        for step in data["steps"]
    )
