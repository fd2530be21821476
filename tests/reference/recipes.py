"""What a random bundle is made from: a recipe, and the bundle in the making that changes act on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.reference import judge

OTHER = "eu-west-1"
TRAILS, FILTERS, ALARMS = "cloudtrail-describe-trails", "logs-describe-metric-filters", "cloudwatch-describe-alarms"
BY_TOPIC, GROUPS, ATTRIBUTES = "sns-list-subscriptions-by-topic", "logs-describe-log-groups", "sns-get-topic-attributes"
RARE = '{ $.eventName = "Unrelated" }'
NEVER = '{ ($.eventName = "Unrelated") && ($.eventName = "Another") }'
ALL = ("", " ", "{ $.eventName = * }", '{ $.eventVersion = "*" }')
WINDOW = ("2026-07-01", "2026-11-14")  # the third quarter of 2026 and 45 days


@dataclass(frozen=True)
class Recipe:
    """What a bundle is made from."""

    base: str
    seed: int
    changes: tuple[tuple[str, int], ...]
    strict: bool = False
    covers: bool = False
    scoped: bool = False
    period: bool = False

    @property
    def control(self) -> str:
        return random.Random(self.seed).choices(CONTROLS, (6, 2, 1, 1))[0]

    @property
    def region(self) -> str:
        if self.base == "regions":
            # Scoped to one region, the leading regions of all global services must be that one: so not in China.
            choices = ["cn-north-1", "us-gov-west-1", "us-iso-west-1"]
            return "us-gov-west-1" if self.scoped else random.Random(self.seed + 1).choice(choices)
        return "us-east-1"

    @property
    def other_region(self) -> str:
        others = {"cn-north-1": "cn-northwest-1", "us-gov-west-1": "us-gov-east-1", "us-iso-west-1": "us-iso-east-1"}
        return others.get(self.region, OTHER)

    @property
    def arguments(self) -> judge.Arguments:
        """The reference's arguments."""
        return judge.Arguments(
            self.strict, (self.region,) if self.scoped else (), WINDOW if self.period else None, None
        )

    @property
    def alone(self) -> bool:
        """Whether the bundle says something of other accounts, so that it cannot share a bundle with strangers."""
        return self.base == "organisation"


CONTROLS = ("ssm-actions", "root-usage", "cmk-disable-or-delete", "iam-policy-changes")


@dataclass
class Case:
    """A bundle in the making."""

    recipe: Recipe
    accounts: Sequence[str]
    files: dict[str, Any] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    asked: bool = False
    words: dict[str, list[str]] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    last: list[Callable[[], None]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.home = self.accounts[0]
        self.region = self.recipe.region
        self.required = judge.control(self.recipe.control)["variants"]["default"]["patterns"][0]["pattern"]

    def path(self, call: str, resource: str = "", account: str = "", region: str = "") -> str:
        tail = f"/{resource}.json" if resource else ".json"
        return f"{account or self.home}/{region or self.region}/{call}{tail}"

    def items(self, call: str, key: str, account: str = "", region: str = "") -> list[dict[str, Any]]:
        content = self.files.get(self.path(call, "", account, region))
        return content[key] if isinstance(content, dict) and key in content else []

    def put(self, call: str, content: Any, resource: str = "", account: str = "", region: str = "") -> None:
        self.files[self.path(call, resource, account, region)] = content

    @property
    def trails(self) -> list[dict[str, Any]]:
        return self.items(TRAILS, "trailList")

    @property
    def filters(self) -> list[dict[str, Any]]:
        return self.items(FILTERS, "metricFilters")

    @property
    def alarms(self) -> list[dict[str, Any]]:
        return self.items(ALARMS, "MetricAlarms")

    @property
    def composites(self) -> list[dict[str, Any]]:
        return self.items(ALARMS, "CompositeAlarms")

    def unused(self, stem: str) -> str:
        """A name that no filter or alarm has yet."""
        self.count += 1
        return f"{stem}-{self.count}"

    def topic(self) -> str:
        """The ARN of the topic that the first alarm's action names, or of the usual one."""
        for item in [*self.alarms, *self.composites]:
            for action in item.get("AlarmActions", []):
                if ":sns:" in action:
                    return str(action)
        return f"arn:aws:sns:{self.region}:{self.home}:alerts"

    def attributes(self) -> dict[str, Any]:
        arn = self.topic()
        parts = arn.split(":")
        path = self.path(ATTRIBUTES, parts[5], parts[4], parts[3])
        if not self.files.get(path):
            self.files[path] = {"Attributes": {"TopicArn": arn, "SubscriptionsConfirmed": "1"}}
        found: dict[str, Any] = self.files[path]["Attributes"]
        return found


Change = Callable[[random.Random, Case], None]
CHANGES: dict[str, Change] = {}
WEIGHTS: dict[str, int] = {}


def change(weight: int = 1) -> Callable[[Change], Change]:
    """Register a random change under its function's name."""

    def register(function: Change) -> Change:
        CHANGES[function.__name__] = function
        WEIGHTS[function.__name__] = weight
        return function

    return register


def pick(rng: random.Random, items: Sequence[Any]) -> Any:
    return rng.choice(items) if items else None


def rename(case: Case, alarm: dict[str, Any], name: str) -> None:
    """Give ``alarm`` a name of its own."""
    alarm["AlarmName"] = name
    alarm["AlarmArn"] = alarm["AlarmArn"].rpartition(":")[0] + ":" + name
