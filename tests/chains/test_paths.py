"""Rules T1–T3, T6–T8, T10–T13, T18: which trails serve an account, in which regions, and what their status says."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.chains import TrailPath, takes
from auditor.verdict import State
from tests.chains.chain import PLACE, Audit, Join
from tests.textbook import ACCOUNT, REGION, Files, textbook, trail

MEMBER, MANAGEMENT = "444455556666", "999988887777"
ELSEWHERE = "eu-west-1"
SSM = "ssm.amazonaws.com"
EPOCH = 1_795_560_385


def told(path: TrailPath) -> tuple[str, str, str]:
    """The name of a path's trail, the state of its trail link and the first code of trail and log group."""
    links = (path.trail_link, path.log_group_link)
    code = next((link.code for link in links if link.state is not State.OK), "")
    return path.name, path.trail_link.state.value, code


def paths(join: Join, files: Files, *regions: str, account: str = ACCOUNT) -> list[TrailPath]:
    return join(files).paths(account, regions or (REGION,))


def organisation(*members: str, state: str = "ACTIVE") -> Files:
    items = [
        {
            "Id": member,
            "Name": member,
            "Status": state,
            "Arn": f"arn:aws:organizations::{MANAGEMENT}:account/o-abcdefghij/{member}",
        }
        for member in members
    ]
    return {f"{MANAGEMENT}/organizations-list-accounts.json": {"Accounts": items}}


def central_trail(**changes: Any) -> dict[str, Any]:
    return trail(MANAGEMENT, **({"IsOrganizationTrail": True} | changes))


def test_t1_one_answer_holds_all_trails(join: Join) -> None:
    found = paths(join, textbook(trails=[trail(), trail(name="second")]))
    assert [path.name for path in found] == ["main", "second"]


def test_t1_no_gap_beside_a_whole_answer(join: Join) -> None:
    assert not any(path.gap for path in paths(join, textbook()))


def test_t2_an_empty_list_from_one_region_leaves_no_multi_region_gap(join: Join) -> None:
    found = paths(join, textbook(trails=[]), REGION, ELSEWHERE)
    assert [(path.gap, path.regions) for path in found] == [(True, frozenset({ELSEWHERE}))]


def test_t2_no_answer_at_all_could_hold_a_trail_for_every_region(join: Join) -> None:
    files = textbook()
    del files[f"{PLACE}/cloudtrail-describe-trails.json"]
    assert [(path.gap, path.regions) for path in paths(join, files)] == [(True, None)]


def test_t3_copies_in_other_regions_are_the_same_trail(join: Join) -> None:
    files = textbook()
    files[f"{ACCOUNT}/{ELSEWHERE}/cloudtrail-describe-trails.json"] = {"trailList": [trail()]}
    assert [told(path) for path in paths(join, files, REGION, ELSEWHERE)] == [("main", "ok", "")]


def told_by(**copies: dict[str, Any]) -> Files:
    """Copies of the central trail as the captures of several accounts show it."""
    accounts = {"management": MANAGEMENT, "member": MEMBER, "own": ACCOUNT}
    return {
        f"{accounts[name]}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [copy]}
        for name, copy in copies.items()
    }


@pytest.mark.parametrize(
    "other",
    [
        {"CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{MANAGEMENT}:log-group:other:*"},
        {"CloudWatchLogsLogGroupArn": None},
        {"IsMultiRegionTrail": False},
        {"IsOrganizationTrail": False},
    ],
)
def test_t3_copies_that_differ_decide_nothing(join: Join, other: dict[str, Any]) -> None:
    found = paths(join, told_by(own=central_trail(), member=central_trail(**other)))
    assert [told(path) for path in found] == [("main", "unknown", "trail-contradictory")]
    assert all(path.log_group_link.state is State.UNKNOWN and path.regions is None for path in found)


