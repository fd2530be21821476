"""Resource policies: whether CloudWatch may do something for an alarm (S4, S5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PUBLISHER = "cloudwatch.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Asked:
    """What CloudWatch asks of a resource: ``action`` in small letters, for an alarm.

    ``resource`` is the resource's ARN; None where the policy may spell it in several ways (keys). ``organization``
    is the id of the organisation that the alarm's account is in, ``""`` if no capture shows it.
    """

    action: str
    resource: str | None
    alarm_arn: str
    alarm_account: str
    organization: str = ""


def policy_allows(policy: Any, asked: Asked) -> bool | None:
    """Whether a resource's policy lets ``cloudwatch.amazonaws.com`` do what is asked; None: not decided.

    Rules S4 (``kms:decrypt``, ``kms:generatedatakey``) and S5 (``sns:publish``).
    """
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except (ValueError, RecursionError):
        return None
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        return None
    effects: dict[str, set[bool | None]] = {"Allow": set(), "Deny": set()}
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            return None  # no policy that AWS would have taken
        if _speaks_of(statement, asked.action):
            effects[statement["Effect"]].add(_fits(statement, asked))
    if True in effects["Deny"] or not effects["Allow"] - {False}:
        return False
    return None if None in effects["Deny"] or True not in effects["Allow"] else True


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _speaks_of(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not any(_like(one.lower(), action) for one in _listed(statement["NotAction"]))
    return any(_like(one.lower(), action) for one in _listed(statement.get("Action")))


def _fits(statement: Mapping[str, Any], asked: Asked) -> bool | None:
    """Whether the statement speaks of this alarm's request: principal, resource, then every condition."""
    if "NotPrincipal" in statement or "NotResource" in statement:
        return None
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        services = _listed(principal.get("Service"))
        everyone = "*" in _listed(principal.get("AWS"))
        if _PUBLISHER not in services and not everyone:
            return False
    elif principal != "*":
        return False
    held: set[bool | None] = {True, _names(_listed(statement.get("Resource", "*")), asked.resource)}
    conditions = statement.get("Condition") or {}
    if not isinstance(conditions, dict) or not all(isinstance(keys, dict) for keys in conditions.values()):
        return None
    for operator, keys in conditions.items():
        held |= {_condition(operator, key.lower(), _listed(wanted), asked) for key, wanted in keys.items()}
    return False if False in held else None if None in held else True


def _names(resources: list[str], resource: str | None) -> bool | None:
    if "*" in resources:
        return True
    return None if resource is None else any(_like(one, resource) for one in resources)


def _condition(operator: str, key: str, wanted: list[str], asked: Asked) -> bool | None:
    """One condition on the service's request (S5); None: what it asks is not in the captures."""
    kind = operator.lower().removesuffix("ifexists").replace("foranyvalue:", "").replace("forallvalues:", "")
    if key.startswith("aws:principal"):
        # The service's request has no such key: a plain test fails, a negated or conditional one may hold.
        return False if kind == operator.lower() and "not" not in kind and kind != "null" else None
    value = {
        "aws:sourcearn": asked.alarm_arn,
        "aws:sourceaccount": asked.alarm_account,
        "aws:sourceowner": asked.alarm_account,
        "aws:sourceorgid": asked.organization,
        "aws:securetransport": "true",
    }.get(key)
    if not value or any("${" in one for one in wanted):
        return None
    if kind == "bool":
        return value in [one.lower() for one in wanted]
    if kind in ("stringequals", "stringequalsignorecase"):
        return value in wanted
    if kind == "stringlike":
        return any(_like(one, value) for one in wanted)
    if kind in ("arnlike", "arnequals"):
        return any(_arn_like(one, value) for one in wanted)
    if kind == "stringnotequals":
        return value not in wanted
    if kind == "stringnotlike":
        return not any(_like(one, value) for one in wanted)
    if kind in ("arnnotlike", "arnnotequals"):
        return not any(_arn_like(one, value) for one in wanted)
    return None


def _arn_like(pattern: str, text: str) -> bool:
    """IAM compares ARNs part by part: each of the six parts may hold wildcards, and none reaches over a colon."""
    wanted, found = pattern.split(":", 5), text.split(":", 5)
    return len(wanted) == len(found) and all(_like(one, part) for one, part in zip(wanted, found, strict=True))


def _like(pattern: str, text: str) -> bool:
    """IAM's ``*`` and ``?`` (each ``*`` any run of characters)."""
    parts: list[tuple[int, int]] = [(0, 0)]
    seen = set(parts)
    while parts:
        at, place = parts.pop()
        if at == len(pattern):
            if place == len(text):
                return True
            continue
        steps = []
        if pattern[at] == "*":
            steps = [(at + 1, place)] + ([(at, place + 1)] if place < len(text) else [])
        elif place < len(text) and pattern[at] in ("?", text[place]):
            steps = [(at + 1, place + 1)]
        for step in steps:
            if step not in seen:
                seen.add(step)
                parts.append(step)
    return False
