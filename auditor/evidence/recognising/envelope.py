"""What a file tells of its own call, beside or around the answer: account, region, command, the thing asked about.

Scripts write ``{"account": …, "command": …, "output": ANSWER}``, or such members flat beside the answer's own. Each
counts as a capture record that says it would (rules X3, X9).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from auditor.arn import ACCOUNT_ID, REGION, account_of, parse_arn
from auditor.evidence.item import letters_of, token_member
from auditor.evidence.operations import (
    NO_OPERATION,
    Call,
    foreign_member,
    is_place,
    operation_recorded,
    recorded_commands,
)
from auditor.evidence.reading import CALL_NAMES, accounts_in_cell
from auditor.evidence.recognising.record import THE_FILE, Record
from auditor.evidence.recognising.recorded_time import recorded_time

_ACCOUNTS = frozenset(
    {
        "account", "accountid", "awsaccount", "awsaccountid", "accountnumber", "awsaccountnumber", "accountno", "acct",
        "acctid", "targetaccount", "targetaccountid", "memberaccount", "memberaccountid",
    }
)  # fmt: skip
_REGIONS = frozenset({"region", "awsregion", "regionname", "regionid", "regioncode", "targetregion", "defaultregion"})
_CALLERS = frozenset({"callerarn", "caller", "calleridentity", "identity", "identityarn", "principalarn"})
# Objects in which scripts put what they tell of a call; of these, those of what was asked.
_REQUESTS = frozenset(
    {"request", "requestparameters", "requestparams", "parameters", "params", "input", "kwargs", "arguments", "args"}
)
_ABOUT = _REQUESTS | {
    "metadata", "meta", "context", "source", "info", "header", "headers", "capture", "call", "origin", "provenance",
    "environment", "target", "details", "collection", "evidence",
}  # fmt: skip
# Members in which scripts keep an answer: they name nothing.
_WRAPPERS = frozenset(
    {
        "output", "outputs", "result", "results", "data", "response", "responses", "answer", "body", "stdout",
        "content", "payload", "value", "items", "evidence", "records", "json", "regions", "accounts", "pages", "page",
    }
)  # fmt: skip
_IDS = ("id", "accountid", "number", "name", "code")  # of an object that an account or a region is
_NAME = re.compile(r"[A-Za-z0-9._/+=,@:-]{1,300}")
_RESOURCE_OPTION = re.compile(r"--([\w-]+) \{resource\}")
_LONGEST_ID = 12
_MOST_PARTS = 200  # of a list or object that tells of a call

Stands = Literal["beside", "around", "asked"]


@dataclass(frozen=True, slots=True)
class Level:
    """Members that are none of an answer: ``beside`` its own, in an object ``around`` it, or of what was ``asked``."""

    members: Mapping[str, object]
    stands: Stands


def level(value: Mapping[str, object], own: Collection[str], stands: Stands) -> tuple[Level, ...]:
    """What stands in an object besides its ``own`` members, tokens and AWS's metadata; () if nothing does."""
    if value.keys() <= set(own):
        return ()
    members = {
        name: member
        for name, member in value.items()
        if name not in own and name != "ResponseMetadata" and _tells(name, member) and not token_member({name: 1})
    }
    return (Level(members, stands),) if members else ()


def _tells(name: str, member: object) -> bool:
    """Whether a member may tell of a call: it is neither nothing nor more than people write down of one."""
    if not isinstance(member, list | dict):
        return member not in (None, "")
    return 0 < len(member) <= _MOST_PARTS and (letters_of(name) in _ABOUT or is_flat(member))


def is_flat(value: list[object] | dict[str, object]) -> bool:
    """Whether single values alone stand in an object or list."""
    return not any(isinstance(child, dict | list) for child in (value.values() if isinstance(value, dict) else value))


def is_request(name: str) -> bool:
    """Whether a member tells what was asked, so that it holds no answer."""
    return letters_of(name) in _REQUESTS


def named_within(within: Sequence[str], call: Call) -> tuple[str, ...]:
    """The members above an answer, but for those that hold it and name nothing: some are called after the answer, or a
    part of it, as ``Status`` is, which names no trail.
    """
    nothing = _WRAPPERS | _called_after(call)
    return tuple(name for name in within if letters_of(name) not in nothing or any(map(str.isdigit, name)))


