"""Whether a recorded command line leaves its answer whole: all of its words are known to, or one is not (rule X3).

What is not known to be harmless may have left something out. So the table is of what is, not of what is not: options
that choose where, as whom and how the CLI asks and prints, and those that the call itself is made with.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from auditor.evidence.operations.operation_names import operation_called
from auditor.evidence.operations.registry import Call

# Options of the AWS CLI without a value, and with one (aws help; cli-configure-options): none leaves anything out that
# a token would not show (X1). Further ones widen an answer, or are what the service supposes anyway.
FLAGS = frozenset(
    {
        "--debug", "--no-debug", "--no-verify-ssl", "--verify-ssl", "--no-paginate", "--paginate", "--no-sign-request",
        "--sign-request", "--no-cli-pager", "--cli-auto-prompt", "--no-cli-auto-prompt", "--include-shadow-trails",
        "--include-linked-accounts", "--no-include-linked-accounts", "--all-regions", "--no-dry-run", "--v2-debug",
    }
)  # fmt: skip
VALUED = frozenset(
    {
        "--region", "--profile", "--output", "--color", "--ca-bundle", "--cli-read-timeout", "--cli-connect-timeout",
        "--cli-binary-format", "--cli-error-format", "--cli-pager", "--endpoint-url", "--page-size", "--max-items",
        "--max-records", "--max-results", "--limit", "--scan-by", "--start-date", "--history-item-type",
        # as SDKs and other shells call them
        "--region-name", "--profile-name", "--output-format", "--service", "--service-name", "--operation",
        "--operation-name", "--aws-region", "--aws-profile",
    }
)  # fmt: skip
_NAMING = ("--service", "--service-name", "--operation", "--operation-name")
_ENDPOINT = "--endpoint-url"
_AWS_HOST = re.compile(
    r"https://[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws|amazonaws\.eu|api\.amazonwebservices\.com\.cn)(?::443)?/?"
)
_PROGRAM = re.compile(r"(?:.*[/\\])?(?:aws2?|aws\.exe|aws\.cmd|aws-cli(?::[\w.-]+)?|awscli)")
_WRAPPERS = frozenset(
    {
        "sudo", "env", "time", "timeout", "nice", "nohup", "command", "exec", "aws-vault", "aws-okta", "saml2aws",
        "chamber", "docker", "podman", "python", "python3", "py", "granted", "assume", "op", "leapp",
    }
)  # fmt: skip
_ASSIGNMENT = re.compile(r"(?:\$env:)?[A-Za-z_]\w*=.*", re.DOTALL)
_OPERATOR = re.compile(r"(?:(?:[0-9]|&)?>>?(?:&[0-9-])?|<|\|\|?|&&?|;)")
_REDIRECTION = re.compile(r"(?P<to>(?:[0-9]|&)?>>?(?:&[0-9-])?)(?P<file>.*)", re.DOTALL)
# Programs that hand on what they get, and commands that have nothing to do with it.
_FILTERS = ("tee", "cat", "gzip", "out-file", "set-content")
_FORMATTERS = (
    re.compile(r"jq(?: -[SMCre]+| --(?:sort-keys|monochrome-output|color-output|tab)| --indent [0-9])*(?: \.)?"),
    re.compile(r"python[0-9.]* -m json\.tool(?: --(?:sort-keys|indent [0-9]+|no-ensure-ascii))*"),
)
_BESIDE = frozenset(
    {
        "date", "echo", "printf", "sleep", "true", ":", "exit", "cd", "export", "set", "mkdir", "touch", "wait", "pwd",
        "unset", "chmod", "ls", "sync", "sha256sum", "shasum", "gzip", "wc", "done", "fi",
    }
)  # fmt: skip
_NO_WORDS = ("", "-", "none", "(none)", "n/a", "null", "default", "defaults")  # for a call without arguments
_NAME = re.compile(r"[A-Za-z0-9][\w:.-]*")
_UNSAFE = re.compile(r"[|;&<>`\n]|\$\(")
_CALLED = re.compile(
    r"(?:\w+\.)*(?:get_paginator\(['\"]?(?P<paged>\w+)['\"]?\)\.paginate|(?P<name>\w+))\((?P<arguments>[^()]*)\)"
    r"(?:\.build_full_result\(\))?"
)
_KEYWORD = re.compile(r"\s*(\w+)\s*=\s*['\"]?[\w:./ -]*['\"]?\s*(?:,|$)")


def segments(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The commands of a line, each with the operator before it; where answers are sent to is left out."""
    before, segment, number = "", list[str](), 0
    while number < len(words):
        word = words[number]
        number += 1
        if (redirected := _REDIRECTION.fullmatch(word)) is not None and not _into_command(words, number, redirected):
            number += 0 if redirected["file"] or redirected["to"][-1] in "0123456789-" else 1
        elif word == "<" and words[number : number + 1] == ["/dev/null"]:
            number += 1
        elif _OPERATOR.fullmatch(word):
            yield before, segment
            before, segment = word, []
        elif word.startswith("|") and len(word) > 1:
            yield before, segment
            before, segment = "|", [word.lstrip("|")]
        else:
            segment.append(word)
    yield before, segment


