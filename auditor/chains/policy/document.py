"""A policy document as its statements; what AWS would not have taken is refused, never read half.

Source: IAM User Guide, JSON policy elements and grammar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from auditor.chains.policy.condition import Condition, condition
from auditor.evidence.exact_json import read_exact
from auditor.evidence.item import Item

_KNOWS_VARIABLES = {"2012-10-17": True, "2008-10-17": False}
_EFFECTS = ("Allow", "Deny")
_EITHER = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
_MEMBERS = frozenset({"Sid", "Effect", "Condition", *(name for names in _EITHER for name in names)})
Principals = Mapping[str, tuple[str, ...]]


class UnreadablePolicyError(Exception):
    """The document is no policy; the message says why. It never leaves this room: the link becomes unknown."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``label`` names it in a sentence; ``but_…``: it takes what is *not* listed (``NotAction`` …).

    ``principals`` are the listed ones by kind, everyone as ``{"AWS": ("*",)}``; ``resources`` is None where the
    statement names none and so means the policy's own resource.
    """

    label: str
    denies: bool
    principals: Principals
    but_principals: bool
    actions: tuple[str, ...]
    but_actions: bool
    resources: tuple[str, ...] | None
    but_resources: bool
    conditions: tuple[Condition, ...]
    variables: bool


def statements_of(policy: object) -> tuple[Statement, ...]:
    """The statements of a policy, which may be JSON in a string.

    Raises:
        UnreadablePolicyError: it is no policy that AWS would have taken.
    """
    document = _parsed(policy) if isinstance(policy, str) else policy
    if not isinstance(document, dict):
        raise UnreadablePolicyError("it is no JSON object")
    version = document.get("Version", "2008-10-17")
    if not isinstance(version, str) or version not in _KNOWS_VARIABLES:
        raise UnreadablePolicyError("its Version is none that AWS knows")
    listed = document.get("Statement")
    listed = [listed] if isinstance(listed, dict) else listed
    if not isinstance(listed, list):
        raise UnreadablePolicyError("it has no Statement")
    named = Counter(one.get("Sid") for one in listed if isinstance(one, dict) and isinstance(one.get("Sid"), str))
    found = []
    for number, one in enumerate(listed, 1):
        sid = one.get("Sid") if isinstance(one, dict) else None
        label = f'statement "{sid}"' if sid and isinstance(sid, str) and named[sid] == 1 else f"statement {number}"
        found.append(_statement(label, one, _KNOWS_VARIABLES[version]))
    return tuple(found)


def _parsed(text: str) -> object:
    read = read_exact(text)
    if read.fault is not None or len(read.documents) != 1:
        raise UnreadablePolicyError(f"it {read.fault.why}" if read.fault else "it is not one JSON document")
    if any(oddity.code == "duplicate-keys" for oddity in read.oddities[0]):
        raise UnreadablePolicyError("a name stands twice in one of its objects")
    return read.documents[0]


def _statement(label: str, told: object, variables: bool) -> Statement:
    if not isinstance(told, dict):
        raise UnreadablePolicyError(f"{label} is no object")
    strange = sorted(str(name) for name in told if name not in _MEMBERS)
    if strange:
        raise UnreadablePolicyError(f"{label} has a member {strange[0]}, which no policy has")
    if told.get("Effect") not in _EFFECTS:
        raise UnreadablePolicyError(f"{label} neither allows nor denies")
    for plain, negated in _EITHER:
        if plain in told and negated in told:
            raise UnreadablePolicyError(f"{label} has {plain} and {negated}")
        if plain not in told and negated not in told and plain != "Resource":
            raise UnreadablePolicyError(f"{label} has no {plain}")
    return Statement(
        label=label,
        denies=told["Effect"] == "Deny",
        principals=_principals(label, told["NotPrincipal" if "NotPrincipal" in told else "Principal"]),
        but_principals="NotPrincipal" in told,
        actions=_texts(label, told["NotAction" if "NotAction" in told else "Action"]),
        but_actions="NotAction" in told,
        resources=_texts(label, told[name]) if (name := _resource_of(told)) else None,
        but_resources="NotResource" in told,
        conditions=_conditions(label, told.get("Condition", {}), variables),
        variables=variables,
    )


def _resource_of(told: Item) -> str:
    return next((name for name in ("Resource", "NotResource") if name in told), "")


def _principals(label: str, told: object) -> Principals:
    if told == "*":
        return {"AWS": ("*",)}
    if not isinstance(told, dict) or not told:
        raise UnreadablePolicyError(f"{label} has a Principal that names nobody")
    return {str(kind): _texts(label, names) for kind, names in told.items()}


def _conditions(label: str, told: object, variables: bool) -> tuple[Condition, ...]:
    if not isinstance(told, dict) or not all(isinstance(keys, dict) for keys in told.values()):
        raise UnreadablePolicyError(f"{label} has a Condition that is none")
    pairs = [(operator, key, wanted) for operator, keys in told.items() for key, wanted in keys.items()]
    spelt = Counter((operator.lower(), key.lower()) for operator, key, _ in pairs)
    if any(times > 1 for times in spelt.values()):
        raise UnreadablePolicyError(f"{label} has a condition key twice under one operator")
    return tuple(condition(operator, key, _texts(label, wanted), variables) for operator, key, wanted in pairs)


def _texts(label: str, told: object) -> tuple[str, ...]:
    """One text or a list of them; numbers and booleans as they are spelt in JSON."""
    listed = told if isinstance(told, list) else [told]
    if not all(isinstance(one, (str, bool, int, float, Decimal)) for one in listed):
        raise UnreadablePolicyError(f"{label} has a value that is no text")
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in listed)
