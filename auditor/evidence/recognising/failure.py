"""What stands beside an answer in its file and says that its call failed, so that the answer is a piece (rule X5).

Scripts that catch an error while they read pages write it beside what they have got.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from auditor.evidence.reading import error_object, find_refusal
from auditor.text import one_line

_ERRORS = frozenset(
    {
        "error", "errors", "err", "errorcode", "errormessage", "errormsg", "errorresponse", "errortype", "lasterror",
        "exception", "exceptions", "exceptionmessage", "failure", "failures", "fault",
    }
)  # fmt: skip
_ENDINGS = frozenset({"exitcode", "exitstatus", "returncode", "rc"})
_SUCCESSES = frozenset({"success", "succeeded", "successful", "ok"})
_PAIRS = (("Code", "Message"), ("code", "message"))  # of a service's error, spread beside the answer
_STATUS = "HTTPStatusCode"
_REFUSED = 300  # HTTP statuses from here on are no answer
_NOTHING = frozenset({"", "0", "none", "null", "nil", "no", "false", "n/a", "-"})


def failure_beside(value: Mapping[str, Any], own: Collection[str]) -> str:
    """How the call of an answer ended by what stands beside it, ``""`` if nothing says that it failed.

    ``own`` are the members of the answer itself.

    >>> failure_beside({"metricFilters": [], "Error": {"Code": "ThrottlingException"}}, {"metricFilters"})
    'error ThrottlingException'
    """
    others = {name: member for name, member in value.items() if name not in own}
    for code, message in _PAIRS:
        if isinstance(others.get(code), str) and isinstance(others.get(message), str) and others[code]:
            return f"error {one_line(others[code], 100)}"
    return next(filter(None, (_failure_in(name, member) for name, member in others.items())), "")


def _failure_in(name: str, member: object) -> str:
    words = re.sub(r"[^a-z]", "", name.lower())
    if words in _ENDINGS:
        code = str(member).strip()
        return f"exit code {code}" if re.fullmatch(r"-?[0-9]{1,9}", code) and int(code) else ""
    if words in _SUCCESSES:
        return f"{one_line(name, 40)}: false" if member is False or str(member).lower() == "false" else ""
    if name == "ResponseMetadata":
        status = member.get(_STATUS) if isinstance(member, Mapping) else None
        return f"HTTP status {status}" if isinstance(status, int) and status >= _REFUSED else ""
    if isinstance(member, str) and (refusal := find_refusal(member)) is not None:
        return f"error {refusal.error_code}" if refusal.error_code else one_line(refusal.message, 100)
    return _error(member) if words in _ERRORS or name == "__type" else ""


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