@pytest.mark.parametrize("changes", [{"IsMultiRegionTrail": False}, {"CloudWatchLogsLogGroupArn": None}])
def test_t3_x6_what_its_own_account_and_another_say_otherwise_decides_nothing(
    join: Join, changes: dict[str, Any]
) -> None:
    for management, own in ((central_trail(), central_trail(**changes)), (central_trail(**changes), central_trail())):
        found = paths(join, told_by(own=own, management=management))
        assert [told(path) for path in found] == [("main", "unknown", "trail-contradictory")]


@pytest.mark.parametrize(
    ("region", "listing", "material"),
    [
        pytest.param(REGION, {"trailList": []}, True, id="T3 whole, of its home"),
        pytest.param("eu-central-1", {"trailList": []}, True, id="T2 whole, of a region that shows its shadow"),
        pytest.param(REGION, {"trailList": [{"Name": 7}]}, True, id="X9 it lists something that cannot be read"),
        pytest.param(REGION, "| Name | main |", True, id="X9 it cannot be read"),
        pytest.param(REGION, "", False, id="X5 empty, as if it were not there"),
    ],
)
def test_t3_v5_what_the_owners_listing_lacks_is_material(join: Join, region: str, listing: Any, material: bool) -> None:
    files = told_by(member=central_trail()) | {f"{MANAGEMENT}/{region}/cloudtrail-describe-trails.json": listing}
    (path,) = (path for path in paths(join, files, account=MEMBER) if path.name)
    points = [point.code for point in path.trail_link.open_points if point.material]
    assert points == ["trail-not-shown-by-owner"] * material


def test_t3_copies_in_two_regions_of_its_account_that_differ(join: Join) -> None:
    other = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:other:*"
    place = f"{ACCOUNT}/{{}}/cloudtrail-describe-trails.json"
    files = {
        place.format("eu-west-1"): {"trailList": [trail()]},
        place.format("eu-west-2"): {"trailList": [trail(CloudWatchLogsLogGroupArn=other)]},
    }
    assert {told(path) for path in paths(join, files) if path.name} == {("main", "unknown", "trail-contradictory")}
    home = {place.format(REGION): {"trailList": [trail()]}}
    known = [told(path) for path in paths(join, files | home) if path.name]
    assert set(known) == {("main", "unknown", "trail-contradictory")}


def test_t3_a_copy_that_leaves_out_what_older_clis_do_contradicts_nothing(join: Join) -> None:
    copy = {
        f"{ACCOUNT}/{ELSEWHERE}/cloudtrail-describe-trails.json": {"trailList": [trail(HasCustomEventSelectors=None)]}
    }
    assert {told(path) for path in paths(join, textbook() | copy) if path.name} == {("main", "ok", "")}


@pytest.mark.parametrize("on", [True, False])
def test_t12_a_status_of_another_region_that_says_off_is_not_dropped(join: Join, on: bool) -> None:
    place = f"{ACCOUNT}/{{}}/cloudtrail-get-trail-status/main.json"
    files = textbook() | {place.format(ELSEWHERE): {"IsLogging": on}}
    (path,) = (path for path in paths(join, files) if path.name)
    assert told(path) == (("main", "ok", "") if on else ("main", "unknown", "trail-status-contradictory"))
    (path,) = (path for path in paths(join, files | {place.format(REGION): {"IsLogging": True}}) if path.name)
    assert told(path) == ("main", "ok", "")  # the one from home decides


@pytest.mark.parametrize("organization", [False, None])
def test_t2_a_trail_of_another_account_that_is_no_organisation_trail_serves_nobody_else(
    join: Join, organization: bool | None
) -> None:
    files = told_by(member=trail(ACCOUNT, IsOrganizationTrail=organization))
    found = paths(join, files, account=MEMBER)
    assert [told(path) for path in found] == [("main", "unknown", "trail-of-another-account")]
    assert [told(path) for path in paths(join, files | textbook())] == [("main", "ok", "")]


def test_t3_two_trails_of_one_name_are_two(join: Join) -> None:
    files = textbook(trails=[trail(), trail(region=ELSEWHERE)])
    assert len(paths(join, files)) == 2


