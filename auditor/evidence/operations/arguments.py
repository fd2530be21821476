"""The recorded arguments of a command: what they narrow, where the answer goes on, what they ask about."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterable, Iterator

# Options of the AWS CLI that make an answer say less without showing it (rule X3).
NARROWING = frozenset(
    {
        "--filter-name-prefix", "--metric-name", "--metric-namespace", "--alarm-names", "--alarm-name-prefix",
        "--action-prefix", "--state-value", "--children-of-alarm-name", "--parents-of-alarm-name",
        "--log-group-name", "--log-group-name-prefix", "--log-group-name-pattern", "--log-group-class",
        "--log-group-identifiers", "--account-identifiers", "--policy-name", "--trail-name-list",
        "--no-include-shadow-trails", "--query", "--cli-input-json", "--cli-input-yaml", "--region-names",
        "--filters", "--statuses", "--end-date", "--rule-name-prefix", "--service-principal",
    }
)  # fmt: skip
# They say where an answer goes on: with a token that another capture left, the two are one answer.
_CONTINUING = ("--starting-token", "--next-token")
_OTHERS = ("--region", "--alarm-name")
_FROM_FILES = ("file://", "fileb://")  # any argument may stand in it
_KINDS = "--alarm-types"  # narrows unless metric alarms are among the kinds
_STATES = "--region-opt-status-contains"  # narrows unless it asks for all states in which a region is enabled (T10)
_OF_SHELL = re.compile(r"[0-9&]?[<>]|[|;&]")
_ENABLED = {"ENABLED", "ENABLED_BY_DEFAULT"}


def given(value: object) -> tuple[str, ...] | None:
    """The words of a recorded command line, be it one text, a list of words, a list of texts, or an object of options;
    None if it is none.

    >>> given(["--region us-east-1 --log-group-name 'a b'"])
    ('--region', 'us-east-1', '--log-group-name', 'a b')
    >>> given(["--query", "MetricAlarms[?A == 'b']"])
    ('--query', "MetricAlarms[?A == 'b']")
    >>> given({"logGroupName": "ct", "includeShadowTrails": False})
    ('--log-group-name', 'ct', '--no-include-shadow-trails')
    """
    if isinstance(value, str):
        return tuple(_split(value))
    if isinstance(value, dict):
        return tuple(word for name, argument in value.items() for word in _option(name, argument))
    if not isinstance(value, list):
        return None
    parts = [part if isinstance(part, str) else json.dumps(part) for part in value]
    return tuple(word for part in parts for word in (_split(part) if _is_line(part, len(parts)) else [part]))


def _option(name: str, argument: object) -> list[str]:
    """An option as a record of an SDK's call has it (``{"logGroupName": "ct"}``), in the words of the CLI."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name.lstrip("-")).replace("_", "-").lower()
    if isinstance(argument, bool):
        return [f"--{words}" if argument else f"--no-{words}"]
    values = argument if isinstance(argument, list) else [argument]
    return (
        []
        if argument is None
        else [f"--{words}", *(value if isinstance(value, str) else json.dumps(value) for value in values)]
    )


def _is_line(part: str, parts: int) -> bool:
    """Whether an element of a list holds several words: all of them, or an option with its value."""
    option, *values = part.split(maxsplit=1) or [""]
    return bool(values) and (parts == 1 or (option.startswith("--") and "=" not in option))


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quotation mark without its other half
        return line.split()


def narrowed_by(arguments: tuple[str, ...] | None, own: Collection[str] = ()) -> str:
    """The option among ``arguments`` that narrowed the answer, ``""`` if none (rule X3).

    ``own`` are options that the call is made with to give its whole answer: they say which trail, key or log group.

    The CLI takes the beginning of an option's name for the option. One that tells where the answer goes on is for
    :func:`starting_token`.
    """
    words = arguments or ()
    metric_alarms = "MetricAlarm" in _kinds(words)
    return next((option for option in _narrowing(words, own) if not (metric_alarms and _names_kinds(option))), "")


def alarm_types(arguments: tuple[str, ...] | None) -> frozenset[str]:
    """The types of alarms that were asked for by name, none if something else narrowed the answer (rules C1, X3).

    >>> sorted(alarm_types(("--alarm-types", "MetricAlarm", "CompositeAlarm", "--region", "us-east-1")))
    ['CompositeAlarm', 'MetricAlarm']
    """
    words = arguments or ()
    return _kinds(words) if all(map(_names_kinds, _narrowing(words))) else frozenset()


def _narrowing(words: tuple[str, ...], own: Collection[str] = ()) -> Iterator[str]:
    """The options that narrow an answer, the one that names kinds of alarms among them whatever it names."""
    for word in words:
        option, _, value = word.partition("=")
        if (value or word).startswith(_FROM_FILES):
            yield word
        elif _is_option(option, (_STATES,)):
            if not set(_values(words, _STATES)) >= _ENABLED:
                yield option
        elif _names_kinds(option) or (
            option.startswith("--") and option not in (*own, *_CONTINUING) and _is_option(option, NARROWING)
        ):
            yield option


def _names_kinds(option: str) -> bool:
    return _is_option(option, (_KINDS,))


def _kinds(words: tuple[str, ...]) -> frozenset[str]:
    """The kinds of alarms that are named, each as a word or in a JSON list."""
    return frozenset(kind for value in _values(words, _KINDS) for kind in re.findall(r"\w+", value))


def _is_option(text: str, options: Iterable[str]) -> bool:
    """Whether a text is one of the options or the beginning of its name, and no other option's whole name."""
    return text not in _OTHERS and len(text) > len("--x") and any(option.startswith(text) for option in options)


def starting_token(arguments: tuple[str, ...] | None) -> str:
    """The token with which ``arguments`` ask for the rest of an answer, ``""`` if they do not (rule X3).

    >>> starting_token(("logs", "describe-metric-filters", "--starting-token", "abc"))
    'abc'
    """
    words = arguments or ()
    for number, argument in enumerate(words):
        option, _, value = argument.partition("=")
        if option.startswith("--") and _is_option(option, _CONTINUING):
            return value or next(iter(words[number + 1 : number + 2]), "") or option
    return ""


def value_of(arguments: tuple[str, ...] | None, option: str) -> str:
    """The value of an option, the last one if it is given more than once, ``""`` if it is not given.

    >>> value_of(("--region", "us-east-1", "--region=eu-west-1"), "--region")
    'eu-west-1'
    """
    values = _values(arguments or (), option)
    return values[-1] if values else ""


def log_group_asked(arguments: tuple[str, ...] | None) -> str:
    """The log group whose metric filters alone were asked for, ``""`` if something else narrowed the answer, too (X3).

    >>> log_group_asked(("--log-group-name", "ct", "--region", "us-east-1"))
    'ct'
    """
    words = arguments or ()
    name = value_of(words, "--log-group-name")
    rest = tuple(word for word in words if word.partition("=")[0] != "--log-group-name")
    return name if name and not name.startswith(_FROM_FILES) and not narrowed_by(rest) else ""


def _values(words: tuple[str, ...], option: str) -> list[str]:
    """All values of an option, of each time that it is given; what the shell does with the answer is none."""
    values: list[str] = []
    within = False
    for word in words:
        name, _, value = word.partition("=")
        if _OF_SHELL.match(word):
            within = False
        elif word.startswith("--"):
            within = name == option or (option not in _OTHERS and _is_option(name, (option,)))
            values += [value] if within and value else []
        elif within:
            values.append(word)
    return values
