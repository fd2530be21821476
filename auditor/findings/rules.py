"""The rules on which the findings of a result rest, as the result states them."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.result import Finding, RuleFacts, cited_codes
from auditor.rules import reasons, rules


def cited_rules(findings: Sequence[Finding]) -> list[RuleFacts]:
    """The rules that the findings cite, in the order of the law; ``codes`` are the reasons that cite each."""
    cited = dict.fromkeys(code for finding in findings for code in cited_codes(finding))
    codes: dict[str, list[str]] = {}
    for reason in reasons().values():
        if reason.code in cited:
            codes.setdefault(reason.rule, []).append(reason.code)
    return [
        {
            "id": rule.id,
            "title": rule.title,
            "says": rule.says,
            "known": list(rule.known),
            "sources": [{"name": str(source), "url": source.url} for source in rule.sources],
            "codes": codes[rule.id],
        }
        for rule in rules().values()
        if rule.id in codes
    ]
