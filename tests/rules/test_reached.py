"""Every reason code is reached by a bundle: of those here, or of the tests that name it as what they expect."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.catalogue import load_controls
from auditor.rules import reasons
from tests.chains.chain import ALARM_ARN, PLACE
from tests.chains.corroborating import CASES as CORROBORATING
from tests.chains.corroborating import TRANSFORMED
from tests.chains.test_listings import LISTINGS, WAYS
from tests.remediation.failing import CASES as FAILING
from tests.textbook import NAMES, PATTERN, Files, alarm, metric_filter, subscription, textbook, trail, write

TESTS = Path(__file__).parents[1]
MORE = "{" + "||".join(f"($.eventName={name})" for name in [*NAMES, "CancelCommand"]) + "}"
GONE = "An error occurred (TrailNotFoundException) when calling the GetTrailStatus operation: Unknown trail: main"
LOG_ALARM = {"AlarmName": "scheduled", "AlarmArn": f"{ALARM_ARN}scheduled", "ScheduledQueryConfiguration": {}}


def of(control: str, variant: str, number: int = 0) -> str:
    return load_controls()[control].variants[variant].patterns[number].pattern


def doubted(case: str) -> Files:
    files, path, good, bad, _ = CORROBORATING[case]
    return files | {f"{PLACE}/{path}.json": good, f"{PLACE}/again/{path}.json": bad}


def advanced(field: str) -> Files:
    fields = [{"Field": "eventCategory", "Equals": ["Management"]}, {"Field": field, "Equals": ["x"]}]
    answer = {"TrailARN": trail()["TrailARN"], "AdvancedEventSelectors": [{"FieldSelectors": fields}]}
    return textbook() | {f"{PLACE}/cloudtrail-get-event-selectors/main.json": answer}


def with_default(default: float, value: str = "1", **changes: Any) -> Files:
    transformation = {"metricValue": value, "defaultValue": default}
    return textbook(filters=[metric_filter(transformation=transformation)], alarms=[alarm(**changes)])


def with_log_alarm() -> Files:
    files = textbook()
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["LogAlarms"] = [LOG_ALARM]
    return files


# Reason code, bundle, and what the audit is told.
BUNDLES: list[tuple[str, Files, dict[str, Any]]] = [
    ("trail-gone", textbook() | {f"{PLACE}/cloudtrail-get-trail-status/main.json": GONE}, {}),
    ("selector-field-unknown", advanced("colour"), {}),
    ("selectors-not-captured", textbook(trails=[trail(HasCustomEventSelectors=None)]), {}),
    ("log-group-not-captured", textbook(), {}),
    ("filter-on-transformed-logs", TRANSFORMED, {}),
    ("alarm-percentile-rank", with_default(0, Statistic=None, ExtendedStatistic="p75", Period=120), {}),
    (
        "alarm-idle-unclear",
        with_default(-1, "10", Threshold=-3.0, ComparisonOperator="GreaterThanThreshold"),
        {},
    ),
    (
        "alarm-counted-again",
        textbook(filters=[metric_filter(), metric_filter(filterName="again")], alarms=[alarm(Threshold=2)]),
        {},
    ),
    ("remark-only-queue", textbook(subscriptions=[subscription(Protocol="sqs")]), {}),
    ("remark-log-alarm", with_log_alarm(), {}),
    ("remark-filter-created", textbook(filters=[metric_filter(creationTime=1_788_000_000_000)]), {"period": "2026Q3"}),
    ("remark-counted-beyond", textbook(filters=[metric_filter(MORE)]), {"match": "covers"}),
    (
        "filter-counts-all-of-some",
        textbook(filters=[metric_filter(f'{PATTERN[:-1]}||($.awsRegion = "us-*")}}')]),
        {"match": "covers"},
    ),
    (
        "remark-counts-everything",
        textbook(filters=[metric_filter(of("unauthorized-api-calls", "cis-1.3.0", 1))]),
        {"frameworks": ["cis-aws-1.4.0"]},
    ),
    (
        "remark-letter-alone",
        textbook(filters=[metric_filter(of("security-group-changes", "cis-1.2.0"))]),
        {"frameworks": ["cis-aws-1.2.0"]},
    ),
    *(
        (code, doubted(case), {})
        for case, code in (
            ("T14 selectors", "selectors-contradictory"),
            ("L1 log groups", "log-group-contradictory"),
            ("A17 mute rule", "mute-rules-contradictory"),
            ("S7 history", "alarm-history-contradictory"),
            ("N6 subscription", "subscription-attributes-contradictory"),
        )
    ),
]


@pytest.mark.parametrize(("code", "files", "options"), BUNDLES, ids=[code for code, *_ in BUNDLES])
def test_a_bundle_reaches_it(tmp_path: Path, code: str, files: Files, options: dict[str, Any]) -> None:
    given = options if "frameworks" in options else {"controls": ["ssm-actions"], **options}
    findings = audit(write(files, tmp_path), **given).document["findings"]
    begins = reasons()[code].sentence.partition("{")[0]
    told = [remark for one in findings for remark in one["remarks"]]
    codes = {one["reason_code"] for one in findings}
    codes |= {point["code"] for one in findings for point in one["open_points"]}
    codes |= {link["code"] for one in findings for chain in one["chains"] for link in chain["links"].values()}
    middle = reasons()[code].sentence.rpartition("}")[2] or reasons()[code].sentence.split("}")[-2].split("{")[0]
    assert code in codes or any(remark.startswith(begins) and middle in remark for remark in told)


@cache
def named() -> str:
    """What the tests say, apart from those that would name any code there is."""
    files = [path for pattern in ("*.py", "*.json") for path in TESTS.rglob(pattern)]
    kept = (path for path in files if path.parent.name != "rules" and path.name != "example_result.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in kept)


@pytest.mark.parametrize("code", sorted(reasons()))
def test_every_reason_is_reached(code: str) -> None:
    gaps = {f"{what}-{way}" for what in LISTINGS for way in (*WAYS, "contradictory")}
    here = {code for code, *_ in BUNDLES} | {code for code, *_ in FAILING}
    assert code in here | gaps or re.search(rf"(?<![a-z-]){code}(?![a-z-])", named())
