"""Which steps lead from the first broken link to a whole chain (data: plans.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

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
    """Mends the broken link, or creates it where the account has none, then creates what is missing behind it."""
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
    for link in LINKS[LINKS.index(broken) + 1 :]:
        if not shown(link, left):
            wanted |= set(data["create"][link.value])
    if "trail-create" in wanted:  # the new trail is created with its log group
        wanted.discard("trail-attach")
    if "alarm-put" in wanted:  # which enables the actions too
        wanted.discard("alarm-enable")
    return Plan(tuple(step for step in _steps() if step.id in wanted), forgotten)


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
