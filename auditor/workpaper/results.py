"""The sheets of results: the matrix, one row a finding, and the chains behind each."""

from __future__ import annotations

from collections.abc import Callable

from auditor.result import ControlFacts
from auditor.workpaper.finding_rows import FindingRow, chain_rows, finding_rows
from auditor.workpaper.matrix_rows import MatrixRow, matrix_rows
from auditor.workpaper.model import Column, Kind, Sheet, columns, field, words
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES
from auditor.workpaper.review import identity_columns, people_columns
from auditor.workpaper.view import View, control_key
from auditor.workpaper.wording import COVERAGES, waiver_in_words

TEXT, CODE, COUNT, TIME, FLAG = Kind.TEXT, Kind.CODE, Kind.COUNT, Kind.TIME, Kind.FLAG


def _matrix_column(control: ControlFacts) -> Column:
    key = control_key(control)

    def tickmark(row: MatrixRow) -> str | None:
        return row.marks.get(key, (None, ""))[0]

    def finding(row: MatrixRow) -> str:
        return row.marks.get(key, (None, ""))[1]

    name = key.removesuffix("@default")
    return Column(key, name, tickmark, Kind.MARK, 6, link="Results", target=finding, upright=True)


def _matrix_columns(view: View) -> tuple[Column, ...]:
    return (
        Column("account_id", "Account id", field("account_id"), CODE, 15),
        Column("account_name", "Account name", field("account_name"), TEXT, 22),
        *map(_matrix_column, view.controls),
        Column("failed", "Controls FAIL", lambda row: row.number("F"), COUNT, 6, upright=True),
        Column("inconclusive", "INCONCLUSIVE", lambda row: row.number("I"), COUNT, 6, upright=True),
        Column("passed", "Controls PASS", lambda row: row.number("P"), COUNT, 6, upright=True),
        Column("in_scope", "In scope", field("in_scope"), FLAG, 7),
        Column("coverage", "Coverage", lambda row: COVERAGES.get(row.status), TEXT, 14),
    )


MATRIX = Sheet(
    "Matrix",
    "Lead sheet: every account of the population against every control tested. A tickmark leads to its result.",
    matrix_rows,
    _matrix_columns,
    key="account_id",
    frozen=2,
    tickmarks=True,
    lines=2,
    portrait=True,
    tallied=True,
    paper=10_000,
)


def _letter(link: str) -> Callable[[FindingRow], str]:
    return lambda row: row.letter(link)


_RESULT: tuple[Column, ...] = (
    Column("number", "Finding no.", field("finding.number"), CODE, 9, link="Chains"),
    Column("account_id", "Account id", field("finding.account_id"), CODE, 15),
    Column("account_name", "Account name", field("finding.account_name"), TEXT, 14),
    Column("control_id", "Control id", lambda row: row.finding["control_id"], CODE, 16),
    Column("verdict", "Verdict", field("finding.verdict"), Kind.VERDICT, 14),
    Column("broken_link", "Broken link", words("finding.broken_link"), TEXT, 10),
    Column("reason", "Reason", field("finding.reason"), TEXT, 41),
)
_MARKS: tuple[Column, ...] = (
    *(
        Column(link, f"{letter} {LINK_NAMES[link]}", _letter(link), Kind.MARK, 5, upright=True)
        for link, letter in ATTRIBUTES.items()
    ),
    Column("objective", "Objective", field("finding.objective"), Kind.VERDICT, 14),
    Column("open", "Open points", lambda row: len(row.finding["open_points"]), COUNT, 7, upright=True),
    Column("material", "of these material", field("material"), COUNT, 7, upright=True),
    Column("waiver", "Waiver", lambda row: waiver_in_words(row.finding["waiver"]), TEXT, 11),
    Column("rule", "Rule", field("finding.rule"), CODE, 6, link="Rules"),
    Column("code", "Reason code", field("finding.reason_code"), CODE, 17),
)
_DETAILS: tuple[Column, ...] = (
    Column("region", "Regions not met", field("regions"), CODE, 14, detail=True),
    Column("control", "Control", field("title"), TEXT, 22, link="Controls", target=field("control"), detail=True),
    Column("risk", "Risk", field("risk"), TEXT, 9, detail=True),
    Column("requirements", "Requirement ids", field("requirements"), TEXT, 18, detail=True),
    Column("relation", "Pattern relation", field("chain.pattern_relation"), TEXT, 11, detail=True),
    Column("missed", "Missed events", field("missed"), TEXT, 20, detail=True),
    Column("added", "Added events", field("added"), TEXT, 20, detail=True),
    Column("deciding", "Deciding members of the evidence", field("deciding"), CODE, 36, detail=True),
    Column("open_points", "Open points, what settles it, remarks", field("open_points"), TEXT, 52, detail=True),
    Column("evidence_no", "Evidence no.", field("first_evidence"), CODE, 9, link="Evidence", detail=True),
    Column("evidence", "Evidence refs", field("evidence"), CODE, 27, detail=True),
    Column("as_published", "As published", field("finding.as_published"), TEXT, 14, detail=True),
    Column("as_published_because", "Why it differs", field("finding.as_published_because"), TEXT, 36, detail=True),
)

