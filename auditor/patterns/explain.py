"""A filter pattern in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.patterns.engine.budget import UndecidableError
from auditor.patterns.engine.question import Question
from auditor.patterns.parse import parse
from auditor.patterns.readings import READINGS, mixes_optional, touched
from auditor.patterns.syntax import (
    AllOf,
    AnyElement,
    AnyMember,
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
    Rest,
    Selector,
    Term,
    Terms,
    Value,
    print_selector,
)
from auditor.text import count, listing, one_line

_ORDER = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def explain(pattern: Pattern | str) -> str:
    """What the pattern counts, in lines of words, and the open readings that could matter to it.

    Raises PatternSyntaxError.
    """
    parsed = parse(pattern) if isinstance(pattern, str) else pattern
    lines = list(_root(parsed))
    lines += _extremes(parsed)
    names = touched(parsed)
    lines += [f"Read so: {reading.taken} ({name})." for name, reading in READINGS.items() if name in names]
    return "\n".join(lines)


def _root(pattern: Pattern) -> Iterator[str]:
    match pattern.root:
        case Everything():
            yield "The empty pattern: counts every event."
        case Terms(terms):
            yield "A pattern of terms: counts a message if its text"
            yield from _bullets(list(_terms(terms)))
        case Fields(fields):
            yield f"A space-delimited pattern: counts a message if its words fit {count(len(fields), 'field')}:"
            for place, item in enumerate(fields, 1):
                if isinstance(item, Rest):
                    yield f"- {place}: any number of words"
                elif item.condition is None:
                    yield f"- {place}: any word ({item.name or 'without a name'})"
                else:
                    yield f"- {place}: a word for which {_sentence(item.condition)}"
        case condition:
            yield "A JSON pattern: counts a JSON event if"
            yield from _tree(condition)


def _bullets(items: Sequence[str], depth: int = 0) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {item}"


def _terms(terms: tuple[Term, ...]) -> Iterator[str]:
    mixed = mixes_optional(terms)
    optional = [term for term in terms if term.sign == "?"]
    for term in terms:
        if term.sign != "?":
            yield f"{'does not contain' if term.sign else 'contains'} {_term(term)}"
    if optional and not mixed:
        yield f"contains {listing([_term(term) for term in optional], 'or')}"


def _term(term: Term) -> str:
    if isinstance(term.what, Regex):
        return f"the regular expression {one_line(term.what.source)}"
    return _quoted(term.what)


def _tree(condition: Condition, depth: int = 0) -> Iterator[str]:
    """One line for each part; lists of values of one field are one line."""
    parts = _grouped(condition)
    if len(parts) > 1:
        word = "all of these hold:" if isinstance(condition, AllOf) else "one of these holds:"
        yield f"{'  ' * depth}- {word}"
        depth += 1
    for part in parts:
        if isinstance(part, list):
            yield f"{'  ' * depth}- {_one_of(part)}"
        elif isinstance(part, AllOf | AnyOf):
            yield from _tree(part, depth)
        else:
            yield f"{'  ' * depth}- {_sentence(part)}"


def _grouped(condition: Condition) -> list[Condition | list[Compare]]:
    """The parts, with ``=`` of one selector under ``||`` and ``!=`` of one under ``&&`` gathered in lists."""
    if not isinstance(condition, AllOf | AnyOf):
        return [condition]
    operator = "=" if isinstance(condition, AnyOf) else "!="
    groups: dict[Selector, list[Compare]] = {}
    for part in condition.parts:
        if isinstance(part, Compare) and part.operator == operator:
            groups.setdefault(part.selector, []).append(part)
    parts: list[Condition | list[Compare]] = []
    for part in condition.parts:
        if isinstance(part, Compare) and part.operator == operator and len(groups[part.selector]) > 1:
            if groups[part.selector][0] is part:
                parts.append(groups[part.selector])
        else:
            parts.append(part)
    return parts


def _one_of(parts: list[Compare]) -> str:
    values = [_value(part.value) for part in parts]
    subject = _subject(parts[0].selector)
    if parts[0].operator == "=":
        return f"{subject} is {listing(values, 'or')}"
    return f"{subject} is there as a text or number, and is neither {listing(values, 'nor')}"


def _sentence(condition: Condition) -> str:
    match condition:
        case AllOf(parts):
            return "(" + listing([_sentence(part) for part in parts]) + ")"
        case AnyOf(parts):
            return "(" + listing([_sentence(part) for part in parts], "or") + ")"
        case NotExists(selector):
            return f"{_subject(selector)} is absent"
        case Is(selector, constant):
            return f"{_subject(selector)} is the JSON constant {constant.lower()}"
        case Compare(selector, "=", value):
            return f"{_subject(selector)} is {_value(value)}"
        case Compare(selector, "!=", value):
            return f"{_subject(selector)} is there as a text or number, and is not {_value(value)}"
        case Compare(selector, operator, value):
            return f"{_subject(selector)} is a number {_ORDER[operator]} {_value(value)}"
    raise AssertionError(condition)


def _subject(selector: Selector) -> str:
    text = one_line(print_selector(selector).removeprefix("$").removeprefix("."))
    wildcard = any(isinstance(step, AnyElement | AnyMember) for step in selector)
    return f"some {text}" if wildcard else text


def _value(value: Value) -> str:
    match value:
        case Numeral(text):
            return text
        case Regex(source):
            return f"a text in which the regular expression {one_line(source)} is found"
        case Glob((text,)):
            return _quoted(text)
        case Glob(("", "")):
            return "any text or number"
        case Glob((start, "")):
            return f"a text that starts with {_quoted(start)}"
        case Glob(("", end)):
            return f"a text that ends with {_quoted(end)}"
        case Glob(("", middle, "")):
            return f"a text that contains {_quoted(middle)}"
        case Glob(pieces):
            return f"a text of the form {_quoted('*'.join(pieces))}"


def _quoted(text: str) -> str:
    return f'"{one_line(text)}"'


def _extremes(pattern: Pattern) -> Iterator[str]:
    if pattern.kind == "all":
        return
    try:
        question = Question([pattern])
        if not question.exists([True]):
            yield "No event can match it."
        elif pattern.kind == "json" and not question.exists([False], question.formulas.true):
            yield "Every JSON event matches it."
    except UndecidableError:
        yield "Whether any event can match it was not found out: the pattern is too large."
