"""T8: whom listings of an organisation show as covered, where they differ, are cut short or leave an account out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import REGION, Files, textbook, trail, write

MANAGEMENT, LOGGING, MEMBER = "111122223333", "222233334444", "333344445555"
TRAIL = trail(MANAGEMENT, IsOrganizationTrail=True)
WHOLE = textbook(MANAGEMENT, trails=[TRAIL])


def listed(account: str, state: str = "ACTIVE", organization: str = "o-abcdefghij") -> dict[str, Any]:
    arn = f"arn:aws:organizations::{MANAGEMENT}:account/{organization}/{account}"
    return {"Id": account, "Arn": arn, "Name": account, "State": state}


def listing(by: str, *accounts: dict[str, Any], **more: Any) -> Files:
    members = [listed(MANAGEMENT), *accounts]
    return {f"{by}/{REGION}/organizations-list-accounts.json": {"Accounts": members, **more}}


def shown(account: str = MEMBER) -> Files:
    return {f"{account}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [TRAIL]}}


def own(organization: str = "o-abcdefghij", management: str = MANAGEMENT, account: str = MEMBER) -> Files:
    """What the member, or another account, says of its organisation."""
    told = {"Id": organization, "MasterAccountId": management, "FeatureSet": "ALL"}
    return {f"{account}/{REGION}/organizations-describe-organization.json": {"Organization": told}}


def two_shown(account: str = MEMBER) -> Files:
    """Organisation trails of two management accounts in an account's own listing."""
    other = trail(LOGGING, IsOrganizationTrail=True)
    return {f"{account}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [TRAIL, other]}}


def empty(region: str = REGION) -> Files:
    return {f"{MEMBER}/{region}/cloudtrail-describe-trails.json": {"trailList": []}}


def judged(folder: Path, files: Files) -> tuple[str, str] | None:
    """Verdict and reason code of the member; None if the population does not hold it."""
    findings = audit(write(WHOLE | files, folder), controls=["ssm-actions"]).document["findings"]
    return next(((f["verdict"], f["reason_code"]) for f in findings if f["account_id"] == MEMBER), None)


def test_t8_a_member_of_another_organisation_that_shows_the_trail(tmp_path: Path) -> None:
    """One organisation lists it as active, and its trails show another's: it is in one of them."""
    arn = f"arn:aws:organizations::{LOGGING}:account/o-0123456789/{MEMBER}"
    other = {f"{LOGGING}/organizations-list-accounts.json": {"Accounts": [listed(MEMBER) | {"Arn": arn}]}}
    assert judged(tmp_path / "own", shown()) == ("PASS", "holds")
    assert judged(tmp_path / "other", shown() | other) == ("INCONCLUSIVE", "trail-of-an-organization-left")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(listing(MANAGEMENT, listed(MEMBER)), "PASS holds", id="T8 one listing"),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, listed(MEMBER)), "PASS holds", id="T8 two that agree"
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, listed(MEMBER, "SUSPENDED")),
            "INCONCLUSIVE trails-not-captured",
            id="T8 two that differ in its state",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, listed(MEMBER, organization="o-0123456789")),
            "INCONCLUSIVE trails-not-captured",
            id="T8 two that differ in its organisation",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER), listed(MEMBER, "SUSPENDED")),
            "INCONCLUSIVE trails-not-captured",
            id="T8 one that contradicts itself",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER) | {"Status": "SUSPENDED"}),
            "INCONCLUSIVE trails-not-captured",
            id="T8 one whose two states differ",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER, "SUSPENDED") | {"Status": "ACTIVE"}),
            "INCONCLUSIVE trails-not-captured",
            id="T8 one whose two states differ, the other way",
        ),
        pytest.param(
            shown() | {"accounts.json": {"Accounts": [listed(MANAGEMENT), listed(MEMBER, "SUSPENDED")]}},
            "INCONCLUSIVE trail-of-an-organization-left",
            id="X9 one in no folder that shows it closed",
        ),
        pytest.param(
            shown() | {"accounts.json": {"Accounts": [listed(MANAGEMENT)]}},
            "INCONCLUSIVE trail-of-an-organization-left",
            id="X9 a whole one in no folder that lacks it",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING),
            "INCONCLUSIVE trails-not-captured",
            id="T8 one that names it and a whole one that does not",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, NextToken="t"),
            "PASS holds",
            id="T8 one that names it and one cut short",
        ),
        pytest.param(listing(MANAGEMENT, listed(MEMBER)) | own(), "PASS holds", id="T8 it says the same itself"),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | own("o-0123456789", LOGGING),
            "INCONCLUSIVE trails-not-captured",
            id="T8 it says itself that it is elsewhere",
        ),
        pytest.param(
            shown() | own("o-0123456789", LOGGING),
            "INCONCLUSIVE trail-of-an-organization-left",
            id="T8 its captures show the trail and another organisation",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | own(account=MANAGEMENT),
            "PASS holds",
            id="T8 the management account says the same itself",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | own("o-0123456789", MANAGEMENT, MANAGEMENT),
            "INCONCLUSIVE trails-not-captured",
            id="T8 the management account names another organisation",
        ),
        pytest.param(
            shown() | own("o-0123456789", LOGGING, MANAGEMENT),
            "INCONCLUSIVE trail-of-an-organization-left",
            id="T8 its captures show the trail of an account that another one manages",
        ),
        pytest.param(
            shown() | own() | own("o-0123456789", MANAGEMENT, MANAGEMENT),
            "INCONCLUSIVE trail-of-an-organization-left",
            id="T8 it and the management account name two organisations",
        ),
        pytest.param(shown() | own(), "PASS holds", id="T8 its captures show the trail and its organisation"),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | two_shown(),
            "INCONCLUSIVE trail-of-an-organization-left",
            id="T6 it shows the trails of two organisations",
        ),
        pytest.param(
            two_shown(), "INCONCLUSIVE trail-of-an-organization-left", id="T6 it shows two, and nobody lists it"
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | two_shown(MANAGEMENT),
            "INCONCLUSIVE trails-not-captured",
            id="T6 the management account shows another organisation's trail",
        ),
        pytest.param(listing(MANAGEMENT, listed(MEMBER, "SUSPENDED")), None, id="T8 suspended: outside the population"),
        pytest.param(listing(MANAGEMENT) | shown(), "INCONCLUSIVE trail-of-an-organization-left", id="T8 left"),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | shown(), "PASS holds", id="T8 listed and its own captures show it"
        ),
        pytest.param(listing(MANAGEMENT, NextToken="t") | shown(), "PASS holds", id="T8 a listing cut short"),
        pytest.param(shown(), "PASS holds", id="T8 no listing"),
    ],
)
def test_member(tmp_path: Path, files: Files, expected: str | None) -> None:
    found = judged(tmp_path, files)
    assert (found and " ".join(found)) == expected


