"""A GSL rule on each account of a bundle: the accounts in scope, each with its entities."""

from __future__ import annotations

from auditor.chains import Chains, Population
from auditor.evidence import Responses
from auditor.gsl import Rule
from auditor.published.entities import cloudtrail_entities
from auditor.published.rule import judge_rule, outcome_facts


def judge_accounts(
    rule: Rule, people: Population, chains: Chains, responses: Responses, as_of: str | None
) -> list[dict[str, object]]:
    """Per account in scope ``{"account_id", "result", "items", "readings", "explanation"}``.

    ``as_of`` (ISO date or time) is "now" for ``before`` and ``after``.
    """
    judged = []
    for account in people.accounts:
        if account.in_scope:
            entities = cloudtrail_entities(account.account_id, account.regions, chains, responses)
            outcome = judge_rule(rule, entities, as_of)
            judged.append({"account_id": account.account_id, **outcome_facts(outcome)})
    return judged