def _into_command(words: Sequence[str], number: int, redirected: re.Match[str]) -> bool:
    """Whether what is redirected goes into a command, and not into a file: ``>(jq .x)``."""
    return (redirected["file"] or next(iter(words[number : number + 1]), "")).startswith("(")


def unread_beside(operator: str, segment: Sequence[str]) -> str:
    """What a command before or behind the call may do to its answer, ``""`` if nothing."""
    if not segment:
        return ""
    program = segment[0].rpartition("/")[2].lower()
    line = " ".join(segment)
    if operator == "|":
        harmless = program in _FILTERS or any(pattern.fullmatch(line) for pattern in _FORMATTERS)
        return "" if harmless else f"{operator} {line}"
    harmless = program in _BESIDE or all(map(_ASSIGNMENT.fullmatch, segment))
    return "" if harmless and operator in ("", ";", "&&", "||", "&") else f"{operator} {line}".strip()


def is_beside(segment: Sequence[str]) -> bool:
    """Whether a command of a line is another than the call: it begins with the name of another program."""
    program = segment[0].rpartition("/")[2].lower() if segment else ""
    return program in _BESIDE or bool(segment and all(map(_ASSIGNMENT.fullmatch, segment)))


def without_program(segment: Sequence[str]) -> list[str]:
    """A command's words without assignments, without what it is run by, and without the CLI's own name."""
    words = list(segment)
    while words and _ASSIGNMENT.fullmatch(words[0]) and not words[0].startswith("-"):
        words.pop(0)
    if words and words[0].rpartition("/")[2].lower() in _WRAPPERS:
        at = next((at for at, word in enumerate(words) if _PROGRAM.fullmatch(word)), None)
        return words if at is None else words[at + 1 :]
    return words[1:] if words and _PROGRAM.fullmatch(words[0]) else words


def unread_value(option: str, value: str, call: Call | None) -> bool:
    """Whether a harmless option's value may make it another: a command of the shell, another call, a foreign host."""
    if option == _ENDPOINT:
        return _AWS_HOST.fullmatch(value.lower()) is None
    if option in _NAMING:
        named = value.replace("_", "-").lower()
        return call is None or named not in (call.service, call.words.split()[1], call.operation.lower())
    return _UNSAFE.search(value) is not None


def unread_name(words: Sequence[str], call: Call | None) -> str:
    """What of a command's words without option does not say which call is made, ``""`` if all of them do."""
    text = " ".join(words).strip()
    if text.lower() in _NO_WORDS:
        return ""
    if not all(map(_NAME.fullmatch, text.split())):
        return text
    named = operation_called(text.replace("_", "-")).call
    if named is not None and (call is None or named is call):
        return ""
    if call is not None and text.lower() in (call.service, call.words.split()[1]):
        return ""
    return text


def keyword_arguments(text: str, call: Call | None) -> list[str] | None:
    """The names of the arguments of a call as Python writes it (``client.describe_trails(trailNameList=…)``); None if
    it is another call, or hands over something else.

    >>> keyword_arguments("client.get_paginator('describe_metric_filters').paginate(logGroupName='ct')", None)
    ['logGroupName']
    """
    called = _CALLED.fullmatch(text.strip())
    if called is None or unread_name([called["paged"] or called["name"]], call):
        return None
    names = _KEYWORD.findall(called["arguments"])
    return names if _KEYWORD.sub("", called["arguments"]).strip() == "" else None


@lru_cache(maxsize=256)
def literals(command: str) -> Mapping[str, tuple[str, ...]]:
    """The options that a call is made with, and those of their values that do not depend on place and resource.

    >>> literals("aws kms get-key-policy --key-id {resource} --policy-name default")
    {'--key-id': (), '--policy-name': ('default',)}
    """
    values: dict[str, list[str]] = {}
    for word in shlex.split(command):
        if word.startswith("--"):
            values[word] = []
        elif values:
            values[next(reversed(values))].append(word)
    return {name: tuple(value for value in of_name if "{" not in value) for name, of_name in values.items()}
