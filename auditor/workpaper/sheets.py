"""The tables of the workpaper, declared once: sheets in order, columns with header, source, kind and width."""

from __future__ import annotations

from auditor.workpaper.causes import CAUSES
from auditor.workpaper.changes import CHANGES
from auditor.workpaper.claims import CLAIMS, RELIANCE
from auditor.workpaper.completeness import tests
from auditor.workpaper.controls import CONTROLS
from auditor.workpaper.events import EVENTS, MISSED_EVENTS
from auditor.workpaper.model import Column, Kind, Sheet, columns, field, nothing
from auditor.workpaper.procedure import STEPS
from auditor.workpaper.remedies import REMEDIATION
from auditor.workpaper.results import CHAINS, MATRIX, RESULTS
from auditor.workpaper.review import REVIEW
from auditor.workpaper.rows import (
    cited_evidence_rows,
    population_rows,
    problem_rows,
    request_rows,
    requirement_rows,
    rule_rows,
    waiver_rows,
)
from auditor.workpaper.wording import (
    CAPTURE_STATUSES,
    COVERAGES,
    POPULATION_SOURCES,
    REGIONS_WITHOUT_CAPTURES,
    counts_in_words,
)

TEXT, CODE, COUNT, TIME, DATE = Kind.TEXT, Kind.CODE, Kind.COUNT, Kind.TIME, Kind.DATE


SUMMARY = Sheet(
    "Summary",
    "Result per requirement of the framework, counted over the findings of the controls that count for it; those that "
    "are not assessed stand last.",
    requirement_rows,
    columns(
        Column("requirement_id", "Requirement id", field("requirement.id"), CODE, 13),
        Column("requirement", "Requirement", field("requirement.heading"), TEXT, 24),
        Column("group", "Group", field("requirement.group"), TEXT, 18),
        Column("controls", "Controls", field("controls"), CODE, 30),
        Column("mapping", "Controls by name, and who maps them", field("mappings"), TEXT, 60, detail=True),
        Column("accounts", "Accounts in scope", field("requirement.counts.accounts"), COUNT, 9),
        Column("passed", "Pass", field("requirement.counts.passed"), COUNT, 7),
        Column("plain", "of these without open points", field("plain"), COUNT, 10),
        Column("open", "of these with open points", field("requirement.counts.open"), COUNT, 9),
        Column("material", "of these material", field("requirement.counts.material"), COUNT, 9),
        Column("failed", "Fail", field("requirement.counts.failed"), COUNT, 7),
        Column(
            "failed_material",
            "of these with material open points",
            field("requirement.counts.failed_material"),
            COUNT,
            10,
        ),
        Column(
            "objective_not_letter",
            "of these meeting the objective",
            field("requirement.counts.objective_not_letter"),
            COUNT,
            11,
        ),
        Column("inconclusive", "Inconclusive", field("requirement.counts.inconclusive"), COUNT, 12),
        Column("waivers", "Waivers", field("requirement.counts.waivers"), COUNT, 8),
        Column("share", "Pass, % of findings counted", field("share"), Kind.SHARE, 10),
        Column(
            "result",
            "Result",
            lambda row: counts_in_words(row.requirement["verdict"], row.requirement["counts"]),
            Kind.VERDICT,
            18,
        ),
        Column("words", "Result in words", field("requirement.words"), TEXT, 26),
        Column("reference", "Reference", field("first_finding"), CODE, 9, link="Results"),
    ),
    key="requirement_id",
    frozen=2,
)

PROCEDURE = Sheet(
    "Procedure",
    "What was done, step by step; the attributes A to G are the columns of the sheet Results. Method: examine "
    "(inspection of exported configuration), all items, no sampling.",
    lambda view: STEPS,
    columns(
        Column("step", "Step", lambda step: STEPS.index(step) + 1, COUNT, 8),
        Column("attribute", "Attribute", field("attribute"), TEXT, 10),
        Column("title", "Subject", field("title"), TEXT, 14),
        Column("done", "What was done", field("done"), TEXT, 46),
        Column("criterion", "Criterion", field("criterion"), TEXT, 46),
        Column("call", "Source call", field("call"), CODE, 32),
        Column("inconclusive", "How INCONCLUSIVE arises", field("inconclusive"), TEXT, 40),
    ),
    frozen=3,
)

