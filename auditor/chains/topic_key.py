"""The key that a topic is encrypted with: whether its policy lets CloudWatch use it (S4)."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.arn import Arn, parse_arn
from auditor.chains.model import LinkState, Need, Source, broken, ok, unknown
from auditor.chains.policy import Request, decide
from auditor.chains.testimony import NO_TESTIMONY, Testimony
from auditor.evidence.call_ids import DESCRIBE_ALARM_HISTORY, GET_KEY_POLICY

_AWS_MANAGED_KEYS = ("alias/aws/sns",)


def key_name(text: str) -> str:
    """The id of a key, or the whole name of its alias, by any of the ways to write it."""
    return text.rpartition(":")[2].removeprefix("key/").removeprefix("alias/")


def key_link(
    key: str,
    topic: Arn,
    alarm: Arn,
    where: Source,
    keys: Mapping[tuple[str, str, str], Testimony],
    organization: str,
    facts: Mapping[str, str],
) -> LinkState:
    """Whether alarms may use the key a topic is encrypted with (rule S4).

    ``keys`` are the captured key policies by account, region and :func:`key_name`.
    """
    if key in _AWS_MANAGED_KEYS or key.endswith(":alias/aws/sns"):
        return broken("topic-key-aws-managed", where, key=key, **facts)
    named = parse_arn(key)
    account, region = (named.account_id, named.region) if named else (topic.account_id, topic.region)
    testimony = keys.get((account, region, key_name(key)), NO_TESTIMONY)
    # get-key-policy takes no alias; the alarm's history says whether the key lets it through (S7).
    need = action_history(alarm) if ":alias/" in f":{key}" else Need(GET_KEY_POLICY, account, region, key)
    disputed = testimony.doubt("topic-key-contradictory", need, key=key, **facts)
    if disputed is not None:
        return disputed
    if testimony.answer is None:
        return unknown("topic-key-policy-not-captured", where, key=key, **facts).needing(need)
    capture, answer = testimony.answer
    source = Source(capture.number, f"{capture.page_pointers[0]}/Policy")
    decisions = [
        decide(
            answer.get("Policy"),
            Request(action, _key_arn(key, named, topic), facts["alarm"], alarm.account_id, organization),
        )
        for action in ("kms:Decrypt", "kms:GenerateDataKey")
    ]
    refused = next((decision for decision in decisions if decision.allowed is False), None)
    if refused is not None:
        return broken("topic-key-refuses", where, source, key=key, detail=refused.detail, **facts)
    doubted = next((decision for decision in decisions if decision.allowed is None), None)
    if doubted is not None:
        link = unknown("topic-key-conditions", where, source, key=key, detail=doubted.detail, **facts)
        return link.needing(action_history(alarm))
    return ok(where, source)


def _key_arn(key: str, named: Arn | None, topic: Arn) -> str | None:
    """The ARN of a key that is given as ARN or id; None for an alias, which does not tell its key."""
    if ":alias/" in f":{key}":
        return None
    return key if named else f"arn:{topic.partition}:kms:{topic.region}:{topic.account_id}:key/{key}"


def action_history(alarm: Arn) -> Need:
    """The alarm's history, which says whether its actions reach the topic (S7)."""
    name = alarm.resource.removeprefix("alarm:")
    return Need(DESCRIBE_ALARM_HISTORY, alarm.account_id, alarm.region, name)
