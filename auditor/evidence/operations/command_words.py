"""The words of a recorded command, in whatever form a script wrote it: a text, words, lines, an object of options."""

from __future__ import annotations

import json
import re
import shlex

from auditor.evidence.item import letters_of

# What separates commands or sends an answer elsewhere, outside of quotation marks; and what escapes the end of a line.
_QUOTED_OR_OPERATOR = re.compile(
    r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|(?P<operator>(?:(?<!\S)[0-9]|&)?>>?(?:&[0-9-])?|<|\|\|?|&&?|;|\n)""", re.DOTALL
)
_CONTINUED = re.compile(r"[\\`^]\r?\n")
_DASHES = re.compile(r"^[‐-―−]{1,2}(?=[A-Za-z])")  # as word processors and mail programs put them for "--"
_NAMES = ("name", "option", "key", "flag", "argument", "parameter", "parametername")
_VALUES = ("value", "values", "val", "parametervalue")
_LINE = re.compile(r"aws(?:\.exe)?\s|[|;&<>]|[0-9]?>")  # of an element of a list that is more than a word
_DEEPEST = 4  # lists of lists


def given(value: object) -> tuple[str, ...] | None:
    """The words of a recorded command line, be it one text, a list of words, a list of texts, or an object of options;
    None if it is none. What is no text in a list (a list, an object with name and value) is read as what it holds.

    >>> given(["--region us-east-1 --log-group-name 'a b'"])
    ('--region', 'us-east-1', '--log-group-name', 'a b')
    >>> given(["--query", "MetricAlarms[?A == 'b']"])
    ('--query', "MetricAlarms[?A == 'b']")
    >>> given({"logGroupName": "ct", "includeShadowTrails": False})
    ('--log-group-name', 'ct', '--no-include-shadow-trails')
    >>> given("--region us-east-1|jq .")
    ('--region', 'us-east-1', '|', 'jq', '.')
    """
    words = _given(value, 0)
    return None if words is None else tuple(words)


def _given(value: object, depth: int) -> list[str] | None:
    if isinstance(value, str):
        return _split(value)
    if isinstance(value, dict):
        return _of_object(value)
    if not isinstance(value, list):
        return None
    words: list[str] = []
    for part in value:
        if isinstance(part, str):
            words += _split(part) if _is_line(part, len(value)) else [_unquoted(part)]
        elif isinstance(part, list | dict) and depth < _DEEPEST:
            words += _given(part, depth + 1) or []
        else:
            words.append(json.dumps(part))
    return words


def _of_object(value: dict[str, object]) -> list[str]:
    """The options of an object: one by ``name`` and ``value``, or each member by its own name."""
    members = {letters_of(name): member for name, member in value.items()}
    name = next((members[key] for key in _NAMES if isinstance(members.get(key), str)), None)
    if isinstance(name, str) and members.keys() <= {*_NAMES, *_VALUES}:
        return option(name, next((members[key] for key in _VALUES if key in members), True))
    return [word for member_name, argument in value.items() for word in option(member_name, argument)]


def option(name: str, argument: object) -> list[str]:
    """An option as a record of an SDK's call has it (``{"logGroupName": "ct"}``), in the words of the CLI."""
    words = option_name(name)
    if isinstance(argument, bool):
        return [f"--{words}" if argument else f"--no-{words}"]
    values = argument if isinstance(argument, list) else [argument]
    return (
        []
        if argument is None
        else [f"--{words}", *(value if isinstance(value, str) else json.dumps(value) for value in values)]
    )


def option_name(name: str) -> str:
    """An option's name in the CLI's spelling, without dashes.

    >>> option_name("-FilterNamePrefix")
    'filter-name-prefix'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name.lstrip("-")).replace("_", "-").lower()


def _is_line(part: str, parts: int) -> bool:
    """Whether an element of a list holds several words: all of them, an option with its value, or a command."""
    first, *values = part.split(maxsplit=1) or [""]
    return bool(values) and (parts == 1 or (first.startswith("--") and "=" not in first) or bool(_LINE.match(part)))


def _unquoted(word: str) -> str:
    """A word without the quotation marks that a script left around it, and with the CLI's dashes."""
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        word = word[1:-1]
    return _DASHES.sub("--", word)


def _split(line: str) -> list[str]:
    spaced = _QUOTED_OR_OPERATOR.sub(_apart, _CONTINUED.sub(" ", line.strip()))
    try:
        words = shlex.split(spaced)
    except ValueError:  # a quotation mark without its other half
        words = spaced.split()
    return [_DASHES.sub("--", word) for word in words]


def _apart(match: re.Match[str]) -> str:
    operator = match["operator"]
    if operator is None:
        return match[0]
    return f" {';' if operator == chr(10) else operator} "
