"""The LALR grammar of posture rules, and the tree that it builds."""

from __future__ import annotations

from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, v_args

from auditor.errors import AuditorError
from auditor.gsl.functions import FUNCTIONS, LIST_STEPS, UNITS, nearest
from auditor.gsl.regexes import RegexError, compiled
from auditor.gsl.syntax import (
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Compare,
    Expression,
    GroupBy,
    Holds,
    Item,
    Like,
    ListStep,
    Literals,
    Not,
    Number,
    OneOf,
    Operand,
    Path,
    RegexMatch,
    Rule,
    Step,
    Text,
    Unestablished,
    Value,
)

RESERVED = (
    "and",
    "or",
    "not",
    "in",
    "like",
    "unlike",
    "regexMatch",
    "where",
    "should",
    "have",
    "exclude",
    "true",
    "false",
)

_END = r"(?![A-Za-z0-9_:.-])"

GRAMMAR = rf"""
start: target [where] VERB _any [exclude]
target: PATH | LIST "<" PATH ">"
where: _WHERE _any
exclude: _EXCLUDE _any
_any: any_of
any_of: all_of (_OR all_of)*
all_of: _unary (_AND _unary)*
_unary: negation | "(" _any ")" | test
negation: _NOT _unary
test: value [_comparison]
_comparison: compare | like | one_of | regex_match | unestablished
compare: OPERATOR value
like: _LIKE STRING
one_of: _IN "(" value ("," value)* ")"
regex_match: _REGEX_MATCH REGEX
unestablished: UNESTABLISHED value
value: _operand (list_step | call)*
_operand: path | item | literal | call
list_step: PATH "[" _any "]"
call: PATH "(" [value ("," value)*] ")"
path: PATH
item: DOLLAR
literal: STRING | NUMBER | BOOLEAN

VERB: /should(\s+not{_END})?(\s+have{_END})?{_END}/
LIST.2: /List(?=\s*<)/
_WHERE: /where{_END}/
_EXCLUDE: /exclude{_END}/
_OR: /or{_END}/
_AND: /and{_END}/
_NOT: /not{_END}/
_LIKE: /like(?![A-Za-z0-9_:-])/
_IN: /in{_END}/
_REGEX_MATCH: /regexMatch{_END}/
UNESTABLISHED: /unlike{_END}|~/
OPERATOR: /!=|<=|>=|=|<|>/
PATH: /(?!(?:{"|".join(RESERVED)}){_END})[A-Za-z_][A-Za-z0-9_]*(?:[.:-][A-Za-z0-9_]+)*/
DOLLAR: "$"
STRING: /'(?:\\'|[^'\\]|\\(?!'))*'/
NUMBER: /-?[0-9]{{1,18}}(?![0-9A-Za-z_.])/
BOOLEAN: /(?:true|false){_END}/
REGEX: /\/(?:\\.|[^\/\\\n])+\/[A-Za-z]*/
%ignore /\s+/
"""


class TokenError(AuditorError):
    """Something that the grammar lets through and the language does not: where, what was expected, advice."""

    def __init__(self, offset: int, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected
        self.advice = advice


def _place(token: Token) -> int:
    return token.start_pos or 0


def _flat(kind: type[AllOf] | type[AnyOf], parts: tuple[Expression, ...]) -> Expression:
    if len(parts) == 1:
        return parts[0]
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))


