"""Claims held against findings: each outcome, each cause proved on the finding, what does not follow, reliance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import auditor
from auditor.catalogue import load_controls
from auditor.claims.predict import in_words, missing_parts, prowler_form, scoutsuite_texts
from auditor.claims.rule_ids import rule_ids
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, subscription, textbook, trail, write

CONTROL = "root-usage"
CHECK = rule_ids()[CONTROL]["prowler"]
ROOT = load_controls()[CONTROL].variants["default"].patterns[0].pattern
METRIC = {"metricName": "Root", "metricNamespace": "Audit", "metricValue": "1"}


def bundle(folder: Path, pattern: str = ROOT, **changes: Any) -> Path:
    """The textbook set-up for use of the root user; ``changes`` to its alarm, or ``filter``, ``trail``, ``topic``."""
    changed = {name: changes.pop(name, {}) for name in ("filter", "trail", "topic")}
    own = {"MetricName": "Root", **changes}
    files = textbook(
        trails=[trail(**changed["trail"])],
        filters=[metric_filter(pattern, transformation=METRIC, filterName="root", **changed["filter"])],
        alarms=[alarm(**own)],
        subscriptions=[subscription(**changed["topic"])],
    )
    return write(files, folder / "bundle")


def prowler(status: str, version: str = "5.40.0", time: str = "", muted: str = "False", sentence: str = "s") -> str:
    head = "AUTH_METHOD;TIMESTAMP;ACCOUNT_UID;FINDING_UID;CHECK_ID;STATUS;STATUS_EXTENDED;MUTED;REGION;PROWLER_VERSION"
    return f"{head}\np;{time};{ACCOUNT};u;{CHECK};{status};{sentence};{muted};{REGION};{version}\n"


def plain(status: str, tool: str = "wiz", control: str = CONTROL) -> str:
    return f"account,control,status,tool\n{ACCOUNT},{control},{status},{tool}\n"


def security_hub(status: str, code: str = "") -> str:
    compliance: dict[str, Any] = {"Status": status, "SecurityControlId": "CloudWatch.1"}
    if code:
        compliance["StatusReasons"] = [{"ReasonCode": code, "Description": "d"}]
    return json.dumps({
        "SchemaVersion": "2018-10-08", "AwsAccountId": ACCOUNT, "Region": REGION, "Compliance": compliance,
        "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/securityhub", "GeneratorId": "x",
    })  # fmt: skip


def config(status: str) -> str:
    qualifier = {"ConfigRuleName": "alarm-root-account-use", "ResourceType": "AWS::::Account", "ResourceId": ACCOUNT}
    item = {"ComplianceType": status, "EvaluationResultIdentifier": {"EvaluationResultQualifier": qualifier}}
    return json.dumps({"EvaluationResults": [item]})


def scout(flagged: bool) -> str:
    items = [f"cloudwatch.regions.{REGION}.metric_filters.f"] if flagged else []
    region = {"metric_filters_count": 1, "metric_filters_pattern_checks": {"root_usage": not flagged}}
    cloudwatch = {"findings": {"logs-no-alarm-root-usage": {"items": items}}, "regions": {REGION: region}}
    return "scoutsuite_results =\n" + json.dumps({"account_id": ACCOUNT, "services": {"cloudwatch": cloudwatch}})


def cloudbeat(status: str) -> str:
    benchmark = {"id": "cis_aws", "rule_number": "4.3"}
    return json.dumps(
        {"rule": {"benchmark": benchmark}, "result": {"evaluation": status}, "cloud": {"account": {"id": ACCOUNT}}}
    )


def audited(folder: Path, claims: str, evidence: Path, **options: Any) -> auditor.AuditResult:
    (folder / "claims").mkdir(exist_ok=True)
    (folder / "claims" / "file").write_text(claims)
    return auditor.audit(evidence, controls=[CONTROL], claims=folder / "claims", **options)


ANDED = ROOT.replace("}", '&& $.awsRegion = "eu-west-1" }')
OTHER_ORDER = "{ $.eventType != AwsServiceEvent && $.userIdentity.invokedBy NOT EXISTS && $.userIdentity.type = Root }"

# claims, what is changed in the textbook bundle, outcome, code of the cause, whether it follows, words of the cause
CASES: dict[str, tuple[str, dict[str, Any], str, str, bool | None, str]] = {
    "agree": (prowler("PASS"), {}, "agree", "", True, ""),
    "prowler: metric name alone": (
        prowler("PASS"), {"Namespace": "CISBenchmark"}, "overstates", "prowler/metric-name-alone", True,
        "alarm ssm-actions watches Root in CISBenchmark",
    ),
    "prowler from 5.41 compares the namespace: its pass does not follow": (
        prowler("PASS", "5.46.0"), {"Namespace": "CISBenchmark"}, "overstates", "prowler/metric-name-alone", False,
        "does not follow from the captures",
    ),
    "prowler from 5.41 sees the namespace": (
        prowler("FAIL", "5.46.0"), {"Namespace": "CISBenchmark"}, "agree", "", True, "",
    ),
    "prowler: text, not meaning": (
        prowler("PASS"), {"pattern": ANDED}, "overstates", "prowler/pattern-text", True, "Witness",
    ),
    "prowler: alarm": (
        prowler("PASS"), {"ActionsEnabled": False}, "overstates", "prowler/not-looked-at-alarm", True, "disabled",
    ),
    "prowler: subscription": (
        prowler("PASS"), {"topic": {"SubscriptionArn": "PendingConfirmation"}}, "overstates",
        "prowler/not-looked-at-subscription", True, "pending",
    ),
    "prowler: order": (prowler("FAIL"), {"pattern": OTHER_ORDER}, "understates", "prowler/order", True, "equal"),
    "prowler: what no rule of it explains": (
        prowler("FAIL"), {}, "understates", "", False, "No known cause",
    ),
    "prowler: edited to pass": (prowler("PASS"), {"pattern": OTHER_ORDER}, "agree", "", False, "does not follow"),
    "prowler: manual": (
        prowler("MANUAL", sentence="Cannot evaluate"), {}, "undecided", "", None, "Cannot evaluate",
    ),
    "muted": (prowler("FAIL", muted="True"), {}, "muted", "", False, ""),
    "security hub: text": (
        security_hub("FAILED", "CLOUDTRAIL_METRIC_FILTER_NOT_VALID"), {"pattern": OTHER_ORDER}, "understates",
        "security-hub/text", None, "equal",
    ),
    "security hub: other region": (
        security_hub("WARNING", "CLOUDTRAIL_REGION_INVAILD"), {}, "undecided",
        "security-hub/CLOUDTRAIL_REGION_INVAILD", None, "based",
    ),
    "security hub: alarm": (
        security_hub("PASSED"), {"ActionsEnabled": False}, "overstates", "security-hub/not-looked-at-alarm", None,
        "not published",
    ),
    "powerpipe: order and spelling": (
        json.dumps({"group_id": "g", "controls": [{"control_id": "control.cis_v300_4_3", "run_status": 4, "results": [
            {"status": "alarm", "resource": f"arn:aws:::{ACCOUNT}", "reason": "r", "dimensions": []}]}]}),
        {"pattern": OTHER_ORDER}, "understates", "powerpipe/text", True, "equal",
    ),
    "security hub: the very text": (security_hub("FAILED"), {}, "understates", "", None, "No known cause"),
    "config": (config("COMPLIANT"), {"ActionsEnabled": False}, "overstates", "aws-config/attested", None, "person's"),
    "scoutsuite: text": (scout(True), {"pattern": OTHER_ORDER}, "understates", "scoutsuite/text", True, "equal"),
    "scoutsuite: no alarm": (
        scout(False), {"ActionsEnabled": False}, "overstates", "scoutsuite/not-looked-at-alarm", True, "never looks",
    ),
    "cloudbeat: filter's name": (cloudbeat("failed"), {}, "understates", "cloudbeat/filter-name", None, "publishes"),
    "a tool of which nothing is known": (plain("FAIL"), {}, "understates", "", None, "No known cause"),
    "not audited": (plain("FAIL", control="vpc-changes"), {}, "not-audited", "", None, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_outcome_and_cause(case: str, tmp_path: Path) -> None:
    claims, changes, outcome, code, follows, words = CASES[case]
    result = audited(tmp_path, claims, bundle(tmp_path, **changes))
    (row,) = [row for row in result.document["claims"] or [] if row["outcome"] != "silent"]
    assert (row["outcome"], row["cause_code"], row["follows"]) == (outcome, code, follows)
    assert words in (row["cause"] or "")
    assert row["cause_source"] or not code


def test_time_comes_first(tmp_path: Path) -> None:
    claims = prowler("PASS", time="2026-09-30 08:00:00")
    result = audited(tmp_path, claims, bundle(tmp_path, ActionsEnabled=False), captured_on="2026-09-28")
    assert result.claims["cause"][0].startswith("The claim is of 2026-09-30, the captures of 2026-09-28")
    same = audited(tmp_path, prowler("PASS", time="2026-09-28 23:00:00"), tmp_path / "bundle", captured_on="2026-09-28")
    assert same.claims["cause"][0].startswith("Prowler asks only")


def test_ours_inconclusive_is_shown_and_not_settled(tmp_path: Path) -> None:
    files = textbook(filters=[metric_filter(ROOT, transformation=METRIC)])
    kept = {path: text for path, text in files.items() if "alarms" not in path}
    evidence = write(kept, tmp_path / "bundle")
    result = audited(tmp_path, prowler("PASS"), evidence)
    row = result.claims[result.claims["outcome"] != "silent"].iloc[0]
    assert (row["outcome"], row["verdict"], row["claim"]) == ("inconclusive", "INCONCLUSIVE", "PASS")


def test_a_later_run_supersedes(tmp_path: Path) -> None:
    old, new = prowler("FAIL", time="2026-09-01 08:00:00"), prowler("PASS", time="2026-09-02 08:00:00")
    result = audited(tmp_path, old + new, bundle(tmp_path))
    assert result.claims["outcome"][:2].tolist() == ["superseded", "agree"]
    row = result.reliance[result.reliance["control"] == CONTROL].iloc[0]
    assert (row["accounts"], row["agreed"], row["understated"]) == (1, 1, 0)


def test_benchmarks_that_differ_are_shown_and_said(tmp_path: Path) -> None:
    finding = json.loads(security_hub("PASSED")) | {"UpdatedAt": "2026-09-01T00:00:00Z"}
    standard = "cis-aws-foundations-benchmark/v/1.4.0/4.3"
    other = json.loads(security_hub("FAILED")) | {"UpdatedAt": "2026-09-05T00:00:00Z", "GeneratorId": standard}
    result = audited(tmp_path, json.dumps([finding, other]), bundle(tmp_path))
    said = result.claims[result.claims["outcome"] != "silent"]
    assert sorted(said["outcome"]) == ["agree", "understates"]
    assert all("several things" in cause for cause in said["cause"])


def test_silence_is_no_pass(tmp_path: Path) -> None:
    other = prowler("FAIL").replace(CHECK, "s3_bucket")
    result = audited(tmp_path, other, bundle(tmp_path))
    (row,) = result.document["claims"] or []
    assert (row["claim"], row["outcome"]) == (None, "silent")
    assert "may hold failures only" in (row["cause"] or "")
    assert (result.reliance["silent"].tolist(), result.reliance["advice"].tolist()) == (
        [1], ["No basis: no answer could be compared."],
    )  # fmt: skip


def test_one_overstatement_advises_against(tmp_path: Path) -> None:
    advice = audited(tmp_path, prowler("PASS"), bundle(tmp_path, ActionsEnabled=False)).reliance["advice"][0]
    assert advice == "Do not rely on it: it passes 1 account that fails."
    advice = audited(tmp_path, prowler("PASS"), bundle(tmp_path)).reliance["advice"][0]
    assert advice == "No exception in 1 account compared."


def test_a_mute_without_a_waiver_is_a_problem(tmp_path: Path) -> None:
    muted, evidence = prowler("FAIL", muted="True"), bundle(tmp_path, ActionsEnabled=False)
    result = audited(tmp_path, muted, evidence, captured_on="2026-09-28")
    assert [one["code"] for one in result.document["problems"] if "mute" in one["code"]] == ["mute-without-waiver"]
    waiver = {"account": ACCOUNT, "control": CONTROL, "owner": "o", "reason": "r", "expiry": "2027-01-01"}
    (tmp_path / "waivers.json").write_text(json.dumps([waiver]))
    options = {"captured_on": "2026-09-28", "waivers": tmp_path / "waivers.json"}
    result = audited(tmp_path, muted, evidence, **options)
    assert not [one for one in result.document["problems"] if "mute" in one["code"]]
    assert result.claims["waiver"][0]


def test_objective_is_named(tmp_path: Path) -> None:
    broader = '{ $.userIdentity.type = "Root" }'
    result = audited(tmp_path, prowler("PASS").replace("PASS", "FAIL"), bundle(tmp_path, pattern=broader))
    row = result.claims.iloc[0]
    assert (row["verdict"], row["objective"], row["outcome"]) == ("FAIL", "PASS", "understates")
    assert "objective met" in row["cause"]


_STATUS = st.sampled_from(["PASS", "FAIL", "MANUAL", "MUTED"])
_LINE = st.tuples(st.sampled_from([CHECK, "s3_bucket"]), _STATUS, st.sampled_from(["True", "False"]))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("law")
    evidence = bundle(folder, ActionsEnabled=False)
    found = dict(auditor.audit(evidence, controls=[CONTROL]).document)
    return folder, found


@given(lines=st.lists(_LINE, max_size=4), hub=st.sampled_from(["PASSED", "FAILED", "WARNING"]))
@settings(max_examples=12, deadline=None)
def test_no_claim_changes_a_verdict(
    broken: tuple[Path, dict[str, Any]], lines: list[tuple[str, str, str]], hub: str
) -> None:
    folder, without = broken
    head, row = prowler("STATUS", muted="MUTED").splitlines()
    rows = [row.replace(CHECK, a).replace("STATUS", b).replace("MUTED", c) for a, b, c in lines]
    (folder / "claims").mkdir(exist_ok=True)
    (folder / "claims/a.csv").write_text("\n".join([head, *rows]))
    (folder / "claims/b.json").write_text(security_hub(hub))
    told = auditor.audit(folder / "bundle", controls=[CONTROL], claims=folder / "claims").document
    differing = {name for name in told if told[name] != without[name]}  # type: ignore[literal-required]
    assert differing <= {"claims", "reliance", "options", "problems"}


def test_published_expressions_are_read_as_they_are() -> None:
    form = prowler_form("route-table-changes", (5, 46))
    assert form is not None
    assert in_words(form["parts"][0]) == "$.eventSource = ec2.amazonaws.com"
    required = load_controls()["route-table-changes"].variants["default"].patterns[0].pattern
    older = prowler_form("route-table-changes", (4, 0))
    assert older is not None
    assert older["ordered"]
    assert not form["ordered"]
    named = [in_words(part) for part in missing_parts(form, required)]
    assert named in ([], ["$.eventSource = ec2.amazonaws.com"])
    assert all(prowler_form(control, (5, 46)) for control, ids in rule_ids().items() if "prowler" in ids)
    assert set(scoutsuite_texts()) == {control for control, ids in rule_ids().items() if "scoutsuite" in ids}
