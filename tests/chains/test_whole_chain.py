"""Rules V1, V3–V5, T17, T18, L5, L10, A15, A16, N4, X2, X7: what a whole bundle's verdict rests on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.chains.chain import ALARM_ARN, PASS, PLACE, TOPIC, Audit, outcome
from tests.textbook import (
    ACCOUNT,
    NAMES,
    PATTERN,
    REGION,
    Files,
    alarm,
    metric_filter,
    subscription,
    textbook,
    trail,
)

ALARMS = f"{PLACE}/cloudwatch-describe-alarms.json"
FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
BY_TOPIC = f"{PLACE}/sns-list-subscriptions-by-topic"


def test_v1_the_textbook_holds(audit: Audit) -> None:
    assert outcome(audit(textbook())) == PASS


def test_v1_the_filter_must_be_equal_and_the_objective_asks_only_for_its_events(audit: Audit) -> None:
    broader = PATTERN[:-1] + "||($.eventName=CancelCommand)}"
    finding = audit(textbook(filters=[metric_filter(broader)]))
    assert (finding["verdict"], finding["objective"]) == ("FAIL", "PASS")


def test_v1_one_event_missing_fails_both(audit: Audit) -> None:
    narrower = "{" + "||".join(f"($.eventName={name})" for name in NAMES[1:]) + "}"
    finding = audit(textbook(filters=[metric_filter(narrower)]))
    assert (finding["verdict"], finding["objective"], finding["broken_link"]) == ("FAIL", "FAIL", "metric_filter")


def without(path: str) -> Files:
    return {name: content for name, content in textbook().items() if not name.startswith(path)}


@pytest.mark.parametrize(
    ("path", "link"),
    [
        pytest.param(f"{PLACE}/cloudtrail", "trail", id="V3 trails not captured"),
        pytest.param(FILTERS, "metric_filter", id="V3 filters not captured"),
        pytest.param(ALARMS, "alarm", id="V3 alarms not captured"),
        pytest.param(BY_TOPIC, "subscription", id="V3 subscriptions not captured"),
    ],
)
def test_a_missing_capture_is_inconclusive_at_its_link(audit: Audit, path: str, link: str) -> None:
    assert outcome(audit(without(path)))[:2] == ("INCONCLUSIVE", link)


def test_v3_a_whole_chain_holds_whatever_else_is_missing(audit: Audit) -> None:
    files = textbook()
    files[ALARMS]["NextToken"] = "more"
    assert outcome(audit(files)) == PASS


@pytest.mark.parametrize(
    ("missing", "default", "verdict"),
    [
        pytest.param("breaching", None, "FAIL", id="V4 fails with ordinary traffic"),
        pytest.param("breaching", 0, "INCONCLUSIVE", id="V4 fails after some silence"),
        pytest.param("ignore", 0, "PASS", id="V4 fails only in silence for good"),
    ],
)
def test_traffic(audit: Audit, missing: str, default: float | None, verdict: str) -> None:
    files = textbook(
        filters=[metric_filter(transformation={"defaultValue": default})], alarms=[alarm(TreatMissingData=missing)]
    )
    finding = audit(files)
    assert finding["verdict"] == verdict
    assert bool(finding["remarks"]) is (verdict == "PASS")


@pytest.mark.parametrize(
    ("files", "usual", "strict"),
    [
        pytest.param(textbook(), "PASS", "PASS", id="V5 points that are not material"),
        pytest.param(
            textbook(trails=[trail(HasCustomEventSelectors=True)]), "PASS", "INCONCLUSIVE", id="V5 T9 material point"
        ),
        pytest.param(textbook(alarms=[alarm(AlarmActions=[])]), "FAIL", "INCONCLUSIVE", id="V5 C2 A16 material point"),
        pytest.param(
            textbook(alarms=[alarm(ActionsEnabled=False)]), "FAIL", "INCONCLUSIVE", id="V5 C2 A15 material point"
        ),
    ],
)
def test_strict(audit: Audit, files: Files, usual: str, strict: str) -> None:
    assert audit(files)["verdict"] == usual
    assert audit(files, strict=True)["verdict"] == strict


def test_t17_a_filter_on_the_source_is_narrower_and_meets_the_objective(audit: Audit) -> None:
    sourced = "{($.eventSource=ssm.amazonaws.com)&&(" + PATTERN[1:-1] + ")}"
    finding = audit(textbook(filters=[metric_filter(sourced)]))
    assert (finding["reason_code"], finding["objective"]) == ("filter-asks-for-source", "PASS")


def test_t17_a_filter_on_another_source_meets_nothing(audit: Audit) -> None:
    sourced = "{($.eventSource=ssmmessages.amazonaws.com)&&(" + PATTERN[1:-1] + ")}"
    finding = audit(textbook(filters=[metric_filter(sourced)]))
    assert (finding["verdict"], finding["objective"]) == ("FAIL", "FAIL")


def selectors(name: str, kind: str) -> Files:
    answer = {"TrailARN": trail(name=name)["TrailARN"], "EventSelectors": [{"ReadWriteType": kind}]}
    return {f"{PLACE}/cloudtrail-get-event-selectors/{name}.json": answer}


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        pytest.param("WriteOnly", "PASS", id="T18 reads and writes into one group"),
        pytest.param("ReadOnly", "FAIL", id="T18 reads twice"),
    ],
)
def test_two_trails(audit: Audit, second: str, verdict: str) -> None:
    files = textbook(trails=[trail(), trail(name="second")]) | selectors("main", "ReadOnly")
    assert audit(files | selectors("second", second))["verdict"] == verdict


@pytest.mark.parametrize(
    "created", [pytest.param(0, id="L5 old filter"), pytest.param(1_795_560_385_000, id="L5 filter of today")]
)
def test_age_of_the_filter(audit: Audit, created: int) -> None:
    assert outcome(audit(textbook(filters=[metric_filter(creationTime=created)]))) == PASS


NOTED = (
    "Metric filter ssm-actions was created on 2026-08-29, after the period began on 2026-07-01: it counted no event "
    "before that day."
)


@pytest.mark.parametrize(
    ("period", "remarks"),
    [
        pytest.param("2026Q3", [NOTED], id="L5 within the period"),
        pytest.param("2026Q4", [], id="L5 before it"),
        pytest.param("2026-08-29/2026-09-30", [], id="L5 on its first day"),
        pytest.param(None, [], id="L5 no period"),
    ],
)
def test_l5_a_filter_of_the_period_is_noted(audit: Audit, period: str | None, remarks: list[str]) -> None:
    finding = audit(textbook(filters=[metric_filter(creationTime=1_788_000_000_000)]), period=period)
    assert (outcome(finding), finding["remarks"]) == (PASS, remarks)


@pytest.mark.parametrize(
    ("pattern", "objective"),
    [
        pytest.param("", "FAIL", id="L10 empty pattern"),
        pytest.param("{ $.eventName = * }", "FAIL", id="L10 every management event"),
        pytest.param(PATTERN[:-1] + "||($.eventName=Cancel*)}", "PASS", id="L10 a narrower surplus"),
    ],
)
def test_broad_pattern(audit: Audit, pattern: str, objective: str) -> None:
    assert audit(textbook(filters=[metric_filter(pattern)]))["objective"] == objective


COMPOSITE = {
    "AlarmName": "other",
    "AlarmArn": f"{ALARM_ARN}other",
    "AlarmRule": "ALARM(elsewhere)",
    "ActionsEnabled": True,
    "AlarmActions": [TOPIC],
    "OKActions": [],
    "InsufficientDataActions": [],
    "StateValue": "OK",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"ActionsEnabled": True}, PASS, id="A15 enabled"),
        pytest.param({"ActionsEnabled": False}, ("FAIL", "alarm", "actions-disabled"), id="A15 disabled"),
        pytest.param({"ActionsEnabled": None}, ("INCONCLUSIVE", "alarm", "alarm-members-left-out"), id="A15 X6 absent"),
        pytest.param({"AlarmActions": []}, ("FAIL", "topic", "no-action"), id="A16 none"),
        pytest.param(
            {"AlarmActions": [], "OKActions": [TOPIC]}, ("FAIL", "topic", "only-ok-actions"), id="A16 for OK only"
        ),
        pytest.param(
            {"AlarmActions": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"]},
            ("FAIL", "topic", "only-other-actions"),
            id="A16 another service",
        ),
        pytest.param(
            {"AlarmActions": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f", TOPIC]},
            PASS,
            id="A16 a topic among them",
        ),
    ],
)
def test_actions(audit: Audit, changes: dict[str, Any], expected: tuple[str, str | None, str]) -> None:
    assert outcome(audit(textbook(alarms=[alarm(**changes)], composites=[COMPOSITE]))) == expected


def test_n4_an_empty_answer_in_the_topics_folder_speaks_of_it(audit: Audit) -> None:
    assert outcome(audit(textbook(subscriptions=[]))) == ("FAIL", "subscription", "no-subscription")


def test_n4_an_empty_answer_that_names_no_topic_speaks_of_none(audit: Audit) -> None:
    files = without(BY_TOPIC) | {f"{PLACE}/subscriptions.json": {"Subscriptions": []}}
    assert outcome(audit(files))[:2] == ("INCONCLUSIVE", "subscription")


def test_x2_an_empty_page_with_a_token_proves_no_absence(audit: Audit) -> None:
    files = textbook(alarms=[])
    files[ALARMS]["NextToken"] = "more"
    assert outcome(audit(files)) == ("INCONCLUSIVE", "alarm", "alarms-truncated")


def test_x2_an_empty_page_without_a_token_does(audit: Audit) -> None:
    assert outcome(audit(textbook(alarms=[]))) == ("FAIL", "alarm", "no-alarm")


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        pytest.param("main", "FAIL", id="X7 the file names the trail"),
        pytest.param("another", "PASS", id="X7 the file names another trail"),
        pytest.param("strange", "INCONCLUSIVE", id="T12 the file names no trail that is shown"),
    ],
)
def test_file_per_resource(audit: Audit, name: str, verdict: str) -> None:
    status = {f"{PLACE}/cloudtrail-get-trail-status/{name}.json": {"IsLogging": False}}
    assert (
        audit(textbook(trails=[trail(), trail(name="another", CloudWatchLogsLogGroupArn=None)]) | status)["verdict"]
        == verdict
    )


def test_v2_the_chain_that_gets_furthest_is_told(audit: Audit) -> None:
    other = "arn:aws:sns:us-east-1:111122223333:other"
    pending = subscription(TopicArn=other, SubscriptionArn="PendingConfirmation")
    files = textbook(alarms=[alarm(Threshold=5), alarm(name="b", AlarmActions=[other])])
    files[f"{BY_TOPIC}/other.json"] = {"Subscriptions": [pending]}
    assert outcome(audit(files)) == ("FAIL", "subscription", "subscription-pending")


LATE = {"EvaluationPeriods": 3, "TreatMissingData": "missing"}
SELECTS = {"fieldSelectionCriteria": '@aws.region = "us-east-1"'}
NOBODY: Files = {f"{BY_TOPIC}/alerts.json": {"Subscriptions": []}}
NO_ALARM: Files = {ALARMS: {"MetricAlarms": [], "CompositeAlarms": []}}
UNSEEN: Files = {FILTERS: b""}  # a listing that was asked for and is empty
BEHIND_UNKNOWN = [
    pytest.param(textbook(alarms=[alarm(**LATE)]), "INCONCLUSIVE", "alarm", id="V3 an alarm that may be late"),
    pytest.param(textbook(alarms=[alarm(**LATE)]) | NOBODY, "FAIL", "subscription", id="V3 and nobody subscribed"),
    pytest.param(
        textbook(alarms=[alarm(**LATE, AlarmActions=[])], composites=[COMPOSITE]), "FAIL", "topic",
        id="V3 and no action",
    ),
    pytest.param(textbook(alarms=[alarm(**LATE, ActionsEnabled=False)]), "FAIL", "alarm", id="V3 and actions off"),
    pytest.param(textbook(filters=[metric_filter(**SELECTS)]), "INCONCLUSIVE", "metric_filter", id="V3 L7 alone"),
    pytest.param(
        textbook(filters=[metric_filter(**SELECTS)], alarms=[alarm(Threshold=5)]), "FAIL", "alarm",
        id="V3 L7 and an alarm that needs five events",
    ),
    pytest.param(textbook() | UNSEEN, "INCONCLUSIVE", "metric_filter", id="V3 filters not captured"),
    pytest.param(textbook() | UNSEEN | NO_ALARM, "FAIL", "alarm", id="V3 and there is no alarm"),
    pytest.param(
        textbook(alarms=[alarm(Dimensions=[{"Name": "InstanceId", "Value": "i-1"}])]) | UNSEEN, "FAIL", "alarm",
        id="V3 and only an alarm on an instance",
    ),
    pytest.param(textbook() | UNSEEN | NOBODY, "FAIL", "subscription", id="V3 filters not captured, nobody subscribed"),
    pytest.param(
        textbook(alarms=[alarm(AlarmActions=[]), alarm(name="second", ActionsEnabled=False)]) | UNSEEN, "FAIL", "topic",
        id="V3 filters not captured, no alarm with an action",
    ),
    pytest.param(
        {name: content for name, content in (textbook() | UNSEEN).items() if name != ALARMS}, "INCONCLUSIVE",
        "metric_filter", id="V3 neither filters nor alarms captured",
    ),
    pytest.param(
        textbook(filters=[metric_filter("{ $.eventName = CreateVpc }")])
        | {FILTERS: {"metricFilters": [], "NextToken": "more"}} | NO_ALARM,
        "FAIL", "alarm", id="V3 a page of filters is missing, and there is no alarm",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "verdict", "link"), BEHIND_UNKNOWN)
def test_a_break_behind_an_unknown_link_fails_the_chain(audit: Audit, files: Files, verdict: str, link: str) -> None:
    finding = audit(files)
    assert (finding["verdict"], finding["broken_link"]) == (verdict, link)
    assert bool(finding["settles"]) is (verdict == "INCONCLUSIVE" and "@aws" not in finding["reason"])


@pytest.mark.parametrize("files", [textbook() | UNSEEN | NO_ALARM, textbook() | UNSEEN | NOBODY])
def test_v3_behind_a_filter_that_is_not_shown_a_whole_chain_is_proposed(audit: Audit, files: Files) -> None:
    remediation = audit(files)["remediation"]
    assert remediation["link"] == "metric_filter"
    assert all(call in remediation["cli"] for call in ("put-metric-filter", "put-metric-alarm", "sns subscribe"))
    assert TOPIC not in remediation["cli"]


def test_v3_what_an_alarm_without_action_leaves_open_is_told_and_felt_by_strict(audit: Audit) -> None:
    files = textbook(alarms=[alarm(AlarmActions=[])]) | UNSEEN
    finding = audit(files)
    assert outcome(finding) == ("FAIL", "topic", "no-action")
    assert [point["code"] for point in finding["open_points"] if point["material"]] == ["composites-not-captured"]
    assert audit(files, strict=True)["verdict"] == "INCONCLUSIVE"


def history(*entries: dict[str, Any]) -> Files:
    items = [{"AlarmName": "ssm-actions", "Timestamp": "2026-08-02T10:00:00Z"} | entry for entry in entries]
    return {f"{PLACE}/cloudwatch-describe-alarm-history/ssm-actions.json": {"AlarmHistoryItems": items}}


ACTION = {"actionState": "Succeeded", "notificationResource": TOPIC}
TRIP = {"newState": {"stateValue": "ALARM", "stateReasonData": {"recentDatapoints": [1.0]}}}
# Corroborating captures, each at its best.
BEST: dict[str, Files] = {
    "history of actions": history({"HistoryItemType": "Action", "HistoryData": json.dumps(ACTION)}),
    "history of states": history({"HistoryItemType": "StateUpdate", "HistoryData": json.dumps(TRIP)}),
    "no mute rules": {f"{PLACE}/cloudwatch-list-alarm-mute-rules.json": {"AlarmMuteRuleSummaries": []}},
    "topics": {f"{PLACE}/sns-list-topics.json": {"Topics": [{"TopicArn": TOPIC}]}},
    "trail status": {
        f"{PLACE}/cloudtrail-get-trail-status/main.json": {
            "IsLogging": True,
            "LatestCloudWatchLogsDeliveryTime": 1_795_560_385,
            "LatestDeliveryTime": 1_795_560_385,
        }
    },
    "selectors": selectors("main", "All"),
    "log groups": {
        f"{PLACE}/logs-describe-log-groups.json": {
            "logGroups": [{"logGroupName": "ct", "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*"}]
        }
    },
    "transformer": {
        f"{PLACE}/logs-get-transformer/ct.json": {"logGroupIdentifier": "ct", "transformerConfig": [{"parseJSON": {}}]}
    },
}
# Set-ups that fail, one at each link from the filter on.
FAILING: dict[str, Files] = {
    "narrow filter": textbook(filters=[metric_filter("{ $.eventName = SendCommand }")]),
    "other unit": textbook(alarms=[alarm(Unit="Count")]),
    "two datapoints": textbook(alarms=[alarm(EvaluationPeriods=2)]),
    "stuck alarm": textbook(alarms=[alarm(TreatMissingData="ignore")]),
    "other region's topic": textbook(alarms=[alarm(AlarmActions=[TOPIC.replace(REGION, "eu-west-1")])]),
    "pending": textbook(subscriptions=[subscription(SubscriptionArn="PendingConfirmation")]),
}


@pytest.mark.parametrize("best", BEST)
@pytest.mark.parametrize("failing", FAILING)
def test_v5_no_corroborating_capture_turns_fail_into_pass(audit: Audit, failing: str, best: str) -> None:
    assert audit(FAILING[failing] | BEST[best])["verdict"] == "FAIL"


@pytest.mark.parametrize("best", BEST)
def test_v5_corroborating_captures_at_their_best_leave_a_pass(audit: Audit, best: str) -> None:
    assert outcome(audit(textbook() | BEST[best])) == PASS


def test_v1_a_difference_that_is_shown_decides_though_the_relation_is_open(audit: Audit) -> None:
    finding = audit(textbook(filters=[metric_filter("{ $.eventName = x || $.b = %a{1,99999}b% }")]))
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filter-unequal")
    assert "would not notice" in finding["reason"]
    assert "it was not found out whether there are events that both patterns count" in finding["reason"]
    assert "budget" not in finding["reason"]


def test_v1_what_is_open_and_shows_no_difference_is_inconclusive(audit: Audit) -> None:
    finding = audit(textbook(filters=[metric_filter(PATTERN[:-1] + " || $.b = %a{1,99999}b% }")]))
    assert (finding["verdict"], finding["reason_code"]) == ("INCONCLUSIVE", "filter-undecidable")
    assert "too many repetitions" in finding["reason"]


@pytest.mark.parametrize("pattern", ['" "', '""', "", " "])
def test_l10_the_blank_pattern_counts_everything(audit: Audit, pattern: str) -> None:
    finding = audit(textbook(filters=[metric_filter(pattern)]))
    assert (finding["verdict"], finding["objective"]) == ("FAIL", "FAIL")
