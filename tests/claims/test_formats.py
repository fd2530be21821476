"""Each format's own signs, words and traps: one row for each sentence of the formats' documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from auditor.catalogue import load_controls
from auditor.claims.read import read_claims
from auditor.errors import AuditorError

A, B = "111122223333", "222233334444"
ROOT = "cloudwatch_log_metric_filter_root_usage"


def ocsf(**changes: Any) -> dict[str, Any]:
    return {
        "metadata": {"event_code": ROOT, "product": {"name": "Prowler", "version": "5.46.0"}}, "status": "New",
        "status_code": "PASS", "cloud": {"account": {"uid": A}, "region": "eu-west-1", "provider": "aws"},
        "finding_info": {"uid": f"prowler-aws-{ROOT}-{A}-eu-west-1-x"}, "time": 1790759401, "class_uid": 2004,
    } | changes  # fmt: skip


def asff(**changes: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": "2018-10-08", "Id": f"arn:aws:securityhub:eu-west-1:{A}:x/finding/1",
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": "security-control/CloudWatch.1", "AwsAccountId": A, "Region": "eu-west-1",
        "Compliance": {"Status": "PASSED", "SecurityControlId": "CloudWatch.1"}, "RecordState": "ACTIVE",
        "Workflow": {"Status": "NEW"}, "UpdatedAt": "2026-09-29T22:10:11Z",
    } | changes  # fmt: skip


def of_prowler(status: str, check: str = ROOT, **changes: Any) -> dict[str, Any]:
    arn = f"arn:aws:securityhub:eu-west-1:{A}:product/prowler/prowler"
    return asff(
        ProductArn=arn, GeneratorId=f"prowler-{check}", ProductFields={"ProviderName": "Prowler"},
        Compliance={"Status": status}, **changes,
    )  # fmt: skip


def assessment(**changes: Any) -> dict[str, Any]:
    test = {"testPassed": True, "relevantCount": 1, "error": None, "rule": {"ruleId": "D9.AWS.MON.23", "name": "n"}}
    return {"tests": [test | changes], "request": {"externalCloudAccountId": A, "cloudAccountId": "guid"}}


def evaluation(rule: str, status: str, kind: str = "AWS::::Account") -> dict[str, Any]:
    qualifier = {"ConfigRuleName": rule, "ResourceType": kind, "ResourceId": A}
    return {
        "ComplianceType": status, "EvaluationResultIdentifier": {"EvaluationResultQualifier": qualifier},
        "ResultRecordedTime": 1790759401.5,
    }  # fmt: skip


RULESET = "arn:aws-us-gov:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/"
JSON: dict[str, tuple[Any, str]] = {
    "prowler: muted keeps its status": (ocsf(status="Suppressed", status_code="FAIL"), "prowler FAIL muted"),
    "prowler 4: Other is no mute": (ocsf(status="Other"), "prowler PASS"),
    "prowler: manual": (ocsf(status_code="MANUAL"), "prowler UNDECIDED"),
    "prowler 4.0: the check stands in the stable id": (ocsf(metadata={"product": {"name": "Prowler"}}), "prowler PASS"),
    "prowler: azure is another provider": (ocsf(unmapped={"provider": "azure"}), "ignored other provider"),
    "prowler 3: success": (
        {"metadata": {"product": {"name": "Prowler", "feature": {"uid": ROOT}}}, "status": "Success",
         "cloud": {"account": {"uid": A}}, "class_uid": 2001}, "prowler PASS",
    ),
    "prowler 3: other is muted, and the answer gone": (
        {"metadata": {"product": {"name": "Prowler", "feature": {"uid": ROOT}}}, "status": "Other",
         "cloud": {"account": {"uid": A}}, "class_uid": 2001}, "prowler UNDECIDED muted",
    ),
    "prowler: framework table": (
        ocsf(class_uid=2003, compliance={"checks": [{"uid": ROOT, "status": "FAIL"}]}, cloud={},
             unmapped={"cloud": {"account": {"uid": A}}}), "prowler FAIL",
    ),
    "prowler 3 json": (
        [{"CheckID": ROOT, "Status": "WARNING", "AccountId": 111122223333, "Region": "eu-west-1"}],
        "prowler UNDECIDED muted",
    ),
    "prowler 2 json": (
        {"Control": "[check33] root", "Control ID": "3.3", "Account Number": A, "Status": "WARNING", "Region": "x"},
        "prowler FAIL muted",
    ),
    "prowler in security hub": (of_prowler("FAILED"), "prowler FAIL"),
    "prowler in security hub, muted": (of_prowler("WARNING"), "prowler UNDECIDED muted"),
    "prowler 2 in security hub, muted": (of_prowler("WARNING", "check33"), "prowler FAIL muted"),
    "prowler 3.0.0 in security hub": (of_prowler("INFOED"), "prowler UNDECIDED"),
    "powerpipe in security hub": (
        asff(Id="aws_compliance.control.cis_v300_4_3", ProductFields={"ProviderName": "Powerpipe"}, GeneratorId="x"),
        "powerpipe PASS",
    ),
    "another product that names our control": (
        asff(ProductArn="arn:aws:securityhub:eu-west-1::product/aws/guardduty", Title="CloudWatch.1"),
        "ignored other product",
    ),
    "security hub: not available": (
        asff(Compliance={"Status": "NOT_AVAILABLE", "SecurityControlId": "CloudWatch.1"}), "security-hub UNDECIDED",
    ),
    "security hub: suppressed": (asff(Workflow={"Status": "SUPPRESSED"}), "security-hub PASS muted"),
    "security hub: archived": (asff(RecordState="ARCHIVED"), "ignored archived"),
    "security hub: 15 is another control": (
        asff(Compliance={"Status": "FAILED", "SecurityControlId": "CloudWatch.15"}), "ignored other control",
    ),
    "security hub: another partition, before consolidation": (
        asff(GeneratorId=f"{RULESET}1.1", Compliance={"Status": "FAILED"},
             ProductArn="arn:aws-us-gov:securityhub:us-gov-west-1::product/aws/securityhub"), "security-hub FAIL",
    ),
    "security hub: trimmed with --query": (
        [{"Id": f"arn:aws:securityhub:eu-west-1:{A}:security-control/CloudWatch.1/finding/1",
          "GeneratorId": "security-control/CloudWatch.1", "Compliance": {"Status": "FAILED"}}], "security-hub FAIL",
    ),
    "security hub v2: unknown status": (
        {"class_uid": 2003, "metadata": {"product": {"name": "Security Hub"}}, "cloud": {"account": {"uid": A}},
         "compliance": {"control": "CloudWatch.1", "status": "Unknown"}, "status": "New"}, "security-hub UNDECIDED",
    ),
    "elastic dump": (
        {"_index": "i", "_source": {"rule": {"benchmark": {"id": "cis_aws", "rule_number": "4.3"}},
                                    "result": {"evaluation": "failed"}, "cloud": {"account": {"id": A}}}},
        "cloudbeat FAIL",
    ),
    "elastic answer": (
        {"hits": {"total": 1, "hits": [{"_source": {
            "rule": {"benchmark": {"id": "cis_aws", "rule_number": "4.3"}}, "result": {"evaluation": "passed"},
            "cloud": {"account": {"id": A}}}}]}},
        "cloudbeat PASS",
    ),
    "cloudbeat of kubernetes": (
        {"rule": {"benchmark": {"id": "cis_eks", "rule_number": "4.3"}}, "result": {"evaluation": "passed"}},
        "ignored other benchmark",
    ),
    "cloudguard: list of last assessments": ([assessment(), assessment()], "cloudguard PASS, cloudguard PASS"),
    "cloudguard: error": (assessment(error="x", testPassed=False), "cloudguard UNDECIDED"),
    "cloudguard: excluded": (
        assessment(testPassed=False, entityResults=[{"isExcluded": True}]), "cloudguard FAIL muted",
    ),
    "cloudguard: event": (
        {"status": "Failed", "rule": {"ruleId": "D9.AWS.MON.23"}, "account": {"id": A}}, "cloudguard FAIL",
    ),
    "cloudguard: event in a notification": (
        {"Type": "Notification",
         "Message": json.dumps({"status": "Passed", "rule": {"ruleId": "D9.AWS.MON.23"}, "account": {"id": A}})},
        "cloudguard PASS",
    ),
    "config: of a pack": (
        {"ConformancePackRuleEvaluationResults": [
            evaluation("alarm-root-account-use-conformance-pack-ab1", "COMPLIANT")]},
        "aws-config PASS",
    ),
    "config: no data": (
        {"EvaluationResults": [evaluation("alarm-root-account-use", "INSUFFICIENT_DATA")]}, "aws-config UNDECIDED",
    ),
    "config: managed rule": (
        {"EvaluationResults": [evaluation("multi-region-cloudtrail-enabled", "COMPLIANT")]}, "ignored other control",
    ),
    "powerpipe: failed control": (
        {"group_id": "g", "groups": [], "controls": [
            {"results": None, "control_id": "control.cis_v600_5_3", "run_status": 8, "run_error": "refused"}]},
        "powerpipe UNDECIDED",
    ),
    "powerpipe: section of another version is another control": (
        {"group_id": "g", "controls": [{"results": [{"status": "ok", "resource": f"arn:aws:::{A}", "reason": "r",
         "dimensions": []}], "control_id": "control.cis_v600_4_3", "run_status": 4}]}, "ignored other control",
    ),
    "powerpipe: snapshot": (
        {"schema_version": "20221222", "panels": {"aws_compliance.control.cis_v300_4_3": {
            "panel_type": "control", "name": "aws_compliance.control.cis_v300_4_3",
            "data": {"columns": [], "rows": [{"status": "alarm", "account_id": A, "reason": "r"}]}}},
         "start_time": "2026-09-30T08:00:00Z", "end_time": "2026-09-30T08:01:00Z"}, "powerpipe FAIL",
    ),
}  # fmt: skip


def told(path: Path) -> str:
    reading = read_claims([path])
    words = [f"{claim.tool} {claim.claim}{' muted' if claim.muted else ''}" for claim in reading.claims]
    words += [f"ignored {one.reason}" for one in reading.ignored]
    return ", ".join(words + [problem.code for problem in reading.problems])


@pytest.mark.parametrize("case", JSON)
def test_records(case: str, tmp_path: Path) -> None:
    document, expected = JSON[case]
    (tmp_path / "a").write_text(json.dumps(document, indent=1))
    assert told(tmp_path) == expected


V2 = "compliance.status,cloud.account.uid,compliance.control,status"
TABLES: dict[str, tuple[Sequence[str], str]] = {
    "prowler 4: muted, in capitals": (
        ("AUTH_METHOD;ACCOUNT_UID;FINDING_UID;CHECK_ID;STATUS;MUTED", f"p;{A};u;{ROOT};PASS;TRUE"),
        "prowler PASS muted",
    ),
    "prowler app: muted as a status": (
        ("AUTH_METHOD;ACCOUNT_UID;FINDING_UID;CHECK_ID;STATUS;MUTED", f"p;{A};u;{ROOT};MUTED;True"),
        "prowler UNDECIDED muted",
    ),
    "prowler: damaged id, whole one in the stable id": (
        ("AUTH_METHOD;ACCOUNT_UID;FINDING_UID;CHECK_ID;STATUS;MUTED",
         f"p;1.11122E+11;prowler-aws-{ROOT}-{A}-eu-west-1-x;{ROOT};PASS;False"), "prowler PASS",
    ),
    "prowler 2: 3.10 read as 3.1 by a spreadsheet": (
        ("PROFILE,ACCOUNT_NUM,REGION,TITLE_ID,CHECK_RESULT,TITLE_TEXT", f"p,{A},x,3.1,PASS,[check310] groups"),
        "prowler PASS",
    ),
    "prowler 2: numbered with -n": (
        ("PROFILE,ACCOUNT_NUM,REGION,TITLE_ID,CHECK_RESULT,TITLE_TEXT", f"p,{A},x,3.01,PASS,Ensure"), "prowler PASS",
    ),
    "prowler: only other checks": (
        ("AUTH_METHOD;ACCOUNT_UID;FINDING_UID;CHECK_ID;STATUS", f"p;{A};u;s3_bucket;PASS"), "ignored other control",
    ),
    "security hub v2: columns in any order": ((V2, f"Pass,{A},CloudWatch.1,Suppressed"), "security-hub PASS muted"),
    "csv manager": (
        ("ComplianceStatus,Workflow,RecordState,GeneratorId,AwsAccountId,ControlId,FindingId,UpdatedAt",
         f"FAILED,NEW,ACTIVE,{RULESET}3.3,1.11122E+11,3.3,arn:aws:securityhub:eu-west-1:{A}:x/finding/1,2026-09-30"),
        "security-hub FAIL",
    ),
    "powerpipe: no header, no severity": (
        ("g,t,d,aws_compliance.control.cis_v120_3_3,t,d,reason,arn:aws:::" + A + f",ok,{A},x",), "powerpipe PASS",
    ),
    "powerpipe: error of every account": (
        ("group_id,title,description,control_id,control_title,control_description,reason,resource,status",
         "g,t,d,control.log_metric_filter_root_login,t,d,refused,,error"), "powerpipe UNDECIDED",
    ),
    "generic: aliases and columns in any case": (
        ("Status;Account;Control;Tool;Muted", f"passed;{A};CloudWatch.1;Wiz;yes"), "wiz PASS muted",
    ),
    "generic: tool:id": (("account,control,status", f"{A},powerpipe:cis_v300_4_3,alarm"), "powerpipe FAIL"),
    "generic: other words": (("account,control,status", f"{A},root-usage,manual"), "generic UNDECIDED"),
    "generic: a number without version": (("account,control,status", f"{A},4.1,PASS"), "claims-control"),
    "generic: another control": (("account,control,status", f"{A},s3-public,PASS"), "ignored other control"),
    "generic: no status": (("account,control,status", f"{A},root-usage,"), "claims-status"),
    "generic: no account": (("account,control,status", ",root-usage,PASS"), "claims-account"),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_tables(case: str, tmp_path: Path) -> None:
    lines, expected = TABLES[case]
    (tmp_path / "a").write_text("\n".join(lines) + "\n")
    assert told(tmp_path) == expected


def test_ids_are_text(tmp_path: Path) -> None:
    rows = [f"{A},powerpipe:cis_v130_4_{item},ok" for item in ("1", "10", "15", "16")]
    (tmp_path / "a.csv").write_text("\n".join(["account,control,status", *rows]))
    assert [claim.control for claim in read_claims([tmp_path]).claims] == [
        "organizations-changes", "security-group-changes", "unauthorized-api-calls",
    ]  # fmt: skip


def nunit(status: str, reason: str, before: str = "") -> str:
    properties = {"steampipe:status": status, "steampipe:reason": reason, "steampipe:dimension:account_id": A}
    values = "".join(f"<property><key>{k}</key><value>{v}</value></property>" for k, v in properties.items())
    case = f'<test-case id="cis_v150_4_3::0" result="Passed"><properties>{values}</properties></test-case>'
    return f'\n{before}<test-run total="1"><test-suite>{case}</test-suite></test-run>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (nunit("info", "r"), "powerpipe UNDECIDED"),
        (nunit("alarm", "R&D < 5 &amp; more"), "powerpipe FAIL"),
        (nunit("ok", "r")[:-15], "powerpipe PASS, claims-damaged"),
        (nunit("ok", "&x;", '<!DOCTYPE test-run [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "claims-damaged"),
    ],
)
def test_nunit(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(text)
    assert told(tmp_path) == expected


def scout(check: bool | None, items: Sequence[str], filters: Mapping[str, Any], end: str = "") -> str:
    finding = {"logs-no-alarm-root-usage": {"items": list(items), "description": "d"}}
    checks = {} if check is None else {"root_usage": check}
    region = {"metric_filters": filters, "metric_filters_count": len(filters), "metric_filters_pattern_checks": checks}
    cloudwatch = {"findings": finding, "regions": {"eu-west-1": region}}
    document = {
        "account_id": A, "provider_code": "aws", "last_run": {"time": "2024-05-14 09:00:00+0000", "ruleset_name": "r"},
        "services": {"s3": {"buckets": {str(n): {"x": [n]} for n in range(50)}}, "cloudwatch": cloudwatch},
    }  # fmt: skip
    return f"scoutsuite_results =\n{json.dumps(document)}{end}"


F = {"f.1": {"name": "f"}}
FLAGGED = ["cloudwatch.regions.eu-west-1.metric_filters.f.1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (scout(True, [], F), "scoutsuite PASS"),
        (scout(False, FLAGGED, F, ";"), "scoutsuite FAIL"),
        (scout(False, [], F), "scoutsuite FAIL muted"),  # taken out by an exceptions file
        (scout(False, [], {}), "scoutsuite UNDECIDED"),
        (scout(True, [], F).replace("logs-no-alarm-root-usage", "other"), ""),  # not in the ruleset: no claim
        (scout(True, [], F).removeprefix("scoutsuite_results ="), "scoutsuite PASS"),
    ],
)
def test_scoutsuite(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(text)
    assert told(tmp_path) == expected


def policy(pattern: Any, name: str = "p") -> str:
    check = {"type": "check-cloudtrail", "log-metric-filter-pattern": pattern}
    return json.dumps({
        "policy": {"name": name, "filters": [{"or": []}, check]}, "execution": {"start": 1790755200.0},
        "config": {"region": "us-east-1", "account_id": A}, "version": "0.9.40",
    })  # fmt: skip


ROOT_PATTERN = (
    '{ ($.eventType != "AwsServiceEvent") && $.userIdentity.invokedBy NOT EXISTS && $.userIdentity.type = Root }'
)


@pytest.mark.parametrize(
    ("pattern", "resources", "expected"),
    [
        (ROOT_PATTERN, "[]", "cloud-custodian PASS"),  # equal in meaning, written otherwise
        ({"op": "eq", "value": ROOT_PATTERN}, json.dumps([{"account_id": A}]), "cloud-custodian FAIL"),
        (ROOT_PATTERN, None, "ignored no resources.json: the run failed"),
        ("{ $.eventName = ConsoleLogin }", "[]", "ignored other control"),
        ({"op": "regex", "value": ".*Root.*"}, "[]", "ignored pattern is an expression: needs the user's mapping"),
    ],
)
def test_custodian(pattern: Any, resources: str | None, expected: str, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "prod" / "us-east-1" / "p"
    folder.mkdir(parents=True)
    (folder / "metadata.json").write_text(policy(pattern))
    if resources is not None:
        (folder / "resources.json").write_text(resources)
    assert told(tmp_path) == expected


def test_a_token_counts_only_on_the_last_page(tmp_path: Path) -> None:
    pages = [{"Findings": [asff()], "NextToken": "more"}, {"Findings": [asff(AwsAccountId=B)], "NextToken": None}]
    (tmp_path / "a.json").write_text("".join(map(json.dumps, pages)))
    assert told(tmp_path) == "security-hub PASS, security-hub PASS"
    (tmp_path / "a.json").write_text("".join(map(json.dumps, reversed(pages))))
    assert told(tmp_path) == "security-hub PASS, security-hub PASS, claims-next-token"


def test_a_copied_rule_is_told_by_its_logic(tmp_path: Path) -> None:
    logic = load_controls()["root-usage"].variants["default"].rule
    (tmp_path / "a.json").write_text(json.dumps(assessment(rule={"name": "mine", "logic": logic})))
    (claim,) = read_claims([tmp_path]).claims
    assert (claim.control, claim.rule, claim.remark) == ("root-usage", "mine", "")


def test_what_passed_on_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(assessment(relevantCount=0)))
    assert "passed on nothing" in read_claims([tmp_path]).claims[0].remark


def test_a_file_that_is_named_must_be_a_scanners(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    assert told(tmp_path / "notes.txt") == "claims-unknown"
    reading = read_claims([tmp_path])
    assert (reading.problems, reading.others) == ((), ("notes.txt",))
    with pytest.raises(AuditorError, match="no such file"):
        read_claims([tmp_path / "missing"])