def test_t6_a_member_sees_the_trail_of_the_management_account(join: Join) -> None:
    (path,) = paths(join, textbook(trails=[central_trail()]))
    assert (path.organization, path.log_group and path.log_group.account_id) == (True, MANAGEMENT)


def test_t6_a_trail_of_the_account_itself(join: Join) -> None:
    (path,) = paths(join, textbook())
    assert (path.organization, path.log_group and path.log_group.account_id) == (False, ACCOUNT)


@pytest.mark.parametrize(
    "owner",
    [
        pytest.param(MANAGEMENT, id="T7 in the trail's account"),
        pytest.param(MEMBER, id="T7 in the account of a delegated administrator"),
    ],
)
def test_log_group_account(join: Join, owner: str) -> None:
    arn = f"arn:aws:logs:{REGION}:{owner}:log-group:ct:*"
    (path,) = paths(join, textbook(trails=[central_trail(CloudWatchLogsLogGroupArn=arn)]))
    assert path.log_group is not None
    assert (path.log_group.account_id, path.log_group_link.state) == (owner, State.OK)


@pytest.mark.parametrize(
    ("listing", "names"),
    [
        pytest.param(organisation(MEMBER), ["main", ""], id="T8 an active member is covered"),
        pytest.param(organisation(MEMBER, state="SUSPENDED"), [""], id="T8 a suspended one is not"),
        pytest.param(organisation("123412341234"), [""], id="T8 nor is one that is not listed"),
    ],
)
def test_member_without_captures(join: Join, listing: Files, names: list[str]) -> None:
    files = textbook(MANAGEMENT, trails=[central_trail()]) | listing
    found = paths(join, files, account=MEMBER)
    assert [path.name for path in found] == names
    assert found[-1].gap


def test_t8_state_replaces_status(join: Join) -> None:
    listing = organisation(MEMBER)
    item = listing[f"{MANAGEMENT}/organizations-list-accounts.json"]["Accounts"][0]
    del item["Status"]
    files = textbook(MANAGEMENT, trails=[central_trail()])
    assert paths(join, files | listing, account=MEMBER)[0].name == "main"
    item["State"] = "CLOSED"
    chains = join(files | listing)
    assert [path.gap for path in chains.paths(MEMBER, (REGION,))] == [True]


def test_t10_a_single_region_trail_serves_its_region(join: Join) -> None:
    single, gap = paths(join, textbook(trails=[trail(IsMultiRegionTrail=False)]), REGION, ELSEWHERE)
    assert single.serves(REGION)
    assert not single.serves(ELSEWHERE)
    assert (gap.gap, gap.trail_link.code, gap.serves(ELSEWHERE)) == (True, "trails-not-captured", True)


def test_t10_a_captured_region_without_a_trail_is_no_gap(join: Join) -> None:
    files = textbook(trails=[trail(IsMultiRegionTrail=False)])
    files[f"{ACCOUNT}/{ELSEWHERE}/cloudtrail-describe-trails.json"] = {"trailList": []}
    assert [path.gap for path in paths(join, files, REGION, ELSEWHERE)] == [False]


def test_t10_a_multi_region_trail_serves_every_region(join: Join) -> None:
    (path, *_) = paths(join, textbook(), REGION, ELSEWHERE)
    assert path.serves(ELSEWHERE)


@pytest.mark.parametrize(
    ("call", "item", "found"),
    [
        pytest.param("account-list-regions", {"RegionOptStatus": "ENABLED"}, True, id="T10 switched on"),
        pytest.param("account-list-regions", {"RegionOptStatus": "DISABLED"}, False, id="T10 switched off"),
        pytest.param(
            "ec2-describe-regions", {"OptInStatus": "opted-in", "Endpoint": "e"}, True, id="T10 EC2, opted in"
        ),
        pytest.param(
            "ec2-describe-regions", {"OptInStatus": "not-opted-in", "Endpoint": "e"}, False, id="T10 EC2, not opted in"
        ),
    ],
)
def test_listed_regions(join: Join, call: str, item: dict[str, Any], found: bool) -> None:
    chains = join(textbook() | {f"{ACCOUNT}/{call}.json": {"Regions": [{"RegionName": "af-south-1"} | item]}})
    assert ("af-south-1" in chains.enabled_regions.get(ACCOUNT, set())) is found


