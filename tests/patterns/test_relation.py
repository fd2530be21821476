"""Relations settled by hand: what the table of docs/patterns.md makes equal, and what it keeps apart."""

from __future__ import annotations

import pytest

from auditor.catalogue import load_controls
from auditor.patterns import match, relate
from auditor.patterns.engine.question import Question
from auditor.patterns.parse import parse
from auditor.patterns.relation import relation_of
from auditor.verdict import Relation


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("{ $.a = x && $.a = y }", "{ $.b = x && $.b = y }", "equal"),  # neither counts anything
        ("{ $.a = x && $.a = y }", "{ $.a = x }", "disjoint"),
        ("{ $.a = x }", "{ $.a = x && $.a = y }", "disjoint"),
        ("{ $.a = * || $.a != * }", "{ $.a = * }", "equal"),
        ("{ $.a = x || $.a != x }", "{ $.a = * }", "equal"),  # no excluded middle: absent is neither
        ("{ $.a != x || $.a != y }", "{ $.a = * }", "equal"),
        ("{ $.a != x }", "{ $.a NOT EXISTS || $.a != x }", "narrower"),
        ("{ $.a != x && $.a NOT EXISTS }", "{ $.b = 1 }", "disjoint"),
        ("{ $.a < 5 || $.a >= 5 }", "{ $.a = * }", "narrower"),
        ("{ $.a > 1 && $.a < 1 }", "{ $.a = 1 && $.a > 1 }", "equal"),
        ("{ $.a >= 1 && $.a <= 1 }", "{ $.a = 1 }", "narrower"),  # the string "1" as well
        ("{ $.a >= 1e2 && $.a <= 100.0 }", "{ $.a = 1e2 && $.a > 0 }", "equal"),
        ("{ $.a = 404 }", '{ $.a = "404" }', "equal"),
        ("{ $.a = 4e2 }", '{ $.a = "4e2" }', "broader"),
        ("{ $.a = 4* && $.a > 0 }", "{ $.a = %^4% && $.a > 0 }", "equal"),
        ("{ $.a = 1* && $.a < 2 && $.a > 1.5 }", "{ $.a < 2 && $.a > 1.5 }", "equal"),
        ("{ $.a = a* || $.a = *a }", "{ $.a = *a* }", "narrower"),
        ("{ $.a = a*a }", "{ $.a = a* && $.a = *a }", "narrower"),  # "a" itself
        ("{ $.a = a*a || $.a = a }", "{ $.a = a* && $.a = *a }", "equal"),
        ("{ $.a = %^a% }", "{ $.a = a* }", "equal"),
        ("{ $.a = %a|b% }", "{ $.a = *a* || $.a = *b* }", "equal"),
        ("{ $.a = %^[ab]c$% }", "{ $.a = ac || $.a = bc }", "equal"),
        ("{ $.a = %^\\d+$% && $.a < 0 }", "{ $.b = 1 }", "disjoint"),
        ("{ $.a.b = 1 }", "{ $.a IS NULL }", "disjoint"),
        ("{ $.a.b = 1 && $.a = * }", "{ $.b = 1 && $.b = 2 }", "equal"),
        ("{ $.a.b NOT EXISTS }", "{ $.a NOT EXISTS }", "broader"),
        ("{ $.a[1] = x }", "{ $.a[0] NOT EXISTS }", "disjoint"),
        ("{ $.a[0] = x }", "{ $.a.b = x }", "disjoint"),
        ("{ $.a[0] = x }", "{ $.a[*] = x }", "narrower"),
        ("{ $.a[*] NOT EXISTS }", "{ $.a[0] NOT EXISTS }", "equal"),
        ("{ $.a[*] = x && $.a[1] NOT EXISTS }", "{ $.a[0] = x && $.a[1] NOT EXISTS }", "equal"),
        ("{ $.a[*] = x && $.a[*] = y && $.a[1] NOT EXISTS }", "{ $.b = 1 && $.b = 2 }", "equal"),
        ("{ $.a[*].b = x }", "{ $.a[*].* = x }", "unparsable"),
        ("{ $.a.* = x }", "{ $.a.b = x }", "broader"),
        ("{ $.a.* NOT EXISTS }", "{ $.a.b NOT EXISTS }", "narrower"),
        ("{ $.* = x }", "{ $.a = x || $.b = x }", "broader"),
        ("{ $.a[*] != x }", "{ $.a[*] = * }", "narrower"),
        ("{ $.a[*] != x || $.a[*] = x }", "{ $.a[*] = * }", "equal"),
        ("{ $[0] = x }", "{ $.b = 1 && $.b = 2 }", "equal"),  # an event is an object
        ("", "{ $.a = * || $.a NOT EXISTS || $.b = 1 }", "broader"),
        ("", " ", "equal"),
        ("{ $.a NOT EXISTS || $.a IS NULL || $.a IS TRUE || $.a IS FALSE || $.a = * }", "", "narrower"),
        ("a b", "b a", "equal"),
        ("a", "ab", "broader"),
        ('"a b"', "a b", "narrower"),
        ("?a ?b", "a", "broader"),
        ("-a", "a", "disjoint"),
        ("a -a", "b -b", "equal"),
        ("%a|b%", "?a ?b", "equal"),
        ("%^a%", "a", "narrower"),
        ("", "a", "broader"),
        ("[]", "", "equal"),
        ("[...]", "", "equal"),
        ("[a]", "", "narrower"),
        ("[a, b]", "[a]", "narrower"),
        ("[a = x]", "[a = x, ...]", "narrower"),
        ("[a = x, ...]", "[..., a = x]", "overlapping"),
        ("[a > 1 && a < 1, ...]", "[a < 5 && a > 6]", "equal"),
        ("[a = 1* && a < 20 && a >= 10, ...]", "[a >= 10 && a < 20, ...]", "narrower"),  # 010, +10
        ("ConsoleLogin", "{ $.eventName = ConsoleLogin }", "broader"),
        ('"eventName"', "{ $.eventName = Console* }", "broader"),
        ("Login", "{ $.eventName = ConsoleLogin || $.eventName = ConsoleSignOut }", "overlapping"),
        ("-ConsoleLogin", "{ $.eventName = ConsoleLogin }", "disjoint"),
        ("foo", "{ $.a = bar }", "overlapping"),
        ("%ConsoleLogin%", "{ $.eventName = ConsoleLogin }", "broader"),
        ("%eventName.*Login%", "{ $.eventName = ConsoleLogin }", "broader"),
        (r"%\x22eventName\x22:\x22Console%", "{ $.eventName = Console* }", "broader"),
        (r"%\x22eventName\x22: \x22Console%", "{ $.eventName = Console* }", "disjoint"),  # no blank in compact JSON
        ("%.*%", "{ $.a = 1 }", "broader"),
        ("-%^a%", "{ $.a = 1 }", "broader"),
        ("%^[^{]%", "{ $.a = 1 }", "disjoint"),
        (r"%^\{\}$%", "{ $.* NOT EXISTS }", "equal"),
        ("?ConsoleLogin ?StopLogging", "{ $.eventName = ConsoleLogin || $.eventName = StopLogging }", "broader"),
        ('ConsoleLogin "Failed x"', '{ $.eventName = ConsoleLogin && $.e = "Failed x" }', "broader"),
        ("ConsoleLogin -Root", "{ $.eventName = ConsoleLogin }", "overlapping"),
        ("true", "{ $.a IS TRUE }", "broader"),
        ("requestParameters", "{ $.requestParameters.name = x }", "broader"),
        ('"x\\"y"', '{ $.a = "x\\"y" }', "disjoint"),  # the quotation mark is escaped in the text
        ('[w = "{*"]', "{ $.a = 1 }", "broader"),
        ("[w = *ConsoleLogin*]", "{ $.eventName = ConsoleLogin }", "broader"),
        ("[w = x*, ...]", "{ $.a = x }", "disjoint"),
        ("[a,]", "[a, b]", "equal"),
        ("[..., a = x,]", "[..., a = x, b]", "equal"),
        ("[a = x,]", "[a = x]", "disjoint"),  # the last field takes the rest
        ('" "', "", "equal"),
        ('""', "{ $.a = 1 }", "broader"),
        ("[a, b]", "{ $.a = bar }", "overlapping"),
        ("{ $.a = 1", "{ $.a = 1 }", "unparsable"),
    ],
)
def test_relation(left: str, right: str, relation: str) -> None:
    comparison = relate(left, right)
    assert comparison.relation == relation, comparison
    turned = {"broader": "narrower", "narrower": "broader"}
    assert relate(right, left).relation == turned.get(relation, relation)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("{ $.x = %^.*a.{15}$% }", "{ $.x = %^.*b.{15}$% }"),
        ("{ $.x = %^.*a.{900}$% }", "{ $.x = %^.*b.{900}$% }"),
    ],
)
def test_what_is_short_from_the_end_is_decided(left: str, right: str) -> None:
    assert relate(left, right).relation is Relation.DISJOINT


