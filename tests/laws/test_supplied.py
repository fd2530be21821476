"""Laws of verdicts when the client supplies more: corroborating captures, missing required ones, another layout."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.laws.bundles import ACCOUNTS, accounts, bundles, judged, verdicts
from tests.textbook import REGION, Files, subscription, textbook, trail

slow = examples(30)


def corroborating(account: str) -> dict[str, list[Any]]:
    """What the calls that only corroborate may answer for an account: good, bad and odd, by path."""
    place = f"{account}/{REGION}"
    topic, trail_arn = subscription(account)["TopicArn"], trail(account)["TrailARN"]
    listed = subscription(account)["SubscriptionArn"]
    delivered = {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": "2026-09-01T10:11:12+00:00"}
    every = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]
    group = {"logGroupName": "ct", "metricFilterCount": 1}
    return {
        f"{place}/cloudtrail-get-trail-status/main.json": [delivered, {"IsLogging": False}],
        f"{place}/cloudtrail-get-event-selectors/main.json": [
            {"TrailARN": trail_arn, "EventSelectors": every},
            {"TrailARN": trail_arn, "EventSelectors": [{"ReadWriteType": "WriteOnly"}]},
        ],
        f"{place}/logs-describe-log-groups.json": [
            {"logGroups": []},
            {"logGroups": [group]},
            {"logGroups": [group | {"logGroupClass": "INFREQUENT_ACCESS"}]},
        ],
        f"{place}/sns-list-topics.json": [{"Topics": []}, {"Topics": [{"TopicArn": topic}]}],
        f"{place}/sns-get-topic-attributes/alerts.json": [
            {"Attributes": {"TopicArn": topic, "SubscriptionsConfirmed": count, **key}}
            for count in ("0", "1")
            for key in ({}, {"KmsMasterKeyId": "alias/aws/sns"})
        ],
        f"{place}/sns-get-subscription-attributes/0.json": [
            {"Attributes": {"SubscriptionArn": listed, "Owner": account, "PendingConfirmation": "false"}},
            {"Attributes": {"SubscriptionArn": listed, "FilterPolicy": '{"severity": ["high"]}'}},
        ],
        f"{place}/cloudwatch-list-alarm-mute-rules.json": [{"AlarmMuteRuleSummaries": []}],
        f"{place}/oam-list-links.json": [{"Items": []}],
    }


@slow
@given(bundles(), st.data())
def test_a_corroborating_capture_never_turns_fail_into_pass(files: Files, data: st.DataObject) -> None:
    more = corroborating(data.draw(st.sampled_from(ACCOUNTS)))
    chosen = data.draw(st.lists(st.sampled_from(sorted(more)), unique=True, min_size=1))
    added = {path: data.draw(st.sampled_from(more[path])) for path in chosen}
    before, after = verdicts(files), verdicts(files | added)
    assert all(after[account] != "PASS" for account, verdict in before.items() if verdict == "FAIL")


@slow
@given(bundles(), st.data())
def test_a_corroborating_capture_that_is_no_evidence_never_makes_a_pass(files: Files, data: st.DataObject) -> None:
    more = corroborating(data.draw(st.sampled_from(ACCOUNTS)))
    path = data.draw(st.sampled_from(sorted(more)))
    member = data.draw(st.sampled_from(sorted(more[path][0])))
    value = data.draw(st.sampled_from([5, "x", [5], {"TopicArn": 5}, None]))
    added = data.draw(st.sampled_from(more[path])) | {member: value}
    before, after = verdicts(files), verdicts(files | {path: added})
    assert all(after[account] != "PASS" for account, verdict in before.items() if verdict != "PASS")


@slow
@given(bundles(), st.data())
def test_a_second_answer_never_makes_a_pass(files: Files, data: st.DataObject) -> None:
    more = corroborating(data.draw(st.sampled_from(ACCOUNTS)))
    path = data.draw(st.sampled_from(sorted(more)))
    place, _, name = path.partition("/")[2].partition("/")
    again = f"{path.partition('/')[0]}/{place}/again/{name}"
    once = files | {path: data.draw(st.sampled_from(more[path]))}
    before, after = verdicts(once), verdicts(once | {again: data.draw(st.sampled_from(more[path]))})
    assert all(after[account] != "PASS" for account, verdict in before.items() if verdict != "PASS")


@slow
@given(bundles(), st.data())
def test_supplying_a_missing_required_capture_changes_nothing_decided(files: Files, data: st.DataObject) -> None:
    captured = {path.partition("/")[0] for path in files}
    supplied = data.draw(accounts(data.draw(st.sampled_from(sorted(captured)))))
    after = verdicts(supplied | files)
    for finding in judged(files).document["findings"]:
        if finding["verdict"] != "INCONCLUSIVE" and not any(point["material"] for point in finding["open_points"]):
            assert after[finding["account_id"]] == finding["verdict"]


def _zipped(files: Files) -> Files:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for path, content in files.items():
            target.writestr(path, json.dumps(content))
    return {"client.zip": archive.getvalue()}


def _moved(files: Files, pattern: str) -> Files:
    """The captures with their canonical paths written by a pattern of account, region and file."""
    parts = {path: path.split("/", 2) for path in files}
    return {pattern.format(*parts[path]): content for path, content in files.items()}


LAYOUTS: dict[str, Callable[[Files], Files]] = {
    "canonical": lambda files: files,
    "one zip": _zipped,
    "below folders": lambda files: _moved(files, "evidence/2026-Q3/{0}/{1}/{2}"),
    "region first": lambda files: _moved(files, "{1}/{0}/{2}"),
    "one folder per account and region": lambda files: _moved(files, "{0}_{1}/{2}"),
    "account-data": lambda files: _moved(files, "account-data/{0}/{1}/{2}"),
    "shouted suffixes": lambda files: {path.replace(".json", ".JSON"): content for path, content in files.items()},
    "text files": lambda files: {path.replace(".json", ".txt"): content for path, content in files.items()},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_bundle_with_every_link_right_passes_under_every_layout(layout: str) -> None:
    files = {path: content for account in ACCOUNTS for path, content in textbook(account).items()}
    assert verdicts(LAYOUTS[layout](files)) == dict.fromkeys(ACCOUNTS, "PASS")
