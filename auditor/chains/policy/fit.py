"""Whether a statement speaks of CloudWatch's request: action, principal, resource and all conditions together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.chains.policy.condition import Condition
from auditor.chains.policy.document import Statement
from auditor.chains.policy.request import PUBLISHER, Alternatives, Request, never_together
from auditor.chains.policy.three_valued import Truth, all_of, any_of, negation
from auditor.chains.policy.wildcards import Pattern, everything, matches, pattern_of, resource_matches

Keys = Mapping[str, Alternatives]
PRINCIPAL, RESOURCE, TOGETHER, CONDITION = "principal", "resource", "together", "condition"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that have to fit: ``kind`` is one of the constants above."""

    kind: str
    truth: Truth
    condition: Condition | None = None


def speaks_of(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action; in any case, with wildcards."""
    patterns = (pattern_of(name.lower(), wild=True, variables=False) or () for name in statement.actions)
    return any(matches(pattern, action.lower()) for pattern in patterns) is not statement.but_actions


def fits(statement: Statement, request: Request, keys: Keys) -> Truth:
    """Whether a statement that speaks of the action fits the request; ``keys``: what its keys may be."""
    return all_of(part.truth for part in parts(statement, request, keys))


def parts(statement: Statement, request: Request, keys: Keys) -> Iterator[Part]:
    """What has to fit for the statement to fit, in the order in which people read it."""
    yield Part(PRINCIPAL, _lets_in(statement))
    yield Part(RESOURCE, _is_about(statement, request))
    needed_keys = {condition.key for condition in statement.conditions if condition.plain}
    if not statement.denies and any(keys_together <= needed_keys for keys_together in never_together()):
        yield Part(TOGETHER, False)
    for condition in statement.conditions:
        yield Part(CONDITION, condition.holds(keys[condition.key]), condition)


def _lets_in(statement: Statement) -> Truth:
    named = any_of(_names(kind, listed) for kind, listed in statement.principals.items())
    return negation(named) if statement.but_principals else named


def _names(kind: str, listed: Sequence[str]) -> Truth:
    if kind == "AWS":
        return "*" in listed  # everyone, services too; no other principal of this kind is a service
    if kind == "Service":
        # A service has one name, spelt in one way; what a wildcard or another spelling does is not documented.
        nearly = any(
            "*" in principal or "?" in principal or principal.lower().removesuffix(".cn") == PUBLISHER
            for principal in listed
        )
        return True if PUBLISHER in listed else None if nearly else False
    return False if kind in ("Federated", "CanonicalUser") else None


def _is_about(statement: Statement, request: Request) -> Truth:
    if statement.resources is None:
        return None
    patterns = [pattern_of(resource, wild=True, variables=statement.variables) for resource in statement.resources]
    named = any_of(_is_named(pattern, request) for pattern in patterns)
    return negation(named) if statement.but_resources else named


def _is_named(pattern: Pattern | None, request: Request) -> Truth:
    if pattern is None:
        return None
    if everything(pattern):
        return True
    if request.resource is None:
        return None
    named = resource_matches(pattern, request.resource)
    # In a key's policy the resource has to be "*"; its own ARN is said to have no effect (KMS, key policy overview).
    return None if named and request.service == "kms" else named
