"""The closed sets of words that every room shares: verdicts, link states, links in chain order; kinds of facts."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

# What became of an attempted capture. Only "captured" can prove an absence.
CaptureStatus = Literal[
    "captured",
    "presence_only",
    "not_found",
    "refused",
    "empty",
    "unreadable",
    "invalid",
    "out_of_period",
    "misplaced",
    "altered",
    "lost",
    "added",
]
# How the place and the time of a capture are known.
PlaceSource = Literal["record", "content", "path", "siblings", "scope", ""]
TimeSource = Literal["record", "option"]
# Whether the files are as they were when the bundle was sealed.
Seal = Literal["verified", "broken", "absent"]
# Where the list of accounts comes from, and what is known of one of them.
PopulationSource = Literal["scope", "organization", "bundle"]
Coverage = Literal["covered", "covered_by_org_trail", "missing", "out_of_scope"]
# Why something is asked of the client: a link is unknown without it, it is needed behind such a link, it costs little
# and says more, it closes an open point; a question that no command answers.
Purpose = Literal["missing", "following", "optional", "open_point", "question"]
# Who maps a control to a requirement, and whether it counts.
Provenance = Literal["published", "inferred"]
Strength = Literal["primary", "supporting"]
# Whether a waiver is in force on the day of which a result speaks; undated: nothing shows which day that is.
WaiverStatus = Literal["active", "expired", "not_yet_granted", "undated"]
# What became of a conclusion of an earlier workbook.
ReviewStatus = Literal["carried", "evidence_changed", "conflicting", "unplaced"]
# What a client's scanner says, and how that stands to the finding.
ClaimWord = Literal["PASS", "FAIL", "UNDECIDED"]
Outcome = Literal[
    "agree",
    "overstates",
    "understates",
    "undecided",
    "silent",
    "muted",
    "superseded",
    "inconclusive",
    "not-audited",
]
# On which side of a filter its example lies: an event that it misses, one that it counts beyond; none.
WitnessKind = Literal["missed", "added", ""]


class Verdict(StrEnum):
    """PASS, FAIL or INCONCLUSIVE; NOT_ASSESSED only for a requirement without a counted control."""

    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_ASSESSED = "NOT_ASSESSED"


# Those of a control in an account.
Decided = Literal[Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE]
# The same as results hold them: what JSON says is text.
DecidedWord = Literal["PASS", "FAIL", "INCONCLUSIVE"]
VerdictWord = DecidedWord | Literal["NOT_ASSESSED"]
DECIDED_WORDS: dict[Decided, DecidedWord] = {
    Verdict.PASS: "PASS",
    Verdict.FAIL: "FAIL",
    Verdict.INCONCLUSIVE: "INCONCLUSIVE",
}
StateWord = Literal["ok", "broken", "unknown"]
AttributeWord = StateWord | Literal["n/a"]  # of an attribute A to G; n/a: nothing was to be judged
LinkWord = Literal["trail", "log_group", "metric_filter", "metric", "alarm", "topic", "subscription"]
RelationWord = Literal["equal", "broader", "narrower", "overlapping", "disjoint", "undecidable", "unparsable"]


class State(StrEnum):
    """State of one link of a chain. *unknown* means that the captures do not show it."""

    OK = "ok"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Link(StrEnum):
    """The seven links, declared in chain order."""

    TRAIL = "trail"
    LOG_GROUP = "log_group"
    METRIC_FILTER = "metric_filter"
    METRIC = "metric"
    ALARM = "alarm"
    TOPIC = "topic"
    SUBSCRIPTION = "subscription"


LINKS: tuple[Link, ...] = tuple(Link)


class Relation(StrEnum):
    """Relation of the found pattern to the required one; *broader* counts more events."""

    EQUAL = "equal"
    BROADER = "broader"
    NARROWER = "narrower"
    OVERLAPPING = "overlapping"
    DISJOINT = "disjoint"
    UNDECIDABLE = "undecidable"
    UNPARSABLE = "unparsable"


def worst(verdicts: list[Verdict]) -> Verdict:
    """FAIL if any fails, else INCONCLUSIVE if any is, else PASS; NOT_ASSESSED for none."""
    for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_ASSESSED
