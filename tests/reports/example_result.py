"""A made-up result with every verdict, every kind of gap and hostile names: the input of the report tests.

Account ids, names and digests are invented. What a report must survive is in :data:`HOSTILE`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from auditor.findings.rules import cited_rules
from auditor.result import (
    AuditResult,
    CaptureFacts,
    ChainFacts,
    ClaimFacts,
    ControlFacts,
    ControlMapping,
    Counts,
    Finding,
    FrameworkResult,
    LinkFacts,
    PopulationAccount,
    RelianceFacts,
    RemediationSteps,
    ReplayFacts,
    RequirementResult,
    ResultDocument,
    WatchFacts,
)
from auditor.rules import reasons
from auditor.verdict import LINKS, Verdict, worst

EVENTS = [
    "ListCommands", "ListCommandInvocations", "SendCommand", "StartSession", "DescribeSessions",
    "GetConnectionStatus", "DescribeInstanceProperties", "DescribeInstanceInformation",
    "TerminateSession", "ResumeSession",
]  # fmt: skip
REQUIRED = "{" + "||".join(f"($.eventName={event})" for event in EVENTS) + "}"
ROOT_REQUIRED = (
    "{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }"
)
CONTROL, ROOT_CONTROL = "ssm-actions@default", "root-usage@default"

HOSTILE = {
    "command": "=cmd|' /C calc'!A0",
    "script": "<script>alert(1)</script>",
    "closing": "</script><!-- <script>\u2028]]>",
    "equals": "====",
    "plus": "+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "full_width": "＝1",
    "tab": "\t=1",
    "line_break": "first\r\nsecond",
    "escape_code": "\x1b[31mred\x1b[0m",
    "right_to_left": "invoice\u202efdp.exe",
    "zero_width": "ad\u200bmin",
    "not_a_character": "end\uffff",
    "excel_escape": "_x003D_1+1",
    "markup": "[bold]name[/bold] {{ 7*7 }} ${jndi:ldap://x}",
    "external": "='[other.xlsx]Sheet1'!A1",
    "quotes": "\"onmouseover='alert(2)'",
    "japanese": "SSM 操作 → 当番",
    "number": "1E5",
    "date": "2026-07-01",
}  # fmt: skip

REGION = "us-east-1"
MANAGEMENT = "111122223333"
CAPTURED_AT = "2026-10-02T08:15:30Z"

_WORDS = {
    "trail": ("no-trail", "No trail of this account is captured that delivers events to CloudWatch Logs."),
    "log_group": ("trail-without-log-group", "The trail main delivers to no log group."),
    "metric_filter": ("filter-narrower", "The filter does not count 1 of the 10 required events."),
    "metric": (
        "namespace-differs",
        "The alarm watches SsmActions in the namespace Custom, not CISBenchmark.",
    ),
    "alarm": ("threshold-above-one", "One event does not reach the threshold of 5."),
    "topic": ("no-sns-action", "The alarm's actions name no topic."),
    "subscription": (
        "subscription-pending",
        "Every subscription of the topic alerts waits for confirmation.",
    ),
}


def digest(text: str) -> str:
    """The SHA-256 of an invented file, from its name."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def capture(account: str, call: str, name: str, **changes: Any) -> CaptureFacts:
    file = f"{account}/{REGION}/{name}.json"
    return {
        "file": file, "sha256": digest(file), "bytes": 2048, "call": call, "account_id": account,
        "region": REGION, "resource": "", "place_source": "record", "captured_at": CAPTURED_AT,
        "captured_at_source": "record", "arguments": ["--output", "json"],
        "caller_arn": f"arn:aws:sts::{account}:assumed-role/Audit/auditor-20261002",
        "cli_version": "aws-cli/2.31.0 Python/3.13.7", "records": 1, "pages": 1, "status": "captured", "complete": True,
        "valid": True, "in_period": True, "encoding": "utf-8",
    } | changes  # type: ignore[return-value]  # fmt: skip


