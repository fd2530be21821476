"""The page's own words for codes of the result; those it shares with the workbook stand in ``workpaper``."""

from __future__ import annotations

from datetime import UTC, datetime

from auditor.verdict import Provenance, Relation

STATE_WORDS: dict[str, str] = {"ok": "holds", "broken": "broken", "unknown": "unknown", "n/a": "not reached"}
RELATION_WORDS: dict[str, str] = {
    Relation.EQUAL: "Both patterns match the same events.",
    Relation.BROADER: "The found pattern counts every required event, and others beyond them.",
    Relation.NARROWER: "The found pattern counts only some of the required events.",
    Relation.OVERLAPPING: "The found pattern misses some of the required events and counts others instead.",
    Relation.DISJOINT: "The found pattern counts none of the required events.",
    Relation.UNDECIDABLE: "How the events that both patterns match stand to each other was not decided.",
    Relation.UNPARSABLE: "The found pattern is not a valid filter pattern.",
}
PROVENANCE_WORDS: dict[Provenance, str] = {
    "published": "published mapping",
    "inferred": "inferred mapping, not the publisher’s",
}


def utc(moment: str | None) -> str:
    """An ISO 8601 time as ``2026-09-30 22:30:00 UTC``; what is no time with a zone stays as it is.

    >>> utc("2026-10-01T00:30:00+02:00")
    '2026-09-30 22:30:00 UTC'
    """
    if not moment:
        return "unknown"
    try:
        parsed = datetime.fromisoformat(moment)
        if parsed.tzinfo is None:
            return moment
        return parsed.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError):  # in UTC it may lie before the year 1 or past 9999
        return moment


def code_words(code: str) -> str:
    """A reason code as words: ``subscription-pending`` → ``subscription pending``."""
    return code.replace("-", " ").replace("_", " ")


def short_name(name: str) -> str:
    """The telling end of an ARN (``alarm:ssm-actions``, ``trail/main``); other names as they are.

    >>> short_name("arn:aws:sns:eu-west-1:111122223333:alerts:0a1b")
    'alerts:0a1b'
    """
    parts = name.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return name
    end = parts[5].removesuffix(":*")
    for prefix in ("trail/", "log-group:", "alarm:"):
        end = end.removeprefix(prefix)
    return end
