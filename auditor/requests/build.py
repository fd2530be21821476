"""Gaps and requests from what the findings want and what the bundle lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from auditor.chains import Need, command_for, file_for
from auditor.evidence import Responses, calls
from auditor.result import Gap, Request
from auditor.text import count

_Key = tuple[str, str, str, str, str]  # account, region, call, resource, question in words


@dataclass(frozen=True, slots=True)
class Want:
    """What one INCONCLUSIVE finding wants: a capture, or (``need`` None) an answer in words."""

    finding: str
    account_id: str
    need: Need | None
    code: str
    reason: str


def gaps(wants: Iterable[Want], responses: Responses) -> list[Gap]:
    """Evidence that the population needs and the bundle lacks: wanted captures, and answers that are not whole."""
    found: dict[tuple[str, str, str, str], Gap] = {}
    for response in responses.all():
        if not response.complete:
            key = (response.account_id, response.region, response.call.id, response.resource)
            found[key] = {
                "account_id": response.account_id,
                "region": response.region,
                "call": response.call.id,
                "resource": response.resource,
                "code": response.code,
                "reason": response.detail or response.code.replace("_", " "),
            }
    for want in wants:
        if want.need is not None:
            need = want.need
            key = (need.account_id, need.region, need.call_id, need.resource)
            found.setdefault(
                key,
                {
                    "account_id": need.account_id,
                    "region": need.region,
                    "call": need.call_id,
                    "resource": need.resource,
                    "code": "not_captured",
                    "reason": want.reason,
                },
            )
    return [found[key] for key in sorted(found)]


def requests(wants: Iterable[Want]) -> list[Request]:
    """One request per capture or question, by account and region, with the findings it would settle."""
    grouped: dict[_Key, list[Want]] = defaultdict(list)
    wanted: dict[str, set[_Key]] = defaultdict(set)
    for want in wants:
        key = _key(want)
        grouped[key].append(want)
        wanted[want.finding].add(key)
    found: list[Request] = []
    for number, key in enumerate(sorted(grouped), start=1):
        account_id, region, call_id, resource, question = key
        own = grouped[key]
        settled = sorted({want.finding for want in own})
        call = calls().get(call_id)
        found.append(
            {
                "number": f"R-{number:03d}",
                "account_id": account_id,
                "region": region,
                "call": call_id,
                "what": f"{call.title}{f': {resource}' if resource else ''}" if call else "An answer in words",
                "why": question or own[0].reason,
                "command": command_for(own[0].need) if own[0].need is not None else "",
                "save_as": file_for(own[0].need) if own[0].need is not None else "",
                "settles": settled,
                "settles_alone": [finding for finding in settled if len(wanted[finding]) == 1],
            }
        )
    return found


def settling(requests: Sequence[Request], findings: Collection[str]) -> str:
    """How many of these INCONCLUSIVE findings (ids) one answer alone would settle, as far as the captures show."""
    alone = {request["number"]: sum(one in findings for one in request["settles_alone"]) for request in requests}
    if not findings or not any(alone.values()):
        return ""
    best = max(requests, key=lambda request: alone[request["number"]])  # the first among equals
    number = alone[best["number"]]
    place = ", ".join(filter(None, [f"account {best['account_id']}", best["region"]]))
    words = (
        f"{number:,} of {count(len(findings), 'INCONCLUSIVE finding')} {_need(number)} only "
        f"{best['number']} ({best['what']}; {place})"
    )
    others = [one for one in alone.values() if one]
    left = sum(others) - number
    if not left:
        return f"{words}."
    if len(others) == 2:
        return f"{words}; {left:,} more {_need(left)} only one other answer."
    return f"{words}; {left:,} more {_need(left)} only one of {len(others) - 1} other answers."


def _need(number: int) -> str:
    return "needs" if number == 1 else "need"


def _key(want: Want) -> _Key:
    """What makes two wants one request."""
    need = want.need
    if need is None:
        return want.account_id, "", "", "", want.reason
    return need.account_id, need.region, need.call_id, need.resource, ""
