"""Accounts of which a collecting script tells how it fared: its summary, its list of what failed, its log (rule X9).

An account that the script was to visit was handed in, whatever became of it there. Lists of findings, resources and
trusted accounts are none of visits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.arn import ACCOUNT_DIGITS, ACCOUNT_ID
from auditor.evidence.item import letters_of
from auditor.evidence.reading.account_cells import accounts_in_cell
from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.owners_in_json import FINDINGS, OF_CUSTODIAN

_VISITED = (
    "aws|all|failed|failing|failure|skipped|excluded|ignored|processed|succeeded|successful|completed|scanned|audited|"
    "collected|captured|exported|visited|target|targeted|member|linked|unreachable|inaccessible|missing|denied|error|"
    "errored|active|inscope|scope|selected|requested|remaining|pending|incomplete|partial|not|with|of|by|results?|status"
)
# accounts, failed_accounts, accountsFailed, target_account_ids
_ACCOUNTS = re.compile(rf"(?:{_VISITED})*accounts?(?:ids?|list|numbers?|{_VISITED})*")
_OUTCOMES = re.compile(
    r"(?:failed|failures?|skipped|excluded|ignored|errors?|errored|unreachable|inaccessible|denied|processed|succeeded|"
    r"success(?:es)?|successful|completed|incomplete|missing|pending|remaining|results?|summary|status(?:es)?|targets?|"
    r"runs?)(?:byaccount|peraccount)?"
)
_IDS = frozenset({"account", "accountid", "awsaccount", "awsaccountid", "accountnumber", "acct", "targetaccount"})
_ID = "id"
# What a visit is told with; and what tells of things in an account, or of what scanners and costs say
_OF_VISITS = frozenset(
    {
        "ok", "success", "succeeded", "error", "errors", "errormessage", "errorcode", "exception", "reason", "status",
        "state", "result", "outcome", "message", "skipped", "failed", "completed", "name", "accountname", "alias",
        "collected", "exitcode", "rc", "role", "rolearn", "profile",
    }
)  # fmt: skip
_OF_THINGS = re.compile(
    r"check|finding|severity|control|complian|resource|service|cost|amount|usage|price|principal|polic|user|event|"
    r"vulnerab|instance|bucket|arn\Z(?<!rolearn)|trust"
)
_LOG = re.compile(r"\.(?:log|out|err|stdout|stderr|trace)(?:\.txt|\.[0-9])?\Z", re.IGNORECASE)
_LINE = re.compile(
    r"(?:process|scann|collect|export|audit|captur|gather|fetch|visit|assum|switch|skipp|fail|could not|cannot|unable)"
    rf"[^\n]{{0,60}}?\baccount\b[^\n0-9]{{0,20}}(?<![0-9])({ACCOUNT_DIGITS})(?![0-9])",
    re.IGNORECASE,
)
_MOST_LEVELS = 3  # of objects around what tells of accounts
_LOOKED_AT = 4 << 20  # characters of a log


def accounts_visited(decoded: Decoded, path: str) -> tuple[str, ...]:
    """The accounts that JSON tells of visits to, in its order."""
    file = path.rpartition("/")[2]
    if file.lower() == OF_CUSTODIAN:
        return ()
    name = letters_of(file.partition(".")[0])
    documents: tuple[object, ...] = decoded.pages
    if decoded.shape in ("array", "concatenated"):
        documents = ([*decoded.pages],)
    return tuple(dict.fromkeys(account for document in documents for account in _in_member(name, document, 0)))


def accounts_in_log(text: str, path: str) -> tuple[str, ...]:
    """The accounts that the lines of a log tell of visits to, in their order; none of another text."""
    return tuple(dict.fromkeys(_LINE.findall(text[:_LOOKED_AT]))) if _LOG.search(path) else ()


def _in_member(name: str, value: object, level: int) -> Iterator[str]:
    """The accounts in a value that stands under a name: the file's at the top."""
    if _ACCOUNTS.fullmatch(name):
        yield from _listed(value, of_accounts=True, of_outcomes=False)
    elif level == 0 or _OUTCOMES.fullmatch(name):
        yield from _listed(value, of_accounts=False, of_outcomes=_OUTCOMES.fullmatch(name) is not None)
    if isinstance(value, Mapping) and level < _MOST_LEVELS and FINDINGS.isdisjoint(map(letters_of, value)):
        for member, child in value.items():
            if isinstance(child, Mapping | list):
                yield from _in_member(letters_of(member), child, level + 1)


def _listed(value: object, *, of_accounts: bool, of_outcomes: bool) -> Iterator[str]:
    """The accounts of a list of ids or of visits, or of a map by id; what its name says that it lists."""
    if isinstance(value, Mapping):
        if value and all(map(ACCOUNT_ID.fullmatch, value)) and (of_accounts or of_outcomes or _all_objects(value)):
            yield from value
        return
    if not isinstance(value, list):
        return
    ids = [_id_alone(element) for element in value]
    if value and all(ids):
        yield from ids if of_accounts or of_outcomes else ()
        return
    for element in value:
        if isinstance(element, Mapping):
            yield from _of_visit(element, sure=of_accounts)


def _of_visit(entry: Mapping[str, object], *, sure: bool) -> Iterator[str]:
    members = {letters_of(name): value for name, value in entry.items()}
    others = members.keys() - _IDS
    if any(map(_OF_THINGS.search, others)) or not (sure or others & _OF_VISITS):
        return
    for name, value in members.items():
        if name in _IDS or (sure and name == _ID):
            text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
            yield from accounts_in_cell(text, headed=True)


def _id_alone(value: object) -> str:
    return value if isinstance(value, str) and ACCOUNT_ID.fullmatch(value) else ""


def _all_objects(value: Mapping[str, object]) -> bool:
    return all(isinstance(child, Mapping | list) for child in value.values())
