"""The sample organisation of one account per break: which account is built how, and what is captured there."""

from __future__ import annotations

from functools import partial

from tests.emulator.account import EVENTS, ONE_EVENT, Account, Noise, Organization, all_but, any_of
from tests.emulator.cli import MANAGEMENT_ID

DOMAIN = "meridian.example"
REGIONS = ("eu-west-1", "us-east-1")  # the regions captured in each account

REORDERED = "{ " + " || ".join(f'( $.eventName = "{event}" )' for event in reversed(EVENTS)) + " }"
WITH_SOURCE = "{($.eventSource=ssm.amazonaws.com)&&(" + any_of(EVENTS)[1:-1] + ")}"

_account = partial(Account, company="meridian", home="us-east-1", regions=REGIONS, endpoint=f"cloud-security@{DOMAIN}")
_LAST_PAGE = ("--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm", "--max-items", "1")

ACCOUNTS = (
    _account(MANAGEMENT_ID, "meridian-management", protocol="email-json", endpoint=f"oncall@{DOMAIN}"),
    _account(
        "111122223333",
        "payments-prod",
        home="eu-west-1",
        alarm=ONE_EVENT | {"--threshold": "0", "--comparison-operator": "GreaterThanThreshold"},
        noise=(Noise("checkout-errors", "Errors"),),
    ),
    _account("012345678901", "ledger-prod", home="eu-west-1", pattern=REORDERED),
    _account("222233334444", "payments-test", pattern=all_but("SendCommand", "StartSession")),
    _account("333344445555", "cards-prod", pattern=all_but("TerminateSession")),
    _account("444455556666", "web-prod", namespace="LogMetrics", alarm_namespace="CISBenchmark"),
    _account("555566667777", "web-test", alarm=None),
    _account("666677778888", "risk-engine", alarm=ONE_EVENT | {"--threshold": "5"}),
    _account(
        "777788889999",
        "fraud-prod",
        actions_enabled=False,
        noise=(Noise("batch-errors", "Errors"),),
        composite='ALARM("batch-errors")',
    ),
    _account("888899990000", "fraud-test", actions_enabled=False, alarm_options=()),
    _account("100020003000", "treasury", custom_selectors=True, without=("cloudtrail-get-event-selectors",)),
    _account("200030004000", "identity", home="eu-west-1", pattern=WITH_SOURCE),
    _account("300040005000", "mobile-prod", topic_deleted=True),
    _account("400050006000", "mobile-test", confirmed=False),
    _account(
        "500060007000",
        "partner-api",
        without=("sns-list-subscriptions-by-topic", "sns-get-topic-attributes"),
    ),
    _account("600070008000", "archive", noise=(Noise("api-errors", "Errors"),), alarm_options=_LAST_PAGE),
    _account("700080009000", "sandbox"),
    _account("800090001000", "data-lake", log_group=None),
    _account("900010002000", "acquired-shop", regions=()),
)  # fmt: skip

MERIDIAN = Organization("o-meridian26", DOMAIN, ACCOUNTS)
