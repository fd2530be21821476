"""Laws of requests: one round is enough, what is said to settle a finding does, and nothing is asked for twice."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.api import audit
from auditor.result import Request, ResultDocument
from tests.examples import examples
from tests.laws.bundles import alarm_changes, patterns, subscription_changes, trail_changes, transformations
from tests.textbook import Files, alarm, metric_filter, subscription, textbook, trail, write

ACCOUNTS = ("012345678901", "111122223333")
REGIONS = ("us-east-1", "eu-west-1")
TRAILS, FILTERS, ALARMS = "cloudtrail-describe-trails", "logs-describe-metric-filters", "cloudwatch-describe-alarms"
OF_A_PLACE = ("cloudtrail:DescribeTrails", "logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms")
GONE = "An error occurred (NotFound) when calling the {} operation: Topic does not exist\n"


@st.composite
def worlds(draw: st.DrawFn) -> Files:
    """What every required call would answer in two accounts and two regions; alarms may notify the other account."""
    files: Files = {}
    for account in ACCOUNTS:
        for region in REGIONS:
            used = draw(st.integers(0, 3)) > 0
            topics = [f"arn:aws:sns:{region}:{owner}:alerts" for owner in (account, account, account, *ACCOUNTS)]
            files |= textbook(
                account,
                region,
                trails=[trail(account, region, **draw(trail_changes))] if used else [],
                filters=[
                    metric_filter(draw(patterns), filterName=f"f{n}", transformation=dict(draw(transformations)))
                    for n in range(draw(st.integers(0, 2)) if used else 0)
                ],
                alarms=[
                    alarm(
                        account,
                        region,
                        f"a{n}",
                        **{"AlarmActions": [draw(st.sampled_from(topics))], **draw(alarm_changes)},
                    )
                    for n in range(draw(st.integers(0, 2)) if used else 0)
                ],
                subscriptions=[
                    subscription(account, region, **draw(subscription_changes)) for _ in range(draw(st.integers(0, 1)))
                ],
            )
        wide = [
            one
            for region in REGIONS
            for one in files[f"{account}/{region}/{TRAILS}.json"]["trailList"]
            if one.get("IsMultiRegionTrail")
        ]
        for region in REGIONS:  # a multi-region trail is shown in every region
            shown = files[f"{account}/{region}/{TRAILS}.json"]["trailList"]
            shown += [copy.deepcopy(one) for one in wide if one not in shown]
    return files


@st.composite
def given_parts(draw: st.DrawFn, world: Files) -> Files:
    """A part of a world: captures left out, cut, converted or edited."""
    part: Files = {"notes.txt": "what the client sent"}
    spared = draw(st.sets(st.sampled_from(ACCOUNTS), max_size=1))
    for path, content in world.items():
        kind = draw(st.sampled_from(["whole", "whole", "missing", "missing", "cut", "table", "edited"]))
        if path.partition("/")[0] in spared or kind == "missing":
            continue
        (member, items), *_ = content.items()
        if kind == "whole":
            part[path] = content
        elif kind == "cut" and TRAILS not in path:
            token = "nextToken" if FILTERS in path else "NextToken"
            part[path] = content | {member: items[:-1], token: "more"}
        elif kind == "edited" and items:
            part[path] = content | {member: [*items[:-1], {**items[-1], next(iter(items[-1])): 5}]}
        else:
            part[path] = "-----\n| DescribeSomething |\n-----\n"
    return part


def answered(bundle: Files, world: Files, requests: Iterable[Request]) -> Files:
    """The bundle after a client answered requests as they stand: each command's file in place of those it replaces."""
    files = dict(bundle)
    for request in requests:
        if not request["command"]:
            continue
        for replaced in request["replaces"]:
            files.pop(replaced["file"], None)
        path = request["save_as"]
        told = answer(request, world)
        files[path if not isinstance(told, str) else f"{path.removesuffix('.json')}.err"] = told
        if request["call"] == "cloudwatch:DescribeAlarms":  # the block goes on to the topics of the same account
            own = f"{request['account_id']}/{request['region']}/sns-list-subscriptions-by-topic/alerts.json"
            arn = f"arn:aws:sns:{request['region']}:{request['account_id']}:alerts"
            if any(arn in one["AlarmActions"] for one in told["MetricAlarms"]):
                files.setdefault(own, world[own])
    return files