@pytest.mark.parametrize(
    "spoilt", [{"Status": 7}, {"Id": None}, {"Id": "3333-4444-5555"}], ids=["T8 state", "T8 no id", "T8 id in groups"]
)
@pytest.mark.parametrize(
    ("organization", "verdict"), [("o-0123456789", "INCONCLUSIVE"), ("o-abcdefghij", "PASS")], ids=["other", "own"]
)
def test_t8_an_unusable_entry_still_says_by_its_arn_that_an_account_is_in_another_organisation(
    tmp_path: Path, spoilt: dict[str, Any], organization: str, verdict: str
) -> None:
    other = listing(LOGGING, listed(MEMBER, organization=organization) | spoilt)
    judgement = judged(tmp_path, listing(MANAGEMENT, listed(MEMBER)) | other)
    assert judgement is not None
    assert judgement[0] == verdict


def test_x5_an_account_whose_id_contradicts_its_arn_covers_nobody(tmp_path: Path) -> None:
    wrong = listed(LOGGING) | {"Id": MEMBER}
    assert judged(tmp_path, listing(MANAGEMENT, wrong)) == ("INCONCLUSIVE", "trails-not-captured")


@pytest.mark.parametrize(
    ("trails", "listings", "expected"),
    [
        pytest.param(b"", {}, ("INCONCLUSIVE", []), id="T8 unusable"),
        pytest.param(b"", listing(LOGGING), ("PASS", []), id="T8 unusable, and a listing of accounts"),
        pytest.param(
            {"trailList": []}, {}, ("PASS", ["trail-not-shown-in-member"]), id="T2 a whole listing without it"
        ),
    ],
)
def test_t8_without_a_listing_an_owner_is_served_by_what_it_answers_itself(
    tmp_path: Path, trails: bytes | dict[str, Any], listings: Files, expected: tuple[str, list[str]]
) -> None:
    """Less of its evidence never makes its report cleaner (V3)."""
    files = WHOLE | shown() | {f"{MANAGEMENT}/{REGION}/cloudtrail-describe-trails.json": trails} | listings
    findings = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    (owner,) = [finding for finding in findings if finding["account_id"] == MANAGEMENT]
    assert (owner["verdict"], [one["code"] for one in owner["open_points"] if one["material"]]) == expected


