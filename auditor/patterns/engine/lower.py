"""From a pattern to the formula that says what it counts, under the readings taken or their alternatives."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.patterns import readings as open_to
from auditor.patterns.engine.atoms import SCALAR, Differs, Exists, Fits, Ordered, Same, Shape, Test, Words
from auditor.patterns.engine.decimals import JSON_NUMBER, ordered
from auditor.patterns.engine.fields import fields_language
from auditor.patterns.engine.formula import MESSAGE, Formulas, Node, single
from auditor.patterns.engine.languages import EVERY_TEXT, Language, containing, exactly, of_glob, of_regex
from auditor.patterns.engine.machines import Leftmost, accepts
from auditor.patterns.numbers import Number
from auditor.patterns.readings import fits, fits_leftmost, mixes_optional
from auditor.patterns.syntax import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Everything,
    Fields,
    Glob,
    Is,
    NotExists,
    Numeral,
    Pattern,
    Regex,
    Selector,
    Term,
    Terms,
)

Readings = frozenset[str]

_SHAPES = {"NULL": Shape.NULL, "TRUE": Shape.TRUE, "FALSE": Shape.FALSE}


def lower(pattern: Pattern, formulas: Formulas, readings: Readings = frozenset()) -> Node:
    """The formula of a pattern: over selectors for a JSON pattern, over the message's text for the others."""
    match pattern.root:
        case Everything():
            return formulas.true
        case Terms(terms):
            return _terms(terms, formulas, readings)
        case Fields() as fields:
            if not fields.fields:
                return formulas.true
            exact = open_to.SURPLUS_WORDS in readings
            return formulas.test(MESSAGE, Fits(fields_language(fields, exact)))
        case condition:
            return _condition(condition, formulas, readings)


def _condition(condition: Condition, formulas: Formulas, readings: Readings) -> Node:
    match condition:
        case AllOf(parts):
            return formulas.all_of(_condition(part, formulas, readings) for part in parts)
        case AnyOf(parts):
            return formulas.any_of(_condition(part, formulas, readings) for part in parts)
        case NotExists(selector):
            return formulas.test(selector, Exists(), positive=False)
        case Is(selector, constant):
            return formulas.test(selector, Same(_SHAPES[constant]))
        case Compare(selector, "=", _):
            return _any(formulas, selector, _equal(condition, readings))
        case Compare(selector, "!=", _):
            return _unequal(condition, formulas, readings)
        case Compare(selector, operator, Numeral(text)):
            bound = Number.parse(text)
            tests: list[Test] = [Ordered(operator, bound)]
            if open_to.TEXT_ORDER in readings:
                tests.append(Fits(ordered(operator, bound), numbers=False))
            return _any(formulas, selector, tests)
    raise AssertionError(condition)


def _any(formulas: Formulas, place: Selector, tests: Iterable[Test]) -> Node:
    return formulas.any_of([formulas.test(place, test) for test in tests])


def _core(condition: Compare, readings: Readings) -> Words | Fits:
    """What ``=`` asks of a string or number."""
    value = condition.value
    written = open_to.NUMBER_TEXT in readings
    if isinstance(value, Numeral):
        strings = [] if open_to.NUMERAL_TEXT in readings else [value.text]
        return Words(frozenset(strings), frozenset([Number.parse(value.text)]))
    if isinstance(value, Regex):
        return Fits(of_regex(value), written=written)
    if len(value.pieces) > 1:
        language = _leftmost(value) if open_to.LEFTMOST_WILDCARD in readings else of_glob(value)
        return Fits(language, written=written and language is not EVERY_TEXT)
    (text,) = value.pieces
    if written and JSON_NUMBER.fullmatch(text):
        return Fits(exactly(text), written=True)
    return Words(frozenset([text]), frozenset(_number_written(text)))


def _number_written(text: str) -> list[Number]:
    """The number whose plain text this is, if any."""
    try:
        number = Number.parse(text)
    except ValueError:
        return []
    return [number] if number.plain() == text else []


def _leftmost(glob: Glob) -> Language:
    """The texts that fit a value if each piece after a wildcard is taken at its first place."""
    if not glob.pieces[-1]:
        return of_glob(glob)  # whatever follows the pieces fits, so the first places are as good as any
    return Language(f"leftmost {'*'.join(glob.pieces)} {len(glob.pieces)}", (), automaton=Leftmost(glob.pieces))


def _equal(condition: Compare, readings: Readings) -> list[Test]:
    tests: list[Test] = [_core(condition, readings)]
    if open_to.BOOLEAN_TEXT in readings:
        tests += [Same(shape) for shape in (Shape.TRUE, Shape.FALSE) if _word_fits(condition, shape, readings)]
    return tests


def _word_fits(condition: Compare, shape: Shape, readings: Readings) -> bool:
    value = condition.value
    if isinstance(value, Glob):
        return (fits_leftmost if open_to.LEFTMOST_WILDCARD in readings else fits)(value, shape.value)
    return isinstance(value, Regex) and accepts(of_regex(value), shape.value)


def _unequal(condition: Compare, formulas: Formulas, readings: Readings) -> Node:
    """``!=``: a text or number that ``=`` does not match, and what the other readings add."""
    place = condition.selector
    comparable = [
        *([Shape.NULL] if open_to.NULL_NOT_EQUAL in readings else []),
        *([Shape.TRUE, Shape.FALSE] if open_to.BOOLEAN_TEXT in readings else []),
    ]
    if single(place) or open_to.WILDCARD_NOT_EQUAL in readings:
        different = formulas.all_of(
            [
                _any(formulas, place, [SCALAR, *map(Same, comparable)]),
                formulas.negate(_any(formulas, place, _equal(condition, readings))),
            ]
        )
    else:
        equal = [test.shape for test in _equal(condition, readings) if isinstance(test, Same)]
        shapes = frozenset(shape for shape in comparable if shape not in equal)
        different = formulas.test(place, Differs(_core(condition, readings), shapes))
    if open_to.MISSING_NOT_EQUAL in readings:
        return formulas.any_of([different, formulas.test(place, Exists(), positive=False)])
    return different


def _terms(terms: tuple[Term, ...], formulas: Formulas, readings: Readings) -> Node:
    optional = [term for term in terms if term.sign == "?"]
    if mixes_optional(terms) and open_to.OPTIONAL_TERMS not in readings:
        optional = []
    needed = [_term(term, formulas) for term in terms if term.sign != "?"]
    return formulas.all_of([*needed, *([formulas.any_of(_term(t, formulas) for t in optional)] if optional else [])])


def _term(term: Term, formulas: Formulas) -> Node:
    language = of_regex(term.what) if isinstance(term.what, Regex) else containing(term.what)
    return formulas.test(MESSAGE, Fits(language), positive=term.sign != "-")
