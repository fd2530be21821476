"""The LALR grammar of JSON and space-delimited patterns, and the tree that it builds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from lark import Lark, Token, Transformer, v_args

from auditor.patterns.regex import RegexError, parse_regex
from auditor.patterns.syntax import (
    NUMBER,
    AllOf,
    AnyElement,
    AnyMember,
    AnyOf,
    Compare,
    Condition,
    Field,
    Fields,
    Glob,
    Index,
    Is,
    Name,
    NotExists,
    Numeral,
    Regex,
    Rest,
    Selector,
    Step,
    Value,
)

STEP = r"""(?:\.\*|\.[A-Za-z0-9_-]+|\.?\[(?:[0-9]+|\*|"(?:[^"\\]|\\.)*"|'[^']*')\])"""

GRAMMAR = rf"""
json: "{{" _any "}}"
_any: all_of | any_of
any_of: all_of ("||" all_of)+
all_of: _unit ("&&" _unit)*
_unit: "(" _any ")" | equality | order | is_constant | not_exists
equality: SELECTOR EQUALITY value
order: SELECTOR ORDER BARE
is_constant: SELECTOR IS
not_exists: SELECTOR NOT_EXISTS
value: QUOTED | REGEX | BARE

fields: "[" (_field ("," _field)* unnamed?)? "]"
unnamed: ","
_field: rest | field
rest: "..."
field: WORD | _field_any
_field_any: field_all | field_any
field_any: field_all ("||" field_all)+
field_all: _field_unit ("&&" _field_unit)*
_field_unit: "(" _field_any ")" | field_equality | field_order
field_equality: WORD EQUALITY value
field_order: WORD ORDER BARE

SELECTOR: /\$(?s:{STEP})+/
EQUALITY: /!?=/
ORDER: /[<>]=?/
IS: /IS[ \t\r\n\f\v]+(NULL|TRUE|FALSE)(?![A-Za-z0-9_-])/i
NOT_EXISTS: /NOT[ \t\r\n\f\v]+EXISTS(?![A-Za-z0-9_-])/i
QUOTED: /"(?s:[^"\\]|\\.)*"/
REGEX: /%[^%]*%/
BARE: /[^ \t\r\n\f\v(){{}}\[\]&|=!<>"'%,\\`]+/
WORD: /[A-Za-z0-9_-]+/
%ignore /[ \t\r\n\f\v]+/
"""

_STEPS = re.compile(STEP, re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_STARS = re.compile(r"\*+")


class NotAcceptedError(Exception):
    """A token that the grammar lets through and the language does not: where, and what was expected."""

    def __init__(self, offset: int, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected
        self.advice = advice


def unquote(quoted: str) -> str:
    r"""The text between double quotes: ``\"`` and ``\\`` are escapes, any other backslash is itself."""
    inner = quoted[1:-1]
    return _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner


@lru_cache(maxsize=4096)
def selector_of(text: str) -> Selector:
    """The steps of a selector's text."""
    return tuple(_step(hit[0].removeprefix(".")) for hit in _STEPS.finditer(text, 1))


def _step(text: str) -> Step:
    if not text.startswith("["):
        return AnyMember() if text == "*" else Name(text)
    inner = text[1:-1]
    if inner == "*":
        return AnyElement()
    if inner.startswith("'"):
        return Name(inner[1:-1])
    return Name(unquote(inner)) if inner.startswith('"') else Index(int(inner))


def regex_of(source: str, offset: int) -> Regex:
    """The expression ``source`` that starts at ``offset`` of the pattern. Raises NotAcceptedError."""
    try:
        return parse_regex(source)
    except RegexError as error:
        raise NotAcceptedError(offset + error.offset, error.expected, error.advice) from None


def _flat(kind: type[AllOf] | type[AnyOf], parts: list[Condition]) -> Condition:
    if len(parts) == 1:
        return parts[0]
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, kind):
            flat += part.parts
        else:
            flat.append(part)
    return kind(tuple(flat))


@v_args(inline=True)
class _Builder(Transformer[Token, object]):
    """Builds the syntax tree while the parser runs."""

    def json(self, condition: Condition) -> Condition:
        return condition

    def any_of(self, *parts: Condition) -> Condition:
        return _flat(AnyOf, list(parts))

    def all_of(self, *parts: Condition) -> Condition:
        return _flat(AllOf, list(parts))

    def equality(self, selector: Token, operator: Token, value: Value) -> Condition:
        return Compare(selector_of(selector), operator.value, value)

    def order(self, selector: Token, operator: Token, bare: Token) -> Condition:
        return Compare(selector_of(selector), operator.value, _number(bare))

    def is_constant(self, selector: Token, constant: Token) -> Condition:
        return Is(selector_of(selector), constant.split()[1].upper())  # type: ignore[arg-type]

    def not_exists(self, selector: Token, _: Token) -> Condition:
        return NotExists(selector_of(selector))

    def value(self, token: Token) -> Value:
        if token.type == "REGEX":
            return regex_of(token[1:-1], (token.start_pos or 0) + 1)
        if token.type == "BARE" and NUMBER.fullmatch(token):
            return Numeral(token.value)
        text = unquote(token) if token.type == "QUOTED" else token.value
        return Glob(tuple(_STARS.split(text))) if "*" in text else Glob((text,))

    def fields(self, *fields: Field | Rest) -> Fields:
        return Fields(fields)

    def rest(self) -> Rest:
        return Rest()

    def unnamed(self) -> Field:
        return Field("", None)

    def field(self, item: Token | Condition) -> Field:
        if isinstance(item, Token):
            return Field(item.value, None)
        names = list(_names(item))
        for name in names:
            if name != names[0]:
                raise NotAcceptedError(
                    name.start_pos or 0,
                    f"a condition on {names[0]}",
                    "A field's condition cannot name another field; write it at that field.",
                )
        return Field(names[0].value, item)

    field_any = any_of
    field_all = all_of

    def field_equality(self, word: Token, operator: Token, value: Value) -> Condition:
        return Compare((Name(word),), operator.value, value)

    def field_order(self, word: Token, operator: Token, bare: Token) -> Condition:
        return Compare((Name(word),), operator.value, _number(bare))


def _number(bare: Token) -> Numeral:
    if NUMBER.fullmatch(bare):
        return Numeral(bare.value)
    raise NotAcceptedError(
        bare.start_pos or 0, "a number", "<, <=, > and >= compare numbers only; a text can only be = or !=."
    )


def _names(condition: Condition) -> Iterator[Token]:
    """The field names in a condition, which are still tokens and know their place."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _names(part)
    else:
        (name,) = condition.selector
        assert isinstance(name, Name)
        assert isinstance(name.key, Token)
        yield name.key


@cache
def parser() -> Lark:
    """The parser; made at first use."""
    return Lark(
        GRAMMAR,
        start=["json", "fields"],
        parser="lalr",
        lexer="contextual",
        transformer=_Builder(),
        propagate_positions=False,
        maybe_placeholders=False,
    )