RESULT_COLUMNS = (*_RESULT, *_MARKS, *_DETAILS)

RESULTS = Sheet(
    "Results",
    "One row per account and control, with one attribute per link of the chain (see Procedure). Conclusion and comment "
    "are the auditor's; `auditor audit --review` takes them over into the next build.",
    finding_rows,
    lambda view: (*_RESULT, *people_columns(view), *_MARKS, *_DETAILS, *identity_columns(view)),
    key="number",
    frozen=3,
    tickmarks=True,
    lines=8,
)

CHAINS = Sheet(
    "Chains",
    "The joined paths behind each finding, from trail to subscription; first those that decide a finding that is not "
    "PASS. A link behind the first broken one is told as far as it was found.",
    chain_rows,
    columns(
        Column("finding", "Finding no.", field("finding.number"), CODE, 9, link="Results"),
        Column("number", "Chain no.", field("chain.number"), COUNT, 6),
        Column("decides", "Decides the finding", field("chain.decides"), FLAG, 8),
        Column("trail_arn", "Trail ARN", field("chain.trail_arn"), CODE, 24),
        Column("log_group", "Log group", field("chain.log_group"), CODE, 22),
        Column("filter_name", "Filter name", field("chain.filter_name"), CODE, 16),
        Column("relation", "Relation", field("relation"), TEXT, 18),
        Column("metric", "Metric (namespace/name)", field("chain.metric"), CODE, 20),
        Column("alarm_arn", "Alarm ARN, composite alarms", field("alarms"), CODE, 24),
        Column("topic_arn", "Topic ARN", field("chain.topic_arn"), CODE, 24),
        Column("protocol", "Protocol", field("chain.protocol"), TEXT, 9),
        Column("endpoint", "Endpoint", field("chain.endpoint"), TEXT, 20),
        Column("first_broken", "First broken link", words("chain.first_broken"), TEXT, 12),
        Column("reason", "Why", field("reason"), TEXT, 30),
        Column("rule", "Rule", field("rule"), CODE, 6, link="Rules"),
        Column("home_region", "Home region", field("chain.home_region"), CODE, 11, detail=True),
        Column("organization_trail", "Organisation trail", field("chain.organization_trail"), FLAG, 11, detail=True),
        Column("covers", "Regions covered", field("covers"), CODE, 14, detail=True),
        Column("filter_pattern", "Filter pattern", field("chain.filter_pattern"), CODE, 40, detail=True),
        Column("required_pattern", "Required pattern", field("chain.required_pattern"), CODE, 40, detail=True),
        Column("witness", "Witness event", field("witness"), CODE, 30, detail=True),
        Column("alarm", "Alarm settings in words", field("chain.alarm.words"), TEXT, 30, detail=True),
        Column("alarm_description", "Alarm description", field("chain.alarm.description"), TEXT, 20, detail=True),
        Column(
            "alarm_configured", "Alarm configured at (UTC)", field("chain.alarm.configured_at"), TIME, 20, detail=True
        ),
        Column("actions_enabled", "Actions enabled", field("chain.alarm.actions_enabled"), FLAG, 8, detail=True),
        Column("subscription_arn", "Subscription ARN", field("chain.subscription_arn"), CODE, 24, detail=True),
        Column("evidence", "Evidence refs", field("evidence"), CODE, 27, detail=True),
    ),
    key="finding",
    frozen=2,
    lines=30,
    printed=field("open"),
    paper=500,
)
