"""The sample of organisations: chains that run through several accounts, and accounts that they do not reach.

Aldermoor: a delegated administrator made the organisation trail that feeds its own log group; its alarm notifies
a topic of the security account. Fenwick: the same in one central logging account, whose topic nobody confirmed.
Harrow: one member was captured and nothing of the accounts that its organisation trail leads to. And one account
that left Aldermoor. Ids tell the company by their first four digits.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.emulator.account import Account, Organization
from tests.emulator.family import CIS_1_2_0, ssm_alone

_NOTHING: dict[str, Any] = {"trail": None, "log_group": None, "watches": (), "topic": None}

_aldermoor = partial(
    Account, company="aldermoor", home="eu-west-1", regions=("eu-west-1",), endpoint="soc@aldermoor.example"
)
_MANAGEMENT, _AUDIT, _SECURITY = "111100001111", "111100003333", "111100004444"
_ARCHIVE = "aldermoor-trail-archive"

ALDERMOOR = Organization(
    "o-aldermoor26",
    "aldermoor.example",
    (
        _aldermoor(
            _MANAGEMENT,
            "aldermoor-management",
            **_NOTHING | {"trail": "org-archive", "trail_account": _MANAGEMENT, "trail_bucket": _ARCHIVE},
        ),
        _aldermoor("111100002222", "aldermoor-log-archive", **_NOTHING, archive=_ARCHIVE),
        _aldermoor(
            _AUDIT,
            "aldermoor-audit",
            trail="org-alerting",
            trail_account=_MANAGEMENT,
            trail_bucket=_ARCHIVE,
            log_group="cloudtrail/organization",
            topic_account=_SECURITY,
            settling=True,
        ),
        _aldermoor(_SECURITY, "aldermoor-security", **_NOTHING | {"topic": "security-alerts"}, publisher=_AUDIT),
        _aldermoor("111100005555", "orders-prod", **_NOTHING),
        _aldermoor(
            "111100006666",
            "billing-prod",
            home="us-east-1",
            regions=("eu-west-1", "us-east-1"),
            watches=ssm_alone("StartSession", "ResumeSession"),
            endpoint="billing-team@aldermoor.example",
        ),
        _aldermoor("111100007777", "warehouse-test", regions=(), **_NOTHING),
        _aldermoor("111100008888", "legacy-web", regions=(), **_NOTHING),
    ),
    delegated=(_AUDIT,),
    closed=("111100008888",),
)

_fenwick = partial(
    Account, company="fenwick", home="eu-central-1", regions=("eu-central-1",), endpoint="alerts@fenwick.example"
)
_FENWICK = "222200001111"

FENWICK = Organization(
    "o-fenwick2026",
    "fenwick.example",
    (
        _fenwick(_FENWICK, "fenwick-management", **_NOTHING),
        _fenwick(
            "222200002222",
            "fenwick-logging",
            trail="org-events",
            trail_account=_FENWICK,
            log_group="cloudtrail/organization",
            watches=CIS_1_2_0 + ssm_alone(),
            confirmed=False,
        ),
        _fenwick("222200003333", "fenwick-web", **_NOTHING, leading=False),
    ),
    delegated=("222200002222",),
)

_harrow = partial(Account, company="harrow", home="us-east-1", regions=(), endpoint="it@harrow.example")
_HARROW = "333300001111"

HARROW = Organization(
    "o-harrow20261",
    "harrow.example",
    (
        _harrow(_HARROW, "harrow-management", **_NOTHING),
        _harrow("333300002222", "harrow-logging", trail="org-events", trail_account=_HARROW),
        _harrow("333300003333", "harrow-till", regions=("us-east-1",), **_NOTHING),
    ),
    delegated=("333300002222",),
)

KIOSK = Account(
    "444400001111",
    "kiosk",
    company="kiosk",
    home="eu-west-1",
    regions=("eu-west-1",),
    endpoint="it@kiosk.example",
    watches=ssm_alone(),
    topic_account=_SECURITY,
)

ORGANIZATIONS = (ALDERMOOR, FENWICK, HARROW)
ACCOUNTS = (*(account for one in ORGANIZATIONS for account in one.accounts), KIOSK)
