"""One waiver as somebody wrote it, and what makes it unusable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from auditor.errors import Problem
from auditor.text import listing, one_line

REQUIRED = ("account", "control", "owner", "reason", "expiry")
MEMBERS = (*REQUIRED, "id", "approver", "ticket", "granted", "compensating_control")
_DATES = ("granted", "expiry")
_OF_THE_REPORT = ("status", "finding_no.", "findings_covered")  # columns of our own sheet that say what came of it
UNUSABLE = "waiver-unusable"


@dataclass(frozen=True, slots=True)
class WaiverEntry:
    """A usable waiver. ``place`` says where in the file it stands; dates are ISO, ``granted`` may be empty."""

    place: str
    id: str
    account: str  # id, name, or a glob of either
    control: str
    owner: str
    reason: str
    expiry: str
    approver: str = ""
    ticket: str = ""
    granted: str = ""
    compensating_control: str = ""


def entry(number: int, row: Mapping[str, object], file: str, place: str) -> tuple[WaiverEntry | None, list[Problem]]:
    """The waiver that ``row`` states, or None, with what is wrong with it. A member that is nearly a known one is
    told, since what it says counts for nothing.
    """
    problems = [_misspelt(file, place, name, near) for name in row if (near := _near(name))]
    texts = {name: _text(row.get(name)) for name in MEMBERS}
    if missing := [name for name in REQUIRED if not texts[name]]:
        why = f"has no {listing(missing, 'or')}, so that it stands beside no finding."
        return None, [*problems, _unusable(file, place, why, f"A waiver needs {listing(REQUIRED)}.")]
    for name in _DATES:
        if texts[name] and not _is_date(texts[name]):
            why = f"{name} {one_line(texts[name], 40)!r} is no date, so that the waiver stands beside no finding."
            return None, [*problems, _unusable(file, place, why, "Write it as 2026-09-30.")]
    if texts["granted"] > texts["expiry"]:
        why = f"expires on {texts['expiry']}, before it is granted on {texts['granted']}; it stands beside no finding."
        return None, [*problems, _unusable(file, place, why, "Correct the dates.")]
    texts["id"] = texts["id"] or f"W-{number:03d}"
    account = texts["account"]
    if not account.replace("-", "").strip("0123456789"):
        texts["account"] = account.replace("-", "")
    return WaiverEntry(place=place, **texts), problems


def _text(value: object) -> str:
    text = "" if value is None or isinstance(value, list | dict | bool) else str(value).strip()
    return "" if text == "–" else text  # so our own sheet writes that nothing is said


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _near(name: str) -> str:
    """The member that an unknown one nearly is."""
    if name in MEMBERS or name in _OF_THE_REPORT:
        return ""
    return next(iter(get_close_matches(name.lower(), MEMBERS, n=1, cutoff=0.75)), "")


def _misspelt(file: str, place: str, name: str, near: str) -> Problem:
    return Problem(
        file,
        place,
        f"has the unknown member {one_line(name, 40)}, which is not read.",
        f"Did you mean {near}?",
        "waiver-member",
        "warning",
    )


def _unusable(file: str, place: str, why: str, remedy: str) -> Problem:
    return Problem(file, place, f"waiver {why}" if why.startswith(("has", "expires")) else why, remedy, UNUSABLE)