def test_a_witness_tells_that_patterns_differ_where_the_relation_is_open() -> None:
    answer = relate("{ $.a = x || $.b = %a{1,99999}b% }", "{ $.a = y || $.b = %a{1,99999}b% && $.b != z }")
    assert (answer.relation, answer.differs) == (Relation.UNDECIDABLE, True)
    assert answer.left_only is not None
    assert "both" in answer.open
    assert answer.error.startswith("it was not found out whether there are events that both patterns count")
    unknown = relate("{ $.a = %a{1,99999}b% }", "{ $.a = %ab% }")
    assert (unknown.relation, unknown.differs, unknown.counts_all) == (Relation.UNDECIDABLE, False, None)


@pytest.mark.parametrize(
    ("left", "right", "missed", "added"),
    [
        ("{ $.eventName = A || $.eventName = B }", "{ $.eventName = B || $.eventName = C }", ("C",), ("A",)),
        ("{ $.eventName = A* }", "{ $.eventName = Ab || $.eventName = B }", ("B",), ()),
        # another condition leaves some events of the name: the name is neither missed nor added
        ("{ $.eventName = A && $.eventSource = s }", "{ $.eventName = A }", (), ()),
        ("{ $.eventName = A && $.b = 1 }", "{ $.eventName = A && $.b = 2 }", ("A",), ("A",)),
        ("{ $.eventName != A }", "{ $.eventName = A || $.eventName = B }", ("A",), ()),
        ("{ $.a = 1 }", "{ $.a = 2 }", (), ()),
        # every name is missed, not the one alone that a pattern happens to mention
        ("{ $.a = 1 }", "{ $.errorCode = X || ($.errorCode = Y && $.eventName != A) }", (), ()),
        ("{ $.eventName = B }", "{ $.errorCode = X || ($.errorCode = Y && $.eventName != A) }", (), ()),
        # so are names that a language accepts, whichever they are
        ("{ $.eventName = A }", "{ $.eventName = A || $.eventName = B || $.eventName = Z* }", (), ()),
        ("{ $.eventName = A }", "{ $.eventName = A || $.eventName = B || $.eventName = %^Z% }", (), ()),
        ("{ $.eventName = A || $.eventName = Zx* }", "{ $.eventName = B || $.eventName = Z* }", (), ("A",)),
        ("{ $.eventName = Z* }", "{ $.eventName = B || $.eventName = Zx* }", ("B",), ()),
    ],
)
def test_names(left: str, right: str, missed: tuple[str, ...], added: tuple[str, ...]) -> None:
    comparison = relate(left, right)
    assert (comparison.missed, comparison.added) == (missed, added)


