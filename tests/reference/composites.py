"""Section 5 of the law: composite alarms, by enumerating every assignment of states to the alarms below."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.reference.states import BROKEN, NOT_BROKEN, NOT_OK, OK, UNKNOWN, State, all_of, any_of

STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")
Assignment = Mapping[str, str]
Rule = Callable[[Assignment], bool]
TOKEN = re.compile(r"\s*([(),]|\d+%?|\"[^\"]*\"|[^\s(),\"]+)")


@dataclass(frozen=True)
class Tree:
    """A parsed rule: what it says of an assignment, and the alarms it names."""

    holds: Rule
    names: frozenset[str]


def parse(text: str) -> Tree | None:
    """The rule of C3, or None where it cannot be read."""
    tokens = TOKEN.findall(text)
    try:
        tree, rest = _or(tokens)
    except (IndexError, ValueError):
        return None
    return tree if not rest else None


def _either(left: Rule, right: Rule) -> Rule:
    return lambda states: left(states) or right(states)


def _both(left: Rule, right: Rule) -> Rule:
    return lambda states: left(states) and right(states)


def _or(tokens: list[str]) -> tuple[Tree, list[str]]:
    left, rest = _and(tokens)
    while rest and rest[0] == "OR":
        right, rest = _and(rest[1:])
        left = Tree(_either(left.holds, right.holds), left.names | right.names)
    return left, rest


def _and(tokens: list[str]) -> tuple[Tree, list[str]]:
    left, rest = _unit(tokens)
    while rest and rest[0] == "AND":
        right, rest = _unit(rest[1:])
        left = Tree(_both(left.holds, right.holds), left.names | right.names)
    return left, rest


def _unit(tokens: list[str]) -> tuple[Tree, list[str]]:
    head, rest = tokens[0], tokens[1:]
    if head == "NOT":
        inner, rest = _unit(rest)
        return Tree(lambda s: not inner.holds(s), inner.names), rest
    if head == "(":
        inner, rest = _or(rest)
        return inner, _after(rest, ")")
    if head in {"TRUE", "FALSE"}:
        return Tree(lambda s: head == "TRUE", frozenset()), rest
    if head == "AT_LEAST":
        return _at_least(rest)
    if head not in STATES:
        raise ValueError(head)
    name = _name(rest[1])
    return Tree(lambda s: s[name] == head, frozenset([name])), _after(rest[2:], ")")


def _at_least(tokens: list[str]) -> tuple[Tree, list[str]]:
    count, rest = tokens[1], tokens[3:]
    negated = rest[0] == "NOT"
    state, rest = (rest[1], rest[2:]) if negated else (rest[0], rest[1:])
    children, rest = [], rest[2:]
    while True:
        children.append(_name(rest[0]))
        if rest[1] == ")":
            break
        rest = rest[2:]
    share = int(count.rstrip("%"))
    needed = math.ceil(len(children) * share / 100) if count.endswith("%") else share
    return Tree(lambda s: sum((s[c] == state) != negated for c in children) >= needed, frozenset(children)), _after(
        rest[2:], ")"
    )


def _after(tokens: list[str], wanted: str) -> list[str]:
    if tokens[0] != wanted:
        raise ValueError(tokens[0])
    return tokens[1:]


def _name(token: str) -> str:
    """A name or an ARN, with or without quotation marks (C3)."""
    return token.strip('"').split(":alarm:")[-1]


def carries(
    composite: dict[str, Any],
    alarm: str,
    composites: Mapping[str, dict[str, Any]],
    alarms: Mapping[str, dict[str, Any]],
    rests: Callable[[str], frozenset[str]],
    quiet: Callable[[str], frozenset[str]],
    complete: bool,
) -> State | None:
    """Whether ``composite`` goes to ALARM with ``alarm`` (C4 to C6); None where it does not depend on it.

    ``composites`` and ``alarms``: those captured in this account and region by name; ``rests``: the states in which
    a captured metric alarm may rest, ``quiet`` those after a long silence; ``complete``: there are no other alarms,
    so that one that a rule names and no capture shows does not follow ours.
    """
    trees: dict[str, Tree | None] = {}
    waiting, below = [str(composite["AlarmName"])], set()
    suppressor = _name(str(composite["ActionsSuppressor"])) if composite.get("ActionsSuppressor") else None
    reached = _reached(waiting[0], composites, trees)
    if reached is None:
        return BROKEN  # C6
    below |= reached
    unread = [name for name in (waiting[0], *below) if name in composites and "AlarmRule" not in composites[name]]
    if unread:
        return UNKNOWN  # X6, C3: it may name ours
    if alarm not in below:
        return None
    if suppressor is not None:
        others = _reached(suppressor, composites, trees)
        if others is None:
            return BROKEN
        below |= others | {suppressor}
    if any(tree is None for tree in trees.values()):
        return UNKNOWN  # C3: a rule that cannot be read
    leaves = sorted(below - set(composites) - {alarm})

    def state(name: str, leaf: Assignment) -> str:
        if name not in composites:
            return leaf[name]
        tree = trees[name]
        assert tree is not None
        return "ALARM" if tree.holds({child: state(child, leaf) for child in tree.names}) else "OK"

    def acts(leaf: Assignment) -> bool:
        silenced = suppressor is not None and state(suppressor, leaf) == "ALARM"
        return state(str(composite["AlarmName"]), leaf) == "ALARM" and not silenced

    def alarming(leaf: Assignment) -> bool:
        return state(str(composite["AlarmName"]), leaf) == "ALARM"

    rest = _at_rest(alarm, leaves, alarms, rests, acts, alarming, complete)
    if rest == OK and _at_rest(alarm, leaves, alarms, quiet, acts, alarming, complete) != OK:
        rest = NOT_BROKEN  # C4 says ok, V4 that what fails only after some silence is unknown
    results = [
        rest,
        _silenced(alarm, leaves, alarms, rests, acts),
    ]
    if composite.get("ActionsSuppressedBy"):
        results.append(BROKEN)
    return all_of(results)


def _reached(
    name: str, composites: Mapping[str, dict[str, Any]], trees: dict[str, Tree | None], above: tuple[str, ...] = ()
) -> set[str] | None:
    """Every alarm below ``name``; None where the composites run in a circle (C6)."""
    if name in above:
        return None
    if name not in composites:
        return set()
    tree = trees.setdefault(name, parse(str(composites[name].get("AlarmRule", ""))))
    found = set()
    for child in tree.names if tree else ():
        deeper = _reached(child, composites, trees, (*above, name))
        if deeper is None:
            return None
        found |= deeper | {child}
    return found


def _at_rest(
    alarm: str,
    leaves: list[str],
    alarms: Mapping[str, dict[str, Any]],
    rests: Callable[[str], frozenset[str]],
    acts: Callable[[Assignment], bool],
    alarming: Callable[[Assignment], bool],
    complete: bool,
) -> State:
    """C4: false at rest, true after the event, the others still at rest; an alarm not captured may be in any state."""
    known = [leaf for leaf in leaves if leaf in alarms]
    hidden = [leaf for leaf in leaves if leaf not in alarms]
    fires = set()
    for own in sorted(rests(alarm) - {"ALARM"}):
        for rest in itertools.product(*(sorted(rests(leaf)) for leaf in known)):
            shown = dict(zip(known, rest, strict=True))
            # A hidden alarm may be a composite that follows ours, so that its state before and after may differ.
            for before in itertools.product(STATES, repeat=len(hidden)):
                resting = alarming(shown | dict(zip(hidden, before, strict=True)) | {alarm: own})
                for after in [before] if complete else itertools.product(STATES, repeat=len(hidden)):
                    then = acts(shown | dict(zip(hidden, after, strict=True)) | {alarm: "ALARM"})
                    fires.add(then and not resting)
    return BROKEN if fires <= {False} else OK if fires == {True} else UNKNOWN


def _silenced(
    alarm: str,
    leaves: list[str],
    alarms: Mapping[str, dict[str, Any]],
    rests: Callable[[str], frozenset[str]],
    acts: Callable[[Assignment], bool],
) -> State:
    """C5: silent in the captured states; or in some states of the other alarms, taken together."""
    after = {alarm: "ALARM"}
    hidden = [leaf for leaf in leaves if leaf not in alarms]
    captured = {leaf: str(alarms[leaf].get("StateValue", "OK")) for leaf in leaves if leaf in alarms}
    # A capture was taken at a rare moment where an alarm's settings keep it in another state (A6 to A8, no default).
    kept = {
        leaf: next(iter(rests(leaf) - {"OK"})) for leaf in captured if len(rests(leaf)) == 1 and rests(leaf) != {"OK"}
    }
    shown = [sorted({captured[leaf], kept.get(leaf, captured[leaf])}) for leaf in captured]
    loud = [
        any(
            acts(dict(zip(captured, states, strict=True)) | dict(zip(hidden, others, strict=True)) | after)
            for others in itertools.product(STATES, repeat=len(hidden))
        )
        for states in itertools.product(*shown)
    ]
    if not any(loud):
        # V3 says unknown where somebody else may publish into the metrics of the others, C5 that captures decide.
        return NOT_OK if any(len(rests(leaf)) > 1 for leaf in captured) else BROKEN
    if not all(
        acts(dict(zip(leaves, states, strict=True)) | after) for states in itertools.product(STATES, repeat=len(leaves))
    ):
        return UNKNOWN if all(loud) else all_of([UNKNOWN, (0, 1)])
    return any_of([OK])
