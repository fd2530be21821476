"""Who carries the action when an alarm trips: the alarm itself, or a composite alarm above it (A15, A16, C1–C6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.chains.model import LinkState, Need, OpenPoint, Source, broken, ok, unknown
from auditor.chains.topic import sns_actions
from auditor.evidence import Responses
from auditor.text import listing

_ALARMS_CALL = "cloudwatch:DescribeAlarms"


@dataclass(frozen=True, slots=True)
class Carrier:
    """An alarm whose actions run. ``no_topic`` is the state of the topic link if no action is an SNS topic."""

    alarm_arn: str
    actions: tuple[str, ...]
    link: LinkState
    no_topic: LinkState
    source: Source
    composite_arns: tuple[str, ...] = ()


def carriers(
    item: Mapping[str, Any],
    source: Source,
    account_id: str,
    region: str,
    composites: Sequence[Mapping[str, Any]],
    responses: Responses,
) -> list[Carrier]:
    """The carriers of a metric alarm that trips: itself, and each composite alarm that names it.

    A composite alarm's rule is not evaluated: its link is unknown with a code of its own.
    """
    arn, name = str(item.get("AlarmArn", "")), str(item.get("AlarmName", ""))
    actions = tuple(str(action) for action in item.get("AlarmActions") or ())
    topics, others = sns_actions(actions)
    facts = {"alarm": name, "arn": arn}
    need = (Need(_ALARMS_CALL, account_id, region),)
    above = [row for row in composites if _names(str(row["item"].get("AlarmRule", "")), name, arn)]
    point = () if composites_evidenced(responses, account_id, region, bool(composites)) else (
        OpenPoint("composites-not-captured", True, facts, need),
    )  # fmt: skip
    enabled = item.get("ActionsEnabled") is not False
    if not enabled:
        link = LinkState(broken("actions-disabled").state, "actions-disabled", facts, (source,), open_points=point)
        no_topic = link
    else:
        link = ok(source)
        code = "no-action" if not actions else "only-other-actions"
        if not actions and (item.get("OKActions") or item.get("InsufficientDataActions")):
            code = "only-ok-actions"
        listed = {**facts, "actions": listing(others, limit=3) or "none"}
        no_topic = LinkState(broken(code).state, code, listed, (source,), open_points=point)
    found = [Carrier(arn, actions, link, no_topic, source)]
    if not (enabled and topics):
        for row in above:
            composite = row["item"]
            where = Source(int(row["capture"]), f"/CompositeAlarms/{int(row['index'])}")
            state = unknown(
                "composite-not-evaluated", source, where, composite=str(composite.get("AlarmName")), **facts
            )
            found.append(
                Carrier(
                    str(composite.get("AlarmArn")),
                    (),
                    state,
                    no_topic,
                    where,
                    (str(composite.get("AlarmArn")),),
                )
            )
    return found


def composites_evidenced(responses: Responses, account_id: str, region: str, any_found: bool) -> bool:
    """Whether composite alarms were asked for (C1): some were answered, or the arguments say so."""
    return any_found or responses.get(_ALARMS_CALL, account_id, region).asked_for("CompositeAlarm")


def _names(rule: str, name: str, arn: str) -> bool:
    return any(text in rule for text in (f'"{name}"', f"({name})", arn) if text)