@pytest.mark.parametrize(
    ("left", "right", "assumptions"),
    [
        ("{ $.a != x }", "{ $.a = * && $.a != x }", ("missing-not-equal", "null-not-equal")),
        ("{ $.a != x || $.a NOT EXISTS }", "{ $.a != x }", ("missing-not-equal",)),
        ("{ $.a = Put*Policy }", "{ $.a = PutBucketPolicy }", ()),
        # a text in which a piece occurs twice: PolicyPolicy
        ('{ $.a = "*Policy" }', "{ $.a = %Policy$% }", ("leftmost-wildcard",)),
        ('{ $.a = "Put*Policy" }', '{ $.a = "Put*Policy" || $.a = PutPolicyPolicy }', ("leftmost-wildcard",)),
        ('{ $.a = "Policy*" }', "{ $.a = %^Policy% }", ()),
        ('{ $.a = "12" }', "{ $.a = %^12$% }", ()),
        ('{ $.a = "12.0" && $.a > 0 }', "{ $.b IS NULL && $.b IS TRUE }", ("quoted-number", "text-order")),
        ('{ $.a = "1.*" }', "{ $.a > 1 && $.a < 2 || $.a = 1.* }", ("quoted-number", "text-order")),
        ("{ $.a = 404 }", '{ $.a = "404" }', ("unquoted-number", "quoted-number")),
        ("{ $.a = false }", "{ $.a = false || $.a IS FALSE }", ("boolean-comparison",)),
        ("{ $.a > 5 && $.a = 6 }", "{ $.a = 6 }", ("unquoted-number", "text-order")),
        ("{ $.a[*] != x && $.a[*] = x }", "{ $.b IS NULL && $.b IS TRUE }", ("wildcard-selector-not-equal",)),
        ("?a b", "a b", ("optional-terms",)),
        ("[a, b = x]", "[a, b = x, ...]", ()),
        ("[a]", "[a, ...]", ("surplus-words",)),
        ("ConsoleLogin", "{ $.eventName = ConsoleLogin }", ("json-text",)),
        ("{ $.eventName = A }", "{ $.eventName = B }", ()),
    ],
)
def test_assumptions(left: str, right: str, assumptions: tuple[str, ...]) -> None:
    assert relate(left, right).assumptions == assumptions


