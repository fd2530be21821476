"""``requests.md``: what to ask the client for, ready to send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.result import AuditResult, Request, ResultDocument
from auditor.text import count, listing, one_line

HOW_TO_EXPORT = (
    " Please run each command with read access to the account named above it, save its output (standard output, "
    "JSON) unchanged as the file named below it, and send us the folder: an empty answer tells only by its path where "
    "it was made. None of the commands changes anything."
)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")


def requests_page(result: AuditResult, framework_id: str = "") -> bytes:
    """The requests grouped by account and region, each command once, for all frameworks together; UTF-8 Markdown."""
    return ("\n".join(_lines(result.document)) + "\n").encode("utf-8", "backslashreplace")


def _lines(document: ResultDocument) -> Iterator[str]:
    names = {account["account_id"]: account["name"] for account in document["population"]["accounts"]}
    groups = _grouped(document["requests"])
    engagement, period = document["engagement"], document["period"]
    client = f" – {_plain(engagement['client'])}" if engagement and engagement["client"] else ""
    yield f"# Evidence requested{client}"
    yield ""
    dates = f" for the period {period['start']} to {period['end']}" if period else ""
    asked = [request for found in groups.values() for request in found]
    commands = sum(bool(request["command"]) for request in asked)
    words = len(asked) - commands
    wanted = listing(
        [*([count(commands, "export")] if commands or not words else []), *([count(words, "answer")] if words else [])]
    )
    yield f"To conclude the test of controls{dates} we need {wanted}.{HOW_TO_EXPORT if commands else ''}"
    if document["settling"]:
        yield ""
        yield f"Where to start: {_plain(document['settling'])}"
    for (account, region), requests in groups.items():
        name = names.get(account, "")
        yield ""
        yield f"## {_plain(' '.join(filter(None, [account, name])))}, {_plain(region) or 'any region'}"
        for request in requests:
            yield ""
            yield f"**{_plain(request['number'])}** {_sentence(request['what'])} {_sentence(request['why'])}"
            yield ""
            yield f"Needed for: {_plain(_accounts(request, names))}."
            if request["command"]:
                yield ""
                yield from _code(request["command"])
                yield ""
                yield f"Save as: {_plain(request['save_as'])}"


def _grouped(requests: list[Request]) -> dict[tuple[str, str], list[Request]]:
    """By account and region, each command once; what no command answers is asked as often as it was found open."""
    groups: dict[tuple[str, str], dict[str, Request]] = {}
    for request in requests:
        place = (request["account_id"], request["region"])
        groups.setdefault(place, {}).setdefault(request["command"] or request["number"], request)
    return {place: list(found.values()) for place, found in sorted(groups.items())}


def _accounts(request: Request, names: dict[str, str]) -> str:
    """The accounts whose findings wait for the answer, by id and name."""
    waiting = dict.fromkeys(finding.partition("/")[0] for finding in request["settles"])
    return listing((" ".join(filter(None, [one, names.get(one, "")])) for one in waiting), limit=6)


def _plain(text: str) -> str:
    """``text`` on one line without meaning to Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def _sentence(text: str) -> str:
    text = _plain(text)
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _code(command: str) -> Iterator[str]:
    """A fenced block that its content cannot end."""
    longest = max((len(run) for run in re.findall("`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}sh"
    yield from (one_line(line, 8_000) for line in command.splitlines())
    yield fence