@pytest.mark.parametrize("region", [REGION, "eu-west-1"])
def test_t2_an_organisation_trail_that_the_listing_implies_stands_though_the_member_shows_none(
    tmp_path: Path, region: str
) -> None:
    files = WHOLE | listing(MANAGEMENT, listed(MEMBER)) | empty(region)
    bundle = write(files, tmp_path / "bundle")
    for strict, verdict in ((False, "PASS"), (True, "INCONCLUSIVE")):
        findings = audit(bundle, controls=["ssm-actions"], strict=strict).document["findings"]
        (found,) = [one for one in findings if one["account_id"] == MEMBER]
        assert found["verdict"] == verdict
    (point,) = [one for one in found["open_points"] if one["material"]]
    assert point["code"] == "trail-not-shown-in-member"


@pytest.mark.parametrize(
    ("own", "material"),
    [
        pytest.param(None, False, id="T8 nothing was captured of it"),
        pytest.param("", False, id="X5 an empty file"),
        pytest.param({"trailList": []}, True, id="T2 a whole listing without it"),
        pytest.param("| Name | main |", True, id="X9 one that cannot be read"),
        pytest.param({"trailList": [{"Name": 7}]}, True, id="X9 one with something that cannot be read"),
    ],
)
def test_t8_what_a_members_own_listing_does_not_surely_show_is_material(
    tmp_path: Path, own: Any, material: bool
) -> None:
    """The worse its evidence, the worse its report, never the cleaner (X9)."""
    told = {} if own is None else {f"{MEMBER}/{REGION}/cloudtrail-describe-trails.json": own}
    bundle = write(WHOLE | listing(MANAGEMENT, listed(MEMBER)) | told, tmp_path / "bundle")
    for strict, verdict in ((False, "PASS"), (True, "INCONCLUSIVE" if material else "PASS")):
        findings = audit(bundle, controls=["ssm-actions"], strict=strict).document["findings"]
        assert [one["verdict"] for one in findings if one["account_id"] == MEMBER] == [verdict]


def test_t3_v5_who_is_only_listed_rests_on_what_the_owner_does_not_show(tmp_path: Path) -> None:
    """T8: nobody is covered more surely by a chain than the accounts that it is shown to."""
    other = "444455556666"
    owners = {f"{MANAGEMENT}/{REGION}/cloudtrail-describe-trails.json": {"trailList": []}}
    files = WHOLE | listing(MANAGEMENT, listed(MEMBER), listed(other)) | shown(other) | owners
    findings = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    points = {
        one["account_id"]: [point["code"] for point in one["open_points"] if point["material"]] for one in findings
    }
    assert points[MEMBER] == points[other] == ["trail-not-shown-by-owner"]


