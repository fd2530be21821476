"""The quarter after ``samples/quarterly``: the same organisation three months later, as one archive.

Everything that differs is an edit below, each with its reason; times of capture move by a quarter, and the capture
record is made anew. One archive, since most of its files are as they were.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

TIME = (2026, 12, 28, 9, 0, 0)
DAYS = (("2026-09-28", "2026-12-28"), ("auditor-20260928", "auditor-20261228"))
RECONFIGURED = 1794470400  # 2026-11-12, the day of the client's changes
QUARTER = 91 * 86_400  # seconds between the days
DELIVERIES = ("LatestDeliveryTime", "LatestCloudWatchLogsDeliveryTime")
REGION = "us-east-1"
LEFT, JOINED, MODEL = "700080009000", "910020003000", "012345678901"
Files = dict[str, bytes]
Edit = Callable[[Any], Any]


def make_next_quarter(quarterly: Path, archive: Path) -> None:
    """Writes the archive; two runs give the same bytes."""
    files = {
        path.relative_to(quarterly).as_posix(): path.read_bytes()
        for path in sorted(quarterly.rglob("*"))
        if path.is_file()
    }
    record = json.loads(files.pop("captures.json"))["captures"]
    for path, edit in EDITS.items():
        files[path] = _printed(edit(json.loads(files[path])))
    files = {path: data for path, data in files.items() if path not in GONE and not path.startswith(f"{LEFT}/")}
    files |= {path: _delivered(data) for path, data in files.items() if "/cloudtrail-get-trail-status/" in path}
    files |= _joined(files) | NEW
    captures = [_moved(entry) for entry in record]
    captures += [_of(entry, MODEL, JOINED) for entry in captures if entry["file"].startswith(f"{MODEL}/")]
    captures += [_recorded(path) for path in NEW]
    for entry in captures:
        if entry["file"] in files:
            data = files[entry["file"]]
            entry |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    lines = ",\n".join(json.dumps(entry) for entry in captures if entry["file"] in files)
    files["captures.json"] = f'{{"captures": [\n{lines}\n]}}\n'.encode()
    archive.write_bytes(_zipped(files))


def _alarm(name: str, **changes: Any) -> Edit:
    def edit(document: Any) -> Any:
        for alarm in document["MetricAlarms"]:
            if alarm["AlarmName"] == name:
                alarm |= {"AlarmConfigurationUpdatedTimestamp": RECONFIGURED, **changes}
        return document

    return edit


def _filter(name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Edit:
    def edit(document: Any) -> Any:
        for position, metric_filter in enumerate(document["metricFilters"]):
            if metric_filter["filterName"] == name:
                document["metricFilters"][position] = change(metric_filter)
        return document

    return edit


def _without_resume_session(metric_filter: dict[str, Any]) -> dict[str, Any]:
    pattern = metric_filter["filterPattern"].replace("||($.eventName=ResumeSession)", "")
    assert pattern != metric_filter["filterPattern"]
    return metric_filter | {"filterPattern": pattern}


def _renamed(metric_filter: dict[str, Any]) -> dict[str, Any]:
    """Another name, and its terms the other way round: the same events."""
    terms = metric_filter["filterPattern"].strip("{ }").split("||")
    pattern = "{ " + " || ".join(term.strip() for term in reversed(terms)) + " }"
    return metric_filter | {"filterName": "vpc-changes-2026", "filterPattern": pattern}


def _confirmed(document: Any) -> Any:
    for subscription in document["Subscriptions"]:
        subscription["SubscriptionArn"] = f"{subscription['TopicArn']}:5b2f8f1c-3c52-5d0e-9a55-4d8a1d1d7a10"
    return document


def _counts(confirmed: str, pending: str, deleted: str) -> Edit:
    def edit(document: Any) -> Any:
        document["Attributes"] |= {
            "SubscriptionsConfirmed": confirmed, "SubscriptionsPending": pending, "SubscriptionsDeleted": deleted,
        }  # fmt: skip
        return document

    return edit


def _accounts(document: Any) -> Any:
    """One account closed, one made like it."""
    kept = [account for account in document["Accounts"] if account["Id"] != LEFT]
    made = json.loads(json.dumps(kept[-1]).replace(kept[-1]["Id"], JOINED).replace(kept[-1]["Name"], "ledger-dr"))
    return document | {"Accounts": [*kept, made | {"JoinedTimestamp": RECONFIGURED}]}


EDITS: dict[str, Edit] = {
    # fraud-test: somebody switched the alarm's actions on again
    f"888899990000/{REGION}/cloudwatch-describe-alarms.json": _alarm("ssm-actions", ActionsEnabled=True),
    # payments-prod: a pattern was edited, and one event got lost
    "111122223333/eu-west-1/logs-describe-metric-filters.json": _filter("ssm-actions", _without_resume_session),
    # ledger-prod: a filter was renamed and written anew; it means what it meant
    f"{MODEL}/eu-west-1/logs-describe-metric-filters.json": _filter("vpc-changes", _renamed),
    # mobile-test: the subscription was confirmed
    f"400050006000/{REGION}/sns-list-subscriptions-by-topic/security-alerts.json": _confirmed,
    f"400050006000/{REGION}/sns-get-topic-attributes/security-alerts.json": _counts("1", "0", "0"),
    # identity: the one subscriber left
    "200030004000/eu-west-1/sns-list-subscriptions-by-topic/security-alerts.json": lambda _: {"Subscriptions": []},
    "200030004000/eu-west-1/sns-get-topic-attributes/security-alerts.json": _counts("0", "0", "1"),
    "123456789012/us-east-1/organizations-list-accounts.json": _accounts,
}
# risk-engine: the alarms were forgotten this time
GONE = {f"666677778888/{REGION}/cloudwatch-describe-alarms.json"}
_TOPIC = f"arn:aws:sns:{REGION}:500060007000:security-alerts"
_PARTNER = f"500060007000/{REGION}/sns-list-subscriptions-by-topic/security-alerts.json"


def _printed(document: Any) -> bytes:
    """JSON as the CLI prints it."""
    return json.dumps(document, indent=4, ensure_ascii=False).encode() + b"\n"


# partner-api: the subscriptions that were asked for last time
NEW: Files = {
    _PARTNER: _printed({
        "Subscriptions": [{
            "SubscriptionArn": f"{_TOPIC}:0f6c3f0e-7a5b-5a6e-8d7e-2b1f7f6a9c31", "Owner": "500060007000",
            "Protocol": "email", "Endpoint": "cloud-security@meridian.example", "TopicArn": _TOPIC,
        }]
    }),
}  # fmt: skip


def _delivered(status: bytes) -> bytes:
    """A trail's status: it goes on delivering (T13)."""
    document = json.loads(_moved(status.decode()))
    later = {name: time + QUARTER for name, time in document.items() if name in DELIVERIES and isinstance(time, float)}
    return _printed(document | later)


