"""What watches one kind of event in an account: a metric filter, its metric and the alarm on it."""

from __future__ import annotations

from dataclasses import dataclass, field

ONE_EVENT = {
    "--statistic": "Sum",
    "--period": "300",
    "--evaluation-periods": "1",
    "--threshold": "1",
    "--comparison-operator": "GreaterThanOrEqualToThreshold",
    "--treat-missing-data": "notBreaching",
}
MORE_THAN_NONE = ONE_EVENT | {"--threshold": "0", "--comparison-operator": "GreaterThanThreshold"}
FIVE_EVENTS = ONE_EVENT | {"--threshold": "5"}


@dataclass(frozen=True, slots=True)
class Watch:
    """A control's metric filter and alarm, both named after it. ``alarm`` None: nobody made the alarm."""

    control: str
    pattern: str
    namespace: str = "SecurityMonitoring"
    alarm: dict[str, str] | None = field(default_factory=lambda: dict(ONE_EVENT))
    alarm_namespace: str = "SecurityMonitoring"
    actions_enabled: bool = True

    @property
    def metric(self) -> str:
        """Name of the metric: ``IamPolicyChangeCount`` of iam-policy-changes."""
        return "".join(word.capitalize() for word in self.control.split("-")).removesuffix("s") + "Count"
