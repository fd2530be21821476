"""The topic link: the alarm's action names an SNS topic that exists and that alarms may publish to (S1–S7, A16)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.arn import Arn, parse_arn
from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, ok, unknown
from auditor.evidence import Capture, Response, Responses

_AWS_MANAGED_KEYS = ("alias/aws/sns",)
_PUBLISHER = "cloudwatch.amazonaws.com"


def sns_actions(actions: Sequence[str]) -> tuple[list[str], list[str]]:
    """The actions that are SNS topics, and those that are something else (rule A16)."""
    topics: list[str] = []
    rest: list[str] = []
    for action in actions:
        arn = parse_arn(action)
        (topics if arn is not None and arn.service == "sns" else rest).append(action)
    return topics, rest


def topic_link(
    topic_arn: str,
    alarm: Arn,
    alarm_arn: str,
    alarm_source: Source,
    attributes: tuple[Capture, Mapping[str, Any]] | None,
    listed: bool,
    by_topic: Response,
    responses: Responses,
) -> LinkState:
    """Whether the topic can be reached by the alarm.

    ``listed``: a list-topics row or a subscription shows that the topic exists; ``attributes`` its
    get-topic-attributes answer, if captured.
    """
    topic = parse_arn(topic_arn)
    facts = {"topic": topic_arn, "alarm": alarm_arn}
    if topic is None:
        return broken("topic-arn-unusable", alarm_source, **facts)
    facts |= {"account": topic.account_id, "region": topic.region}
    if topic.region != alarm.region or topic.partition != alarm.partition:
        return broken("topic-other-region", alarm_source, alarm_region=alarm.region, **facts)
    need = (Need("sns:GetTopicAttributes", topic.account_id, topic.region, topic_arn),)
    if attributes is not None:
        return _attributes_link(topic_arn, topic, alarm, alarm_arn, alarm_source, attributes, facts)
    topics = responses.get("sns:ListTopics", topic.account_id, topic.region)
    if not listed:
        if topics.complete:
            where = [Source(number, "/Topics") for number in topics.captures]
            return broken("topic-deleted", alarm_source, *where, **facts)
        if by_topic.code == "refused" and "does not exist" in by_topic.detail:
            return broken("topic-deleted", alarm_source, **facts)
    if topic.resource.endswith(".fifo"):
        return unknown("topic-fifo", alarm_source, **facts).needing(*need)
    return ok(alarm_source, open_points=(OpenPoint("topic-attributes-not-captured", facts=facts, needs=need),))


def _attributes_link(
    topic_arn: str,
    topic: Arn,
    alarm: Arn,
    alarm_arn: str,
    alarm_source: Source,
    attributes: tuple[Capture, Mapping[str, Any]],
    facts: Mapping[str, str],
) -> LinkState:
    capture, answer = attributes
    values = answer.get("Attributes") or {}
    base = f"{capture.page_pointers[0]}/Attributes"
    key = str(values.get("KmsMasterKeyId") or "")
    if key:
        where = Source(capture.number, f"{base}/KmsMasterKeyId")
        if key in _AWS_MANAGED_KEYS or key.endswith(":alias/aws/sns"):
            return broken("topic-key-aws-managed", alarm_source, where, key=key, **facts)
        needs = (Need("kms:GetKeyPolicy", topic.account_id, topic.region, key),)
        return unknown("topic-key-policy-not-captured", alarm_source, where, key=key, **facts).needing(*needs)
    if topic.resource.endswith(".fifo") or values.get("FifoTopic") == "true":
        return unknown("topic-fifo", alarm_source, Source(capture.number, base), **facts)
    where = Source(capture.number, f"{base}/Policy")
    policy = values.get("Policy")
    if policy is None:
        needs = (Need("sns:GetTopicAttributes", topic.account_id, topic.region, topic_arn),)
        point = OpenPoint("topic-policy-not-captured", facts=facts, needs=needs)
        return ok(alarm_source, Source(capture.number, base), open_points=(point,))
    allowed = policy_allows(policy, alarm_arn, alarm.account_id, topic.account_id)
    if allowed is None:
        return unknown("topic-policy-conditions", alarm_source, where, **facts)
    if not allowed:
        return broken("topic-policy-refuses", alarm_source, where, alarm_account=alarm.account_id, **facts)
    return ok(alarm_source, where)


def policy_allows(policy: Any, alarm_arn: str, alarm_account: str, topic_owner: str) -> bool | None:
    """Whether a topic's policy lets ``cloudwatch.amazonaws.com`` publish for this alarm (S5); None: not decidable."""
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return None
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        return None
    allowed: bool | None = False
    for statement in statements:
        if not isinstance(statement, dict) or not _speaks_of_publishing(statement):
            continue
        fits = _fits(statement, alarm_arn, alarm_account)
        if statement.get("Effect") == "Deny":
            if fits is None:
                return None
            if fits:
                return False
        elif statement.get("Effect") == "Allow" and fits is not False:
            allowed = True if fits else (allowed or None)
    return allowed


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _speaks_of_publishing(statement: Mapping[str, Any]) -> bool:
    if "NotAction" in statement:
        return not any(_like(one.lower(), "sns:publish") for one in _listed(statement["NotAction"]))
    return any(_like(one.lower(), "sns:publish") for one in _listed(statement.get("Action")))


def _fits(statement: Mapping[str, Any], alarm_arn: str, alarm_account: str) -> bool | None:
    """Whether the statement speaks of this alarm's publishing: principal, then every condition."""
    if "NotPrincipal" in statement:
        return None
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        services = _listed(principal.get("Service"))
        everyone = "*" in _listed(principal.get("AWS"))
        if _PUBLISHER not in services and not everyone:
            return False
    elif principal != "*":
        return False
    verdict: bool | None = True
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, wanted in keys.items():
            held = _condition(operator, key.lower(), _listed(wanted), alarm_arn, alarm_account)
            if held is False:
                return False
            if held is None:
                verdict = None
    return verdict


def _condition(operator: str, key: str, wanted: list[str], alarm_arn: str, alarm_account: str) -> bool | None:
    """One condition on the service's request (S5); None: what it asks is not in the captures."""
    kind = operator.lower().removesuffix("ifexists").replace("foranyvalue:", "").replace("forallvalues:", "")
    value = {
        "aws:sourcearn": alarm_arn,
        "aws:sourceaccount": alarm_account,
        "aws:sourceowner": alarm_account,
        "aws:securetransport": "true",
        "aws:principaltype": None,
    }.get(key, "")
    if key.startswith("aws:principal"):
        return False
    if not value:
        return None
    if kind in ("stringequals", "stringequalsignorecase", "bool"):
        return value in wanted
    if kind in ("stringlike", "arnlike", "arnequals"):
        return any(_like(one, value) for one in wanted)
    if kind in ("stringnotequals", "arnnotequals"):
        return value not in wanted
    if kind in ("stringnotlike", "arnnotlike"):
        return not any(_like(one, value) for one in wanted)
    return None


def _like(pattern: str, text: str) -> bool:
    """IAM's ``*`` and ``?`` (each ``*`` any run of characters)."""
    parts: list[tuple[int, int]] = [(0, 0)]
    seen = set(parts)
    while parts:
        at, place = parts.pop()
        if at == len(pattern):
            if place == len(text):
                return True
            continue
        steps = []
        if pattern[at] == "*":
            steps = [(at + 1, place)] + ([(at, place + 1)] if place < len(text) else [])
        elif place < len(text) and pattern[at] in ("?", text[place]):
            steps = [(at + 1, place + 1)]
        for step in steps:
            if step not in seen:
                seen.add(step)
                parts.append(step)
    return False
