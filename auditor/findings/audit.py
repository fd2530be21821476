"""The result document: every account judged for every control variant, grouped, counted, with what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.arn import partition_of
from auditor.catalogue import Control, Framework, leading_regions
from auditor.chains import Account, Chains, Population, Source
from auditor.claims.account_view import account_views
from auditor.claims.compare import ComparedClaims, compare
from auditor.claims.model import Reading
from auditor.engagement.facts import Engagement
from auditor.errors import AuditorError, Problem
from auditor.evidence import Evidence
from auditor.evidence.call_ids import DESCRIBE_TRAILS
from auditor.findings.causes import JudgedFinding, causes
from auditor.findings.excerpts import Excerpts
from auditor.findings.facts import (
    OTHERS_LISTED,
    bundle_facts,
    capture_facts,
    control_facts,
    coverage,
    other_files,
    population_facts,
    problem_facts,
)
from auditor.findings.finding import finding, needs_of, open_points
from auditor.findings.frameworks import Tested, counts, framework_result
from auditor.findings.remedy import remedy
from auditor.findings.rules import cited_rules
from auditor.findings.topics import topic_facts
from auditor.judgement import ControlTest
from auditor.judgement.calls import regions_heard
from auditor.published.difference import why_published_differs
from auditor.published.entities import cloudtrail_entities
from auditor.published.rule import as_published
from auditor.replay.count import REMEMBERED, Replay
from auditor.replay.files import Recorded
from auditor.replay.filters import Watch, filters_of, watch_of
from auditor.requests import Behind, Doubt, Exports, Want, gaps, requests, settling, strengthening
from auditor.result import (
    SCHEMA_VERSION,
    AuditResult,
    Finding,
    Period,
    PopulationAccount,
    ReplayFacts,
    ResultDocument,
    ReviewFacts,
    Tool,
    WaiverFacts,
)
from auditor.review import ReviewFile, carry
from auditor.rules import sentence
from auditor.text import listing
from auditor.verdict import Verdict
from auditor.waivers import WaiverFile, put_beside

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to audit and how: frameworks, control variants, the reading of *equal*, strictness, and whose."""

    frameworks: Sequence[Framework]
    controls: Sequence[tuple[Control, str]]  # control and name of its variant
    covers: bool
    strict: bool
    options: Mapping[str, object]
    engagement: Engagement | None
    period: Period | None
    tool: Tool
    names: Mapping[str, Control]  # every control by whose names people may mean one


@dataclass(frozen=True, slots=True)
class Beside:
    """What people and tools say of findings: the client's waivers, workbooks of an earlier build, scanners' claims."""

    waivers: WaiverFile | None = None
    reviews: Sequence[ReviewFile] | None = None
    claims: Reading | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What judged accounts want, and the regions in which each one's calls must be heard."""

    wants: list[Want]
    doubts: list[Doubt]
    heard: dict[str, list[str]]


