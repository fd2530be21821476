"""Rules T3 to T8 and S5 with two organisations in one bundle: nothing of the one serves the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle as open_members
from auditor.chains import Chains, LogGroup, population
from auditor.evidence import load
from auditor.judgement import COUNTS
from auditor.verdict import Link, State
from tests.chains.chain import Join
from tests.textbook import REGION, Files, textbook, trail, write

ALDER, ALDER_MEMBER = "111100001111", "111100007777"
FEN, FEN_MEMBER = "222200001111", "222200003333"
LOGGING = "222200002222"  # the delegated administrator of the second organisation
IDS = {ALDER: "o-aldermoor26", FEN: "o-fenwick2026"}
MAIN = "arn:aws:cloudtrail:us-east-1:{}:trail/main"


def listing(management: str, *accounts: str, state: str = "ACTIVE") -> Files:
    """What the management account lists; the last account has ``state``, the others are active."""
    items = [
        {
            "Id": account,
            "Name": f"account {account}",
            "State": state if account == accounts[-1] else "ACTIVE",
            "Arn": f"arn:aws:organizations::{management}:account/{IDS[management]}/{account}",
        }
        for account in accounts
    ]
    return {f"{management}/us-east-1/organizations-list-accounts.json": {"Accounts": items}}


def organization_trail(management: str, group_account: str = "", **changes: Any) -> dict[str, Any]:
    """A trail of the management account; its log group stands there or in ``group_account`` (T7)."""
    group = f"arn:aws:logs:{REGION}:{group_account or management}:log-group:ct:*"
    return trail(management, IsOrganizationTrail=True, CloudWatchLogsLogGroupArn=group, **changes)


def two(**fen_trail: Any) -> Files:
    """Both organisations with a trail called main each; the second one's chain stands in its logging account."""
    first = textbook(ALDER, trails=[organization_trail(ALDER)]) | listing(ALDER, ALDER, ALDER_MEMBER)
    shown = {"trailList": [organization_trail(FEN, LOGGING, **fen_trail)]}
    second = textbook(LOGGING, trails=shown["trailList"]) | listing(FEN, FEN, LOGGING, FEN_MEMBER)
    second[f"{FEN}/{REGION}/cloudtrail-describe-trails.json"] = shown
    return first | second


def served(chains: Chains, account: str) -> list[tuple[str, bool]]:
    """The trails that could serve an account, each with whether it only stands for a gap."""
    return [(path.trail_arn, path.gap) for path in chains.paths(account, (REGION,))]


@pytest.mark.parametrize(
    ("member", "management"),
    [
        pytest.param(ALDER_MEMBER, ALDER, id="T8 the first organisation's member"),
        pytest.param(FEN_MEMBER, FEN, id="T8 the second organisation's member"),
    ],
)
def test_a_member_without_captures_has_its_own_organisations_trail_only(
    join: Join, member: str, management: str
) -> None:
    assert served(join(two()), member) == [(MAIN.format(management), False), ("", True)]


def test_t3_trails_of_one_name_in_two_organisations_are_two(join: Join) -> None:
    chains = join(two())
    assert served(chains, ALDER) == [(MAIN.format(ALDER), False)]
    assert served(chains, FEN) == [(MAIN.format(FEN), False)]


def test_t7_trail_log_group_and_account_are_three_accounts(join: Join) -> None:
    chains = join(two())
    path = chains.paths(FEN_MEMBER, (REGION,))[0]
    assert path.log_group == LogGroup("aws", LOGGING, REGION, "ct")
    (tail,) = chains.tails(path.log_group)
    assert all(state.state is State.OK for state in tail.links.values())


def test_t7_another_organisations_delegated_administrator_lends_no_filters(join: Join) -> None:
    """Both groups are called ct (T5): filters of the one count for nothing on the other, and are not named there."""
    files = two()
    files[f"{ALDER}/{REGION}/logs-describe-metric-filters.json"] = {"metricFilters": []}
    (tail,) = join(files).tails(LogGroup("aws", ALDER, REGION, "ct"))
    link = tail.links[Link.METRIC_FILTER]
    assert (link.state, link.code) == (State.BROKEN, "no-metric-filter")
    assert LOGGING not in str(dict(link.facts))


