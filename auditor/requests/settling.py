"""How many open findings hang on one set of requests, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from auditor.result import RequestSet
from auditor.text import count


def settling(sets: Sequence[RequestSet], findings: Collection[str]) -> str:
    """How many of these INCONCLUSIVE findings (ids) need one account's exports alone; ``""`` if none do."""
    alone = {
        request_set["number"]: sum(finding in findings for finding in request_set["settles_alone"])
        for request_set in sets
    }
    if not findings or not any(alone.values()):
        return ""
    best = max(sets, key=lambda request_set: alone[request_set["number"]])  # the first among equals
    number = alone[best["number"]]
    words = (
        f"{number:,} of {count(len(findings), 'INCONCLUSIVE finding')} {_need(number)} only {best['number']} "
        f"({count(best['exports'], 'export')} from account {best['account_id']})"
    )
    others = [number for number in alone.values() if number]
    left = sum(others) - number
    if not left:
        return f"{words}."
    if len(others) == 2:
        return f"{words}; {left:,} more {_need(left)} only one other request."
    return f"{words}; {left:,} more {_need(left)} only one of {len(others) - 1} other requests."


def _need(number: int) -> str:
    return "needs" if number == 1 else "need"