def answer(request: Request, world: Files) -> Any:
    """What AWS would say in the world; a text is a refusal."""
    account, region, call = request["account_id"], request["region"], request["call"]
    place = f"{account}/{region}"
    path = request["save_as"]
    if path in world:
        return world[path]
    listed = [topic for topic in (f"arn:aws:sns:{region}:{account}:alerts",) if account in ACCOUNTS]
    subscribed = world.get(f"{place}/sns-list-subscriptions-by-topic/alerts.json", {"Subscriptions": []})
    arn = f"arn:aws:sts::{account}:assumed-role/Audit/me"
    if request["resource"]:
        if call == "sns:GetTopicAttributes" and request["resource"] in listed:
            return {"Attributes": {"TopicArn": request["resource"]}}
        return GONE.format(call.partition(":")[2])
    return {
        "cloudtrail:DescribeTrails": {"trailList": []},
        "logs:DescribeMetricFilters": {"metricFilters": []},
        "cloudwatch:DescribeAlarms": {"MetricAlarms": [], "CompositeAlarms": []},
        "logs:DescribeLogGroups": {"logGroups": [{"logGroupName": "ct", "logGroupClass": "STANDARD"}]},
        "sns:ListTopics": {"Topics": [{"TopicArn": topic} for topic in listed]},
        "sns:ListSubscriptions": subscribed,
        "cloudwatch:ListAlarmMuteRules": {"AlarmMuteRuleSummaries": []},
        "sts:GetCallerIdentity": {"UserId": "AROA", "Account": account, "Arn": arn},
        "account:ListRegions": {
            "Regions": [{"RegionName": one, "RegionOptStatus": "ENABLED_BY_DEFAULT"} for one in REGIONS]
        },
    }[call]


def judged(files: Files) -> ResultDocument:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(copy.deepcopy(files), folder / "bundle")
        rows = "".join(f"{account},{' '.join(REGIONS)}\n" for account in ACCOUNTS)
        (folder / "scope.csv").write_text(f"account_id,regions\n{rows}", encoding="utf-8")
        chosen = ["ssm-actions", "iam-policy-changes"]
        return audit(
            folder / "bundle", controls=chosen, frameworks=["iso27001-2022"], scope=folder / "scope.csv"
        ).document


def missing(document: ResultDocument) -> dict[tuple[str, str, str, str], Request]:
    return {
        (one["call"], one["account_id"], one["region"], one["resource"]): one
        for one in document["requests"]
        if one["purpose"] in ("missing", "following")
    }


def check_one_round(world: Files, bundle: Files) -> None:
    before = judged(bundle)
    after = judged(answered(bundle, world, before["requests"]))
    said = {call for request in before["requests"] for call in request["leads_to"]}
    for place, request in missing(after).items():
        assert place not in missing(before), f"{request['command']} is asked for again"
        assert request["call"] in said, f"{request['command']} is new, and nothing said so before"
        assert request["call"] not in OF_A_PLACE, f"{request['command']} could be known before"
        if request["call"] == "sns:ListSubscriptionsByTopic":
            assert named_elsewhere(request["resource"], world), f"{request['command']} could be known before"
    still = {one["id"] for one in after["findings"] if one["verdict"] == "INCONCLUSIVE"}
    waiting = {finding for request in after["requests"] for finding in request["settles"]}
    assert still <= waiting, "a finding is open and nothing is asked"


def named_elsewhere(topic: str, world: Files) -> bool:
    """Whether an alarm of another account notifies the topic."""
    return any(
        topic in one["AlarmActions"] and topic.split(":")[4] != path.partition("/")[0]
        for path, content in world.items()
        if ALARMS in path
        for one in content["MetricAlarms"]
    )


ONE_ROUND = given(st.data())


def _one_round(data: st.DataObject) -> None:
    world = data.draw(worlds())
    check_one_round(world, data.draw(given_parts(world)))


@examples(20)
@ONE_ROUND
def test_one_round_is_enough(data: st.DataObject) -> None:
    _one_round(data)


@pytest.mark.long
@pytest.mark.timeout(7200)
@settings(max_examples=3000)
@ONE_ROUND
def test_one_round_is_enough_in_thousands_of_worlds(data: st.DataObject) -> None:
    _one_round(data)


@examples(20)
@given(st.data())
def test_what_is_said_to_settle_alone_does(data: st.DataObject) -> None:
    world = data.draw(worlds())
    bundle = data.draw(given_parts(world))
    before = judged(bundle)
    sets = {one["number"]: one["settles_alone"] for one in before["request_sets"]}
    groups = [([one], one["settles_alone"]) for one in before["requests"] if one["settles_alone"]]
    groups += [
        ([one for one in before["requests"] if one["set"] == number], alone) for number, alone in sets.items() if alone
    ]
    for requests, alone in groups:
        after = judged(answered(bundle, world, requests))
        said = {call for request in requests for call in request["leads_to"]}
        for finding in after["findings"]:
            if finding["id"] in alone and finding["verdict"] == "INCONCLUSIVE":
                new = [one for one in missing(after).values() if finding["id"] in one["settles"]]
                assert new, finding["reason"]
                assert all(one["call"] in said for one in new), finding["reason"]
