"""The sample organisation: which account is built how, and what is captured there. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.emulator.cli import MANAGEMENT_ID

DOMAIN = "meridian.example"
MANAGEMENT_NAME = "meridian-management"
REGIONS = ("eu-west-1", "us-east-1")  # the regions captured in each account

EVENTS = (
    "ListCommands", "ListCommandInvocations", "SendCommand", "StartSession", "DescribeSessions",
    "GetConnectionStatus", "DescribeInstanceProperties", "DescribeInstanceInformation", "TerminateSession",
    "ResumeSession",
)  # fmt: skip


def any_of(events: tuple[str, ...]) -> str:
    """The pattern that counts these events, spelt as Check Point publishes it for D9.AWS.MON.23."""
    return "{" + "||".join(f"($.eventName={event})" for event in events) + "}"


REQUIRED = any_of(EVENTS)
REORDERED = "{ " + " || ".join(f'( $.eventName = "{event}" )' for event in reversed(EVENTS)) + " }"
WITH_SOURCE = "{($.eventSource=ssm.amazonaws.com)&&(" + REQUIRED[1:-1] + ")}"

ONE_EVENT = {
    "--statistic": "Sum",
    "--period": "300",
    "--evaluation-periods": "1",
    "--threshold": "1",
    "--comparison-operator": "GreaterThanOrEqualToThreshold",
    "--treat-missing-data": "notBreaching",
}


@dataclass(frozen=True, slots=True)
class Noise:
    """An alarm of an application, which has nothing to do with the control."""

    name: str
    metric: str


@dataclass(frozen=True, slots=True)
class Account:
    """How one account is built. The defaults make a whole chain; each account changes what its story needs.

    ``captured`` False: the organisation lists the account and nobody collected there. ``without`` names calls
    that the collector did not make, ``alarm_options`` what it added to describe-alarms.
    """

    account_id: str
    name: str
    home: str = "us-east-1"
    trail: str = "management-events"
    log_group: str | None = "cloudtrail/management-events"
    custom_selectors: bool = False
    pattern: str = REQUIRED
    namespace: str = "SecurityMonitoring"
    metric: str = "SsmActionCount"
    alarm: dict[str, str] | None = field(default_factory=lambda: dict(ONE_EVENT))
    alarm_namespace: str = "SecurityMonitoring"
    actions_enabled: bool = True
    topic: str = "security-alerts"
    topic_deleted: bool = False
    protocol: str = "email"
    endpoint: str = f"cloud-security@{DOMAIN}"
    confirmed: bool = True
    noise: tuple[Noise, ...] = ()
    composite: str | None = None
    captured: bool = True
    without: tuple[str, ...] = ()
    alarm_options: tuple[str, ...] = ("--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm")


_LAST_PAGE = ("--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm", "--max-items", "1")

ACCOUNTS = (
    Account(MANAGEMENT_ID, MANAGEMENT_NAME, protocol="email-json", endpoint=f"oncall@{DOMAIN}"),
    Account(
        "111122223333",
        "payments-prod",
        home="eu-west-1",
        alarm=ONE_EVENT | {"--threshold": "0", "--comparison-operator": "GreaterThanThreshold"},
        noise=(Noise("checkout-errors", "Errors"),),
    ),
    Account("012345678901", "ledger-prod", home="eu-west-1", pattern=REORDERED),
    Account("222233334444", "payments-test", pattern=any_of(tuple(
        event for event in EVENTS if event not in ("SendCommand", "StartSession")
    ))),
    Account("333344445555", "cards-prod", pattern=any_of(tuple(
        event for event in EVENTS if event != "TerminateSession"
    ))),
    Account("444455556666", "web-prod", namespace="LogMetrics", alarm_namespace="CISBenchmark"),
    Account("555566667777", "web-test", alarm=None),
    Account("666677778888", "risk-engine", alarm=ONE_EVENT | {"--threshold": "5"}),
    Account(
        "777788889999",
        "fraud-prod",
        actions_enabled=False,
        noise=(Noise("batch-errors", "Errors"),),
        composite='ALARM("batch-errors")',
    ),
    Account("888899990000", "fraud-test", actions_enabled=False, alarm_options=()),
    Account("100020003000", "treasury", custom_selectors=True, without=("cloudtrail-get-event-selectors",)),
    Account("200030004000", "identity", home="eu-west-1", pattern=WITH_SOURCE),
    Account("300040005000", "mobile-prod", topic_deleted=True),
    Account("400050006000", "mobile-test", confirmed=False),
    Account(
        "500060007000",
        "partner-api",
        without=("sns-list-subscriptions-by-topic", "sns-get-topic-attributes"),
    ),
    Account("600070008000", "archive", noise=(Noise("api-errors", "Errors"),), alarm_options=_LAST_PAGE),
    Account("700080009000", "sandbox"),
    Account("800090001000", "data-lake", log_group=None),
    Account("900010002000", "acquired-shop", captured=False),
)  # fmt: skip


def account_named(name: str) -> Account:
    """The account of the sample organisation with this name. Raises ``KeyError``."""
    return {account.name: account for account in ACCOUNTS}[name]