POPULATION = Sheet(
    "Population",
    "The accounts that the test should cover, whether in scope or not, and what the bundle holds of each. "
    f"{REGIONS_WITHOUT_CAPTURES}",
    population_rows,
    lambda view: (
        Column("account_id", "Account id", field("account_id"), CODE, 15),
        Column("name", "Account name", field("name"), TEXT, 24),
        Column("owner", "Owner", field("owner"), TEXT, 22),
        Column("organization", "Organisation", field("organization"), CODE, 16),
        Column("in_scope", "In scope", field("in_scope"), Kind.FLAG, 9),
        Column("reason", "Reason", field("reason"), TEXT, 34),
        Column(
            "source",
            "Source of the population",
            lambda account: POPULATION_SOURCES[view.document["population"]["source"]],
            TEXT,
            18,
        ),
        Column(
            "regions_expected",
            "Regions expected",
            lambda account: view.regions_in_words(account["regions_expected"]),
            CODE,
            26,
        ),
        Column(
            "regions_captured",
            "Regions captured",
            lambda account: view.regions_in_words(account["regions_captured"]),
            CODE,
            26,
        ),
        Column("captures", "Captures", field("captures"), COUNT, 10),
        Column("coverage", "Result of coverage", lambda account: COVERAGES[account["status"]], TEXT, 20),
    ),
    key="account_id",
    paper=10_000,
)

COMPLETENESS = Sheet(
    "Completeness",
    "Accuracy and completeness of the information produced by the client. The last column is left for a call that "
    "the auditor repeats in the client's environment.",
    tests,
    columns(
        Column("subject", "Subject", field("subject"), TEXT, 15),
        Column("test", "Test", field("test"), TEXT, 40),
        Column("population", "Population count", field("population"), COUNT, 11),
        Column("evidence", "Evidence count", field("evidence"), COUNT, 11),
        Column("difference", "Difference", field("difference"), COUNT, 11),
        Column("result", "Result", field("result"), TEXT, 22),
        Column("note", "Note", field("note"), TEXT, 56),
        Column("reperformance", "Auditor's re-performance", nothing, Kind.INPUT, 30),
    ),
    frozen=2,
)


# What a waiver says; a sheet with these columns is read as waivers.
WAIVER_MEMBERS: tuple[Column, ...] = (
    Column("id", "Waiver id", field("waiver.id"), CODE, 12),
    Column("account", "Account pattern", field("waiver.account"), CODE, 16),
    Column("control", "Control", field("waiver.control"), CODE, 18),
    Column("owner", "Owner", field("waiver.owner"), TEXT, 24),
    Column("approver", "Approver", field("waiver.approver"), TEXT, 24),
    Column("reason", "Reason", field("waiver.reason"), TEXT, 36),
    Column("compensating_control", "Compensating control", field("waiver.compensating_control"), TEXT, 30),
    Column("ticket", "Ticket", field("waiver.ticket"), CODE, 14),
    Column("granted", "Granted on", field("waiver.granted"), DATE, 12),
    Column("expiry", "Expires on", field("waiver.expiry"), DATE, 12),
)
WAIVER_COLUMNS = {column.name: column.header for column in WAIVER_MEMBERS}

WAIVERS = Sheet(
    "Waivers",
    "Deviations that the client has accepted. A waiver stands beside a result and never changes it.",
    waiver_rows,
    columns(
        *WAIVER_MEMBERS,
        Column("status", "Status", field("status"), TEXT, 12),
        Column("first_finding", "Finding no.", field("first_finding"), CODE, 9, link="Results"),
        Column("findings", "Findings covered", field("findings"), CODE, 24),
    ),
)

REQUESTS = Sheet(
    "Requests",
    "What to ask the client for, with the exact command; ready to send as requests.docx or requests.md.",
    request_rows,
    columns(
        Column("number", "Request no.", field("request.number"), CODE, 11),
        Column("account_id", "Account id", field("request.account_id"), CODE, 15),
        Column("region", "Region", field("request.region"), CODE, 14),
        Column("call", "Call", field("request.call"), CODE, 26, detail=True),
        Column("what", "What is missing", field("request.what"), TEXT, 30),
        Column("why", "Why it matters", field("request.why"), TEXT, 35),
        Column("command", "Exact command", field("request.command"), CODE, 56),
        Column("save_as", "Save as", field("request.save_as"), CODE, 34),
        Column("first_finding", "First finding", field("first_finding"), CODE, 9, link="Results"),
        Column("settles", "Findings that wait for it", field("findings"), CODE, 20, detail=True),
        Column("asked_on", "Asked on", nothing, Kind.INPUT, 12),
        Column("received_on", "Received on", nothing, Kind.INPUT, 12),
        Column("remarks", "Remarks", nothing, Kind.INPUT, 24),
    ),
    key="number",
)