@v_args(inline=True)
class _Builder(Transformer[Token, object]):
    """Builds the syntax tree while the parser runs."""

    def start(
        self, target: Token, where: Expression | None, verb: Token, condition: Expression, exclude: Expression | None
    ) -> Rule:
        negated = "not" in verb.split()
        is_list = target.type == "LIST"
        return Rule("posture", target.value, is_list, where, negated, condition, exclude, "", _place(target))

    def target(self, first: Token, inner: Token | None = None) -> Token:
        entity = first if inner is None else inner
        if not entity.isidentifier():
            raise TokenError(_place(entity), "the name of an entity type, such as CloudTrail")
        return entity if inner is None else Token("LIST", entity.value, entity.start_pos)

    def where(self, condition: Expression) -> Expression:
        return condition

    exclude = where

    def any_of(self, *parts: Expression) -> Expression:
        return _flat(AnyOf, parts)

    def all_of(self, *parts: Expression) -> Expression:
        return _flat(AllOf, parts)

    def negation(self, part: Expression) -> Expression:
        # Kleene's not is its own inverse.
        return part.part if isinstance(part, Not) else Not(part)

    def test(self, value: Value, comparison: tuple[Any, ...] | None = None) -> Expression:
        if comparison is None:
            return Holds(value)
        kind, *rest = comparison
        test: Expression = kind(value, *rest)
        return test

    def compare(self, operator: Token, right: Value) -> tuple[object, ...]:
        return Compare, operator.value, right

    def like(self, pattern: Token) -> tuple[object, ...]:
        return Like, _text(pattern)

    def one_of(self, *choices: Value) -> tuple[object, ...]:
        return OneOf, choices

    def regex_match(self, regex: Token) -> tuple[object, ...]:
        source, _, flags = regex.value[1:].rpartition("/")
        if flags not in ("", "i"):
            raise TokenError(_place(regex) + len(source) + 2, "the flag i, or none")
        try:
            compiled(source, flags)
        except RegexError as error:
            raise TokenError(_place(regex) + 1 + error.offset, error.expected) from None
        return RegexMatch, source, flags

    def unestablished(self, name: Token, right: Value) -> tuple[object, ...]:
        return Unestablished, name.value, right, _place(name)

    def value(self, operand: Operand, *steps: Step) -> Value:
        if isinstance(operand, Call) and not FUNCTIONS[operand.name].gap:
            raise TokenError(operand.offset, "a field", f"A function stands after its object: FIELD {operand}.")
        return Value(operand, steps)

    def list_step(self, name: Token, condition: Expression) -> ListStep | GroupBy:
        if name.value not in LIST_STEPS:
            raise TokenError(_place(name), "with, contain or another list step", _likely(name, LIST_STEPS))
        if name.value != "groupBy":
            return ListStep(name.value, condition, _place(name))
        match condition:
            case Holds(Value(Path() as path, ())):
                return GroupBy(path, _place(name))
        raise TokenError(_place(name) + len("groupBy"), "one field in brackets")

    def call(self, name: Token, *arguments: Value | None) -> Call:
        function = FUNCTIONS.get(name.value)
        if function is None:
            raise TokenError(_place(name), "the name of a function", _likely(name, FUNCTIONS))
        arguments_given = tuple(argument for argument in arguments if argument is not None)
        if function.parameters is not None:
            _check_arguments(name, arguments_given)
        return Call(name.value, arguments_given, _place(name))

    def path(self, token: Token) -> Path:
        lower = token.value.lower()
        if lower in RESERVED:
            raise TokenError(_place(token), "a field", f"Keywords are written in lower case: {lower}.")
        if lower in ("null", "none", "nil"):
            raise TokenError(_place(token), "a field", f"There is no {token.value}: not FIELD says that it is absent.")
        return Path(token.value, _place(token))

    def item(self, token: Token) -> Item:
        return Item(_place(token))

    def literal(self, token: Token) -> Literals:
        if token.type == "STRING":
            return _text(token)
        if token.type == "NUMBER":
            return Number(int(token), _place(token))
        return Boolean(token.value == "true", _place(token))


def _text(token: Token) -> Text:
    return Text(token.value[1:-1].replace("\\'", "'"), _place(token))


def _likely(name: Token, names: dict[str, Any]) -> str:
    if name.lower() in RESERVED:
        return f"Keywords are written in lower case: {name.lower()}."
    glued = next((candidate for candidate in names if name.endswith(candidate) and name.value != candidate), None)
    if glued:
        return f"A blank is missing before {glued}: write {name.removesuffix(glued).removesuffix('.')} {glued}."
    near = nearest(name.value, names)
    return f"Did you mean {near}?" if near else f"Known are {', '.join(names)}."


def _check_arguments(name: Token, given: tuple[Value, ...]) -> None:
    parameters = FUNCTIONS[name.value].parameters or ()
    if len(given) != len(parameters):
        wanted = ", ".join(
            {"number": "a number", "text": "a string", "unit": "a unit"}[parameter] for parameter in parameters
        )
        place = _place(name) + len(name)
        if not wanted:
            raise TokenError(place, "() without arguments", f"A function stands after its object: FIELD {name}().")
        raise TokenError(place, f"({wanted})")
    for parameter, value in zip(parameters, given, strict=True):
        match parameter, value:
            case "number", Value(Number(), ()):
                continue
            case "text", Value(Text(), ()):
                continue
            case "unit", Value(Text(unit), ()) if unit in UNITS:
                continue
        offset = value.operand.offset
        if parameter == "unit":
            raise TokenError(offset, f"a unit of time: {', '.join(map(repr, UNITS))}")
        raise TokenError(offset, "a number" if parameter == "number" else "a string in single quotes")


@cache
def parser() -> Lark:
    """The parser; made at first use."""
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=True)