@pytest.mark.parametrize("included", [pytest.param(True, id="T11 included"), pytest.param(False, id="T11 left out")])
def test_global_service_events(join: Join, included: bool) -> None:
    (path,) = paths(join, textbook(trails=[trail(IncludeGlobalServiceEvents=included)]))
    assert (path.global_events, path.trail_link.state) == (included, State.OK)


def status(name: str = "main", place: str = PLACE, **answer: Any) -> Files:
    return {f"{place}/cloudtrail-get-trail-status/{name}.json": {"IsLogging": True} | answer}


def test_t13_two_statuses_that_differ_in_their_times_say_the_same(join: Join) -> None:
    early = status(LatestCloudWatchLogsDeliveryTime="2026-09-01T00:00:00Z", LatestDeliveryTime="2026-09-01T00:00:00Z")
    late = status("main (1)", LatestCloudWatchLogsDeliveryTime=EPOCH, LatestDeliveryTime=EPOCH)
    (path,) = paths(join, textbook() | early | late)
    assert told(path) == ("main", "ok", "")
    (path,) = paths(join, textbook() | early | status("main (1)", LatestDeliveryTime=EPOCH))
    assert told(path)[1:] == ("unknown", "trail-status-contradictory")


T13 = {"LatestCloudWatchLogsDeliveryError": "Access denied"}
STATUS_CASES = [
    pytest.param({}, "", id="T12 not captured"),
    pytest.param(status(), "", id="T12 on"),
    pytest.param(status(IsLogging=False), "trail-not-logging", id="T12 off"),
    pytest.param(status("second", IsLogging=False), "trail-status-contradictory", id="T12 a trail that is not shown"),
    pytest.param(status(place=f"{ACCOUNT}/{ELSEWHERE}"), "", id="T12 another region's answer"),
    pytest.param(status(LatestCloudWatchLogsDeliveryTime=EPOCH, LatestDeliveryTime=EPOCH), "", id="T13 delivers"),
    pytest.param(status(**T13), "delivery-never", id="T13 an error and no delivery"),
    pytest.param(status(LatestDeliveryTime=EPOCH), "delivery-not-shown", id="T13 only to S3"),
    pytest.param(
        status(**T13, LatestCloudWatchLogsDeliveryTime=EPOCH, LatestDeliveryTime=EPOCH + 60), "", id="T13 an old error"
    ),
    pytest.param(
        status(**T13, LatestCloudWatchLogsDeliveryTime=EPOCH, LatestDeliveryTime=EPOCH + 90_000),
        "delivery-stopped",
        id="T13 stopped with an error",
    ),
    pytest.param(
        status(LatestCloudWatchLogsDeliveryTime=EPOCH, LatestDeliveryTime=EPOCH + 90_000),
        "delivery-late",
        id="T13 late without an error",
    ),
    pytest.param(
        status(LatestDeliveryError="x", LatestNotificationError="y", LatestCloudWatchLogsDeliveryTime=EPOCH),
        "",
        id="T13 errors of S3 and of the trail's topic",
    ),
]


@pytest.mark.parametrize(("more", "code"), STATUS_CASES)
def test_trail_status(join: Join, more: Files, code: str) -> None:
    (path,) = paths(join, textbook() | more)
    assert told(path)[2] == code


OLD = "2020-01-01T00:00:00Z"
DELIVERED = {"LatestDeliveryTime": OLD, "LatestCloudWatchLogsDeliveryTime": OLD}
DAY = "2026-09-28"
OF_THE_DAY = {"ResponseMetadata": {"HTTPHeaders": {"date": "Mon, 28 Sep 2026 10:00:00 GMT"}}}
HOLDS = ("PASS", "holds", None)
NOTHING_LATELY = (*HOLDS, "delivery-old")


