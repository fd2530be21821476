"""Laws of organisations over generated bundles: what one organisation is, changes nothing for another."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.laws.bundles import alarm_changes, judged, patterns, subscription_changes, trail_changes
from tests.textbook import REGION, Files, alarm, metric_filter, subscription, textbook, trail

slow = examples(30)
# Each organisation's accounts: management, delegated administrator, a member that was captured, two only listed.
FIRST = ("111100001111", "111100002222", "111100003333", "111100004444", "111100005555")
SECOND = ("222200001111", "222200002222", "222200003333", "222200004444", "222200005555")
CALLS = ("logs-describe-metric-filters", "cloudwatch-describe-alarms", "sns-list-subscriptions-by-topic/alerts")


@st.composite
def organizations(draw: st.DrawFn, accounts: tuple[str, ...]) -> Files:
    """An organisation whose trail, made by a delegated administrator, has a chain with some things broken."""
    management, audit, member, *listed = accounts
    place = f"{audit}/{REGION}"
    group = f"arn:aws:logs:{REGION}:{audit}:log-group:ct:*"
    trail_changed: Any = draw(trail_changes)
    alarm_changed: Any = draw(alarm_changes)
    usual: dict[str, Any] = {"IsOrganizationTrail": True, "CloudWatchLogsLogGroupArn": group}
    own = trail(management, **usual | trail_changed)
    files = textbook(
        audit,
        trails=[own],
        filters=[metric_filter(draw(patterns))] if draw(st.integers(0, 5)) else [],
        alarms=[alarm(audit, **alarm_changed)] if draw(st.integers(0, 5)) else [],
        subscriptions=[subscription(audit, **draw(subscription_changes))],
    )
    for path in [f"{place}/{call}.json" for call in CALLS]:
        if not draw(st.integers(0, 8)):
            del files[path]
    for account in (management, member):
        files[f"{account}/{REGION}/cloudtrail-describe-trails.json"] = {"trailList": [own]}
    states = st.sampled_from(["ACTIVE", "ACTIVE", "SUSPENDED"])
    items = [listing(management, account) for account in (management, audit, member)]
    items += [listing(management, account, draw(states)) for account in listed]
    return files | {f"{management}/us-east-1/organizations-list-accounts.json": {"Accounts": items}}


def listing(management: str, account: str, state: str = "ACTIVE") -> dict[str, Any]:
    """An account as its organisation lists it."""
    arn = f"arn:aws:organizations::{management}:account/o-{management[:10]}/{account}"
    return {"Id": account, "Name": f"account {account}", "State": state, "Arn": arn}


def told(files: Files) -> dict[str, tuple[Any, ...]]:
    """What each account's finding says, its reason word by word, and the account's status in the population."""
    document: Any = judged(files).document
    status = {account["account_id"]: account["status"] for account in document["population"]["accounts"]}
    keys = ("verdict", "reason_code", "broken_link", "objective", "as_published", "reason")
    return {one["account_id"]: (*(one[key] for key in keys), status[one["account_id"]]) for one in document["findings"]}


@slow
@given(organizations(FIRST), organizations(SECOND))
def test_two_organisations_in_one_bundle_are_judged_as_each_alone(first: Files, second: Files) -> None:
    assert told(first | second) == told(first) | told(second)


@slow
@given(organizations(FIRST))
def test_a_member_without_captures_passes_only_by_a_whole_chain_and_never_fails(files: Files) -> None:
    """What the captured member of the same organisation gets says whether the chain is whole (T8)."""
    findings = told(files)
    captured = findings[FIRST[2]][0]
    for account in FIRST[3:]:
        if account in findings:
            verdict, *_, status = findings[account]
            assert (verdict, status) == (
                ("PASS", "covered_by_org_trail") if captured == "PASS" else ("INCONCLUSIVE", "missing")
            )


@slow
@given(organizations(FIRST))
def test_without_the_home_of_its_chain_no_member_is_decided(files: Files) -> None:
    """Requests name the log group's account and region, and no other place of the chain (V3, T7)."""
    _, audit, member, *_ = FIRST
    fewer = {path: content for path, content in files.items() if not path.startswith(f"{audit}/")}
    document = judged(fewer).document
    (finding,) = (one for one in document["findings"] if one["account_id"] == member)
    trails = files[f"{member}/{REGION}/cloudtrail-describe-trails.json"]["trailList"]
    if trails[0].get("CloudWatchLogsLogGroupArn") and trails[0]["IsMultiRegionTrail"]:
        assert finding["verdict"] == "INCONCLUSIVE"
        asked = [one for one in document["requests"] if finding["id"] in one["settles"]]
        assert {(one["account_id"], one["region"]) for one in asked} == {(audit, REGION)}
    else:
        assert finding["verdict"] != "PASS"
