"""Whom a listing of accounts names that cannot be read as an answer of list-accounts: cut, text or a table, a bare
list, other keys, the answer of another operation, what a console exports (rules X3, X5, X9). It is no evidence of
anything but who was handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from auditor.arn import ACCOUNT_DIGITS
from auditor.bundle import Member
from auditor.evidence.call_ids import DESCRIBE_ORGANIZATION, LIST_ACCOUNTS
from auditor.evidence.item import letters_of
from auditor.evidence.operations import NO_OPERATION, NamedOperation, operation_named
from auditor.evidence.reading.account_cells import accounts_in_cell, accounts_in_cells
from auditor.evidence.reading.account_tables import accounts_in_table
from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.run_summaries import accounts_in_log, accounts_visited
from auditor.evidence.reading.text_encoding import read_text
from auditor.evidence.reading.workbooks import accounts_in_workbook

# How a listing begins that was cut or written in another format, whatever the file is called.
_LISTING = re.compile(
    r'\s*(?:\{\s*"Accounts"\s*:\s*\[|ACCOUNTS\t|-+\s*\|\s*ListAccounts\s*\||Accounts:\s)[^\0]{0,2000}?'
    r"\barn:aws[a-z-]*:organizations::"
)
# An id that is all of a cell, a quoted text or a value, or the end of an ARN; the part of an e-mail address is none.
_ALONE = re.compile(
    rf"(?:^|[\t\r\n|,;\"'\[]|: |:account/o-[a-z0-9]+/)[ ]*({ACCOUNT_DIGITS})(?=[ ]*(?:$|[\t\r\n|,;\"'\]]))"
)
_ORGANIZATION_ARN = re.compile(rf"arn:[a-z-]+:organizations::\d+:account/[^/]+/({ACCOUNT_DIGITS})")
_MEMBERSHIP = re.compile(
    rf"\barn:aws[a-z-]*:organizations::(?P<management>{ACCOUNT_DIGITS}):account/(?P<organization>o-[a-z0-9]+)"
    rf"/(?P<account>{ACCOUNT_DIGITS})(?![0-9])"
)
_CLOSED = re.compile(r"(?:^|[,;\t|\"' ])(?:SUSPENDED|PENDING[_ ]CLOSURE|CLOSED)(?:$|[,;\t|\"'\r ])", re.IGNORECASE)
_LONGEST_LINE = 1_000  # of what stands before an account's ARN, and behind it
# What the capture script writes of an account that was asked for and that it could not enter
_NOT_ENTERED = re.compile(rf"^(?:\S+[ \t]+)?({ACCOUNT_DIGITS}): not captured, since ", re.MULTILINE)
_SIGNS_OF_MEMBERSHIPS = tuple(":organizations:".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
# What people call a list of accounts whose name is no call's.
_NAMED = re.compile(
    r"(?<![a-z])(?:accounts|konten|kontenliste|comptes|cuentas|contas)(?![a-z])"
    r"|(?<![a-z])(?:account|acct|konto)[-_. ]*(?:ids?|list|liste|inventory|inventar|overview|register|map(?:ping)?|"
    r"info(?:rmation)?|numbers?|directory|export|names?|alias(?:es)?|summary|report)(?![a-z])"
    r"|(?<![a-z])(?:list|inventory|export|overview|ids?)[-_. ]*(?:of[-_. ]*)?(?:aws[-_. ]*)?account(?![a-z])",
    re.IGNORECASE,
)
# Operations whose answers list accounts, though they are no evidence of ours: all of these services but for such as
# tell of accounts that are merely invited, or of what was asked for.
_LISTING_SERVICES = ("organizations", "controltower", "sso", "servicecatalog")
_NO_LISTINGS = re.compile(r"handshake|transfer|-polic(?:y|ies)$|parents|resource")
_ID_KEYS = {
    "id", "accountid", "awsaccountid", "account", "awsaccount", "accountnumber", "targetid", "memberaccountid",
    "linkedaccountid", "targetidentifier", "targetaccountid", "arn",
}  # fmt: skip
_SIGNS_OF_ENTRIES = (b":account/o-", b"mail", b'"ACCOUNT"')
_LOOKED_AT = 1 << 20  # characters of a text without columns
_MOST_VALUES = 200_000  # of a document that nothing names


class Membership(NamedTuple):
    """That an account is in an organisation, with whose management account it is named, and whether the same line says
    that it is closed or about to be (T8).
    """

    account_id: str
    organization: str
    management: str
    closed: bool = False


def memberships_in(data: bytes) -> frozenset[Membership]:
    """What a file says of accounts' organisations by their whole ARNs, in whatever form."""
    text = read_text(data) if any(sign in data for sign in _SIGNS_OF_MEMBERSHIPS) else None
    if text is None:
        return frozenset()
    return frozenset(
        Membership(
            arn["account"],
            arn["organization"],
            arn["management"],
            closed=_is_closed(text.text, arn.start(), arn.end()),
        )
        for arn in _MEMBERSHIP.finditer(text.text)
    )