@pytest.mark.parametrize(
    ("state", "trails"),
    [
        pytest.param("ACTIVE", [MAIN.format(FEN), ""], id="T8 active"),
        pytest.param("PENDING_CLOSURE", [""], id="T8 being closed"),
        pytest.param("SUSPENDED", [""], id="T8 suspended"),
        pytest.param("CLOSED", [""], id="T8 closed"),
    ],
)
def test_a_member_that_one_organisation_lists(join: Join, state: str, trails: list[str]) -> None:
    """Its state in its own organisation decides, and leaves the other organisation's member as it was."""
    chains = join(two() | listing(FEN, FEN, LOGGING, FEN_MEMBER, state=state))
    assert [arn for arn, _ in served(chains, FEN_MEMBER)] == trails
    assert [arn for arn, _ in served(chains, ALDER_MEMBER)] == [MAIN.format(ALDER), ""]


def test_t8_an_account_that_left_sees_its_own_trail_only(join: Join) -> None:
    left = "444400001111"
    chains = join(two() | textbook(left))
    assert served(chains, left) == [(MAIN.format(left), False)]


def test_t10_a_single_region_organisation_trail_leaves_the_other_regions_open(join: Join) -> None:
    chains = join(two(IsMultiRegionTrail=False))
    (path, gap) = chains.paths(FEN_MEMBER, (REGION, "eu-west-1"))
    assert (path.trail_arn, path.regions) == (MAIN.format(FEN), frozenset({REGION}))
    assert (gap.gap, gap.regions) == (True, None)


def test_t6_a_trail_whose_home_was_not_captured(join: Join) -> None:
    """A member's copy names trail and log group; what hangs behind is asked for where the group stands."""
    management, logging, member = "333300001111", "333300002222", "333300003333"
    own = {
        f"{member}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [organization_trail(management, logging)]}
    }
    chains = join(two() | own)
    (path,) = chains.paths(member, (REGION,))
    assert (path.trail_link.state, path.log_group_link.state) == (State.OK, State.OK)
    assert path.log_group is not None
    (tail,) = chains.tails(path.log_group)
    link = tail.links[Link.METRIC_FILTER]
    assert (link.state, link.code) == (State.UNKNOWN, "filters-not-captured")
    (need,) = link.needs  # what lies behind it is asked for with it by the requests
    assert (need.call_id, need.account_id, need.region) == ("logs:DescribeMetricFilters", logging, REGION)


def policy(**condition: str) -> Files:
    """Attributes of the first organisation's topic, whose policy lets in alarms under a condition."""
    topic = f"arn:aws:sns:{REGION}:{ALDER}:alerts"
    statement = {
        "Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish",
        "Resource": topic, "Condition": {"StringEquals": condition},
    }  # fmt: skip
    attributes = {"TopicArn": topic, "Policy": json.dumps({"Statement": [statement]})}
    return {f"{ALDER}/{REGION}/sns-get-topic-attributes/alerts.json": {"Attributes": attributes}}


@pytest.mark.parametrize(
    ("publisher", "state"),
    [
        pytest.param(LOGGING, State.OK, id="S5 the alarm's account is let in"),
        pytest.param(ALDER, State.BROKEN, id="S5 only accounts of the other organisation are"),
    ],
)
def test_a_topic_of_another_organisation(join: Join, publisher: str, state: State) -> None:
    """An alarm may notify a topic of whichever account; the topic's policy decides (S1, S5)."""
    files = two()
    alarms = files[f"{LOGGING}/{REGION}/cloudwatch-describe-alarms.json"]["MetricAlarms"]
    alarms[0]["AlarmActions"] = [f"arn:aws:sns:{REGION}:{ALDER}:alerts"]
    (tail,) = join(files | policy(**{"aws:SourceAccount": publisher})).tails(LogGroup("aws", LOGGING, REGION, "ct"))
    assert tail.links[Link.TOPIC].state is state


def test_population_names_each_accounts_organisation(tmp_path: Path) -> None:
    evidence = load(open_members([write(two() | textbook("444400001111"), tmp_path / "bundle")]))
    chains = Chains(evidence.captures, evidence.responses, COUNTS)
    accounts = population(chains, evidence.captures, lambda partition: (REGION,)).accounts
    assert {account.account_id: account.organization for account in accounts} == {
        ALDER: IDS[ALDER], ALDER_MEMBER: IDS[ALDER], FEN: IDS[FEN], LOGGING: IDS[FEN], FEN_MEMBER: IDS[FEN],
        "444400001111": "",
    }  # fmt: skip
    assert all(account.in_scope for account in accounts)