def attest(
    evidence: Evidence,
    chains: Chains,
    population: Population,
    order: Order,
    progress: Progress | None = None,
    recorded: Recorded | None = None,
    beside: Beside | None = None,
) -> AuditResult:
    """Judge the population and put everything that a report shows into one result.

    ``recorded``: CloudTrail log files to replay over the control's patterns and each account's own filters.
    ``beside``: what people say of findings, which changes none of them.

    Raises:
        AuditorError: the recorded files hold no event of CloudTrail.
    """
    facts = bundle_facts(evidence)
    as_of = order.period["end"] if order.period else facts["captured_to"][:10] if facts["captured_to"] else None
    watches: list[Watch] | None = [] if recorded else None
    judged, wishes = _judge_all(evidence, chains, population, order, as_of, progress, watches)
    findings = [entry.finding for entry in judged]
    excerpts = Excerpts(evidence.captures)
    excerpts.add_to(findings)
    verdicts: dict[str, list[str]] = defaultdict(list)
    for finding_facts in findings:
        verdicts[finding_facts["account_id"]].append(finding_facts["verdict"])
    statuses = {account.account_id: coverage(account, verdicts[account.account_id]) for account in population.accounts}
    people = population_facts(population, statuses)
    waivers, earlier, wrong = _beside(findings, beside or Beside(), people["accounts"], order.names, as_of)
    claimed = beside.claims if beside else None
    comparison = None if claimed is None else _compared(claimed, findings, evidence)
    unsaid = comparison.problems if comparison else []
    replayed = _replayed(watches or (), order, recorded, progress) if recorded else None
    audited = {f"{control.id}@{variant}" for control, variant in order.controls}
    problems = [*evidence.problems, *_own_problems(evidence)]
    exports = Exports(evidence.captures, problems)
    wanted = requests(wishes.wants, Behind(chains, evidence.responses, wishes.heard), exports)
    tested = Tested(findings, wanted.sets)
    document: ResultDocument = {
        "schema_version": SCHEMA_VERSION,
        "tool": order.tool,
        "options": dict(order.options),
        "engagement": order.engagement,
        "period": order.period,
        "as_of": as_of,
        "bundle": facts,
        "population": people,
        "captures": [capture_facts(capture) for capture in evidence.captures],
        "other_files": other_files(evidence),
        "controls": [control_facts(control, control.variants[variant]) for control, variant in order.controls],
        "findings": findings,
        "rules": cited_rules(findings),
        "frameworks": [framework_result(framework, tested, audited) for framework in order.frameworks],
        "counts": counts(findings),
        "settling": settling(
            wanted.sets, {entry["id"] for entry in findings if entry["verdict"] == Verdict.INCONCLUSIVE}
        ),
        "gaps": gaps(wishes.wants, evidence.responses),
        "requests": wanted.requests,
        "request_sets": wanted.sets,
        "strengthening": strengthening(wishes.doubts, wanted.requests, exports),
        "causes": causes(judged, [_mapped(framework) for framework in order.frameworks]),
        "excerpts": excerpts.facts(),
        "topics": topic_facts(findings, chains, evidence.responses),
        "waivers": waivers,
        "review": earlier,
        "events": replayed,
        "claims": comparison.claims if comparison else None,
        "reliance": comparison.reliance if comparison else None,
        "changes": None,
        "problems": problem_facts([*problems, *(recorded.problems if recorded else ()), *wrong, *unsaid]),
    }
    return AuditResult(document)


def _judge_all(
    evidence: Evidence,
    chains: Chains,
    population: Population,
    order: Order,
    as_of: str | None,
    progress: Progress | None,
    watches: list[Watch] | None,
) -> tuple[list[JudgedFinding], Wishes]:
    """The accounts in scope judged, one after the other, and what their findings want; ``watches``: to be replayed."""
    judged: list[JudgedFinding] = []
    wishes = Wishes([], [], {})
    tests = [
        ControlTest(control, control.variants[variant], chains, covers=order.covers, strict=order.strict)
        for control, variant in order.controls
    ]
    since = order.period["start"] if order.period else None
    for number, account in enumerate(population.accounts):
        if progress is not None and number % 20 == 0:
            progress(number, len(population.accounts), "judging")
        if account.in_scope:
            _judge(account, tests, evidence, chains, (since, as_of), judged, wishes, watches)
    return judged, wishes


def _beside(
    findings: Sequence[Finding],
    beside: Beside,
    accounts: Sequence[PopulationAccount],
    names: Mapping[str, Control],
    as_of: str | None,
) -> tuple[list[WaiverFacts], list[ReviewFacts] | None, list[Problem]]:
    """The waivers, the earlier conclusions, and what is wrong with them. Waivers come first: a conclusion is compared
    with the verdict in words, of which a waiver is part.
    """
    waivers, wrong = (
        put_beside(findings, beside.waivers, accounts, names, as_of) if beside.waivers is not None else ([], [])
    )
    if beside.reviews is None:
        return waivers, None, wrong
    earlier, misplaced = carry(findings, beside.reviews)
    return waivers, earlier, [*wrong, *misplaced]


def _compared(claimed: Reading, findings: Sequence[Finding], evidence: Evidence) -> ComparedClaims:
    """The claims against the findings, with what a scanner would have been told of each account, and what is wrong in
    the claims' files.
    """
    comparison = compare(claimed, findings, account_views(evidence, {finding["account_id"] for finding in findings}))
    others = claimed.others
    unread = [
        Problem(
            others[0], "", f"{listing(others, limit=3)}: no output of a scanner that is read here.",
            "If it is one, ask for it as JSON or CSV.", "claims-unknown", "note",
        )
    ] if others else []  # fmt: skip
    return replace(comparison, problems=[*claimed.problems, *comparison.problems, *unread])