def _is_closed(text: str, start: int, end: int) -> bool:
    """Whether the line around an account's ARN has a cell that says so, as the console's export has it."""
    before, behind = text[max(0, start - _LONGEST_LINE) : start], text[end : end + _LONGEST_LINE]
    return _CLOSED.search(f"{before.rpartition(chr(10))[2]} {behind.partition(chr(10))[0]}") is not None


def accounts_in_document(member: Member, decoded: Decoded) -> tuple[str, ...]:
    """The accounts that a listing names which is no answer of list-accounts, as it names them.

    It is one by its beginning, its columns, its entries or the file's name.
    """
    named = operation_named(member.path)
    if decoded.kind.binary:
        return accounts_in_workbook(member, named=_names_a_listing(member.path, named))
    entries = tuple(dict.fromkeys(_accounts_in_entries(member, decoded, named))) if decoded.pages else ()
    if decoded.pages and named == NO_OPERATION:
        entries = tuple(dict.fromkeys((*entries, *accounts_visited(decoded, member.path))))
    if entries or decoded.shape not in ("none", "list", "scalar"):
        return entries
    text = read_text(member.data)  # 4444-5555-6666 alone is three numbers of JSON, too
    if text is None:
        return ()
    by_name = _names_a_listing(member.path, named)
    listed = accounts_in_table(text.text, named=by_name)
    if listed:  # a row's ARN may be another one's than its id
        listed = tuple(dict.fromkeys((*listed, *_ORGANIZATION_ARN.findall(text.text))))
    listed = (*listed, *dict.fromkeys(_NOT_ENTERED.findall(text.text)), *accounts_in_log(text.text, member.path))
    if not by_name and not _LISTING.match(text.text):
        return listed
    alone = _ALONE.findall(text.text)
    loose = () if listed else accounts_in_cells(text.text[:_LOOKED_AT])
    return tuple(dict.fromkeys((*listed, *alone, *loose)))


def accounts_in(value: object) -> tuple[str, ...]:
    """The accounts that a JSON value names: by id, or by the ARN of an organisation's account."""
    return tuple(dict.fromkeys(_accounts_in(value)))


def _names_a_listing(path: str, named: NamedOperation) -> bool:
    """Whether a file is called a listing of accounts: as list-accounts, as another operation that lists some, or as
    people call such a list.
    """
    if named.call is not None:
        return named.call.id == LIST_ACCOUNTS or (named.call.id == DESCRIBE_ORGANIZATION and _calls_a_list(path))
    return _is_listing(named.other) if named.other else _calls_a_list(path)


def _calls_a_list(path: str) -> bool:
    return _NAMED.search(path.rpartition("/")[2].partition(".")[0]) is not None


def _is_listing(operation: str) -> bool:
    service, _, name = operation.partition(" ")
    return service in _LISTING_SERVICES and not _NO_LISTINGS.search(name)


def _accounts_in_entries(member: Member, decoded: Decoded, named: NamedOperation) -> Iterator[str]:
    """The accounts that entries of JSON are which is no answer of ours."""
    if named.call is not None or (named.other and not _is_listing(named.other)):
        return
    by_name = _names_a_listing(member.path, named)
    if not by_name and not any(sign in member.data for sign in _SIGNS_OF_ENTRIES):
        return
    if by_name and not named.other:
        yield from _accounts_in(decoded.pages)
        return
    waiting: list[object] = [*reversed(decoded.pages)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, Mapping):
            yield from _accounts_of_entry(value, sure=by_name)
            waiting.extend(reversed([*value.values()]))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _accounts_of_entry(entry: Mapping[str, object], *, sure: bool) -> Iterator[str]:
    """The accounts that an object is about: ``sure`` in a listing, else where it tells what one tells of accounts."""
    plain = {_plain(key): value for key, value in entry.items()}
    ids = [(key, value) for key, value in plain.items() if key in _ID_KEYS]
    if not ids:
        return
    arns = [arn for _, value in ids if isinstance(value, str) for arn in _ORGANIZATION_ARN.findall(value)]
    if arns or sure or plain.get("type") == "ACCOUNT" or any("mail" in key for key in plain):
        yield from arns
        for key, value in ids:
            text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
            if not text.startswith("arn:"):
                yield from accounts_in_cell(text, headed="account" in key or isinstance(value, int))


@lru_cache(maxsize=4096)
def _plain(key: str) -> str:
    return letters_of(key)


def _accounts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict | list | tuple):
        for child in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _accounts_in(child)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        text = str(value)
        arn = _ORGANIZATION_ARN.fullmatch(text)
        if arn is not None:
            yield arn[1]
        elif not text.startswith("arn:"):
            yield from accounts_in_cell(text)
