"""What an entry of a capture record says was run, in whichever of its members (rule X3).

Scripts write down options, a whole command line or its words, under names of their own; each of them is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from auditor.evidence.item import letters_of
from auditor.evidence.operations.arguments import names_narrowing, narrowing_option
from auditor.evidence.operations.command_words import given, option

# Members, by their letters, that hold what was run or a part of it.
_COMMANDS = frozenset(
    {
        "command", "commands", "commandline", "cmd", "cmdline", "args", "argv", "argument", "parameters", "params",
        "parameter", "options", "option", "flags", "kwargs", "invocation", "invokedas", "requestparameters",
        "requestparams", "apiparameters", "inputparameters", "cli", "clicommand", "clicall", "cliarguments", "cliargs",
        "clioptions", "awscommand", "awscli", "fullcommand", "rawcommand", "executedcommand", "commandexecuted",
        "shellcommand", "pipeline", "postprocessing", "postprocess", "filterexpression", "jq", "jqfilter", "jqquery",
        "jqexpression", "jmespath", "jmespathquery", "jmespathexpression", "queryexpression", "extraargs",
        "extraarguments", "additionalarguments",
    }
)  # fmt: skip
_A_COMMAND = re.compile(
    r"\s*(?:\S*[/\\])?aws(?:\.exe)?\s|.*\|\s*(?:jq|grep|egrep|head|tail|sed|awk|yq|select-object)\b"
)
_OPTIONS = re.compile(r"(?:^|\s)--?[A-Za-z]|[|;&<>(]")  # of a call's name behind which its arguments stand


def recorded_commands(entry: Mapping[str, object], described: Collection[str]) -> list[tuple[str, ...]]:
    """The words of each command line that an entry tells, its ``arguments`` first; empty if it tells none.

    ``described`` are the members that the schema describes: of these ``arguments`` and ``call`` alone tell one. A
    member that has the name of an option which narrows an answer is that option.
    """
    own = given(entry.get("arguments"))
    lines = [] if own is None else [own]
    call = entry.get("call")
    if isinstance(call, str) and _OPTIONS.search(call):
        lines.append(given(call) or ())
    for name, value in entry.items():
        if value is False and (narrowing := narrowing_option(f"no{name}")) and name not in described:
            lines.append((narrowing,))
        if name in described or not value or isinstance(value, bool | int | float):
            continue
        if letters_of(name) in _COMMANDS:
            words = given(value)
            lines += [] if words is None else [words]
        elif narrowing := narrowing_option(name):
            lines.append(tuple(option(narrowing, value)))
        elif (isinstance(value, str) and _A_COMMAND.match(value)) or names_narrowing(given(value)):
            lines.append(given(value) or ())
    return lines