@pytest.mark.parametrize(
    ("answer", "day", "expected"),
    [
        pytest.param(DELIVERED, DAY, NOTHING_LATELY, id="T13 for six years"),
        pytest.param(DELIVERED, None, HOLDS, id="T13 the day of the capture is not known"),
        pytest.param(DELIVERED | OF_THE_DAY, None, NOTHING_LATELY, id="T13 the answer says its day"),
        pytest.param(
            DELIVERED | {"LatestDeliveryTime": "2026-09-26T22:00:00Z"},
            DAY,
            ("INCONCLUSIVE", "delivery-late", "log_group"),
            id="T13 only to S3 lately",
        ),
        pytest.param({"LatestCloudWatchLogsDeliveryTime": "2026-09-26T23:00:00Z"}, DAY, NOTHING_LATELY, id="T13 a day"),
        pytest.param({"LatestCloudWatchLogsDeliveryTime": "2026-09-27T01:00:00Z"}, DAY, HOLDS, id="T13 not a day"),
        pytest.param({"LatestCloudWatchLogsDeliveryTime": "2026-10-01T01:00:00Z"}, DAY, HOLDS, id="T13 later"),
        pytest.param(DELIVERED | {"StartLoggingTime": "2026-09-27T20:00:00Z"}, DAY, HOLDS, id="T13 switched on since"),
        pytest.param({"StartLoggingTime": OLD}, DAY, NOTHING_LATELY, id="T13 nothing since it was switched on"),
        pytest.param({}, DAY, HOLDS, id="T13 no time at all"),
        pytest.param(
            DELIVERED | {"LatestDeliveryTime": "no time"},
            DAY,
            ("INCONCLUSIVE", "delivery-not-shown", "log_group"),
            id="T13 no time",
        ),
        pytest.param(
            DELIVERED | {"ResponseMetadata": {"HTTPHeaders": {"date": "no day"}}},
            DAY,
            NOTHING_LATELY,
            id="T13 a bad date",
        ),
    ],
)
def test_a_status_of_a_known_day(
    audit: Audit, answer: dict[str, Any], day: str | None, expected: tuple[str | None, ...]
) -> None:
    finding = audit(textbook() | status(**answer), captured_on=day)
    points = [point for point in finding["open_points"] if point["material"]]
    said = (finding["verdict"], finding["reason_code"], finding["broken_link"])
    assert (*said, *(point["code"] for point in points)) == expected
    for point in points:
        assert point["command"].startswith("aws cloudtrail get-trail-status ")


def test_t13_t12_statuses_of_two_days_say_the_same(audit: Audit) -> None:
    files = textbook() | status() | status("main (1)", **DELIVERED)
    assert audit(files, captured_on=DAY)["verdict"] == "PASS"


def test_t12_an_unnamed_answer_proves_nothing_with_two_trails(join: Join) -> None:
    unnamed = {f"{PLACE}/cloudtrail-get-trail-status.json": {"IsLogging": False}}
    (path,) = paths(join, textbook() | unnamed)
    assert path.trail_link.code == "trail-not-logging"
    two = join(textbook(trails=[trail(), trail(name="second")]) | unnamed)
    assert [path.trail_link.code for path in two.paths(ACCOUNT, (REGION,))] == ["trail-status-contradictory"] * 2


def test_t2_an_empty_listing_proves_nothing_where_those_of_another_region_contradict_each_other(audit: Audit) -> None:
    apart: Files = {
        f"{PLACE}/cloudtrail-describe-trails (1).json": {"trailList": []},
        f"{ACCOUNT}/eu-west-1/cloudtrail-describe-trails.json": {"trailList": []},
    }
    finding = audit(textbook() | apart)
    assert (finding["verdict"], finding["reason_code"]) == ("INCONCLUSIVE", "trails-contradictory")


