"""The account of a row: twelve digits as they stand, or recovered where something else gives them; never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.arn import ACCOUNT_DIGITS, ACCOUNT_ID, REGION, account_named, parse_arn

# prowler-aws-<check>-<account>-<region>-<resource>: check ids have no hyphen.
_STABLE = re.compile(rf"prowler-aws-([a-z0-9_]+)-({ACCOUNT_DIGITS})-")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?E\+?(\d{1,2})", re.IGNORECASE)
_SHORT = 11  # one leading zero lost, which 12 digits leave no doubt about
_NO_REGION = ("", "global", "aws-global", "-", "none", "null", "n/a")


class UnreadableAccountError(Exception):
    """An account id that is damaged, and nothing in the row says which one it was; ``str()`` says how."""


def account_of(value: object, elsewhere: Iterable[str] = ()) -> str:
    """The account id that a column known to hold one says, ``""`` if it is empty and nothing else tells.

    ``elsewhere``: stable ids and ARNs of the same row, best first, in which the full id may stand.

    Raises:
        UnreadableAccountError: damaged beyond recovery, or a name.
    """
    text = _plain(value)
    if ACCOUNT_ID.fullmatch(text):
        return text
    others = list(dict.fromkeys(account_id for account_id in map(_within, elsewhere) if account_id))
    fitting = [account_id for account_id in others if _fits(text, account_id)]
    if fitting:
        return fitting[0]
    if not text:
        return ""
    if text.isascii() and text.isdigit() and len(text) == _SHORT:
        return text.zfill(12)
    raise UnreadableAccountError(_why(text))


def check_of(stable_id: str) -> str:
    """The check that Prowler's stable id names, ``""`` if it is none."""
    match = _STABLE.match(stable_id)
    return match[1] if match else ""


def region_of(value: object) -> str | None:
    """The region of a row; None for global ones and for what is none."""
    text = str(value or "").strip().lower()
    return None if text in _NO_REGION or not REGION.fullmatch(text) else text


def _plain(value: object) -> str:
    """The id without what spreadsheets and people put around it: ``="012…"``, ``'012…``, ``1234-5678-9012``, ``.0``."""
    if value is None or isinstance(value, bool):
        return ""
    text = str(value).strip().strip("'\"`=\u200b\ufeff ").strip()
    text = re.sub(r"^([0-9]{11,12})[.,]0+$", r"\1", text)
    return account_named(text) or text


def _within(text: str) -> str:
    """The account id within an ARN or a stable id, ``""`` if it has none."""
    if not text:
        return ""
    if stable := _STABLE.match(text):
        return stable[2]
    if ACCOUNT_ID.fullmatch(text):
        return text
    arn = parse_arn(text)
    if arn is not None:
        if ACCOUNT_ID.fullmatch(arn.account_id):
            return arn.account_id
        return arn.resource if ACCOUNT_ID.fullmatch(arn.resource) else ""
    match = re.fullmatch(rf"(?:AWS::::Account:|arn:aws[a-z-]*:::|aws:)({ACCOUNT_DIGITS})", text)
    return match[1] if match else ""


def _fits(damaged: str, whole: str) -> bool:
    """Whether the damaged id may have been the whole one."""
    if not damaged:
        return True
    if damaged.isascii() and damaged.isdigit():
        return whole.lstrip("0") == damaged.lstrip("0")
    if match := _SCIENTIFIC.fullmatch(damaged):
        return _rounded(whole, len(match[2] or "")) == (match[1] + (match[2] or ""), int(match[3]))
    return not any(character.isdigit() for character in damaged)  # a name or an alias


def _rounded(whole: str, decimals: int) -> tuple[str, int]:
    mantissa, exponent = f"{int(whole):.{decimals}E}".split("E")
    return mantissa.replace(".", ""), int(exponent)


def _why(text: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        return "is a rounded number, as spreadsheets write one"
    if text.isascii() and text.isdigit():
        return f"has {len(text)} digits and not twelve"
    return "is no account id"
