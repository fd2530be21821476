"""Which steps lead from the first broken link to a whole chain (data: plans.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.arn import parse_arn
from auditor.remediation.target import shown
from auditor.resources import PACKAGE
from auditor.verdict import LINKS, Link


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it is done, which name it is about, the template with its Terraform, pages that explain it."""

    id: str
    place: str  # trail | group | topic
    changes: str  # field of the target
    terraform: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in the order in which they are done; ``forgotten`` are names not to be used again."""

    steps: tuple[Step, ...]
    forgotten: frozenset[str]


def plan(broken: Mapping[Link, Sequence[str]], facts: Mapping[str, str]) -> Plan:
    """Mends each broken link, or creates it where the account has none, and creates what must follow it.

    ``broken`` are the broken links of the chain with their reason codes. Behind an element that stays, what the facts
    do not show may well be there: that is left to the next audit, apart from what a new or rewritten element needs.
    """
    data = _data()
    steps: set[str] = set()
    forgotten: set[str] = set()
    left = dict(facts)
    new = False
    first = min(LINKS.index(link) for link in broken)
    for link in LINKS[first:]:
        if link in broken:
            mends = [data["mend"][link.value].get(code) or data["mend"][link.value].get("*") for code in broken[link]]
            if shown(link, left) and all(mends):
                steps |= {step for mend in mends for step in mend["steps"]}
                forgotten |= {name for mend in mends for name in mend.get("forget", ())}
            else:
                steps |= set(data["create"][link.value])
        elif not shown(link, left):
            # a trail shows whether it has a log group, a filter whether an alarm watches its metric
            if not (new or link in (Link.LOG_GROUP, Link.ALARM) or (link is Link.TOPIC and "alarm-put" in steps)):
                break
            steps |= set(data["create"][link.value])
        left = {name: "" if name in forgotten else value for name, value in facts.items()}
        new = _is_new(link, steps, left)
    _with_alarm(steps, forgotten, broken, left)
    if "trail-create" in steps:  # the new trail is created with its log group
        steps.discard("trail-attach")
    topic = parse_arn(left["topic_arn"])
    if "topic-create" in steps and topic is not None and topic.account_id != left["log_group_account"]:
        steps.add("topic-policy")  # a new topic's own policy lets in the alarms of its owner alone (rule S5)
    if "alarm-put" in steps:  # which enables the actions too
        steps.discard("alarm-enable")
    return Plan(tuple(step for step in steps_in_order() if step.id in steps), frozenset(forgotten))


_TRANSFORMATION = {"metric_value", "default_value", "unit"}
_METRIC = {"metric_name", "metric_namespace"}


def _with_alarm(
    wanted: set[str], forgotten: set[str], broken: Mapping[Link, Sequence[str]], left: Mapping[str, str]
) -> None:
    """What the filter that stays must publish, so that the alarm on its metric trips on one event."""
    if Link.METRIC in broken and "filter-put" in wanted and not left["alarm_suits"]:
        wanted.add("alarm-put")
    kept = shown(Link.METRIC_FILTER, left)
    if "alarm-put" in wanted and kept and left["alarm_needs"]:
        wanted.add("filter-put")
        forgotten |= _TRANSFORMATION | (_METRIC if left["alarm_needs"] == "metric" else set())
    elif Link.METRIC in broken or not kept:
        forgotten |= _TRANSFORMATION


def _is_new(link: Link, wanted: set[str], facts: Mapping[str, str]) -> bool:
    """Whether the element of ``link`` is made by the plan, so that nothing can hang behind it yet."""
    return not shown(link, facts) or not wanted.isdisjoint(_data()["anew"].get(link.value, ()))


@cache
def _data() -> dict[str, Any]:
    document: dict[str, object] = json.loads((PACKAGE / "remediation" / "plans.json").read_text(encoding="utf-8"))
    return document


@cache
def steps_in_order() -> tuple[Step, ...]:
    """All steps, in the order in which they are done."""
    data = _data()
    return tuple(
        Step(
            step["id"],
            step["place"],
            step["changes"],
            step.get("terraform", step["id"]),
            tuple(data["references"].get(step["id"], ())),
        )
        for step in data["steps"]
    )
