"""Whom a listing of accounts names that cannot be read as one: cut, text or a table, a bare list, other keys (rules
X3, X5, X9). It is no evidence of anything but who was handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.arn import ACCOUNT_DIGITS, ACCOUNT_ID
from auditor.bundle import Member
from auditor.evidence.call_ids import LIST_ACCOUNTS
from auditor.evidence.operations import operation_named
from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.text_encoding import read_text

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


def accounts_in_text(member: Member, decoded: Decoded) -> tuple[str, ...]:
    """The accounts that a listing names which is no JSON, or not to its end, as it names them.

    It is one by its beginning, or by the file's name.
    """
    text = read_text(member.data) if decoded.shape == "none" and not decoded.kind.binary else None
    if text is None:
        return ()
    call = operation_named(member.path).call
    if not _LISTING.match(text.text) and (call is None or call.id != LIST_ACCOUNTS):
        return ()
    return tuple(dict.fromkeys(_ALONE.findall(text.text)))


def accounts_in(value: object) -> tuple[str, ...]:
    """The accounts that a JSON value names: by id, or by the ARN of an organisation's account."""
    return tuple(dict.fromkeys(_accounts_in(value)))


def _accounts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict | list | tuple):
        for child in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _accounts_in(child)
    elif isinstance(value, str | int):
        text = str(value)
        arn = _ORGANIZATION_ARN.fullmatch(text)
        if arn is not None:
            yield arn[1]
        elif ACCOUNT_ID.fullmatch(text):
            yield text
