"""The sample organisation of one account per break: which account is built how, and what is captured there.

Its landing zone deploys one filter and one alarm for each control of the family, on the log group of each account's
trail, all to one topic. Accounts differ where somebody built by another benchmark, changed something or was left out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tests.emulator.account import Account, Noise, Organization
from tests.emulator.cli import MANAGEMENT_ID
from tests.emulator.family import (
    CIS_1_2_0,
    CIS_1_4_0,
    CIS_7_0_0,
    all_but,
    by_service,
    each,
    family,
    retyped,
    ssm_alone,
    unquoted,
)
from tests.emulator.watch import FIVE_EVENTS, MORE_THAN_NONE, Watch

DOMAIN = "meridian.example"
REGIONS = ("eu-west-1", "us-east-1")  # the regions captured in each account

_account = partial(Account, company="meridian", home="us-east-1", regions=REGIONS, endpoint=f"cloud-security@{DOMAIN}")
_LAST_PAGE = ("--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm", "--max-items", "1")
_SSM = all_but("ssm-actions")
_REFUSALS = Watch("unauthorized-api-calls", unquoted("unauthorized-api-calls"), alarm=FIVE_EVENTS)

ACCOUNTS = (
    _account(MANAGEMENT_ID, "meridian-management", protocol="email-json", endpoint=f"oncall@{DOMAIN}"),
    _account(
        "111122223333",
        "payments-prod",
        home="eu-west-1",
        watches=each(family(spelling=unquoted), alarm=MORE_THAN_NONE),
        noise=(Noise("checkout-errors", "Errors"),),
    ),
    _account("012345678901", "ledger-prod", home="eu-west-1", watches=family(spelling=retyped)),
    _account(
        "222233334444", "payments-test", watches=family(all_but("ssm-actions", "SendCommand", "StartSession"))
    ),
    _account("333344445555", "cards-prod", watches=CIS_1_2_0 + ssm_alone("TerminateSession")),
    _account(
        "444455556666", "web-prod", watches=each(family(), namespace="LogMetrics", alarm_namespace="CISBenchmark")
    ),
    _account("555566667777", "web-test", watches=CIS_7_0_0 + ssm_alone(alarm=None)),
    _account(
        "666677778888",
        "risk-engine",
        watches=family(replace(_SSM, alarm=FIVE_EVENTS), _REFUSALS, spelling=unquoted),
    ),
    _account(
        "777788889999",
        "fraud-prod",
        watches=each(family(), actions_enabled=False),
        noise=(Noise("batch-errors", "Errors"),),
        composite='ALARM("batch-errors")',
    ),
    _account(
        "888899990000", "fraud-test", watches=family(replace(_SSM, actions_enabled=False)), alarm_options=()
    ),
    _account(
        "100020003000",
        "treasury",
        watches=CIS_1_4_0 + ssm_alone(),
        custom_selectors=True,
        without=("cloudtrail-get-event-selectors",),
    ),
    _account("200030004000", "identity", home="eu-west-1", watches=family(spelling=by_service)),
    _account("300040005000", "mobile-prod", topic_deleted=True),
    _account("400050006000", "mobile-test", confirmed=False),
    _account(
        "500060007000",
        "partner-api",
        without=("sns-list-subscriptions-by-topic", "sns-get-topic-attributes"),
    ),
    _account("600070008000", "archive", noise=(Noise("api-errors", "Errors"),), alarm_options=_LAST_PAGE),
    _account("700080009000", "sandbox", watches=ssm_alone()),
    _account("800090001000", "data-lake", log_group=None, watches=ssm_alone()),
    _account("900010002000", "acquired-shop", regions=()),
)  # fmt: skip

MERIDIAN = Organization("o-meridian26", DOMAIN, ACCOUNTS)