@lru_cache(maxsize=256)
def _called_after(call: Call) -> frozenset[str]:
    """The words of a call about one resource that stand side by side in its name, and the members of its answer."""
    if call.place != "resource":
        return frozenset()
    words = call.name.split("-")[1:]
    runs = {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    runs |= {letters_of(f"{call.resource}s")}
    return frozenset(runs | {run.removesuffix("s") for run in runs} | {letters_of(name) for name in call.members_used})


def name_beside(levels: Sequence[Level], call: Call) -> str:
    """The name that stands beside the answer of a call about one resource, which may be that of the thing, or what the
    script calls the account; ``""`` if none or several do.
    """
    if not call.resource:
        return ""
    names = _first(list(_texts(entry.members, {"name", "id", "resource", "target"})) for entry in levels)
    return names[0] if len(names) == 1 and _NAME.fullmatch(names[0]) and parse_arn(names[0]) is None else ""


def tells_of_call(name: str, value: dict[str, object] | list[object]) -> bool:
    """Whether an object or list of single values, or an object of such, tells of a call, or is nothing in place of a
    region's answer.
    """
    if letters_of(name) not in _ABOUT:
        return is_place(name) and not value
    inner = [child for child in value.values() if isinstance(child, dict | list)] if isinstance(value, dict) else []
    return is_flat(value) or (bool(inner) and all(map(is_flat, inner)))


def text_of_json(value: object) -> object:
    """The object or list that a text holds as JSON, as the output of a command that a script kept; else the value."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return value


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is repeated")
    return members


def record_beside(levels: Sequence[Level], call: Call | None, path: str) -> Record | None:
    """What the members around an answer of ``call`` say as a record of it, None if they say nothing of the call.

    ``levels`` begin with the innermost; of several that tell a thing the innermost counts.
    """
    if not levels:
        return None
    every = [inner for outer in levels for inner in _with_inner(outer)]
    accounts = _first(_accounts(entry.members) for entry in every)
    regions = _first(_regions(entry.members) for entry in every)
    resources = _first(_resources(entry, call) for entry in every)
    callers = _first(_callers(entry.members) for entry in every)
    names = _first(_calls(entry.members) for entry in every)
    commands = list(dict.fromkeys(words for entry in every for words in _commands(entry)))
    host = next(filter(None, (foreign_member(entry.members) for entry in every)), "")
    time = next(filter(None, (recorded_time(entry.members) for entry in every)), None)
    if not (accounts or regions or resources or callers or names or commands or host or time):
        return None
    return Record(
        file=path,
        call=names[0] if names else "",
        account_id=accounts[0] if accounts else "",
        region=regions[0] if regions else "",
        resource=resources[0] if resources else "",
        arguments=commands[0] if commands else None,
        further=tuple(commands[1:]),
        caller_arn=callers[0] if callers else "",
        cli_version="",
        captured_at=time,
        disputed=len(set(accounts)) > 1 or len(set(regions)) > 1,
        host=host,
        speaker=THE_FILE,
    )


def _with_inner(outer: Level) -> Iterator[Level]:
    yield outer
    for name, member in outer.members.items():
        if isinstance(member, Mapping) and (words := letters_of(name)) in _ABOUT:
            inner = {below: value for below, value in member.items() if value not in (None, "")}
            yield Level(inner, "asked" if words in _REQUESTS else "around")


def _first(values: Iterator[list[str]]) -> list[str]:
    return next(filter(None, values), [])


def _texts(members: Mapping[str, object], names: Collection[str]) -> Iterator[str]:
    """The texts of members that have one of the names; of an object its id, of a list its only element."""
    for name, member in members.items():
        if len(name) < 40 and letters_of(name) in names:
            value = member[0] if isinstance(member, list) and len(member) == 1 else member
            if isinstance(value, Mapping):
                inside = {letters_of(below): inner for below, inner in value.items()}
                value = next((inside[key] for key in _IDS if key in inside), None)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value).zfill(_LONGEST_ID)
            if isinstance(value, str):
                yield value


def _accounts(members: Mapping[str, object]) -> list[str]:
    texts = _texts(members, _ACCOUNTS)
    return [account for text in texts for account in accounts_in_cell(text) if ACCOUNT_ID.fullmatch(account)]


def _regions(members: Mapping[str, object]) -> list[str]:
    return [text.lower() for text in _texts(members, _REGIONS) if REGION.fullmatch(text.lower())]


def _callers(members: Mapping[str, object]) -> list[str]:
    inner = [member for name, member in members.items() if isinstance(member, Mapping) and letters_of(name) in _CALLERS]
    arns = (arn for one_of in inner for arn in _texts(one_of, {"arn"}))
    return [text for text in (*_texts(members, _CALLERS), *arns) if account_of(text)]


def _calls(members: Mapping[str, object]) -> list[str]:
    service = next(_texts(members, {"service", "servicename", "client"}), "")
    texts = [text for text in _texts(members, CALL_NAMES) if len(text) < 100]
    spelt = [f"{service}:{text}" if service and re.fullmatch("[A-Za-z]+", text) else text for text in texts]
    return [text for text in spelt if operation_recorded(text) != NO_OPERATION]


def _resources(entry: Level, call: Call | None) -> list[str]:
    """What the members say that a call about one resource was asked about: by ARN, or by a name that can be one."""
    kind = (call.resource or "").replace(" ", "") if call is not None else ""
    if call is None or not kind:
        return []
    strong = {kind, f"{kind}name", f"{kind}arn", f"{kind}id", f"{kind}identifier"}
    option = _RESOURCE_OPTION.search(call.command)
    if entry.stands != "around" and option is not None:
        strong.add(letters_of(option[1]))
    named = [text for text in _texts(entry.members, strong) if _NAME.fullmatch(text)]
    weak = _texts(entry.members, {"resource", "resourcearn", "resourceid", "arn", "name", "target"})
    return named or [text for text in weak if is_arn_of(text, call)]


def is_arn_of(text: str, call: Call) -> bool:
    """Whether a text is an ARN of the service of a call, as of what it is about."""
    arn = parse_arn(text)
    return arn is not None and arn.service == call.service


def _commands(entry: Level) -> list[tuple[str, ...]]:
    return [words for words in recorded_commands(entry.members, ()) if words]
