"""The result: counts, words, causes, requests and gaps of whole audits; saying it again gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.reports import excel, html
from auditor.result import AuditResult, cited_codes
from auditor.workpaper import view
from auditor.workpaper.completeness import tests as completeness
from tests.textbook import ACCOUNT, PATTERN, REGION, Files, alarm, metric_filter, subscription, textbook, trail, write

OTHER = "444455556666"
ORGANISATION = "arn:aws:organizations::111122223333:account/o-abc1234567"


def judged(folder: Path, files: Files, **options: Any) -> AuditResult:
    return audit(write(files, folder / "bundle"), controls=["ssm-actions"], **options)


def member(account: str, **changes: Any) -> dict[str, Any]:
    base = {"Id": account, "Arn": f"{ORGANISATION}/{account}", "Name": f"n{account[0]}", "Status": "ACTIVE"}
    return base | changes


def listing(*members: dict[str, Any]) -> Files:
    return {f"{ACCOUNT}/us-east-1/organizations-list-accounts.json": {"Accounts": list(members)}}


PENDING = [subscription(SubscriptionArn="PendingConfirmation")]


def test_words_never_speak_of_the_requirement(tmp_path: Path) -> None:
    result = judged(tmp_path, textbook()).document
    (framework,) = [one for one in result["frameworks"] if one["id"] == "nist-800-53-r5"]
    tested = [one for one in framework["requirements"] if one["verdict"] != "NOT_ASSESSED"]
    assert tested
    for requirement in tested:
        assert requirement["words"] == ("No exceptions noted in the 1 mapped control tested in 1 account.")


def test_supporting_mappings_are_shown_and_not_counted(tmp_path: Path) -> None:
    result = judged(tmp_path, textbook()).document
    supporting = [
        (requirement, mapping)
        for framework in result["frameworks"]
        for requirement in framework["requirements"]
        for mapping in requirement["controls"]
        if mapping["strength"] == "supporting"
    ]
    assert supporting
    for requirement, mapping in supporting:
        assert not mapping["counted"]
        if not any(one["counted"] for one in requirement["controls"]):
            assert requirement["verdict"] == "NOT_ASSESSED"
            assert requirement["words"] == "Not assessed: the mapped controls tested only support it."


def test_a_listing_reconciles_its_own_members_alone(tmp_path: Path) -> None:
    listed = textbook() | listing(member(ACCOUNT))
    population = judged(tmp_path / "all", listed).document["population"]
    assert (population["source"], population["reconciled"]) == ("organization", True)
    population = judged(tmp_path / "stranger", listed | textbook(OTHER)).document["population"]
    assert (population["source"], population["reconciled"]) == ("organization", False)
    assert population["note"] == (
        f"Taken from the organisation's own account listing in the bundle; {OTHER} stands in no listing there."
    )


def test_one_cause_for_many_accounts(tmp_path: Path) -> None:
    central = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
    files = textbook(subscriptions=PENDING) | textbook(
        OTHER, alarms=[alarm(OTHER, AlarmActions=[central])], subscriptions=[]
    )
    del files[f"{OTHER}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"]
    (cause,) = judged(tmp_path, files).document["causes"]
    assert (cause["code"], cause["resource"]) == ("subscription-pending", central)
    assert cause["accounts"] == [ACCOUNT, OTHER]


def test_a_missing_capture_is_requested_with_its_command(tmp_path: Path) -> None:
    files = textbook()
    del files[f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"]
    document = judged(tmp_path, files).document
    (request,) = [one for one in document["requests"] if one["purpose"] == "missing"]
    assert request["command"] == (
        "aws cloudwatch describe-alarms --alarm-types MetricAlarm CompositeAlarm LogAlarm --region us-east-1 "
        "--output json"
    )
    assert request["settles"] == [document["findings"][0]["id"]]
    assert document["findings"][0]["settles"] == [request["command"]]
    assert [(gap["call"], gap["code"]) for gap in document["gaps"]] == [("cloudwatch:DescribeAlarms", "not_captured")]


def test_how_many_findings_one_answer_settles(tmp_path: Path) -> None:
    central, third = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts", "777788889999"
    files = textbook() | textbook(OTHER, alarms=[alarm(OTHER, AlarmActions=[central])]) | textbook(third)
    for account in (ACCOUNT, OTHER):
        del files[f"{account}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"]
    del files[f"{third}/{REGION}/cloudwatch-describe-alarms.json"]
    document = judged(tmp_path, files).document
    subscriptions, alarms = [one for one in document["requests"] if one["purpose"] == "missing"]
    assert subscriptions["settles_alone"] == [f"{one}/ssm-actions@default" for one in (ACCOUNT, OTHER)]
    assert alarms["settles_alone"] == []  # nobody has listed the topics that an alarm may name
    assert document["settling"] == (
        f"2 of 3 INCONCLUSIVE findings need only R-001 (3 exports from account {ACCOUNT}); "
        "1 more needs only one other request."
    )
    assert {framework["settling"] for framework in document["frameworks"] if framework["counts"]["accounts"]} == {
        document["settling"]
    }


def test_a_chain_that_lacks_two_captures_asks_for_both_and_one_alone_settles_nothing(tmp_path: Path) -> None:
    files = textbook()
    del files[f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"]
    place = f"{ACCOUNT}/{REGION}/sns-get-topic-attributes/alerts.json"
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f0e0d0c-1111-2222-3333-444455556666"
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
    files[place] = {"Attributes": {"TopicArn": topic, "KmsMasterKeyId": key}}
    document = judged(tmp_path, files).document
    missing = [one for one in document["requests"] if one["purpose"] == "missing"]
    assert [one["call"] for one in missing] == ["kms:GetKeyPolicy", "sns:ListSubscriptionsByTopic"]
    assert [one["settles_alone"] for one in document["requests"]] == [[]] * len(document["requests"])
    (whole,) = document["request_sets"]
    assert whole["settles_alone"] == [document["findings"][0]["id"]]


def test_an_alarm_on_metric_maths_is_told_with_its_expressions(tmp_path: Path) -> None:
    stat = {"Metric": {"Namespace": "Audit", "MetricName": "SsmActions"}, "Period": 300, "Stat": "Sum"}
    queries = [{"Id": "m1", "MetricStat": stat, "ReturnData": False}, {"Id": "e1", "Expression": "m1 * 2"}]
    plain = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Dimensions", "Period"))
    files = textbook(alarms=[alarm(Metrics=queries, **plain)])
    (finding,) = judged(tmp_path, files).document["findings"]
    (chain,) = finding["chains"]
    assert chain["alarm"] is not None
    assert chain["alarm"]["words"] == "metric maths: e1 = m1 * 2; GreaterThanOrEqualToThreshold 1.0"


ROOT = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'


def root_usage(folder: Path, *patterns: str) -> Any:
    filters = [
        metric_filter(pattern, filterName=f"f{number}", transformation={"metricName": f"M{number}"})
        for number, pattern in enumerate(patterns)
    ]
    alarms = [alarm(name=f"a{number}", MetricName=f"M{number}") for number in range(len(patterns))]
    files = textbook(filters=filters, alarms=alarms)
    (finding,) = audit(write(files, folder / "bundle"), controls=["root-usage"]).document["findings"]
    return finding


def test_filters_for_other_events_are_not_listed(tmp_path: Path) -> None:
    finding = root_usage(tmp_path, PATTERN, ROOT, "{ $.eventName = CreateVpc }")
    assert finding["verdict"] == "PASS"
    assert [chain["filter_name"] for chain in finding["chains"]] == ["f1"]


def test_filters_that_are_all_for_other_events_are_summed_up(tmp_path: Path) -> None:
    finding = root_usage(tmp_path, PATTERN, "{ $.eventName = CreateVpc }")
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filters-for-other-events")
    assert "has 2 metric filters, for other events: f0, for one, would not notice" in finding["reason"]
    assert [chain["filter_name"] for chain in finding["chains"]] == [""]


@pytest.mark.parametrize("pattern", ["{ $.eventName = CreateVpc }", "{ $.userIdentity.type = Root }"])
def test_l6_what_a_filter_on_transformed_logs_counts_is_not_decided_by_its_pattern(
    tmp_path: Path, pattern: str
) -> None:
    files = textbook(filters=[metric_filter(pattern, applyOnTransformedLogs=True)])
    (finding,) = judged(tmp_path, files).document["findings"]
    assert (finding["verdict"], finding["broken_link"]) == ("INCONCLUSIVE", "metric_filter")


def test_one_filter_that_shares_events_is_told_with_its_witness(tmp_path: Path) -> None:
    near = "{ $.userIdentity.type = Root && $.eventName = DeleteTrail || $.eventName = StopLogging }"
    finding = root_usage(tmp_path, near)
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filter-overlapping")
    assert finding["chains"][0]["witness"] is not None


def test_one_filter_that_reads_nothing_of_what_is_required_is_for_other_events(tmp_path: Path) -> None:
    finding = root_usage(tmp_path, "{ $.eventName = CreateVpc }")
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filters-for-other-events")
    assert "has 1 metric filter, for other events: f0, for one, would not notice an event such as" in finding["reason"]


def test_one_cause_of_several_controls_in_one_account(tmp_path: Path) -> None:
    files = textbook(trails=[], filters=[], alarms=[])
    document = audit(write(files, tmp_path / "bundle"), controls=["ssm-actions", "root-usage"]).document
    (cause,) = document["causes"]
    assert cause["resource"] == ACCOUNT
    assert cause["reason"] == document["findings"][0]["reason"]
    assert len(cause["findings"]) == 2


def test_a_pass_requests_nothing(tmp_path: Path) -> None:
    document = judged(tmp_path, textbook()).document
    assert document["requests"] == []
    assert document["causes"] == []
    assert len(document["findings"][0]["open_points"]) == document["counts"]["open"] * 5


def test_t8_a_listed_account_is_proven_by_the_organisation_trail(tmp_path: Path) -> None:
    files = textbook(trails=[trail(IsOrganizationTrail=True)]) | listing(member(ACCOUNT), member(OTHER))
    document = judged(tmp_path, files).document
    assert {f["account_id"]: f["verdict"] for f in document["findings"]} == {ACCOUNT: "PASS", OTHER: "PASS"}
    assert [one["status"] for one in document["population"]["accounts"]] == ["covered", "covered_by_org_trail"]
    assert document["population"]["source"] == "organization"
    own, member_s = document["findings"]
    listed = f"{ACCOUNT}/us-east-1/organizations-list-accounts.json"
    assert (listed, "/Accounts/1") in [(item["file"], item["pointer"]) for item in member_s["evidence"]]
    assert listed not in [item["file"] for item in own["evidence"]]
    assert "on organisation trail arn:aws:cloudtrail:us-east-1:111122223333:trail/main and log group" in own["reason"]


def test_t8_a_listed_account_without_that_is_inconclusive(tmp_path: Path) -> None:
    document = judged(tmp_path, textbook() | listing(member(ACCOUNT), member(OTHER))).document
    assert {f["account_id"]: f["verdict"] for f in document["findings"]} == {ACCOUNT: "PASS", OTHER: "INCONCLUSIVE"}
    assert [one["status"] for one in document["population"]["accounts"]] == ["covered", "missing"]


@pytest.mark.parametrize("changes", [{"Status": "SUSPENDED"}, {"Status": "SUSPENDED", "State": "CLOSED"}])
def test_t8_accounts_that_are_not_active_are_outside(tmp_path: Path, changes: dict[str, Any]) -> None:
    document = judged(tmp_path, textbook() | listing(member(ACCOUNT), member(OTHER, **changes))).document
    assert [f["account_id"] for f in document["findings"]] == [ACCOUNT]
    assert document["population"]["accounts"][1]["status"] == "out_of_scope"


@pytest.mark.parametrize(
    "changes", [{"Status": "ACTIVE", "State": "CLOSED"}, {"Status": "SUSPENDED", "State": "ACTIVE"}]
)
def test_x9_states_that_differ_leave_no_account_out(tmp_path: Path, changes: dict[str, Any]) -> None:
    document = judged(tmp_path, textbook() | listing(member(ACCOUNT), member(OTHER, **changes))).document
    assert {f["account_id"]: f["verdict"] for f in document["findings"]} == {ACCOUNT: "PASS", OTHER: "INCONCLUSIVE"}


@pytest.mark.parametrize("changes", [{"Status": "SUSPENDED"}, {"State": "PENDING_CLOSURE"}])
def test_x9_one_that_was_handed_in_has_a_finding_whatever_its_state(tmp_path: Path, changes: dict[str, Any]) -> None:
    files = textbook() | listing(member(ACCOUNT), member(OTHER, **changes)) | textbook(OTHER, alarms=[])
    document = judged(tmp_path, files).document
    assert {f["account_id"]: f["verdict"] for f in document["findings"]} == {ACCOUNT: "PASS", OTHER: "FAIL"}
    assert document["population"]["accounts"][1]["status"] == "covered"


def test_a_command_for_another_account_names_it(tmp_path: Path) -> None:
    files = textbook(trails=[trail(IsOrganizationTrail=True)]) | listing(member(ACCOUNT), member(OTHER))
    own, other = judged(tmp_path, files).document["findings"]
    assert {point["place"] for point in own["open_points"]} == {""}
    assert {point["place"] for point in other["open_points"]} == {f"account {ACCOUNT}"}


def test_t8_the_scope_and_the_listing_are_told_apart(tmp_path: Path) -> None:
    third = "777788889999"
    closed = member(third, Status="SUSPENDED")
    files = textbook(trails=[trail(IsOrganizationTrail=True)]) | listing(member(ACCOUNT), member(OTHER), closed)
    scope = tmp_path / "scope.csv"
    scope.write_text(f"account_id\n{ACCOUNT}\n999900001111\n")
    result = judged(tmp_path, files, scope=scope)
    told = {one["account_id"]: one for one in result.document["population"]["accounts"]}
    assert told[third]["reason"] == "the scope file does not name it; the organisation lists it as SUSPENDED"
    assert [told[one]["in_scope_file"] for one in (ACCOUNT, OTHER, "999900001111")] == [True, False, True]
    tests = {one.test: one for one in completeness(view(result, "nist-800-53-r5"))}
    unnamed = tests["Every account that the organisation lists as active is named in the scope file"]
    assert (unnamed.population, unnamed.difference, unnamed.note) == (2, 1, f"Not named: {OTHER}.")
    strange = tests["Every account of the scope file is listed by an organisation"]
    assert (strange.population, strange.difference, strange.note) == (2, 1, "Not listed: 999900001111.")


def test_the_scope_decides_the_population(tmp_path: Path) -> None:
    scope = tmp_path / "scope.csv"
    scope.write_text(f"account_id,name,regions\n{ACCOUNT},payments,us-east-1\n012345678901,gone,\n")
    document = judged(tmp_path, textbook() | textbook(OTHER), scope=scope).document
    statuses = {one["account_id"]: one["status"] for one in document["population"]["accounts"]}
    assert statuses == {"012345678901": "missing", ACCOUNT: "covered", OTHER: "out_of_scope"}
    assert {f["account_id"]: f["verdict"] for f in document["findings"]} == {
        "012345678901": "INCONCLUSIVE",
        ACCOUNT: "PASS",
    }


def test_t10_regions_of_the_scope_are_those_required(tmp_path: Path) -> None:
    files = textbook(trails=[trail(IsMultiRegionTrail=False)])
    scope = tmp_path / "scope.csv"
    scope.write_text(f"account_id,regions\n{ACCOUNT},us-east-1\n")
    assert judged(tmp_path, files).document["findings"][0]["verdict"] == "INCONCLUSIVE"
    assert judged(tmp_path, files, scope=scope).document["findings"][0]["verdict"] == "PASS"


def test_a_filter_for_the_objective_alone(tmp_path: Path) -> None:
    names = "$.eventName = S* || $.eventName = *Session || $.eventName = List* || $.eventName = Describe*"
    wider = f"{{ $.eventSource = ssm.amazonaws.com && ({names} || $.eventName = Get*) }}"
    document = judged(tmp_path, textbook(filters=[metric_filter(wider)])).document
    (finding,) = document["findings"]
    assert (finding["verdict"], finding["objective"]) == ("FAIL", "PASS")
    assert document["counts"]["objective_not_letter"] == 1


@pytest.mark.parametrize(
    ("patterns", "objective"),
    [
        (['{ $.errorCode = "*UnauthorizedOperation" }', '{ $.errorCode = "AccessDenied*" }'], "PASS"),
        (['{ $.errorCode = "*UnauthorizedOperation" }'], "FAIL"),
        (['{ $.errorCode = "*UnauthorizedOperation" }', '{ $.errorCode = "AccessDenied" }'], "FAIL"),
    ],
)
def test_filters_for_the_alternatives_of_any_call_meet_the_objective_together(
    tmp_path: Path, patterns: list[str], objective: str
) -> None:
    filters = [metric_filter(one, filterName=f"f{number}") for number, one in enumerate(patterns)]
    bundle = write(textbook(filters=filters), tmp_path / "bundle")
    (finding,) = audit(bundle, controls=["unauthorized-api-calls"]).document["findings"]
    assert (finding["verdict"], finding["objective"]) == ("FAIL", objective)
    (covering,) = audit(bundle, controls=["unauthorized-api-calls"], match="covers").document["findings"]
    assert covering["verdict"] == objective


def test_the_objective_is_judged_on_the_recommended_meaning_whatever_a_version_accepts(tmp_path: Path) -> None:
    names = [f"{verb}SecurityGroup{way}" for verb in ("Authorize", "Revoke") for way in ("Ingress", "Egress")]
    names += ["CreateSecurityGroup", "DeleteSecurityGroup"]
    older = "{" + "||".join(f"($.eventName={name})" for name in names) + "}"
    bundle = write(textbook(filters=[metric_filter(older)]), tmp_path / "bundle")
    found = audit(bundle, controls=["security-group-changes"], frameworks=["cis-aws-1.4.0", "cis-aws-7.0.0"]).document
    told = {one["variant"]: (one["verdict"], one["objective"]) for one in found["findings"]}
    assert told == {"cis-1.2.0": ("PASS", "FAIL"), "default": ("FAIL", "FAIL")}
    (passing,) = [one for one in found["findings"] if one["verdict"] == "PASS"]
    assert [one for one in passing["remarks"] if "would not notice ModifySecurityGroupRules" in one]
    assert passing["reason_code"] == "holds-by-the-letter"


def test_several_filters_together_meet_the_objective(tmp_path: Path) -> None:
    first, second = "{ $.eventName = *Session* }", "{ $.eventName = *Command* || $.eventName = *Instance* }"
    third = "{ $.eventName = GetConnectionStatus }"
    filters = [metric_filter(text, filterName=f"f{n}") for n, text in enumerate((first, second, third))]
    (finding,) = judged(tmp_path, textbook(filters=filters), match="covers").document["findings"]
    assert finding["verdict"] == "PASS"


def test_l10_a_filter_that_counts_everything_tells_nobody(tmp_path: Path) -> None:
    (finding,) = judged(tmp_path, textbook(filters=[metric_filter("")]), match="covers").document["findings"]
    assert (finding["verdict"], finding["broken_link"]) == ("FAIL", "alarm")


def test_load_and_dump_are_inverse(tmp_path: Path) -> None:
    result = judged(tmp_path, textbook(subscriptions=PENDING) | textbook(OTHER))
    again = AuditResult.from_json(result.to_json())
    assert again.document == result.document
    assert again.to_json() == result.to_json()


def test_the_same_bundle_gives_the_same_bytes(tmp_path: Path) -> None:
    files = textbook(subscriptions=PENDING) | textbook(OTHER)
    backwards = dict(reversed(files.items()))
    assert judged(tmp_path / "a", files).to_json() == judged(tmp_path / "b", backwards).to_json()


def test_every_rule_that_a_result_names_is_stated_in_it(tmp_path: Path) -> None:
    document = judged(tmp_path, textbook(subscriptions=PENDING)).document
    stated = {code: rule["id"] for rule in document["rules"] for code in rule["codes"]}
    for finding in document["findings"]:
        assert finding["rule"] == stated[finding["reason_code"]]
        assert set(cited_codes(finding)) <= set(stated)
    assert "N1" in stated.values()


def test_a_rule_that_nothing_cites_is_not_stated(tmp_path: Path) -> None:
    (finding,) = (document := judged(tmp_path, textbook()).document)["findings"]
    assert {code for rule in document["rules"] for code in rule["codes"]} == set(cited_codes(finding))


def test_a_result_of_an_older_version_names_no_rules(tmp_path: Path) -> None:
    result = judged(tmp_path, textbook())
    older: dict[str, Any] = json.loads(result.to_json())
    del older["rules"], older["findings"][0]["rule"]
    read = AuditResult.from_json(json.dumps(older).encode())
    for report in (excel, html):
        assert report.render(read, "nist-800-53-r5")
    assert view(read, "nist-800-53-r5").rules == ()


def test_a_deviation_that_meets_the_objective_is_a_cause_of_its_own_and_last(tmp_path: Path) -> None:
    more = PATTERN[:-1] + "||($.eventName=CancelCommand)}"
    files = textbook(filters=[metric_filter(more)]) | textbook("222233334444", filters=[metric_filter(more)])
    files |= textbook(OTHER, filters=[metric_filter("")])
    causes = judged(tmp_path, files).document["causes"]
    assert [(cause["code"], len(cause["accounts"])) for cause in causes] == [
        ("filter-broader", 1), ("filter-broader-objective-met", 1), ("filter-broader-objective-met", 1),
    ]  # fmt: skip
    assert [cause["letter"] for cause in causes] == [False, True, True]
    assert [cause["number"] for cause in causes] == ["C-001", "C-002", "C-003"]


def test_a_gap_says_what_is_wrong_in_a_sentence(tmp_path: Path) -> None:
    files = textbook(alarms=[])
    files[f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"]["NextToken"] = "more"
    (gap,) = judged(tmp_path, files).document["gaps"]
    assert (gap["code"], gap["reason"]) == ("truncated", "The export stops before its last page.")