def test_t12_another_trail_that_is_off_harms_its_own_chain_alone(join: Join) -> None:
    files = textbook(trails=[trail(), trail(name="second")]) | status("second", IsLogging=False)
    assert [told(path)[2] for path in paths(join, files)] == ["", "trail-not-logging"]


def selectors(name: str, kind: str) -> Files:
    answer = {
        "TrailARN": trail(name=name)["TrailARN"],
        "EventSelectors": [{"ReadWriteType": kind, "IncludeManagementEvents": True}],
    }
    return {f"{PLACE}/cloudtrail-get-event-selectors/{name}.json": answer}


def taken(found: list[TrailPath]) -> dict[str, set[str]]:
    """What arrives in each log group from all trails that serve the account (T18)."""
    arrived: dict[str, set[str]] = {}
    for path in found:
        events = {("ListCommands", True), ("StartSession", False)}
        names = {name for name, read in events if takes(path.selectors, SSM, name, read)}
        arrived.setdefault(path.log_group.name if path.log_group else "", set()).update(names)
    return arrived


def test_t18_two_trails_into_one_group_feed_it_together(join: Join) -> None:
    files = textbook(trails=[trail(), trail(name="second")]) | selectors("main", "ReadOnly")
    found = paths(join, files | selectors("second", "WriteOnly"))
    assert taken(found) == {"ct": {"ListCommands", "StartSession"}}


def test_t18_a_trail_without_a_group_lends_nothing(join: Join) -> None:
    files = textbook(trails=[trail(), trail(name="second", CloudWatchLogsLogGroupArn=None)])
    found = paths(join, files | selectors("main", "WriteOnly") | selectors("second", "All"))
    assert taken(found)["ct"] == {"StartSession"}


@pytest.mark.parametrize(
    ("custom", "more", "points"),
    [
        pytest.param(False, {}, ["trail-status-not-captured"], id="T9 default selectors"),
        pytest.param(
            True, {}, ["trail-status-not-captured", "selectors-custom-not-captured"], id="T9 custom selectors"
        ),
        pytest.param(True, selectors("main", "All"), ["trail-status-not-captured"], id="T9 captured"),
    ],
)
def test_open_points_of_selectors(join: Join, custom: bool, more: Files, points: list[str]) -> None:
    (path,) = paths(join, textbook(trails=[trail(HasCustomEventSelectors=custom)]) | more)
    assert [point.code for point in path.trail_link.open_points] == points


def test_v5_only_material_points_are_felt_by_strict(join: Join) -> None:
    chains = join(textbook(trails=[trail(), trail(name="second", HasCustomEventSelectors=True)]))
    states = [path.trail_link.strict().state for path in chains.paths(ACCOUNT, (REGION,))]
    assert states == [State.OK, State.UNKNOWN]


def test_t12_two_statuses_of_a_trail_that_differ_decide_nothing(join: Join) -> None:
    files = textbook() | {
        f"{PLACE}/cloudtrail-get-trail-status/main.json": {"IsLogging": False},
        f"{PLACE}/again/cloudtrail-get-trail-status/main.json": {"IsLogging": True},
    }
    assert [told(path) for path in paths(join, files)] == [("main", "unknown", "trail-status-contradictory")]


def test_t12_a_status_that_names_its_trail_goes_before_one_that_does_not(join: Join) -> None:
    files = textbook() | {
        f"{PLACE}/cloudtrail-get-trail-status.json": {"IsLogging": True},
        f"{PLACE}/cloudtrail-get-trail-status/main.json": {"IsLogging": False},
    }
    assert [told(path) for path in paths(join, files)] == [("main", "broken", "trail-not-logging")]


def test_t12_a_status_without_name_throws_doubt_on_a_good_one(join: Join) -> None:
    files = textbook() | {
        f"{PLACE}/cloudtrail-get-trail-status.json": {"IsLogging": False},
        f"{PLACE}/cloudtrail-get-trail-status/main.json": {"IsLogging": True},
    }
    assert [told(path) for path in paths(join, files)] == [("main", "unknown", "trail-status-contradictory")]
