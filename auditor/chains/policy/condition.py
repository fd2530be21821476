"""One condition of a statement: an operator on a condition key, and the values that the policy wants.

Sources: IAM User Guide, condition operators, and multivalued context keys; rule S5.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.chains.policy.request import Alternatives, Presence, Unseen
from auditor.chains.policy.three_valued import Truth, agreed, all_of, any_of, negation
from auditor.chains.policy.wildcards import arn_matches, everything, matches, pattern_of

# The test that each operator makes of a value, and whether it wants it to fail. Only texts, ARNs and booleans of
# CloudWatch's request are known: the others decide by whether their key is there.
_OPERATORS: dict[str, tuple[str, bool]] = {
    "stringequals": ("text", False), "stringnotequals": ("text", True),
    "stringequalsignorecase": ("any-case", False), "stringnotequalsignorecase": ("any-case", True),
    "stringlike": ("like", False), "stringnotlike": ("like", True),
    "arnequals": ("arn", False), "arnnotequals": ("arn", True),
    "arnlike": ("arn", False), "arnnotlike": ("arn", True),
    "bool": ("bool", False), "null": ("null", False), "binaryequals": ("binary", False),
    "ipaddress": ("ip", False), "notipaddress": ("ip", True),
    "numericequals": ("number=", False), "numericnotequals": ("number=", True),
    "numericlessthan": ("number<", False), "numericlessthanequals": ("number<=", False),
    "numericgreaterthan": ("number>", False), "numericgreaterthanequals": ("number>=", False),
    "dateequals": ("date=", False), "datenotequals": ("date=", True),
    "datelessthan": ("date<", False), "datelessthanequals": ("date<=", False),
    "dategreaterthan": ("date>", False), "dategreaterthanequals": ("date>=", False),
}  # fmt: skip
_QUALIFIERS = ("foranyvalue:", "forallvalues:")
_BOOLEANS = ("true", "false")


@dataclass(frozen=True, slots=True)
class Condition:
    """``operator`` and ``spelling`` of the key are the policy's words, ``key`` is in small letters.

    ``family`` is the test made of a value, ``""`` if the operator is unknown. ``qualifier`` is ``foranyvalue:`` or
    ``forallvalues:``. ``variables``: the policy's version knows variables.
    """

    operator: str
    spelling: str
    key: str
    wanted: tuple[str, ...]
    family: str
    negated: bool
    qualifier: str
    if_exists: bool
    variables: bool

    @property
    def plain(self) -> bool:
        """Whether it wants its key to be there and to have one of the values."""
        return bool(self.family) and self.family != "null" and not (self.negated or self.qualifier or self.if_exists)

    def holds(self, alternatives: Alternatives) -> Truth:
        """Whether it holds for a request whose key is one of the alternatives; None: that depends on which."""
        return agreed(self._holds(presence) for presence in alternatives)

    def _holds(self, presence: Presence | None) -> Truth:
        if not self.family or not self.wanted:
            return None
        if self.family == "null":
            return any_of(_truth(value, presence is None) for value in self.wanted)
        if presence is None:
            return self._holds_without_key()
        met = [self._met_by(value, presence.kind) for value in presence.values]
        if presence.others:
            met.append(self._met_by(Unseen(), presence.kind))
        if self.qualifier:
            return all_of(met) if self.qualifier == "forallvalues:" else any_of(met)
        return met[0] if len(met) == 1 else None  # several values without a qualifier: not documented

    def _holds_without_key(self) -> Truth:
        if self.qualifier == "foranyvalue:":
            return None if self.if_exists else False  # AWS's pages give the two words opposite effects
        return bool(self.qualifier) or self.if_exists or self.negated

    def _met_by(self, value: str | Unseen, kind: str) -> Truth:
        met = any_of(self._equals(wanted, value, kind) for wanted in self.wanted)
        return negation(met) if self.negated else met

    def _equals(self, wanted: str, value: str | Unseen, kind: str) -> Truth:
        pattern = pattern_of(wanted, wild=self.family in ("like", "arn"), variables=self.variables)
        if pattern is None:
            return None
        if isinstance(value, Unseen):
            if everything(pattern):
                return True if self.family == "like" else None
            return False if value.foreign else value.supposed.get((self.family, wanted))
        if self.family in ("text", "like"):
            return matches(pattern, value)
        if self.family == "any-case":
            return "".join(str(token) for token in pattern).casefold() == value.casefold()
        if self.family == "arn":
            return arn_matches(pattern, value)
        if self.family == "bool" and kind == "bool":
            return _truth(wanted, value == "true")
        return None


def _truth(wanted: str, actual: bool) -> Truth:
    """Whether a boolean is what the policy wants; None: it wants no boolean."""
    return (wanted.lower() == "true") is actual if wanted.lower() in _BOOLEANS else None


def condition(operator: str, key: str, wanted: tuple[str, ...], variables: bool) -> Condition:
    """The condition that a policy spells so; operators and keys in any case."""
    name = operator.lower()
    qualifier = next((candidate for candidate in _QUALIFIERS if name.startswith(candidate)), "")
    name = name.removeprefix(qualifier)
    base = name.removesuffix("ifexists")
    family, negated = _OPERATORS.get(base, ("", False))
    if family == "null" and name + qualifier != "null":
        family = ""  # Null takes no qualifier and no IfExists
    return Condition(operator, key, key.lower(), wanted, family, negated, qualifier, base != name, variables)
