"""Rules T12, X7, N4: what is named after a resource, in whatever spelling, and what is nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.verdict import State
from tests.chains.chain import PLACE, Join, faults
from tests.textbook import ACCOUNT, REGION, Files, subscription, textbook, trail

ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
OFF, ON = {"IsLogging": False}, {"IsLogging": True}
UNDELIVERED = {"IsLogging": True, "LatestCloudWatchLogsDeliveryError": "Access denied"}
NOBODY = "trail-status-contradictory"
FOLDER = "cloudtrail-get-trail-status"

# Names under which the status of trail main lies beside that of trail second.
NAMES_OF_MAIN = [
    f"{FOLDER}/main.json",
    f"{FOLDER}/main",
    f"{FOLDER}/main.JSON",
    f"{FOLDER}/main.json.txt",
    f"{FOLDER}/main.txt.json",
    f"{FOLDER}/Main.json",
    f"{FOLDER}/MAIN.JSON",
    f"{FOLDER}/main (1).json",
    f"{FOLDER}/main(2).json",
    f"{FOLDER}/Main (1).json",
    f"{FOLDER}/main - Copy.json",
    f"{FOLDER}/main - Copy (2).json",
    f"{FOLDER}/main - Kopie.json",
    f"{FOLDER}/main copy.json",
    f"{FOLDER}/main copy 2.json",
    f"{FOLDER}/main 2.json",
    f"{FOLDER}/Copy of main.json",
    f"{FOLDER}/main (conflicted copy 2026-09-30).json",
    f"{FOLDER}/main.json~",
    f"{FOLDER}/main.json.bak",
    f"{FOLDER}/arn%3Aaws%3Acloudtrail%3A{REGION}%3A{ACCOUNT}%3Atrail%2Fmain.json",
    f"{FOLDER}/arn_aws_cloudtrail_{REGION}_{ACCOUNT}_trail_main.json",
    f"{FOLDER}/arn-aws-cloudtrail-{REGION}-{ACCOUNT}-trail-main.json",
    f"{FOLDER}/trail_main.json",
    "get-trail-status/main.json",
    "GetTrailStatus/main.json",
    "get_trail_status/main.json",
    "trail-status/main.json",
    f"{FOLDER}/{REGION}/main.json",
    f"{FOLDER}-main.json",
    f"{FOLDER}_main.json",
    "get-trail-status main.json",
]
NOBODYS = [
    f"{FOLDER}/status-main.json",
    f"{FOLDER}/first.json",
    f"{FOLDER}/main2.json",
    f"{FOLDER}/1.json",
    f"{FOLDER}.json",
    "status-main.json",
    "trail.json",
]


def codes(join: Join, files: Files) -> dict[str, str]:
    """The first code that is not ok of the trail and log group links, by trail."""
    found = join(files).paths(ACCOUNT, (REGION,))
    return {
        path.name: next(
            (link.code for link in (path.trail_link, path.log_group_link) if link.state is not State.OK), ""
        )
        for path in found
    }


def two_trails(more: Files) -> Files:
    return textbook(trails=[trail(), trail(name="second")]) | {f"{PLACE}/{name}": told for name, told in more.items()}


@pytest.mark.parametrize("name", NAMES_OF_MAIN)
def test_a_name_that_fits_one_trail_is_its(join: Join, name: str) -> None:
    assert codes(join, two_trails({name: OFF})) == {"main": "trail-not-logging", "second": ""}


@pytest.mark.parametrize("answer", [OFF, UNDELIVERED, {"IsLogging": "no"}], ids=["off", "undelivered", "no boolean"])
@pytest.mark.parametrize("name", NOBODYS)
def test_what_is_nobodys_and_bad_may_be_of_any_trail(join: Join, name: str, answer: dict[str, Any]) -> None:
    assert codes(join, two_trails({name: answer})) == {"main": NOBODY, "second": NOBODY}


def test_the_folder_of_the_call_may_lie_above_those_of_the_place(join: Join) -> None:
    status = {f"{FOLDER}/{ACCOUNT}/{REGION}/main.json": OFF}
    assert codes(join, textbook(trails=[trail(), trail(name="second")]) | status) == {
        "main": "trail-not-logging",
        "second": "",
    }


@pytest.mark.parametrize("name", NOBODYS)
def test_what_is_nobodys_and_good_proves_nothing(join: Join, name: str) -> None:
    chains = join(two_trails({name: ON}))
    points = [path.trail_link.open_points for path in chains.paths(ACCOUNT, (REGION,))]
    assert [[point.code for point in some] for some in points] == [["trail-status-not-captured"]] * 2


def test_what_is_nobodys_does_not_mend_what_is_named(join: Join) -> None:
    files = two_trails({f"{FOLDER}/main.json": OFF, f"{FOLDER}/status-main.json": ON})
    assert codes(join, files) == {"main": "trail-not-logging", "second": ""}


def test_what_is_nobodys_throws_doubt_on_what_is_named(join: Join) -> None:
    files = two_trails({f"{FOLDER}/main.json": ON, f"{FOLDER}/second.json": ON, f"{FOLDER}/status-main.json": OFF})
    assert codes(join, files) == {"main": NOBODY, "second": NOBODY}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Main", {"main": "", "Main": "trail-not-logging"}), ("MAIN", {"main": NOBODY, "Main": NOBODY})],
)
def test_two_trails_whose_names_differ_in_case(join: Join, name: str, expected: dict[str, str]) -> None:
    files = textbook(trails=[trail(), trail(name="Main")])
    assert codes(join, files | {f"{PLACE}/{FOLDER}/{name}.json": OFF}) == expected


@pytest.mark.parametrize("path", ["misc/status-main.json", f"{ACCOUNT}/status.json", f"{ACCOUNT}/misc/off.json"])
def test_what_lies_nowhere_may_be_of_any_trail(join: Join, path: str) -> None:
    other = textbook("444455556666")  # so that nothing beside the file says whose it is
    assert codes(join, textbook() | other | {path: OFF})["main"] == NOBODY


@pytest.mark.parametrize("place", [f"444455556666/{REGION}", f"{ACCOUNT}/eu-west-1"])
def test_what_lies_elsewhere_is_of_others(join: Join, place: str) -> None:
    assert codes(join, textbook() | {f"{place}/status-main.json": OFF}) == {"main": ""}


EMPTY: dict[str, Any] = {"Subscriptions": []}
BY_TOPIC = "sns-list-subscriptions-by-topic"


def without_listing(more: Files) -> Files:
    files = textbook()
    del files[f"{PLACE}/{BY_TOPIC}/alerts.json"]
    return files | {f"{PLACE}/{name}": told for name, told in more.items()}


@pytest.mark.parametrize(
    "name",
    [
        "alerts.json",
        "Alerts.JSON",
        "alerts.json.txt",
        "alerts (1).json",
        f"arn_aws_sns_{REGION}_{ACCOUNT}_alerts.json",
        f"arn%3Aaws%3Asns%3A{REGION}%3A{ACCOUNT}%3Aalerts.json",
    ],
)
def test_n4_an_empty_listing_that_names_the_topic(join: Join, name: str) -> None:
    found = faults(join(without_listing({f"{BY_TOPIC}/{name}": EMPTY})))
    assert found == [("subscription", "broken", "no-subscription")]


@pytest.mark.parametrize("name", [f"{BY_TOPIC}.json", f"{BY_TOPIC}/topic-alerts.json", f"{BY_TOPIC}/new (a) b.json"])
def test_n4_an_empty_listing_that_is_nobodys_throws_doubt(join: Join, name: str) -> None:
    found = faults(join(textbook() | {f"{PLACE}/{name}": EMPTY}))
    assert found == [("subscription", "unknown", "subscriptions-contradictory")]


def test_n4_an_empty_listing_of_another_topic_does_not(join: Join) -> None:
    found = faults(join(textbook() | {f"{PLACE}/{BY_TOPIC}/billing.json": EMPTY}))
    assert found == [("", "", "")]


def test_n4_a_listing_that_is_nobodys_mends_nothing(join: Join) -> None:
    pending = {"Subscriptions": [subscription(SubscriptionArn="PendingConfirmation")]}
    files = textbook() | {f"{PLACE}/{BY_TOPIC}/alerts.json": pending, f"{PLACE}/{BY_TOPIC}.json": EMPTY}
    assert faults(join(files)) == [("subscription", "broken", "subscription-pending")]


def key_policy(allowed: bool) -> dict[str, str]:
    principal = "cloudwatch.amazonaws.com" if allowed else "events.amazonaws.com"
    return {
        "Policy": f'''{{"Statement": [{{"Effect": "Allow", "Principal": {{"Service": "{principal}"}},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}}]}}'''
    }


@pytest.mark.parametrize(
    ("name", "allowed", "fault"),
    [
        ("kms-get-key-policy/new file (x) y.json", False, "topic-key-contradictory"),
        ("kms-get-key-policy.json", False, "topic-key-contradictory"),
        ("kms-get-key-policy.json", True, ""),
        ("kms-get-key-policy/another-key.json", False, "topic-key-contradictory"),
        ("kms-get-key-policy/0a1b2c3d-12ab-34cd-56ef-1234567890ab.json", False, ""),
        ("kms-get-key-policy/mrk-0123456789abcdef0123456789abcdef.json", False, ""),
    ],
)
def test_s4_a_key_policy_that_is_nobodys(join: Join, name: str, allowed: bool, fault: str) -> None:
    files = textbook() | {
        f"{PLACE}/sns-get-topic-attributes/alerts.json": {
            "Attributes": {"TopicArn": TOPIC, "Owner": ACCOUNT, "KmsMasterKeyId": "1234"}
        },
        f"{PLACE}/kms-get-key-policy/1234.json": key_policy(True),
    }
    assert [code for _, _, code in faults(join(files))] == [""]
    assert [code for _, _, code in faults(join(files | {f"{PLACE}/{name}": key_policy(allowed)}))] == [fault]
