"""The types of the result document: what ``results.json`` holds (schema ``schemas/results.schema.json``).

Every list has its final order, so that the same bundle gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from auditor.engagement.facts import Engagement
from auditor.result.beside_facts import (
    ClaimFacts,
    RelianceFacts,
    ReplayFacts,
    ReviewFacts,
)
from auditor.result.changes import Comparison
from auditor.result.evidence_facts import (
    BundleFacts,
    CaptureFacts,
    OtherFile,
    Period,
    PopulationFacts,
    ProblemFacts,
    RedactionFacts,
    Tool,
)
from auditor.result.finding_facts import (
    Cause,
    Excerpt,
    Finding,
    TopicFacts,
    WaiverFacts,
)
from auditor.result.framework_facts import (
    ControlFacts,
    Counts,
    FrameworkResult,
    RuleFacts,
)
from auditor.result.request_facts import Gap, Request, RequestSet

SCHEMA_VERSION = "1"


class ResultDocument(TypedDict):
    """What ``results.json`` holds (``schemas/results.schema.json``)."""

    schema_version: str
    tool: Tool
    options: dict[str, Any]  # command_line, match, strict, frameworks, controls, captured_on …
    engagement: Engagement | None
    period: Period | None
    as_of: str | None  # ISO date: end of the period, else the latest capture time, never the clock
    bundle: BundleFacts
    population: PopulationFacts
    captures: list[CaptureFacts]
    other_files: list[OtherFile]
    controls: list[ControlFacts]
    findings: list[Finding]
    rules: NotRequired[list[RuleFacts]]  # those that the findings cite; older results have none
    frameworks: list[FrameworkResult]
    counts: Counts
    settling: str  # as in FrameworkResult, for all findings
    gaps: list[Gap]
    requests: Sequence[Request]  # a list, or SharedRequests of many
    request_sets: NotRequired[list[RequestSet]]  # older results have none
    strengthening: NotRequired[list[Request]]  # what would close open points; older results have none
    causes: list[Cause]
    excerpts: NotRequired[list[Excerpt]]  # of the evidence that findings cite, each place once
    topics: NotRequired[list[TopicFacts]]  # those of the findings' chains; older results have none
    waivers: NotRequired[list[WaiverFacts]]  # all that were given, in their order; older results have none
    review: list[ReviewFacts] | None  # of earlier workbooks, in the order of the findings; None: none was given
    events: ReplayFacts | None
    claims: NotRequired[list[ClaimFacts] | None]  # None: none were given; older results have no such member
    reliance: NotRequired[list[RelianceFacts] | None]
    changes: Comparison | None  # since the quarters before; None: none was given
    problems: list[ProblemFacts]
    redaction: NotRequired[RedactionFacts]  # of a redacted result
