"""Generated bundles: the textbook set-up of a few accounts with random things broken, missing or odd."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from auditor.api import audit
from auditor.result import AuditResult
from tests.textbook import NAMES, PATTERN, Files, alarm, metric_filter, subscription, textbook, trail, write

ACCOUNTS = ("012345678901", "111122223333", "444455556666")
LESS = "{" + "||".join(f"($.eventName={name})" for name in NAMES[:-1]) + "}"
WITH_SOURCE = "{ $.eventSource = ssm.amazonaws.com && (" + " || ".join(f"$.eventName = {n}" for n in NAMES) + ") }"
REORDERED = "{ " + " || ".join(f'($.eventName = "{name}")' for name in reversed(NAMES)) + " }"

FIRST, LAST = ("{" + "||".join(f"($.eventName={name})" for name in NAMES[at]) + "}" for at in (slice(5), slice(5, 10)))
MORE = "{" + "||".join(f"($.eventName={name})" for name in [*NAMES, "CancelCommand"]) + "}"

patterns = st.sampled_from(
    [PATTERN, PATTERN, REORDERED, LESS, WITH_SOURCE, FIRST, LAST, MORE, "", "{ $.eventName = X }", "{ broken"]
)
transformations: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {}, {"defaultValue": 0}, {"defaultValue": 1}, {"metricValue": "0.5"}, {"metricName": "Other"}]
)
trail_changes: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {}, {}, {"IsMultiRegionTrail": False}, {"CloudWatchLogsLogGroupArn": None}, {"HasCustomEventSelectors": True},
        {"HasCustomEventSelectors": None},
    ]
)  # fmt: skip
alarm_changes: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {}, {}, {"Threshold": 5.0}, {"ActionsEnabled": False}, {"AlarmActions": []}, {"TreatMissingData": "breaching"},
        {"EvaluationPeriods": 3, "TreatMissingData": "missing"}, {"Namespace": "Other"}, {"MetricName": "Other"},
        {"Statistic": "Average"},
    ]
)  # fmt: skip
subscription_changes: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {"SubscriptionArn": "PendingConfirmation"}, {"SubscriptionArn": "Deleted"}, {"Protocol": "sqs"}]
)


@st.composite
def accounts(draw: st.DrawFn, account: str) -> Files:
    """The captures of one account, each list empty, whole or with one thing broken; some captures left out."""
    files = textbook(
        account,
        trails=[trail(account, **draw(trail_changes))] if draw(st.integers(0, 5)) else [],
        filters=[
            metric_filter(draw(patterns), filterName=f"f{n}", transformation=dict(draw(transformations)))
            for n in range(draw(st.integers(0, 2)))
        ],
        alarms=[alarm(account, name=f"a{n}", **draw(alarm_changes)) for n in range(draw(st.integers(0, 2)))],
        subscriptions=[subscription(account, **draw(subscription_changes))] if draw(st.integers(0, 3)) else [],
    )
    for path in sorted(files):
        if not draw(st.integers(0, 8)):
            del files[path]
    return files


@st.composite
def bundles(draw: st.DrawFn, least: int = 1) -> Files:
    """The captures of one to three accounts; never empty."""
    files: Files = {}
    for account in ACCOUNTS[: draw(st.integers(least, len(ACCOUNTS)))]:
        files |= draw(accounts(account))
    return files or textbook()


def judged(files: Files, **options: Any) -> AuditResult:
    """The result of auditing these captures for the founding control."""
    with tempfile.TemporaryDirectory() as folder:
        write(copy.deepcopy(files), Path(folder) / "bundle")
        return audit(Path(folder) / "bundle", frameworks=["cloudguard-best-practices"], **options)


def verdicts(files: Files, **options: Any) -> dict[str, str]:
    """Verdict by account."""
    return {finding["account_id"]: finding["verdict"] for finding in judged(files, **options).document["findings"]}


def told(result: AuditResult) -> dict[str, tuple[str, str, str | None, str]]:
    """What a finding says, by account: verdict, reason code, broken link, objective."""
    return {
        f["account_id"]: (f["verdict"], f["reason_code"], f["broken_link"], f["objective"])
        for f in result.document["findings"]
    }


def whole(result: AuditResult) -> dict[str, Any]:
    """All that a finding says, by account: sentences, chains, evidence by file and pointer, open points."""
    return {finding["account_id"]: _without_numbers(finding) for finding in result.document["findings"]}


def _without_numbers(value: Any) -> Any:
    """The value without the numbers of captures, which other files shift."""
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key != "evidence" or not _numbers(one)}
        return {key: _without_numbers(one) for key, one in kept.items()}
    return [_without_numbers(one) for one in value] if isinstance(value, list) else value


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) for one in value)
