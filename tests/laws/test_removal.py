"""Laws of what is taken away: a capture or a page that goes missing makes no PASS without a material open point."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.api import audit
from auditor.catalogue import load_controls
from auditor.result import Finding
from tests.examples import examples
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, trail, write

slow = examples(60)
PLACE = f"{ACCOUNT}/{REGION}"
ROOT = load_controls()["root-usage"].variants["default"].patterns[0].pattern.strip(" {}")
IAM, KMS, RDS = (f"{name}.amazonaws.com" for name in ("iam", "kms", "rdsdata"))
PATTERNS = (
    ROOT,
    f"({ROOT}) && $.eventSource = {IAM}",
    f"({ROOT}) && $.eventSource != {IAM}",
    "$.eventName = CreateVpc",
)
LISTS = {"trailList": "", "metricFilters": "nextToken", "MetricAlarms": "NextToken", "Subscriptions": "NextToken"}
GOODNESS = {"FAIL": 0, "INCONCLUSIVE": 1, "PASS": 2}


@st.composite
def accounts(draw: st.DrawFn) -> Files:
    """An account with two trails into one group or two, and up to three filters with an alarm each."""
    numbers = range(draw(st.integers(1, 3)))
    names = [f"one-{number}" for number in numbers]
    groups = [draw(st.sampled_from(["ct", "ct", "other"])) for _ in numbers]
    files = textbook(
        trails=[
            trail(
                name=name,
                HasCustomEventSelectors=True,
                IsMultiRegionTrail=draw(st.sampled_from([True, True, False])),
                CloudWatchLogsLogGroupArn=draw(st.sampled_from([f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
                                                                for group in ("ct", "other")])),
            )
            for name in ("t1", "t2")
        ],
        filters=[
            metric_filter(f"{{ {draw(st.sampled_from(PATTERNS))} }}", filterName=name, logGroupName=group,
                          transformation={"metricName": name})
            for name, group in zip(names, groups, strict=True)
        ],
        alarms=[
            alarm(name=name, MetricName=name, **draw(st.sampled_from([{}, {}, {"Threshold": 5}, {"AlarmActions": []}])))
            for name in names
        ],
    )  # fmt: skip
    for name in ("t1", "t2"):
        entry = {
            "ReadWriteType": draw(st.sampled_from(["All", "All", "ReadOnly", "WriteOnly"])),
            "ExcludeManagementEventSources": draw(st.sampled_from([[], [KMS], [RDS]])),
        }
        answer = {"TrailARN": trail(name=name)["TrailARN"], "EventSelectors": [entry]}
        files[f"{PLACE}/cloudtrail-get-event-selectors/{name}.json"] = answer
    return files


def judged(files: Files, match: str) -> Finding:
    with tempfile.TemporaryDirectory() as folder:
        bundle = write(copy.deepcopy(files), Path(folder) / "bundle")
        scope = Path(folder) / "scope.csv"
        scope.write_text(f"account_id,regions\n{ACCOUNT},{REGION}\n", encoding="utf-8")
        (finding,) = audit(bundle, controls=["root-usage"], match=match, scope=scope).document["findings"]
        return finding


def without_an_item(content: dict[str, Any], number: int) -> dict[str, Any] | None:
    """A page of a listing: an item less, and the token that says so; None if there are no pages of it."""
    member = next((name for name in LISTS if content.get(name)), "")
    if not LISTS.get(member):
        return None
    items = content[member]
    gone = number % len(items)
    return content | {member: items[:gone] + items[gone + 1 :], LISTS[member]: "further"}


@slow
@given(accounts(), st.sampled_from(["equal", "covers"]), st.data())
def test_v3_what_goes_missing_makes_no_pass(files: Files, match: str, data: st.DataObject) -> None:
    before = judged(files, match)
    path = data.draw(st.sampled_from(sorted(files)))
    page = without_an_item(files[path], data.draw(st.integers(0, 2))) if data.draw(st.booleans()) else None
    fewer = {name: content for name, content in files.items() if name != path} | ({path: page} if page else {})
    after = judged(fewer, match)
    material = any(point["material"] for point in after["open_points"])
    for answer in ("verdict", "objective"):
        assert GOODNESS[after[answer]] <= GOODNESS[before[answer]] or after[answer] != "PASS" or material


@slow
@given(accounts(), st.data())
def test_v5_removing_a_required_capture_leaves_a_fail_or_makes_a_request(files: Files, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in sorted(files) if "selectors" not in path]))
    after = judged({name: content for name, content in files.items() if name != path}, "covers")
    assert bool(after["settles"]) is (after["verdict"] == "INCONCLUSIVE")