EVIDENCE = Sheet(
    "Evidence",
    "Each file on which these findings rest: where it comes from, when and by whom it was captured, and its digest. "
    "The whole bundle, file by file, stands once in overview.xlsx.",
    cited_evidence_rows,
    columns(
        Column("number", "Evidence no.", field("number"), CODE, 9),
        Column("file", "File", field("capture.file"), CODE, 32),
        Column("call", "Call", field("capture.call"), CODE, 20),
        Column("arguments", "Arguments", field("arguments"), CODE, 18, detail=True),
        Column("account_id", "Account id", field("capture.account_id"), CODE, 15),
        Column("region", "Region", field("capture.region"), CODE, 11),
        Column("resource", "Resource", field("capture.resource"), CODE, 20),
        Column("captured_at", "Captured at (UTC)", field("capture.captured_at"), TIME, 22),
        Column("captured_at_source", "Time source", field("capture.captured_at_source"), TEXT, 8, detail=True),
        Column("place_source", "Place source", field("capture.place_source"), TEXT, 8, detail=True),
        Column("caller_arn", "Captured by (ARN)", field("capture.caller_arn"), CODE, 22, detail=True),
        Column("cli_version", "AWS CLI version", field("capture.cli_version"), TEXT, 14, detail=True),
        Column("status", "What became of it", lambda row: CAPTURE_STATUSES.get(row.capture.get("status")), TEXT, 11),
        Column("records", "Records", field("capture.records"), COUNT, 8),
        Column("bytes", "Bytes", field("capture.bytes"), COUNT, 9, detail=True),
        Column("sha256", "SHA-256", field("capture.sha256"), CODE, 34),
        Column("encoding", "Encoding", field("capture.encoding"), TEXT, 9, detail=True),
        Column("complete", "Pages complete", field("capture.complete"), Kind.FLAG, 9),
        Column("valid", "Schema valid", field("capture.valid"), Kind.FLAG, 8),
        Column("in_period", "In period", field("capture.in_period"), Kind.FLAG, 8),
        Column("first_finding", "First finding", field("first_finding"), CODE, 9, link="Results"),
        Column("used_by", "Used by findings", field("used_by"), CODE, 34, detail=True),
    ),
    key="number",
    frozen=2,
)

PROBLEMS = Sheet(
    "Problems",
    "What is wrong with files of the bundle and with files that were given beside it, and what mends it.",
    problem_rows,
    columns(
        Column("number", "No.", field("number"), COUNT, 8),
        Column("severity", "Severity", field("problem.severity"), TEXT, 10),
        Column("code", "Kind", field("problem.code"), CODE, 20),
        Column("file", "File", field("problem.file"), CODE, 40),
        Column("pointer", "Pointer", field("problem.pointer"), CODE, 28),
        Column("problem", "Problem", field("problem.problem"), TEXT, 46),
        Column("remedy", "Remedy", field("problem.remedy"), TEXT, 40),
        Column("effect", "Effect", field("effect"), TEXT, 30),
    ),
)

RULES = Sheet(
    "Rules",
    "The rules on which these results rest, each in a sentence or three, with how it is known and where it is stated: "
    "look one up, and challenge it.",
    rule_rows,
    columns(
        Column("id", "Rule", field("rule.id"), CODE, 7),
        Column("title", "Subject", field("rule.title"), TEXT, 24),
        Column("says", "What it says", field("rule.says"), TEXT, 60),
        Column("known", "How it is known", field("known"), TEXT, 18),
        Column("sources", "Where it is stated", field("sources"), TEXT, 44),
        Column("reasons", "Reasons here that rest on it", field("reasons"), TEXT, 36),
    ),
    key="id",
)

# The tables in the order of the workbook; the sheets in prose stand at their places in TITLES.
TABLES: tuple[Sheet, ...] = (
    SUMMARY,
    PROCEDURE,
    POPULATION,
    COMPLETENESS,
    CONTROLS,
    MATRIX,
    CAUSES,
    RESULTS,
    CHAINS,
    EVENTS,
    MISSED_EVENTS,
    RELIANCE,
    CLAIMS,
    CHANGES,
    REVIEW,
    WAIVERS,
    REQUESTS,
    REMEDIATION,
    EVIDENCE,
    PROBLEMS,
    RULES,
)
COVER, SCOPE, SIGN_OFF = "Cover", "Scope", "Sign-off & legend"
TITLES: tuple[str, ...] = (COVER, SUMMARY.title, SCOPE, *(sheet.title for sheet in TABLES[1:]), SIGN_OFF)