def _joined(files: Files) -> Files:
    """The captures of the account that was made like another one."""
    model, joined = MODEL.encode(), JOINED.encode()
    return {
        path.replace(MODEL, JOINED): data.replace(model, joined)
        for path, data in files.items()
        if path.startswith(f"{MODEL}/")
    }


def _moved(entry: Any) -> Any:
    text = json.dumps(entry)
    for before, after in DAYS:
        text = text.replace(before, after)
    return json.loads(text)


def _of(entry: Any, account: str, other: str) -> Any:
    return json.loads(json.dumps(entry).replace(account, other))


def _recorded(path: str) -> dict[str, Any]:
    account, region, _, _ = path.split("/")
    return {
        "file": path, "call": "sns:ListSubscriptionsByTopic", "arguments": ["--topic-arn", _TOPIC, "--region", region],
        "account_id": account, "region": region, "topic_arn": _TOPIC, "resource": "",
        "caller_arn": f"arn:aws:sts::{account}:assumed-role/Audit/auditor-20261228",
        "cli_version": "aws-cli/1.46.3 botocore/1.43.62", "started_at": "2026-12-28T08:30:00Z",
        "ended_at": "2026-12-28T08:30:01Z", "exit_code": 0, "error_code": "", "script_version": "1",
        "host_clock_note": "synchronised by NTP",
    }  # fmt: skip


def _zipped(files: Files) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(path, TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, files[path])
    return data.getvalue()
