"""What to do about a FAIL, in the three ways of the founding rule: console, AWS CLI, Terraform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import groupby
from typing import Any

from auditor.catalogue import Control
from auditor.remediation.plan import Plan, plan
from auditor.remediation.policy import policy
from auditor.remediation.quoting import text
from auditor.remediation.render import block
from auditor.remediation.target import AccountRegion, Target, target, usable
from auditor.result import RemediationSteps
from auditor.text import listing
from auditor.verdict import LINKS, Link

FACTS = (
    "account_id", "region", "partition", "trail_name", "trail_arn", "trail_region", "trail_account",
    "log_group", "log_group_account", "log_group_region", "filter_name", "required_pattern", "metric_name",
    "metric_namespace", "alarm_name", "alarm_arn", "topic_arn", "topic_name", "subscription_arn", "protocol",
    "endpoint",
)  # fmt: skip


def steps(control: Control, facts: Mapping[str, Any], first_broken: Link, reason_code: str) -> RemediationSteps:
    """The steps from the first broken link on, with the account's own names; earlier links are left as they are.

    ``facts`` has the names in ``FACTS``, each a string, empty where the account has no such thing.
    """
    known = usable({name: facts.get(name) or "" for name in FACTS}, first_broken)
    chosen = plan(first_broken, reason_code, known)
    aim = target(control, known, chosen.forgotten)
    values = _values(aim, chosen)
    return {
        "link": first_broken.value,
        "summary": _summary(chosen, values, aim, first_broken),
        "portal": list(_portal(chosen, values, aim)),
        "cli": "\n\n".join(_cli(chosen, values, aim)) + "\n",
        "terraform": _terraform(chosen, values, aim),
        "references": list(
            dict.fromkeys([*(page for step in chosen.steps for page in step.references), *control.references])
        ),
    }


def _values(aim: Target, chosen: Plan) -> dict[str, Any]:
    values = {field.name: getattr(aim, field.name) for field in fields(aim)}
    names = ("trail_arn", "log_group_arn", "role_arn", "role_policy_name", "topic_arn", "alarms_arn")
    values |= {name: getattr(aim, name) for name in names}
    values |= {"topic_account": aim.topic.account, "alarms_account": aim.group.account}
    values["steps"] = {step.id for step in chosen.steps}
    values["existing"] = {link.value for link in aim.existing}
    return values | {"policy": lambda name: policy(name, values)}


def _summary(chosen: Plan, values: dict[str, Any], aim: Target, broken: Link) -> str:
    sentences = [block(step.id, "summary", values) for step in chosen.steps]
    kept = {
        Link.TRAIL: f"trail {aim.trail_name}",
        Link.LOG_GROUP: f"log group {aim.log_group}",
        Link.METRIC_FILTER: f"metric filter {aim.filter_name}",
        Link.ALARM: f"alarm {aim.alarm_name}",
        Link.TOPIC: f"topic {aim.topic_name}",
    }
    earlier = [text(kept[link]) for link in LINKS[: LINKS.index(broken)] if link in kept and link in aim.existing]
    if earlier:
        sentences.append(f"Left as found: {listing(earlier)}.")
    return " ".join(filter(None, sentences))


def _portal(chosen: Plan, values: dict[str, Any], aim: Target) -> Iterator[str]:
    for place, group in groupby(chosen.steps, lambda step: aim.place(step.place)):
        yield f"Sign in to the AWS console of {_where(place)}."
        for step in group:
            yield from block(step.id, "portal", values).splitlines()


def _cli(chosen: Plan, values: dict[str, Any], aim: Target) -> Iterator[str]:
    for place, group in groupby(chosen.steps, lambda step: aim.place(step.place)):
        yield f"# In {_where(place)}:"
        for step in group:
            yield block(step.id, "cli", values)


def _terraform(chosen: Plan, values: dict[str, Any], aim: Target) -> str:
    written: list[str] = []
    for place, group in groupby(chosen.steps, lambda step: aim.place(step.place)):
        written.append(f"# In {_where(place)}:")
        written += (block(name, "terraform", values) for name in dict.fromkeys(step.terraform for step in group))
    return "\n\n".join(filter(None, written)) + "\n"


def _where(place: AccountRegion) -> str:
    return f"account {text(place.account)}, region {text(place.region)}"
