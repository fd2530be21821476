"""What stands beside an answer in its file and says that its call failed, so that the answer is a piece (rule X5).

Scripts that catch an error while they read pages write it beside what they have got, and so do those that keep the
status of the last answer, or that stop after some pages. Names of members count by their letters: case and what
separates words are each script's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from auditor.evidence.item import further_token, letters_of, token_member
from auditor.evidence.reading import error_object, find_refusal
from auditor.text import one_line

# Members that name what went wrong or what is not there: anything but a word for nothing says that something did.
_ERRORS = frozenset(
    {
        "err", "errno", "lasterror", "haserror", "haserrors", "iserror", "fault", "faults", "failure", "failures",
        "fail", "hasfailed", "failurecount", "failurereason", "aborted", "interrupted", "cancelled", "canceled",
        "timedout", "throttled", "denied", "accessdenied", "forbidden", "unauthorized", "ispartial", "isincomplete",
        "istruncated", "cut", "hasmore", "hasmoreitems", "hasmoreresults", "hasmorepages", "hasmoredata", "more",
        "moreresults", "morepages", "moredata", "moredataavailable", "hasnext", "hasnextpage", "retriesexhausted",
        "notcollected", "skipped", "omitted",
    }
)  # fmt: skip
# How the names of further ones begin: failed_regions, errorMessage, truncatedAt, UnprocessedItems.
_BEGINNINGS = ("error", "exception", "failed", "truncated", "incomplete", "partial", "missing", "unprocessed")
_ENDINGS = frozenset(
    {"exitcode", "exitstatus", "exitvalue", "exit", "returncode", "returnvalue", "retcode", "rc", "errorlevel",
     "lastexitcode", "processexitcode"}
)  # fmt: skip
_SUCCESSES = frozenset(
    {
        "success", "succeeded", "successful", "issuccess", "issuccessful", "ok", "isok", "passed", "complete",
        "completed", "iscomplete", "finished", "done", "islast", "islastpage", "lastpage", "allcollected",
    }
)  # fmt: skip
_STATUSES = frozenset(
    {
        "status", "statuscode", "httpstatus", "httpstatuscode", "httpcode", "httpresponsecode", "responsecode",
        "responsestatus", "responsestatuscode", "code",
    }
)  # fmt: skip
_OUTCOMES = _STATUSES | {"statustext", "statusmessage", "state", "result", "outcome"}  # in words
# Objects in which a status or a token stands: botocore's, that of the SDK for JS, and scripts' own.
_METADATA = frozenset(
    {"responsemetadata", "metadata", "response", "meta", "http", "pagination", "paging", "pageinfo", "page"}
)
# Objects of what was asked, in which a token is the one that the page began with.
_REQUESTS = frozenset(
    {
        "request", "requestparameters", "requestparams", "parameters", "params", "input", "arguments", "args", "kwargs",
        "query", "call", "command", "body", "apiparameters", "options",
    }
)  # fmt: skip
_TOTALS = frozenset(
    {"total", "totalcount", "totalitems", "totalresults", "totalrecords", "count", "itemcount", "resultcount"}
)
_PAIRS = (("Code", "Message"), ("code", "message"))  # of a service's error, spread beside the answer
_ANSWERED = (0, *range(200, 205))  # of exit codes and HTTP statuses those that bring an answer; 206 brings a part
_NOTHING = frozenset({"", "0", "none", "null", "nil", "no", "false", "n/a", "na", "-", "[]", "{}", "ok", "success"})
# Words of a status that is none of success, and of messages that services send when they answer nothing.
_BAD_STATUS = re.compile(
    r"\berr|fail|denied|partial|incomplete|throttl|time.?out|timed|abort|truncat|forbidden|unauth|exception|expired"
    r"|interrupt|cancel|invalid|refus|reject|error|\blimit|\bnot.?ok|unsuccess",
    re.IGNORECASE,
)
_REFUSALS = re.compile(
    r"rate exceeded|throttl(?:ed|ing)|too ?many ?requests|(?:request|rate) ?limit ?exceeded|slow ?down"
    r"|access ?denied|(?:is )?not authorized|unauthorized ?operation|authorization ?error|(?:read|connect) ?timed? ?out"
    r"|timed out|(?:expired ?token|token (?:has|is|included in the request is) expired)|service ?unavailable"
    r"|internal (?:server )?(?:error|failure)|internalfailure|max(?:imum)? (?:number of )?retries"
    r"|traceback \(most recent|truncated|incomplete|partial (?:answer|list|output|result)|page [0-9]+ (?:of|/) ?[0-9]+",
    re.IGNORECASE,
)


def failure_beside(value: Mapping[str, Any], own: Collection[str]) -> str:
    """How the call of an answer ended by what stands beside it, ``""`` if nothing says that it failed.

    ``own`` are the members of the answer itself.

    >>> failure_beside({"metricFilters": [], "Error": {"Code": "ThrottlingException"}}, {"metricFilters"})
    'error ThrottlingException'
    >>> failure_beside({"metricFilters": [], "status_code": 403}, {"metricFilters"})
    'status_code 403'
    """
    others = {name: member for name, member in value.items() if name not in own}
    for code, message in _PAIRS:
        if isinstance(others.get(code), str) and isinstance(others.get(message), str) and others[code]:
            return f"error {one_line(others[code], 100)}"
    listed = sum(len(member) for name, member in value.items() if name in own and isinstance(member, list))
    failures = (_failure_in(name, member) or _more(name, member, listed) for name, member in others.items())
    further = further_token(value)
    return next(filter(None, failures), f"{one_line(further, 40)} is left over beside AWS's token" if further else "")


def token_beside(value: Mapping[str, Any], own: Collection[str]) -> str:
    """That a token stands around answers: further pages exist that they lack (rule X1); ``""`` if none does."""
    token = token_member({name: member for name, member in value.items() if name not in own})
    return f"{one_line(token, 40)} is left over" if token else ""


def _more(name: str, member: object, listed: int) -> str:
    """That a count beside the answer's lists is of more items than they hold; ``""`` if it is not."""
    more = isinstance(member, int) and listed > 0 and letters_of(name) in _TOTALS and member > listed
    return f"{one_line(name, 40)}: {member}" if more else ""


