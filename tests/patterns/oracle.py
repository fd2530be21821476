"""An SMT solver as the judge of ``relate``: the meaning of JSON patterns once more, as formulas for z3.

For patterns over plain selectors (no ``[*]``, ``.*``) in which a value with wildcards or a regular
expression cannot fit a number's text unless it fits all: strings as z3's sequences and regular expressions,
numbers as reals, presence and type of each node as an enumeration.

``python -m tests.patterns.oracle PAIRS SEED`` runs it on random pairs, ``… real`` on real ones, and counts.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from random import Random

import z3

from auditor.patterns import Pattern, PatternSyntaxError, parse, relate
from auditor.patterns.numbers import Number
from auditor.patterns.readings import conditions
from auditor.patterns.relation import relation_of
from auditor.patterns.syntax import (
    NUMBER,
    AllOf,
    AnyElement,
    AnyMember,
    AnyOf,
    Branch,
    Characters,
    Compare,
    Condition,
    Glob,
    Index,
    Is,
    Name,
    NotExists,
    Numeral,
    Regex,
    Selector,
    Value,
)
from auditor.verdict import Relation
from tests.patterns.sampling import PLAIN_SELECTORS, json_pattern

VALUES = ("x", "x*", "*", '""', "1", '"1"', "10", "1e1", '"1e1"', "*y", "x*y", "true", '"x y"', "%^x%", "%x|y$%")

_KINDS = ("absent", "null", "true", "false", "number", "string", "object", "array")
_KIND = {name: number for number, name in enumerate(_KINDS)}
EFFORT = 1_000_000  # of one question, in z3's own count: the same on every machine; others need some 10,000


class Model:
    """The nodes that two patterns speak of, as variables, and what JSON demands of them."""

    def __init__(self) -> None:
        self.demands: list[z3.BoolRef] = []
        self._kinds: dict[Selector, z3.ArithRef] = {}

    def kind(self, place: Selector) -> z3.ArithRef:
        """The type of the node at ``place``; with it those above it, and the elements before it."""
        if place in self._kinds:
            return self._kinds[place]
        kind = self._kinds[place] = z3.Int(f"kind{place}")
        self.demands += [kind >= 0, kind < len(_KINDS)]
        step = place[-1]
        if len(place) == 1:
            if isinstance(step, Index):
                self.demands.append(kind == _KIND["absent"])
            return kind
        above = self.kind(place[:-1])
        holder = "object" if isinstance(step, Name) else "array"
        self.demands.append(z3.Implies(kind != _KIND["absent"], above == _KIND[holder]))
        if isinstance(step, Index) and step.position:
            before = self.kind((*place[:-1], Index(step.position - 1)))
            self.demands.append(z3.Implies(kind != _KIND["absent"], before != _KIND["absent"]))
        return kind

    def formula(self, condition: Condition) -> z3.BoolRef:
        """The meaning of a condition."""
        match condition:
            case AllOf(parts):
                return z3.And([self.formula(part) for part in parts])
            case AnyOf(parts):
                return z3.Or([self.formula(part) for part in parts])
            case NotExists(selector):
                return self.kind(selector) == _KIND["absent"]
            case Is(selector, constant):
                return self.kind(selector) == _KIND[constant.lower()]
            case Compare(selector, operator, value):
                return self._compare(selector, operator, value)
        raise AssertionError(condition)

    def _compare(self, place: Selector, operator: str, value: Value) -> z3.BoolRef:
        kind, text, number = self.kind(place), z3.String(f"text{place}"), z3.Real(f"number{place}")
        if operator in ("=", "!="):
            texts, numbers = _text(text, value), _number(number, value)
            if operator == "!=":
                texts, numbers = z3.Not(texts), z3.Not(numbers)
            return z3.Or(z3.And(kind == _KIND["string"], texts), z3.And(kind == _KIND["number"], numbers))
        assert isinstance(value, Numeral)
        bound = z3.RealVal(value.text)
        ordered = {"<": number < bound, "<=": number <= bound, ">": number > bound, ">=": number >= bound}
        return z3.And(kind == _KIND["number"], ordered[operator])


def _text(text: z3.SeqRef, value: Value) -> z3.BoolRef:
    match value:
        case Numeral(written):
            return text == z3.StringVal(written)
        case Glob((word,)):
            return text == z3.StringVal(word)
        case Glob(pieces):
            parts = [_exactly(pieces[0])]
            for piece in pieces[1:]:
                parts += [_anything(), _exactly(piece)]
            return z3.InRe(text, z3.Concat(parts))
        case Regex(_, branches):
            return z3.Or([z3.InRe(text, _branch(branch)) for branch in branches])


def _number(number: z3.ArithRef, value: Value) -> z3.BoolRef:
    match value:
        case Numeral(written):
            return number == _real(written)
        case Glob((word,)) if NUMBER.fullmatch(word) and Number.parse(word).plain() == word:
            return number == _real(word)
        case Glob(pieces):
            return z3.BoolVal(pieces == ("", ""))
        case Regex():
            return z3.BoolVal(False)


def _real(written: str) -> z3.RatNumRef:
    mantissa, _, power = written.partition("e")
    return z3.simplify(z3.RealVal(mantissa) * z3.RealVal(10) ** int(power or 0))


def _anything() -> z3.ReRef:
    return z3.Full(z3.ReSort(z3.StringSort()))


def _exactly(piece: str) -> z3.ReRef:
    return z3.Re(z3.StringVal(piece))


def _branch(branch: Branch) -> z3.ReRef:
    parts = [] if branch.at_start else [_anything()]
    for item in branch.items:
        assert item.least == item.most == 1
        parts.append(_one(item.characters))
    parts += [] if branch.at_end else [_anything()]
    return z3.Concat(parts) if len(parts) > 1 else parts[0]


def _one(characters: Characters) -> z3.ReRef:
    (character,) = characters.members
    return _exactly(character)


def judged(left: Pattern, right: Pattern) -> Relation:
    """The relation according to z3; *undecidable* where it gives up."""
    model = Model()
    formulas = [model.formula(pattern.root) for pattern in (left, right)]  # type: ignore[arg-type]
    found: list[bool | None] = []
    for wanted in ((True, False), (False, True), (True, True)):
        solver = z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.add(*model.demands)
        solver.add(*(form if want else z3.Not(form) for form, want in zip(formulas, wanted, strict=True)))
        answer = solver.check()
        found.append(None if answer == z3.unknown else answer == z3.sat)
    return relation_of(*found)


def supported(pattern: Pattern) -> bool:
    """Whether the pattern is in the part of the language that this module knows."""
    return pattern.kind == "json" and all(
        not any(isinstance(step, AnyElement | AnyMember) for step in single.selector)
        and not (isinstance(single, Compare) and _may_fit_a_number(single.value))
        for single in conditions(pattern.root)  # type: ignore[arg-type]
    )


def _may_fit_a_number(value: Value) -> bool:
    if isinstance(value, Regex):
        return any(item.characters.negated or item.least != 1 for branch in value.branches for item in branch.items)
    return (
        isinstance(value, Glob)
        and len(value.pieces) > 1
        and value.pieces != ("", "")
        and set("".join(value.pieces)) <= set("0123456789.-")
    )


def pair_of(seed: int) -> tuple[Pattern, Pattern]:
    """The pair of patterns of a seed: over few selectors, so that they have something to do with one another."""
    random = Random(seed)
    selectors = random.sample(PLAIN_SELECTORS, random.randint(1, 3))
    found: list[Pattern] = []
    while len(found) < 2:
        try:
            found.append(parse(json_pattern(random, 2, selectors, VALUES)))
        except PatternSyntaxError:  # past the quota of regular expressions
            continue
    return found[0], found[1]


def disagreements(cases: Iterable[tuple[Pattern, Pattern]]) -> tuple[Counter[str], list[str]]:
    """How often each relation came out, and the pairs on which z3 and ``relate`` differ."""
    counts: Counter[str] = Counter()
    wrong = []
    for left, right in cases:
        expected = judged(left, right)
        if expected is Relation.UNDECIDABLE:
            counts["given up by z3"] += 1
            continue
        found = relate(left, right).relation
        counts[found.value] += 1
        if found is not expected:
            wrong.append(f"{left} | {right}: {found.value}, z3 says {expected.value}")
    return counts, wrong


def real_pairs() -> list[tuple[Pattern, Pattern]]:
    """All pairs of distinct real patterns of one control, as far as they are supported."""
    groups: dict[str, set[Pattern]] = {}
    for case in json.loads((Path(__file__).parent / "data" / "wild.json").read_text("utf-8"))["patterns"]:
        if case["control"] and "column" not in case and supported(parse(case["pattern"])):
            groups.setdefault(case["control"], set()).add(parse(case["pattern"]))
    return [pair for group in groups.values() for pair in combinations(sorted(group, key=str), 2)]


if __name__ == "__main__":
    if sys.argv[1] == "real":
        chosen = real_pairs()
    else:
        number, first = int(sys.argv[1]), int(sys.argv[2])
        chosen = [pair_of(seed) for seed in range(first, first + number)]
    totals, differing = disagreements(chosen)
    print(dict(totals), *differing, sep="\n")
    print(f"{len(differing)} disagreements in {len(chosen):,} pairs")
