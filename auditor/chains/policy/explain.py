"""Which statement and which of its conditions decide about a request, in words."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.chains.policy.condition import Condition
from auditor.chains.policy.document import Statement
from auditor.chains.policy.fit import CONDITION, PRINCIPAL, RESOURCE, Keys, Part, fits, parts
from auditor.chains.policy.request import ABSENT, PUBLISHER, Request, Unseen
from auditor.text import listing

_NEAR = {PRINCIPAL: 0, RESOURCE: 1}  # a statement that fails by a condition comes nearest


def refusal(statements: Sequence[Statement], request: Request, keys: Keys) -> str:
    """Why a policy whose statements speak of the action refuses: the first denial, else the nearest permission."""
    for statement in statements:
        if statement.denies and fits(statement, request, keys):
            conditions = [_condition_in_words(condition) for condition in statement.conditions]
            return f"{statement.label} denies {request.action}" + (
                f" where {listing(conditions)}" if conditions else ""
            )
    failing = [
        (statement, next(part for part in parts(statement, request, keys) if part.truth is False))
        for statement in statements
        if not statement.denies and fits(statement, request, keys) is False
    ]
    if not failing:
        return f"no statement allows {request.action}"
    nearest, part = max(failing, key=lambda each: _NEAR.get(each[1].kind, 2))
    return f"{nearest.label} does not allow it, {_missing(part, keys)}"


def doubt(statements: Sequence[Statement], request: Request, keys: Keys) -> str:
    """What the answer hangs on: a denial that may fit, else a permission that may not."""
    open_ones = [statement for statement in statements if fits(statement, request, keys) is None]
    statement = next((statement for statement in open_ones if statement.denies), open_ones[0])
    part = next(part for part in parts(statement, request, keys) if part.truth is None)
    verb = "may deny" if statement.denies else "may not allow"
    if part.kind == RESOURCE and statement.resources is None:
        return f"{statement.label} {verb} {request.action}: it names no resource, as every statement must"
    return f"{statement.label} {verb} {request.action}: {_open(part)}"


def _missing(part: Part, keys: Keys) -> str:
    if part.kind == PRINCIPAL:
        return f"since {PUBLISHER} is none of its principals"
    if part.kind == RESOURCE:
        return "since it is about other resources"
    if part.kind != CONDITION or part.condition is None:
        return "since its keys come together in no request for an alarm"
    condition = part.condition
    return f"since its condition {_condition_in_words(condition)} does not hold: {_key_in_words(condition.key, keys)}"


def _key_in_words(key: str, keys: Keys) -> str:
    presences = keys[key]
    if presences == ABSENT:
        return "CloudWatch's request has no such key"
    values = [value for presence in presences if presence for value in presence.values if not isinstance(value, Unseen)]
    return (
        f"in CloudWatch's request it is {values[0]}" if values else "a service's request names no customer's principal"
    )


def _open(part: Part) -> str:
    if part.condition is None:
        return f"what its {part.kind} stands for is not shown"
    return f"no capture shows whether its condition {_condition_in_words(part.condition)} holds"


def _condition_in_words(condition: Condition) -> str:
    return f"{condition.operator} {condition.spelling} {listing(condition.wanted, 'or', limit=2)}".strip()