def _failure_in(name: str, member: object) -> str:
    words, shown = letters_of(name), one_line(name, 40)
    if (words in _ENDINGS or name == "$?") and isinstance(member, str | int | float):
        code = re.search(r"-?[0-9]+", str(member))
        return f"exit code {code[0][:20]}" if code is not None and code[0].strip("-0") else ""
    if words in _SUCCESSES:
        return f"{shown}: false" if str(member).strip().lower() in ("false", "no", "0") else ""
    if words in _METADATA and isinstance(member, Mapping):
        inside = next(filter(None, (_failure_in(inner, below) for inner, below in member.items())), "")
        return inside or token_beside(member, ())
    if words in _STATUSES and isinstance(member, int | float) and not isinstance(member, bool):
        return "" if member in _ANSWERED else f"{shown} {member}"
    if words in _OUTCOMES and (outcome := _outcome(shown, member)):
        return outcome
    if words in _ERRORS or words.startswith(_BEGINNINGS) or name == "__type":
        error = _error(member)
        return f"{shown}: true" if error and member is True else error
    if isinstance(member, Mapping) and words not in _REQUESTS and not _is_answer(member):
        return token_beside(member, ())
    return next(filter(None, map(_message, member if isinstance(member, list) else [member])), "")


def _is_answer(member: Mapping[str, Any]) -> bool:
    """Whether an object is more than a few values: the answer of another operation, whose token is its own."""
    return any(isinstance(value, list | dict) for value in member.values())


def _message(member: object) -> str:
    """What a text that a service or a program wrote says of a call that was not answered; ``""`` if nothing."""
    if not isinstance(member, str):
        return ""
    if (refusal := find_refusal(member)) is not None:
        return f"error {refusal.error_code}" if refusal.error_code else one_line(refusal.message, 100)
    return one_line(member, 100) if _REFUSALS.search(member) else ""


def _outcome(name: str, member: object) -> str:
    """What a status says of a call that was not answered, in words or as a number in a text; ``""`` if it was."""
    if member is False:
        return f"{name}: false"
    text = member.strip() if isinstance(member, str) else ""
    if number := re.match(r"(?:HTTP(?:/[0-9.]+)?\s+)?(-?[0-9]{1,9})(?![0-9A-Za-z])", text):
        return "" if int(number[1]) in _ANSWERED else f"{name} {one_line(text, 60)}"
    return f"{name} {one_line(text, 60)}" if _BAD_STATUS.search(text) else ""


def _error(member: object) -> str:
    """What a member named as an error says, ``""`` if it says that there was none."""
    if member is None or isinstance(member, bool | int | float):
        return "an error" if member else ""
    if isinstance(member, str):
        return "" if member.strip().lower() in _NOTHING else f"error {one_line(member, 100)}"
    if isinstance(member, list):
        return next(filter(None, map(_error, member)), "")
    if isinstance(member, Mapping):
        refusal = error_object(member)
        if refusal is not None:
            return f"error {refusal.error_code}"
        return "an error" if any(map(_error, member.values())) else ""
    return ""