def test_t2_without_a_listing_an_empty_answer_shows_that_no_organisation_trail_serves_the_account(
    tmp_path: Path,
) -> None:
    assert judged(tmp_path, empty()) == ("FAIL", "no-trail")


def test_t8_a_narrowed_answer_of_the_member_proves_nothing_against_the_listing(tmp_path: Path) -> None:
    (file,) = empty()
    narrowed = {
        "file": file, "call": "cloudtrail:DescribeTrails", "account_id": MEMBER, "region": REGION,
        "arguments": ["--no-include-shadow-trails"], "exit_code": 0,
    }  # fmt: skip
    files = listing(MANAGEMENT, listed(MEMBER)) | empty() | {"captures.json": {"captures": [narrowed]}}
    assert judged(tmp_path, files) == ("PASS", "holds")


def test_t3_the_order_of_copies_that_contradict_each_other_changes_no_reason(tmp_path: Path) -> None:
    copies = [{"trailList": [TRAIL]}, {"trailList": [TRAIL | {"IsOrganizationTrail": False}]}]
    shadow = {f"{MANAGEMENT}/eu-west-1/cloudtrail-describe-trails.json": {"trailList": [TRAIL]}}
    names = [f"{MANAGEMENT}/{REGION}/{folder}cloudtrail-describe-trails.json" for folder in ("", "again/")]
    found = []
    for number, order in enumerate((copies, copies[::-1])):
        files = listing(MANAGEMENT, listed(MEMBER)) | shadow | dict(zip(names, order, strict=True))
        document = audit(write(WHOLE | files, tmp_path / str(number)), controls=["ssm-actions"]).document
        found.append([(one["account_id"], one["verdict"], one["reason_code"]) for one in document["findings"]])
    assert found[0] == found[1]
    assert {verdict for _, verdict, _ in found[0]} == {"INCONCLUSIVE"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {f"{MEMBER}/{REGION}/cloudtrail-describe-trails.json": "An error"},
            ("INCONCLUSIVE", "trails-unusable"),
            id="X9 nothing of an account can be read",
        ),
        pytest.param({f"{MEMBER[:-1]}/{REGION}/notes.txt": "x"}, None, id="X9 eleven digits are no account"),
    ],
)
def test_what_was_handed_in_has_a_finding(tmp_path: Path, files: Files, expected: tuple[str, str] | None) -> None:
    own_trail = textbook(MANAGEMENT)
    findings = audit(write(own_trail | files, tmp_path), controls=["ssm-actions"]).document["findings"]
    others = [(f["verdict"], f["reason_code"]) for f in findings if f["account_id"] != MANAGEMENT]
    assert others == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("caller", "others"),
    [
        pytest.param(MANAGEMENT, [], id="X9 another account asked about a topic"),
        pytest.param(MEMBER, [MEMBER], id="X9 an account asked about its topic"),
    ],
)
def test_who_is_only_asked_about_was_not_handed_in(tmp_path: Path, caller: str, others: list[str]) -> None:
    """Else the owner of a central topic, of whom nothing was promised, would have findings of its own."""
    topic = f"arn:aws:sns:{REGION}:{MEMBER}:central"
    file = f"{MANAGEMENT}/{REGION}/sns-list-subscriptions-by-topic/central.err"
    said = "An error occurred (AuthorizationError) when calling the ListSubscriptionsByTopic operation: not authorized"
    entry = {
        "file": file, "call": "sns:ListSubscriptionsByTopic", "account_id": caller, "region": REGION,
        "topic_arn": topic, "caller_arn": f"arn:aws:iam::{caller}:user/Ada", "exit_code": 254,
        "error_code": "AuthorizationError",
    }  # fmt: skip
    files = textbook(MANAGEMENT) | {file: said, "captures.json": {"captures": [entry]}}
    document = audit(write(files, tmp_path), controls=["ssm-actions"]).document
    assert [one["account_id"] for one in document["findings"] if one["account_id"] != MANAGEMENT] == others
    assert [one["account_id"] for one in document["captures"] if one["file"].endswith(file)] == [MEMBER]
