"""Rules T10, T11 for the controls on global services: in which regions their events must be heard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.arn import partition_of
from auditor.catalogue import Event, default_regions, load_controls
from auditor.judgement.calls import heard_in, parts_of, regions_heard
from auditor.result import Finding
from tests.textbook import ACCOUNT, Files, alarm, metric_filter, textbook, trail, write

IAM = "iam-policy-changes"
SIGN_IN = ("console-signin-without-mfa", "console-auth-failures")
CONTROLS = load_controls(None)


def single(control: str, region: str, **changes: Any) -> Files:
    """A whole chain for a control behind a trail of one region."""
    pattern = CONTROLS[control].variants["default"].patterns[0].pattern
    files = textbook(
        region=region,
        trails=[trail(region=region, IsMultiRegionTrail=False, **changes)],
        filters=[metric_filter(pattern)],
        alarms=[alarm(region=region)],
    )
    moved: Files = json.loads(json.dumps(files).replace("arn:aws:", f"arn:{partition_of(region)}:"))
    return moved


def none_in(region: str) -> Files:
    return {f"{ACCOUNT}/{region}/cloudtrail-describe-trails.json": {"trailList": []}}


def judged(folder: Path, files: Files, control: str, regions: str = "") -> Finding:
    scope = folder / "scope.csv"
    scope.write_text(f"account_id,regions\n{ACCOUNT},{regions}\n", encoding="utf-8")
    result = audit(write(files, folder / "bundle"), controls=[control], scope=scope if regions else None)
    (finding,) = [finding for finding in result.document["findings"] if finding["account_id"] == ACCOUNT]
    return finding


def event(source: str, *, global_service: bool = True) -> Event:
    return Event(source=source, name="X", read_only=False, global_service=global_service, certainty="certain")


@pytest.mark.parametrize(
    ("source", "regions", "expected"),
    [
        pytest.param("iam.amazonaws.com", ["eu-west-1", "us-east-1"], ["us-east-1"], id="T11 IAM"),
        pytest.param("iam.amazonaws.com", ["eu-west-1"], ["us-east-1"], id="T11 IAM, leading region out of scope"),
        pytest.param("iam.amazonaws.com", ["us-gov-east-1"], ["us-gov-west-1"], id="T11 GovCloud"),
        pytest.param("iam.amazonaws.com", ["cn-northwest-1"], ["cn-north-1"], id="T11 IAM in China"),
        pytest.param(
            "organizations.amazonaws.com", ["cn-north-1"], ["cn-northwest-1"], id="T11 Organizations in China"
        ),
        pytest.param("*", ["cn-north-1"], ["cn-north-1", "cn-northwest-1"], id="T11 any call in China"),
        pytest.param("signin.amazonaws.com", ["eu-west-1"], ["eu-west-1", "us-east-1"], id="T11 sign-in"),
        pytest.param("iam.amazonaws.com", ["us-iso-east-1"], ["us-iso-east-1"], id="T11 a partition not known"),
    ],
)
def test_where_an_event_must_be_heard(source: str, regions: list[str], expected: list[str]) -> None:
    assert sorted(regions_heard((event(source),), tuple(regions))) == expected


def test_t10_a_regional_event_must_be_heard_in_every_required_region() -> None:
    assert regions_heard((event("ec2.amazonaws.com", global_service=False),), ("eu-west-1",)) == ("eu-west-1",)


def test_t11_a_trail_of_the_leading_region_hears_iam(tmp_path: Path) -> None:
    files = single(IAM, "us-east-1") | none_in("eu-west-1")
    assert judged(tmp_path, files, IAM)["verdict"] == "PASS"


def test_t11_a_trail_of_another_region_does_not(tmp_path: Path) -> None:
    files = single(IAM, "eu-west-1") | none_in("us-east-1")
    assert judged(tmp_path, files, IAM)["reason_code"] == "no-trail-in-region"


def test_t11_global_events_left_out(tmp_path: Path) -> None:
    finding = judged(tmp_path, single(IAM, "us-east-1", IncludeGlobalServiceEvents=False), IAM)
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "global-events-lost")


@pytest.mark.parametrize("control", [IAM, "organizations-changes", "unauthorized-api-calls", *SIGN_IN])
def test_t11_a_scope_without_the_leading_region_brings_its_events_to_no_other(tmp_path: Path, control: str) -> None:
    finding = judged(tmp_path, single(control, "eu-west-1"), control, "eu-west-1")
    assert (finding["verdict"], finding["regions"]) == ("INCONCLUSIVE", ["us-east-1"])
    assert finding["settles"] == ["aws cloudtrail describe-trails --region us-east-1 --output json"]


def test_t11_the_leading_region_suffices_though_the_scope_leaves_it_out(tmp_path: Path) -> None:
    assert judged(tmp_path, single(IAM, "us-east-1"), IAM, "eu-west-1")["verdict"] == "PASS"


@pytest.mark.parametrize("control", SIGN_IN)
def test_t11_sign_ins_by_a_regional_endpoint_are_heard_in_their_region_only(tmp_path: Path, control: str) -> None:
    finding = judged(tmp_path, single(control, "us-east-1") | none_in("us-east-2"), control)
    assert (finding["verdict"], finding["regions"]) == ("FAIL", ["us-east-2"])


@pytest.mark.parametrize(
    ("control", "region", "expected"),
    [
        (IAM, "cn-north-1", "PASS"),
        (IAM, "cn-northwest-1", "FAIL"),
        ("organizations-changes", "cn-northwest-1", "PASS"),
        ("organizations-changes", "cn-north-1", "FAIL"),
    ],
)
def test_t11_each_global_service_in_china_has_its_own_region(
    tmp_path: Path, control: str, region: str, expected: str
) -> None:
    other = {"cn-north-1": "cn-northwest-1", "cn-northwest-1": "cn-north-1"}[region]
    assert judged(tmp_path, single(control, region) | none_in(other), control)["verdict"] == expected


ISO, OTHER_ISO = "us-iso-west-1", "us-iso-east-1"
NOT_KNOWN = ("INCONCLUSIVE", "leading-region-not-known")


@pytest.mark.parametrize(
    ("files", "control", "expected"),
    [
        pytest.param(single(IAM, ISO), IAM, NOT_KNOWN, id="T11 one region"),
        pytest.param(single("organizations-changes", ISO), "organizations-changes", NOT_KNOWN, id="T11 Organizations"),
        pytest.param(single("root-usage", ISO), "root-usage", NOT_KNOWN, id="T11 any call"),
        pytest.param(single(SIGN_IN[0], ISO), SIGN_IN[0], NOT_KNOWN, id="T11 sign-ins, of any region"),
        pytest.param(
            single(SIGN_IN[0], ISO) | none_in(OTHER_ISO), SIGN_IN[0], ("FAIL", "no-trail-in-region"),
            id="T11 sign-ins of IAM users are recorded in each",
        ),
        pytest.param(single(IAM, ISO) | none_in(OTHER_ISO), IAM, NOT_KNOWN, id="T11 either may lead"),
        pytest.param(single(IAM, ISO) | single(IAM, OTHER_ISO), IAM, NOT_KNOWN, id="V3 or a third"),
        pytest.param(none_in(ISO), IAM, NOT_KNOWN, id="V3 a trail elsewhere"),
        pytest.param(single("ssm-actions", ISO), "ssm-actions", ("PASS", "holds"), id="T10 a regional event"),
        pytest.param(none_in(ISO), "ssm-actions", ("FAIL", "no-trail"), id="T2 a regional event"),
    ],
)  # fmt: skip
def test_v3_the_leading_region_of_a_partition_is_not_known(
    tmp_path: Path, files: Files, control: str, expected: tuple[str, str]
) -> None:
    finding = judged(tmp_path, files, control)
    assert (finding["verdict"], finding["reason_code"]) == expected
    if expected == NOT_KNOWN:
        assert finding["broken_link"] == "trail"
        assert [command.split("--")[0].strip() for command in finding["settles"]] == ["aws account list-regions"]


def test_v3_a_listing_of_regions_says_which_may_lead(tmp_path: Path) -> None:
    files = single(IAM, ISO) | regions_of(ACCOUNT, ISO, OTHER_ISO)
    finding = judged(tmp_path, files, IAM, ISO)  # whatever the scope leaves out
    assert (finding["verdict"], finding["reason_code"]) == NOT_KNOWN
    assert finding["settles"] == [f"aws cloudtrail describe-trails --region {OTHER_ISO} --output json"]
    (tmp_path / "both").mkdir()
    assert judged(tmp_path / "both", files | single(IAM, OTHER_ISO), IAM)["verdict"] == "PASS"
    (tmp_path / "none").mkdir()
    lost = single(IAM, ISO, IncludeGlobalServiceEvents=False) | none_in(OTHER_ISO) | regions_of(ACCOUNT, ISO, OTHER_ISO)
    assert judged(tmp_path / "none", lost, IAM)["verdict"] == "FAIL"


@pytest.mark.parametrize("partition", ["aws-iso", "aws-elsewhere"])
def test_x9_a_member_of_such_a_partition_of_whom_nothing_was_captured(tmp_path: Path, partition: str) -> None:
    arn = f"arn:{partition}:organizations::{ACCOUNT}:account/o-abcdefghij/444455556666"
    files = single(IAM, ISO)
    files[f"{ACCOUNT}/{ISO}/organizations-list-accounts.json"] = {
        "Accounts": [{"Id": "444455556666", "State": "ACTIVE", "Arn": arn}]
    }
    document = audit(write(files, tmp_path / "bundle"), controls=[IAM]).document
    assert {one["account_id"]: one["verdict"] for one in document["findings"]}["444455556666"] == "INCONCLUSIVE"


def test_t11_the_root_user_signs_in_at_the_leading_region(tmp_path: Path) -> None:
    parts = parts_of(CONTROLS["root-usage"].events, ())
    assert heard_in(parts[-1], parts, ("eu-west-1", "us-east-1")) == ("us-east-1",)
    files = single("root-usage", "us-east-1") | single("root-usage", "eu-west-1", IncludeGlobalServiceEvents=False)
    regions = "us-east-1 eu-west-1"
    assert judged(tmp_path, files, "root-usage", regions)["verdict"] == "PASS"
    (tmp_path / "other").mkdir()
    files = single("root-usage", "us-east-1", IncludeGlobalServiceEvents=False) | single("root-usage", "eu-west-1")
    assert judged(tmp_path / "other", files, "root-usage", regions)["reason_code"] == "global-events-lost"


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        pytest.param({"IncludeGlobalServiceEvents": True}, "PASS", "holds", id="T11 said"),
        pytest.param({"IncludeGlobalServiceEvents": False}, "FAIL", "global-events-lost", id="T11 switched off"),
        pytest.param(
            {"IncludeGlobalServiceEvents": None}, "INCONCLUSIVE", "global-events-not-shown", id="T11 not said"
        ),
        pytest.param(
            {"IncludeGlobalServiceEvents": None, "IsMultiRegionTrail": True},
            "PASS",
            "holds",
            id="T11 not said of a multi-region trail, which always has them",
        ),
    ],
)
def test_whether_a_trail_has_the_events_of_global_services(
    tmp_path: Path, changes: dict[str, Any], verdict: str, code: str
) -> None:
    files = single(IAM, "us-east-1")
    files[f"{ACCOUNT}/us-east-1/cloudtrail-describe-trails.json"] = {
        "trailList": [trail(**({"IsMultiRegionTrail": False} | changes))]
    }
    found = judged(tmp_path, files, IAM, "us-east-1")
    assert (found["verdict"], found["reason_code"]) == (verdict, code)


def test_t11_a_regional_event_does_not_ask_for_those_of_global_services(tmp_path: Path) -> None:
    files = single("ssm-actions", "us-east-1", IncludeGlobalServiceEvents=None)
    assert judged(tmp_path, files, "ssm-actions", "us-east-1")["verdict"] == "PASS"


def regions_of(account: str, *names: str, call: str = "account-list-regions") -> Files:
    item = (
        {"RegionOptStatus": "ENABLED"} if call.startswith("account") else {"OptInStatus": "opted-in", "Endpoint": "e"}
    )
    return {f"{account}/{call}.json": {"Regions": [{"RegionName": name} | item for name in names]}}


def in_every_default_region(control: str) -> Files:
    files: Files = {}
    for region in default_regions("aws"):
        files |= single(control, region)
    return files


SINGLE_REGION_CASES = [
    pytest.param("ssm-actions", {}, "", 1, id="T10 nothing says which regions are on"),
    pytest.param("console-auth-failures", {}, "", 1, id="T10 T11 sign-ins happen in any"),
    pytest.param("root-usage", {}, "", 1, id="T10 so does any call"),
    pytest.param(IAM, {}, "", 0, id="T10 T11 calls of IAM in the leading one alone"),
    pytest.param("ssm-actions", {}, "us-east-1 eu-west-1", 0, id="T10 a scope file says it"),
    pytest.param("ssm-actions", regions_of(ACCOUNT, *default_regions("aws")), "", 0, id="T10 so does the account"),
    pytest.param(
        "ssm-actions", regions_of(ACCOUNT, *default_regions("aws"), call="ec2-describe-regions"), "", 0,
        id="T10 that of EC2 does",
    ),
    pytest.param(
        "ssm-actions", regions_of("999988887777", *default_regions("aws")), "", 1, id="T10 another account's does not"
    ),
    pytest.param(
        "ssm-actions",
        {f"{ACCOUNT}/account-list-regions.json":
            {"Regions": [{"RegionName": "us-east-1", "RegionOptStatus": "ENABLED"}], "NextToken": "more"}},
        "", 1, id="T10 nor does one whose pages are missing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("control", "more", "regions", "points"), SINGLE_REGION_CASES)
def test_where_single_region_trails_alone_serve(
    tmp_path: Path, control: str, more: Files, regions: str, points: int
) -> None:
    finding = judged(tmp_path, in_every_default_region(control) | more, control, regions)
    assert finding["verdict"] == "PASS"
    codes = [(point["code"], point["material"]) for point in finding["open_points"]]
    assert codes.count(("regions-not-shown", True)) == points


def test_t10_beside_a_whole_chain_of_a_multi_region_trail_it_matters_to_nobody(tmp_path: Path) -> None:
    files = textbook(trails=[trail(), trail(name="single", IsMultiRegionTrail=False)])
    finding = judged(tmp_path, files, "ssm-actions")
    assert "regions-not-shown" not in [point["code"] for point in finding["open_points"]]


def test_t10_strict_does_not_take_it_for_granted(tmp_path: Path) -> None:
    bundle = write(in_every_default_region("ssm-actions"), tmp_path / "bundle")
    (finding,) = audit(bundle, controls=["ssm-actions"], strict=True).document["findings"]
    assert (finding["verdict"], finding["reason_code"]) == ("INCONCLUSIVE", "regions-not-shown")
    (command,) = finding["settles"]
    assert command.startswith("aws account list-regions --region-opt-status-contains ENABLED ENABLED_BY_DEFAULT ")


def test_t10_v3_strict_or_not_a_trail_that_is_off_breaks_its_region(tmp_path: Path) -> None:
    stopped = {f"{ACCOUNT}/eu-west-1/cloudtrail-get-trail-status/main.json": {"IsLogging": False}}
    bundle = write(in_every_default_region("ssm-actions") | stopped, tmp_path / "bundle")
    (finding,) = audit(bundle, controls=["ssm-actions"], strict=True).document["findings"]
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "trail-not-logging")
