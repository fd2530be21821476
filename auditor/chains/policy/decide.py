"""Whether a policy lets CloudWatch's request through, and which statement and condition decide (rules S4, S5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from auditor.chains.policy.condition import Condition
from auditor.chains.policy.document import Statement, UnreadablePolicyError, statements_of
from auditor.chains.policy.explain import doubt, refusal
from auditor.chains.policy.fit import Keys, fits, speaks_of
from auditor.chains.policy.request import ANYTHING, Alternatives, Presence, Request, Unseen, alternatives
from auditor.chains.policy.three_valued import Truth, agreed, all_of, any_of, negation

_MOST_WORLDS = 256  # of what unseen keys may be; beyond, each condition is read by itself
_MOST_TESTS = 4  # of one unseen key that are supposed both ways
_BOTH = (True, False)


@dataclass(frozen=True, slots=True)
class Decision:
    """``allowed``: None if the captures do not decide; ``detail`` says which statement and condition decide."""

    allowed: Truth
    detail: str


def decide(policy: object, request: Request) -> Decision:
    """Whether a resource's policy lets ``cloudwatch.amazonaws.com`` do what it asks for an alarm.

    True only if it does whatever the keys are that no capture shows, False only if it never does. A policy that
    AWS would not have taken decides nothing. Rules S4 (``kms:decrypt``, ``kms:generatedatakey``) and S5.
    """
    try:
        statements = [statement for statement in statements_of(policy) if speaks_of(statement, request.action)]
    except UnreadablePolicyError as error:
        return Decision(None, f"the policy cannot be read: {error}")
    tested: dict[str, list[Condition]] = defaultdict(list)
    for statement in statements:
        for condition in statement.conditions:
            tested[condition.key].append(condition)
    keys = {key: alternatives(request, key) for key in tested}
    allowed = _allowed(statements, request, keys)
    if allowed is not None:
        return Decision(allowed, "" if allowed else refusal(statements, request, keys))
    allowed = agreed(_allowed(statements, request, world) for world in _worlds(tested, keys))
    if allowed is None:
        return Decision(None, doubt(statements, request, keys))
    return Decision(allowed, "" if allowed else "it refuses with every value of the keys that no capture shows")


def _allowed(statements: Sequence[Statement], request: Request, keys: Keys) -> Truth:
    denied = any_of(fits(statement, request, keys) for statement in statements if statement.denies)
    return all_of(
        (negation(denied), any_of(fits(statement, request, keys) for statement in statements if not statement.denies))
    )


def _worlds(tested: Mapping[str, Sequence[Condition]], keys: Keys) -> Iterator[Keys]:
    """What the keys may be together: each of them one alternative, and every possibility among the worlds.

    Where there are too many, the keys themselves with all their alternatives: one world.
    """
    finer = {key: _finer(tested[key]) if presences is ANYTHING else presences for key, presences in keys.items()}
    if prod(map(len, finer.values())) > _MOST_WORLDS:
        yield keys
        return
    for chosen in product(*finer.values()):
        yield {key: (presence,) for key, presence in zip(finer, chosen, strict=True)}


def _finer(conditions: Sequence[Condition]) -> Alternatives:
    """What an unseen key may be, told apart as far as these conditions tell it apart.

    A key with a qualifier may have several values, and a value that is tested in many ways may meet any of them.
    """
    tests = dict.fromkeys(
        (condition.family, wanted)
        for condition in conditions
        for wanted in condition.wanted
        if condition.family != "null"
    )
    if all(family == "bool" for family, _ in tests):
        return (None, Presence(("true",), "bool"), Presence(("false",), "bool"))
    literals = [test for test in tests if test[0] == "text" and "${" not in test[1]]
    others = [test for test in tests if test not in literals]
    if len(others) > _MOST_TESTS or any(condition.qualifier for condition in conditions):
        return ANYTHING
    unnamed = [
        Presence((Unseen(dict.fromkeys(literals, False) | dict(zip(others, outcome, strict=True))),))
        for outcome in product(_BOTH, repeat=len(others))
    ]
    return (None, *(Presence((wanted,), "string") for _, wanted in literals), *unnamed)
