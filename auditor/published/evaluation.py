"""A GSL rule as somebody asks it: on each account of a bundle, or on entities that a file lists."""

from __future__ import annotations

from typing import NotRequired, TypedDict, final

from auditor.chains import Chains, Population
from auditor.errors import AuditorError
from auditor.evidence import Evidence
from auditor.gsl import Outcome, Rule
from auditor.gsl import parse as parse_rule
from auditor.gsl.outcome import Result
from auditor.published.entities import cloudtrail_entities
from auditor.published.entity_file import EntityFile
from auditor.published.rule import judge_entities, judge_rule, moment, uses_time


class ItemFacts(TypedDict):
    """One entity of those that the rule speaks of, by its place in their list, and what made it so."""

    index: int
    label: str
    relevant: bool | None
    valid: bool | None
    excluded: bool | None
    complies: bool | None  # None: not known
    because: str


class ReadingFacts(TypedDict):
    """A reading of the language on which the result depends, and the other one."""

    name: str
    taken: str
    other: str


@final
class OutcomeFacts(TypedDict):
    """An outcome as JSON, on one account of a bundle or on entities that are listed."""

    account_id: NotRequired[str]
    result: Result
    items: list[ItemFacts]
    readings: list[ReadingFacts]
    explanation: list[str]


@final
class BundleOutcome(TypedDict):
    """The outcome on each account in scope."""

    accounts: list[OutcomeFacts]


def rule_asked(text: str, as_of: str | None) -> Rule:
    """The rule of a text, which any moment that is given for its *now* fits.

    Raises:
        AuditorError: the text is no rule, or ``as_of`` neither an ISO date nor a time.
    """
    if as_of is not None:
        try:
            moment(as_of)
        except ValueError:
            raise AuditorError(
                f"--as-of {as_of!r} is no date or time.", remedy="Write 2026-09-30 or 2026-09-30T12:00:00Z."
            ) from None
    return parse_rule(text)


def judge_accounts(
    rule: Rule, people: Population, chains: Chains, evidence: Evidence, as_of: str | None
) -> BundleOutcome:
    """The outcome on each account in scope, each with the entities that the captures give.

    ``as_of`` (ISO date or time) is "now" for ``before`` and ``after``; without it the latest capture time.

    Raises:
        AuditorError: the rule uses a name that the evidence does not provide, or asks for now, and no capture is dated.
    """
    latest = max((capture.captured_at for capture in evidence.captures if capture.captured_at), default=None)
    now = as_of or latest
    _needs_now(rule, now)
    judged: list[OutcomeFacts] = []
    for account in people.accounts:
        if account.in_scope:
            entities = cloudtrail_entities(account.account_id, account.regions, chains, evidence.responses)
            judged.append({"account_id": account.account_id, **_facts(judge_rule(rule, entities, now))})
    return {"accounts": judged}


def judge_listed(rule: Rule, listed: EntityFile, as_of: str | None) -> OutcomeFacts:
    """The outcome on entities that are listed; ``as_of`` goes before the moment that their file fixes.

    Raises:
        AuditorError: the rule asks for now, which neither tells.
    """
    now = as_of or listed.now
    _needs_now(rule, now)
    return _facts(judge_entities(rule, listed.entities, now))


def _facts(outcome: Outcome) -> OutcomeFacts:
    return {
        "result": outcome.result,
        "items": [
            {
                "index": item.index,
                "label": item.label,
                "relevant": item.relevant,
                "valid": item.valid,
                "excluded": item.excluded,
                "complies": item.complies,
                "because": item.because,
            }
            for item in outcome.items
        ],
        "readings": [
            {"name": reading.name, "taken": reading.taken, "other": reading.other} for reading in outcome.readings
        ],
        "explanation": list(outcome.explanation),
    }


def _needs_now(rule: Rule, now: str | None) -> None:
    if now is None and uses_time(rule):
        raise AuditorError(
            "the rule compares with now, and no capture is dated.", remedy="Give the moment with --as-of 2026-09-30."
        )