def chain(account: str, number: int = 1, broken: str | None = None, state: str = "broken") -> ChainFacts:
    """A chain that is ok up to ``broken``; what comes after is not reached and unknown."""
    links: dict[str, LinkFacts] = {}
    reached = True
    for position, link in enumerate(LINKS):
        if link == broken:
            code, reason = _WORDS[link]
            links[str(link)] = {
                "state": state,
                "code": code,
                "reason": reason,
                "evidence": [min(position // 2, 3)],
            }
            reached = False
        else:
            links[str(link)] = {
                "state": "ok" if reached else "unknown",
                "code": "", "reason": "", "evidence": [min(position // 2, 3)] if reached else [],
            }  # fmt: skip
    seen = 0 if broken is None else [*LINKS].index(broken)  # type: ignore[arg-type]

    def until(link_number: int, value: str) -> str:
        return value if broken is None or seen >= link_number else ""

    pattern = REQUIRED if broken != "metric_filter" else REQUIRED.replace("||($.eventName=SendCommand)", "")
    threshold = 5.0 if broken == "alarm" else 1.0
    return {
        "number": number,
        "trail_arn": until(1, f"arn:aws:cloudtrail:{REGION}:{account}:trail/main"),
        "home_region": REGION, "multi_region": True, "organization_trail": False,
        "log_group": until(2, f"arn:aws:logs:{REGION}:{account}:log-group:cloudtrail/main"),
        "filter_name": until(2, "ssm-actions"),
        "filter_pattern": until(2, pattern) or None,
        "required_pattern": REQUIRED,
        "pattern_relation": None if seen < 2 and broken else "narrower" if broken == "metric_filter" else "equal",
        "missed": ["SendCommand"] if broken == "metric_filter" else [],
        "added": [],
        "witness": {"eventName": "SendCommand", "eventSource": "ssm.amazonaws.com"}
        if broken == "metric_filter" else None,
        "witness_kind": "missed" if broken == "metric_filter" else "",
        "assumptions": [],
        "metric": until(3, "CISBenchmark/SsmActions"),
        "alarm_arn": until(3, f"arn:aws:cloudwatch:{REGION}:{account}:alarm:ssm-actions"),
        "alarm": {
            "words": f"Sum of SsmActions >= {threshold:g} in 1 of 1 periods of 300 s, missing data not breaching",
            "description": "Who opens a session", "configured_at": "2026-03-02T09:00:00Z",
            "statistic": "Sum", "threshold": threshold, "comparison": "GreaterThanOrEqualToThreshold",
            "period": 300, "evaluation_periods": 1, "datapoints_to_alarm": None,
            "treat_missing_data": "notBreaching", "actions_enabled": True,
        } if broken is None or seen >= 3 else None,
        "composite_arns": [],
        "topic_arn": until(5, f"arn:aws:sns:{REGION}:{account}:alerts"),
        "subscription_arn": "PendingConfirmation" if broken == "subscription" and state == "broken"
        else until(7, f"arn:aws:sns:{REGION}:{account}:alerts:5d2e89e6-b579-4b31-bd76-c25f6bb6ce7f"),
        "protocol": until(6, "email") if state == "broken" else "",
        "endpoint": until(6, "soc@example.com") if state == "broken" else "",
        "covers": {"regions": [REGION, "eu-west-1"], "events": EVENTS},
        "links": links, "first_broken": broken, "decides": number == 1,
    }  # fmt: skip


def captures_of(account: str) -> list[CaptureFacts]:
    topic = f"arn:aws:sns:{REGION}:{account}:alerts"
    return [
        capture(account, "cloudtrail:DescribeTrails", "cloudtrail-describe-trails"),
        capture(account, "logs:DescribeMetricFilters", "logs-describe-metric-filters", records=42),
        capture(account, "cloudwatch:DescribeAlarms", "cloudwatch-describe-alarms", records=17),
        capture(account, "sns:ListSubscriptionsByTopic", "sns-list-subscriptions-by-topic/alerts", resource=topic),
    ]


def remediation(account: str, link: str) -> RemediationSteps:
    return {
        "link": link,
        "summary": f"Mend the link {link} and confirm that one event reaches the mailbox.",
        "portal": [
            "Open CloudWatch, Log groups, cloudtrail/main, Metric filters.",
            "Choose Create metric filter and paste the required pattern.",
            "Open Alarms and create an alarm on CISBenchmark/SsmActions: Sum, 300 s, at least 1.",
        ],
        "cli": "aws logs put-metric-filter --region us-east-1 --log-group-name cloudtrail/main \\\n"
        f"  --filter-name ssm-actions --filter-pattern '{REQUIRED}' \\\n"
        "  --metric-transformations metricName=SsmActions,metricNamespace=CISBenchmark,metricValue=1",
        "terraform": 'resource "aws_cloudwatch_log_metric_filter" "ssm_actions" {\n  name    = "ssm-actions"\n'
        f'  pattern = "{REQUIRED}"\n'
        f'  log_group_name = "cloudtrail/main" # account {account}\n}}',
        "references": ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateMetricFilterProcedure.html"],
    }


def finding(
    account: str,
    name: str,
    verdict: str = "PASS",
    broken: str | None = None,
    *,
    control: str = CONTROL,
    **changes: Any,
) -> Finding:
    state = "unknown" if verdict == "INCONCLUSIVE" else "broken"
    one = chain(account, 1, broken, state)
    code, reason = _WORDS[broken] if broken else ("chain-complete", "One chain is complete in every region.")
    control_id, _, variant = control.partition("@")
    reached = True
    links = {}
    for link in LINKS:
        links[str(link)] = "n/a" if not reached else one["links"][str(link)]["state"]
        reached = reached and link != broken
    found: dict[str, Any] = {
        "id": f"{account}/{control}", "number": "", "account_id": account, "account_name": name,
        "control_id": control_id, "variant": variant, "verdict": verdict, "as_published": None,
        "objective": verdict, "reason_code": code, "reason": reason, "broken_link": broken,
        "resource": one["topic_arn"] or one["log_group"] or one["trail_arn"], "links": links,
        "regions": [] if verdict == "PASS" else [REGION, "eu-west-1"], "chains": [one],
        "open_points": [], "assumptions": [], "remarks": [], "settles": [],
        "evidence": [
            {"file": item["file"], "sha256": item["sha256"], "pointer": pointer, "captured_at": CAPTURED_AT}
            for item, pointer in zip(
                captures_of(account),
                ["/trailList/0", "/metricFilters/3", "/MetricAlarms/11", "/Subscriptions/0"],
                strict=True,
            )
        ],
        "remediation": remediation(account, broken) if broken and verdict == "FAIL" else None,
        "waiver": None,
    }  # fmt: skip
    found |= changes
    if found["reason_code"] in reasons():
        found["rule"] = reasons()[found["reason_code"]].rule
    return found  # type: ignore[return-value]


def open_points(account: str, *, material: bool) -> list[Any]:
    points = [
        {"code": "trail-status-not-captured", "material": False,
         "text": "Whether the trail is switched on is not shown.",
         "command": f"aws cloudtrail get-trail-status --name arn:aws:cloudtrail:{REGION}:{account}:trail/main",
         "place": ""},
        {"code": "topic-attributes-not-captured", "material": False,
         "text": "The topic's policy and key are not shown.",
         "command": f"aws sns get-topic-attributes --topic-arn arn:aws:sns:{REGION}:{account}:alerts", "place": ""},
    ]  # fmt: skip
    if material:
        points.append(
            {"code": "custom-selectors-not-captured", "material": True,
             "text": "The trail has custom event selectors and they are not captured.",
             "command": "aws cloudtrail get-event-selectors "
             f"--trail-name arn:aws:cloudtrail:{REGION}:{account}:trail/main", "place": ""}
        )  # fmt: skip
    return points


def person(account: str, name: str, status: str = "covered", **changes: Any) -> PopulationAccount:
    captured = status == "covered"
    return {
        "account_id": account, "name": name, "owner": "platform@example.com", "organization": "o-exampleorgid",
        "status": status, "in_scope": status != "out_of_scope", "reason": "",
        "organization_state": "", "in_scope_file": None,
        "regions_expected": [REGION, "eu-west-1"], "regions_captured": [REGION] if captured else [],
        "captures": 4 if captured else 0,
    } | changes  # type: ignore[return-value]  # fmt: skip


def _controls() -> list[ControlFacts]:
    return [
        {
            "id": "ssm-actions", "variant": "default",
            "title": "Alarm on Systems Manager Run Command and Session Manager actions",
            "risk": "High", "category": "Management Tools", "cloud_entity": "CloudTrail",
            "cloud_entity_meaning": "The service that records the API calls of an AWS account.",
            "covered_by_spectral": False,
            "rationale": "Who runs commands on instances or opens sessions on them should be noticed at once.",
            "aliases": ["D9.AWS.MON.23"], "accepted_patterns": [REQUIRED],
            "patterns": [{"pattern": REQUIRED, "publisher": "Check Point CloudGuard",
                          "source": "https://guides.spectralops.io/docs/d9_aws_mon_23",
                          "remark": "six of the ten names are read-only calls; no eventSource condition"}],
            "rule": "List<CloudTrail> should have items with [hasSNSSubscriber='true' and metricFilters with "
            f"[filterPattern isFilterPatternEqual('{REQUIRED}')] length() > 0]",
            "rule_id": "D9.AWS.MON.23", "rule_repair": None, "events": EVENTS,
            "references": ["https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html"],
        },
        {
            "id": "root-usage", "variant": "default", "title": "Alarm on use of the root user", "risk": "High",
            "category": "Security, Identity, & Compliance", "cloud_entity": "CloudTrail",
            "cloud_entity_meaning": "The service that records the API calls of an AWS account.",
            "covered_by_spectral": False, "rationale": "Use of the root user should be rare and noticed.",
            "aliases": ["D9.AWS.MON.03", "CloudWatch.1"], "accepted_patterns": [ROOT_REQUIRED],
            "patterns": [{"pattern": ROOT_REQUIRED, "publisher": "CIS", "source": "CIS 1.2.0, 3.3",
                          "remark": ""}],
            "rule": None, "rule_id": None, "rule_repair": None,
            "events": ["(any call of the root user)"], "references": [],
        },
    ]  # fmt: skip


def _narrow_by_source(account: str) -> ChainFacts:
    one = chain(account, 1, "metric_filter")
    one["filter_pattern"] = "{($.eventSource = ssm.amazonaws.com) && (" + REQUIRED[1:-1] + ")}"
    one["witness"] = {"eventName": "ListCommands", "eventSource": "iot.amazonaws.com"}
    one["missed"] = []
    one["assumptions"] = ["leftmost-wildcard"]
    return one


def _hostile_chains(account: str) -> list[ChainFacts]:
    chains = []
    for number, text in enumerate(HOSTILE.values(), 1):
        one = chain(account, number, "subscription")
        one["filter_name"] = text
        one["filter_pattern"] = text
        one["metric"] = f"{text}/{text}"
        one["log_group"] = text
        one["endpoint"] = text
        one["alarm"]["words"] = text  # type: ignore[index]
        one["missed"] = [text]
        chains.append(one)
    chains[0]["missed"] = [f"Event{number:05d}" for number in range(4000)]  # 48,000 characters when joined
    chains[0]["endpoint"] = "user@example.com, " * 2300  # 41,400 characters
    return chains


WAIVER = {
    "id": "W-001", "account": "7777*", "control": "ssm-actions", "owner": "cloud-platform@example.com",
    "reason": "The account is switched off at the end of the year.", "approver": "ciso@example.com",
    "ticket": "GRC-1187", "granted": "2026-07-15", "expiry": "2026-12-31",
    "compensating_control": "Weekly review of Systems Manager events.", "status": "active",
}  # fmt: skip


_BEFORE = {"verdict": "FAIL", "reason": "No alarm watches the metric.", "basis": "00.11", "as_of": "2026-06-30"}
REVIEW = [
    {"finding": f"012345678901/{CONTROL}", "number": "F-0001", "status": "carried", "conclusion": "Agree",
     "comment": "=1+1 seen in the console", "own": [{"header": "Tested by", "text": "AB"}], "earlier": "",
     "changed": [], "why": "", "before": _BEFORE, "where": "old.xlsx, sheet Results, cell AC5"},
    {"finding": f"222233334444/{CONTROL}", "number": "F-0003", "status": "evidence_changed", "conclusion": "Disagree",
     "comment": "", "own": [], "earlier": "2026-06-30, FAIL: Disagree", "changed": ["result and reason", "Alarm"],
     "why": "", "before": _BEFORE, "where": "old.xlsx, sheet Results, cell AC6"},
    {"finding": "909090909090/ssm-actions@default", "number": "", "status": "unplaced", "conclusion": "Follow up",
     "comment": "left in July", "own": [{"header": "Tested by", "text": "CD"}], "earlier": "", "changed": [],
     "why": "this build has no such finding", "before": _BEFORE, "where": "old.xlsx, sheet Results, cell AC9"},
]  # fmt: skip


def _changes() -> Any:
    """An alarm that somebody changed, a finding that fails now, and an account that left."""
    finding = f"777788889999/{CONTROL}"
    compared = {
        "finding": finding, "account_id": "777788889999", "account_name": "sandbox", "control": CONTROL,
        "group": "newly_failing", "before": "PASS", "after": "FAIL", "since": "2026-09-30", "code_before": "holds",
        "code_after": "no-alarm", "reason_before": "It held.", "reason_after": "No alarm.", "evidence": [],
    }  # fmt: skip
    change = {
        "finding": finding, "link": "alarm", "field": "threshold", "before": 1.0, "after": 5.0,
        "words": "Alarm, threshold: 1 → 5",
    }  # fmt: skip
    quarter = {"name": "earlier", "as_of": "2026-06-30", "sha256": "00", "accounts": 17, "captures": 60}
    left = {"account_id": "303030303030", "name": "=left", "what": "left", "why": "not listed now"}
    return {
        "quarters": [quarter, quarter | {"name": "now", "as_of": "2026-09-30"}], "newly_failing": [finding],
        "fixed": [], "still_failing": [], "evidence_only": [], "settled": [], "unsettled": [], "still_inconclusive": [],
        "changed": [change], "open_points": [], "joined": [], "left": ["303030303030"], "population": [left],
        "not_compared": [], "findings": [compared],
        "history": [{"finding": finding, "verdicts": ["PASS", "FAIL"], "since": "2026-09-30"}], "remarks": [],
    }  # fmt: skip


def _ssm_findings() -> list[Finding]:
    inconclusive = "The subscriptions of the topic alerts are not captured."
    return [
        finding("012345678901", "payments-prod", open_points=open_points("012345678901", material=False)),
        finding(MANAGEMENT, "management"),
        finding("222233334444", "shop-prod", open_points=open_points("222233334444", material=True)),
        finding("333344445555", "shop-test", "FAIL", "log_group"),
        finding("444455556666", "data-lake", "FAIL", "metric_filter"),
        finding(
            "555566667777", "analytics", "FAIL", "metric_filter", objective="PASS",
            chains=[_narrow_by_source("555566667777")], reason_code="objective-not-letter",
            reason="The filter counts the control's own events and leaves out namesakes of other services.",
        ),
        finding("666677778888", "legacy", "FAIL", "metric"),
        finding("777788889999", "sandbox", "FAIL", "alarm", waiver=WAIVER),
        finding(
            "888899990000", "batch", "FAIL", "alarm", open_points=open_points("888899990000", material=True),
            reason_code="actions-disabled",
            reason="The alarm's actions are switched off and composite alarms are not evidenced.",
        ),
        finding("999900001111", "web-prod", "FAIL", "subscription"),
        finding("123123123123", "web-test", "FAIL", "subscription"),
        finding(
            "101010101010", "network", "INCONCLUSIVE", "subscription", reason=inconclusive,
            reason_code="subscriptions-not-captured",
            settles=["aws sns list-subscriptions-by-topic --topic-arn "
                     f"arn:aws:sns:{REGION}:101010101010:alerts --region {REGION}"],
        ),
        finding(
            "202020202020", "new-account", "INCONCLUSIVE", "trail", chains=[], evidence=[], resource="",
            reason_code="account-without-captures", reason="The bundle holds no capture of this account.",
            settles=[f"aws cloudtrail describe-trails --region {REGION}"],
        ),
        finding(
            "303030303030", "member-by-trail", remarks=["Covered by the organisation trail of 111122223333."],
            assumptions=[{"code": "arguments-not-recorded", "text": "Captures were read as unfiltered."}],
        ),
        finding(
            "505050505050", HOSTILE["command"], "FAIL", "subscription",
            chains=_hostile_chains("505050505050"),
            remarks=[*HOSTILE.values()], reason=f"The topic {HOSTILE['script']} has no confirmed subscription.",
            resource=HOSTILE["right_to_left"],
        ),
    ]  # fmt: skip


def _root_findings() -> list[Finding]:
    accounts = [("012345678901", "payments-prod"), (MANAGEMENT, "management"), ("222233334444", "shop-prod")]
    findings = []
    for account, name in accounts:
        one = finding(account, name, control=ROOT_CONTROL)
        one["chains"][0] |= {"filter_pattern": ROOT_REQUIRED, "required_pattern": ROOT_REQUIRED}
        findings.append(one)
    return findings


def counts(findings: Sequence[Finding]) -> Counts:
    """The numbers of ``findings``, as the result states them."""

    def number(wanted: Callable[[Finding], Any]) -> int:
        return sum(bool(wanted(one)) for one in findings)

    return {
        "accounts": len({one["account_id"] for one in findings}),
        "passed": number(lambda one: one["verdict"] == "PASS"),
        "failed": number(lambda one: one["verdict"] == "FAIL"),
        "inconclusive": number(lambda one: one["verdict"] == "INCONCLUSIVE"),
        "open": number(lambda one: one["verdict"] == "PASS" and one["open_points"]),
        "material": number(
            lambda one: one["verdict"] == "PASS" and any(point["material"] for point in one["open_points"])
        ),
        "failed_material": number(
            lambda one: one["verdict"] == "FAIL" and any(point["material"] for point in one["open_points"])
        ),
        "objective_not_letter": number(lambda one: one["verdict"] == "FAIL" and one["objective"] == "PASS"),
        "waivers": number(lambda one: one["waiver"]),
    }


def _of(findings: Sequence[Finding], control: str) -> list[Finding]:
    return [one for one in findings if f"{one['control_id']}@{one['variant']}" == control]


def _words(verdict: str, numbers: Counts, controls: int) -> str:
    if verdict == "PASS":
        return f"No exceptions noted in the {controls} mapped control{'s' * (controls != 1)} tested"
    if verdict == "NOT_ASSESSED":
        return "Not assessed: no mapped control was tested"
    parts = []
    if numbers["failed"]:
        parts.append(f"{numbers['failed']} fail")
    if numbers["inconclusive"]:
        parts.append(f"{numbers['inconclusive']} could not be concluded")
    return f"{numbers['failed'] + numbers['inconclusive']} of {numbers['accounts']} accounts: {', '.join(parts)}"


def requirement(
    number: str, heading: str, group: str, findings: Sequence[Finding], *mappings: tuple[str, str, str]
) -> RequirementResult:
    """A requirement; each mapping is (control, provenance, strength)."""
    controls: list[ControlMapping] = []
    counted: list[Finding] = []
    for control, provenance, strength in mappings:
        own = _of(findings, control)
        published = provenance == "published"
        controls.append(
            {
                "control": control, "provenance": provenance, "strength": strength,
                "publisher": "Check Point (Spectral guides, CloudGuard rule page)" if published else "",
                "source": "https://guides.spectralops.io/docs/d9_aws_mon_23" if published else "",
                "note": "" if published else "Alarm and subscriber are the system-generated alert.",
                "counted": strength == "primary",
                "verdict": worst([Verdict(one["verdict"]) for one in own]),
            }
        )  # fmt: skip
        if strength == "primary":
            counted += own
    verdict = worst([Verdict(one["verdict"]) for one in counted])
    numbers = counts(counted)
    return {
        "id": number, "heading": heading, "group": group, "verdict": verdict, "counts": numbers,
        "words": _words(verdict, numbers, sum(one["counted"] for one in controls)), "controls": controls,
    }  # fmt: skip


SETTLING = (
    "1 of 2 INCONCLUSIVE findings needs only R-001 (1 export from account 101010101010); 1 more needs only one other "
    "request."
)


def _framework(findings: Sequence[Finding], requirements: list[RequirementResult], **facts: Any) -> FrameworkResult:
    counted = {one["control"] for item in requirements for one in item["controls"] if one["counted"]}
    own = [one for control in sorted(counted) for one in _of(findings, control)]
    verdict = worst([Verdict(one["verdict"]) for one in own])
    numbers = counts(own)
    return {
        "edition_date": None, "kind": "vendor ruleset", "note": "", "verdict": verdict,
        "words": _words(verdict, numbers, len(counted)), "counts": numbers,
        "settling": SETTLING if numbers["inconclusive"] else "", "requirements": requirements,
    } | facts  # type: ignore[return-value]  # fmt: skip


def _frameworks(findings: Sequence[Finding]) -> list[FrameworkResult]:
    primary = (CONTROL, "inferred", "primary")
    si, au = "SI System and Information Integrity", "AU Audit and Accountability"
    nist = [
        requirement("SI-4", "System Monitoring", si, findings, primary),
        requirement("SI-4(5)", "System-generated Alerts", si, findings, primary),
        requirement("SI-4(20)", "Privileged Users", si, findings, (CONTROL, "inferred", "supporting")),
        requirement("AU-6", "Audit Record Review, Analysis, and Reporting", au, findings, primary),
        requirement(
            "AC-6(9)", "Log Use of Privileged Functions", "AC Access Control", findings,
            (ROOT_CONTROL, "published", "primary"), (CONTROL, "inferred", "supporting"),
        ),
    ]  # fmt: skip
    rule = requirement(
        "D9.AWS.MON.23", "Alert on Systems Manager actions", "Management Tools", findings,
        (CONTROL, "published", "primary"),
    )  # fmt: skip
    return [
        _framework(
            findings, [rule], id="cloudguard-best-practices", name="AWS CloudGuard Best Practices",
            version="not stated", publisher="Check Point (CloudGuard CSPM)",
            note="A ruleset, not a catalogue of requirements.",
        ),
        _framework(
            findings, nist, id="nist-800-53-r5", name="AWS NIST 800-53 Rev 5",
            version="SP 800-53 Revision 5", publisher="Check Point (ruleset); NIST (the catalogue)",
            edition_date="2020-09", note="The placement under a requirement is inferred.",
        ),
        _framework(
            findings, [requirement("=1+1", HOSTILE["script"], HOSTILE["right_to_left"], findings, primary)],
            id="own-iso", name="ISO/IEC 27001:2022 – Annex A [controls] for the whole group *",
            version="'1' & \"2\"", publisher=HOSTILE["at"],
        ),
    ]  # fmt: skip


def _population() -> list[PopulationAccount]:
    return [
        *(
            person(one["account_id"], one["account_name"])
            for one in _ssm_findings()
            if one["account_id"] not in ("202020202020", "303030303030")
        ),
        person("202020202020", "new-account", "missing", reason="No capture of this account."),
        person(
            "303030303030", "member-by-trail", "covered_by_org_trail",
            reason="Listed as active; the organisation trail of 111122223333 covers it.",
        ),
        person("404040404040", "closed", "out_of_scope", reason="Suspended on 2026-05-01."),
    ]  # fmt: skip


def _captures() -> list[CaptureFacts]:
    found = [one for item in _population() if item["status"] == "covered" for one in captures_of(item["account_id"])]
    found = [one for one in found if not (one["account_id"] == "101010101010" and "sns" in one["call"])]
    found[5] |= {"arguments": None, "caller_arn": "", "cli_version": "", "captured_at_source": "option"}
    found[9] |= {"captured_at": "2026-10-01T00:30:00+02:00"}
    found[13] |= {"captured_at": None, "captured_at_source": None, "in_period": None}
    found[14] |= {"complete": False, "pages": 1}
    found[17] |= {"status": "invalid", "complete": False, "valid": False, "encoding": "utf-16"}
    return found


def _replay(findings: Sequence[Finding]) -> ReplayFacts:
    """Every account but one had three sessions; one filter misses the second of them, another all."""
    missed = [
        {"eventID": f"7c5c-{number}", "eventTime": f"2026-08-0{number}T10:00:00Z", "eventName": "StartSession",
         "eventSource": "ssm.amazonaws.com", "awsRegion": REGION, "errorCode": HOSTILE["script"]}
        for number in (1, 2, 3)
    ]  # fmt: skip
    watches: list[WatchFacts] = []
    for place, one in enumerate(findings):
        lost = {0: missed[1:2], 1: missed}.get(place, [])
        required = 0 if place == 2 else 3
        watches.append(
            {"account_id": one["account_id"], "control": f"{one['control_id']}@{one['variant']}", "filters": 1,
             "required_count": required, "noticed_count": required - len(lost), "noticed_by_others_count": 0,
             "unsure_count": 0, "missed_count": len(lost), "beyond_count": place, "missed": lost}
        )  # fmt: skip
    return {
        "files": [{"name": "AWSLogs", "files": 12, "bytes": 48_000, "sha256": digest("AWSLogs")}],
        "unread": 1, "outside_period": 3, "not_management": 2,
        "events": 5000, "of_other_accounts": 7, "not_events": 1,
        "first": "2026-07-01T00:00:04Z", "last": "2026-09-30T23:59:58Z", "watches": watches,
    }  # fmt: skip


def _claims(findings: list[Finding]) -> list[ClaimFacts]:
    """One claim of each outcome that a report words differently."""
    failing = next(one for one in findings if any(chain["witness"] and chain["decides"] for chain in one["chains"]))
    passing = next(one for one in findings if one["verdict"] == "PASS")
    kinds: list[tuple[Finding, str | None, str, bool, bool | None]] = [
        (failing, "PASS", "overstates", False, True), (passing, "FAIL", "understates", False, None),
        (passing, "PASS", "agree", False, False), (failing, "FAIL", "muted", True, None),
        (failing, None, "silent", False, None),
    ]  # fmt: skip
    return [
        {
            "number": f"C-{number:05d}", "file": "claims/prowler.csv", "pointer": f"line {number + 1}",
            "tool": "prowler", "version": "5.40.0",
            "account": finding["account_id"], "account_name": finding["account_name"],
            "control": finding["control_id"], "region": REGION, "claim": claim, "muted": muted, "status": claim or "",
            "rule": "cloudwatch_log_metric_filter_root_usage", "time": "2026-09-30T08:15:42Z",
            "sentence": "alarms set.",
            "attested": False, "remark": "a copy" if number == 1 else "", "outcome": outcome,
            "cause": "Prowler to 5.40 looks for the alarm by metric name alone.",
            "cause_code": "prowler/metric-name-alone",
            "cause_source": "prowler-cloud/prowler", "predicted": "PASS", "because": "an alarm is found",
            "follows": follows, "finding": finding["id"], "verdict": finding["verdict"],
            "objective": finding["objective"], "waiver": None,
        }
        for number, (finding, claim, outcome, muted, follows) in enumerate(kinds, 1)
    ]  # fmt: skip


_RELIANCE: list[RelianceFacts] = [
    {
        "tool": "prowler", "control": "ssm-actions", "accounts": 5, "agreed": 1, "overstated": 1, "understated": 1,
        "undecided": 0, "silent": 1, "muted": 1, "inconclusive": 0,
        "advice": "Do not rely on it: it passes 1 account that fails.",
    }
]  # fmt: skip


def example_document() -> ResultDocument:
    findings = [*_ssm_findings(), *_root_findings()]
    for number, one in enumerate(findings, 1):
        one["number"] = f"F-{number:04d}"
    captures, population = _captures(), _population()
    pending = [one for one in findings if one["reason_code"] == "subscription-pending"]
    missing = "sns list-subscriptions-by-topic --topic-arn arn:aws:sns:us-east-1:101010101010:alerts"
    return {
        "schema_version": "1",
        "tool": {"name": "evidence-bundle-auditor", "version": "0.1.0"},
        "options": {"command_line": "auditor audit bundle --period 2026Q3", "match": "equal", "strict": False},
        "engagement": {"client": "Example & Sons GmbH", "engagement": "SOC 2 readiness 2026",
                       "firm": "Sample Assurance LLP", "confidentiality": "Confidential – for the client only"},
        "period": {"start": "2026-07-01", "end": "2026-09-30"},
        "as_of": "2026-09-30",
        "bundle": {"name": "evidence-2026Q3.zip", "sha256": digest("bundle"), "captures": len(captures),
                   "accounts": len({one["account_id"] for one in captures}),
                   "captured_from": "2026-09-30T22:30:00Z", "captured_to": CAPTURED_AT, "seal": "absent"},
        "population": {"source": "organization", "reconciled": True,
                       "note": "17 accounts in the organisation listing, 14 of them with captures.",
                       "accounts": population},
        "captures": captures,
        "other_files": [{"file": "README.txt", "sha256": digest("README.txt"), "bytes": 310, "what": "text"},
                        {"file": HOSTILE["command"], "sha256": digest("x"), "bytes": 0, "what": "empty file"}],
        "controls": _controls(),
        "findings": findings,
        "rules": cited_rules(findings),
        "frameworks": _frameworks(findings),
        "counts": counts(findings),
        "settling": SETTLING,
        "gaps": [
            {"account_id": "101010101010", "region": REGION, "call": "sns:ListSubscriptionsByTopic",
             "resource": "arn:aws:sns:us-east-1:101010101010:alerts", "code": "capture-missing",
             "reason": "The subscriptions of the topic alerts are not captured."},
            {"account_id": "202020202020", "region": REGION, "call": "cloudtrail:DescribeTrails", "resource": "",
             "code": "account-without-captures", "reason": "The bundle holds no capture of this account."},
        ],
        "requests": [
            {"number": "R-001.1", "set": "R-001", "purpose": "missing", "account_id": "101010101010", "region": REGION,
             "call": "sns:ListSubscriptionsByTopic", "resource": f"arn:aws:sns:{REGION}:101010101010:alerts",
             "arguments": ["--topic-arn", f"arn:aws:sns:{REGION}:101010101010:alerts", "--region", REGION],
             "what": f"Subscriptions of SNS topic alerts ({REGION})",
             "why": "Whether somebody confirmed a subscription decides the last link.",
             "command": f"aws {missing} --region {REGION} --output json",
             "save_as": f"101010101010/{REGION}/sns-list-subscriptions-by-topic/alerts.json",
             "permission": "sns:ListSubscriptionsByTopic", "leads_to": [],
             "replaces": [{"file": f"101010101010/{REGION}/subscriptions.json", "fault": "The file is empty."}],
             "settles": [f"101010101010/{CONTROL}"], "settles_alone": [f"101010101010/{CONTROL}"]},
            {"number": "R-002.1", "set": "R-002", "purpose": "missing", "account_id": "202020202020", "region": REGION,
             "call": "cloudtrail:DescribeTrails", "resource": "", "arguments": ["--region", REGION],
             "what": f"CloudTrail trails ({REGION})", "why": "Nothing of this account is captured.",
             "command": f"aws cloudtrail describe-trails --region {REGION} --output json",
             "save_as": f"202020202020/{REGION}/cloudtrail-describe-trails.json",
             "permission": "cloudtrail:DescribeTrails", "leads_to": ["logs:DescribeMetricFilters"], "replaces": [],
             "settles": [f"202020202020/{CONTROL}"], "settles_alone": []},
        ],
        "request_sets": [
            {"number": "R-001", "account_id": "101010101010", "exports": 1,
             "settles": [f"101010101010/{CONTROL}"], "settles_alone": [f"101010101010/{CONTROL}"]},
            {"number": "R-002", "account_id": "202020202020", "exports": 1,
             "settles": [f"202020202020/{CONTROL}"], "settles_alone": [f"202020202020/{CONTROL}"]},
        ],
        "strengthening": [],
        "causes": [
            {"number": "C-001", "code": "subscription-pending", "link": "subscription", "verdict": "FAIL",
             "letter": False, "remedies": [], "resource": f"arn:aws:sns:{REGION}:777788889999:alerts",
             "reason": "Every subscription of the topic waits for confirmation.",
             "accounts": [one["account_id"] for one in pending], "findings": [one["id"] for one in pending]},
        ],
        "waivers": [{**WAIVER, "findings": [f"777788889999/{CONTROL}"]}],
        "review": REVIEW, "events": _replay(findings), "changes": _changes(),
        "claims": _claims(findings), "reliance": _RELIANCE,
        "problems": [
            {"file": captures[14]["file"], "pointer": "/NextToken", "code": "page-missing", "severity": "error",
             "problem": "a page is missing: the answer ends with a token.",
             "remedy": "Run the command again without --max-items."},
            {"file": captures[17]["file"], "pointer": "/metricFilters/0/filterPattern", "code": "schema",
             "severity": "error", "problem": "is a number, expected a string.", "remedy": "Capture it again."},
            {"file": HOSTILE["command"], "pointer": "", "code": "not-a-capture", "severity": "note",
             "problem": HOSTILE["script"], "remedy": HOSTILE["full_width"]},
        ],
    }  # fmt: skip


def example_result() -> AuditResult:
    """A realistic result: 17 accounts, two controls, three frameworks."""
    return AuditResult(example_document())


def passing_result() -> AuditResult:
    """Two accounts that pass, nothing missing, no people named, no period, population from the bundle."""
    document = example_document()
    accounts = {"012345678901", MANAGEMENT}
    findings = [one for one in document["findings"] if one["account_id"] in accounts]
    for number, one in enumerate(findings, 1):
        one["number"] = f"F-{number:04d}"
        one["open_points"] = []
    document |= {
        "engagement": None, "period": None, "events": None, "gaps": [], "requests": [], "causes": [], "problems": [],
        "other_files": [], "findings": findings, "counts": counts(findings),
        "frameworks": _frameworks(findings),
        "captures": [one for account in sorted(accounts) for one in captures_of(account)],
    }  # fmt: skip
    document["population"] = {
        "source": "bundle", "reconciled": False, "note": "",
        "accounts": [one for one in _population() if one["account_id"] in accounts],
    }  # fmt: skip
    return AuditResult(document)


def large_result(accounts: int) -> AuditResult:
    """``accounts`` accounts with one finding each: every third passes, fails, cannot be concluded."""
    document = example_document()
    kinds = [("PASS", None), ("FAIL", "subscription"), ("INCONCLUSIVE", "topic")]
    ids = [f"{100_000_000_000 + number:012d}" for number in range(accounts)]
    findings = [finding(one, f"account {one}", *kinds[number % 3]) for number, one in enumerate(ids)]
    for number, one in enumerate(findings, 1):
        one["number"] = f"F-{number:04d}"
    failing = [one for one in findings if one["verdict"] == "FAIL"]
    document |= {
        "findings": findings, "counts": counts(findings), "frameworks": _frameworks(findings),
        "captures": [capture for one in ids for capture in captures_of(one)], "requests": [], "gaps": [],
        "causes": [{"code": "subscription-pending", "link": "subscription", "verdict": "FAIL", "resource": "",
                    "reason": "Every subscription waits for confirmation.",
                    "accounts": [one["account_id"] for one in failing],
                    "findings": [one["id"] for one in failing]}],
    }  # fmt: skip
    document["population"]["accounts"] = [person(one, f"account {one}") for one in ids]
    return AuditResult(document)
