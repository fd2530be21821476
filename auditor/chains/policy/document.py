"""A policy document as its statements; what AWS would not have taken is refused, never read half.

Source: IAM User Guide, JSON policy elements and grammar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from auditor.chains.policy.condition import Condition, condition
from auditor.evidence import read_exact
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
    statement names none, though one must (IAM User Guide, policy elements: Resource).
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
    named = Counter(
        entry.get("Sid") for entry in listed if isinstance(entry, dict) and isinstance(entry.get("Sid"), str)
    )
    statements = []
    for number, entry in enumerate(listed, 1):
        sid = entry.get("Sid") if isinstance(entry, dict) else None
        label = f'statement "{sid}"' if sid and isinstance(sid, str) and named[sid] == 1 else f"statement {number}"
        statements.append(_statement(label, entry, _KNOWS_VARIABLES[version]))
    return tuple(statements)


def _parsed(text: str) -> object:
    read = read_exact(text)
    if read.fault is not None or len(read.documents) != 1:
        raise UnreadablePolicyError(f"it {read.fault.why}" if read.fault else "it is not one JSON document")
    if any(oddity.code == "duplicate-keys" for oddity in read.oddities[0]):
        raise UnreadablePolicyError("a name stands twice in one of its objects")
    return read.documents[0]


def _statement(label: str, entry: object, variables: bool) -> Statement:
    if not isinstance(entry, dict):
        raise UnreadablePolicyError(f"{label} is no object")
    strange = sorted(str(name) for name in entry if name not in _MEMBERS)
    if strange:
        raise UnreadablePolicyError(f"{label} has a member {strange[0]}, which no policy has")
    if entry.get("Effect") not in _EFFECTS:
        raise UnreadablePolicyError(f"{label} neither allows nor denies")
    for plain, negated in _EITHER:
        if plain in entry and negated in entry:
            raise UnreadablePolicyError(f"{label} has {plain} and {negated}")
        if plain not in entry and negated not in entry and plain != "Resource":
            raise UnreadablePolicyError(f"{label} has no {plain}")
    return Statement(
        label=label,
        denies=entry["Effect"] == "Deny",
        principals=_principals(label, entry["NotPrincipal" if "NotPrincipal" in entry else "Principal"]),
        but_principals="NotPrincipal" in entry,
        actions=_texts(label, entry["NotAction" if "NotAction" in entry else "Action"]),
        but_actions="NotAction" in entry,
        resources=_texts(label, entry[name]) if (name := _resource_of(entry)) else None,
        but_resources="NotResource" in entry,
        conditions=_conditions(label, entry.get("Condition", {}), variables),
        variables=variables,
    )


def _resource_of(entry: Item) -> str:
    return next((name for name in ("Resource", "NotResource") if name in entry), "")


def _principals(label: str, element: object) -> Principals:
    if element == "*":
        return {"AWS": ("*",)}
    if not isinstance(element, dict) or not element:
        raise UnreadablePolicyError(f"{label} has a Principal that names nobody")
    return {str(kind): _texts(label, names) for kind, names in element.items()}


def _conditions(label: str, element: object, variables: bool) -> tuple[Condition, ...]:
    if not isinstance(element, dict) or not all(isinstance(keys, dict) for keys in element.values()):
        raise UnreadablePolicyError(f"{label} has a Condition that is none")
    pairs = [(operator, key, values) for operator, keys in element.items() for key, values in keys.items()]
    spelt = Counter((operator.lower(), key.lower()) for operator, key, _ in pairs)
    if any(times > 1 for times in spelt.values()):
        raise UnreadablePolicyError(f"{label} has a condition key twice under one operator")
    return tuple(condition(operator, key, _texts(label, values), variables) for operator, key, values in pairs)


def _texts(label: str, element: object) -> tuple[str, ...]:
    """One text or a list of them; numbers and booleans as they are spelt in JSON."""
    listed = element if isinstance(element, list) else [element]
    if not all(isinstance(value, (str, bool, int, float, Decimal)) for value in listed):
        raise UnreadablePolicyError(f"{label} has a value that is no text")
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in listed)
