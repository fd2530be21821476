"""Account ids as people and spreadsheets write them, in a cell or a value (rule X9)."""

from __future__ import annotations

import re
from itertools import islice

from auditor.arn import ACCOUNT_DIGITS

_SPACES = re.compile("[\u00a0\u2007\u2009\u202f\\s]+")
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")
_HYPHENS = re.compile("[\u2010-\u2015\u2212]")
_AROUND = " \t=\"'`*_"  # quotes, what spreadsheets put before a text, and emphasis
_IN_FOURS = r"[0-9]{4}(?P<between>[-. /])[0-9]{4}(?P=between)[0-9]{4}"
_IN_THREES = r"[0-9]{3}(?P<apart>[-., '\u2019])[0-9]{3}(?P=apart)[0-9]{3}(?P=apart)[0-9]{3}"
_WHOLE = re.compile(rf"(?P<id>{ACCOUNT_DIGITS}|{_IN_FOURS}|{_IN_THREES})(?:[.,]0+)?")
_SHORTENED = re.compile(r"([0-9]{10,11})(?:[.,]0+)?")  # its leading zeros lost, as where it was read as a number
_TOKEN = re.compile(rf"(?<![0-9A-Za-z])(?:{ACCOUNT_DIGITS}|{_IN_FOURS})(?![0-9A-Za-z])")
_ORGANIZATION_ARN = re.compile(rf":organizations::{ACCOUNT_DIGITS}:account/[^/\s]+/({ACCOUNT_DIGITS})(?![0-9])")
_ADDRESS = re.compile(r"\S*@\S*")
_SEPARATORS = re.compile(r"[\t\r\n|,;]")
_DIGITS = 12
_MOST_WORDS = 4
_LONGEST = 300
_FEW_WORDS = 80  # characters
_MOST_TOKENS = 20_000  # an organisation has fewer accounts


def accounts_in_cell(cell: str, *, headed: bool = False) -> tuple[str, ...]:
    """The accounts that a cell is about: an id as it is, in groups, as a decimal number, or with a few words around it.

    ``headed``: it stands in a column of account ids, so that ten or eleven digits are an id that lost its zeros, and
    whatever words stand around one are about it. Parts of e-mail addresses and of sentences name nobody.

    >>> accounts_in_cell("Dev (4444-5555-6666)"), accounts_in_cell("444455556666.0")
    (('444455556666',), ('444455556666',))
    >>> accounts_in_cell("12345678901", headed=True), accounts_in_cell("aws+444455556666@example.com")
    (('012345678901',), ())
    """
    if len(cell) == _DIGITS and cell.isascii() and cell.isdigit():
        return (cell,)
    text = _HYPHENS.sub("-", _SPACES.sub(" ", _INVISIBLE.sub("", cell[:_LONGEST]))).strip(_AROUND)
    if whole := _WHOLE.fullmatch(text):
        return (_digits(whole["id"]),)
    if headed and (shortened := _SHORTENED.fullmatch(text)):
        return (shortened[1].zfill(_DIGITS),)
    if of_organization := _ORGANIZATION_ARN.findall(text):
        return tuple(dict.fromkeys(of_organization))
    text = _ADDRESS.sub(" ", text)
    tokens = tuple(dict.fromkeys(_digits(token[0]) for token in _TOKEN.finditer(text)))
    if not tokens or headed:
        return tokens
    words = re.findall(r"\w+", _TOKEN.sub(" ", text))
    return tokens if len(words) <= _MOST_WORDS and not text.endswith(".") else ()


def accounts_in_cells(text: str) -> tuple[str, ...]:
    """The accounts that the cells of a text are about, which ends of lines, tabs, commas, semicolons and bars part."""
    accounts: dict[str, None] = {}
    for token in islice(_TOKEN.finditer(text), _MOST_TOKENS):
        before = _SEPARATORS.split(text[max(0, token.start() - _FEW_WORDS) : token.start()])[-1]
        behind = _SEPARATORS.split(text[token.end() : token.end() + _FEW_WORDS], maxsplit=1)[0]
        if len(before) < _FEW_WORDS and len(behind) < _FEW_WORDS:
            accounts |= dict.fromkeys(accounts_in_cell(before + token[0] + behind))
    return tuple(accounts)


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)
