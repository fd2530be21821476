"""The recorded arguments of a command: what they narrow, where the answer goes on, what they ask about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from auditor.evidence.call_ids import DESCRIBE_ALARMS, DESCRIBE_METRIC_FILTERS
from auditor.evidence.item import letters_of
from auditor.evidence.operations.command_words import option_name
from auditor.evidence.operations.harmless import (
    FLAGS,
    VALUED,
    is_beside,
    keyword_arguments,
    literals,
    segments,
    unread_beside,
    unread_name,
    unread_value,
    without_program,
)
from auditor.evidence.operations.registry import Call, calls
from auditor.text import one_line

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
_FROM_FILES = ("file://", "fileb://")  # any argument may stand in it
_KINDS = "--alarm-types"  # narrows unless metric alarms are among the kinds
_STATES = "--region-opt-status-contains"  # narrows unless it asks for all states in which a region is enabled (T10)
_Own = Mapping[str, tuple[str, ...]]  # the options that a call is made with, and their values
_PERHAPS = ", for all that is known"
_SKELETON = "--generate-cli-skeleton"
_DASHED = re.compile(r"--?[A-Za-z]")
_MANY = 1_000  # values of an option that takes a list, or that nobody knows
_OF_SHELL = re.compile(r"[0-9&]?[<>]|[|;&]")
_ENABLED = {"ENABLED", "ENABLED_BY_DEFAULT"}


def narrowed_by(arguments: tuple[str, ...] | None, call: Call | None = None) -> str:
    """What among ``arguments`` narrowed the answer, or may have, as nobody knows it to be harmless (rule X3); ``""`` if
    nothing did.

    The options that ``call`` is made with to give its whole answer say which trail, key or log group it is about.

    The CLI takes the beginning of an option's name for the option. One that tells where the answer goes on is for
    :func:`starting_token`.
    """
    words = arguments or ()
    metric_alarms = "MetricAlarm" in _kinds(words)
    return next((option for option in _narrowing(words, call) if not (metric_alarms and option == _KINDS)), "")


def alarm_types(arguments: tuple[str, ...] | None) -> frozenset[str]:
    """The types of alarms that were asked for by name, none if something else narrowed the answer (rules C1, X3).

    >>> sorted(alarm_types(("--alarm-types", "MetricAlarm", "CompositeAlarm", "--region", "us-east-1")))
    ['CompositeAlarm', 'MetricAlarm']
    """
    words = arguments or ()
    return _kinds(words) if {*_narrowing(words, calls()[DESCRIBE_ALARMS])} <= {_KINDS} else frozenset()


def narrowing_option(name: str) -> str:
    """The option that narrows an answer of which a member of a record has the name, by its letters; ``""`` if none.

    >>> narrowing_option("filterNamePrefix")
    '--filter-name-prefix'
    """
    letters = letters_of(name)
    return next((option for option in sorted(NARROWING) if option.replace("-", "") == letters), "")


def names_narrowing(arguments: tuple[str, ...] | None) -> bool:
    """Whether an option that narrows an answer stands among the words of a text."""
    names = (word.partition("=")[0] for word in arguments or () if _DASHED.match(word))
    return any(name in NARROWING or f"--{option_name(name)}" in NARROWING for name in names)


def cuts_items(narrowed: str) -> bool:
    """Whether what narrowed an answer (:func:`narrowed_by`) may have cut members out of its items, too (rule X6)."""
    return narrowed.startswith("--query") or narrowed.endswith(_PERHAPS)


def prints_no_answer(arguments: tuple[str, ...] | None) -> bool:
    """Whether the CLI was told to print a made-up answer in place of one (rule X5)."""
    return any(_DASHED.match(word) and _spelt(word.partition("=")[0]) == _SKELETON for word in arguments or ())


def _narrowing(words: Sequence[str], call: Call | None) -> Iterator[str]:
    """The words that narrow an answer, the option that names kinds of alarms among them whatever it names, and those
    that may.
    """
    for operator, segment in segments(words):
        if operator == "|" or is_beside(segment):
            unread = unread_beside(operator, segment)
            yield from [_perhaps(unread)] if unread else []
        else:
            yield from _narrowing_command(without_program(segment), call)


def _narrowing_command(words: Sequence[str], call: Call | None) -> Iterator[str]:
    own = literals(call.command if call is not None else "")
    names, number = list[str](), 0
    while number < len(words):
        name, equals, value = words[number].partition("=")
        values = [value] if equals else []
        number += 1
        if not _DASHED.match(name):
            yield from _from_file(words[number - 1 : number])
            names.append(words[number - 1])
            continue
        option = _spelt(name, tuple(own))
        most = _values_taken(option, own) - len(values)
        while number < len(words) and most > 0 and not _DASHED.match(words[number]):
            values.append(words[number])
            number, most = number + 1, most - 1
        yield from _narrowing_option(option, values, own, call)
    called = " ".join(names)
    if "(" in called and (keywords := keyword_arguments(called, call)) is not None:
        for keyword in keywords:
            yield from _narrowing_option(_spelt(f"--{option_name(keyword)}", tuple(own)), [], own, call)
    elif unread := unread_name(names, call):
        yield _perhaps(unread)


def _narrowing_option(option: str, values: list[str], own: _Own, call: Call | None) -> Iterator[str]:
    """The option, if with its values it narrows the answer or may; the one that names kinds of alarms always."""
    if option == _STATES:
        yield from [] if set(values) >= _ENABLED else [option]
    elif option == _KINDS or (option in own and own[option] and own[option] != tuple(values)):
        yield option
    elif option in _CONTINUING:
        return
    elif option not in (*own, *FLAGS, *VALUED) and (option in NARROWING or not _from_file(values)):
        yield option if option in NARROWING else _perhaps(option)
    elif any(unread_value(option, value, call) for value in values):
        yield _perhaps(f"{option} {' '.join(values)}")
    yield from _from_file(values)


def _from_file(values: Sequence[str]) -> list[str]:
    """The values that stand in files, which may hold any argument."""
    return [value for value in values if value.startswith(_FROM_FILES)]


def _perhaps(words: str) -> str:
    return one_line(words, 60) + _PERHAPS


@lru_cache(maxsize=4096)
def _spelt(name: str, own: tuple[str, ...] = ()) -> str:
    """An option by its whole name, in the CLI's spelling. The beginning of its name will do; where it is that of
    several, one that narrows is meant.
    """
    known = (_KINDS, _STATES, _SKELETON, *_CONTINUING, *own, *sorted(NARROWING), *sorted(FLAGS | VALUED))
    spelling = name if name in known else f"--{option_name(name)}"
    if spelling in known or len(spelling) <= len("--x"):
        return spelling
    return next((option for option in known if option.startswith(spelling)), spelling)


def _values_taken(option: str, own: _Own) -> int:
    """How many words behind an option are its values, at most."""
    if option in FLAGS:
        return 0
    if option in VALUED or option in _CONTINUING:
        return 1
    return _MANY if option in (_KINDS, _STATES) or option not in own else max(1, len(own[option]))


def _kinds(words: tuple[str, ...]) -> frozenset[str]:
    """The kinds of alarms that are named, each as a word or in a JSON list."""
    return frozenset(kind for value in _values(words, _KINDS) for kind in re.findall(r"\w+", value))


def starting_token(arguments: tuple[str, ...] | None) -> str:
    """The token with which ``arguments`` ask for the rest of an answer, ``""`` if they do not (rule X3).

    >>> starting_token(("logs", "describe-metric-filters", "--starting-token", "abc"))
    'abc'
    """
    words = arguments or ()
    for number, argument in enumerate(words):
        option, _, value = argument.partition("=")
        if _DASHED.match(option) and _spelt(option) in _CONTINUING:
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
    narrowing = {*_narrowing(words, calls()[DESCRIBE_METRIC_FILTERS])}
    return name if name and not name.startswith(_FROM_FILES) and narrowing == {"--log-group-name"} else ""


def _values(words: tuple[str, ...], option: str) -> list[str]:
    """All values of an option, of each time that it is given; what the shell does with the answer is none."""
    values: list[str] = []
    within = False
    for word in words:
        name, _, value = word.partition("=")
        if _OF_SHELL.match(word):
            within = False
        elif _DASHED.match(word):
            within = option in (name, _spelt(name, (option,)))
            values += [value] if within and value else []
        elif within:
            values.append(word)
    return values
