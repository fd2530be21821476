"""The bundle whose reports are known to the byte: accounts that pass, fail and cannot be concluded."""

from __future__ import annotations

import json

from tests.textbook import Files, alarm, metric_filter, subscription, textbook

ACCOUNTS = ("111122223333", "222233334444", "333344445555", "444455556666")


def files() -> Files:
    """Four accounts by path; all JSON."""
    plain: Files = textbook()
    unheard = textbook(subscriptions=[subscription(SubscriptionArn="PendingConfirmation")])
    missed = textbook(filters=[metric_filter("{ $.eventName = SendCommand }")])
    late = textbook(alarms=[alarm(EvaluationPeriods=3, DatapointsToAlarm=3)])
    late = {path: content for path, content in late.items() if "sns-list" not in path}
    found: Files = {}
    for account, bundle in zip(ACCOUNTS, (plain, unheard, missed, late), strict=True):
        text = json.dumps(bundle).replace("111122223333", account)
        found |= json.loads(text)
    return found
