"""Rule L5: no answer is older than the latest time in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, write

PLACE = f"{ACCOUNT}/{REGION}"
MIDNIGHT = 1_790_553_600_000  # 2026-09-28, in milliseconds
DAY = 86_400_000
NOVEMBER = 1_795_161_600_000  # LATER
LATER = "2026-11-20T08:00:00+00:00"  # behind 2026Q3 and the 45 days after it
TRAILS, FILTERS, ALARMS, SUBSCRIPTIONS = textbook()
STATUS = f"{PLACE}/cloudtrail-get-trail-status/main.json"
GROUPS = f"{PLACE}/logs-describe-log-groups.json"
RULE = f"{PLACE}/cloudwatch-get-alarm-mute-rule/nights.json"
MUTED: dict[str, Any] = {
    "AlarmMuteRuleArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:nights", "Status": "EXPIRED",
    "MuteTargets": {"AlarmNames": ["other"]},
}  # fmt: skip
GROUP: dict[str, Any] = {"logGroupName": "ct", "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*"}

# File, its answer that tells of a later time, JSON pointer of that.
TOLD: dict[str, tuple[str, Any, str]] = {
    "filter": (FILTERS, {"metricFilters": [metric_filter(creationTime=NOVEMBER)]}, "/metricFilters/0/creationTime"),
    "group": (GROUPS, {"logGroups": [{**GROUP, "creationTime": NOVEMBER}]}, "/logGroups/0/creationTime"),
    "alarm configured": (
        ALARMS,
        {"MetricAlarms": [alarm(), alarm(name="b", AlarmConfigurationUpdatedTimestamp=LATER)], "CompositeAlarms": []},
        "/MetricAlarms/1/AlarmConfigurationUpdatedTimestamp",
    ),
    "alarm's state": (
        ALARMS,
        {"MetricAlarms": [alarm(StateUpdatedTimestamp="2026-11-20T08:00:00.000Z")], "CompositeAlarms": []},
        "/MetricAlarms/0/StateUpdatedTimestamp",
    ),
    "logging started": (STATUS, {"IsLogging": True, "StartLoggingTime": 1_795_161_600.5}, "/StartLoggingTime"),
    "delivered": (STATUS, {"IsLogging": True, "LatestDeliveryTime": LATER}, "/LatestDeliveryTime"),
    "attempted": (STATUS, {"IsLogging": True, "LatestDeliveryAttemptTime": LATER}, "/LatestDeliveryAttemptTime"),
    "mute rule": (RULE, {**MUTED, "LastUpdatedTimestamp": LATER}, "/LastUpdatedTimestamp"),
}  # fmt: skip
NOT_TOLD: dict[str, tuple[str, Any]] = {
    "mute rule ends": (RULE, {**MUTED, "LastUpdatedTimestamp": "2026-09-01T00:00:00Z", "ExpireDate": LATER}),
    "within the grace": (STATUS, {"IsLogging": True, "StartLoggingTime": "2026-11-14T08:00:00+00:00"}),
    "by another zone": (STATUS, {"IsLogging": True, "StartLoggingTime": "2026-11-15T23:00:00+00:00"}),
    "no time": (STATUS, {"IsLogging": True, "LatestDeliveryAttemptTime": ""}),
}


@pytest.mark.parametrize(
    ("created", "day", "pointers"),
    [
        pytest.param(MIDNIGHT, "2026-09-28", [], id="L5 on the day"),
        pytest.param(MIDNIGHT + 2 * DAY - 1, "2026-09-28", [], id="L5 on the next, by the client's clock"),
        pytest.param(MIDNIGHT + 2 * DAY, "2026-09-28", ["/metricFilters/0/creationTime"], id="L5 later"),
        pytest.param(MIDNIGHT + 2000 * DAY, None, [], id="L5 the day is not known"),
    ],
)
def test_a_filter_created_after_its_capture(tmp_path: Path, created: int, day: str | None, pointers: list[str]) -> None:
    bundle = write(textbook(filters=[metric_filter(creationTime=created)]), tmp_path / "bundle")
    document = audit(bundle, controls=["ssm-actions"], captured_on=day).document
    found = [problem for problem in document["problems"] if problem["code"] == "created-after-capture"]
    assert [problem["pointer"] for problem in found] == pointers
    assert [finding["verdict"] for finding in document["findings"]] == ["PASS"]


def statuses(folder: Path, files: Files, path: str, **options: Any) -> tuple[str, list[tuple[str, str]]]:
    """The status of the capture of a file, and the problems with its days."""
    document = audit(write(files, folder), controls=["ssm-actions"], **options).document
    (capture,) = [capture for capture in document["captures"] if capture["file"].endswith(path)]
    codes = ("created-after-capture", "told-after-period")
    found = [(problem["code"], problem["pointer"]) for problem in document["problems"] if problem["code"] in codes]
    return capture["status"], found


@pytest.mark.parametrize("what", TOLD)
def test_what_tells_of_a_later_time_was_made_after_the_period(tmp_path: Path, what: str) -> None:
    path, answer, pointer = TOLD[what]
    files = textbook() | {path: answer}
    told = [("told-after-period", pointer)]
    assert statuses(tmp_path / "a", files, path, period="2026Q3") == ("out_of_period", told)
    assert statuses(tmp_path / "a", files, path, period="2026Q4") == ("captured", [])
    assert statuses(tmp_path / "a", files, path, period="2026-07-01/2026-10-06") == ("captured", [])
    of_quarter = {f"2026Q3/{name}": content for name, content in files.items()}
    assert statuses(tmp_path / "b", of_quarter, path, period="2026Q3") == ("out_of_period", told)
    dated = [("created-after-capture", pointer)]
    assert statuses(tmp_path / "a", files, path, captured_on="2026-09-28") == ("captured", dated)
    assert statuses(tmp_path / "a", files, path, captured_on="2026-11-19") == ("captured", [])


@pytest.mark.parametrize("what", NOT_TOLD)
def test_what_tells_of_no_later_time_counts_for_the_period(tmp_path: Path, what: str) -> None:
    path, answer = NOT_TOLD[what]
    assert statuses(tmp_path, textbook() | {path: answer}, path, period="2026Q3") == ("captured", [])


def test_a_chain_of_late_answers_proves_nothing_of_the_quarter(tmp_path: Path) -> None:
    late = textbook(filters=[metric_filter(creationTime=NOVEMBER)])
    (finding,) = audit(write(late, tmp_path), controls=["ssm-actions"], period="2026Q3").document["findings"]
    assert (finding["verdict"], finding["reason_code"]) == ("INCONCLUSIVE", "filters-out-of-period")


@pytest.mark.parametrize(
    ("days", "options", "apart"),
    [
        pytest.param(("2026-09-28", "2026-06-28"), {}, "", id="92 days"),
        pytest.param(("2026-09-28", "2026-06-27"), {}, "93 days apart, from 2026-06-27 to 2026-09-28", id="93 days"),
        pytest.param(("2026-09-28", "2020-01-01"), {}, "2462 days apart, from 2020-01-01 to 2026-09-28", id="years"),
        pytest.param(("2026-09-28", "2026-01-15"), {"period": "2026-01-01/2026-09-30"}, "", id="within the period"),
    ],
)
def test_captures_that_were_made_long_after_one_another(
    tmp_path: Path, days: tuple[str, str], options: dict[str, Any], apart: str
) -> None:
    record = [{"file": path, "ended_at": f"{days[path == ALARMS]}T08:00:00Z"} for path in textbook()]
    document = audit(
        write(textbook() | {"captures.json": record}, tmp_path), controls=["ssm-actions"], **options
    ).document
    (finding,) = document["findings"]
    texts = [entry["text"] for entry in finding["assumptions"] if entry["code"] == "captures-days-apart"]
    assert finding["verdict"] == "PASS"
    assert len(texts) == bool(apart)
    assert apart in "".join(texts)


def test_folders_of_two_years_are_long_after_one_another(tmp_path: Path) -> None:
    files = {f"{'2024Q1' if path == ALARMS else '2026Q3'}/{path}": content for path, content in textbook().items()}
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert "822 days apart" in "".join(entry["text"] for entry in finding["assumptions"])
