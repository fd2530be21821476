"""Does to a bundle what the commands of a remedy do to an account, and captures again what had been captured."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.remediation.shell import arguments, value
from tests.textbook import Files, subscription

NEW_KEY = "9999aaaa-22bb-33cc-44dd-555555eeeeee"
_STEP = re.compile(r"^# In account (\d{12}), region [a-z0-9-]+:", re.MULTILINE)
_UNSEEN = ("iam ", "s3api ", "sns get-topic-attributes", "cloudtrail get-event-selectors")  # leave no capture another


def mended(files: Files, script: str) -> Files:
    """The bundle after the commands of a remedy; a listing that had not been captured is still missing."""
    files = copy.deepcopy(files)
    starts = list(_STEP.finditer(script))
    assert starts, script
    for start, end in zip(starts, [*(one.start() for one in starts[1:]), len(script)], strict=True):
        for words in arguments(script[start.start() : end]):
            command = " ".join(words[:2])
            if not command.startswith(_UNSEEN):
                _COMMANDS[command](_Account(files, start[1], value(words, "--region")), words)
    return files


class _Account:
    """The captures of one account and region."""

    def __init__(self, files: Files, account: str, region: str) -> None:
        self.files, self.account, self.region = files, account, region

    def listed(self, call: str, member: str) -> list[dict[str, Any]]:
        """The items of a listing, to be changed in place; of none that was not captured."""
        answer = self.files.get(f"{self.account}/{self.region}/{call}.json")
        return answer.setdefault(member, []) if isinstance(answer, dict) else []

    def put(self, call: str, member: str, key: str, item: dict[str, Any], **more: str) -> None:
        """Replaces the item of that name in a listing, or adds it."""
        items = self.listed(call, member)
        same = {key: item[key], **more}
        items[:] = [one for one in items if any(one.get(name) != text for name, text in same.items())] + [item]

    def about(self, call: str, name: str) -> dict[str, Any]:
        """The answer of a call about one resource, captured from now on."""
        file = f"{self.account}/{self.region}/{call}/{name}.json"
        return dict.setdefault(self.files, file, {})


def _everywhere(place: _Account, call: str, member: str) -> Iterator[dict[str, Any]]:
    """The items of a listing in whatever account and region it was captured."""
    for file, answer in place.files.items():
        if file.endswith(f"/{call}.json") and isinstance(answer, dict):
            yield from answer.get(member, [])


def _create_log_group(place: _Account, words: list[str]) -> None:
    name = value(words, "--log-group-name")
    item = {"logGroupName": name, "logGroupClass": "STANDARD"}
    place.put("logs-describe-log-groups", "logGroups", "logGroupName", item)


def _create_trail(place: _Account, words: list[str]) -> None:
    name = value(words, "--name")
    made = {
        "Name": name,
        "HomeRegion": place.region,
        "TrailARN": f"arn:aws:cloudtrail:{place.region}:{place.account}:trail/{name}",
        "IsMultiRegionTrail": "--is-multi-region-trail" in words,
        "IncludeGlobalServiceEvents": "--include-global-service-events" in words,
        "IsOrganizationTrail": False,
        "HasCustomEventSelectors": False,
        "CloudWatchLogsLogGroupArn": value(words, "--cloud-watch-logs-log-group-arn"),
    }
    captured = [
        answer
        for file, answer in place.files.items()
        if file.startswith(f"{place.account}/") and file.endswith("/cloudtrail-describe-trails.json")
    ]
    assert not [one for answer in captured for one in answer["trailList"] if one["TrailARN"] == made["TrailARN"]]
    for answer in captured:
        answer["trailList"].append(made)


def _update_trail(place: _Account, words: list[str]) -> None:
    name = value(words, "--name")
    arn = f"arn:aws:cloudtrail:{place.region}:{place.account}:trail/{name}"
    (trail, *_) = changed = [
        one for one in _everywhere(place, "cloudtrail-describe-trails", "trailList") if one["TrailARN"] == arn
    ]
    for one in changed:
        if "--is-multi-region-trail" in words:
            one["IsMultiRegionTrail"] = one["IncludeGlobalServiceEvents"] = True
        if "--cloud-watch-logs-log-group-arn" in words:
            one["CloudWatchLogsLogGroupArn"] = value(words, "--cloud-watch-logs-log-group-arn")
    if trail["IsMultiRegionTrail"]:  # it is seen in every region now
        for file, answer in place.files.items():
            if file.startswith(f"{place.account}/") and file.endswith("/cloudtrail-describe-trails.json"):
                answer["trailList"] = [one for one in answer["trailList"] if one["TrailARN"] != arn] + [trail]
    status = place.files.get(f"{place.account}/{place.region}/cloudtrail-get-trail-status/{name}.json")
    if status is not None and "--cloud-watch-logs-log-group-arn" in words:
        status.pop("LatestCloudWatchLogsDeliveryError", None)
        status["LatestCloudWatchLogsDeliveryTime"] = status.get("LatestDeliveryTime", 1_795_560_385)


def _start_logging(place: _Account, words: list[str]) -> None:
    place.about("cloudtrail-get-trail-status", value(words, "--name"))["IsLogging"] = True


def _put_event_selectors(place: _Account, words: list[str]) -> None:
    name = value(words, "--trail-name")
    answer = place.about("cloudtrail-get-event-selectors", name)
    answer.pop("AdvancedEventSelectors", None)
    answer["TrailARN"] = f"arn:aws:cloudtrail:{place.region}:{place.account}:trail/{name}"
    answer["EventSelectors"] = json.loads(value(words, "--event-selectors"))


def _put_metric_filter(place: _Account, words: list[str]) -> None:
    item = {
        "filterName": value(words, "--filter-name"),
        "logGroupName": value(words, "--log-group-name"),
        "filterPattern": value(words, "--filter-pattern"),
        "metricTransformations": json.loads(value(words, "--metric-transformations")),
        "creationTime": 1_795_560_385_000,
    }
    group = item["logGroupName"]
    place.put("logs-describe-metric-filters", "metricFilters", "filterName", item, logGroupName=group)
    for one in place.listed("logs-describe-log-groups", "logGroups"):
        if one["logGroupName"] == group and "metricFilterCount" in one:
            one["metricFilterCount"] += 1


def _put_metric_alarm(place: _Account, words: list[str]) -> None:
    name = value(words, "--alarm-name")
    item = {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{place.region}:{place.account}:alarm:{name}",
        "ActionsEnabled": "--actions-enabled" in words,
        "OKActions": [],
        "AlarmActions": [value(words, "--alarm-actions")],
        "InsufficientDataActions": [],
        "StateValue": "INSUFFICIENT_DATA",
        "Namespace": value(words, "--namespace"),
        "MetricName": value(words, "--metric-name"),
        "Dimensions": [],
        "Statistic": value(words, "--statistic"),
        "Period": int(value(words, "--period")),
        "EvaluationPeriods": int(value(words, "--evaluation-periods")),
        "Threshold": float(value(words, "--threshold")),
        "ComparisonOperator": value(words, "--comparison-operator"),
        "TreatMissingData": value(words, "--treat-missing-data"),
    }
    place.put("cloudwatch-describe-alarms", "MetricAlarms", "AlarmName", item)


def _enable_alarm_actions(place: _Account, words: list[str]) -> None:
    names = set(json.loads(value(words, "--alarm-names")))
    found = [
        one
        for member in ("MetricAlarms", "CompositeAlarms")
        for one in place.listed("cloudwatch-describe-alarms", member)
        if one["AlarmName"] in names
    ]
    assert {one["AlarmName"] for one in found} == names
    for one in found:
        one["ActionsEnabled"] = True


def _create_topic(place: _Account, words: list[str]) -> None:
    name = value(words, "--name")
    topic = f"arn:aws:sns:{place.region}:{place.account}:{name}"
    place.put("sns-list-topics", "Topics", "TopicArn", {"TopicArn": topic})
    place.about("sns-get-topic-attributes", name).setdefault(
        "Attributes", {"TopicArn": topic, "Policy": json.dumps(default_policy(topic))}
    )


def default_policy(topic: str) -> dict[str, Any]:
    """What SNS gives a new topic."""
    owner = {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}}
    statement = {
        "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish", "SNS:Subscribe"], "Resource": topic, "Condition": owner,
    }  # fmt: skip
    return {"Version": "2008-10-17", "Statement": [statement]}


def _set_topic_attributes(place: _Account, words: list[str]) -> None:
    topic = value(words, "--topic-arn")
    attributes = place.about("sns-get-topic-attributes", topic.split(":")[5])
    # the shell's stand-in for aws prints no id of the key that was created just before
    new = value(words, "--attribute-value") or NEW_KEY
    attributes.setdefault("Attributes", {"TopicArn": topic})[value(words, "--attribute-name")] = new


def _create_key(place: _Account, words: list[str]) -> None:
    place.about("kms-get-key-policy", NEW_KEY)["Policy"] = value(words, "--policy")


def _subscribe(place: _Account, words: list[str]) -> None:
    topic, endpoint = value(words, "--topic-arn"), value(words, "--notification-endpoint")
    answer = place.about("sns-list-subscriptions-by-topic", topic.split(":")[5])
    others = [one for one in answer.get("Subscriptions", []) if one["Endpoint"] != endpoint]
    new = subscription(
        place.account, place.region, TopicArn=topic, SubscriptionArn=f"{topic}:9d2e89e6-b579-4b31-bd76-c25f6bb6ce7f",
        Protocol=value(words, "--protocol"), Endpoint=endpoint,
    )  # fmt: skip
    answer["Subscriptions"] = [*others, new]
    attributes = place.files.get(f"{place.account}/{place.region}/sns-get-topic-attributes/{topic.split(':')[5]}.json")
    if attributes is not None and "SubscriptionsConfirmed" in attributes["Attributes"]:
        attributes["Attributes"]["SubscriptionsConfirmed"] = "1"


def _set_subscription_attributes(place: _Account, words: list[str]) -> None:
    arn = value(words, "--subscription-arn")
    for file, answer in place.files.items():
        if "/sns-get-subscription-attributes/" in file and answer["Attributes"]["SubscriptionArn"] == arn:
            answer["Attributes"][value(words, "--attribute-name")] = value(words, "--attribute-value")


_COMMANDS: dict[str, Callable[[_Account, list[str]], None]] = {
    "logs create-log-group": _create_log_group,
    "cloudtrail create-trail": _create_trail,
    "cloudtrail update-trail": _update_trail,
    "cloudtrail start-logging": _start_logging,
    "cloudtrail put-event-selectors": _put_event_selectors,
    "logs put-metric-filter": _put_metric_filter,
    "cloudwatch put-metric-alarm": _put_metric_alarm,
    "cloudwatch enable-alarm-actions": _enable_alarm_actions,
    "sns create-topic": _create_topic,
    "sns set-topic-attributes": _set_topic_attributes,
    "kms create-key": _create_key,
    "sns subscribe": _subscribe,
    "sns set-subscription-attributes": _set_subscription_attributes,
}
