"""An SMT solver as the judge of patterns of terms: among themselves, and against a JSON pattern.

Among themselves the judge is whole: a message is any string. Against a JSON pattern it knows two kinds of messages,
``{"a":"…"}`` with a text that needs no escapes and any that does not start with a brace: what it finds there must not
be called impossible.

``python -m tests.patterns.oracle_texts PAIRS SEED`` runs it on random pairs and counts.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from random import Random

import z3

from auditor.patterns import Pattern, PatternSyntaxError, parse, relate
from auditor.patterns.regex import ANY
from auditor.patterns.relation import relation_of
from auditor.patterns.syntax import Branch, Characters, Name, Regex, Repeat, Term, Terms
from auditor.verdict import Relation
from tests.patterns.oracle import EFFORT, Model
from tests.patterns.sampling import json_pattern, terms, terms_of_json

KINDS = ((True, False), (False, True), (True, True))
NAMES = ("left_only", "right_only", "both")
_SORT = z3.ReSort(z3.StringSort())
_VALUES = ("x", "x*", "*", "*x", '"a x"', "*y*", "%^x%", "%y|xx%")


def counted(message: z3.SeqRef, pattern: Pattern) -> z3.BoolRef:
    """Whether a pattern of terms counts a message: ``?`` terms are ignored beside others."""
    assert isinstance(pattern.root, Terms)
    optional = [term for term in pattern.root.terms if term.sign == "?"]
    others = [term for term in pattern.root.terms if term.sign != "?"]
    needed = [_occurs(message, term) if not term.sign else z3.Not(_occurs(message, term)) for term in others]
    if optional and not others:
        needed.append(z3.Or([_occurs(message, term) for term in optional]))
    return z3.And(needed)


def _occurs(message: z3.SeqRef, term: Term) -> z3.BoolRef:
    if isinstance(term.what, Regex):
        return z3.Or([z3.InRe(message, _branch(branch)) for branch in term.what.branches])
    return z3.Contains(message, z3.StringVal(term.what))


def _branch(branch: Branch) -> z3.ReRef:
    parts = [] if branch.at_start else [z3.Full(_SORT)]
    parts += [_repeated(item) for item in branch.items]
    parts += [] if branch.at_end else [z3.Full(_SORT)]
    empty = z3.Re(z3.StringVal(""))
    return z3.Concat(empty, empty, *parts)


def _repeated(item: Repeat) -> z3.ReRef:
    one = _one(item.characters)
    if item.most is None:
        return z3.Concat(z3.Loop(one, item.least, item.least), z3.Star(one)) if item.least else z3.Star(one)
    return z3.Loop(one, item.least, item.most)


def _one(characters: Characters) -> z3.ReRef:
    if characters == ANY:
        return z3.AllChar(_SORT)
    singles = [z3.Re(z3.StringVal(character)) for character in sorted(characters.members)]
    listed = z3.Union(*singles) if len(singles) > 1 else singles[0]
    return z3.Intersect(z3.AllChar(_SORT), z3.Complement(listed)) if characters.negated else listed


def _answer(*conditions: z3.BoolRef) -> bool | None:
    solver = z3.Solver()
    solver.set("rlimit", EFFORT)
    solver.add(*conditions)
    answer = solver.check()
    return None if answer == z3.unknown else answer == z3.sat


def of_terms(left: Pattern, right: Pattern) -> Relation:
    """The relation of two patterns of terms according to z3; *undecidable* where it gives up."""
    message = z3.String("message")
    both = [counted(message, pattern) for pattern in (left, right)]
    return relation_of(
        *(_answer(*(f if want else z3.Not(f) for f, want in zip(both, wanted, strict=True))) for wanted in KINDS)
    )


def impossible(text: Pattern, json: Pattern) -> list[str]:
    """The kinds of events that ``relate`` says do not exist and z3 finds."""
    answer = relate(text, json)
    model = Model()
    meaning = model.formula(json.root)  # type: ignore[arg-type]
    value, message = z3.String("text" + str(_A)), z3.String("message")
    plain = z3.InRe(value, z3.Star(_one(Characters(frozenset('"\\' + "".join(map(chr, range(32)))), negated=True))))
    kinds = [model.kind(_A) == 5, model.kind(_B) == 0]  # a string, and absent
    event = [
        *model.demands,
        *kinds,
        plain,
        message == z3.Concat(z3.StringVal('{"a":"'), value, z3.StringVal('"}')),
    ]
    other = [z3.Not(z3.PrefixOf(z3.StringVal("{"), message))]
    wrong = []
    for wanted, name, event_found in zip(KINDS, NAMES, (answer.left_only, answer.right_only, answer.both), strict=True):
        if event_found is not None or name in answer.open:
            continue
        here = counted(message, text) if wanted[0] else z3.Not(counted(message, text))
        shown = _answer(*event, here, meaning if wanted[1] else z3.Not(meaning))
        if shown or (not wanted[1] and _answer(*other, here)):
            wrong.append(name)
    return wrong


_A, _B = (Name("a"),), (Name("b"),)


def drawn(random: Random, make: object, *arguments: object) -> Pattern:
    """A random pattern within AWS's quotas."""
    while True:
        try:
            return parse(make(random, *arguments))  # type: ignore[operator]
        except PatternSyntaxError:
            continue


def disagreements(seeds: Iterable[int]) -> tuple[Counter[str], list[str]]:
    """How often each relation came out, and where z3 and ``relate`` differ."""
    counts: Counter[str] = Counter()
    wrong = []
    for seed in seeds:
        random = Random(seed)
        if seed % 2:
            left, right = (drawn(random, random.choice((terms, terms_of_json))) for _ in range(2))
            expected, found = of_terms(left, right), relate(left, right).relation
            counts["given up by z3" if expected is Relation.UNDECIDABLE else found.value] += 1
            if expected not in (Relation.UNDECIDABLE, found):
                wrong.append(f"{left} | {right}: {found}, z3 says {expected}")
            continue
        left, right = drawn(random, terms_of_json), drawn(random, json_pattern, 1, ("$.a", "$.a", "$.b"), _VALUES)
        counts["json: " + relate(left, right).relation.value] += 1
        wrong += [f"{left} | {right}: {name} exists" for name in impossible(left, right)]
    return counts, wrong


if __name__ == "__main__":
    number, first = int(sys.argv[1]), int(sys.argv[2])
    totals, differing = disagreements(range(first, first + number))
    print(dict(totals), *differing, sep="\n")
    print(f"{len(differing)} disagreements in {number:,} pairs")
