"""The chain to be reached: which of its parts the account has, and the names and places of all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.arn import parse_arn
from auditor.catalogue import Control
from auditor.remediation.quoting import Quoted, is_parameter_file
from auditor.verdict import Link

# Which fact shows that a link's own element exists; a metric exists with its filter.
_SHOWN_BY = {
    Link.TRAIL: "trail_name",
    Link.LOG_GROUP: "log_group",
    Link.METRIC_FILTER: "filter_name",
    Link.METRIC: "filter_name",
    Link.ALARM: "alarm_name",
    Link.TOPIC: "topic_arn",
    Link.SUBSCRIPTION: "subscription_arn",
}
_REWRITES_ALARM = (Link.METRIC, Link.ALARM, Link.TOPIC)
_ROLE = "cloudtrail-to-cloudwatch-logs"
_ENDPOINT = "security-team@example.com"


@dataclass(frozen=True, slots=True)
class AccountRegion:
    """Where a step is done."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Target:
    """All names of the chain. ``existing`` are the links whose element is there and keeps its name.

    ``label`` is the Terraform name of every resource; ``endpoint_is_example`` tells that nobody is known
    who could be told.
    """

    label: Quoted
    partition: str
    account_id: str
    existing: frozenset[Link]
    trail: AccountRegion
    trail_name: str
    bucket: str
    group: AccountRegion
    log_group: str
    role_name: str
    filter_name: str
    pattern: str
    metric_name: str
    metric_namespace: str
    metric_value: str
    default_value: str
    unit: str
    alarm_name: str
    enabled_name: str
    alarm_description: str
    topic: AccountRegion
    topic_name: str
    subscription_arn: str
    protocol: str
    endpoint: str
    endpoint_is_example: bool

    @property
    def transformation(self) -> dict[str, str | float]:
        """What the filter publishes, as put-metric-filter takes it."""
        transformation: dict[str, str | float] = {
            "metricName": self.metric_name, "metricNamespace": self.metric_namespace, "metricValue": self.metric_value,
        }  # fmt: skip
        if self.default_value:
            transformation["defaultValue"] = float(self.default_value)
        return transformation | ({"unit": self.unit} if self.unit else {})

    @property
    def trail_arn(self) -> str:
        """The trail's ARN, also of a trail still to be created."""
        return f"arn:{self.partition}:cloudtrail:{self.trail.region}:{self.trail.account}:trail/{self.trail_name}"

    @property
    def log_group_arn(self) -> str:
        """The log group's ARN without the trailing ``:*``."""
        return f"arn:{self.partition}:logs:{self.group.region}:{self.group.account}:log-group:{self.log_group}"

    @property
    def role_arn(self) -> str:
        """The role with which CloudTrail writes to the log group."""
        return f"arn:{self.partition}:iam::{self.group.account}:role/{self.role_name}"

    @property
    def role_policy_name(self) -> str:
        """The role's inline policy for this log group; those for other groups stay (IAM: at most 128 characters)."""
        return re.sub(r"[^A-Za-z0-9+=,.@_-]", "-", f"write-{self.group.region}-{self.log_group}")[:128]

    @property
    def topic_arn(self) -> str:
        """The topic that the alarm is to notify."""
        return f"arn:{self.partition}:sns:{self.topic.region}:{self.topic.account}:{self.topic_name}"

    @property
    def alarms_arn(self) -> str:
        """The ARN of every alarm beside the metric filter, for a policy."""
        return f"arn:{self.partition}:cloudwatch:{self.group.region}:{self.group.account}:alarm:*"

    def place(self, name: str) -> AccountRegion:
        """The place ``trail``, ``group`` or ``topic``."""
        return {"trail": self.trail, "group": self.group, "topic": self.topic}[name]


def usable(facts: Mapping[str, str], broken: Mapping[Link, Sequence[str]]) -> dict[str, str]:
    """The facts without what no step can use: names the AWS CLI would misread, elements out of reach.

    An alarm in another account or region than the filter (a monitoring account's) is not rewritten: where it
    or what hangs behind it is broken, a new alarm stands beside it. So does a new topic beside a FIFO topic that is
    broken: that alarms could publish to it is not documented (rule S6).
    """
    kept = {name: "" if is_parameter_file(value) and name != "endpoint" else value for name, value in facts.items()}
    alarm = parse_arn(kept["alarm_arn"])
    home = (kept["log_group_account"] or kept["account_id"], kept["log_group_region"] or kept["region"])
    if (
        any(link in broken for link in _REWRITES_ALARM)
        and alarm is not None
        and (alarm.account_id, alarm.region) != home
    ):
        kept |= dict.fromkeys(("alarm_name", "alarm_arn", "topic_arn", "topic_name", "subscription_arn"), "")
    if Link.TOPIC in broken and kept["topic_arn"].endswith(".fifo"):
        kept |= dict.fromkeys(("topic_arn", "topic_name", "subscription_arn"), "")
    if parse_arn(kept["topic_arn"]) is None:
        kept |= {"topic_arn": "", "topic_name": ""}
    if parse_arn(kept["subscription_arn"]) is None:  # pending or deleted (rule N1)
        kept["subscription_arn"] = ""
    return kept


def shown(link: Link, facts: Mapping[str, str]) -> bool:
    """Whether the account has the element of ``link``."""
    return bool(facts[_SHOWN_BY[link]])


def target(control: Control, facts: Mapping[str, str], forgotten: frozenset[str]) -> Target:
    """The chain to be reached. Names in ``forgotten`` are replaced by the control's own, never by themselves."""
    remediation = control.remediation
    kept = {name: "" if name in forgotten else value for name, value in facts.items()}

    def name(fact: str, proposed: str) -> str:
        return kept[fact] or (f"{proposed}-2" if facts[fact] == proposed else proposed)

    trail = AccountRegion(facts["trail_account"] or facts["account_id"], facts["trail_region"] or facts["region"])
    group = AccountRegion(kept["log_group_account"] or trail.account, kept["log_group_region"] or trail.region)
    topic = parse_arn(kept["topic_arn"])
    return Target(
        label=Quoted(re.sub(r"[^a-z0-9]", "_", f"c_{control.id}" if control.id[0].isdigit() else control.id)),
        partition=facts["partition"] or "aws",
        account_id=facts["account_id"],
        existing=frozenset(link for link in Link if shown(link, kept)),
        trail=trail,
        trail_name=name("trail_name", remediation["trail_name"]),
        bucket=f"cloudtrail-{trail.account}-{trail.region}",
        group=group,
        log_group=name("log_group", remediation["log_group"]),
        role_name=_ROLE,
        filter_name=name("filter_name", remediation["filter_name"]),
        pattern=facts["required_pattern"],
        metric_name=name("metric_name", remediation["metric_name"]),
        metric_namespace=kept["metric_namespace"] or remediation["metric_namespace"],
        metric_value=kept["metric_value"] or "1",
        default_value=kept["default_value"],
        unit=kept["unit"],
        alarm_name=name("alarm_name", remediation["alarm_name"]),
        enabled_name=kept["composite_name"] or kept["alarm_name"],
        alarm_description=remediation["alarm_description"],
        topic=AccountRegion(topic.account_id, topic.region) if topic else group,
        topic_name=topic.resource if topic else name("topic_name", remediation["topic_name"]),
        subscription_arn=kept["subscription_arn"],
        protocol=facts["protocol"] or "email",
        endpoint=facts["endpoint"] or _ENDPOINT,
        endpoint_is_example=not facts["endpoint"],
    )
