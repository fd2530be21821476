"""Topic and key policies (S4, S5): would CloudWatch's request be let in. Three answers: True, False, None (unknown)."""

from __future__ import annotations

import fnmatch
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SERVICE = "cloudwatch.amazonaws.com"
ABSENT = ("aws:principalorgid", "aws:principalorgpaths", "aws:username")
NO_CUSTOMER = ("aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:userid")
Answer = bool | None
Atom = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Request:
    """CloudWatch's call for one alarm. ``organisation``: id of the alarm's organisation, where a capture shows it."""

    action: tuple[str, ...]
    resource: str
    alarm: str
    account: str
    organisation: str | None = None

    def values(self, key: str) -> list[str] | None:
        """Values of a condition key in the request; None: the law does not say."""
        present = {
            "aws:sourcearn": [self.alarm],
            "aws:sourceaccount": [self.account],
            "aws:sourceowner": [self.account],
            "aws:principalisawsservice": ["true"],
            "aws:principalservicename": [SERVICE],
            "aws:securetransport": ["true"],
            "aws:viaawsservice": ["false"],
        }
        if key == "aws:sourceorgid" and self.organisation:
            return [self.organisation]
        if key in ABSENT or key.startswith(("aws:principaltag/", "aws:calledvia")):
            return []
        return present.get(key)


def both(answers: Iterable[Answer]) -> Answer:
    """AND: False outweighs unknown."""
    found = list(answers)
    return False if False in found else None if None in found else True


def either(answers: Iterable[Answer]) -> Answer:
    """OR: True outweighs unknown."""
    found = list(answers)
    return True if True in found else None if None in found else False


def allowed(policy: dict[str, Any], request: Request) -> set[Answer]:
    """Whether some Allow fits each action and no Deny does (S5).

    What no capture shows makes it unknown; where every way in which it could be gives one answer, that is allowed too.
    """
    answer = _allowed(policy, request, {})
    if answer is not None:
        return {answer}
    unknown: dict[Atom, bool | None] = {}
    _allowed(policy, request, unknown)
    found = {
        _allowed(policy, request, dict(zip(unknown, values, strict=True)))
        for values in itertools.product((True, False), repeat=len(unknown))
    }
    return {None} | found if len(found) == 1 else {None}


def _allowed(policy: dict[str, Any], request: Request, guesses: dict[Atom, bool | None]) -> Answer:
    statements = policy.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    answers = []
    for action in request.action:
        fits = {
            effect: either(_fits(s, action, request, guesses) for s in statements if s.get("Effect") == effect)
            for effect in ("Allow", "Deny")
        }
        denied = fits["Deny"]
        answers.append(both([fits["Allow"], None if denied is None else not denied]))
    return both(answers)


def _fits(statement: dict[str, Any], action: str, request: Request, guesses: dict[Atom, bool | None]) -> Answer:
    return both(
        [
            _principal(statement),
            _named(statement, "Action", action, ignore_case=True),
            _named(statement, "Resource", request.resource, ignore_case=False)
            if statement.keys() & {"Resource", "NotResource"}
            else None,
            *(
                _guessed(operator, key, _list(values), request, guesses)
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            ),
        ]
    )


def _list(value: Any) -> list[str]:
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in (value if isinstance(value, list) else [value])]


def _principal(statement: dict[str, Any]) -> bool:
    """The service itself, or everybody; an account is not CloudWatch. NotPrincipal takes what it does not name."""
    negated = "NotPrincipal" in statement
    principal = statement.get("NotPrincipal" if negated else "Principal", {})
    if principal == "*":
        named = True
    else:
        named = "*" in _list(principal.get("AWS", [])) or bool(
            {SERVICE, "*"} & set(_list(principal.get("Service", [])))
        )
    return named != negated


def _named(statement: dict[str, Any], key: str, value: str, *, ignore_case: bool) -> bool:
    negated = "Not" + key in statement
    patterns = _list(statement.get("Not" + key if negated else key, "*"))
    if ignore_case:
        value, patterns = value.lower(), [p.lower() for p in patterns]
    return any(_wild(pattern, value) for pattern in patterns) != negated


def _wild(pattern: str, value: str) -> bool:
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def _guessed(operator: str, key: str, wanted: list[str], request: Request, guesses: dict[Atom, bool | None]) -> Answer:
    """A condition; one that nobody can decide is guessed, the same test alike wherever it stands."""
    answer = _condition(operator, key, wanted, request)
    if answer is not None:
        return answer
    null = operator == "Null"
    atom = operator.replace("Not", ""), key.lower(), () if null else tuple(wanted)
    guess = guesses.setdefault(atom, None)
    return None if guess is None else guess != ("Not" in operator or (null and wanted[0].lower() == "false"))


def _condition(operator: str, key: str, wanted: list[str], request: Request) -> Answer:
    name = key.lower()
    quantifier, _, plain = operator.rpartition(":")
    if_exists = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    negated = "Not" in plain
    if any("${" in value for value in wanted):
        return None  # policy variables
    if plain == "Null":
        return _null(name, wanted, request)
    if name in NO_CUSTOMER:
        return None if if_exists and not negated else negated
    if name == "aws:principalservicenameslist":
        return _service_names(quantifier, plain, negated, wanted)
    values = request.values(name)
    if values is None:
        return None  # "other conditions"
    if not values:
        if quantifier == "ForAnyValue":
            return False
        return negated or if_exists or quantifier == "ForAllValues"
    answers = [_compare(plain, value, wanted) for value in values]
    return None if None in answers else all(answers)


def _null(name: str, wanted: list[str], request: Request) -> Answer:
    if name in NO_CUSTOMER:
        return None
    values = ["x"] if name == "aws:principalservicenameslist" else request.values(name)
    if values is None:
        return None
    return (not values) == (wanted[0].lower() == "true")


def _service_names(quantifier: str, plain: str, negated: bool, wanted: list[str]) -> Answer:
    """The service's name is among others, which nobody has written down."""
    here = _compare(plain, SERVICE, wanted)
    if quantifier == "ForAnyValue":
        return True if here else None
    if quantifier == "ForAllValues":
        return None if here else False
    return None


def _compare(operator: str, value: str, wanted: list[str]) -> Answer:
    negated = "Not" in operator
    base = operator.replace("Not", "")
    if base in {"StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike", "Bool"}:
        return any(_one(base, value, w) for w in wanted) != negated
    return None


def _one(base: str, value: str, wanted: str) -> bool:
    if base == "StringEquals":
        return value == wanted
    if base in {"StringEqualsIgnoreCase", "Bool"}:
        return value.lower() == wanted.lower()
    if base == "StringLike":
        return _wild(wanted, value)
    parts, patterns = value.split(":", 5), wanted.split(":", 5)
    return len(parts) == len(patterns) == 6 and all(_wild(p, v) for p, v in zip(patterns, parts, strict=True))