def _judge(
    account: Account,
    tests: Sequence[ControlTest],
    evidence: Evidence,
    chains: Chains,
    days: tuple[str | None, str | None],
    judged: list[JudgedFinding],
    wishes: Wishes,
    watches: list[Watch] | None,
) -> None:
    """Judge one account; ``days``: the first of the control period, and the one that findings are of."""
    since, as_of = days
    heard = wishes.heard[account.account_id] = _regions_heard(account, tests)
    paths = chains.paths(account.account_id, heard)
    sources = [
        Source(number, "/trailList")
        for response in evidence.responses.of(DESCRIBE_TRAILS, account.account_id)
        for number in response.captures
    ] or chains.organizations.listed_at(account.account_id)
    entities = cloudtrail_entities(account.account_id, account.regions, chains, evidence.responses)
    filters = () if watches is None else filters_of(paths, chains, strict=any(test.question.strict for test in tests))
    for test in tests:
        control, variant = test.control, test.variant
        rule = variant.evaluated_rule
        published = as_published(rule, entities, as_of) if rule else None
        answers = test.of(account, paths)
        differs = published is not None and published is not answers.decision.verdict
        because = why_published_differs(rule, entities, as_of, published) if rule and published and differs else ""
        if watches is not None:
            watches.append(watch_of(account.account_id, f"{control.id}@{variant.name}", test.question, filters))
        mend = remedy(test, answers, account, chains)
        facts = finding(
            len(judged) + 1, account, test, answers, (published, because), evidence.captures, sources, mend, since
        )
        state = answers.decision.state
        judged.append(JudgedFinding(facts, state.facts if state else {}, mend))
        wishes.wants.extend(
            Want(facts["id"], account.account_id, need, state.code, sentence(state.code, state.facts))
            for state, need in needs_of(answers.decision)
        )
        wishes.doubts.extend(
            Doubt(facts["id"], point, point_facts["text"])
            for (_, point), point_facts in zip(open_points(answers), facts["open_points"], strict=True)
        )


def _mapped(framework: Framework) -> set[str]:
    return {
        f"{mapping.control_id}@{mapping.variant}"
        for requirement in framework.requirements
        for mapping in requirement.mappings
    }


def _regions_heard(account: Account, tests: Sequence[ControlTest]) -> list[str]:
    """Where an account's calls must be heard; where global services record theirs comes first, to be asked first."""
    events = dict.fromkeys(test.control.events for test in tests)
    heard = dict.fromkeys(
        [
            *account.regions,
            *(
                place
                for control_events in events
                for place in regions_heard(control_events, account.regions, account.regions_listed)
            ),
        ]
    )
    leading = [region for partition in map(partition_of, heard) for region in leading_regions(partition)]
    return list(dict.fromkeys([*(region for region in leading if region in heard), *heard]))


def _replayed(watches: Sequence[Watch], order: Order, recorded: Recorded, progress: Progress | None) -> ReplayFacts:
    replay = Replay(watches, (order.period["start"], order.period["end"]) if order.period else None)
    replay.run(recorded.events(progress))
    files = recorded.facts()
    if not replay.events and not replay.population.events:
        # "No such event recorded" for every control would read as a quiet quarter.
        raise AuditorError(
            "no event of CloudTrail was found in it.",
            file=", ".join(file["name"] for file in files),
            remedy="Give log files as CloudTrail delivers them (AWSLogs/…/CloudTrail/…json.gz).",
            code="no-events",
        )
    partly = replay.population.problem(", ".join(file["name"] for file in files))
    if partly is not None:
        recorded.problems.append(partly)
    if replay.forgotten:
        recorded.problems.append(
            Problem(
                ", ".join(file["name"] for file in files), "",
                f"holds more than {REMEMBERED:,} events that count: one that several trails delivered may count again.",
                "Give the files of one trail, or of one month at a time.", "events-not-remembered", "warning",
            )
        )  # fmt: skip
    return {"files": files, "unread": recorded.unread, **replay.document()}


def _own_problems(evidence: Evidence) -> list[Problem]:
    if evidence.captures and len(evidence.others) > OTHERS_LISTED:
        return [
            Problem(
                evidence.name, "", f"holds {len(evidence.others):,} files that are no captures; the first "
                f"{OTHERS_LISTED:,} are listed.", "Give the folder of the exports alone.", "many-other-files", "note",
            )
        ]  # fmt: skip
    if evidence.captures:
        return []
    return [
        Problem(
            evidence.name, "", "holds no output of an AWS call that this program knows.",
            "Check that the folder is the evidence bundle; `auditor inventory` lists what was found.", "no-captures",
        )
    ]  # fmt: skip
