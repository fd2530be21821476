"""The words of a verdict, shared by every room: verdicts, link states and the links in chain order."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """PASS, FAIL or INCONCLUSIVE; NOT_ASSESSED only for a requirement without a counted control."""

    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_ASSESSED = "NOT_ASSESSED"


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
