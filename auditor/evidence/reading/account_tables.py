"""Tables of accounts as consoles and people save them: CSV by any separator, and tables of Markdown (rule X9)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from auditor.evidence.reading.account_cells import accounts_in_cell

_LOOKED_AT = 2 << 20  # characters
_BEGINNING = 8_192
_LINES_ABOVE = 30  # titles, or ``sep=;``
_MOST_HEADS = 3  # a title may look like one
_SEPARATORS = (",", ";", "\t", "|")
# What may be the head of a table at all
_PROMISING = re.compile(r"account|acct|konto|compte|cuenta|conta\b|\bid\b", re.IGNORECASE)
_ID_HEAD = re.compile(
    r"(?:(?:aws|member|linked|target|child|sub|the) )*(?:account|acct|konto|kontonummer|compte|cuenta|conta)s?"
    r"(?: (?:id|ids|identifier|number|numbers|no|nr|num|nummer))?|(?:id|numero|no|nr|number)(?: (?:de|do|of))?(?: la)? "
    r"(?:aws )?(?:account|compte|cuenta|conta)|accountid|awsaccountid|awsaccount|accountnumber"
)
_BARE_ID = "id"
# What else lists of accounts tell of each; one of these words in a head
_OF_ACCOUNTS = re.compile(
    r"\b(?:arn|e ?mail|mail|name|nom|nombre|alias|status|state|joined|ou|organi[sz]ational unit|parent|owner|env|"
    r"environment|stage|purpose|description|team|contact|department|tags?|root)\b"
)
_SURELY_OF_ACCOUNTS = re.compile(r"\b(?:arn|e ?mail|joined|ou|organi[sz]ational unit)\b")
# What is told about things in an account, or done there
_OF_OTHERS = re.compile(
    r"\b(?:severity|checks?|findings?|control (?:id|title|name|status)|compliance|resources?|services?|costs?(?! cent)|"
    r"usage|amount|total|invoice|price|events?|user|username|users|roles?|alarms?|trails?|topics?|polic(?:y|ies)|"
    r"vulnerability|instances?|vpc|subnet|buckets?|log groups?|filters?|transaction|balance|iban)\b"
)

_OF_CAPTURES = re.compile(r"\b(?:alarms?|trails?|topics?|log groups?|filters?|subscriptions?|captures?|files)\b")
# In place of the things themselves: how many there are, or whether there are any
_COUNT = re.compile(r"[0-9]*|[-–]|n/?a|yes|no|true|false|none", re.IGNORECASE)
_ERRORS = frozenset({"error", "errors", "error code", "error message", "exception", "reason", "failure"})


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a table; ``of_things`` are columns of what is in accounts, which may be counted there."""

    separator: str
    column: int
    line: int
    of_things: tuple[int, ...]
    of_errors: bool


def accounts_in_table(text: str, *, named: bool) -> tuple[str, ...]:
    """The accounts that a table lists, in its order; none of one that tells of something else.

    It is one of accounts if it has a column of their ids, hardly an account twice, and no column that tells of things
    in an account. ``named``: the file is called a list of accounts, so that the column is enough.
    """
    if not _PROMISING.search(text[:_BEGINNING]):
        return ()
    lines = text[:_LOOKED_AT].splitlines()
    columns = (_accounts_below(head, lines, named=named) for head in islice(_heads(lines, named=named), _MOST_HEADS))
    return next(filter(None, columns), ())


def _accounts_below(head: _Head, lines: Sequence[str], *, named: bool) -> tuple[str, ...]:
    rows = list(_rows(lines[head.line + 1 :], head.separator))
    if any(not _COUNT.fullmatch(row[number].strip()) for number in head.of_things for row in rows if len(row) > number):
        return ()
    cells = [row[head.column] for row in rows if len(row) > head.column]
    accounts = tuple(dict.fromkeys(account for cell in cells for account in accounts_in_cell(cell, headed=True)))
    filled = sum(1 for cell in cells if cell.strip(" -:"))
    return accounts if named or head.of_errors or 2 * len(accounts) > filled else ()  # else a row is no account


def _heads(lines: Sequence[str], *, named: bool) -> Iterator[_Head]:
    for number, line in enumerate(islice(lines, _LINES_ABOVE)):
        for separator in _SEPARATORS:
            alone = separator not in line
            if alone and (separator != _SEPARATORS[0] or line.rstrip().endswith((":", "[", "{"))):
                continue
            heads = [_plain(cell) for row in _rows([line], separator) for cell in row]
            column = _column(heads, named=named)
            if column is not None:
                of_things = () if named else tuple(n for n, head in enumerate(heads) if _OF_CAPTURES.search(head))
                yield _Head(separator, column, number, of_things, not of_things and not _ERRORS.isdisjoint(heads))


def _column(heads: Sequence[str], *, named: bool) -> int | None:
    """The column of account ids, None if these are the heads of no table of accounts."""
    others = [head for head in heads if head]
    if not named and any(_OF_OTHERS.search(head) and not _OF_CAPTURES.search(head) for head in others):
        return None
    by_length = sorted(
        (number for number, head in enumerate(heads) if _ID_HEAD.fullmatch(head)),
        key=lambda number: ("id" not in heads[number].split() and "number" not in heads[number], number),
    )
    if by_length:
        return by_length[0]
    describing = sum(1 for head in others if _OF_ACCOUNTS.search(head))
    if _BARE_ID in heads and (named or (describing > 1 and any(map(_SURELY_OF_ACCOUNTS.search, others)))):
        return heads.index(_BARE_ID)
    return None


def _plain(head: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]|[A-Z]{2}|ID|Id)|\([^()]*\)", " ", head)
    return " ".join(re.findall(r"[^\W_]+", words.lower()))


def _rows(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    if separator == "|":
        yield from ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines)
        return
    try:
        yield from csv.reader(lines, delimiter=separator, skipinitialspace=True)
    except csv.Error:  # a field without an end
        yield from (line.split(separator) for line in lines)
