"""A second judge of policies, written from rule S5 and the IAM User Guide alone: it answers one complete request.

Slow and plain: a request is given with every key's values, and what no capture shows is tried out value by value.
It shares no code with the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

Context = Mapping[str, Sequence[str]]  # the values of each key that is in the request, by its name in small letters


def allows(policy: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    """Whether a policy allows a service's complete request."""
    applying = [one["Effect"] for one in policy["Statement"] if _applies(one, action, resource, context)]
    return "Allow" in applying and "Deny" not in applying


def completions(known: Context, unseen: Mapping[str, Sequence[Sequence[str] | None]]) -> Iterator[Context]:
    """Every request that captures leave possible: each unseen key absent (None) or with one of its lists of values."""
    for chosen in product(*unseen.values()):
        yield {**known, **{key: values for key, values in zip(unseen, chosen, strict=True) if values is not None}}


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    named = principal == "*" or "*" in _list(principal.get("AWS")) or (
        "cloudwatch.amazonaws.com" in _list(principal.get("Service"))
    )  # fmt: skip
    if named == ("NotPrincipal" in statement):
        return False
    actions = _list(statement.get("Action", statement.get("NotAction")))
    if any(_like(one.lower(), action.lower()) for one in actions) == ("NotAction" in statement):
        return False
    resources = _list(statement.get("Resource", statement.get("NotResource")))
    if any(_like(one, resource) for one in resources) == ("NotResource" in statement):
        return False
    return all(
        _holds(operator, _list(wanted), context.get(key.lower()))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, wanted: list[str], values: Sequence[str] | None) -> bool:
    if operator == "Null":
        return any((one == "true") == (values is None) for one in wanted)
    qualifier, _, base = operator.rpartition(":")
    plain = base.removesuffix("IfExists")
    if values is None:
        if qualifier:
            return qualifier == "ForAllValues"
        return plain != base or "Not" in plain
    passed = [_passes(plain, wanted, value) for value in values]
    return any(passed) if qualifier == "ForAnyValue" else all(passed)


def _passes(base: str, wanted: list[str], value: str) -> bool:
    tests = {
        "StringEquals": lambda one: one == value,
        "StringEqualsIgnoreCase": lambda one: one.lower() == value.lower(),
        "StringLike": lambda one: _like(one, value),
        "ArnLike": lambda one: _arn_like(one, value),
        "ArnEquals": lambda one: _arn_like(one, value),
        "Bool": lambda one: one == value,
    }
    found = any(tests[base.replace("Not", "")](one) for one in wanted)
    return not found if "Not" in base else found


def _arn_like(pattern: str, value: str) -> bool:
    left, right = pattern.split(":", 5), value.split(":", 5)
    return len(left) == len(right) and all(map(_like, left, right))


def _like(pattern: str, value: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
