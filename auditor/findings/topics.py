"""The subscribers of each topic that a shown chain leads to: who would be told, besides the one that decides."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.arn import parse_arn
from auditor.chains import Chains
from auditor.evidence import Responses
from auditor.evidence.call_ids import LIST_SUBSCRIPTIONS_BY_TOPIC
from auditor.result import Finding, TopicFacts


def topic_facts(findings: Iterable[Finding], chains: Chains, responses: Responses) -> list[TopicFacts]:
    """The topics of the findings' chains, each once: its captured subscribers, and whether their listing is whole."""
    arns = {chain["topic_arn"] for finding in findings for chain in finding["chains"]} - {""}
    facts: list[TopicFacts] = []
    for text in sorted(arns):
        topic = parse_arn(text)
        account, region = (topic.account_id, topic.region) if topic else ("", "")
        listing = responses.get(LIST_SUBSCRIPTIONS_BY_TOPIC, account, region, text)
        words = (
            f"{who.protocol}: {who.endpoint or 'endpoint not shown'}"
            f"{'' if who.subscription_arn.startswith('arn:') else ' (not confirmed)'}"
            for who, _ in chains.subscribers(text)
        )
        facts.append({"topic_arn": text, "complete": listing.complete, "subscribers": sorted(set(words))})
    return facts
