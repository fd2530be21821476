"""Rules S1–S7, A16: which actions continue the chain, and whether its topic lets alarms in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.chains import Chains
from auditor.chains.topic import sns_actions
from auditor.verdict import Link, State
from tests.chains.chain import GROUP, PLACE, Join, faults
from tests.textbook import Files, alarm, subscription, textbook

OWNER = "111122223333"
OTHER = "444455556666"
TOPIC = f"arn:aws:sns:us-east-1:{OWNER}:alerts"
ALARM = f"arn:aws:cloudwatch:us-east-1:{OWNER}:alarm:ssm-actions"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(**changes: Any) -> dict[str, Any]:
    base = {"Effect": "Allow", "Principal": "*", "Action": "SNS:Publish", "Resource": TOPIC}
    return base | changes


def test_a16_only_sns_topics_continue() -> None:
    actions = [
        "arn:aws:lambda:us-east-1:111122223333:function:f",
        TOPIC,
        "arn:aws:automate:us-east-1:ec2:stop",
        "arn:aws:ssm-incidents::111122223333:response-plan/p",
    ]
    topics, others = sns_actions(actions)
    assert topics == [TOPIC]
    assert len(others) == 3


KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
MANAGED = "alias/aws/sns"
USE = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}
ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"}, "Action": "kms:*", "Resource": "*"}
PUBLISH = policy(allow())


def attributes(**values: Any) -> Files:
    return {f"{PLACE}/sns-get-topic-attributes/alerts.json": {"Attributes": {"TopicArn": TOPIC} | values}}


def key_policy(*statements: dict[str, Any], name: str = KEY) -> Files:
    return {f"{PLACE}/kms-get-key-policy/{name}.json": {"Policy": policy(*statements), "PolicyName": "default"}}


def history(*entries: dict[str, Any], name: str = "/ssm-actions", **more: str) -> Files:
    items = [{"AlarmName": "ssm-actions", "HistoryItemType": "Action"} | entry for entry in entries]
    return {f"{PLACE}/cloudwatch-describe-alarm-history{name}.json": {"AlarmHistoryItems": items} | more}


def action(time: str, done: bool, topic: str = TOPIC) -> dict[str, Any]:
    data = {"actionState": "Succeeded" if done else "Failed", "notificationResource": topic}
    return {"Timestamp": time, "HistoryData": json.dumps(data | ({} if done else {"error": "AuthorizationError"}))}


def in_words(time: str, done: bool) -> dict[str, Any]:
    how = "Successfully executed" if done else "Failed to execute"
    return {"Timestamp": time, "HistorySummary": f"{how} action {TOPIC}"}


EARLY, LATE = "2026-08-01T10:00:00+00:00", "2026-08-02T10:00:00+00:00"

TOPIC_CASES: list[Any] = [
    pytest.param({}, "", id="S4 no attributes captured"),
    pytest.param(attributes(Policy=PUBLISH), "", id="S4 not encrypted"),
    pytest.param(attributes(KmsMasterKeyId="alias/aws/sns", Policy=PUBLISH), "topic-key-aws-managed", id="S4 AWS key"),
    pytest.param(attributes(KmsMasterKeyId=KEY, Policy=PUBLISH), "topic-key-policy-not-captured", id="S4 customer key"),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH) | key_policy(ROOT, USE), "", id="S4 key lets alarms in"
    ),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH) | key_policy(ROOT), "topic-key-refuses", id="S4 root only"
    ),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH) | key_policy(USE | {"Action": "kms:Decrypt"}),
        "topic-key-refuses",
        id="S4 one action only",
    ),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH)
        | key_policy(USE | {"Condition": {"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}}}),
        "topic-key-conditions",
        id="S4 conditions",
    ),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH) | key_policy(USE, name="another"),
        "topic-key-policy-not-captured",
        id="S4 policy of another key",
    ),
    pytest.param(
        attributes(KmsMasterKeyId="alias/topics", Policy=PUBLISH) | key_policy(USE, name="topics"), "", id="S4 by alias"
    ),
    pytest.param(
        attributes(KmsMasterKeyId=f"arn:aws:kms:us-east-1:{OWNER}:key/{KEY}", Policy=PUBLISH) | key_policy(USE),
        "",
        id="S4 by ARN",
    ),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=policy(allow(Action="sns:Subscribe"))),
        "topic-policy-refuses",
        id="S5 a refusing policy outweighs a key that is not shown",
    ),
    pytest.param(attributes(Policy="{"), "topic-policy-conditions", id="S5 a policy that is none"),
    pytest.param(attributes(Policy=""), "topic-policy-conditions", id="S5 an empty policy"),
    pytest.param(
        attributes(KmsMasterKeyId="alias/a/topics", Policy=PUBLISH) | key_policy(USE, name="topics"),
        "topic-key-policy-not-captured",
        id="S4 an alias of another key that ends alike",
    ),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH)
        | {f"{PLACE}/kms-get-key-policy/{KEY}.json": {"Policy": "no JSON", "PolicyName": "default"}},
        "topic-key-conditions",
        id="S4 a key policy that is none",
    ),
    pytest.param(attributes(FifoTopic="true", Policy=PUBLISH), "topic-fifo", id="S6 FIFO by attribute"),
    pytest.param(attributes(FifoTopic="false", Policy=PUBLISH), "", id="S6 standard"),
    pytest.param(history(action(EARLY, True)), "", id="S7 succeeded"),
    pytest.param(history(action(EARLY, True), action(LATE, False)), "topic-action-failed", id="S7 the latest failed"),
    pytest.param(history(action(LATE, True), action(EARLY, False)), "", id="S7 the latest succeeded"),
    pytest.param(history(in_words(EARLY, False)), "topic-action-failed", id="S7 failed, in words"),
    pytest.param(history(in_words(EARLY, True)), "", id="S7 succeeded, in words"),
    pytest.param(
        history(action(EARLY, True) | in_words(EARLY, False)), "topic-action-failed", id="S7 its summary says it failed"
    ),
    pytest.param(
        history(in_words(EARLY, True) | action(EARLY, False)), "topic-action-failed", id="S7 its data say it failed"
    ),
    pytest.param(history(action(EARLY, False, TOPIC + "-other")), "", id="S7 another topic's failure"),
    pytest.param(
        attributes(KmsMasterKeyId=KEY, Policy=PUBLISH) | history(action(EARLY, True)),
        "",
        id="S7 a success settles the key",
    ),
    pytest.param(
        attributes(Policy=policy(allow(Action="sns:Subscribe"))) | history(action(EARLY, True), action(LATE, False)),
        "topic-action-failed",
        id="S7 a failure after the success beside a refusing policy",
    ),
    pytest.param(
        attributes(FifoTopic="true", Policy=PUBLISH) | history(action(EARLY, True)),
        "topic-fifo",
        id="S7 a success settles no FIFO topic",
    ),
]


@pytest.mark.parametrize(("more", "code"), TOPIC_CASES)
def test_topic_link(join: Join, more: Files, code: str) -> None:
    ((_, _, found),) = faults(join(textbook() | more))
    assert found == code


def test_s7_a_success_closes_the_open_point(join: Join) -> None:
    (tail,) = join(textbook() | history(action(EARLY, True))).tails(GROUP)
    assert not tail.links[Link.TOPIC].open_points
    (tail,) = join(textbook() | history(action(EARLY, True, TOPIC + "-other"))).tails(GROUP)
    assert [point.code for point in tail.links[Link.TOPIC].open_points] == ["topic-attributes-not-captured"]


@pytest.mark.parametrize(
    "refusing",
    [
        pytest.param(attributes(Policy=policy(allow(Action="sns:Subscribe"))), id="policy"),
        pytest.param(attributes(KmsMasterKeyId="alias/aws/sns", Policy=PUBLISH), id="key of AWS"),
    ],
)
def test_s7_a_success_beside_a_capture_that_refuses_leaves_a_material_open_point(join: Join, refusing: Files) -> None:
    (tail,) = join(textbook() | refusing | history(action(EARLY, True))).tails(GROUP)
    link = tail.links[Link.TOPIC]
    assert link.state is State.OK
    assert [(point.code, point.material) for point in link.open_points] == [("topic-refusal-outdone", True)]


@pytest.mark.parametrize(
    ("action_arn", "code"),
    [
        pytest.param(TOPIC, "", id="S1 the topic"),
        pytest.param(
            f"arn:aws:sns:us-east-1:{OTHER}:alerts",
            "subscriptions-not-captured",
            id="S1 a topic of the same name elsewhere",
        ),
        pytest.param(f"arn:aws:sns:eu-west-1:{OWNER}:alerts", "topic-other-region", id="S2 another region"),
        pytest.param(f"arn:aws-cn:sns:us-east-1:{OWNER}:alerts", "topic-other-region", id="S2 another partition"),
        pytest.param(f"arn:aws:sns:us-east-1:{OWNER}:alerts.fifo", "topic-fifo", id="S6 FIFO by name"),
    ],
)
def test_action(join: Join, action_arn: str, code: str) -> None:
    ((_, _, found),) = faults(join(textbook(alarms=[alarm(AlarmActions=[action_arn])])))
    assert found == code


@pytest.mark.parametrize(
    ("topics", "code"),
    [
        pytest.param([TOPIC], "subscriptions-not-captured", id="S3 listed"),
        pytest.param([TOPIC + "-other"], "topic-deleted", id="S3 deleted"),
        pytest.param(None, "subscriptions-not-captured", id="S3 not captured"),
    ],
)
def test_existence(join: Join, topics: list[str] | None, code: str) -> None:
    files = textbook()
    del files[f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"]
    if topics is not None:
        files[f"{PLACE}/sns-list-topics.json"] = {"Topics": [{"TopicArn": arn} for arn in topics]}
    ((_, _, found),) = faults(join(files))
    assert found == code


@pytest.mark.parametrize("name", ["/ssm-actions", ""])
@pytest.mark.parametrize(
    ("key", "entries", "code"),
    [
        pytest.param(KEY, [action(EARLY, True)], "topic-key-policy-not-captured", id="S7 X1 later ones not shown"),
        pytest.param(
            KEY, [action(EARLY, True), action(LATE, True)], "topic-key-policy-not-captured", id="S7 X1 oldest first"
        ),
        pytest.param(KEY, [action(LATE, True), action(EARLY, True)], "", id="S7 X1 newest first"),
        pytest.param(None, [action(LATE, False), action(EARLY, True)], "topic-action-failed", id="S7 X1 it failed"),
        pytest.param(None, [action(LATE, False)], "alarm-history-contradictory", id="S7 X1 whether it failed last"),
        pytest.param(MANAGED, [action(LATE, True)], "alarm-history-contradictory", id="S7 X1 though its key refuses"),
        pytest.param(MANAGED, [action(EARLY, False)], "topic-key-aws-managed", id="S7 X1 as its key refuses"),
    ],
)
def test_a_history_that_is_cut(join: Join, key: str | None, entries: list[Any], code: str, name: str) -> None:
    cut = history(*entries, name=name, NextToken="more")
    named = {"KmsMasterKeyId": key} if key else {}
    ((_, _, found),) = faults(join(textbook() | attributes(Policy=PUBLISH, **named) | cut))
    assert found == code


def test_a_cut_history_without_actions_asks_nothing(join: Join) -> None:
    assert faults(join(textbook() | history({"Timestamp": LATE, "HistoryItemType": "StateUpdate"}, NextToken="a"))) == [
        ("", "", "")
    ]


REFUSED = "An error occurred (NotFound) when calling the ListSubscriptionsByTopic operation: Topic does not exist"
BY_TOPIC = f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"
GONE: Files = {f"{PLACE}/sns-list-topics.json": {"Topics": []}}
THERE: Files = {f"{PLACE}/sns-list-topics.json": {"Topics": [{"TopicArn": TOPIC}]}}


@pytest.mark.parametrize(
    ("by_topic", "more", "code"),
    [
        pytest.param(None, GONE, "topic-deleted", id="S3 its subscription outlives it"),
        pytest.param(REFUSED, {}, "topic-deleted", id="S3 not found, its subscription outlives it"),
        pytest.param(REFUSED, GONE, "topic-deleted", id="S3 both say so"),
        pytest.param(REFUSED, THERE, "topic-contradictory", id="S3 listed and not found"),
        pytest.param([subscription()], GONE, "topic-contradictory", id="S3 its subscriptions listed, it is not"),
        pytest.param(None, attributes() | GONE, "topic-contradictory", id="S3 its attributes, not listed"),
        pytest.param([subscription()], THERE, "", id="S3 all agree"),
        pytest.param(None, THERE, "", id="S3 listed, subscription by the requester's listing"),
    ],
)
def test_existence_beside_a_subscription(join: Join, by_topic: Any, more: Files, code: str) -> None:
    files = textbook(subscriptions=by_topic if isinstance(by_topic, list) else []) | more
    if by_topic is None:
        del files[BY_TOPIC]
    elif isinstance(by_topic, str):
        files[BY_TOPIC] = by_topic
    files[f"{PLACE}/sns-list-subscriptions.json"] = {"Subscriptions": [subscription()]}
    ((_, _, found),) = faults(join(files))
    assert found == code


ENTRIES: Files = {"Subscriptions": [subscription()]}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param({}, True, id="S3 an entry among subscriptions alone"),
        pytest.param({f"{PLACE}/sns-list-topics.json": {"Topics": [{"TopicArn": TOPIC}]}}, False, id="S3 and a list"),
        pytest.param(
            {f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json": ENTRIES}, False, id="S3 and its own list"
        ),
    ],
)
def test_an_entry_among_subscriptions_may_outlive_its_topic(join: Join, more: Files, told: bool) -> None:
    files = textbook()
    del files[f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"]
    tails = join(files | {f"{PLACE}/sns-list-subscriptions.json": ENTRIES} | more).tails(GROUP)
    points = [(point.code, point.material) for point in tails[0].links[Link.TOPIC].open_points]
    assert (("topic-not-shown", False) in points) is told


def test_s3_a_refusal_that_names_no_topic_deletes_none(join: Join) -> None:
    files = textbook()
    del files[BY_TOPIC]
    files[f"{PLACE}/sns-list-subscriptions-by-topic.json"] = REFUSED
    ((_, _, found),) = faults(join(files))
    assert found == "subscriptions-refused"


def test_v3_attributes_that_differ_decide_nothing(join: Join) -> None:
    again = {f"{PLACE}/again/sns-get-topic-attributes/alerts.json": next(iter(attributes(KmsMasterKeyId=KEY).values()))}
    ((_, _, found),) = faults(join(textbook() | attributes() | again))
    assert found == "topic-attributes-contradictory"


def policy_points(chains: Chains) -> list[tuple[str, bool]]:
    """The open points of the topic links, and whether they are material."""
    return [
        (point.code, point.material) for tail in chains.tails(GROUP) for point in tail.links[Link.TOPIC].open_points
    ]


@pytest.mark.parametrize(
    ("owner", "material"),
    [
        pytest.param(OWNER, False, id="V5 S5 the alarm's own account"),
        pytest.param(OTHER, True, id="V5 S5 another account's topic"),
    ],
)
def test_the_policy_of_another_accounts_topic_is_a_material_open_point(join: Join, owner: str, material: bool) -> None:
    topic = f"arn:aws:sns:us-east-1:{owner}:alerts"
    shown = subscription() | {"TopicArn": topic, "Owner": owner, "SubscriptionArn": f"{topic}:1"}
    folder = f"{owner}/us-east-1"
    files = textbook(alarms=[alarm(AlarmActions=[topic])]) | {
        f"{folder}/sns-list-subscriptions-by-topic/alerts.json": {"Subscriptions": [shown]}
    }
    assert policy_points(join(files)) == [("topic-attributes-not-captured", material)]
    described = {f"{folder}/sns-get-topic-attributes/alerts.json": {"Attributes": {"TopicArn": topic}}}
    assert policy_points(join(files | described)) == [("topic-policy-not-captured", material)]
    everyone = {"TopicArn": topic, "Policy": policy(allow(Resource=topic))}
    cut = files | {next(iter(described)): {"Attributes": everyone}}
    assert policy_points(join(cut)) == [("topic-key-not-shown", False)]
    whole = files | {next(iter(described)): {"Attributes": {**everyone, "Owner": owner, "SubscriptionsConfirmed": "1"}}}
    assert not policy_points(join(whole))


ORGANIZATION = {"Id": "o-a1b2c3d4e5", "MasterAccountId": "999988887777"}
LISTED = {
    "Id": OWNER, "Name": "own", "Status": "ACTIVE",
    "Arn": f"arn:aws:organizations::999988887777:account/o-a1b2c3d4e5/{OWNER}",
}  # fmt: skip
OF_ORGANIZATION = attributes(Policy=policy(allow(Condition={"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}})))


def described_by_itself(organization: str) -> Files:
    return {f"{OWNER}/organizations-describe-organization.json": {"Organization": ORGANIZATION | {"Id": organization}}}


def listed_by_management(*accounts: dict[str, Any]) -> Files:
    return {"999988887777/organizations-list-accounts.json": {"Accounts": list(accounts)}}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({}, "topic-policy-conditions", id="S5 no capture shows the organisation"),
        pytest.param(described_by_itself("o-a1b2c3d4e5"), "", id="S5 the account says it"),
        pytest.param(described_by_itself("o-other00000"), "topic-policy-refuses", id="S5 the account says another"),
        pytest.param(listed_by_management(LISTED), "", id="S5 the organisation lists it"),
        pytest.param(
            listed_by_management(LISTED) | described_by_itself("o-other00000"),
            "topic-policy-conditions",
            id="S5 account and listing differ",
        ),
        pytest.param(
            listed_by_management({**LISTED, "Id": OTHER, "Arn": LISTED["Arn"].replace(OWNER, OTHER)})
            | described_by_itself("o-a1b2c3d4e5"),
            "topic-policy-conditions",
            id="S5 the organisation that it says does not list it",
        ),
    ],
)
def test_s5_the_organisation_of_the_alarms_account(join: Join, more: Files, code: str) -> None:
    ((_, _, found),) = faults(join(textbook() | OF_ORGANIZATION | more))
    assert found == code


def test_s5_the_composite_that_acts_is_the_source(join: Join) -> None:
    above = {
        "AlarmName": "any", "AlarmArn": ALARM.replace("ssm-actions", "any"), "AlarmRule": "ALARM(ssm-actions)",
        "ActionsEnabled": True, "AlarmActions": [TOPIC], "StateValue": "OK",
        "OKActions": [], "InsufficientDataActions": [],
    }  # fmt: skip
    files = textbook(alarms=[alarm(AlarmActions=[])])
    files[f"{PLACE}/cloudwatch-describe-alarms.json"]["CompositeAlarms"] = [above]
    for name, code in (("any", ""), ("ssm-actions", "topic-policy-refuses")):
        acting = allow(Condition={"ArnEquals": {"aws:SourceArn": ALARM.replace("ssm-actions", name)}})
        ((_, _, found),) = faults(join(files | attributes(Policy=policy(acting))))
        assert found == code
