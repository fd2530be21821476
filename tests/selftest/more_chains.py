"""Sides of rules that no bundle of the rules' own tests shows whole: rules, name, bundle, verdict of the first account
that is not PASS (or PASS)."""

from __future__ import annotations

import hashlib
import json

from tests.textbook import ACCOUNT, REGION, Files, alarm, textbook, trail

PLACE = f"{ACCOUNT}/{REGION}"
ALARMS = f"{PLACE}/cloudwatch-describe-alarms.json"
CUSTOM = trail(HasCustomEventSelectors=True)


def _selectors(**answer: object) -> Files:
    path = f"{PLACE}/cloudtrail-get-event-selectors/main.json"
    return textbook(trails=[CUSTOM]) | {path: {"TrailARN": CUSTOM["TrailARN"], **answer}}


def _advanced(*fields: dict[str, object]) -> Files:
    category = {"Field": "eventCategory", "Equals": ["Management"]}
    return _selectors(AdvancedEventSelectors=[{"FieldSelectors": [category, *fields]}])


def _alarm(**changes: object) -> Files:
    return textbook(alarms=[alarm(**changes)])


def _without(path: str) -> Files:
    return {name: content for name, content in textbook().items() if name != path}


def _recorded(*arguments: str) -> Files:
    entry = {"file": ALARMS, "call": "cloudwatch:DescribeAlarms", "arguments": list(arguments)}
    return textbook() | {"captures.json": {"captures": [entry]}}


def _sealed(altered: str = "") -> Files:
    """The textbook as a bag; the manifest has another digest for ``altered``."""
    payload = {f"data/{path}": json.dumps(content) for path, content in textbook().items()}
    lines = [
        f"{hashlib.sha256((text + ' ' * (path == f'data/{altered}')).encode()).hexdigest()}  {path}\n"
        for path, text in payload.items()
    ]
    declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    return {**payload, "bagit.txt": declaration, "manifest-sha256.txt": "".join(lines)}


_GROUP = {"logGroupName": "ct", "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*", "logGroupClass": "STANDARD"}
_MEMBERS = [{"Id": ACCOUNT, "Status": "ACTIVE"}, {"Id": "444455556666", "Status": "ACTIVE"}]
_LOG_ALARM = {"AlarmName": "log", "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:log"}

MORE: list[tuple[tuple[str, ...], str, Files, str]] = [
    (("T5", "T17", "L10", "L12", "A1", "A7", "A14", "S2"), "the textbook's chain", textbook(), "PASS"),
    (("V6",), "a log alarm beside the chain",
     textbook() | {ALARMS: {**textbook()[ALARMS], "LogAlarms": [_LOG_ALARM]}}, "PASS"),
    (("T1",), "no listing of trails", _without(f"{PLACE}/cloudtrail-describe-trails.json"), "INCONCLUSIVE"),
    (("T8", "X9"), "a member of the organisation without captures",
     textbook() | {f"{PLACE}/organizations-list-accounts.json": {"Accounts": _MEMBERS}}, "INCONCLUSIVE"),
    (("T15",), "an advanced selector takes management events", _advanced(), "PASS"),
    (("T15",), "an advanced selector takes reads alone", _advanced({"Field": "readOnly", "Equals": ["true"]}), "FAIL"),
    (("T16",), "a classic selector takes reads and writes",
     _selectors(EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True}]), "PASS"),
    (("L2",), "a group of the Standard class",
     textbook() | {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": [_GROUP]}}, "PASS"),
    (("A2",), "a threshold of one half", _alarm(Threshold=0.5), "PASS"),
    (("A3", "A4"), "one datapoint of five", _alarm(EvaluationPeriods=5, DatapointsToAlarm=1), "PASS"),
    (("A3",), "two datapoints of five", _alarm(EvaluationPeriods=5, DatapointsToAlarm=2), "FAIL"),
    (("A8",), "missing data is missing", _alarm(TreatMissingData="missing"), "PASS"),
    (("A8",), "missing data is ignored", _alarm(TreatMissingData="ignore"), "FAIL"),
    (("A10",), "a percentile of a constant", _alarm(Statistic=None, ExtendedStatistic="p90"), "PASS"),
    (("C1",), "all types of alarms were asked for",
     _recorded("--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm"), "PASS"),
    (("X2",), "an empty page before the last one",
     textbook() | {f"{PLACE}/page/cloudwatch-describe-alarms.json": {"MetricAlarms": [], "NextToken": "n"}}, "PASS"),
    (("X3",), "arguments that narrow nothing", _recorded("--region", REGION), "PASS"),
    (("X4",), "times as seconds", _alarm(AlarmConfigurationUpdatedTimestamp=1795560432.501), "PASS"),
    (("X10",), "a sealed bundle", _sealed(), "PASS"),
    (("X10",), "a sealed bundle in which a file was altered", _sealed(ALARMS), "INCONCLUSIVE"),
    (("X8",), "an answer of another operation", textbook() | {f"{PLACE}/iam-list-users.json": {"Users": []}}, "PASS"),
]  # fmt: skip
