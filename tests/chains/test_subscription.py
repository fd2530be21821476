"""Rules N1–N6: subscriptions, their counts and filter policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.chains.subscription import passes_filter
from tests.chains.chain import GROUP, PLACE, TOPIC, Join, faults
from tests.textbook import REGION, Files, subscription, textbook

OK, UNSURE = "", "subscription-attributes-contradictory"


def body(**policy: Any) -> dict[str, str]:
    """A filter policy on the message's body."""
    return {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": "MessageBody"}


@pytest.mark.parametrize(
    ("attributes", "passes"),
    [
        pytest.param({}, True, id="N6 none"),
        pytest.param({"FilterPolicy": "{}"}, True, id="N6 empty"),
        pytest.param({"FilterPolicy": json.dumps({"severity": ["high"]})}, False, id="N6 attribute wanted"),
        pytest.param({"FilterPolicy": json.dumps({"severity": [{"exists": False}]})}, True, id="N6 absence wanted"),
        pytest.param({"FilterPolicy": json.dumps({"a": [{"exists": False}], "b": ["x"]})}, False, id="N6 one of two"),
        pytest.param(body(AlarmName=["ssm-actions"]), True, id="N6 body names the alarm"),
        pytest.param(body(AlarmName=["a", {"prefix": "ssm-"}]), True, id="N6 body names its beginning"),
        pytest.param(body(AlarmName=["a"]), False, id="N6 body names another alarm"),
        pytest.param(body(NewStateValue=["ALARM"]), True, id="N6 body wants the state ALARM"),
        pytest.param(body(NewStateValue=["OK"]), False, id="N6 body wants the state OK"),
        pytest.param(body(NewStateValue=["ALARM"], Region=["x"]), None, id="N6 body wants a member that is not known"),
        pytest.param(body(AlarmName=[{"suffix": "ns"}]), None, id="N6 body with another operator"),
        pytest.param(body(NewStateValue=["OK"], Region=["x"]), False, id="N6 body dropped whatever the other member"),
        pytest.param({"FilterPolicy": "{"}, None, id="N6 no JSON"),
        pytest.param(
            {"FilterPolicy": json.dumps({"$or": [{"a": [{"exists": False}]}, {"b": ["x"]}]})},
            None,
            id="N6 alternatives",
        ),
    ],
)
def test_filter_policy(attributes: dict[str, Any], passes: bool | None) -> None:
    assert passes_filter(attributes, "ssm-actions") is passes


def attributes(number: int = 0, **values: Any) -> Files:
    """The get-subscription-attributes answer of the textbook's subscription."""
    arn = subscription()["SubscriptionArn"]
    path = f"{PLACE}/sns-get-subscription-attributes/{number}.json"
    return {path: {"Attributes": {"SubscriptionArn": arn} | values}}


SUBSCRIPTION_CASES = [
    pytest.param([subscription()], {}, OK, id="N1 confirmed"),
    pytest.param([subscription(SubscriptionArn="PendingConfirmation")], {}, "subscription-pending", id="N1 pending"),
    pytest.param([subscription(SubscriptionArn="Deleted")], {}, "subscription-pending", id="N1 deleted"),
    pytest.param([subscription(SubscriptionArn="Frozen")], {}, "subscription-arn-unknown", id="N1 another word"),
    pytest.param(
        [subscription(SubscriptionArn=f"arn:aws:sns:{REGION}:999988887777:alerts:1", Owner="999988887777")],
        {},
        OK,
        id="N1 ARN of another account",
    ),
    pytest.param(
        [subscription(Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:111122223333:q")], {}, OK, id="N2 a queue"
    ),
    pytest.param([subscription(Protocol="carrier-pigeon")], {}, OK, id="N2 whatever the protocol"),
    pytest.param([subscription(SubscriptionArn=TOPIC)], {}, "subscription-arn-unknown", id="N1 ARN of the topic"),
    pytest.param([subscription(SubscriptionArn="arn:")], {}, "subscription-arn-unknown", id="N1 no whole ARN"),
    pytest.param(
        [subscription(SubscriptionArn=f"{TOPIC}-2:5d2e89e6")], {}, "subscription-arn-unknown", id="N1 another topic's"
    ),
    pytest.param(
        [subscription(SubscriptionArn="arn:aws:sqs:us-east-1:111122223333:alerts:5d2e89e6")],
        {},
        "subscription-arn-unknown",
        id="N1 ARN of another service",
    ),
    pytest.param([], {}, "no-subscription", id="N4 empty listing in the topic's folder"),
    pytest.param(
        [subscription()], attributes(FilterPolicy='{"severity": ["high"]}'), "filter-policy-drops", id="N6 dropped"
    ),
    pytest.param([subscription()], attributes(), OK, id="N6 no filter policy"),
    pytest.param(
        [subscription()],
        attributes(FilterPolicy='{"Region": ["x"]}', FilterPolicyScope="MessageBody"),
        "filter-policy-unclear",
        id="N6 not decided",
    ),
    pytest.param(
        [subscription()],
        attributes(FilterPolicy='{"severity": ["high"]}', FilterPolicyScope="MessageHeaders"),
        "filter-policy-unclear",
        id="N6 a scope that AWS does not name",
    ),
    pytest.param(
        [subscription(), subscription(SubscriptionArn=f"{TOPIC}:2", Endpoint="b@example.com")],
        attributes(FilterPolicy='{"severity": ["high"]}'),
        OK,
        id="N6 another subscription may get it",
    ),
]


@pytest.mark.parametrize(("subscriptions", "more", "code"), SUBSCRIPTION_CASES)
def test_subscription_link(join: Join, subscriptions: list[dict[str, Any]], more: Files, code: str) -> None:
    ((_, _, found),) = faults(join(textbook(subscriptions=subscriptions) | more))
    assert found == code


def topic_attributes(**values: Any) -> Files:
    path = f"{PLACE}/sns-get-topic-attributes/alerts.json"
    return {path: {"Attributes": {"TopicArn": TOPIC} | values}}


BY_TOPIC = f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"


@pytest.mark.parametrize(
    ("listing", "count", "code"),
    [
        pytest.param(None, "0", "no-subscription", id="N5 none counted"),
        pytest.param(None, "2", "subscriptions-counted-not-listed", id="N5 counted, not listed"),
        pytest.param([subscription()], "0", "subscriptions-contradict-count", id="N5 listed, none counted"),
        pytest.param([], "1", "subscriptions-contradict-count", id="N5 counted, none listed"),
        pytest.param([subscription()], "1", OK, id="N5 both agree"),
    ],
)
def test_counts(join: Join, listing: list[dict[str, Any]] | None, count: str, code: str) -> None:
    files = textbook(subscriptions=listing or []) | topic_attributes(SubscriptionsConfirmed=count)
    if listing is None:
        del files[BY_TOPIC]
    ((_, _, found),) = faults(join(files))
    assert found == code


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        pytest.param([subscription()], OK, id="N3 the requester's listing proves presence"),
        pytest.param([], "subscriptions-not-captured", id="N3 it proves no absence"),
    ],
)
def test_listing_of_the_requester(join: Join, listed: list[dict[str, Any]], code: str) -> None:
    files = textbook()
    del files[BY_TOPIC]
    files[f"{PLACE}/sns-list-subscriptions.json"] = {"Subscriptions": listed}
    ((_, _, found),) = faults(join(files))
    assert found == code


@pytest.mark.parametrize(
    ("by_topic", "code"),
    [
        pytest.param([], "subscriptions-contradictory", id="N3 the owner's listing lacks it"),
        pytest.param(
            [subscription(SubscriptionArn="PendingConfirmation")], "subscriptions-contradictory", id="N3 pending there"
        ),
        pytest.param([subscription(Endpoint="b@example.com")], OK, id="N3 another is confirmed there"),
        pytest.param([subscription()], OK, id="N3 both agree"),
    ],
)
def test_two_listings(join: Join, by_topic: list[dict[str, Any]], code: str) -> None:
    # The requester's listing comes first by name; the topic's own goes before it all the same.
    files = {f"{PLACE}/a/sns-list-subscriptions.json": {"Subscriptions": [subscription()]}}
    ((_, _, found),) = faults(join(files | textbook(subscriptions=by_topic)))
    assert found == code


def test_n3_the_owners_listing_names_who_is_told(join: Join) -> None:
    files = textbook(subscriptions=[subscription(SubscriptionArn=f"{TOPIC}:9", Endpoint="z@example.com")])
    files[f"{PLACE}/sns-list-subscriptions.json"] = {"Subscriptions": [subscription()]}
    (tail,) = join(files).tails(GROUP)
    assert tail.endpoint == "z@example.com"


@pytest.mark.parametrize("count", ["²", "-1", "", "many"])
def test_n5_attributes_with_a_count_that_is_none_are_not_used(join: Join, count: str) -> None:
    ((_, _, found),) = faults(join(textbook() | topic_attributes(SubscriptionsConfirmed=count)))
    assert found == "topic-attributes-contradictory"


GONE = "An error occurred (NotFound) when calling the GetSubscriptionAttributes operation: Subscription does not exist"
SECOND = subscription()["SubscriptionArn"][:-1] + "0"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param(f"/{subscription()['SubscriptionArn'].rpartition(':')[2]}", UNSURE, id="N1 S3 by its id"),
        pytest.param(f"/{subscription()['SubscriptionArn'].replace(':', '_')}", UNSURE, id="N1 S3 by its ARN"),
        pytest.param("", UNSURE, id="N1 S3 one that is not named"),
        pytest.param(f"/{SECOND.rpartition(':')[2]}", OK, id="N1 S3 another one"),
    ],
)
def test_a_subscription_that_aws_no_longer_knows(join: Join, name: str, code: str) -> None:
    files = textbook() | {f"{PLACE}/sns-get-subscription-attributes{name}.json": GONE}
    listed = {f"{PLACE}/sns-list-subscriptions.json": {"Subscriptions": [subscription(SubscriptionArn=SECOND)]}}
    ((_, _, found),) = faults(join(files | (listed if code == OK else {})))
    assert found == code
