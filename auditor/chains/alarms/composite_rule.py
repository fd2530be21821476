"""The rule of a composite alarm: its grammar, and its value for given states of the alarms it names (C3).

Source: AWS API reference PutCompositeAlarm (AlarmRule). The text of ``AT_LEAST`` follows what the CDK renders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark

STATES = frozenset({"ALARM", "OK", "INSUFFICIENT_DATA"})
_DEEPEST = 60  # parts within parts: deeper than people write, and shallower than can be walked
_LONGEST = 10_240  # characters of an AlarmRule [PutCompositeAlarm]
_GRAMMAR = r"""
?start: either
?either: both ("OR" both)*
?both: unary ("AND" unary)*
?unary: "NOT" unary -> negation
      | atom
?atom: "TRUE" -> true
     | "FALSE" -> false
     | STATE "(" alarm ")" -> is_in
     | "AT_LEAST" "(" THRESHOLD "," condition "," "(" alarm ("," alarm)* ")" ")" -> at_least
     | "(" either ")"
condition: STATE -> in_state
         | "NOT" STATE -> not_in_state
alarm: QUOTED -> quoted
     | BARE -> bare
STATE: "ALARM" | "OK" | "INSUFFICIENT_DATA"
THRESHOLD: /[0-9]{1,3}(\.[0-9]{1,3})?%?/
QUOTED: /"(?:[^"\\]|\\.)*"/
BARE: /[^\s()",]+/
%ignore /[ \t\r\n]+/
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A node of a rule: ``kind`` is constant, is, not, and, or, at_least.

    ``state`` and ``alarms`` belong to *is* and *at_least* (``negated``: NOT that state), ``value`` to *constant*;
    ``threshold`` of *at_least* is a count, or a share of the alarms where ``percent`` is true.
    """

    kind: str
    parts: tuple[Rule, ...] = ()
    state: str = ""
    alarms: tuple[str, ...] = ()
    negated: bool = False
    value: bool = False
    threshold: float = 0
    percent: bool = False

    def names(self) -> Iterator[str]:
        """The alarms that the rule names, as it spells them."""
        yield from self.alarms
        for part in self.parts:
            yield from part.names()

    def holds(self, states: Callable[[str], frozenset[str]]) -> bool | None:
        """The rule's value where each alarm is in one of the given states; None if it depends on which."""
        if self.kind == "constant":
            return self.value
        if self.kind in ("is", "at_least"):
            truths = [_is(states(alarm), self.state, self.negated) for alarm in self.alarms]
            needed = self.threshold * len(truths) / 100 if self.percent else self.threshold
            if sum(truth is True for truth in truths) >= needed:
                return True
            return None if sum(truth is not False for truth in truths) >= needed else False
        values = [part.holds(states) for part in self.parts]
        if self.kind == "not":
            return None if values[0] is None else not values[0]
        decisive = self.kind == "or"
        return decisive if decisive in values else None if None in values else not decisive


def _is(possible: frozenset[str], state: str, negated: bool) -> bool | None:
    wanted = STATES - {state} if negated else frozenset({state})
    return True if possible <= wanted else None if possible & wanted else False


@cache
def _parser() -> Lark:
    from lark import Lark, Transformer, v_args  # noqa: PLC0415 (only bundles with composite alarms need it)

    @v_args(inline=True)
    class Build(Transformer[object, Rule]):
        def either(self, *parts: Rule) -> Rule:
            return Rule("or", parts)

        def both(self, *parts: Rule) -> Rule:
            return Rule("and", parts)

        def negation(self, part: Rule) -> Rule:
            return Rule("not", (part,))

        def true(self) -> Rule:
            return Rule("constant", value=True)

        def false(self) -> Rule:
            return Rule("constant", value=False)

        def is_in(self, state: object, alarm: str) -> Rule:
            return Rule("is", state=str(state), alarms=(alarm,), threshold=1)

        def at_least(self, threshold: object, condition: tuple[str, bool], *alarms: str) -> Rule:
            text = str(threshold)
            return Rule(
                "at_least", state=condition[0], negated=condition[1], alarms=alarms,
                threshold=float(text.removesuffix("%")), percent=text.endswith("%"),
            )  # fmt: skip

        def in_state(self, state: object) -> tuple[str, bool]:
            return str(state), False

        def not_in_state(self, state: object) -> tuple[str, bool]:
            return str(state), True

        def quoted(self, text: object) -> str:
            return str(text)[1:-1].replace('\\"', '"').replace("\\\\", "\\")

        def bare(self, text: object) -> str:
            return str(text)

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=Build())


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule | None:
    """The rule, or None if it is none of this grammar (its alarm is then undecided)."""
    from lark.exceptions import LarkError  # noqa: PLC0415

    if len(text) > _LONGEST:
        return None
    try:
        rule = _parser().parse(text)
        assert isinstance(rule, Rule)
    except (LarkError, RecursionError):
        return None
    return rule if _nested(rule) <= _DEEPEST and not _counts_twice(rule) else None


def _counts_twice(rule: Rule) -> bool:
    """Whether an AT_LEAST names an alarm twice, by name or ARN: whether that counts twice is not documented (C3)."""
    names = {alarm.rpartition(":alarm:")[2] for alarm in rule.alarms}
    twice = rule.kind == "at_least" and len(names) < len(rule.alarms)
    return twice or any(map(_counts_twice, rule.parts))


def _nested(rule: Rule) -> int:
    levels, depth = [rule], 0
    while levels:
        levels = [part for above in levels for part in above.parts]
        depth += 1
    return depth
