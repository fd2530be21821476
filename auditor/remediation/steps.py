"""What to do about a FAIL, in the three ways of the founding rule: console, AWS CLI, Terraform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import groupby

from auditor.catalogue import Control
from auditor.remediation.names import ChainNames
from auditor.remediation.plan import Plan, plan
from auditor.remediation.policy import policy
from auditor.remediation.quoting import text
from auditor.remediation.render import block
from auditor.remediation.target import AccountRegion, Target, target, usable
from auditor.result import RemediationSteps
from auditor.text import listing
from auditor.verdict import LINKS, Link

_ACCEPT = (
    "Every event of this control is counted. First decide whether to accept the deviation from the required pattern: "
    "record who owns it, the reason and the day on which the acceptance expires; then nothing is to be changed."
)
_ELSE = "Only if it is not accepted:"


def steps(
    control: Control, names: ChainNames, broken: Mapping[Link, Sequence[str]], *, accept_first: bool = False
) -> RemediationSteps:
    """The steps from the first broken link on, with the account's own names; earlier links are left as they are.

    ``broken`` are the links of the chain that are broken, each with its reason codes. ``accept_first``: the filter
    meets the objective, so that its pattern may as well stay.
    """
    first_broken = next(link for link in LINKS if link in broken)
    known = usable(asdict(names), broken)
    chosen = plan(broken, known)
    aim = target(control, known, chosen.forgotten)
    values = _values(aim, chosen)
    summary = _summary(chosen, values, aim, first_broken)
    comment = f"# {_ACCEPT}\n# {_ELSE}\n\n" if accept_first else ""
    return {
        "link": first_broken.value,
        "summary": f"{_ACCEPT} {_ELSE} {summary}" if accept_first else summary,
        "portal": [*([f"{_ACCEPT} {_ELSE[:-1]}, go on."] if accept_first else ()), *_portal(chosen, values, aim)],
        "cli": comment + "\n\n".join(_cli(chosen, values, aim)) + "\n",
        "terraform": comment + _terraform(chosen, values, aim),
        "references": list(
            dict.fromkeys([*(page for step in chosen.steps for page in step.references), *control.references])
        ),
    }


def _values(aim: Target, chosen: Plan) -> dict[str, object]:
    values = {field.name: getattr(aim, field.name) for field in fields(aim)}
    names = ("transformation", "trail_arn", "log_group_arn", "role_arn", "role_policy_name", "topic_arn", "alarms_arn")
    values |= {name: getattr(aim, name) for name in names}
    values |= {"topic_account": aim.topic.account, "alarms_account": aim.group.account}
    values["steps"] = {step.id for step in chosen.steps}
    values["existing"] = {link.value for link in aim.existing}
    return values | {"policy": lambda name: policy(name, values)}


def _summary(chosen: Plan, values: dict[str, object], aim: Target, broken: Link) -> str:
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


def _portal(chosen: Plan, values: dict[str, object], aim: Target) -> Iterator[str]:
    for place, group in groupby(chosen.steps, lambda step: aim.place(step.place)):
        yield f"Sign in to the AWS console of {_where(place)}."
        for step in group:
            yield from block(step.id, "portal", values).splitlines()


def _cli(chosen: Plan, values: dict[str, object], aim: Target) -> Iterator[str]:
    for place, group in groupby(chosen.steps, lambda step: aim.place(step.place)):
        yield f"# In {_where(place)}:"
        for step in group:
            yield block(step.id, "cli", values)


def _terraform(chosen: Plan, values: dict[str, object], aim: Target) -> str:
    written: list[str] = []
    for place, group in groupby(chosen.steps, lambda step: aim.place(step.place)):
        written.append(f"# In {_where(place)}:")
        written += (block(name, "terraform", values) for name in dict.fromkeys(step.terraform for step in group))
    return "\n\n".join(filter(None, written)) + "\n"


def _where(place: AccountRegion) -> str:
    return f"account {text(place.account)}, region {text(place.region)}"
