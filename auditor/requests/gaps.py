"""Gaps: evidence that the population needs and the bundle lacks. The one count of them that all faces show."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.evidence import Responses
from auditor.requests.want import Want
from auditor.result import Gap

# What is wrong with an answer of which nothing says more.
_LACKS = {
    "truncated": "The export stops before its last page.",
    "refused": "AWS refused the call.",
    "misplaced": "The answer is of another account, region or resource than its path says.",
    "out_of_period": "It was captured outside the period.",
    "presence_only": "It shows what is there, and not that there is nothing else.",
    "narrowed": "It was asked for a part alone.",
    "altered": "It was altered since it was sealed.",
    "lost": "It was sealed and is missing now.",
    "empty": "The file is empty.",
    "added": "It was added after the seal.",
}


def gaps(wants: Iterable[Want], responses: Responses) -> list[Gap]:
    """Captures that a finding waits for, and answers that are not whole. AWS's answer that there is no such thing is
    whole.
    """
    by_place: dict[tuple[str, str, str, str], Gap] = {}
    for response in responses.all():
        if not response.complete and not response.says_none:
            key = (response.account_id, response.region, response.call.id, response.resource)
            by_place[key] = {
                "account_id": response.account_id,
                "region": response.region,
                "call": response.call.id,
                "resource": response.resource,
                "code": response.code,
                "reason": response.detail or _LACKS.get(response.code, response.code.replace("_", " ")),
            }
    for want in wants:
        if want.need is not None:
            need = want.need
            key = (need.account_id, need.region, need.call_id, need.resource)
            code = responses.get(need.call_id, need.account_id, need.region, need.resource).code
            by_place.setdefault(
                key,
                {
                    "account_id": need.account_id,
                    "region": need.region,
                    "call": need.call_id,
                    "resource": need.resource,
                    "code": code or "contradictory",
                    "reason": want.reason,
                },
            )
    return [by_place[key] for key in sorted(by_place)]