@pytest.mark.parametrize(
    ("left", "right", "left_only", "right_only"),
    [
        ("{ $.eventName = A }", "{ $.eventName = A || $.eventName = B }", None, {"eventName": "B"}),
        (
            '{ $.e = "A*" && $.u.by != cf }',
            '{ $.e = "A*" }',
            None,
            {"e": "A"},  # no u.by at all
        ),
        ("{ $.a = x || $.b.c[1] = y }", "{ $.a = x }", {"b": {"c": [None, "y"]}}, None),
        ("", "{ $.a = 1 }", {}, None),
        ("", "{ $.a = * || $.a NOT EXISTS || $.a IS NULL }", {"a": True}, None),
        ("{ $.a > 1 }", "{ $.a > 2 }", {"a": 2}, None),
        ("a", "b", "a", "b"),
    ],
)
def test_witnesses_are_minimal(left: str, right: str, left_only: object, right_only: object) -> None:
    comparison = relate(left, right)
    assert (comparison.left_only, comparison.right_only) == (left_only, right_only)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("{ $.a[99999] = x }", "{ $.a[*] = x }"),
        ("{ $.a = %a{1,99999}b% }", "{ $.a = %ab% }"),
        ("{ $.a = 1e999999999 }", "{ $.a = 1* }"),
        ("[a > 1e9999]", "[a]"),
    ],
)
def test_what_is_too_large_is_undecidable(left: str, right: str) -> None:
    comparison = relate(left, right)
    assert comparison.relation is Relation.UNDECIDABLE
    assert comparison.error


@pytest.mark.parametrize(
    ("found", "relation"),
    [
        ((True, True, True), "overlapping"),
        ((True, False, True), "broader"),
        ((False, True, True), "narrower"),
        ((False, False, True), "equal"),
        ((False, False, False), "equal"),
        ((True, True, False), "disjoint"),
        ((True, None, False), "disjoint"),
        ((True, False, False), "disjoint"),
        ((None, False, False), "undecidable"),
        ((True, None, True), "undecidable"),
        ((True, False, None), "undecidable"),
        ((None, None, None), "undecidable"),
    ],
)
def test_the_relation_follows_from_the_events(found: tuple[bool | None, ...], relation: str) -> None:
    assert relation_of(*found) == relation


def test_exact_numbers_survive_in_witnesses() -> None:
    left, right = "{ $.a > 0.1000000000000000000000000001 }", "{ $.a > 0.1000000000000000000000000002 }"
    event = relate(left, right).left_only
    assert event is not None
    assert (match(left, event), match(right, event)) == (True, False)


@pytest.mark.parametrize("control", sorted(load_controls()))
def test_words_beside_a_list_of_names_are_decided_by_an_event_made_of_the_names(control: str) -> None:
    required = load_controls()[control].variants["default"].patterns[0].pattern
    question = Question([parse(required), parse("?Delete ?Stop")])
    for wanted in ((True, False), (False, True), (True, True)):
        question.exists(wanted)
    assert question.budget.used < 30_000  # a hundredth of what is given
    assert relate(required, "?Delete ?Stop").relation is Relation.OVERLAPPING
